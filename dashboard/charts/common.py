"""What every chart has, and what the charts of a page of runs are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dashboard.figures.window import Window

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from dashboard.runs import View

#: The label of the run that others are compared with, and of the run itself.
BASELINE, CHANGED = "baseline", "what-if"
Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of runs shows: runs by their labels, and the days."""

    runs: Mapping[str, View]
    window: Window

    @property
    def run(self) -> View:
        """The run itself."""
        return list(self.runs.values())[-1]

    @property
    def label(self) -> str:
        """For the names of files."""
        return self.run.folder

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run; who did something is blank for those who may not know."""
        table = self.run.tables[name]
        return table if name != "timeline" or "people" in table else table.assign(people="")

    @property
    def base(self) -> View | None:
        """What the run is compared with, if there is such a run."""
        return next(iter(self.runs.values())) if len(self.runs) > 1 else None

    @property
    def kpis(self) -> dict[str, Mapping[str, Any]]:
        """The KPIs of each run."""
        return {label: run.kpis for label, run in self.runs.items()}

    @property
    def scanners(self) -> dict[str, pd.DataFrame]:
        """The table of scanners of each run."""
        return {label: run.tables["scanners"] for label, run in self.runs.items()}


@dataclass(frozen=True)  # no slots: a generic class notes what it was made for
class Chart(Generic[Subject]):
    """A chart of a page.

    Attributes
    ----------
    name : str
        Unique among all charts; a part of its components' names.
    title : str
        What it shows.
    unit : str
        Of its values, as a person reads it; stands behind the title.
    help : str
        A sentence on how to read it.
    figure : callable
        What the page shows -> plotly figure.
    caption : callable
        -> the sentence with its numbers.
    table : callable
        -> what stands behind it, with units in the names of the columns.
    height : int
        Of the place that is kept for it [px].
    half : bool
        Whether it stands beside another where the screen is wide.
    narrow : callable, optional
        Its form on a narrow screen, where it has one of its own.
    """

    name: str
    title: str
    unit: str
    help: str
    figure: Callable[[Subject], go.Figure]
    caption: Callable[[Subject], str]
    table: Callable[[Subject], pd.DataFrame]
    height: int = 300
    half: bool = False
    narrow: Callable[[Subject], go.Figure] | None = None

    def drawn(self, shown: Subject, is_narrow: bool = False) -> go.Figure:
        """The drawing for a screen."""
        return self.narrow(shown) if is_narrow and self.narrow else self.figure(shown)
