"""The page Replay."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output

from dashboard import access, ids
from dashboard.callbacks import charts, run_page
from dashboard.charts import replay
from dashboard.desk.desk import Desk
from dashboard.pages import day
from dashboard.pages import replay as pages


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address."""
    sees_people = access.may_see_people(access.current_user())
    return run_page.page(desk, "replay", search, lambda shown: pages.body(shown, sees_people), day.choices)


def register(app: Dash, desk: Desk) -> None:
    """All of them; the callbacks of the chosen day are those of the page Day."""
    charts.register_run(app, desk, replay.CHARTS)

    @app.callback(Output(ids.REPLAY_DAY, "data"), Input(ids.SHOWN, "data"))
    def load(said: charts.Said) -> Any:
        shown = charts.of(desk, said)
        return None if shown is None else replay.data(shown)

    app.clientside_callback(
        ClientsideFunction("replay", "show"), Output(ids.REPLAY_DRAWN, "data"), Input(ids.REPLAY_DAY, "data")
    )
