"""Charts of the results of What if."""

from __future__ import annotations

from dashboard.charts.common import Chart, Shown
from dashboard.figures import states, waits

STATES = Chart[Shown](
    "states",
    "Where the scanner's time goes",
    "% of opening hours",
    "What each scanner does in the opening hours.",
    lambda shown: states.figure(shown.scanners),
    lambda shown: states.caption(shown.scanners),
    lambda shown: states.table(shown.scanners),
    220,
    narrow=lambda shown: states.narrow(shown.scanners),
)
WAITS = Chart[Shown](
    "waits",
    "What a visit waits for",
    "min",
    "Mean time of a visit in which its animal waits.",
    lambda shown: waits.figure(shown.kpis),
    lambda shown: waits.caption(shown.kpis),
    lambda shown: waits.table(shown.kpis),
    220,
)
CHARTS: tuple[Chart[Shown], ...] = (STATES, WAITS)
