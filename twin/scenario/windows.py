"""When the visits with fixed times can be, and when the site is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from twin.scenario import weeks
from twin.scenario.capacity_checks import most_animals
from twin.scenario.checking import Checked
from twin.scenario.model import Scenario, Study
from twin.scenario.planned import up_to_s
from twin.scenario.roles import skills_of
from twin.scenario.weeks import DAY_S, Interval

LONGEST_S = 36525 * DAY_S


def fixed(checked: Checked, name: str) -> Iterator[tuple[str, float, float]]:
    """Time point, earliest and latest start of each fixed visit of a study; latest may be infinite.

    Visits of streams, and of animals that are ordered first, are not fixed. Time points without a window have no latest
    start.
    """
    study, start = checked.scenario.studies[name], checked.scenario.start
    if study.procurement is not None:
        return
    for row in study.arrival.bookings or ():
        moment_s = (row.start - start).total_seconds()
        yield row.time_point, moment_s, moment_s
    for moment in study.arrival.dates or ():
        request_s = (moment - start).total_seconds()
        for point, said in study.time_points.items():
            window_s = float("inf") if said.window is None else said.window
            earliest_s = request_s + said.at - (said.window or 0.0)
            yield point, max(request_s, earliest_s), request_s + said.at + window_s


def windows(checked: Checked) -> Iterator[tuple[str, str, float, float]]:
    """Study, protocol, and the span in which a fixed visit within the run would draw its tracer [s].

    Its time may be that of the scan, by which all has been done that comes before, or that at which it begins.
    """
    horizon_s = checked.scenario.days * DAY_S
    for name, study in checked.scenario.studies.items():
        for point, first_s, last_s in fixed(checked, name):
            protocol = protocol_of(study, point)
            if protocol in checked.plans and 0.0 <= first_s < horizon_s:
                before_s, after_s = (planned_s(checked, name, protocol, effect) for effect in ("scan", "draw"))
                yield name, protocol, first_s - before_s, last_s + after_s


def planned_s(checked: Checked, study: str, protocol: str, effect: str) -> float:
    """Planned time of a full session up to the end of its last step of an effect [s]."""
    plan, uptake_s = checked.plans[protocol], checked.scenario.protocols[protocol].uptake or 0.0
    return up_to_s(plan, effect, most_animals(checked, study, protocol), uptake_s)


def protocol_of(study: Study, point: str) -> str:
    """The protocol of a time point."""
    said = study.time_points.get(point)
    return study.protocol if said is None or said.protocol is None else said.protocol


def opening(scenario: Scenario, until_s: float) -> list[Interval]:
    """When the site is open, from the start on [s]."""
    span_s = min(until_s, LONGEST_S)
    return list(weeks.intervals(scenario.opening.hours, scenario.start, span_s, set(scenario.opening.holidays)))


def working(checked: Checked, skill: str) -> list[weeks.Week]:
    """The shifts of the people with a skill; of everybody if nobody has it."""
    scenario, numbers = checked.scenario, checked.resolved.numbers
    staff = list(scenario.staff.values())
    able = [person for person in staff if skill in skills_of(person, numbers)] or staff
    return [scenario.opening.hours if person.shift is None else person.shift for person in able]


def three_weeks(week: weeks.Week) -> list[Interval]:
    """A week three times over, from a Monday on."""
    return list(weeks.intervals(week, dt.datetime(2026, 3, 2), 21 * DAY_S))
