"""What a PET ring sees of annihilations: coincidences and singles, predicted from its geometry alone.

How a block sums the energy of its crystals is not published for any scanner. So every prediction is a bracket: summed
per crystal (the lower edge for most windows) and per block (the upper one), and one of the two is declared as the
working value: the ring's ``energy_sum``.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.physics import detection_kernels, histories, ring_kernels, scene, transport_kernels
from twin.physics import ring as rings
from twin.physics.histories import Progress, Whole
from twin.physics.ring import Ring
from twin.physics.scene import Body, Emitter, Triple

Array: TypeAlias = NDArray[np.float64]
PART, COLUMNS = detection_kernels.PART, detection_kernels.COLUMNS
#: Full width at half maximum of a Gaussian, in its standard deviations.
_FWHM = 2.0 * math.sqrt(2.0 * math.log(2.0))
_HIGHEST_KEV = 4096


class Hits(NamedTuple):
    """Room for what a kernel is just doing, one for each call.

    Attributes
    ----------
    waiting : array
        Photons that wait; its first number counts them.
    place, layer, at_m, energy_kev : array
        Block and crystal, layer, place and energy of each interaction in the ring.
    sum : array
        Parts in the window, by channel.
    single, where_m : array
        Of the two photons of a pair: parts in the window (per crystal, per block, any at all), place.
    """

    waiting: Array
    place: Whole
    layer: Whole
    at_m: Array
    energy_kev: Array
    sum: Array
    single: Array
    where_m: Array

    @classmethod
    def empty(cls) -> Hits:
        """Room for one call."""
        most = ring_kernels.MOST_HITS
        places, layers = np.zeros((most, 2), np.int64), np.zeros(most, np.int64)
        alone = np.zeros((1 + transport_kernels.WAITING, 7)), places, layers, np.zeros((most, 3)), np.zeros(most)
        return cls(*alone, np.zeros(most), np.zeros((2, 3)), np.zeros((2, 2)))


class Profile(NamedTuple):
    """Coincidences by the distance of their line from the line through a source (NEMA NU 4), trues and scattered apart.

    Attributes
    ----------
    source_m : array
        Where the source crosses the plane across the axis.
    mask_m : float
        Lines further from the axis do not count.
    bin_m : float
    summed : int
        Energy summed per crystal (0) or per block (1).
    counts : array (2, bins)
    """

    source_m: Array
    mask_m: float
    bin_m: float
    summed: int
    counts: Whole

    @classmethod
    def none(cls) -> Profile:
        """No profile is wanted."""
        return cls(np.zeros(2), 0.0, 1.0, 0, np.zeros((2, 0), np.int64))

    def empty(self) -> Profile:
        """The same with nothing counted yet."""
        return self._replace(counts=np.zeros_like(self.counts))


@dataclass(frozen=True)
class Counts:
    """Parts of the annihilations of each emitter; each array's last axis: summed per crystal, per block.

    Attributes
    ----------
    pairs : int
        Annihilations that were played, of all emitters.
    trues, scattered : array (emitters, 2)
        Coincidences of which no photon, or one or both, was scattered on the way out of the bodies. Per annihilation of
        all emitters.
    error : array (emitters, 2)
        Standard error of trues and scattered together.
    singles : array (emitters, 2)
        Photons inside the window.
    any_one, any_both : array (emitters,)
        Photons that leave any energy in the ring, and pairs of such.
    deposits : array (1024,)
        What blocks get, by whole keV: of all emitters together.
    """

    pairs: int
    trues: Array
    scattered: Array
    error: Array
    singles: Array
    any_one: Array
    any_both: Array
    deposits: Array

    @property
    def prompts(self) -> Array:
        """Trues and scattered."""
        return self.trues + self.scattered

    def per_emitter(self) -> Counts:
        """Each emitter's counts per annihilation of its own; the emitters weigh the same."""
        names, number = ("trues", "scattered", "error", "singles", "any_one", "any_both"), len(self.trues)
        return replace(self, **{name: number * getattr(self, name) for name in names})


@dataclass(frozen=True)
class Sensitivity:
    """Absolute sensitivity: detected coincidences, as a part of the annihilation pairs.

    Attributes
    ----------
    working : float
        The one of the two that the ring's ``energy_sum`` declares.
    relative_error : float
        Standard error of the working value over it.
    seconds : float
        Process time.
    """

    per_crystal: float
    per_block: float
    working: float
    relative_error: float
    pairs: int
    seconds: float


def acceptance(ring: Ring, window_kev: tuple[float, float] | None = None) -> Array:
    """Probability that an energy is measured in the window, by layer and whole keV."""
    low, high = window_kev or ring.energy_window_kev
    energy = np.arange(_HIGHEST_KEV + 1, dtype=np.float64)
    return np.array([inside(energy, low, high, layer.energy_resolution) for layer in ring.layers])


def inside(energy_kev: Array, low_kev: float, high_kev: float | Array, resolution: float) -> Array:
    """Probability that an energy is measured between two; `resolution` is the full width at 511 keV over 511 keV."""
    sigma = np.maximum(resolution * 511.0 / _FWHM * np.sqrt(energy_kev / 511.0), 1e-9)
    return _normal((high_kev - energy_kev) / sigma) - _normal((low_kev - energy_kev) / sigma)


def _normal(x: Array) -> Array:
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def chunks(
    ring: Ring,
    bodies: Sequence[Body],
    emitters: Sequence[Emitter],
    *,
    window_kev: tuple[float, float] | None = None,
    singles: bool = False,
    profile: Profile | None = None,
    coherent: bool = True,
    fluorescence: bool = True,
    seed: int = 0,
) -> histories.Work:
    """What tallies a chunk of annihilations; without `singles` those of lost pairs are left out, which is quicker.

    The tally is flat: a row of `detection_kernels.COLUMNS` for each emitter, the profile, what blocks get.
    """
    _check(ring, bodies, emitters)
    tables, placed = scene.prepared(bodies or _nothing(ring), coherent, fluorescence)
    ring_tables, blocks = rings.prepared(ring, coherent, fluorescence)
    accepting, sources = acceptance(ring, window_kev), scene.emitting(emitters)
    luck = histories.address("transport/pairs", seed)
    profile = profile or Profile.none()

    def work(first: int, count: int) -> Whole:
        tally, deposits, own = *empty_tallies(len(emitters)), profile.empty()
        detection_kernels.pairs_chunk(
            tables, placed, ring_tables, blocks, accepting, sources, singles, luck, first, count, np.zeros(7),
            Hits.empty(), own, tally, deposits,
        )  # fmt: skip
        return np.concatenate([tally.ravel(), own.counts.ravel(), deposits])

    return work


def photon_chunks(
    ring: Ring,
    bodies: Sequence[Body],
    emitters: Sequence[Emitter],
    energies_kev: Array,
    weights: Array,
    seed: int = 0,
) -> histories.Work:
    """What tallies a chunk of single photons of several energies, such as prompt gammas."""
    _check(ring, bodies, emitters)
    tables, placed = scene.prepared(bodies or _nothing(ring))
    ring_tables, blocks = rings.prepared(ring)
    accepting, sources = acceptance(ring), scene.emitting(emitters)
    summed = np.append(0.0, np.cumsum(weights) / np.sum(weights))
    luck = histories.address("transport/photons", seed)

    def work(first: int, count: int) -> Whole:
        tally, deposits = empty_tallies(len(emitters))
        detection_kernels.photons_chunk(
            tables, placed, ring_tables, blocks, accepting, sources, energies_kev, summed, luck, first, count,
            np.zeros(7), Hits.empty(), tally, deposits,
        )  # fmt: skip
        return np.concatenate([tally.ravel(), deposits])

    return work


def empty_tallies(emitters: int) -> tuple[Whole, Whole]:
    """Room for the counts of each emitter, and for what blocks get."""
    k = detection_kernels
    return np.zeros((emitters, k.COLUMNS), dtype=np.int64), np.zeros(k.DEPOSITS, dtype=np.int64)


def counts(flat: Whole, pairs: int, emitters: int = 1) -> Counts:
    """Parts of the annihilations, from the sums."""
    k = detection_kernels
    tally = flat[: emitters * k.COLUMNS].reshape(emitters, k.COLUMNS)
    in_parts = tally / PART / pairs
    prompts = in_parts[:, k.TRUES : k.TRUES + 2] + in_parts[:, k.SCATTERED : k.SCATTERED + 2]
    squares = (
        in_parts[:, k.TRUES_SQUARED : k.TRUES_SQUARED + 2] + in_parts[:, k.SCATTERED_SQUARED : k.SCATTERED_SQUARED + 2]
    )
    return Counts(
        pairs=pairs,
        trues=in_parts[:, k.TRUES : k.TRUES + 2],
        scattered=in_parts[:, k.SCATTERED : k.SCATTERED + 2],
        error=np.sqrt(np.maximum(squares - prompts**2, 0.0) / pairs),
        singles=in_parts[:, k.SINGLES : k.SINGLES + 2],
        any_one=tally[:, k.ANY_ONE] / pairs,
        any_both=tally[:, k.ANY_BOTH] / pairs,
        deposits=flat[-k.DEPOSITS :] / pairs,
    )


def sensitivity(
    ring: Ring,
    at_m: Triple = (0.0, 0.0, 0.0),
    precision: float = 0.005,
    *,
    window_kev: tuple[float, float] | None = None,
    most: int = histories.MOST,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Absolute sensitivity for a point source without attenuation; `precision` is that of the working value."""
    work = chunks(ring, [], [Emitter(centre_m=at_m)], window_kev=window_kev, seed=seed)
    which = working(ring)

    def relative_error(tally: Whole, pairs: int) -> float:
        found = counts(tally, pairs)
        value = float(found.prompts[0, which])
        return float(found.error[0, which]) / value if value > 0.0 else math.inf

    work(0, 1)  # compiles, which is no time of transport
    began = time.process_time()
    played = histories.play(work, relative_error, precision, most=most, threads=threads, progress=progress)
    per_crystal, per_block = counts(played.tally, played.histories).prompts[0]
    return Sensitivity(
        per_crystal=float(per_crystal),
        per_block=float(per_block),
        working=float((per_crystal, per_block)[which]),
        relative_error=played.relative_error,
        pairs=played.histories,
        seconds=time.process_time() - began,
    )


def working(ring: Ring) -> int:
    """Which of (per crystal, per block) is the working value."""
    return 1 if ring.energy_sum == "block" else 0


def _nothing(ring: Ring) -> list[Body]:
    """Air would take 0.1 %; a scene without bodies has one that nobody meets."""
    far_m = 1e3 * (ring.diameter_m + ring.length_m)
    return [Body("box", (1e-3, 1e-3, 1e-3), ring.layers[0].material, (far_m, far_m, far_m))]


def _check(ring: Ring, bodies: Sequence[Body], emitters: Sequence[Emitter]) -> None:
    """Everything is in the bore."""
    problems = [f"{key} {value!r}: {why}" for key, value, why in ring.mistakes()]
    if problems:
        raise DataError(f"scanner {ring.name!r}: " + "; ".join(problems))
    things: list[Body | Emitter] = [*bodies, *emitters]
    for thing in things:
        reach = math.hypot(abs(thing.centre_m[0]) + thing.half_m[0], abs(thing.centre_m[1]) + thing.half_m[1])
        if thing.shape != "box":
            reach = math.hypot(thing.centre_m[0], thing.centre_m[1]) + max(thing.half_m[:2])
        if reach >= ring.diameter_m / 2.0:
            raise DataError(
                f"scanner {ring.name!r}: something reaches {reach * 1e3:.4g} mm from the axis; "
                f"the bore ends at {ring.diameter_m / 2 * 1e3:.4g} mm"
            )
