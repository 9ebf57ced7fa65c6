"""NEMA NU 4-2008 for a ring: sensitivity along the axis, scatter fraction, count rates with a mouse or rat phantom.

The phantom is a cylinder of polyethylene with a line source beside its axis, on a bed, within the cover of the bore.
The scatter fraction comes as the standard has it (lines aligned on the source, a band of 14 mm, what lies under its
edges is scatter) and as the photons know it; trues and scattered of the rates are those of the standard. Its point
source lies in a cube of acrylic, which keeps some photons back: sensitivity is told in air, and as it is measured.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, nearest
from twin.physics import detection, histories, pile_up, positrons
from twin.physics.countrate import Rates, Response, accompanied, passing_part, rates
from twin.physics.decay import positron_branching
from twin.physics.detection import Counts, Profile, Sensitivity
from twin.physics.histories import Progress, Whole
from twin.physics.intrinsic import Background, background
from twin.physics.materials import material
from twin.physics.prompts import prompt_singles
from twin.physics.ring import Ring
from twin.physics.scene import Body, Emitter
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
_BIN_M, _BINS = 0.5e-3, 160
#: The standard's band, half of it; so far beyond the phantom's edge, and from the point source, no line counts.
_BAND_M, _MARGIN_M, _POINT_M = 7e-3, 8e-3, 10e-3
_STEPS = 41
#: Bins on either side that tell what is at the edge of the band.
_BESIDE = 3


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

    `lines` are trues and scattered by distance from the source's line, `scatter_fraction` is by the band.
    """

    response: Response
    counts: Counts
    lines: Array
    scatter_fraction: float
    background: Background
    prompt_singles: float
    prompt_fraction: float


@dataclass(frozen=True)
class Report:
    """What the standard asks for.

    Attributes
    ----------
    at_m, per_crystal, per_block : array
        Absolute sensitivity along the axis, in air.
    centre : Sensitivity
        The same at the centre, where it peaks, to a precision of its own: the largest of many is too large.
    as_measured : float
        That of the centre with the standard's source in its cube, within the cover of the bore; working value.
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
    prompt_fraction : float
        Coincidences of a prompt gamma with an annihilation photon, over all that are no accident.
    rates : Rates
    """

    phantom: Phantom
    nuclide: str
    at_m: Array
    per_crystal: Array
    per_block: Array
    centre: Sensitivity
    as_measured: float
    scatter_fraction: float
    scatter_fraction_true: float
    counts: Counts
    background: Background
    prompt_singles: float
    prompt_fraction: float
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
    noise: float = 1.0,
    progress: Progress | None = None,
) -> Report:
    """Play the standard's measurements on a ring; `precision` is that of the coincidences with the phantom.

    `noise` is 1 where randoms are known without noise, 2 where they are measured by delayed coincidences.
    """
    positrons.require(numbers, nuclide)
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
        centre=detection.sensitivity(ring, precision=precision / 2.0, progress=progress),
        as_measured=as_measured(ring, numbers, precision, progress),
        scatter_fraction=seen.scatter_fraction,
        scatter_fraction_true=float(seen.counts.scattered[0, which] / seen.counts.prompts[0, which]),
        counts=seen.counts,
        background=seen.background,
        prompt_singles=seen.prompt_singles,
        prompt_fraction=seen.prompt_fraction,
        rates=rates(seen.response, activities, noise),
    )


def response(
    ring: Ring, numbers: Numbers, one: Phantom, nuclide: str, precision: float, progress: Progress | None = None
) -> Seen:
    """What a ring sees of the line source in its phantom."""
    counts, lines = scattering(ring, numbers, one, precision, progress)
    own = background(ring, numbers, one.radius_m + _MARGIN_M)
    gammas = prompt_singles(ring, numbers, nuclide, surroundings(ring, numbers, one), [one.line])
    which = detection.working(ring)
    branching = positron_branching(numbers, nuclide)
    passing = passing_part(one.radius_m + _MARGIN_M, ring.diameter_m / 2.0 + ring.depth_m / 2.0)
    pairs, singles = float(counts.prompts[0, which]), float(counts.singles[0, which])
    stays, false = accompanied(pairs, singles, gammas.with_positron[which], ring.multiples)
    fraction, prompt = by_the_band(lines), branching * float(lines.sum()) * stays
    with_gammas = branching * passing * float(false)
    found = Response(
        trues=(1.0 - fraction) * prompt,
        scattered=fraction * prompt + with_gammas,
        singles=branching * singles + gammas.singles[which],
        hits=branching * pile_up.hits_part(numbers, counts.deposits) + gammas.hits,
        randoms_part=passing,
        electronics=pile_up.electronics(ring, numbers, counts.deposits),
        background_singles_per_s=own.singles_per_s[which],
        background_hits_per_s=own.hits_per_s,
        background_coincidences_per_s=own.coincidences_per_s[which],
    )
    return Seen(found, counts, lines, fraction, own, gammas.singles[which], with_gammas / (prompt + with_gammas))


def cover(ring: Ring, numbers: Numbers) -> list[Body]:
    """The tube before the crystals; a later body of a scene takes its place."""
    outer_m = ring.diameter_m / 2.0 - numbers.value("phantoms.cover.gap")
    inner_m = outer_m - numbers.value("phantoms.cover.thickness")
    of = material(numbers, numbers.text("phantoms.cover.material")), material(numbers, "air")
    half_m = ring.length_m / 2.0
    return [
        Body("cylinder", (radius_m, radius_m, half_m), one)
        for radius_m, one in zip((outer_m, inner_m), of, strict=True)
    ]


def surroundings(ring: Ring, numbers: Numbers, one: Phantom) -> list[Body]:
    """The cover of the bore, a bed as wide as the phantom, and the phantom on it."""
    half_m = numbers.value("phantoms.bed.thickness") / 2.0
    bed = Body(
        "box",
        (one.radius_m, half_m, one.length_m / 2.0),
        material(numbers, numbers.text("phantoms.bed.material")),
        (0.0, -one.radius_m - half_m, 0.0),
    )
    return [*cover(ring, numbers), bed, one.body]


def as_measured(ring: Ring, numbers: Numbers, precision: float, progress: Progress | None = None) -> float:
    """Absolute sensitivity at the centre as the standard measures it: in a cube of acrylic, lines near the source."""
    half_m = numbers.value("phantoms.point.cube") / 2.0
    cube = Body("box", (half_m, half_m, half_m), material(numbers, numbers.text("phantoms.point.material")))
    profile = _profile(ring, 0.0, _POINT_M)
    work = detection.chunks(ring, [*cover(ring, numbers), cube], [Emitter()], profile=profile)
    played = histories.play(work, _whole_error(ring, 1), precision / 2.0, progress=progress)
    return float(_lines(played.tally, 1, played.histories).sum())


def along_the_axis(ring: Ring, precision: float, progress: Progress | None = None) -> tuple[Array, Array]:
    """Places along the axis, and the absolute sensitivity there per crystal and per block."""
    half_m = ring.length_m / 2.0
    at_m = np.linspace(-half_m, half_m, _STEPS)[1:-1]
    emitters = [Emitter(centre_m=(0.0, 0.0, float(z))) for z in at_m]
    work = detection.chunks(ring, [], emitters)
    played = histories.play(work, _whole_error(ring, len(emitters)), precision / 2.0, progress=progress)
    return at_m, detection.counts(played.tally, played.histories, len(emitters)).per_emitter().prompts


def scattering(
    ring: Ring, numbers: Numbers, one: Phantom, precision: float, progress: Progress | None = None
) -> tuple[Counts, Array]:
    """Counts of the line source in its phantom, and trues and scattered by distance from the source's line."""
    profile = _profile(ring, one.line_at_m, one.radius_m + _MARGIN_M)
    bodies = surroundings(ring, numbers, one)
    work = detection.chunks(ring, bodies, [one.line], singles=True, profile=profile)
    played = histories.play(work, _whole_error(ring, 1), precision, progress=progress)
    return detection.counts(played.tally, played.histories), _lines(played.tally, 1, played.histories)


def _profile(ring: Ring, source_m: float, mask_m: float) -> Profile:
    room = np.zeros((2, _BINS), np.int64)
    return Profile(np.array([source_m, 0.0]), mask_m, _BIN_M, detection.working(ring), room)


def _lines(tally: Whole, emitters: int, pairs: int) -> Array:
    """The profile of a flat tally, per annihilation."""
    first = emitters * detection.COLUMNS
    return np.asarray(tally[first : first + 2 * _BINS].reshape(2, _BINS) / detection.PART / pairs)


def by_the_band(lines: Array) -> float:
    """Scatter fraction of NU 4: under the band's edges and outside it all is scatter."""
    whole = lines.sum(axis=0)
    edge = round(_BAND_M / _BIN_M)
    under = whole[edge - _BESIDE : edge + _BESIDE].mean() * edge
    return float((under + whole[edge:].sum()) / whole.sum())


def _whole_error(ring: Ring, emitters: int) -> Callable[[Whole, int], float]:
    """Relative error of the coincidences of all emitters together."""
    which = detection.working(ring)

    def error(tally: Whole, pairs: int) -> float:
        found = detection.counts(tally, pairs, emitters)
        value = float(found.prompts[:, which].sum())
        return math.sqrt(float((found.error[:, which] ** 2).sum())) / value if value > 0.0 else math.inf

    return error
