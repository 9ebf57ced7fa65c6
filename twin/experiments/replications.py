"""How many replications are enough, by the confidence-interval method with look-ahead.

Hoad, Robinson and Davies, "Automated selection of the number of replications for a discrete-event simulation", Journal
of the Operational Research Society 61 (2010) 1632, doi 10.1057/jors.2009.121: from three replications on, the half
width as a share of the mean must reach the precision and stay within it for the next replications.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from twin.experiments.statistics import SHOWN_CONFIDENCE, Numbers

FIRST, LOOK_AHEAD = 3, 5


def look_ahead(count: int) -> int:
    """For how many further replications the precision must hold: 5, above 100 replications 5 in 100."""
    return LOOK_AHEAD * max(count, 100) // 100


def enough(values: Numbers, precision: float, confidence: float = SHOWN_CONFIDENCE) -> int | None:
    """The least number of replications that is enough for one figure; None: these are too few to say.

    Parameters
    ----------
    values : sequence of float
        Of the figure, replication by replication.
    precision : float
        Half width of the interval as a share of the mean.
    confidence : float
    """
    narrow = relative_half_widths(values, confidence) <= precision
    held = list(accumulate(narrow.tolist(), lambda before, now: before + 1 if now else 0, initial=0))[1:]
    for place, length in enumerate(held):
        count = FIRST + place - length + 1
        if length and length > look_ahead(count):
            return count
    return None


def relative_half_widths(values: Numbers, confidence: float) -> NDArray[np.float64]:
    """Half width as a share of the mean after 3, 4, ... replications; 0 where all were equal."""
    from scipy.special import stdtrit

    if len(values) < FIRST:
        return np.empty(0)
    count = np.arange(1, len(values) + 1)
    moved = np.asarray(values, dtype=float) - values[0]  # so that squares do not swallow the deviations
    means = np.cumsum(moved) / count
    squares = np.maximum(np.cumsum(moved**2) - count * means**2, 0.0)[FIRST - 1 :]
    count = count[FIRST - 1 :]
    half = stdtrit(count - 1, 0.5 + confidence / 2.0) * np.sqrt(squares / (count - 1) / count)
    size = np.abs(means[FIRST - 1 :] + values[0])
    shares: NDArray[np.float64] = np.divide(half, size, out=np.where(half > 0.0, np.inf, 0.0), where=size > 0.0)
    return shares


def enough_of_all(figures: Iterable[Numbers], precision: float, confidence: float = SHOWN_CONFIDENCE) -> int | None:
    """The same for several figures: the largest number wins; None as long as one is undecided."""
    counts = [enough(values, precision, confidence) for values in figures]
    known = [count for count in counts if count is not None]
    return max(known) if known and len(known) == len(counts) else None


def forecast(figures: Sequence[Numbers], precision: float, confidence: float = SHOWN_CONFIDENCE) -> int:
    """How many replications will probably be enough, judged by those that there are, and at most four times as many.

    It says only how many to play before the next look; what is enough is judged by `enough_of_all`.
    """
    count = max(map(len, figures))
    if count < FIRST:
        return FIRST + LOOK_AHEAD
    widths = [relative_half_widths(values, confidence) for values in figures]
    widest = max(float(width[-1]) if width.size else np.inf for width in widths)
    likely = count * min(max((widest / precision) ** 2, 1.0), 4.0)
    return max(int(likely), count) + look_ahead(count)
