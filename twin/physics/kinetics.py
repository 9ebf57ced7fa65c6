r"""Tracer kinetics in closed form: sums of exponentials, and compartments that are driven by them.

A curve is :math:`c(t) = \sum_i a_i e^{-\lambda_i t}` for :math:`t \ge 0`. A tissue with exchange constants
:math:`K_1, k_2, k_3, k_4` answers to the concentration in blood by convolution with

.. math:: h(t) = \varphi_1 e^{-\theta_1 t} + \varphi_2 e^{-\theta_2 t}

and the convolution of two exponentials is a difference of two. Nothing is stepped in time. Times are in seconds, rates
in 1/s, concentrations in what the curve has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
#: Two rates that are closer than this part of their mean are set apart by it: the error is its square.
_APART = 3e-5


@dataclass(frozen=True, eq=False, slots=True)
class Exponentials:
    """A sum of exponentials; 0 before time 0.

    Attributes
    ----------
    amplitudes, rates_per_s : array
        Amplitudes may be negative, rates not.
    """

    amplitudes: Array
    rates_per_s: Array

    def at(self, time_s: npt.ArrayLike) -> Array:
        """The curve at times."""
        times = np.asarray(time_s, dtype=np.float64)
        total = np.zeros_like(times)
        for amplitude, rate in zip(self.amplitudes, self.rates_per_s, strict=True):
            total += amplitude * np.exp(-rate * np.maximum(times, 0.0))
        return np.where(times < 0.0, 0.0, total)

    def integral(self, time_s: npt.ArrayLike) -> Array:
        """The area from 0 until times."""
        times = np.maximum(np.asarray(time_s, dtype=np.float64), 0.0)
        total = np.zeros_like(times)
        for amplitude, rate in zip(self.amplitudes, self.rates_per_s, strict=True):
            total += amplitude * (-np.expm1(-rate * times) / rate if rate > 0.0 else times)
        return total

    def area(self) -> float:
        """The area until all is over; infinite if something stays for ever."""
        if np.any((self.rates_per_s == 0.0) & (self.amplitudes != 0.0)):
            return math.inf
        return float(np.sum(self.amplitudes / self.rates_per_s)) if self.rates_per_s.size else 0.0

    def scaled(self, factor: float) -> Exponentials:
        """The curve times a factor."""
        return Exponentials(self.amplitudes * factor, self.rates_per_s)

    def __add__(self, other: Exponentials) -> Exponentials:
        both = (np.concatenate(pair) for pair in self._beside(other))
        return Exponentials(*both)

    def _beside(self, other: Exponentials) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        return (self.amplitudes, other.amplitudes), (self.rates_per_s, other.rates_per_s)

    def decaying(self, decay_constant_per_s: float) -> Exponentials:
        """The curve of something that decays besides."""
        return Exponentials(self.amplitudes, self.rates_per_s + decay_constant_per_s)

    def later(self, time_s: float) -> Exponentials:
        """The curve with its time counted from a later moment."""
        return Exponentials(self.amplitudes * np.exp(-self.rates_per_s * time_s), self.rates_per_s)

    def convolved(self, rate_per_s: float, gain: float = 1.0) -> Exponentials:
        """What a compartment holds that takes up `gain` times the curve each second and loses `rate_per_s` of it."""
        made = [_convolved_pair(a, b, rate_per_s) for a, b in zip(self.amplitudes, self.rates_per_s, strict=True)]
        amplitudes = np.array([value for pair in made for value in pair[0]])
        rates = np.array([value for pair in made for value in pair[1]])
        return Exponentials(gain * amplitudes, rates)


def exponentials(amplitudes: Iterable[float], rates_per_s: Iterable[float]) -> Exponentials:
    """A sum of exponentials from plain numbers."""
    return Exponentials(np.array(list(amplitudes), dtype=np.float64), np.array(list(rates_per_s), dtype=np.float64))


NOTHING = exponentials((), ())


def _convolved_pair(amplitude: float, source_per_s: float, rate_per_s: float) -> tuple[tuple[float, float], ...]:
    """One exponential through one compartment: amplitudes and rates of the two that come out."""
    source, rate = _set_apart(source_per_s, rate_per_s)
    height = amplitude / (source - rate)
    return (height, -height), (rate, source)


def _set_apart(one: float, other: float) -> tuple[float, float]:
    """Two rates that differ enough for their difference to be divided by; both about their mean."""
    mean = 0.5 * (one + other)
    least = _APART * mean if mean > 0.0 else 1e-12
    if abs(one - other) >= 2.0 * least:
        return one, other
    return mean + least, mean - least if mean > 0.0 else 0.0


def input_function(amplitudes: Iterable[float], rates_per_s: Iterable[float], rise_per_s: float) -> Exponentials:
    r"""Concentration in blood after a bolus (Ferl and others, 2007).

    .. math:: c(t) = \sum_i A_i e^{-\lambda_i t} - \left(\sum_i A_i\right) e^{-\lambda_r t}
    """
    heights = list(amplitudes)
    return exponentials([*heights, -math.fsum(heights)], [*rates_per_s, rise_per_s])


@dataclass(frozen=True, slots=True)
class Response:
    r"""What a tissue makes of an instant of blood: two exponentials.

    Attributes
    ----------
    fast, slow : float
        :math:`\varphi_1, \varphi_2` [m3/s/kg].
    fast_per_s, slow_per_s : float
        :math:`\theta_1 \ge \theta_2`. If nothing is released, `slow` is the net influx and `slow_per_s` is 0.
    """

    fast: float
    fast_per_s: float
    slow: float
    slow_per_s: float

    def curve(self, blood: Exponentials) -> Exponentials:
        """The tissue's own concentration, without the blood in it."""
        return blood.convolved(self.fast_per_s, self.fast) + blood.convolved(self.slow_per_s, self.slow)


def response(k1: float, k2: float, k3: float = 0.0, k4: float = 0.0) -> Response:
    r"""The response of two tissue compartments in a row, or of one if `k3` is 0.

    .. math:: \theta_{1,2} = \tfrac12\left(k_2+k_3+k_4 \pm \sqrt{(k_2+k_3+k_4)^2 - 4 k_2 k_4}\right), \quad
        \varphi_1 = K_1 \frac{\theta_1 - k_3 - k_4}{\theta_1 - \theta_2}, \quad
        \varphi_2 = K_1 \frac{k_3 + k_4 - \theta_2}{\theta_1 - \theta_2}
    """
    if k3 == 0.0:
        return Response(k1, k2, 0.0, 0.0)
    total = k2 + k3 + k4
    root = math.sqrt((k2 - k3 - k4) ** 2 + 4.0 * k2 * k3)
    fast = 0.5 * (total + root)
    slow = k2 * k4 / fast
    return Response(k1 * (fast - k3 - k4) / root, fast, k1 * (k3 + k4 - slow) / root, slow)


def rate_constants(answer: Response) -> tuple[float, float, float, float]:
    """The exchange constants ``K1, k2, k3, k4`` of a response: the inverse of `response`."""
    k1 = answer.fast + answer.slow
    k2 = (answer.fast * answer.fast_per_s + answer.slow * answer.slow_per_s) / k1
    k4 = answer.fast_per_s * answer.slow_per_s / k2
    return k1, k2, answer.fast_per_s + answer.slow_per_s - k2 - k4, k4


def tissue(blood: Exponentials, answer: Response, blood_fraction: float = 0.0) -> Exponentials:
    """Concentration in a tissue with the blood that is in it."""
    return answer.curve(blood) + blood.scaled(blood_fraction)


def net_influx(k1: float, k2: float, k3: float) -> float:
    """Net influx into a tissue that releases nothing."""
    return k1 * k3 / (k2 + k3)


def patlak(time_s: npt.ArrayLike, tissue_curve: npt.ArrayLike, blood: Exponentials) -> tuple[float, float]:
    r"""Slope (net influx) and intercept of Patlak's plot by least squares.

    .. math:: \frac{c_T(t)}{c_B(t)} = K_i \frac{\int_0^t c_B}{c_B(t)} + V
    """
    now = blood.at(time_s)
    x, y = blood.integral(time_s) / now, np.asarray(tissue_curve, dtype=np.float64) / now
    slope = float(np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean()) ** 2))
    return slope, float(y.mean() - slope * x.mean())


def peak_s(
    curve: Exponentials, over: Exponentials | None = None, from_s: float = 1.0, until_s: float = 86400.0
) -> float:
    """When a curve, or its ratio to another, is largest between two times [s]; `until_s` if it rises until then.

    A grid in the logarithm of time finds the peak, golden sections in its neighbourhood place it to a second.
    """

    def height(time: npt.ArrayLike) -> Array:
        values = curve.at(time)
        return values if over is None else values / over.at(time)

    grid = np.geomspace(from_s, until_s, 400)
    best = int(np.argmax(height(grid)))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    while high - low > 0.5:
        left, right = high - 0.618034 * (high - low), low + 0.618034 * (high - low)
        low, high = (low, right) if height(left) > height(right) else (left, high)
    return float(0.5 * (low + high))
