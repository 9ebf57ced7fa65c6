"""Statistics over replications: the only place that takes a mean over runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

CONFIDENCE = 0.99


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean of independent replications with the half width of its interval."""

    mean: float
    half_width: float

    def __contains__(self, value: float) -> bool:
        return abs(value - self.mean) <= self.half_width


def interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """Student's interval of the mean of independent replications; it needs at least two."""
    from scipy.special import stdtrit

    count = len(values)
    assert count > 1, "one run proves nothing"
    quantile = float(stdtrit(count - 1, 0.5 + confidence / 2.0))
    return Interval(float(np.mean(values)), quantile * float(np.std(values, ddof=1)) / sqrt(count))
