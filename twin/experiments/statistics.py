"""Statistics over replications: the only place that takes a mean over runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import TypeAlias

import numpy as np

#: Of the comparisons with theory, and of what a person is shown.
CONFIDENCE, SHOWN_CONFIDENCE = 0.99, 0.95

#: Differences below this share of the values are rounding of sums.
ROUNDING = 1e-12

Numbers: TypeAlias = Sequence[float]


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean of independent replications with the half width of its interval."""

    mean: float
    half_width: float

    def __contains__(self, value: float) -> bool:
        return abs(value - self.mean) <= self.half_width

    @property
    def low(self) -> float:
        """Lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end."""
        return self.mean + self.half_width

    @property
    def relative(self) -> float:
        """Half width as a share of the mean; 0 where both are 0."""
        if self.half_width == 0.0:
            return 0.0
        return inf if self.mean == 0.0 else self.half_width / abs(self.mean)


def interval(values: Numbers, confidence: float = CONFIDENCE) -> Interval:
    """Student's interval of the mean of independent replications; it needs at least two."""
    assert len(values) > 1, "one run proves nothing"
    mean = float(np.mean(values))
    return Interval(mean, student(len(values), confidence) * deviation(values) / sqrt(len(values)))


def summarised(
    count: int, mean: float | None, spread: float | None, confidence: float = SHOWN_CONFIDENCE
) -> Interval | None:
    """The same interval from number, mean and standard deviation; None of fewer than two."""
    if count < 2 or mean is None or spread is None:
        return None
    return Interval(mean, student(count, confidence) * spread / sqrt(count))


def deviation(values: Numbers) -> float:
    """Standard deviation of replications; exactly 0 where all are equal, whatever their mean rounds to."""
    return 0.0 if min(values) == max(values) else float(np.std(values, ddof=1))


def student(count: int, confidence: float) -> float:
    """Quantile of Student's distribution for an interval of `count` values."""
    from scipy.special import stdtrit

    return float(stdtrit(count - 1, 0.5 + confidence / 2.0))


def shared_out(confidence: float, statements: int) -> float:
    """Confidence of each of several statements that together hold with `confidence` (Bonferroni)."""
    return 1.0 - (1.0 - confidence) / max(statements, 1)


def variance_ratio(a: Numbers, b: Numbers) -> float | None:
    """How many times more replications unpaired luck would need: (Var A + Var B) / Var(A - B).

    None where Var A, Var B or Var(A - B) is 0.
    """
    apart = [deviation(values) ** 2 for values in (a, b, differences(a, b))]
    return (apart[0] + apart[1]) / apart[2] if min(apart) > 0.0 else None


def differences(a: Numbers, b: Numbers) -> list[float]:
    """B less A, replication by replication; what differs by rounding alone is equal."""
    apart = [after - before for before, after in zip(a, b, strict=True)]
    rounding = ROUNDING * max(map(abs, (*a, *b)))
    if max(apart) - min(apart) > rounding:
        return apart
    return [0.0 if abs(apart[0]) <= rounding else apart[0]] * len(apart)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of replications with Wilson's interval of its probability."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself."""
        return self.count / self.of


def share(count: int, of: int, confidence: float = SHOWN_CONFIDENCE) -> Share:
    """Wilson's score interval of a probability (Wilson 1927, doi 10.1080/01621459.1927.10502953).

    Parameters
    ----------
    count : int
        How often it happened.
    of : int
        In how many replications, at least one.
    confidence : float
    """
    from scipy.special import ndtri

    assert 0 <= count <= of > 0, "a share is of something"
    squared = float(ndtri(0.5 + confidence / 2.0)) ** 2
    middle = (count + squared / 2.0) / (of + squared)
    half = sqrt(squared) / (of + squared) * sqrt(count * (of - count) / of + squared / 4.0)
    return Share(count, of, 0.0 if count == 0 else middle - half, 1.0 if count == of else middle + half)
