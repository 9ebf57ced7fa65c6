"""The tables of a run: log in, DataFrame out. Columns are SI and named so; shares are in percent and named so."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from twin.results.activity import activity_balance, batches
from twin.results.frames import arrow, frames
from twin.results.resources import beds, people, rooms, scanners
from twin.results.run import Run
from twin.results.tasks import tasks
from twin.results.timeline import calendar, hours, timeline
from twin.results.visits import animals, visits

#: Every table by its name.
TABLES: dict[str, Callable[[Run], pd.DataFrame]] = {
    "tasks": tasks,
    "visits": visits,
    "animals": animals,
    "people": people,
    "scanners": scanners,
    "beds": beds,
    "rooms": rooms,
    "batches": batches,
    "activity_balance": activity_balance,
    "timeline": timeline,
    "calendar": calendar,
    "hours": hours,
}

__all__ = [
    "TABLES",
    "activity_balance",
    "animals",
    "arrow",
    "batches",
    "beds",
    "calendar",
    "frames",
    "hours",
    "people",
    "rooms",
    "scanners",
    "tasks",
    "timeline",
    "visits",
]
