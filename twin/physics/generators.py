"""Generators: a long-lived parent on a column, its daughter eluted again and again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from twin.errors import DataError
from twin.physics.chains import progeny
from twin.physics.decay import canonical, decay_constant_per_s, ingrown, remaining
from twin.sources import Numbers

Array = npt.NDArray[np.float64]


def branching(numbers: Numbers, parent: str, daughter: str) -> float:
    """Share of the parent's decays that lead to the daughter.

    Raises
    ------
    DataError
        When none does.
    """
    found = dict(progeny(numbers, parent))
    wanted = canonical(numbers, daughter)
    if wanted not in found:
        raise DataError(f"{parent} does not decay into {wanted}, but into {', '.join(found)}")
    return found[wanted]


def eluted_bq(
    numbers: Numbers, parent: str, daughter: str, parent_bq: float, at_s: npt.ArrayLike, efficiency: float = 1.0
) -> Array:
    """Daughter activity of each elution, at its time [Bq].

    Parameters
    ----------
    parent_bq : float
        Parent activity at time zero, when the column has just been emptied of the daughter.
    at_s : array-like
        Times of the elutions [s], ascending, from zero on.
    efficiency : float
        Part of the daughter on the column that an elution takes; the rest stays and decays.
    """
    times = np.atleast_1d(np.asarray(at_s, dtype=float))
    if times[0] < 0 or np.any(np.diff(times) < 0):
        raise DataError("the times of elutions ascend from zero")
    if not 0 <= efficiency <= 1:
        raise DataError(f"an elution takes a part between 0 and 1 of what is there, not {efficiency:g}")
    parent_per_s, daughter_per_s = decay_constant_per_s(numbers, parent), decay_constant_per_s(numbers, daughter)
    share = branching(numbers, parent, daughter)
    taken = np.empty_like(times)
    left_bq, before_s = 0.0, 0.0
    for number, now_s in enumerate(times):
        since_s = float(now_s - before_s)
        parent_then = remaining(parent_bq, parent_per_s, before_s)
        there = remaining(left_bq, daughter_per_s, since_s)
        there += ingrown(parent_then, parent_per_s, daughter_per_s, share, since_s)
        taken[number] = efficiency * there
        left_bq, before_s = there - taken[number], float(now_s)
    return taken
