"""Charts of the page Compliance."""

from __future__ import annotations

from dashboard.charts.common import Chart, Shown
from dashboard.charts.of_tables import chart
from dashboard.figures import compliance

_NEEDS = {"compliance": "kind item thing begins_s due_s done_s state in_time"}

CHARTS: tuple[Chart[Shown], ...] = (
    chart(
        "calendar", "Calendar", "date",
        "A row for each thing that is to be done or renewed; the dotted line is where the run stopped.",
        compliance.CALENDAR, _NEEDS, height=420,
    ),
    chart("kinds", "Met in time", "dates", "What became of the dates, by kind.", compliance.KINDS, _NEEDS, height=220),
)  # fmt: skip
