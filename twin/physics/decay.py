r"""Radioactive decay in closed form.

.. math:: A(t) = A_0 e^{-\lambda t}, \qquad \lambda = \ln 2 / T_{1/2}, \qquad N = A / \lambda

Activities are in becquerel, times in seconds, amounts in mole. The half-lives are those of ICRP-107 (``nuclides``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from twin.errors import DataError, nearest
from twin.sources import Numbers

#: SI brochure, 9th edition: exact.
AVOGADRO_PER_MOL = 6.02214076e23
Numeric = TypeVar("Numeric", float, npt.NDArray[np.float64])

_SYMBOL_FIRST = re.compile(r"([A-Za-z]{1,2})[- ]?(\d{1,3})([mM]?)")
_MASS_FIRST = re.compile(r"(\d{1,3})([mM]?)[- ]?([A-Za-z]{1,2})")


def nuclides(numbers: Numbers) -> tuple[str, ...]:
    """The nuclides of the table, such as ``"F-18"``."""
    return numbers.subjects("nuclides", "half_life")


def canonical(numbers: Numbers, nuclide: str) -> str:
    """The table's spelling of a nuclide: ``F18``, ``18F`` and ``f-18`` are ``F-18``; ``99mTc`` is ``Tc-99m``.

    Raises
    ------
    DataError
        When the table has no such nuclide; the nearest is named.
    """
    known = nuclides(numbers)
    name = _spelled(nuclide.strip())
    if name in known:
        return name
    near = nearest(name, known)
    hint = f"; did you mean {near!r}?" if near else f"; known: {', '.join(known)}"
    raise DataError(f"nuclide {nuclide[:40]!r} is not known{hint}")


def half_life_s(numbers: Numbers, nuclide: str) -> float:
    """Half-life of a nuclide [s]."""
    return numbers.value(f"nuclides.{canonical(numbers, nuclide)}.half_life")


def decay_constant_per_s(numbers: Numbers, nuclide: str) -> float:
    """Decay constant of a nuclide [1/s]."""
    return math.log(2) / half_life_s(numbers, nuclide)


def positron_branching(numbers: Numbers, nuclide: str) -> float:
    """Positrons per decay of a nuclide."""
    return numbers.value(f"nuclides.{canonical(numbers, nuclide)}.positron_branching")


def remaining(activity_bq: Numeric, decay_constant_per_s: float, elapsed_s: Numeric) -> Numeric:
    """Activity after `elapsed_s` [Bq]; a negative time gives what it was before."""
    left: Numeric = activity_bq * _exp(-decay_constant_per_s * elapsed_s)
    return left


def decayed_between(activity_bq: Numeric, decay_constant_per_s: float | Numeric, elapsed_s: Numeric) -> Numeric:
    """Activity lost in `elapsed_s` [Bq], also right where almost nothing is lost."""
    lost: Numeric = -activity_bq * _expm1(-decay_constant_per_s * elapsed_s)
    return lost


def decays_between(activity_bq: Numeric, decay_constant_per_s: float | Numeric, elapsed_s: Numeric) -> Numeric:
    """Number of decays in `elapsed_s`, the time-integrated activity [Bq s]."""
    decays: Numeric = decayed_between(activity_bq, decay_constant_per_s, elapsed_s) / decay_constant_per_s
    return decays


def course(
    changes: Iterable[tuple[float, float]], decay_per_s: float, since_s: float = 0.0, activity_bq: float = 0.0
) -> list[tuple[float, float, float]]:
    """What is somewhere when activity comes and goes there.

    Parameters
    ----------
    changes : iterable of (float, float)
        A moment [s], what comes (+) or goes (-) [Bq]; in order of time.
    since_s, activity_bq : float
        When it begins, and what is there then.

    Returns
    -------
    list of (float, float, float)
        At the beginning and at each change: the moment [s], the activity just after it, never negative [Bq], and its
        integral from the beginning [Bq s]; `decays_between` says how both go on.
    """
    found, integral, exp, expm1 = [(since_s, activity_bq, 0.0)], 0.0, math.exp, math.expm1
    for time_s, change_bq in changes:  # as `decays_between` and `remaining`, written out: a clock asks for it often
        lives = -decay_per_s * (time_s - since_s)
        integral += -activity_bq * expm1(lives) / decay_per_s
        activity_bq = max(0.0, activity_bq * exp(lives) + change_bq)
        since_s = time_s
        found.append((time_s, activity_bq, integral))
    return found


def atoms(activity_bq: Numeric, decay_constant_per_s: float) -> Numeric:
    """Number of radioactive atoms of an activity."""
    return activity_bq / decay_constant_per_s


def moles_radioactive(activity_bq: Numeric, decay_constant_per_s: float) -> Numeric:
    """Amount of the radioactive substance of an activity [mol], without its stable carrier."""
    return atoms(activity_bq, decay_constant_per_s) / AVOGADRO_PER_MOL


def elapsed_until_s(activity_bq: float, decay_constant_per_s: float, target_bq: float) -> float:
    """How long until an activity has fallen to `target_bq` [s]; 0 if it is below already."""
    return max(0.0, math.log(activity_bq / target_bq) / decay_constant_per_s)


def ingrown(
    parent_bq: Numeric, parent_per_s: float, daughter_per_s: float, branching: float, elapsed_s: Numeric
) -> Numeric:
    r"""Daughter activity that has grown in since the daughter was taken away [Bq].

    .. math:: A_d = b A_p \frac{\lambda_d}{\lambda_d - \lambda_p} (e^{-\lambda_p t} - e^{-\lambda_d t})

    Parameters
    ----------
    parent_bq : float or array
        Parent activity at the beginning.
    parent_per_s, daughter_per_s : float
        Decay constants.
    branching : float
        Share of the parent's decays that lead to the daughter.
    elapsed_s : float or array
        Time since the beginning.
    """
    difference = daughter_per_s - parent_per_s
    grown: Any = -_expm1(-difference * elapsed_s) / difference if difference else elapsed_s
    found: Numeric = branching * remaining(parent_bq, parent_per_s, elapsed_s) * daughter_per_s * grown
    return found


def ingrowth_peak_s(parent_per_s: float, daughter_per_s: float) -> float:
    """When the ingrown activity is largest [s]; the two decay constants differ."""
    return math.log(daughter_per_s / parent_per_s) / (daughter_per_s - parent_per_s)


def effective_half_life_s(physical_s: float, biological_s: float) -> float:
    """Half-life in a body that decays and clears [s]."""
    return physical_s * biological_s / (physical_s + biological_s)


def _exp(x: Any) -> Any:
    """The exponential; a float stays a float, and quick."""
    return np.exp(x) if isinstance(x, np.ndarray) else math.exp(x)


def _expm1(x: Any) -> Any:
    return np.expm1(x) if isinstance(x, np.ndarray) else math.expm1(x)


def _spelled(nuclide: str) -> str:
    """``18F`` -> ``F-18``; what is no nuclide stays as it is."""
    if found := _SYMBOL_FIRST.fullmatch(nuclide):
        symbol, mass, state = found.groups()
    elif found := _MASS_FIRST.fullmatch(nuclide):
        mass, state, symbol = found.groups()
    else:
        return nuclide
    return f"{symbol.capitalize()}-{mass}{state.lower()}"
