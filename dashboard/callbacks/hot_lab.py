"""The page Hot lab."""

from __future__ import annotations

from typing import Any

from dash import Dash

from dashboard.callbacks import charts, run_page
from dashboard.charts import hot_lab
from dashboard.desk.desk import Desk
from dashboard.pages import chosen_days, day


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address."""
    return run_page.page(desk, "hot_lab", search, lambda shown: chosen_days.body(shown, hot_lab.CHARTS), day.choices)


def register(app: Dash, desk: Desk) -> None:
    """All of them; the callbacks of the chosen day are those of the page Day."""
    charts.register_run(app, desk, hot_lab.CHARTS)
