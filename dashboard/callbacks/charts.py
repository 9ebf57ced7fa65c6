"""Every chart follows what its page shows: the drawing, its sentence, its table, its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, dcc, no_update

from dashboard import address, ids
from dashboard.address import Day
from dashboard.charts import DAY, WHAT_IF, Chart, Shown
from dashboard.desk import Desk
from dashboard.pages import graph

Said = Mapping[str, Any] | None


def register(app: Dash, desk: Desk) -> None:
    """Callbacks of every chart."""
    for chart in WHAT_IF:
        _register(app, desk, chart, ids.COMPARED)
    for chart in DAY:
        _register(app, desk, chart, ids.SHOWN)


def _register(app: Dash, desk: Desk, chart: Chart, store: str) -> None:
    name = chart.name

    @app.callback(Output(ids.graph(name), "figure"), Output(ids.caption(name), "children"), Input(store, "data"))
    def draw(said: Said) -> Any:
        shown = of(desk, said)
        return (no_update, "") if shown is None else (chart.figure(shown), chart.caption(shown))

    @app.callback(
        Output(ids.table(name), "children"), Input(ids.table_button(name), "n_clicks"), Input(store, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def table(clicks: int | None, said: Said) -> Any:
        shown = of(desk, said) if clicks else None
        return None if shown is None else graph.table(chart, chart.table(shown))

    @app.callback(
        Output(ids.file(name), "data"), Input(ids.save(name), "n_clicks"), State(store, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def save(_clicks: int | None, said: Said) -> Any:
        shown = of(desk, said)
        return no_update if shown is None else csv(chart, shown)


def of(desk: Desk, said: Said) -> Shown | None:
    """What a page shows, from its store; None while there is no run."""
    if not said or not said.get("run"):
        return None
    day = Day(said["run"], int(said.get("day", 0)), address.view(said.get("view")))
    return desk.shown(said["run"], said.get("against", ""), day)


def csv(chart: Chart, shown: Shown) -> dict[str, Any]:
    """The numbers of a chart as a file."""
    name = f"{chart.name}-{shown.run.folder}.csv"
    text: dict[str, Any] = dcc.send_string(chart.table(shown).to_csv(index=False), name, type="text/csv")
    return text
