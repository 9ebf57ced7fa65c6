"""The page Day: which day, a day or a week."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from dashboard import access, address, ids
from dashboard.address import Day
from dashboard.callbacks import charts, run_page
from dashboard.charts import day as day_charts
from dashboard.desk.desk import Desk
from dashboard.pages import day as pages


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address."""
    sees_people = access.may_see_people(access.current_user())
    return run_page.page(desk, "day", search, lambda shown: pages.body(shown, sees_people), pages.choices)


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    charts.register_run(app, desk, day_charts.CHARTS)

    @app.callback(
        Output(ids.DAY_CHOICE, "value"),
        Input(ids.PREVIOUS, "n_clicks"),
        Input(ids.NEXT, "n_clicks"),
        State(ids.SHOWN, "data"),
        prevent_initial_call=True,
    )
    def turn(_back: int | None, _on: int | None, said: dict[str, Any]) -> Any:
        steps = {ids.PREVIOUS: -1, ids.NEXT: 1}.get(str(ctx.triggered_id))
        return str(desk.showing.window(said).moved(steps).day) if steps else no_update

    @app.callback(
        Output(ids.SHOWN, "data", allow_duplicate=True),
        Output(ids.DAY_TITLE, "children"),
        Output(ids.ADDRESS, "data", allow_duplicate=True),
        Input(ids.DAY_CHOICE, "value"),
        Input(ids.VIEW, "value"),
        State(ids.SHOWN, "data"),
        prevent_initial_call=True,
    )
    def choose(day: str, view: str, said: dict[str, Any]) -> Any:
        chosen = said | {"day": int(day), "view": view}
        state = Day(said["run"], int(day), address.view(view))
        written = {"search": address.search(state), "run": state.run}
        return chosen if chosen != said else no_update, desk.showing.window(chosen).title, written
