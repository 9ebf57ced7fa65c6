"""Where the warm-up of a series ends. A filter on tables: the clock knows no warm-up and always keeps everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

#: Values in a batch of MSER-5.
BATCH = 5


def mser(values: Sequence[float] | NDArray[Any], batch: int = BATCH) -> int | None:
    """How many values are warm-up by MSER-5: what is left has the least marginal standard error.

    White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69 (1997) 323, doi
    10.1177/003754979706900601: of the means of batches, the first d are left out so that the sum of squared deviations
    of the rest over the square of their number is least.

    Parameters
    ----------
    values : sequence of float
        In the order of time.
    batch : int
        Values in a batch; what is over at the end is left out.

    Returns
    -------
    int or None
        None where the minimum lies in the second half: the series is too short to say.
    """
    means = np.asarray(values, dtype=float)[: len(values) // batch * batch].reshape(-1, batch).mean(axis=1)
    if len(means) < 2:
        return None
    left = np.arange(len(means), 0, -1)
    first, second = (np.cumsum(powers[::-1])[::-1] for powers in (means, means**2))
    errors = (second - first**2 / left) / left**2
    least = int(np.argmin(np.maximum(errors[:-1], 0.0)))
    return None if least > len(means) // 2 else least * batch


def welch(series: Sequence[Sequence[float]], window: int) -> NDArray[Any]:
    """Welch's moving average of several replications, for a person to see where it levels out.

    Welch, "The statistical analysis of simulation results" (1983): the mean over the replications, then over up to
    `window` values on each side; near the beginning over as many as there are on both sides.

    Parameters
    ----------
    series : sequence of sequence of float
        One for each replication, in the order of time; they are cut to the shortest.
    window : int
        Values on each side.
    """
    length = min(map(len, series))
    mean = np.mean([np.asarray(values, dtype=float)[:length] for values in series], axis=0)
    sums = np.concatenate(([0.0], np.cumsum(mean)))
    places = np.arange(max(length - window, 0))
    half = np.minimum(places, window)
    averaged: NDArray[Any] = (sums[places + half + 1] - sums[places - half]) / (2 * half + 1)
    return averaged


def after(table: pd.DataFrame, begin_s: float, column: str = "requested_s") -> pd.DataFrame:
    """The rows of a table from a time on, such as the visits that were requested after the warm-up.

    Parameters
    ----------
    table : DataFrame
    begin_s : float
        End of the warm-up [s].
    column : str
        The column of times that decides.
    """
    return table[table[column] >= begin_s]
