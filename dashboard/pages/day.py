"""The page Day: what happens in a day or a week of a run, and how much everything is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import address, charts, ids
from dashboard.address import Day
from dashboard.charts import Shown
from dashboard.figures.window import Window
from dashboard.pages import graph, shell

LEAD = "Look at any day of a run: which animal is where, who does what, and how full each hour is."
PEOPLE_HIDDEN = "Rows of people are shown to managers and radiation protection only."


def page(shown: Shown, state: Day, runs: Sequence[Mapping[str, Any]], sees_people: bool) -> Any:
    """The whole page."""
    hidden = None if sees_people else dmc.Text(PEOPLE_HIDDEN, size="sm", c="dimmed")
    body = [
        shell.title("Day", LEAD),
        _choices(shown.window, state, runs),
        html.P(shown.window.title, id=ids.DAY_TITLE, className="status", role="status", **{"aria-live": "polite"}),
        hidden,
        graph.panel(charts.GANTT, 420),
        graph.panel(charts.HOURS, 300),
    ]
    stores = [dcc.Store(id=ids.SHOWN, data={"run": state.run, "day": shown.window.day, "view": shown.window.view})]
    return dmc.Container([*stores, dmc.Stack(body, gap="lg")], fluid=True, px=0)


def _choices(window: Window, state: Day, runs: Sequence[Mapping[str, Any]]) -> Any:
    run = dmc.Select(
        id=ids.RUN_CHOICE, label="Run", value=state.run, allowDeselect=False, searchable=True, w=360,
        data=[{"value": line["run"], "label": f"{line['label']} ({line['written']})"} for line in runs],
    )  # fmt: skip
    day = dmc.Select(
        id=ids.DAY_CHOICE, label="Day", value=str(window.day), data=_days(window), allowDeselect=False, w=190
    )
    view = dmc.SegmentedControl(
        id=ids.VIEW, value=window.view, data=[{"value": "day", "label": "Day"}, {"value": "week", "label": "Week"}],
    )  # fmt: skip
    turn = [
        dmc.Button(text, id=key, variant="default")
        for text, key in (("‹ Previous", ids.PREVIOUS), ("Next ›", ids.NEXT))
    ]
    return dmc.Group([run, day, dmc.Group([view, *turn], gap="xs")], align="end", gap="md")


def _days(window: Window) -> list[dict[str, str]]:
    begin = dt.datetime.fromisoformat(window.start).date()
    days = ((number, begin + dt.timedelta(number)) for number in range(window.days))
    return [{"value": str(number), "label": f"{day:%a} {day.day} {day:%b %Y}"} for number, day in days]


def nothing() -> Any:
    """What stands there when there is no run."""
    way = html.A("Go to What if and run one", href=address.WHAT_IF)
    return dmc.Stack([shell.title("Day", LEAD), shell.empty("There is no run to look at yet.", way)], gap="lg")
