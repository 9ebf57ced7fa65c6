"""The page Overview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import Dash, Input, Output, State, no_update

from dashboard import address, contents, ids
from dashboard.address import Day
from dashboard.callbacks import charts, run_page
from dashboard.charts import overview as overview_charts
from dashboard.charts.common import BASELINE, CHANGED, Shown
from dashboard.desk.desk import Desk
from dashboard.pages import overview as pages


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address."""
    said = address.day(search).against

    def against(shown: Shown) -> str:
        """As the address says; else what the run was asked for against."""
        return "" if said == pages.NOTHING else said or desk.showing.baseline_of(shown.run.folder)

    return run_page.page(
        desk, "overview", search, lambda shown: body(desk, shown, against(shown)),
        lambda shown: pages.choices(shown, against(shown), desk.showing.earlier(run_page.MOST)),
    )  # fmt: skip


def body(desk: Desk, shown: Shown, against: str) -> Sequence[Any]:
    """The cards and charts; against another run if the address names one."""
    from twin import api

    trouble = []
    if against:
        try:
            shown = replace(shown, runs={BASELINE: desk.showing.runs.open(against), CHANGED: shown.run})
        except api.StoreError as error:
            trouble = [pages.missing(str(error))]
    definitions = desk.showing.definitions()
    keys = [one.key for one in pages.headlines(shown, definitions)]
    return [*trouble, *pages.body(shown, definitions, desk.showing.runs.estimates(shown.run.folder, keys))]


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    charts.register_run(app, desk, overview_charts.CHARTS)

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True), Input(ids.AGAINST_CHOICE, "value"),
        State(ids.SHOWN, "data"), State(ids.LOCATION, "search"), prevent_initial_call=True,
    )  # fmt: skip
    def compare(against: str, said: dict[str, Any], search: str | None) -> Any:
        there = address.day(search).against or desk.showing.baseline_of(said["run"]) or pages.NOTHING
        here = contents.named("overview").path
        return no_update if against == there else here + address.search(Day(said["run"], against=against))
