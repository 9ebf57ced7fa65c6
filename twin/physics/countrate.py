r"""Counts against activity: dead time, randoms, noise-equivalent counts.

A block that has been hit is blind for its dead time :math:`\tau`, and each further hit prolongs that (paralysable):

.. math:: m = n\,e^{-n\tau}, \qquad m_{max} = 1 / (e\tau) \text{ at } n = 1/\tau

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
        Photons that leave any energy; each blinds its block.
    randoms_part : float
        Part of the accidental coincidences whose line passes the object.
    blocks : int
    coincidence_window_s, block_dead_time_s : float
        The window's full width.
    background_singles_per_s, background_hits_per_s, background_coincidences_per_s : float
        Of the crystals themselves (176Lu).
    """

    trues: float
    scattered: float
    singles: float
    hits: float
    randoms_part: float
    blocks: int
    coincidence_window_s: float
    block_dead_time_s: float
    background_singles_per_s: float = 0.0
    background_hits_per_s: float = 0.0
    background_coincidences_per_s: float = 0.0


@dataclass(frozen=True)
class Rates:
    """Counted rates by activity [1/s]; `scattered` holds the crystals' own coincidences too."""

    activity_bq: Array
    singles: Array
    trues: Array
    scattered: Array
    randoms: Array
    necr: Array
    live: Array

    @property
    def peak(self) -> int | None:
        """Where the noise-equivalent rate is highest; None: still rising at the last activity."""
        at = int(np.argmax(self.necr))
        return at if at < self.necr.size - 1 else None


def rates(response: Response, activity_bq: Array, noise: float = 1.0) -> Rates:
    """Rates of a source against its activity.

    Both photons of a coincidence must find their block awake: its live part counts twice.
    """
    per_block = (activity_bq * response.hits + response.background_hits_per_s) / response.blocks
    live = np.exp(-per_block * response.block_dead_time_s)
    singles = (activity_bq * response.singles + response.background_singles_per_s) * live
    pairs = 0.5 * (1.0 - 1.0 / response.blocks)
    randoms = response.randoms_part * pairs * randoms_per_s(singles, singles, response.coincidence_window_s)
    trues = activity_bq * response.trues * live**2
    scattered = (activity_bq * response.scattered + response.background_coincidences_per_s) * live**2
    return Rates(activity_bq, singles, trues, scattered, randoms, necr_per_s(trues, scattered, randoms, noise), live)


def passing_part(radius_m: float, ring_radius_m: float) -> float:
    """Part of the lines between two even points of a circle that pass its centre within a radius."""
    return 2.0 / math.pi * math.asin(min(1.0, radius_m / ring_radius_m))
