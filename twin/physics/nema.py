"""NEMA NU 4-2008 for a ring: sensitivity along the axis, scatter fraction, count rates with a mouse or rat phantom.

The phantom is a cylinder of polyethylene with a line source beside its axis. The scatter fraction comes as the standard
has it (lines aligned on the source, a band of 14 mm, what lies under its edges is scatter) and as the photons know it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, nearest
from twin.physics import detection, histories
from twin.physics.countrate import Rates, Response, passing_part, rates
from twin.physics.decay import positron_branching
from twin.physics.detection import Counts, Profile
from twin.physics.histories import Progress, Whole
from twin.physics.intrinsic import Background, background
from twin.physics.materials import material
from twin.physics.prompts import prompt_singles
from twin.physics.ring import Ring
from twin.physics.scene import Body, Emitter
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
_BIN_M, _BINS = 0.5e-3, 160
#: The standard's band, half of it; beyond the phantom's edge lines do not count.
_BAND_M, _MARGIN_M = 7e-3, 8e-3
_STEPS = 41


@dataclass(frozen=True)
class Phantom:
    """A scatter phantom."""

    name: str
    radius_m: float
    length_m: float
    line_at_m: float
    line_m: float
    body: Body

    @property
    def line(self) -> Emitter:
        """The line source."""
        return Emitter("cylinder", (0.0, 0.0, self.line_m / 2.0), (self.line_at_m, 0.0, 0.0))


@dataclass(frozen=True)
class Seen:
    """Of a phantom with its line source: the response, and what it was made of (see `Report`).

    `lines` are trues and scattered by distance from the source's line.
    """

    response: Response
    counts: Counts
    lines: Array
    background: Background
    prompt_singles: float


@dataclass(frozen=True)
class Report:
    """What the standard asks for.

    Attributes
    ----------
    at_m, per_crystal, per_block : array
        Absolute sensitivity along the axis, in air.
    scatter_fraction : float
        By the standard's band, working value.
    scatter_fraction_true : float
        Coincidences with a scattered photon, over all.
    counts : Counts
        Per annihilation in the line source.
    background : Background
        Of the crystals themselves.
    prompt_singles : float
        Prompt gammas in the window, per decay.
    rates : Rates
    """

    phantom: Phantom
    nuclide: str
    at_m: Array
    per_crystal: Array
    per_block: Array
    scatter_fraction: float
    scatter_fraction_true: float
    counts: Counts
    background: Background
    prompt_singles: float
    rates: Rates


def phantom(numbers: Numbers, name: str) -> Phantom:
    """The ``mouse`` or the ``rat`` phantom."""
    known = numbers.subjects("phantoms", "diameter")
    if name not in known:
        near = nearest(name, known)
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"phantom {name!r} is none of {', '.join(known)}{hint}")
    key = f"phantoms.{name}"
    radius_m, length_m = numbers.value(f"{key}.diameter") / 2.0, numbers.value(f"{key}.length")
    body = Body("cylinder", (radius_m, radius_m, length_m / 2.0), material(numbers, numbers.text(f"{key}.material")))
    return Phantom(
        name, radius_m, length_m, numbers.value(f"{key}.line_radius"), numbers.value(f"{key}.line_length"), body
    )


def report(
    ring: Ring,
    numbers: Numbers,
    name: str = "mouse",
    nuclide: str = "F-18",
    precision: float = 0.01,
    highest_bq: float = 500e6,
    progress: Progress | None = None,
) -> Report:
    """Play the standard's measurements on a ring; `precision` is that of the coincidences with the phantom."""
    one = phantom(numbers, name)
    at_m, profile = along_the_axis(ring, precision, progress)
    seen = response(ring, numbers, one, nuclide, precision, progress)
    which = detection.working(ring)
    activities = np.append(0.0, np.geomspace(highest_bq / 1e3, highest_bq, 121))
    return Report(
        phantom=one,
        nuclide=nuclide,
        at_m=at_m,
        per_crystal=profile[:, 0],
        per_block=profile[:, 1],
        scatter_fraction=by_the_band(seen.lines),
        scatter_fraction_true=float(seen.counts.scattered[0, which] / seen.counts.prompts[0, which]),
        counts=seen.counts,
        background=seen.background,
        prompt_singles=seen.prompt_singles,
        rates=rates(seen.response, activities),
    )


def response(
    ring: Ring, numbers: Numbers, one: Phantom, nuclide: str, precision: float, progress: Progress | None = None
) -> Seen:
    """What a ring sees of the line source in its phantom."""
    counts, lines = scattering(ring, one, precision, progress)
    own = background(ring, numbers, one.radius_m + _MARGIN_M)
    prompts = prompt_singles(ring, numbers, nuclide, [one.body], [one.line])
    which = detection.working(ring)
    branching = positron_branching(numbers, nuclide)
    found = Response(
        trues=branching * float(counts.trues[0, which]),
        scattered=branching * float(counts.scattered[0, which]) * _inside(lines[1], counts.scattered[0, which]),
        singles=branching * float(counts.singles[0, which]) + prompts.singles[which],
        hits=branching * float(counts.any_one[0]) + prompts.hits,
        randoms_part=passing_part(one.radius_m + _MARGIN_M, ring.diameter_m / 2.0 + ring.depth_m / 2.0),
        blocks=ring.axial_blocks * ring.transaxial_blocks,
        coincidence_window_s=ring.coincidence_window_s,
        block_dead_time_s=ring.block_dead_time_s,
        background_singles_per_s=own.singles_per_s[which],
        background_hits_per_s=own.hits_per_s,
        background_coincidences_per_s=own.coincidences_per_s[which],
    )
    return Seen(found, counts, lines, own, prompts.singles[which])


def along_the_axis(ring: Ring, precision: float, progress: Progress | None = None) -> tuple[Array, Array]:
    """Places along the axis, and the absolute sensitivity there per crystal and per block."""
    half_m = ring.length_m / 2.0
    at_m = np.linspace(-half_m, half_m, _STEPS)[1:-1]
    emitters = [Emitter(centre_m=(0.0, 0.0, float(z))) for z in at_m]
    work = detection.chunks(ring, [], emitters)
    played = histories.play(work, _whole_error(ring, len(emitters)), precision / 2.0, progress=progress)
    return at_m, detection.counts(played.tally, played.histories, len(emitters)).per_emitter().prompts


def scattering(ring: Ring, one: Phantom, precision: float, progress: Progress | None = None) -> tuple[Counts, Array]:
    """Counts of the line source in its phantom, and trues and scattered by distance from the source's line."""
    profile = Profile(
        source_m=np.array([one.line_at_m, 0.0]),
        mask_m=one.radius_m + _MARGIN_M,
        bin_m=_BIN_M,
        summed=detection.working(ring),
        counts=np.zeros((2, _BINS), np.int64),
    )
    work = detection.chunks(ring, [one.body], [one.line], singles=True, profile=profile)
    played = histories.play(work, _whole_error(ring, 1), precision, progress=progress)
    lines = played.tally[-2 * _BINS :].reshape(2, _BINS) / detection.PART / played.histories
    return detection.counts(played.tally, played.histories), lines


def by_the_band(lines: Array) -> float:
    """Scatter fraction of NU 4: under the band's edges and outside it all is scatter."""
    whole = lines.sum(axis=0)
    edge = round(_BAND_M / _BIN_M)
    under = 0.5 * (whole[edge - 1] + whole[edge]) * edge
    return float((under + whole[edge:].sum()) / whole.sum())


def _inside(scattered: Array, whole: float) -> float:
    """Part of the scattered coincidences whose line passes the phantom."""
    return float(scattered.sum() / whole) if whole > 0.0 else 0.0


def _whole_error(ring: Ring, emitters: int) -> Callable[[Whole, int], float]:
    """Relative error of the coincidences of all emitters together."""
    which = detection.working(ring)

    def error(tally: Whole, pairs: int) -> float:
        found = detection.counts(tally, pairs, emitters)
        value = float(found.prompts[:, which].sum())
        return math.sqrt(float((found.error[:, which] ** 2).sum())) / value if value > 0.0 else math.inf

    return error
