"""Charts of the page Day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.charts.common import Chart, Shown
from dashboard.figures import gantt, hours

if TYPE_CHECKING:
    import plotly.graph_objects as go


def _gantt(shown: Shown) -> go.Figure:
    timeline, calendar = shown.table("timeline"), shown.table("calendar")
    return gantt.figure(timeline, calendar, hours.things(shown.table("hours")), shown.window)


GANTT = Chart[Shown](
    "gantt",
    "What happens when",
    "time of day",
    "A row for each scanner, room and person. Point at a bar to see the animal, the task and the person.",
    _gantt,
    lambda shown: gantt.caption(shown.table("timeline"), shown.window),
    lambda shown: gantt.table(shown.table("timeline"), shown.window),
    420,
)
HOURS = Chart[Shown](
    "hours",
    "Use by hour",
    "% of each hour",
    "Of opening hours for scanners and rooms, of shifts less breaks for people.",
    lambda shown: hours.figure(shown.table("hours"), shown.window),
    lambda shown: hours.caption(shown.table("hours"), shown.window),
    lambda shown: hours.table(shown.table("hours"), shown.window),
)
CHARTS: tuple[Chart[Shown], ...] = (GANTT, HOURS)
