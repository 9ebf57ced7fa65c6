"""What a scenario means, checked as a whole: every mistake of meaning at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from twin.errors import Problem, ScenarioError
from twin.scenario import calendar_checks, capacity_checks, duty_checks, money_checks, reference_checks, supply_checks
from twin.scenario.checking import Checked, prepare
from twin.scenario.loading import Resolved

Check = Callable[[Checked], Iterator[Problem]]

MISTAKES: tuple[Check, ...] = (
    reference_checks.rooms,
    reference_checks.scanners,
    reference_checks.expanded,
    reference_checks.studies,
    reference_checks.bookings,
    reference_checks.masses,
    reference_checks.authorisations,
    reference_checks.roles,
    reference_checks.skills,
    duty_checks.duties,
    capacity_checks.places,
    capacity_checks.people,
    supply_checks.deliveries,
    supply_checks.tracers,
    supply_checks.expiry,
    supply_checks.licences,
    calendar_checks.hours,
    calendar_checks.arrivals,
    calendar_checks.time_points,
    calendar_checks.fasting,
    calendar_checks.authorisations,
    money_checks.prices,
    money_checks.budgets,
)
WARNINGS: tuple[Check, ...] = (
    calendar_checks.closed_run,
    calendar_checks.study_warnings,
    supply_checks.licence_warnings,
    supply_checks.supply_warnings,
    calendar_checks.absent,
    capacity_checks.anaesthesia_warnings,
    capacity_checks.hotel_warnings,
    duty_checks.warnings,
)


def check(resolved: Resolved) -> list[Problem]:
    """All mistakes of meaning; none: the scenario can be run."""
    checked = prepare(resolved)
    problems = [*checked.plan_problems, *(problem for find in MISTAKES for problem in find(checked))]
    return problems or _circle(resolved)


def warnings(resolved: Resolved) -> list[Problem]:
    """What is allowed but looks like a mistake, in a scenario without mistakes."""
    checked = prepare(resolved)
    return [problem for find in WARNINGS for problem in find(checked)]


def require(resolved: Resolved) -> None:
    """Raise ScenarioError with all mistakes of meaning, if there are any."""
    if problems := check(resolved):
        raise ScenarioError(problems)


def _circle(resolved: Resolved) -> list[Problem]:
    """A circle of waiting that can close with the sizes that the site has."""
    from twin.scenario.circles import describe, find_circle
    from twin.scenario.expand import site

    circle = find_circle(site(resolved))
    if circle is None:
        return []
    return [Problem("protocols", describe(circle))]
