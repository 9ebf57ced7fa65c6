r"""Decay with progeny: Bateman's equations in a form that equal and very different half-lives do not upset.

Along a path of nuclides :math:`1 \dots n` with branching :math:`b_i`, from a pure parent of activity :math:`A_1(0)`,

.. math:: A_n(t) = A_1(0) \prod_{i<n} b_i \prod_{1<i\le n} \lambda_i t \;\exp[-\lambda_1 t, \dots, -\lambda_n t]

with the divided difference of the exponential in the bracket. It is positive, and is taken from windows of sorted
arguments: a wide window from its two halves, a narrow one from a series, so that nothing cancels.

References
----------
Bateman, H., Proc. Cambridge Philos. Soc. 15 (1910) 423. Half-lives and branching: ICRP
Publication 107, Ann. ICRP 38 (3), 2008. Divided differences of the exponential: McCurdy, A. C., Ng, K. C. and
Parlett, B. N., Math. Comp. 43 (1984) 501.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.errors import DataError
from twin.physics.decay import canonical, decay_constant_per_s, nuclides
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
Path: TypeAlias = tuple[tuple[str, float], ...]
#: A daughter counts as in equilibrium if within one half-life of the parent it gets so near to its share.
NEARLY = 0.95
_SERIES_SPREAD = 1.0
_TERMS = 18


def progeny(numbers: Numbers, nuclide: str) -> tuple[tuple[str, float], ...]:
    """What a nuclide decays into, and which share of its decays leads there; stable nuclides too."""
    text = numbers.text(f"nuclides.{canonical(numbers, nuclide)}.progeny")
    pairs = (part.split() for part in text.split(";"))
    return tuple((child, float(share)) for child, share in pairs)


def members(numbers: Numbers, nuclide: str) -> tuple[str, ...]:
    """The nuclide and its radioactive progeny, each after its parents."""
    ends = [path[-1][0] for path in _paths(numbers, canonical(numbers, nuclide))]
    return tuple(dict.fromkeys(reversed(ends)))[::-1]


def activities_bq(
    numbers: Numbers, nuclide: str, activity_bq: float | Array, elapsed_s: float | Array
) -> dict[str, float | Array]:
    """Activities of a nuclide and its progeny after a time [Bq].

    Parameters
    ----------
    nuclide : str
        The parent; at the beginning it is alone.
    activity_bq : float or array
        Its activity at the beginning [Bq].
    elapsed_s : float or array
        Time since then [s], not negative.

    Returns
    -------
    dict
        By nuclide, each after its parents.
    """
    return _summed(numbers, nuclide, activity_bq, elapsed_s, integrated=False)


def decays(
    numbers: Numbers, nuclide: str, activity_bq: float | Array, elapsed_s: float | Array
) -> dict[str, float | Array]:
    """Number of decays of a nuclide and its progeny in a time, the time-integrated activities [Bq s]."""
    return _summed(numbers, nuclide, activity_bq, elapsed_s, integrated=True)


def equilibrium_ratio(parent_per_s: float, daughter_per_s: float, branching: float = 1.0) -> float:
    """Daughter activity for each becquerel of the parent, long after the beginning; infinite if it lives longer."""
    return branching * daughter_per_s / (daughter_per_s - parent_per_s) if daughter_per_s > parent_per_s else math.inf


def equilibrium(numbers: Numbers, nuclide: str) -> dict[str, float]:
    """Activities for each becquerel of a parent that has had its time: itself (1) and the progeny in equilibrium.

    Those progeny count that come within 5 % of their share in one half-life of the parent: Tc-99m in Mo-99, but not
    Tc-99 in Tc-99m nor Ra-223 in Th-227. What follows a nuclide that does not count does not count either.
    """
    parent = canonical(numbers, nuclide)
    parent_per_s = decay_constant_per_s(numbers, parent)
    found = {parent: 1.0}
    for path in _paths(numbers, parent):
        rates = [decay_constant_per_s(numbers, name) for name, _ in path[1:]]
        if rates and all(1.0 - 2.0 ** (1.0 - rate / parent_per_s) >= NEARLY for rate in rates):
            share = math.prod(branching for _, branching in path)
            ratio = math.prod(equilibrium_ratio(parent_per_s, rate) for rate in rates)
            found[path[-1][0]] = found.get(path[-1][0], 0.0) + share * ratio
    return found


def _paths(numbers: Numbers, parent: str) -> tuple[Path, ...]:
    """Every way down from a parent to a radioactive nuclide, as pairs of a nuclide and the branching into it."""
    return tuple(_down(numbers, ((parent, 1.0),), frozenset(nuclides(numbers))))


def _down(numbers: Numbers, path: Path, known: frozenset[str]) -> Iterator[Path]:
    yield path
    for child, share in progeny(numbers, path[-1][0]):
        if child in known:
            yield from _down(numbers, (*path, (child, share)), known)


def _summed(
    numbers: Numbers, nuclide: str, activity_bq: float | Array, elapsed_s: float | Array, integrated: bool
) -> dict[str, float | Array]:
    """By nuclide, the sum over all ways that lead to it."""
    start, elapsed = np.broadcast_arrays(np.asarray(activity_bq, dtype=float), np.asarray(elapsed_s, dtype=float))
    if not np.all(elapsed >= 0):
        raise DataError(f"progeny cannot be told for a time before the beginning: {float(elapsed.min()):g} s")
    parent = canonical(numbers, nuclide)
    found = dict.fromkeys(members(numbers, parent), np.zeros(elapsed.shape))
    for path in _paths(numbers, parent):
        rates = np.array([decay_constant_per_s(numbers, name) for name, _ in path])
        share = math.prod(branching for _, branching in path)
        found[path[-1][0]] = found[path[-1][0]] + share * start * _along(rates, elapsed, integrated)
    return {name: value if value.ndim else float(value) for name, value in found.items()}


def _along(rates_per_s: Array, elapsed_s: Array, integrated: bool) -> Array:
    """Activity of the last of a path for each becquerel of the first at the beginning, or its decays [s]."""
    falls = rates_per_s[:, None] * elapsed_s.ravel()
    factor = np.prod(falls[1:], axis=0)
    if integrated:
        falls = np.vstack([falls, np.zeros_like(falls[:1])])
        factor = factor * elapsed_s.ravel()
    steepest_first = np.argsort(-np.append(rates_per_s, 0.0) if integrated else -rates_per_s)
    along: Array = (factor * _divided_difference(-falls[steepest_first])).reshape(elapsed_s.shape)
    return along


def _divided_difference(x: Array) -> Array:
    """Divided difference of the exponential over the rows of `x`, which ascend."""
    windows: list[Array] = list(np.exp(x))
    for width in range(1, len(x)):
        windows = [_window(x[i : i + width + 1], windows[i], windows[i + 1]) for i in range(len(x) - width)]
    return windows[0]


def _window(x: Array, without_last: Array, without_first: Array) -> Array:
    """One window: from its halves if it is wide, from the series if it is narrow."""
    spread = x[-1] - x[0]
    narrow = spread < _SERIES_SPREAD
    wide = (without_first - without_last) / np.where(narrow, 1.0, spread)
    return np.where(narrow, _series(np.where(narrow, x, 0.0)), wide) if narrow.any() else wide


def _series(x: Array) -> Array:
    """Taylor series about the middle, in complete homogeneous symmetric polynomials of the distances to it."""
    middle = x.mean(axis=0)
    polynomials = [np.ones_like(middle), *(np.zeros_like(middle) for _ in range(_TERMS))]
    for row in x - middle:
        for degree in range(1, _TERMS + 1):
            polynomials[degree] = polynomials[degree] + row * polynomials[degree - 1]
    order = len(x) - 1
    terms = [polynomial / math.factorial(order + degree) for degree, polynomial in enumerate(polynomials)]
    found: Array = np.exp(middle) * np.sum(terms, axis=0)
    return found
