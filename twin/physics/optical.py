r"""Bioluminescence: signal against time after luciferin, what depth takes of it, and how long to expose.

Luciferin goes from the peritoneum into blood and is used up, both at a rate (Bateman's curve, of which the peak is 1):

.. math:: s(t) \propto e^{-k_e t} - e^{-k_a t}, \qquad t_{max} = \frac{\ln(k_a / k_e)}{k_a - k_e}

Light of a source at the depth z reaches the skin as :math:`e^{-\mu_{eff} z}`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import DataError
from twin.sources import Numbers

_KEY = "imaging.optical"
#: So much tissue leaves nothing of the light of any source.
_DEEPEST_M = 0.1


@dataclass(frozen=True)
class Luciferin:
    """Rates of its coming and going [1/s]."""

    absorption_per_s: float
    elimination_per_s: float

    @property
    def peak_s(self) -> float:
        """When the signal is highest, after the injection."""
        fast, slow = self.absorption_per_s, self.elimination_per_s
        return 1.0 / fast if math.isclose(fast, slow) else math.log(fast / slow) / (fast - slow)

    def signal(self, time_s: ArrayLike) -> NDArray[np.float64]:
        """Part of the highest signal, at times after the injection; nothing before."""
        late = np.maximum(np.asarray(time_s, np.float64), 0.0)
        return self._curve(late) / float(self._curve(np.array(self.peak_s)))

    def _curve(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        fast, slow = self.absorption_per_s, self.elimination_per_s
        if math.isclose(fast, slow):
            return np.asarray(time_s * np.exp(-slow * time_s))
        return np.asarray((np.exp(-slow * time_s) - np.exp(-fast * time_s)) * math.copysign(1.0, fast - slow))

    def exposed(self, start_s: float, duration_s: float) -> float:
        """Mean signal of an exposure, over the highest."""
        if duration_s <= 0.0:
            return float(self.signal(start_s))
        over = self._until(start_s + duration_s) - self._until(start_s)
        return over / duration_s / float(self._curve(np.array(self.peak_s)))

    def _until(self, time_s: float) -> float:
        """Integral of the curve from the injection on."""
        fast, slow = self.absorption_per_s, self.elimination_per_s
        if math.isclose(fast, slow):
            return (-math.expm1(-slow * time_s) / slow - time_s * math.exp(-slow * time_s)) / slow
        both = math.expm1(-fast * time_s) / fast - math.expm1(-slow * time_s) / slow
        return both * math.copysign(1.0, fast - slow)


def luciferin(numbers: Numbers) -> Luciferin:
    """Luciferin into the peritoneum, by the table."""
    half_lives = (numbers.value(f"{_KEY}.{word}_half_time") for word in ("absorption", "elimination"))
    absorption, elimination = (math.log(2.0) / half_life for half_life in half_lives)
    return Luciferin(absorption, elimination)


@dataclass(frozen=True)
class Exposure:
    """Photons that count, their error (standard deviation), and the ratio of the two."""

    counts: float
    error: float

    @property
    def snr(self) -> float:
        """Signal to noise."""
        return self.counts / self.error if self.error > 0.0 else 0.0


def exposure(numbers: Numbers, photons_per_s: float, depth_m: float, start_s: float, duration_s: float) -> Exposure:
    """What a camera counts of a source.

    Parameters
    ----------
    photons_per_s : float
        Of the source at the peak of its signal, before the tissue [1/s].
    depth_m : float
        Below the skin.
    start_s : float
        From the injection of luciferin to the exposure.
    """
    if not (0.0 <= photons_per_s < math.inf and depth_m >= 0.0 and duration_s >= 0.0):
        raise DataError("photons, depth and duration of an exposure are finite and not below zero")
    if depth_m > _DEEPEST_M:
        raise DataError(
            f"a depth of {depth_m * 1e3:.4g} mm: of a source deeper than {_DEEPEST_M * 1e3:g} mm no light is seen"
        )
    reaches = math.exp(-numbers.value(f"{_KEY}.effective_attenuation") * depth_m)
    detected = numbers.value(f"{_KEY}.detected_part")
    counts = photons_per_s * reaches * detected * luciferin(numbers).exposed(start_s, duration_s) * duration_s
    dark = numbers.value(f"{_KEY}.dark_rate") * duration_s
    return Exposure(counts, math.sqrt(counts + dark + numbers.value(f"{_KEY}.read_noise") ** 2))
