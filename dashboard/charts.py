"""The charts of the pages: for each its figure, its sentence and its table, from what somebody may see of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.figures import gantt, hours, states, waits
from dashboard.figures.window import Window

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from dashboard.runs import View

#: The label of the run that others are compared with, and of the run itself.
BASELINE, CHANGED = "baseline", "what-if"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: runs by their labels, and the days."""

    runs: Mapping[str, View]
    window: Window

    @property
    def run(self) -> View:
        """The run itself."""
        return list(self.runs.values())[-1]

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run; who did something is blank for those who may not know."""
        table = self.run.tables[name]
        return table if name != "timeline" or "people" in table else table.assign(people="")

    @property
    def base(self) -> View | None:
        """What the run is compared with, if there is such a run."""
        return next(iter(self.runs.values())) if len(self.runs) > 1 else None

    @property
    def kpis(self) -> dict[str, Mapping[str, object]]:
        """The KPIs of each run."""
        return {label: run.kpis for label, run in self.runs.items()}

    @property
    def scanners(self) -> dict[str, pd.DataFrame]:
        """The table of scanners of each run."""
        return {label: run.tables["scanners"] for label, run in self.runs.items()}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Attributes
    ----------
    name, title, help : str
    figure : callable
        Shown -> plotly figure.
    caption : callable
        Shown -> the sentence with its numbers.
    table : callable
        Shown -> what stands behind it, with units in the names of the columns.
    """

    name: str
    title: str
    help: str
    figure: Callable[[Shown], go.Figure]
    caption: Callable[[Shown], str]
    table: Callable[[Shown], pd.DataFrame]


def _gantt(shown: Shown) -> go.Figure:
    timeline, calendar = shown.table("timeline"), shown.table("calendar")
    return gantt.figure(timeline, calendar, hours.things(shown.table("hours")), shown.window)


GANTT = Chart(
    "gantt",
    "What happens when",
    "A row for each scanner, room and person. Point at a bar to see the animal, the task and the person.",
    _gantt,
    lambda shown: gantt.caption(shown.table("timeline"), shown.window),
    lambda shown: gantt.table(shown.table("timeline"), shown.window),
)
HOURS = Chart(
    "hours",
    "Use by hour",
    "Share of each hour that is used, in %: of opening hours for scanners and rooms, of shifts less breaks for people.",
    lambda shown: hours.figure(shown.table("hours"), shown.window),
    lambda shown: hours.caption(shown.table("hours"), shown.window),
    lambda shown: hours.table(shown.table("hours"), shown.window),
)
STATES = Chart(
    "states",
    "Where the scanner's time goes",
    "What each scanner does in the opening hours.",
    lambda shown: states.figure(shown.scanners),
    lambda shown: states.caption(shown.scanners),
    lambda shown: states.table(shown.scanners),
)
WAITS = Chart(
    "waits",
    "What a visit waits for",
    "Mean time of a visit in which its animal waits.",
    lambda shown: waits.figure(shown.kpis),
    lambda shown: waits.caption(shown.kpis),
    lambda shown: waits.table(shown.kpis),
)
WHAT_IF: tuple[Chart, ...] = (STATES, WAITS)
DAY: tuple[Chart, ...] = (GANTT, HOURS)
CHARTS: dict[str, Chart] = {chart.name: chart for chart in (*WHAT_IF, *DAY)}
