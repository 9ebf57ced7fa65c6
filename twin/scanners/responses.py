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

from twin.physics import detection, nema, pile_up, profiles, resolution
from twin.physics.countrate import Electronics, passing_part
from twin.physics.counts import BedResponse
from twin.physics.decay import nuclides, positron_branching
from twin.physics.histories import Progress
from twin.physics.intrinsic import background
from twin.physics.profiles import Profile
from twin.physics.prompts import prompt_singles
from twin.physics.ring import Ring
from twin.physics.transport import TRANSPORT_VERSION
from twin.scanners import beds
from twin.scanners.beds import Bed
from twin.sources import Numbers
from twin.sources.grids import GRIDS

#: Raised when the tables themselves say more or other things.
RESPONSE_VERSION = 3
PRECISION = 0.01
#: Body masses that a table has, as parts of the bed's own animal.
MASSES = (2.0 / 3.0, 1.0, 4.0 / 3.0)
#: Those that people use.
EMITTERS = (
    "C-11", "N-13", "O-15", "F-18", "Sc-44", "Mn-52", "Cu-64", "Ga-68", "Rb-82", "Y-86", "Zr-89", "I-124",
)  # fmt: skip
_MARGIN_M = 8e-3
_GRIDS = ("elements", "photon_cross_sections", "form_factors", "k_lines", "emissions")
#: What of a ring no photon's way depends on.
_ELECTRONIC = ("block_dead_time_s", "integration_time_s", "multiples")
_HEADS = ("phantoms.lutetium_176.", "phantoms.cover.", "imaging.pet.trigger", "imaging.pet.with_positron.")


def bed_of(numbers: Numbers, species: str, animals: int) -> str | None:
    """The bed of the table for so many animals of a species; None if there is none."""
    name = f"{species}_{animals}"
    return name if name in beds.names(numbers) else None


def digest(ring: Ring, on: Bed, numbers: Numbers) -> str:
    """32 hex digits for all that a table follows from: no photon's way depends on what electronics do with many."""
    known = {
        "versions": [TRANSPORT_VERSION, RESPONSE_VERSION],
        "ring": {**asdict(ring), **dict.fromkeys(_ELECTRONIC)},
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
    for table in ("phantoms", "imaging"):
        for name, row in numbers.tables[table].items():
            key = f"{table}.{name}"
            if key.startswith(_HEADS):
                yield key, numbers.overrides.get(key) or row


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
        electronics=pile_up.electronics(ring, numbers, np.zeros(1)),
        background_singles_per_s=own.singles_per_s[which],
        background_hits_per_s=own.hits_per_s,
        background_coincidences_per_s=own.coincidences_per_s[which],
        prompts=_prompts(ring, on, numbers, which),
        lines=() if resolution.is_monolithic(ring) else _rounded(resolution.line_spread(ring, off_axis_m)),
    )
    return tuple(_of_mass(common, ring, on, numbers, part, progress) for part in MASSES)


def _of_mass(
    common: BedResponse, ring: Ring, bed: Bed, numbers: Numbers, part: float, progress: Progress | None
) -> BedResponse:
    """With animals of so many times the middle mass."""
    on, which, cover = beds.with_animals(bed, part), detection.working(ring), nema.cover(ring, numbers)
    full, _ = beds.played(ring, [*cover, *on.bodies], on.emitters, PRECISION, progress)
    first = replace(on, places_m=on.places_m[:1])
    alone, _ = beds.played(ring, [*cover, *first.bodies], first.emitters, PRECISION, progress, singles=False)
    noticed = pile_up.hits_part(numbers, full.deposits) / float(full.any_one.mean())
    return replace(
        common,
        mass_kg=part * common.mass_kg,
        diameter_m=on.animal_m[0],
        length_m=on.animal_m[1],
        trues=_plain(full.trues[:, which]),
        scattered=_plain(full.scattered[:, which]),
        singles=_plain(full.singles[:, which]),
        hits=_plain(full.any_one * noticed),
        electronics=pile_up.electronics(ring, numbers, full.deposits),
        trues_alone=float(alone.trues[0, which]),
        scattered_alone=float(alone.scattered[0, which]),
        randoms_part=passing_part(on.animal_m[0] / 2.0 + _MARGIN_M, ring.diameter_m / 2.0 + ring.depth_m / 2.0),
    )


def _prompts(ring: Ring, on: Bed, numbers: Numbers, which: int) -> dict[str, tuple[float, float, float]]:
    """Of the nuclides that have prompt gammas; the places of a bed see the same within a few per cent."""
    bodies = [*nema.cover(ring, numbers), *on.bodies]
    found = {n: prompt_singles(ring, numbers, n, bodies, on.emitters) for n in emitters(numbers)}
    return {
        name: (one.singles[which], one.hits, one.with_positron[which]) for name, one in found.items() if one.hits > 0.0
    }


def _rounded(values: np.typing.NDArray[np.float64]) -> tuple[float, ...]:
    """Of counts of some ten thousand: no more digits than they have."""
    return tuple(round(float(value), 6) for value in values)


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
    """The table that `to_json` wrote; what an older one did not know yet is empty."""
    tuples = ("trues", "scattered", "singles", "hits", "lines")
    return tuple(
        BedResponse(
            **{
                **{name: value for name, value in one.items() if name != "fwhm_m"},
                **{name: tuple(one.get(name, ())) for name in tuples},
                "electronics": _electronics(one["electronics"]),
                "prompts": {name: tuple(parts) for name, parts in one["prompts"].items()},
                "blurs": _blurs(one),
            }
        )
        for one in data
    )


def _blurs(one: dict[str, Any]) -> dict[str, Profile | None]:
    """By nuclide; an older table knew but the width of a Gaussian."""
    bin_m, bins = resolution.BIN_M, resolution.BINS
    old = {
        name: fwhm_m and asdict(profiles.of(profiles.gaussian(fwhm_m, bin_m, bins), bin_m))
        for name, fwhm_m in one.get("fwhm_m", {}).items()
    }
    return {
        name: blur and Profile(blur["bin_m"], tuple(blur["parts"]))
        for name, blur in (old | one.get("blurs", {})).items()
    }


def with_electronics(table: tuple[BedResponse, ...], ring: Ring) -> tuple[BedResponse, ...]:
    """The table with the times of a ring, on which no photon's way depends."""

    def its(kept: Electronics) -> Electronics:
        dead_s, adding_s = ring.block_dead_time_s, ring.integration_s
        return replace(kept, block_dead_time_s=dead_s, integration_s=adding_s, multiples=ring.multiples)

    return tuple(replace(one, electronics=its(one.electronics)) for one in table)


def _electronics(data: dict[str, Any]) -> Electronics:
    return Electronics(**{**data, "clean": tuple(data["clean"]), "whole": tuple(data["whole"])})
