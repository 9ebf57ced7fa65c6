"""The page Day: what happens in a day or a week of a run, and how much everything is used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard import ids
from dashboard.charts import day as charts
from dashboard.charts.common import Shown
from dashboard.figures.window import Window
from dashboard.pages import graph

PEOPLE_HIDDEN = "Rows of people are shown to managers and radiation protection only."


def body(shown: Shown, sees_people: bool) -> Sequence[Any]:
    """The charts of the days shown."""
    hidden = None if sees_people else dmc.Text(PEOPLE_HIDDEN, size="sm", c="dimmed")
    said = html.P(
        shown.window.title, id=ids.DAY_TITLE, className="status days", role="status", **{"aria-live": "polite"}
    )
    return [said, hidden, graph.panels(charts.CHARTS)]


def choices(shown: Shown) -> Sequence[Any]:
    """Which day, a day or a week, the one before and the one after."""
    window = shown.window
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
    return [day, dmc.Group([view, *turn], gap="xs")]


def _days(window: Window) -> list[dict[str, str]]:
    begin = dt.datetime.fromisoformat(window.start).date()
    days = ((number, begin + dt.timedelta(number)) for number in range(window.days))
    return [{"value": str(number), "label": f"{day:%a} {day.day} {day:%b %Y}"} for number, day in days]
