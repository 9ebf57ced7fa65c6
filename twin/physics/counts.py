r"""Counts of one scan of several animals on a bed: trues, scattered, randoms, noise-equivalent counts of each.

What a ring sees of each place is a table (`BedResponse`), made once by following photons; here it meets the activities
of the moment. All animals blind the blocks for each other and make randoms with each other; of the randoms an animal
gets those whose line passes it. The rates change by decay during the scan and are integrated by Gauss's rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.physics.countrate import Electronics, accompanied, necr_per_s
from twin.physics.kinetics import exponentials
from twin.physics.profiles import Profile

Array: TypeAlias = NDArray[np.float64]
#: A scan time is searched for to this.
_CLOSE_S = 0.5
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


@dataclass(frozen=True, slots=True)
class BedResponse:
    """What a ring sees of the animals on a bed, per annihilation in each; working values.

    Attributes
    ----------
    mass_kg, diameter_m, length_m : float
        Of each animal.
    off_axis_m : float
        Of each place.
    trues, scattered, singles, hits : tuple of float
        Of each place, with animals in all of them.
    trues_alone, scattered_alone : float
        Of one animal in the first place, the others empty.
    randoms_part : float
        Part of the accidental coincidences whose line passes one animal.
    electronics : Electronics
    prompts : mapping of nuclide to (float, float, float)
        Prompt gammas: in the window and what blocks take notice of, per decay; in the window with a positron, for each.
    lines : tuple of float
        By how far lines miss a place of the bed (`twin.physics.resolution.line_spread`); none of monoliths.
    blurs : mapping of nuclide to Profile or None
        Blur at the places; None where it is not known. No part of a kept table.
    """

    scanner: str
    bed: str
    mass_kg: float
    diameter_m: float
    length_m: float
    off_axis_m: float
    trues: tuple[float, ...]
    scattered: tuple[float, ...]
    singles: tuple[float, ...]
    hits: tuple[float, ...]
    trues_alone: float
    scattered_alone: float
    randoms_part: float
    electronics: Electronics
    background_singles_per_s: float
    background_hits_per_s: float
    background_coincidences_per_s: float
    prompts: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    blurs: Mapping[str, Profile | None] = field(default_factory=dict)
    lines: tuple[float, ...] = ()

    def of(self, animals: int) -> tuple[Array, Array]:
        """Trues and scattered of the first so many places when only these are taken.

        Each neighbour attenuates by the same part: the full bed has all of them.
        """
        places = len(self.trues)
        part = (animals - 1) / (places - 1) if places > 1 else 0.0
        trues, scattered = np.array(self.trues[:animals]), np.array(self.scattered[:animals])
        return (
            self.trues_alone * (trues / self.trues_alone) ** part,
            self.scattered_alone * (scattered / self.scattered_alone) ** part,
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Of scans, by animal; `live` is the part of the time that blocks are awake, one for each scan."""

    trues: Array
    scattered: Array
    randoms: Array
    live: Array

    @property
    def nec(self) -> Array:
        """Noise-equivalent counts, randoms known without noise."""
        return necr_per_s(self.trues, self.scattered, self.randoms)


@dataclass(frozen=True, slots=True)
class Decaying:
    """What is in the animals: decay constant [1/s], positrons per decay, the nuclide's name for its prompt gammas."""

    decay_per_s: float
    branching: float
    nuclide: str = ""


@dataclass(frozen=True, slots=True)
class Voided:
    """What an animal that is awake has voided of its tracer: the area under a sum of exponentials, decay apart."""

    amplitudes: tuple[float, ...]
    rates_per_s: tuple[float, ...]

    def left(self, time_s: ArrayLike) -> Array:
        """Part of the tracer that is still in the body so long after the injection."""
        return 1.0 - exponentials(self.amplitudes, self.rates_per_s).integral(time_s)


def scanned(response: BedResponse, activity_bq: ArrayLike, duration_s: ArrayLike, what: Decaying) -> Counts:
    """Counts of scans.

    Parameters
    ----------
    activity_bq : array (..., animals)
        In each animal when the scan begins [Bq]; at most as many as the bed has places.
    duration_s : array (...)
    what : Decaying
    """
    activity, lasts_s = np.asarray(activity_bq, np.float64), np.asarray(duration_s, np.float64)[..., None]
    animals = activity.shape[-1]
    trues, scattered = response.of(animals)
    singles, hits = np.array(response.singles[:animals]), np.array(response.hits[:animals])
    more_singles, more_hits, escorts = response.prompts.get(what.nuclide, (0.0, 0.0, 0.0))
    stays, false = accompanied(trues + scattered, singles, escorts, response.electronics.multiples)
    trues, scattered = stays * trues, stays * scattered + response.randoms_part * false
    left = np.exp(-what.decay_per_s * 0.5 * lasts_s * (_NODES + 1.0))
    weights_s = 0.5 * lasts_s * _WEIGHTS
    all_hits = left * (activity @ (what.branching * hits + more_hits))[..., None] + response.background_hits_per_s
    clean, whole = response.electronics.measured(all_hits)
    from_animals = left * (activity @ (what.branching * singles + more_singles))[..., None]
    all_singles = whole * (from_animals + response.background_singles_per_s)
    unique = response.electronics.unique(all_singles)
    randoms = response.randoms_part * response.electronics.randoms_per_s(all_singles) * unique
    clean_s, whole_s = (np.sum(weights_s * left * part**2 * unique, axis=-1)[..., None] for part in (clean, whole))
    own = response.background_coincidences_per_s * np.sum(weights_s * whole**2 * unique, axis=-1)[..., None]
    pairs = activity * what.branching
    return Counts(
        trues=pairs * trues * clean_s,
        scattered=pairs * ((trues + scattered) * whole_s - trues * clean_s) + own,
        randoms=np.sum(weights_s * randoms, axis=-1)[..., None] * np.ones(animals),
        live=np.asarray(np.sum(_WEIGHTS * response.electronics.awake(all_hits), axis=-1) / 2.0),
    )


def time_to_s(response: BedResponse, activity_bq: ArrayLike, wanted: float, longest_s: float, what: Decaying) -> float:
    """Scan time after which every animal has its noise-equivalent counts; `longest_s` if that is not enough."""

    def poorest(duration_s: float) -> float:
        return float(scanned(response, activity_bq, duration_s, what).nec.min())

    low_s, high_s = 0.0, longest_s
    if poorest(longest_s) <= wanted:
        return longest_s
    while high_s - low_s > _CLOSE_S:
        middle_s = 0.5 * (low_s + high_s)
        low_s, high_s = (low_s, middle_s) if poorest(middle_s) >= wanted else (middle_s, high_s)
    return high_s


def target_cv(response: BedResponse, nec: ArrayLike, noise: float, size_m: float, contrast: float) -> Array:
    r"""Coefficient of variation that counting leaves in the concentration of a target, of its noise-equivalent counts.

    .. math:: CV = \frac{1.2}{c}\,n^{3/4}\Big/\sqrt{N d/L}, \qquad n = (D/d)^2

    An animal of diameter D and length L is cut into slices as thick as the target, d; n is how many targets a slice
    holds. A target that is c times as hot as the animal's mean has so much more of the counts (Budinger et al. 1978).
    """
    cells = max(1.0, (response.diameter_m / size_m) ** 2)
    events = np.asarray(nec, np.float64) * min(1.0, size_m / response.length_m)
    with np.errstate(divide="ignore"):
        return np.asarray(noise / contrast * cells**0.75 / np.sqrt(events))
