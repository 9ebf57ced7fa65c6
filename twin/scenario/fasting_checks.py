"""Animals whose food is taken away so late that most of a day is over before they may be injected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from math import inf

from twin import units
from twin.errors import Problem
from twin.scenario import protocols
from twin.scenario.checking import Checked
from twin.scenario.time_point_checks import LOOKS_FOR_SLOTS
from twin.scenario.weeks import DAY_S, DAYS, Interval
from twin.scenario.windows import three_weeks, working

#: Told if less than this part of a day's opening is left.
LEAST_LEFT = 0.5
#: The third week: what is done on the days before it is known.
FIRST_S = 14 * DAY_S


def late(checked: Checked) -> Iterator[Problem]:
    """Warn of the earliest injection of fasted animals where it takes more than half of an opening day."""
    if checked.scenario.policies.booking not in LOOKS_FOR_SLOTS:
        return
    work = _carers(checked)
    days = [span for span in three_weeks(checked.scenario.opening.hours) if FIRST_S <= span[0] < FIRST_S + 7 * DAY_S]
    used = {protocol for study in checked.scenario.studies for protocol in checked.protocols_of(study)}
    for name in sorted(used):
        fasting = checked.scenario.protocols[name].fasting
        found = None if fasting is None else _latest(work, days, *fasting)
        if fasting is not None and found is not None:
            (opens_s, closes_s), begins_s = found
            day = DAYS[int(opens_s // DAY_S) % 7]
            message = (
                f"fasted animals are injected from {_clock(begins_s)} on at the earliest ({day}), and the site is open "
                f"from {_clock(opens_s)} to {_clock(closes_s)}: somebody with the skill animal_care who is in takes "
                f"food away, {units.fmt(fasting[0], 's')} to {units.fmt(fasting[1], 's')} before; let somebody come "
                f"earlier, or allow a longer fasting, so that it can be the evening before"
            )
            yield checked.resolved.problem(("protocols", name, "fasting"), message)


def _latest(
    work: list[Interval], days: list[Interval], least_s: float, longest_s: float
) -> tuple[Interval, float] | None:
    """The first day that is more than half over, and when an injection can be then [s]."""
    for first_s, last_s in days:
        begins_s = min(_starts(work, first_s, least_s, longest_s), default=last_s)
        if begins_s < last_s and last_s - begins_s < LEAST_LEFT * (last_s - first_s):
            return (first_s, last_s), begins_s
    return None


def _carers(checked: Checked) -> list[Interval]:
    """When somebody is in who takes food away, in three weeks."""
    return sorted({span for week in working(checked, "animal_care") for span in three_weeks(week)})


def _starts(work: list[Interval], first_s: float, least_s: float, longest_s: float) -> list[float]:
    """Not before a moment, when animals may be injected whose food was taken away in each of the spans [s]."""
    return [max(first_s, a + least_s) for a, b in work if max(first_s, a + least_s) <= b + longest_s]


def fasted_from_s(checked: Checked, protocol: str, moment_s: float) -> float:
    """From when on, not before a moment of the run, a protocol's animals have fasted; infinite: never [s]."""
    said = checked.scenario.protocols[protocol]
    if protocols.fasting_s(checked.resolved, said) is None or said.fasting is None:
        return moment_s
    start = checked.scenario.start
    week_s = start.weekday() * DAY_S + (start - start.replace(hour=0, minute=0, second=0)).total_seconds()
    there_s = FIRST_S + (week_s + moment_s) % (7 * DAY_S)
    return moment_s + min(_starts(_carers(checked), there_s, *said.fasting), default=inf) - there_s


def clock(start: dt.datetime, moment_s: float) -> str:
    """A moment of the run as a time of its day."""
    return f"{start + dt.timedelta(seconds=moment_s):%H:%M}"


def _clock(time_s: float) -> str:
    """A time of day."""
    minutes = round(time_s % DAY_S / 60.0)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
