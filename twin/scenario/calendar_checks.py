"""Times at which nobody is in, nothing is open, or what is needed has ended."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left
from collections.abc import Iterator

from twin.errors import Problem
from twin.plan import Plan, steps
from twin.scenario.checking import Checked
from twin.scenario.weeks import DAY_S, Interval, Week
from twin.scenario.windows import LONGEST_S, fixed, opening, planned_s, protocol_of, three_weeks, working


def hours(checked: Checked) -> Iterator[Problem]:
    """The site opens, and people come."""
    if not any(checked.scenario.opening.hours):
        yield checked.resolved.problem(("opening", "hours"), "the site never opens")
    for name, staff in checked.scenario.staff.items():
        if staff.shift is not None and not any(staff.shift):
            yield checked.resolved.problem(("staff", name, "shift"), "this shift has no working time")


def closed_run(checked: Checked) -> Iterator[Problem]:
    """Warn when the site stays closed while the run lasts."""
    if any(checked.scenario.opening.hours) and not opening(checked.scenario, checked.scenario.days * DAY_S):
        message = "the site stays closed from the start to the end of the run"
        yield checked.resolved.problem(("opening", "hours"), message)


def arrivals(checked: Checked) -> Iterator[Problem]:
    """Exactly one of the four ways in which requests come in."""
    for name, study in checked.scenario.studies.items():
        path = ("studies", name, "arrival")
        ways = ("dates", "bookings", "poisson", "hourly")
        said = [way for way in ways if getattr(study.arrival, way) is not None]
        if len(said) != 1:
            given = " and ".join(said) or "none"
            yield checked.resolved.problem(path, f"exactly one is due, here is {given}", None, ", ".join(ways))
        elif study.arrival.dates == ():
            yield checked.resolved.problem((*path, "dates"), "at least one date is due")


def time_points(checked: Checked) -> Iterator[Problem]:
    """The window of a fixed time point holds an opening hour; said once for each time point."""
    for name in checked.scenario.studies:
        spans = [(point, first, last) for point, first, last in fixed(checked, name) if first <= last < LONGEST_S]
        if not spans:
            continue
        is_open = opening(checked.scenario, max(last for _, _, last in spans) + DAY_S)
        told: set[str] = set()
        for point, first_s, last_s in spans:
            if last_s >= 0 and point not in told and not meets(is_open, first_s, last_s):
                told.add(point)
                yield _closed(checked, name, point, first_s, last_s)


def _closed(checked: Checked, study: str, point: str, first_s: float, last_s: float) -> Problem:
    start = checked.scenario.start
    first, last = (start + dt.timedelta(seconds=second) for second in (first_s, last_s))
    when = f"{first:%a %Y-%m-%d %H:%M}" if first == last else f"{first:%a %Y-%m-%d %H:%M} to {last:%a %Y-%m-%d %H:%M}"
    booked = checked.scenario.studies[study].arrival.bookings is not None
    path = ("studies", study, *(("arrival", "bookings") if booked else ("time_points", point)))
    return checked.resolved.problem(path, f"the window of time point {point} ({when}) holds no opening hour")


def meets(spans: list[Interval], first_s: float, last_s: float) -> bool:
    """Whether one of the spans, in order and apart, holds a moment of [first, last]; the end of a span is not open."""
    after = bisect_left(spans, (first_s, float("inf")))
    before = spans[after - 1][1] > first_s if after else False
    return before or (after < len(spans) and spans[after][0] <= last_s)


def fasting(checked: Checked) -> Iterator[Problem]:
    """Food can be taken away by somebody who is in, for some start at least."""
    for name, protocol in checked.scenario.protocols.items():
        if protocol.fasting is None or protocol.fasting[0] > protocol.fasting[1]:
            continue
        shifts = working(checked, "animal_care")
        starts = three_weeks(checked.scenario.opening.hours)
        if shifts and starts and not _in_reach(shifts, starts, *protocol.fasting):
            message = "nobody is in when the fasting would have to start, for any start within the opening hours"
            yield checked.resolved.problem(("protocols", name, "fasting"), message)
    yield from _fasting_of_bookings(checked)


def _in_reach(shifts: list[Week], starts: list[Interval], least_s: float, longest_s: float) -> bool:
    """Whether somebody works at a time that lies ``least`` to ``longest`` before a start in the third week."""
    third = [span for span in starts if span[0] >= 14 * DAY_S] or starts[-1:]
    back = [(first - longest_s, last - least_s) for first, last in third]
    work = [three_weeks(shift) for shift in shifts]
    return any(
        meets(spans, first, last) for spans in work for first, last in back if first < last or least_s == longest_s
    )


def _fasting_of_bookings(checked: Checked) -> Iterator[Problem]:
    """The same for a booked time, which leaves no choice of the start."""
    for name, study in checked.scenario.studies.items():
        for point, first_s, last_s in fixed(checked, name) if study.arrival.bookings is not None else ():
            protocol = protocol_of(study, point)
            said = checked.scenario.protocols.get(protocol)
            if said is None or said.fasting is None or protocol not in checked.plans:
                continue
            least_s, longest_s = said.fasting
            before_s = planned_s(checked, name, protocol, "scan")
            after_s = planned_s(checked, name, protocol, "inject") if _injects_on_bed(checked.plans[protocol]) else 0.0
            if not _anybody(checked, first_s - before_s - longest_s, last_s + after_s - least_s):
                when = checked.scenario.start + dt.timedelta(seconds=first_s)
                message = f"nobody is in when the fasting before {when:%Y-%m-%d %H:%M} would have to start"
                yield checked.resolved.problem(("studies", name, "arrival", "bookings"), message)
                break


def _injects_on_bed(plan: Plan) -> bool:
    """Whether the bed is taken before the injection, so that this comes after the time of the slot."""
    first = next((step for step in steps(plan.body) if step.bed or step.effect == "inject"), None)
    return first is not None and first.bed


def _anybody(checked: Checked, first_s: float, last_s: float) -> bool:
    """Whether somebody works at a moment of this span (by the week, without leave and holidays)."""
    week_s = 7 * DAY_S
    start = checked.scenario.start
    monday_s = (start - dt.datetime(2026, 3, 2)).total_seconds() % week_s
    shift_s = monday_s + first_s - (monday_s + first_s) % week_s
    spans = (three_weeks(week) for week in working(checked, "animal_care"))
    return any(meets(span, monday_s + first_s - shift_s, monday_s + last_s - shift_s) for span in spans)


def authorisations(checked: Checked) -> Iterator[Problem]:
    """A project has not expired when the run starts."""
    for name, project in checked.scenario.authorisations.projects.items():
        if project.expires < checked.scenario.start.date():
            message = f"this authorisation has expired when the run starts ({checked.scenario.start:%Y-%m-%d})"
            path = ("authorisations", "projects", name, "expires")
            yield checked.resolved.problem(path, message, str(project.expires))


def absent(checked: Checked) -> Iterator[Problem]:
    """Warn of skills that somebody has, but nobody who works within the opening hours."""
    is_open = three_weeks(checked.scenario.opening.hours)
    for name, plan in checked.plans.items():
        needed = dict.fromkeys(skill for step in steps(plan.body) for person in step.people for skill in person)
        missing = [skill for skill in needed if not _present(checked, skill, is_open)]
        if missing:
            message = f"nobody who can do this ever works within the opening hours: {', '.join(missing)}"
            yield checked.resolved.problem(("protocols", name), message)


def _present(checked: Checked, skill: str, is_open: list[Interval]) -> bool:
    shifts = (three_weeks(week) for week in working(checked, skill))
    return any(first < end and begin < last for shift in shifts for first, last in shift for begin, end in is_open)


def _outside(checked: Checked) -> Iterator[Problem]:
    """Fixed visits that all lie before the start or after the end of the run."""
    for name in checked.scenario.studies:
        spans = list(fixed(checked, name))
        ends = [(first, first if math.isinf(last) else last) for _, first, last in spans]
        if ends and not any(first < checked.scenario.days * DAY_S and last >= 0.0 for first, last in ends):
            message = "all visits of this study lie outside the run"
            yield checked.resolved.problem(("studies", name, "arrival"), message)


def study_warnings(checked: Checked) -> Iterator[Problem]:
    """Animals that never come, or more of them than are approved."""
    yield from _outside(checked)
    scenario = checked.scenario
    for name, study in scenario.studies.items():
        arrival, path = study.arrival, ("studies", name)
        if arrival.dates and arrival.batch and study.animals and arrival.batch * len(arrival.dates) < study.animals:
            came = arrival.batch * len(arrival.dates)
            yield checked.resolved.problem((*path, "arrival"), f"only {came} of the {study.animals} animals ever come")
        project = scenario.authorisations.projects.get(study.authorisation or "")
        if project is not None and study.animals is not None and study.animals > project.animals:
            message = f"the authorisation {study.authorisation} approves {project.animals} animals"
            yield checked.resolved.problem((*path, "animals"), message, study.animals)
