"""The page Animals."""

from __future__ import annotations

from typing import Any

from dash import Dash

from dashboard.callbacks import charts, run_page
from dashboard.charts import animals
from dashboard.desk.desk import Desk
from dashboard.pages import graph


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address."""
    return run_page.page(desk, "animals", search, lambda _: [graph.panels(animals.CHARTS)])


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    charts.register_run(app, desk, animals.CHARTS)
