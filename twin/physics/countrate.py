r"""Counts against activity: dead time, randoms, noise-equivalent counts.

A block that has been hit is blind for its dead time :math:`\tau`, and each further hit prolongs that (paralysable):

.. math:: m = n\,e^{-n\tau}, \qquad m_{max} = 1 / (e\tau) \text{ at } n = 1/\tau

While it collects light, for the integration time :math:`\tau_i`, further hits add to the energy of the first. With a
mean of :math:`u = n\tau_i` of them, what stays in the window unharmed is :math:`e^{-n\tau}\sum_k c_k u^k e^{-u}/k!`;
the parts :math:`c_k` follow from the spectrum of what blocks get (`twin.physics.pile_up`).

Two blocks see accidental coincidences at the rate :math:`2\tau_c s_1 s_2`, with the half window :math:`\tau_c`. Here a
window is given as its full width :math:`W = 2\tau_c`, so :math:`R = W s_1 s_2`. Noise-equivalent counts:
Strother, Casey, Hoffman (1990), doi 10.1109/23.57195.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]


def paralysable(rate_per_s: ArrayLike, dead_time_s: float) -> Array:
    """Counted rate of a detector that each hit blinds anew [1/s]."""
    rate = np.asarray(rate_per_s, np.float64)
    return np.asarray(rate * np.exp(-rate * dead_time_s))


def non_paralysable(rate_per_s: ArrayLike, dead_time_s: float) -> Array:
    """Counted rate of a detector that only counted hits blind [1/s]."""
    rate = np.asarray(rate_per_s, np.float64)
    return np.asarray(rate / (1.0 + rate * dead_time_s))


def randoms_per_s(first_per_s: ArrayLike, second_per_s: ArrayLike, window_s: float) -> Array:
    """Accidental coincidences of two detectors; `window_s` is the full width, twice the half window."""
    return window_s * np.asarray(first_per_s, np.float64) * np.asarray(second_per_s, np.float64)


def necr_per_s(trues: Array, scattered: Array, randoms: Array, noise: float = 1.0) -> Array:
    """Noise-equivalent count rate; `noise` is 1 where the randoms are known without noise (NU 4), 2 where measured."""
    whole = trues + scattered + noise * randoms
    return np.asarray(np.where(whole > 0.0, trues**2 / np.where(whole > 0.0, whole, 1.0), 0.0))


@dataclass(frozen=True, slots=True)
class Electronics:
    """How a ring answers to many hits.

    Attributes
    ----------
    blocks : int
    coincidence_window_s : float
        Full width.
    block_dead_time_s, integration_s : float
        Each hit blinds its block for so long, and adds to an energy that the block is collecting for so long.
    multiples : str
        Of three photons in one window ``"reject"`` or ``"keep"`` the coincidences.
    clean, whole : tuple of float
        By the number of further hits (0, 1, ...): what was in the energy window and still is, and all that is in it
        then, relative to what is in it without.
    """

    blocks: int
    coincidence_window_s: float
    block_dead_time_s: float
    integration_s: float = 0.0
    multiples: str = "reject"
    clean: tuple[float, ...] = (1.0,)
    whole: tuple[float, ...] = (1.0,)

    def awake(self, hits_per_s: ArrayLike) -> Array:
        """Part of the time that blocks are awake, with so many hits in all of them together."""
        return np.exp(-np.asarray(hits_per_s, np.float64) / self.blocks * self.block_dead_time_s)

    def measured(self, hits_per_s: ArrayLike) -> tuple[Array, Array]:
        """Photons of the energy window that are measured unharmed, and all that are taken for such; parts."""
        further = np.asarray(hits_per_s, np.float64) / self.blocks * self.integration_s
        clean, whole, chance = np.zeros_like(further), np.zeros_like(further), np.exp(-further)
        for k, (stays, reaches) in enumerate(zip(self.clean, self.whole, strict=True)):
            clean, whole = clean + chance * stays, whole + chance * reaches
            chance = chance * further / (k + 1)
        awake = self.awake(hits_per_s)
        return awake * clean, awake * whole

    def unique(self, singles_per_s: ArrayLike) -> Array:
        """Part of the coincidences that no third photon spoils."""
        lost = np.asarray(singles_per_s, np.float64) * (self.multiples == "reject")
        return np.exp(-lost * self.coincidence_window_s)

    def randoms_per_s(self, singles_per_s: ArrayLike) -> Array:
        """Accidental coincidences of all pairs of blocks, of so many singles in all of them together."""
        pairs = 0.5 * (1.0 - 1.0 / self.blocks)
        return pairs * randoms_per_s(singles_per_s, singles_per_s, self.coincidence_window_s)


@dataclass(frozen=True)
class Response:
    """What a ring sees of one source, per decay.

    Attributes
    ----------
    trues, scattered : float
        Coincidences in the window.
    singles : float
        Photons in the window.
    hits : float
        What blocks take notice of; each blinds its block.
    randoms_part : float
        Part of the accidental coincidences whose line passes the object.
    electronics : Electronics
    background_singles_per_s, background_hits_per_s, background_coincidences_per_s : float
        Of the crystals themselves (176Lu).
    """

    trues: float
    scattered: float
    singles: float
    hits: float
    randoms_part: float
    electronics: Electronics
    background_singles_per_s: float = 0.0
    background_hits_per_s: float = 0.0
    background_coincidences_per_s: float = 0.0


@dataclass(frozen=True)
class Rates:
    """Counted rates by activity [1/s].

    `scattered` holds the crystals' own coincidences too, and those of photons that only reach the window with others.
    `live` is the part of the time that blocks are awake.
    """

    activity_bq: Array
    singles: Array
    trues: Array
    scattered: Array
    randoms: Array
    necr: Array
    live: Array

    @property
    def peak(self) -> tuple[float, float] | None:
        """Activity and noise-equivalent rate where that is highest; None: still rising at the last activity.

        Between the activities by a parabola of their logarithm.
        """
        at = int(np.argmax(self.necr))
        if at == self.necr.size - 1:
            return None
        if at == 0 or self.activity_bq[at - 1] <= 0.0:
            return float(self.activity_bq[at]), float(self.necr[at])
        x, near = np.log(self.activity_bq[at - 1 : at + 2]), self.necr[at - 1 : at + 2]
        curved, rising, level = np.polyfit(x - x[1], near, 2)
        top = -0.5 * rising / curved
        return math.exp(x[1] + top), float(level + top * (rising + top * curved))


def rates(response: Response, activity_bq: Array, noise: float = 1.0) -> Rates:
    """Rates of a source against its activity.

    Both photons of a coincidence must be measured: the part of those that are counts twice.
    """
    electronics = response.electronics
    hits = activity_bq * response.hits + response.background_hits_per_s
    clean, whole = electronics.measured(hits)
    singles = (activity_bq * response.singles + response.background_singles_per_s) * whole
    unique = electronics.unique(singles)
    randoms = response.randoms_part * electronics.randoms_per_s(singles) * unique
    trues = activity_bq * response.trues * clean**2 * unique
    prompts = activity_bq * (response.trues + response.scattered) * whole**2 * unique
    scattered = prompts - trues + response.background_coincidences_per_s * whole**2 * unique
    necr = necr_per_s(trues, scattered, randoms, noise)
    return Rates(activity_bq, singles, trues, scattered, randoms, necr, electronics.awake(hits))


def passing_part(radius_m: float, ring_radius_m: float) -> float:
    """Part of the lines between two even points of a circle that pass its centre within a radius."""
    return 2.0 / math.pi * math.asin(min(1.0, radius_m / ring_radius_m))


def accompanied(pairs: ArrayLike, singles: ArrayLike, gammas: float, multiples: str) -> tuple[float, Array]:
    """Part of the pairs that no gamma spoils, and coincidences of a gamma with one photon, for each annihilation.

    Parameters
    ----------
    pairs, singles : array
        In the window for each annihilation; singles are of both photons.
    gammas : float
        In the window for each positron.
    multiples : str
        Of three photons ``"reject"`` or ``"keep"`` the coincidences.
    """
    alone = np.asarray(singles, np.float64)
    if multiples == "keep":
        return 1.0, gammas * alone
    return 1.0 - gammas, gammas * (alone - 2.0 * np.asarray(pairs, np.float64))
