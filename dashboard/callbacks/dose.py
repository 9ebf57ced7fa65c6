"""The page Dose."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Dash

from dashboard import access
from dashboard.callbacks import charts, run_page
from dashboard.charts import dose
from dashboard.desk.desk import Desk
from dashboard.pages import graph

HIDDEN = (
    "Doses of single people are shown to managers and radiation protection only; what you see is about rooms, not "
    "about people."
)


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address; a viewer gets the rooms alone."""
    sees = access.may_see_people(access.current_user())
    hidden = [] if sees else [dmc.Alert(HIDDEN, title="Confidential", color="gray", variant="light")]
    shown = dose.CHARTS if sees else (dose.ROOMS,)
    return run_page.page(desk, "dose", search, lambda _: [*hidden, graph.panels(shown)])


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    charts.register_run(app, desk, dose.CHARTS)
