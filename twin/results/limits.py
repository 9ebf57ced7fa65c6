"""Broken budgets, licences and authorisations: what ``--check`` asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from twin import units
from twin.errors import DataError, UnitError, nearest
from twin.results.kpis import Figure, compute
from twin.results.run import Run
from twin.results.tasks import happenings

#: Rows in which a licence or an authorisation stopped something, and how a person says that.
STOPPED = {
    "visit_cancelled": "cancelled",
    "visit_incomplete": "given up",
    "delivery_refused": "refused",
}
BINDING = {"licence": "the source licence", "authorisation": "the project authorisation"}


class Budget(Protocol):
    """A figure that must not be passed, as a scenario has it: a KPI and text such as ``"120 min"``."""

    @property
    def kpi(self) -> str:
        """Entry of a KPI."""

    @property
    def at_most(self) -> str | float | None:
        """Upper limit."""

    @property
    def at_least(self) -> str | float | None:
        """Lower limit."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One limit that was broken: which, and the sentence that says so."""

    kind: str
    name: str
    message: str


def broken(run: Run, budgets: Mapping[str, Budget], figures: Mapping[str, Figure] | None = None) -> list[Breach]:
    """Every budget that is passed, and every time a licence or an authorisation stopped something.

    Parameters
    ----------
    run : Run
    budgets : mapping of name to Budget
    figures : mapping of KPI to Figure, optional
        The KPIs of the run, if they were computed before.

    Raises
    ------
    DataError
        When a budget names no KPI, or its limit has the wrong unit.
    """
    known = compute(run) if figures is None else figures
    passed = [breach for name, budget in budgets.items() for breach in _passed(name, budget, known)]
    return passed + _stopped(run)


def _passed(name: str, budget: Budget, figures: Mapping[str, Figure]) -> Iterator[Breach]:
    figure = _figure(name, budget.kpi, figures)
    value, unit = figure["value"], figure["unit"]
    for word, limit, sign in (("at most", budget.at_most, 1.0), ("at least", budget.at_least, -1.0)):
        if limit is None:
            continue
        allowed = bound(f"budgets.{name}", limit, unit)
        if value is not None and sign * (value - allowed) > 0:
            said = f"{budget.kpi} is {_text(value, unit)}, {word} {_text(allowed, unit)} is allowed"
            yield Breach("budget", name, f"Budget {name}: {said}.")


def _figure(name: str, kpi: str, figures: Mapping[str, Figure]) -> Figure:
    if kpi in figures:
        return figures[kpi]
    near = nearest(kpi, figures)
    hint = f"; did you mean {near!r}?" if near else ""
    raise DataError(f"budgets.{name}.kpi: {kpi!r}: this run has no such KPI{hint}")


def bound(path: str, limit: str | float, unit: str) -> float:
    """A limit of a budget in the unit of its figure.

    Raises
    ------
    DataError
        When it has the wrong unit, or none where one is due.
    """
    if unit == "1/d" and not isinstance(limit, str):
        raise DataError(f"{path}: {limit!r} has no unit; write it per day, such as '40 /d'")
    try:
        return units.parse(limit, unit)
    except UnitError as error:
        raise DataError(f"{path}: {error}") from error


def _text(value: float, unit: str) -> str:
    return f"{value:.4g}" if unit == "1" else f"{value:.4g} {unit}"


def _stopped(run: Run) -> list[Breach]:
    """One breach for each kind of stop and each binding reason, with its count."""
    found = []
    for word, said in STOPPED.items():
        rows = run.events.iloc[happenings(run, word)]
        for reason, law in BINDING.items():
            count = int((rows["reason"] == reason).sum())
            what = "delivery" if word == "delivery_refused" else "visit"
            if count:
                many = what if count == 1 else {"delivery": "deliveries", "visit": "visits"}[what]
                verb = "was" if count == 1 else "were"
                found.append(Breach(reason, word, f"{count} {many} {verb} {said} because {law} does not allow it."))
    return found
