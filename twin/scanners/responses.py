"""Response tables: what a scanner sees of the animals on a bed, made once and then looked up.

A table has a scanner, a bed and some body masses. It is known by a digest of everything it follows from: measures,
materials, cross-sections, and the version of transport. So a table of other circumstances is never taken for it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from twin.physics import detection
from twin.physics.countrate import passing_part
from twin.physics.counts import BedResponse
from twin.physics.decay import nuclides, positron_branching
from twin.physics.histories import Progress
from twin.physics.intrinsic import background
from twin.physics.prompts import prompt_singles
from twin.physics.ring import Ring
from twin.physics.transport import TRANSPORT_VERSION
from twin.scanners import beds
from twin.scanners.beds import Bed
from twin.sources import Numbers
from twin.sources.grids import GRIDS

#: Raised when the tables themselves say more or other things.
RESPONSE_VERSION = 1
PRECISION = 0.01
#: Body masses that a table has, as parts of the bed's own animal.
MASSES = (2.0 / 3.0, 1.0, 4.0 / 3.0)
#: Those that people use.
EMITTERS = (
    "C-11", "N-13", "O-15", "F-18", "Sc-44", "Mn-52", "Cu-64", "Ga-68", "Rb-82", "Y-86", "Zr-89", "I-124",
)  # fmt: skip
_MARGIN_M = 8e-3
_GRIDS = ("elements", "photon_cross_sections", "form_factors", "k_lines", "emissions")
_HEAD = "lutetium_176."


def bed_of(numbers: Numbers, species: str, animals: int) -> str | None:
    """The bed of the table for so many animals of a species; None if there is none."""
    name = f"{species}_{animals}"
    return name if name in beds.names(numbers) else None


def digest(ring: Ring, on: Bed, numbers: Numbers) -> str:
    """32 hex digits for all that a table follows from: no photon's way depends on how long blocks are blind."""
    known = {
        "versions": [TRANSPORT_VERSION, RESPONSE_VERSION],
        "ring": {**asdict(ring), "block_dead_time_s": None},
        "bed": asdict(on),
        "mass": beds.mass_kg(numbers, on.name),
        "masses": MASSES,
        "precision": PRECISION,
        "grids": _grids(),
        "rows": {k: (r.si if r.unit != "text" else r.text) for k, r in _rows(numbers)},
        "nuclides": {n: positron_branching(numbers, n) for n in emitters(numbers)},
    }
    return hashlib.blake2b(json.dumps(known, sort_keys=True).encode(), digest_size=16).hexdigest()


def _rows(numbers: Numbers) -> Iterable[tuple[str, Any]]:
    """The rows of tables that are used as a whole, with their overrides."""
    for name in numbers.tables["phantoms"]:
        if name.startswith(_HEAD):
            key = f"phantoms.{name}"
            yield key, numbers.overrides.get(key) or numbers.tables["phantoms"][name]


@cache
def _grids() -> str:
    """Digest of the tables of cross-sections and emissions."""
    found = hashlib.blake2b(digest_size=16)
    for name in _GRIDS:
        found.update(files("twin").joinpath(GRIDS[name][0]).read_bytes())
    return found.hexdigest()


def emitters(numbers: Numbers) -> tuple[str, ...]:
    """The positron emitters that a table knows."""
    return tuple(name for name in EMITTERS if name in nuclides(numbers))


def computed(ring: Ring, on: Bed, numbers: Numbers, progress: Progress | None = None) -> tuple[BedResponse, ...]:
    """A table, by following photons: one response for each body mass.

    Prompt gammas and the crystals' own counts are those beside an animal of the middle mass: both hardly depend on it.
    """
    which = detection.working(ring)
    mask_m = on.animal_m[0] / 2.0 + _MARGIN_M
    own = background(ring, numbers, mask_m)
    off_axis_m = math.hypot(*on.places_m[0])
    common = BedResponse(
        scanner=ring.name,
        bed=on.name,
        mass_kg=beds.mass_kg(numbers, on.name),
        diameter_m=on.animal_m[0],
        length_m=on.animal_m[1],
        off_axis_m=off_axis_m,
        trues=(),
        scattered=(),
        singles=(),
        hits=(),
        trues_alone=0.0,
        scattered_alone=0.0,
        randoms_part=passing_part(mask_m, ring.diameter_m / 2.0 + ring.depth_m / 2.0),
        blocks=ring.axial_blocks * ring.transaxial_blocks,
        coincidence_window_s=ring.coincidence_window_s,
        block_dead_time_s=ring.block_dead_time_s,
        background_singles_per_s=own.singles_per_s[which],
        background_hits_per_s=own.hits_per_s,
        background_coincidences_per_s=own.coincidences_per_s[which],
        prompts=_prompts(ring, on, numbers, which),
    )
    return tuple(_of_mass(common, ring, on, part, progress) for part in MASSES)


def _of_mass(common: BedResponse, ring: Ring, bed: Bed, part: float, progress: Progress | None) -> BedResponse:
    """With animals of so many times the middle mass."""
    on, which = beds.with_animals(bed, part), detection.working(ring)
    full, _ = beds.played(ring, on.bodies, on.emitters, PRECISION, progress)
    first = replace(on, places_m=on.places_m[:1])
    alone, _ = beds.played(ring, first.bodies, first.emitters, PRECISION, progress, singles=False)
    return replace(
        common,
        mass_kg=part * common.mass_kg,
        diameter_m=on.animal_m[0],
        length_m=on.animal_m[1],
        trues=_plain(full.trues[:, which]),
        scattered=_plain(full.scattered[:, which]),
        singles=_plain(full.singles[:, which]),
        hits=_plain(full.any_one),
        trues_alone=float(alone.trues[0, which]),
        scattered_alone=float(alone.scattered[0, which]),
        randoms_part=passing_part(on.animal_m[0] / 2.0 + _MARGIN_M, ring.diameter_m / 2.0 + ring.depth_m / 2.0),
    )


def _prompts(ring: Ring, on: Bed, numbers: Numbers, which: int) -> dict[str, tuple[float, float]]:
    """Of the nuclides that have prompt gammas; the places of a bed see the same within a few per cent."""
    found = {n: prompt_singles(ring, numbers, n, on.bodies, on.emitters) for n in emitters(numbers)}
    return {name: (one.singles[which], one.hits) for name, one in found.items() if one.hits > 0.0}


def _plain(values: np.typing.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def at_mass(table: tuple[BedResponse, ...], mass_kg: float) -> BedResponse:
    """The response at a body mass: between two of the table by its logarithm; beyond its ends the end."""
    nodes = [one.mass_kg for one in table]
    if mass_kg <= nodes[0] or len(table) == 1:
        return table[0]
    if mass_kg >= nodes[-1]:
        return table[-1]
    n = next(i for i in range(len(nodes) - 1) if mass_kg <= nodes[i + 1])
    part = math.log(mass_kg / nodes[n]) / math.log(nodes[n + 1] / nodes[n])
    low, high = table[n], table[n + 1]
    return replace(low, **{name: _between(getattr(low, name), getattr(high, name), part) for name in _MIXED})


#: What changes with the body mass.
_MIXED = (
    "mass_kg", "diameter_m", "length_m", "trues", "scattered", "singles", "hits", "trues_alone", "scattered_alone",
    "randoms_part",
)  # fmt: skip


def _between(low: Any, high: Any, part: float) -> Any:
    if isinstance(low, tuple):
        return tuple(_between(one, other, part) for one, other in zip(low, high, strict=True))
    return low + (high - low) * part


def to_json(table: tuple[BedResponse, ...]) -> list[dict[str, Any]]:
    """A table as plain data."""
    return [asdict(one) for one in table]


def from_json(data: list[dict[str, Any]]) -> tuple[BedResponse, ...]:
    """The table that `to_json` wrote."""
    tuples = ("trues", "scattered", "singles", "hits")
    return tuple(
        BedResponse(
            **{
                **one,
                **{name: tuple(one[name]) for name in tuples},
                "prompts": {name: (pair[0], pair[1]) for name, pair in one["prompts"].items()},
            }
        )
        for one in data
    )
