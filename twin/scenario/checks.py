"""What a scenario means, checked as a whole: every mistake of meaning at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from twin.errors import Problem, ScenarioError
from twin.scenario import (
    animals_expand,
    archiving,
    booking_checks,
    calendar_checks,
    capacity_checks,
    collimator_checks,
    dose_checks,
    duty_checks,
    fasting_checks,
    fit_checks,
    generator_checks,
    hot_lab_checks,
    housing_checks,
    hygiene_checks,
    imaging,
    injection_checks,
    money_checks,
    people_checks,
    procurement,
    reference_checks,
    supply_checks,
    time_point_checks,
    unserved,
    visible_checks,
    waste_checks,
    welfare_checks,
)
from twin.scenario.checking import Checked, prepare
from twin.scenario.loading import Resolved

Check = Callable[[Checked], Iterator[Problem]]

MISTAKES: tuple[Check, ...] = (
    reference_checks.rooms,
    reference_checks.kinds,
    reference_checks.scanners,
    reference_checks.expanded,
    reference_checks.studies,
    booking_checks.names,
    booking_checks.repeated,
    booking_checks.scanners,
    booking_checks.animals,
    booking_checks.early,
    reference_checks.masses,
    animals_expand.problems,
    reference_checks.authorisations,
    reference_checks.roles,
    reference_checks.skills,
    reference_checks.readers,
    duty_checks.duties,
    people_checks.mistakes,
    dose_checks.people,
    dose_checks.spills,
    dose_checks.equipment,
    dose_checks.floor_plan,
    capacity_checks.places,
    capacity_checks.people,
    fit_checks.bores,
    hygiene_checks.contaminations,
    hygiene_checks.rooms,
    hygiene_checks.scavenging,
    waste_checks.stores,
    hot_lab_checks.names,
    hot_lab_checks.columns,
    hot_lab_checks.preparations,
    hot_lab_checks.supplies,
    hot_lab_checks.calibrator,
    hot_lab_checks.place,
    supply_checks.deliveries,
    supply_checks.tracers,
    supply_checks.expiry,
    supply_checks.licences,
    injection_checks.agents,
    injection_checks.half_lives,
    visible_checks.unseen,
    visible_checks.misnamed,
    injection_checks.infusions,
    calendar_checks.hours,
    calendar_checks.arrivals,
    calendar_checks.time_points,
    time_point_checks.streams,
    housing_checks.care,
    housing_checks.mistakes,
    procurement.mistakes,
    time_point_checks.too_narrow,
    calendar_checks.fasting,
    calendar_checks.authorisations,
    imaging.mistakes,
    welfare_checks.problems,
    money_checks.prices,
    money_checks.budgets,
)
WARNINGS: tuple[Check, ...] = (
    reference_checks.idle_words,
    calendar_checks.closed_run,
    animals_expand.too_small,
    calendar_checks.study_warnings,
    time_point_checks.closed_when_due,
    time_point_checks.stream_warnings,
    housing_checks.left_behind,
    housing_checks.too_few,
    supply_checks.licence_warnings,
    supply_checks.supply_warnings,
    injection_checks.agent_warnings,
    welfare_checks.bolus_warnings,
    hot_lab_checks.warnings,
    generator_checks.warnings,
    calendar_checks.absent,
    fasting_checks.late,
    unserved.warnings,
    capacity_checks.anaesthesia_warnings,
    capacity_checks.hotel_warnings,
    duty_checks.warnings,
    collimator_checks.warnings,
    people_checks.warnings,
    waste_checks.too_small,
    archiving.gets_full,
    money_checks.tables,
    welfare_checks.warnings,
)


def examine(resolved: Resolved) -> tuple[list[Problem], list[Problem]]:
    """All mistakes of meaning, and, if there are none, what is allowed but looks like one."""
    checked = prepare(resolved)
    problems = [*checked.plan_problems, *(problem for find in MISTAKES for problem in find(checked))]
    circles, doubts = ([], []) if problems else _circles(checked)
    if problems or circles:
        return problems or circles, []
    return [], [*(problem for find in WARNINGS for problem in find(checked)), *doubts]


def require(resolved: Resolved) -> list[Problem]:
    """The warnings; raises ScenarioError with all mistakes of meaning, if there are any."""
    problems, warnings = examine(resolved)
    if problems:
        raise ScenarioError(problems)
    return warnings


def _circles(checked: Checked) -> tuple[list[Problem], list[Problem]]:
    """A circle of waiting that can close with the sizes that the site has; doubts whether, or when, there is one."""
    from twin.scenario.circles import describe, find_circle, later_circles
    from twin.scenario.effort import UndecidedError

    resolved, made = checked.resolved, checked.site
    try:
        circle = find_circle(made)
    except UndecidedError as error:
        message = (
            f"whether a circle of waiting can close was not decided ({error}); a run stops and names it if one does"
        )
        return [], [resolved.problem(("protocols",), message)]
    if circle:
        return [resolved.problem(("protocols",), describe(circle))], []
    return [], [resolved.problem(("protocols",), f"{when}: {describe(found)}") for when, found in later_circles(made)]
