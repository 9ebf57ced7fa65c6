"""Charts of the page Overview."""

from __future__ import annotations

from dashboard.charts.common import Chart, Shown
from dashboard.charts.of_tables import chart
from dashboard.figures import limiting, scanned

CHARTS: tuple[Chart[Shown], ...] = (
    chart(
        "limiting", "What throughput is limited by", "min",
        "What visits stood waiting for, most of it first, and how busy that was in its own time.",
        limiting, {"waited_for": "name kind wait_s busy_pct"}, height=260, half=True,
    ),
    chart(
        "scanned", "How visits end", "visits", "Usable scans of each study, and visits that ended without one.",
        scanned, {"visits": "study usable ended_s"}, height=260, half=True,
    ),
)  # fmt: skip
