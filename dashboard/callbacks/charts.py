"""Every chart follows what its page shows: the drawing, its sentence, its table, its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, dcc, no_update

from dashboard import address, ids
from dashboard.address import Day
from dashboard.charts.common import Chart, Shown
from dashboard.desk.desk import Desk
from dashboard.pages import graph, rows

if TYPE_CHECKING:
    import pandas as pd

Said = Mapping[str, Any] | None
#: What stands in a page's store -> what its charts are drawn from; None: there is nothing to draw yet.
Subject = Callable[[Said], Any]


def register_run(app: Dash, desk: Desk, charts: Iterable[Chart[Shown]], store: str = ids.SHOWN) -> None:
    """Callbacks of charts of a run, which a store names."""
    register(app, charts, store, lambda said: of(desk, said))


def register(app: Dash, charts: Iterable[Chart[Any]], store: str, subject: Subject) -> None:
    """Callbacks of charts that follow a store."""
    for chart in charts:
        _register(app, chart, store, subject)


def _register(app: Dash, chart: Chart[Any], store: str, subject: Subject) -> None:
    name = chart.name

    @app.callback(
        Output(ids.graph(name), "figure"), Output(ids.graph(name), "style"), Output(ids.caption(name), "children"),
        Input(store, "data"), Input(ids.NARROW, "data"),
    )  # fmt: skip
    def draw(said: Said, narrow: object) -> Any:
        shown = subject(said)
        if shown is None:
            return no_update, no_update, ""
        figure = chart.drawn(shown, narrow is True)
        room = {"minHeight": figure.layout.height or chart.height} if len(figure.data) else {"display": "none"}
        return figure, room, chart.caption(shown)

    @app.callback(
        Output(ids.table(name), "children"), Input(ids.table_button(name), "n_clicks"), Input(store, "data"),
        Input(ids.order(name), "data"), Input(ids.find(name), "value"), prevent_initial_call=True,
    )  # fmt: skip
    def table(clicks: int | None, said: Said, order: Any, words: Any) -> Any:
        shown = subject(said) if clicks else None
        return None if shown is None else graph.table(chart, chart.table(shown), rows.order(order), str(words or ""))

    @app.callback(
        Output(ids.file(name), "data"), Input(ids.save(name), "n_clicks"), State(store, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def save(clicks: int | None, said: Said) -> Any:
        shown = subject(said) if clicks else None
        return no_update if shown is None else csv(chart, shown)


def of(desk: Desk, said: Said) -> Shown | None:
    """What a page of runs shows, from its store; None while there is no run."""
    if not said or not said.get("run"):
        return None
    day = Day(said["run"], int(said.get("day", 0)), address.view(said.get("view")))
    return desk.showing.shown(said["run"], said.get("against", ""), day)


def csv(chart: Chart[Any], shown: Any) -> dict[str, Any]:
    """The numbers of a chart as a file."""
    name = f"{chart.name}-{shown.label}.csv"
    text: dict[str, Any] = dcc.send_string(harmless(chart.table(shown)).to_csv(index=False), name, type="text/csv")
    return text


#: What a spreadsheet takes for the beginning of a formula, also in the wide forms of East Asian keyboards.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """The same with a mark before text that a spreadsheet would compute."""
    words = [name for name in table.columns if any(isinstance(cell, str) for cell in table[name])]
    return table.assign(**{name: table[name].map(_harmless) for name in words})


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
