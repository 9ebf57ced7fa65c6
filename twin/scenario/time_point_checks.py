"""Time points that no start day, or not every start day, can meet: told before anything runs.

Fixed visits are in `calendar_checks.time_points`; here are those that come at random on known days of the week, those
that have no window (they are done, but late), and windows that are shorter than what comes before their slot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from twin.errors import Problem
from twin.scenario import model
from twin.scenario.calendar_checks import meets
from twin.scenario.checking import Checked
from twin.scenario.planned import before_bed_s
from twin.scenario.weeks import DAY_S, DAYS
from twin.scenario.windows import LONGEST_S, fixed, opening, protocol_of, three_weeks

WEEK_S = 7 * DAY_S
HOUR_S = 3600.0
#: Rules of booking that look for a slot in the window.
LOOKS_FOR_SLOTS = ("first_come", "earliest_due", "batch_by_tracer")


def streams(checked: Checked) -> Iterator[Problem]:
    """The window of a time point holds an opening hour for requests of some weekday at least."""
    for name, point, closed, days in _closed_days(checked):
        if closed == days and checked.scenario.studies[name].time_points[point].window is not None:
            message = f"the window of time point {point} holds no opening hour, on whichever day its request comes"
            yield checked.resolved.problem(("studies", name, "time_points", point), message)


def stream_warnings(checked: Checked) -> Iterator[Problem]:
    """Weekdays whose requests fall on closed days."""
    for name, point, closed, days in _closed_days(checked):
        said = checked.scenario.studies[name].time_points[point]
        if not closed or (closed == days and said.window is not None):
            continue
        named = ", ".join(DAYS[day] for day in closed)
        ends = "are cancelled" if said.window is not None else "are done when it opens again, too late"
        message = f"time point {point} of requests that come on {named} falls where the site is closed: they {ends}"
        yield checked.resolved.problem(("studies", name, "time_points", point), message)


def _closed_days(checked: Checked) -> Iterator[tuple[str, str, list[int], list[int]]]:
    """Study, time point, weekdays whose requests find it closed, weekdays on which requests come."""
    for name, study in checked.scenario.studies.items():
        hours = _request_hours(study.arrival)
        for point, said in study.time_points.items() if hours else ():
            if said.at == 0.0 and said.window is None:
                continue
            closed = [day for day, own in hours.items() if not _any_open(checked, said, day, own)]
            yield name, point, closed, list(hours)


def _request_hours(arrival: model.Arrival) -> dict[int, list[int]]:
    """The hours of each weekday at which requests may come; empty if they come at fixed times."""
    if arrival.poisson is not None:
        return {day: list(range(24)) for day in range(7)}
    if arrival.hourly is None:
        return {}
    hours = [hour for hour, rate in enumerate(arrival.hourly.rates) if rate > 0.0]
    return dict.fromkeys(arrival.hourly.days, hours) if hours else {}


def _any_open(checked: Checked, point: model.TimePoint, day: int, hours: list[int]) -> bool:
    """Whether some request of this weekday would find the site open in its window."""
    spans = three_weeks(checked.scenario.opening.hours)
    window_s = point.window or 0.0
    if 2.0 * window_s >= WEEK_S or any(last - first >= WEEK_S for first, last in spans):
        return bool(spans)
    for hour in hours:
        request_s = WEEK_S + day * DAY_S + hour * HOUR_S
        due_s = request_s + point.at % WEEK_S
        first_s = max(due_s - window_s, request_s if point.at < window_s else -WEEK_S)
        if meets(spans, first_s, due_s + window_s + HOUR_S):
            return True
    return False


def closed_when_due(checked: Checked) -> Iterator[Problem]:
    """Warn of fixed visits without a window that are due while the site is closed; once for each time point."""
    for name, study in checked.scenario.studies.items():
        told: set[str] = set()
        for point, due_s, last_s in fixed(checked, name):
            said = study.time_points.get(point)
            late = said is not None and said.at > 0.0 and said.window is None and last_s == float("inf")
            if late and point not in told and 0.0 <= due_s < LONGEST_S:
                for problem in _late(checked, name, point, due_s):
                    told.add(point)
                    yield problem


def _late(checked: Checked, study: str, point: str, due_s: float) -> Iterator[Problem]:
    """That a visit waits for the next opening."""
    is_open = opening(checked.scenario, min(due_s + 2.0 * WEEK_S, LONGEST_S))
    if meets(is_open, due_s, due_s):
        return
    start = checked.scenario.start
    due = start + dt.timedelta(seconds=due_s)
    opens_s = next((first for first, _ in is_open if first > due_s), None)
    then = "and it does not open within two weeks"
    if opens_s is not None:
        opens, late_h = start + dt.timedelta(seconds=opens_s), (opens_s - due_s) / HOUR_S
        then = f"and without a window it is done from {opens:%a %Y-%m-%d %H:%M} on, {late_h:.0f} h late"
    message = f"time point {point} is due on {due:%a %Y-%m-%d %H:%M}, when the site is closed, {then}"
    yield checked.resolved.problem(("studies", study, "time_points", point), message)


def too_narrow(checked: Checked) -> Iterator[Problem]:
    """A window that is over before an animal could be on the bed can never be met, on whichever day it starts."""
    if checked.scenario.policies.booking not in LOOKS_FOR_SLOTS:
        return
    for name, study in checked.scenario.studies.items():
        if study.arrival.bookings is not None:
            continue
        for point, said in study.time_points.items():
            plan = checked.plans.get(protocol_of(study, point))
            if said.window is None or plan is None:
                continue
            wide_s, before_s = said.window + min(said.at, said.window), before_bed_s(plan)
            if wide_s < before_s:
                message = (
                    f"the window of time point {point} is {wide_s / 60:.0f} min wide, and a session needs "
                    f"{before_s / 60:.0f} min by the mean durations before its animal is on the bed: no slot can ever "
                    f"be found"
                )
                yield checked.resolved.problem(("studies", name, "time_points", point, "window"), message)
