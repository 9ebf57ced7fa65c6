"""What the rules of a country say: limits, categories, areas, and what an intake costs.

A *limit* must not be passed, a *constraint* is a site's own aim, an *investigation* level asks for a look: three uses,
kept apart. The numbers are rows of the table ``limits``, each with its provision; those of single nuclides are rows of
``protection``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.errors import DataError, nearest
from twin.physics.decay import canonical
from twin.sources import Numbers, Row

Array: TypeAlias = npt.NDArray[np.float64]
ROUTES = ("inhalation", "ingestion")


@dataclass(frozen=True)
class Limit:
    """One number of a rule.

    Attributes
    ----------
    value : float
        In SI: Sv, or Sv/s of a rate.
    period : str
        Over what it is summed, such as ``"year"`` or ``"pregnancy"``; empty of a rate.
    use : str
        ``"limit"``, ``"constraint"``, ``"investigation_1"``, ``"category"``, ``"area"`` and so on.
    provision : str
        Where it is written.
    """

    value: float
    period: str
    use: str
    provision: str
    note: str


def jurisdictions(numbers: Numbers) -> tuple[str, ...]:
    """Whose rules are known: ``"EU"``, ``"DE"``, ``"ES"``, ``"US"``, ``"IAEA"``; ``"site"`` has the constraints."""
    return tuple(dict.fromkeys(row.extra["jurisdiction"] for row in numbers.tables["limits"].values()))


def limits(numbers: Numbers, jurisdiction: str, person: str, quantity: str, use: str = "limit") -> tuple[Limit, ...]:
    """What a rule says of a person and a quantity, one for each period; nothing where it is silent.

    Parameters
    ----------
    jurisdiction : str
        A word of `jurisdictions`.
    person : str
        Such as ``"worker"``, ``"apprentice"``, ``"public"``, ``"pregnant"``; or a kind of area: ``"controlled"``.
    quantity : str
        ``"effective"``, ``"lens"``, ``"skin"``, ``"extremity"``, ``"unborn"``, ``"uterus"``, ``"rate"``.
    use : str
        A word of `Limit.use`.
    """
    _known(jurisdiction, jurisdictions(numbers), "jurisdiction")
    _known(person, _words(numbers, "person"), "person")
    _known(quantity, _words(numbers, "quantity"), "quantity")
    wanted = {"jurisdiction": jurisdiction, "person": person, "quantity": quantity, "use": use}
    rows = (row for row in numbers.tables["limits"].values() if _is(row, wanted))
    return tuple(_limit(numbers, row) for row in rows)


def annual_limit(numbers: Numbers, jurisdiction: str, person: str, quantity: str) -> float | None:
    """The limit of a single year [Sv], None where there is none."""
    found = [limit.value for limit in limits(numbers, jurisdiction, person, quantity) if limit.period == "year"]
    return min(found, default=None)


def committed_dose(numbers: Numbers, nuclide: str, intake_bq: npt.ArrayLike, route: str) -> Array:
    """Effective dose committed by an intake of a worker [Sv].

    Parameters
    ----------
    intake_bq : array-like
    route : str
        ``"inhalation"`` (of elemental iodine vapour) or ``"ingestion"``.

    Raises
    ------
    DataError
        When the table has no coefficient: that is not modelled, and not zero.
    """
    _known(route, ROUTES, "route")
    name = canonical(numbers, nuclide)
    key = f"protection.{name}.{route}"
    if not numbers.has(key):
        raise DataError(f"the dose of {route} of {name} is not modelled: the table 'protection' has no coefficient")
    activity = np.asarray(intake_bq, dtype=float)
    if np.any(~(activity >= 0.0)):
        raise DataError(f"an intake of {float(activity.min()):g} Bq: it is not negative")
    found: Array = numbers.value(key) * activity
    return found


def _limit(numbers: Numbers, row: Row) -> Limit:
    """The number goes through `numbers`, so that an override counts and its use is remembered."""
    period, use, provision = (row.extra.get(column, "") for column in ("period", "use", "provision"))
    return Limit(numbers.value(row.key), period, use, provision, row.note)


def _is(row: Row, wanted: dict[str, str]) -> bool:
    return all(row.extra.get(column) == word for column, word in wanted.items())


def _words(numbers: Numbers, column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.extra.get(column, "") for row in numbers.tables["limits"].values()))


def _known(word: str, known: tuple[str, ...], what: str) -> None:
    if word not in known:
        near = nearest(word, known)
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"{what} {word!r} is not one of {', '.join(filter(None, known))}{hint}")
