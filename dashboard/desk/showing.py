"""Runs that are there: what pages show of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dashboard.address import Day, WhatIf
from dashboard.charts.common import BASELINE, CHANGED, Shown
from dashboard.desk.asked import SeenJobs
from dashboard.figures.window import Window
from dashboard.jobs import Status

if TYPE_CHECKING:
    from dashboard.config import Config


class Showing:
    """Runs of the store.

    Parameters
    ----------
    config : Config
    """

    def __init__(self, config: Config) -> None:
        self.jobs, self.runs = SeenJobs(config.jobs), config.runs

    def shown(self, run: str, against: str = "", day: Day | None = None) -> Shown:
        """What a page shows of run folders.

        Raises
        ------
        StoreError
            When there is no such run.
        """
        view = self.runs.open(run)
        views = {CHANGED if against else view.name: view}
        if against:
            views = {BASELINE: self.runs.open(against)} | views
        chosen = day or Day(run)
        return Shown(views, Window(view.start, view.horizon_s, chosen.day, chosen.view).within())

    def shown_or_none(self, state: WhatIf) -> Shown | None:
        """The same for a page that is opened; None: there is nothing to show."""
        from twin import api

        try:
            return self.shown(state.run, state.against) if state.run else None
        except api.StoreError:
            return None

    def compared(self, said: Mapping[str, str]) -> Shown:
        """The runs that a page compares, from its store."""
        return self.shown(said["run"], said.get("against", ""))

    def window(self, said: Mapping[str, Any]) -> Window:
        """The days that a page shows, from its store."""
        return self.shown(said["run"], day=Day(said["run"], said["day"], said["view"])).window

    def with_run(self, state: Day) -> Day:
        """The state with the newest run, if it names none."""
        listed = self.runs.listing() if not state.run else ()
        return replace(state, run=listed[0].folder.name) if listed else state

    def baseline_of(self, run: str) -> str:
        """The run folder of the same scenario without the changes that a run was asked for with; empty: none."""
        done = [status for status in self.jobs.listing() if status.run]
        own = next((status.request for status in done if status.run == run), None)
        if own is None or not own.patch:
            return ""
        plain = replace(own, patch="", user="")
        kept = {line.folder.name for line in self.runs.listing()}
        return next((s.run or "" for s in done if replace(s.request, user="") == plain and s.run in kept), "")

    @staticmethod
    def definitions() -> Mapping[str, Mapping[str, str | None]]:
        """What each figure is."""
        from twin import api

        return api.kpi_definitions()

    def earlier(self, most: int = 10) -> list[dict[str, Any]]:
        """The newest runs of the store for a list, with what was asked for if the dashboard asked."""
        asked = {status.run: status for status in reversed(self.jobs.listing()) if status.run}
        return [_line(line, asked.get(line.folder.name)) for line in self.runs.listing()[:most]]


def _line(line: Any, status: Status | None) -> dict[str, Any]:
    label = status.label if status else f"{line.name}, seed {line.seed}"
    return {
        "run": line.folder.name,
        "job": status.job if status else "",
        "label": label,
        "written": f"{line.written:%d %b %Y, %H:%M}",
        "days": line.days,
        "by": (status.user if status and status.user else line.by),
    }
