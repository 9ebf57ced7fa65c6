"""Animals whose food is taken away so late that most of a day is over before they may be injected."""

from __future__ import annotations

from collections.abc import Iterator

from twin import units
from twin.errors import Problem
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
    work = sorted({span for week in working(checked, "animal_care") for span in three_weeks(week)})
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
        starts = [max(first_s, a + least_s) for a, b in work if max(first_s, a + least_s) <= b + longest_s]
        begins_s = min(starts, default=last_s)
        if begins_s < last_s and last_s - begins_s < LEAST_LEFT * (last_s - first_s):
            return (first_s, last_s), begins_s
    return None


def _clock(time_s: float) -> str:
    """A time of day."""
    minutes = round(time_s % DAY_S / 60.0)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
