"""What every page of a stored run has: its heading, which run it shows, and the way to another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import address, ids
from dashboard.address import Day
from dashboard.charts.common import Shown
from dashboard.contents import Page
from dashboard.pages import shell

Lines = Sequence[Mapping[str, Any]]


def page(here: Page, shown: Shown, state: Day, runs: Lines, body: Sequence[Any], choices: Sequence[Any] = ()) -> Any:
    """The whole page.

    Parameters
    ----------
    here : Page
    shown : Shown
    state : Day
        What the address says.
    runs : sequence of mapping
        The runs that can be picked.
    body, choices : sequence of components
        What the page itself shows; what else can be chosen, beside the run.
    """
    stored = {"run": state.run, "day": shown.window.day, "view": shown.window.view}
    which = dmc.Group([choice(state.run, runs), *choices], align="end", gap="md", className="choices")
    return dmc.Container(
        [
            dcc.Store(id=ids.SHOWN, data=stored),
            dmc.Stack([shell.title(here), printed(shown), which, *body], gap="lg"),
        ],
        fluid=True,
        px=0,
    )


def choice(run: str, runs: Lines) -> Any:
    """Which run is shown."""
    options = [{"value": line["run"], "label": f"{line['label']} ({line['written']})"} for line in runs]
    return dmc.Select(
        id=ids.RUN_CHOICE, label="Run", value=run, data=options, allowDeselect=False, searchable=True,
        className="run-choice",
    )  # fmt: skip


def others(here: Page, run: str, runs: Lines) -> Sequence[Any]:
    """Ways to the newest other runs, for whoever came to one that cannot be shown."""
    known = [line for line in runs if line["run"] != run][:MOST_OTHERS]
    items = [
        html.Li([
            html.A(line["label"], href=here.path + address.search(Day(line["run"]))),
            html.Span(f" {line['written']}", className="unit"),
        ])
        for line in known
    ]  # fmt: skip
    return [shell.section("Other runs", html.Ul(items, className="questions"))] if known else []


#: So many other runs are offered.
MOST_OTHERS = 8


def printed(shown: Shown) -> Any:
    """What paper says instead of the choices: scenario, seed, and the folder by which the run is found again."""
    run, base = shown.run, shown.base
    against = f"; compared with run folder {base.folder}" if base else ""
    return html.P(f"{run.name}, seed {run.seed}; run folder {run.folder}{against}", className="printed")
