"""Weeks laid out over a run: opening hours and shifts as intervals of seconds after the start."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator

from twin.scenario.weeks import Week

DAY_S = 86400.0
#: So long before the end of a shift a short task is begun at the latest (an assumption of ours).
LAST_TASK_S = 600.0

Interval = tuple[float, float]


class Calendar:
    """Intervals in order, contiguous ones joined; open or closed at any moment.

    Parameters
    ----------
    week : Week
    start : datetime
        Time zero.
    horizon_s : float
        The run's length; intervals go one week past it, so that what is booked near the end has somewhere to go.
    closed : set of date
        Days without any.
    """

    __slots__ = ("intervals", "starts", "start")

    def __init__(self, week: Week, start: dt.datetime, horizon_s: float, closed: frozenset[dt.date]) -> None:
        self.start = start
        self.intervals = tuple(_joined(_days(week, start, horizon_s + 7 * DAY_S, closed)))
        self.starts = [a for a, _ in self.intervals]

    def at(self, time_s: float) -> Interval | None:
        """The interval that holds this moment (its end excluded)."""
        i = bisect_right(self.starts, time_s) - 1
        return self.intervals[i] if i >= 0 and time_s < self.intervals[i][1] else None

    def from_(self, time_s: float) -> Iterator[Interval]:
        """The intervals that end after this moment, in order."""
        i = max(0, bisect_right(self.starts, time_s) - 1)
        for interval in self.intervals[i:]:
            if interval[1] > time_s:
                yield interval

    def last_moment(self, time_s: float) -> float | None:
        """The moment itself if there is time for a task then, else the last one before it with so much time left."""
        i = bisect_right(self.starts, time_s) - 1
        return min(time_s, max(self.intervals[i][0], self.intervals[i][1] - LAST_TASK_S)) if i >= 0 else None

    def weekday(self, time_s: float) -> int:
        """Day of the week, 0 = Monday."""
        return (self.start + dt.timedelta(seconds=time_s)).weekday()


def midnight_s(start: dt.datetime) -> float:
    """Midnight before the start, seconds after it (so never above 0)."""
    return (dt.datetime.combine(start.date(), dt.time()) - start).total_seconds()


def last_midnight_s(start: dt.datetime, time_s: float) -> float:
    """The last midnight up to a moment [s]."""
    midnight = midnight_s(start)
    return midnight + (time_s - midnight) // DAY_S * DAY_S


def _days(week: Week, start: dt.datetime, horizon_s: float, closed: frozenset[dt.date]) -> Iterator[Interval]:
    midnight = midnight_s(start)
    for day in range(int((horizon_s - midnight) // DAY_S) + 1):
        date = start.date() + dt.timedelta(days=day)
        if date not in closed:
            for a, b in week[date.weekday()]:
                yield max(0.0, midnight + day * DAY_S + a), midnight + day * DAY_S + b


def _joined(days: Iterator[Interval]) -> Iterator[Interval]:
    current: Interval | None = None
    for a, b in days:
        if b <= a:
            continue
        if current is not None and a <= current[1]:
            current = (current[0], max(current[1], b))
            continue
        if current is not None:
            yield current
        current = (a, b)
    if current is not None:
        yield current
