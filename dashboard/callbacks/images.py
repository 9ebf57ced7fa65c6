"""The page Images."""

from __future__ import annotations

from typing import Any

from dash import Dash

from dashboard.callbacks import charts, run_page
from dashboard.charts import images
from dashboard.desk.desk import Desk
from dashboard.pages import chosen_days, day


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address."""
    return run_page.page(desk, "images", search, lambda shown: chosen_days.body(shown, images.CHARTS), day.choices)


def register(app: Dash, desk: Desk) -> None:
    """All of them; the callbacks of the chosen day are those of the page Day."""
    charts.register_run(app, desk, images.CHARTS)
