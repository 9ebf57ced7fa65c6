"""A chart on a page: the only place that makes a graph, so that none can send data away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import ids
from dashboard.charts.common import Chart
from dashboard.figures import words
from dashboard.pages import rows, shell

if TYPE_CHECKING:
    import pandas as pd

#: No logo, no button that would send the chart to somebody else's server, and none for a picture, which each chart has.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "modeBarButtonsToRemove": ["sendChartToCloud", "toImage", "select2d", "lasso2d", "autoScale2d"],
    "responsive": True,
}


def graph(name: str, figure: Any = None, height: int = 300) -> dcc.Graph:
    """A graph; until it is drawn its place is kept free."""
    empty = {"layout": {"height": height, "xaxis": {"visible": False}, "yaxis": {"visible": False}}}
    return dcc.Graph(id=name, figure=figure or empty, config=CONFIG, style={"minHeight": height})


def panels(charts: Iterable[Chart[Any]]) -> Any:
    """Charts below each other; those that are half as wide in pairs where the screen is wide."""
    return html.Div([panel(chart) for chart in charts], className="panels")


def panel(chart: Chart[Any]) -> Any:
    """A chart with its title, its sentence, its table and its files."""
    name = chart.name
    drawing = dcc.Loading(
        graph(ids.graph(name), height=chart.height), delay_show=400, color="var(--mantine-color-anchor)",
        overlay_style={"visibility": "visible", "opacity": 0.4},
    )  # fmt: skip
    return dmc.Paper(
        html.Figure(
            [
                _head(chart),
                html.Div(drawing, className="chart"),
                html.Figcaption(dmc.Text(id=ids.caption(name), size="sm", my="xs")),
                _behind(chart),
            ],
            role="group",
            className="figure",
            **{"aria-label": chart.title},
        ),
        withBorder=True,
        p="md",
        className="panel half" if chart.half else "panel",
    )


def _head(chart: Chart[Any]) -> Any:
    """What it is called, its unit, what it shows, and its files."""
    unit = html.Span(f" {chart.unit}", className="unit") if chart.unit else None
    said = dmc.Box(
        [dmc.Title([chart.title, unit], order=2, size="h4"), dmc.Text(chart.help, size="sm", c="dimmed")],
        className="grows",
    )
    csv = html.Button("CSV", id=ids.save(chart.name), **_saves(chart, "CSV"))
    files = html.Div([*(_picture(chart, kind) for kind in ("PNG", "SVG")), csv], className="files")
    return html.Div([said, files, dcc.Download(id=ids.file(chart.name))], className="figure-head")


def _picture(chart: Chart[Any], kind: str) -> Any:
    """A button that saves the drawing; the browser does it (``page.js``)."""
    about = {"data-chart": ids.graph(chart.name), "data-format": kind.lower(), "data-title": chart.title}
    return html.Button(kind, **_saves(chart, kind), **about)


def _saves(chart: Chart[Any], kind: str) -> dict[str, str]:
    return {"className": "file", "aria-label": f"Download {kind} of “{chart.title}”"}


def _behind(chart: Chart[Any]) -> Any:
    """The table, made when it is opened, and what it is ordered by and searched for."""
    summary = html.Summary(f"Show “{chart.title}” as a table", id=ids.table_button(chart.name), className="opens")
    find = dmc.TextInput(
        id=ids.find(chart.name), value="", placeholder="Find", size="xs", w=200, debounce=shell.PAUSE_MS,
        className="no-print", **{"aria-label": f"Find in “{chart.title}”"},
    )  # fmt: skip
    return html.Details([summary, dcc.Store(id=ids.order(chart.name)), find, html.Div(id=ids.table(chart.name))])


def table(chart: Chart[Any], made: pd.DataFrame, by: rows.Order, said: str = "") -> Any:
    """The first rows of a chart's table; the file has all of them."""
    found = rows.chosen(made, by, said)
    shown = rows.drawn(found, {column: heading(column) for column in made.columns}, ids.order(chart.name), by)
    region = {"aria-label": f"{chart.title}, table"}
    return [
        html.P(_counted(len(made), len(found)), className="counted", role="status"),
        html.Div(shown, className="scrolls", tabIndex=0, role="region", **region),
    ]


def _counted(rows_in_all: int, found: int) -> str:
    """How many rows there are, how many have the words, how many are shown."""
    said = words.counted(rows_in_all, "row")
    said = f"{found} of {said} have the words" if found < rows_in_all else said
    cut = f"; the first {rows.MOST_ROWS} are shown" if found > rows.MOST_ROWS else ""
    return f"{said}{cut}. The file has all."


def heading(column: str) -> str:
    """``duration_min`` -> ``Duration, min``, ``dose_uSv`` -> ``Dose, µSv``."""
    name, _, unit = column.rpartition("_")
    known = UNITS.get(unit) or UNITS.get(unit.lower())
    if not (name and known):
        return column.replace("_", " ").capitalize()
    return f"{name[:1].upper()}{name[1:]}, {known}".replace("_", " ")


#: Units at the end of a column's name, as a person writes them.
UNITS = {unit.lower(): unit for unit in "min h d g kg ml mm MBq GBq kBq mSv uSv uGy mGy".split()} | {
    "pct": "%", "degc": "°C", "t": "T", "usv": "µSv", "ugy": "µGy", "ul": "µl",
}  # fmt: skip
