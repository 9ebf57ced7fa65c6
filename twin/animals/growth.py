r"""Growth of a tumour in closed form, one animal or many.

.. math::
    \text{exponential}\quad V &= V_0 e^{rt} \\
    \text{logistic}\quad V &= K / (1 + (K/V_0 - 1) e^{-rt}) \\
    \text{Gompertz}\quad V &= V_0 \exp\left(\tfrac{r}{\rho} (1 - e^{-\rho t})\right) \\
    \text{von Bertalanffy}\quad V &= \left(\tfrac{a}{b} + (V_0^{1/3} - \tfrac{a}{b}) e^{-bt/3}\right)^3

A treatment that takes away a part of the growth from some day on is growth with a slower clock after it (`treated_s`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.errors import DataError, nearest
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]


def exponential(volume_m3: npt.ArrayLike, rate_per_s: npt.ArrayLike, time_s: npt.ArrayLike) -> Array:
    """Volume after a time [m3]."""
    grown = np.exp(np.asarray(rate_per_s, dtype=np.float64) * np.asarray(time_s))
    return np.asarray(np.asarray(volume_m3) * grown, dtype=np.float64)


def logistic(volume_m3: npt.ArrayLike, rate_per_s: npt.ArrayLike, most_m3: float, time_s: npt.ArrayLike) -> Array:
    """Volume after a time; it never exceeds `most_m3` [m3]."""
    shrinking = np.exp(-np.asarray(rate_per_s) * np.asarray(time_s))
    return np.asarray(most_m3 / (1.0 + (most_m3 / np.asarray(volume_m3) - 1.0) * shrinking), dtype=np.float64)


def gompertz(volume_m3: npt.ArrayLike, rate_per_s: npt.ArrayLike, slowing_per_s: float, time_s: npt.ArrayLike) -> Array:
    """Volume after a time; the rate itself dies away [m3]."""
    grown = -np.expm1(-slowing_per_s * np.asarray(time_s)) / slowing_per_s
    return np.asarray(volume_m3) * np.exp(np.asarray(rate_per_s) * grown)


def von_bertalanffy(volume_m3: npt.ArrayLike, gain: float, loss_per_s: float, time_s: npt.ArrayLike) -> Array:
    """Volume after a time, of growth with the surface and loss with the volume; `gain` is in m/s [m3]."""
    balance = gain / loss_per_s
    side = balance + (np.cbrt(volume_m3) - balance) * np.exp(-loss_per_s * np.asarray(time_s) / 3.0)
    return np.asarray(side**3, dtype=np.float64)


def gompertz_reaches_s(
    volume_m3: npt.ArrayLike, rate_per_s: npt.ArrayLike, slowing_per_s: float, limit_m3: float
) -> Array:
    """When a volume is reached [s]; infinite if it never is."""
    part = slowing_per_s * np.log(limit_m3 / np.asarray(volume_m3)) / np.asarray(rate_per_s)
    with np.errstate(divide="ignore", invalid="ignore"):
        time = -np.log1p(-part) / slowing_per_s
    return np.where(part < 1.0, np.maximum(time, 0.0), np.inf)


def treated_s(time_s: npt.ArrayLike, from_s: float, effect: float) -> Array:
    """Time by the clock of a tumour that a treatment slows from a moment on.

    Parameters
    ----------
    effect : float
        Part of the growth that the treatment takes: 0 nothing, 1 all, above 1 the tumour shrinks.
    """
    time = np.asarray(time_s, dtype=np.float64)
    return np.minimum(time, from_s) + (1.0 - effect) * np.maximum(time - from_s, 0.0)


def diameter_m(volume_m3: npt.ArrayLike) -> Array:
    """Diameter of a ball of that volume [m]."""
    return np.cbrt(6.0 * np.asarray(volume_m3, dtype=np.float64) / np.pi)


def volume_m3(diameter_m: float) -> float:
    """Volume of a ball of that diameter [m3]."""
    return math.pi / 6.0 * diameter_m**3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of tumour cells, by Gompertz.

    Attributes
    ----------
    first_m3 : float
        Volume of what is implanted.
    rate_per_s, slowing_per_s : float
    spread : float
        Coefficient of variation of the rate between animals.
    """

    first_m3: float
    rate_per_s: float
    slowing_per_s: float
    spread: float

    def rates_per_s(self, uniform: npt.ArrayLike) -> Array:
        """The rate of each animal from a uniform number in (0, 1): lognormal, with the line's mean."""
        from scipy.special import ndtri

        sigma = math.sqrt(math.log1p(self.spread**2))
        return np.asarray(self.rate_per_s * np.exp(sigma * ndtri(uniform) - 0.5 * sigma**2), dtype=np.float64)

    def volume_m3(self, time_s: npt.ArrayLike, uniform: npt.ArrayLike = 0.5) -> Array:
        """Volume of each animal's tumour after a time [m3]."""
        return gompertz(self.first_m3, self.rates_per_s(uniform), self.slowing_per_s, time_s)

    def reaches_s(self, limit_m3: float, uniform: npt.ArrayLike = 0.5) -> Array:
        """When each animal's tumour reaches a volume [s]."""
        return gompertz_reaches_s(self.first_m3, self.rates_per_s(uniform), self.slowing_per_s, limit_m3)


def lines(numbers: Numbers) -> tuple[str, ...]:
    """The lines of the table."""
    names = (name.split(".") for name in numbers.tables["studies"])
    return tuple(parts[1] for parts in names if parts[0] == "growth" and parts[-1] == "slowing")


def line(numbers: Numbers, name: str) -> Line:
    """A line of tumour cells by name."""
    if name not in lines(numbers):
        near = nearest(name, lines(numbers))
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"tumour {name!r} is not known; known: {', '.join(lines(numbers))}{hint}")
    first, spread = (numbers.value(f"studies.growth.{word}") for word in ("first_volume", "rate_spread"))
    rate, slowing = (numbers.value(f"studies.growth.{name}.{word}") for word in ("rate", "slowing"))
    return Line(first, rate, slowing, spread)


def endpoint_s(numbers: Numbers, name: str, uniform: npt.ArrayLike = 0.5) -> Array:
    """When each animal's tumour reaches the size of the humane end point [s]."""
    return line(numbers, name).reaches_s(volume_m3(numbers.value("studies.endpoint.diameter")), uniform)
