"""Charts of the page Day."""

from __future__ import annotations

from typing import Any

from dashboard.charts.common import Chart, Shown
from dashboard.charts.of_tables import chart
from dashboard.figures import gantt, hours, queues, troubles


def _gantt(shown: Shown) -> tuple[Any, ...]:
    return shown.table("timeline"), shown.table("calendar"), hours.things(shown.table("hours")), shown.window


GANTT = Chart[Shown](
    "gantt",
    "What happens when",
    "time of day",
    "A row for each scanner, room and person. Point at a bar to see the animal, the task and the person.",
    lambda shown: gantt.figure(*_gantt(shown)),
    lambda shown: gantt.caption(shown.table("timeline"), shown.window),
    lambda shown: gantt.table(shown.table("timeline"), shown.window),
    420,
    narrow=lambda shown: gantt.narrow(*_gantt(shown)),
)
HOURS = Chart[Shown](
    "hours",
    "Use by hour",
    "% of each hour",
    "Of opening hours for scanners and rooms, of shifts less breaks for people.",
    lambda shown: hours.figure(shown.table("hours"), shown.window),
    lambda shown: hours.caption(shown.table("hours"), shown.window),
    lambda shown: hours.table(shown.table("hours"), shown.window),
    narrow=lambda shown: hours.narrow(shown.table("hours"), shown.window),
)
_TASKS = "session scanner bed wait_cause request_s start_s end_s"
QUEUES = chart(
    "queues", "Queues", "steps that wait", "How many steps stand waiting at every moment, and for what.",
    queues.QUEUES, {"tasks": _TASKS}, height=260,
)  # fmt: skip
CAUSES = chart(
    "wait_causes", "Waiting by cause", "min", "The waiting of all steps in these days, added up.",
    queues.CAUSES, {"tasks": _TASKS}, height=220, half=True,
)  # fmt: skip
BEDS = chart(
    "bed_use", "Beds", "time of day", "A bar for each session that had a bed, from its first step on it to cleaning.",
    queues.BEDS, {"bed_use": "bed scanner session animals start_s end_s"}, height=220,
)  # fmt: skip
TROUBLES = chart(
    "troubles", "Late, refused and lost visits", "visits",
    "Visits that began more than 15 minutes after their slot, or ended without a scan, with the reason.",
    troubles,
    {"visits": "visit study session booked_s status reason ended_s", "tasks": _TASKS},
    height=240, half=True,
)  # fmt: skip
CHARTS: tuple[Chart[Shown], ...] = (GANTT, HOURS, BEDS, QUEUES, CAUSES, TROUBLES)
