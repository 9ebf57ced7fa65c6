"""One day of a scenario by itself: who is to be imaged then, and the same day with a given plan."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from twin.errors import UsageError
from twin.experiments.playing import played
from twin.results.throughput import DAY_S, midnight_s
from twin.results.visits import visits
from twin.scenario import loading, merging
from twin.scenario.loading import Resolved

#: Rules that are compared with the plan.
RULES = ("first_come", "earliest_due", "batch_by_tracer")


@dataclass(frozen=True, slots=True)
class Booked:
    """Animals of one study on one bed, with the moment at which the bed is theirs.

    Attributes
    ----------
    study, protocol, time_point : str
    animals : tuple of str
        Names within the study.
    start_s : float
        When the bed is wanted, from midnight before the day that comes before.
    scanner : str
    """

    study: str
    protocol: str
    time_point: str
    animals: tuple[str, ...]
    start_s: float
    scanner: str


def wanted(scenario: Resolved, date: dt.date) -> dict[tuple[str, str], int]:
    """(study, protocol) -> animals that the scenario's own rule has booked for a day, with its own luck.

    Raises
    ------
    UsageError
        When the day is not in the scenario, or nobody is booked then.
    """
    start = scenario.scenario.start
    day = (date - start.date()).days
    if not 0 <= day < scenario.scenario.days:
        last = start.date() + dt.timedelta(days=max(int(scenario.scenario.days) - 1, 0))
        raise UsageError(f"--date {date}: the scenario plays {start.date()} to {last}")
    run = played(scenario).run
    table = visits(run)
    on_day = ((table["booked_s"] - midnight_s(run)) // DAY_S) == day
    found = Counter(zip(table.loc[on_day, "study"].astype(str), table.loc[on_day, "protocol"].astype(str), strict=True))
    if not found:
        raise UsageError(f"--date {date}: nobody is booked on that day")
    return dict(sorted(found.items()))


def alone(scenario: Resolved, date: dt.date, found: Mapping[tuple[str, str], int], rule: str) -> Resolved:
    """The day by itself: all animals are known the day before, and a rule books them for the day.

    It begins the day before because some rules book in the evening.
    """
    data = _day(scenario, date)
    for name in list(data["studies"]):
        if name not in {study for study, _ in found}:
            del data["studies"][name]
    for (study, protocol), count in found.items():
        data["studies"][study] |= {
            "animals": count,
            "protocol": protocol,
            "time_points": {"t1": {"at": "24 h"}},
            "arrival": {"dates": [data["start"]]},
        }
    data["policies"] = {**data.get("policies", {}), "booking": rule}
    return loading.load_data({**data, "name": rule}, base=scenario.base)


def given(day: Resolved, booked: Iterable[Booked]) -> Resolved:
    """The same day with a booking list."""
    data: dict[str, Any] = merging.merge({}, dict(day.data))
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in booked:
        at = f"{day.scenario.start + dt.timedelta(seconds=one.start_s):%Y-%m-%d %H:%M}"
        for animal in one.animals:
            row = {"animal": animal, "time_point": one.time_point, "start": at, "scanner": one.scanner}
            rows.setdefault(one.study, []).append(row)
    for study, listed in rows.items():
        data["studies"][study]["arrival"] = {"bookings": listed}
    data["policies"] = {**data.get("policies", {}), "booking": "given"}
    return loading.load_data({**data, "name": "plan"}, base=day.base)


def _day(scenario: Resolved, date: dt.date) -> dict[str, Any]:
    data: dict[str, Any] = merging.merge({}, dict(scenario.data))
    data |= {"start": f"{date - dt.timedelta(days=1)} 00:00", "days": 2}
    data["studies"] = {name: dict(study) for name, study in data["studies"].items()}
    return data
