"""The page Compliance."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Dash

from dashboard import access
from dashboard.callbacks import charts, run_page
from dashboard.charts import compliance
from dashboard.desk.desk import Desk
from dashboard.pages import graph

HIDDEN = "Certificates, training and audits of single people are shown to managers and radiation protection only."


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address."""
    sees = access.may_see_people(access.current_user())
    hidden = [] if sees else [dmc.Text(HIDDEN, size="sm", c="dimmed")]
    return run_page.page(desk, "compliance", search, lambda _: [*hidden, graph.panels(compliance.CHARTS)])


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    charts.register_run(app, desk, compliance.CHARTS)
