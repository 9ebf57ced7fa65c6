"""The page Day: which run, which day, a day or a week."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from dashboard import address, ids
from dashboard.address import Day
from dashboard.desk import Desk


def register(app: Dash, desk: Desk) -> None:
    """All of them."""

    @app.callback(
        Output(ids.DAY_CHOICE, "value"),
        Input(ids.PREVIOUS, "n_clicks"),
        Input(ids.NEXT, "n_clicks"),
        State(ids.SHOWN, "data"),
        prevent_initial_call=True,
    )
    def turn(_back: int | None, _on: int | None, said: dict[str, Any]) -> Any:
        steps = {ids.PREVIOUS: -1, ids.NEXT: 1}.get(str(ctx.triggered_id))
        return str(desk.window(said).moved(steps).day) if steps else no_update

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
        return chosen if chosen != said else no_update, desk.window(chosen).title, written

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True), Input(ids.RUN_CHOICE, "value"), State(ids.SHOWN, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def go(run: str, said: dict[str, Any]) -> Any:
        return no_update if run == said["run"] else address.DAY + address.search(Day(run))
