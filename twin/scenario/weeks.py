"""Weeks, weekdays, times of day and instants: the calendar words of a scenario.

A `Week` is seven tuples, Monday first, of (start, end) in seconds within the day. A shift over midnight is split.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from typing import Any, TypeAlias

from twin.errors import nearest, shorten

DAY_S = 86400.0
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Interval: TypeAlias = tuple[float, float]
Week: TypeAlias = tuple[tuple[Interval, ...], ...]

ALWAYS: Week = (((0.0, DAY_S),),) * 7

_ALLOWED = (
    "always, or a map of days (mon ... sun, mon-fri, sat-sun, daily) to hours such as "
    '"08:00-18:00", a list of them, or closed'
)
_HOURS = {"type": "string", "pattern": r"^(closed|\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2})$", "examples": ["08:00-18:00"]}
JSON_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"enum": ["always", "24/7"]},
        {
            "type": "object",
            "propertyNames": {"pattern": f"^(daily|({'|'.join(DAYS)})(-({'|'.join(DAYS)}))?)$"},
            "additionalProperties": {"anyOf": [_HOURS, {"type": "array", "items": _HOURS}]},
        },
    ]
}


def parse_week(value: object) -> Week:
    """The working times that ``value`` says; a day by itself wins over a span of days, and both over ``daily``."""
    if isinstance(value, tuple):
        return value
    if value in ("always", "24/7"):
        return ALWAYS
    if not isinstance(value, dict) or not value:
        raise ValueError(f"{shorten(value)} is not a week; allowed: {_ALLOWED}")
    _refuse_named_twice(list(value))
    said: dict[int, list[Interval]] = {}
    for key in sorted(value, key=lambda key: -len(_days(key))):
        hours = _parse_hours(value[key])
        said.update(dict.fromkeys(_days(key), hours))
    return _week(said)


def _refuse_named_twice(keys: list[object]) -> None:
    """Two spans of days that share one contradict each other, as does ``daily`` if spans leave it no day."""
    first: dict[int, object] = {}
    for key in keys:
        days = [] if key == "daily" else _days(key)
        twice = [day for day in days if len(days) > 1 and first.setdefault(day, key) != key]
        if twice:
            other = first[twice[0]]
            raise ValueError(
                f"{DAYS[twice[0]]} is named twice, by {other} and by {key}: write each day in one span (a span of "
                f"another layer is taken out with `{other}: null`); a day by itself wins over a span, both over daily"
            )
    if "daily" in keys and len(first) == len(DAYS):
        spans = " and ".join(dict.fromkeys(map(str, first.values())))
        raise ValueError(f"{spans} name every day, so that daily means none; take them out (`{first[0]}: null`)")


def _week(said: dict[int, list[Interval]]) -> Week:
    """Each day's intervals, what passes midnight on the next day, those that touch merged."""
    days: list[list[Interval]] = [[] for _ in DAYS]
    for day, hours in said.items():
        for start, end in hours:
            if end > start:
                days[day].append((start, end))
            else:
                days[day].append((start, DAY_S))
                days[(day + 1) % 7].append((0.0, end))
    return tuple(tuple(_merged(sorted(day))) for day in days)


def _merged(intervals: list[Interval]) -> list[Interval]:
    """Intervals in order, without empty ones, those that touch or overlap made one."""
    result: list[Interval] = []
    for start, end in intervals:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        elif end > start:
            result.append((start, end))
    return result


def _parse_hours(value: object) -> list[Interval]:
    """``"08:00-18:00"``, a list of such, or ``closed``."""
    if value == "closed":
        return []
    if isinstance(value, list):
        return [interval for part in value for interval in _parse_hours(part)]
    parts = value.split("-") if isinstance(value, str) else []
    if len(parts) != 2:
        raise ValueError(f'{shorten(value)} is not a span of hours; allowed: "08:00-18:00", a list of such, or closed')
    start, end = (parse_time_of_day(part.strip()) for part in parts)
    if start == end:
        raise ValueError(f'{shorten(value)} begins and ends at the same time; for a whole day write "00:00-24:00"')
    return [(start, end)]


def parse_time_of_day(value: object) -> float:
    """Seconds after midnight of a text such as ``"07:45"``."""
    found = re.fullmatch(r"(\d{1,2}):([0-5]\d)", value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f'{shorten(value)} is not a time of day; write it as text, e.g. "07:45"')
    seconds = int(found[1]) * 3600.0 + int(found[2]) * 60.0
    if seconds > DAY_S:
        raise ValueError(f"{shorten(value)} is later than 24:00")
    return seconds


def parse_weekdays(value: object) -> tuple[int, ...]:
    """Days of the week, 0 = Monday, of ``mon-fri``, ``daily``, ``mon`` or a list of such; numbers pass through."""
    if isinstance(value, tuple):
        return value
    words = value if isinstance(value, list) else [value]
    days = sorted({day for word in words for day in _days(word)})
    if not days:
        raise ValueError(f"{shorten(value)} names no day; allowed: mon ... sun, mon-fri, daily, or a list of such")
    return tuple(days)


def _days(word: object) -> list[int]:
    """The days that one word names."""
    if word == "daily":
        return list(range(7))
    ends = [_day(part, word) for part in str(word).split("-", 1)]
    if len(ends) == 1:
        return ends
    first, last = ends
    return [day % 7 for day in range(first, first + (last - first) % 7 + 1)]


def _day(part: str, word: object) -> int:
    if part not in DAYS:
        close = nearest(word, (*DAYS, "mon-fri", "sat-sun", "daily"))
        hint = f"; did you mean {close!r}?" if close else ""
        raise ValueError(
            f"{shorten(word)} is no day of the week; allowed: mon ... sun, spans such as mon-fri, daily{hint}"
        )
    return DAYS.index(part)


def parse_instant(value: object) -> dt.datetime:
    """A naive local instant of ``"2026-03-02 09:00"``, a date (its midnight) or a datetime."""
    if isinstance(value, str):
        value = _read_instant(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            raise ValueError(f"{shorten(str(value))} has a time zone; times are local, without one")
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    raise ValueError(f'{shorten(value)} is not a date or an instant; write "2026-03-02" or "2026-03-02 09:00"')


def _read_instant(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f'{shorten(text)} is not a date or an instant; write "2026-03-02" or "2026-03-02 09:00"'
        ) from None


def intervals(week: Week, start: dt.datetime, horizon_s: float, closed: Collection[dt.date] = ()) -> Iterator[Interval]:
    """The working times from ``start`` on, in seconds after it, up to the horizon; spans over midnight are whole.

    Parameters
    ----------
    week : Week
    start : datetime
        Time zero.
    horizon_s : float
        Where to stop [s].
    closed : collection of date
        Days without work.
    """
    midnight = dt.datetime(start.year, start.month, start.day)
    offset = (midnight - start).total_seconds()
    pending: Interval | None = None
    for number in range(int((horizon_s - offset) // DAY_S) + 1):
        day = midnight.date() + dt.timedelta(days=number)
        for first, last in () if day in closed else week[day.weekday()]:
            zero = offset + number * DAY_S
            begin, end = max(zero + first, 0.0), min(zero + last, horizon_s)
            if pending and begin <= pending[1]:
                pending = (pending[0], end)
            else:
                if pending:
                    yield pending
                pending = (begin, end) if end > begin else None
    if pending:
        yield pending
