"""The page Day: which day, a day or a week."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

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

    # In the browser: two quick clicks are two days.
    app.clientside_callback(
        ClientsideFunction("days", "turn"),
        Output(ids.DAY_CHOICE, "value"),
        Input(ids.PREVIOUS, "n_clicks"),
        Input(ids.NEXT, "n_clicks"),
        State(ids.DAY_CHOICE, "value"),
        State(ids.DAY_CHOICE, "data"),
        State(ids.VIEW, "value"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(ids.SHOWN, "data", allow_duplicate=True),
        Output(ids.DAY_TITLE, "children"),
        Output(ids.ADDRESS, "data", allow_duplicate=True),
        Input(ids.DAY_CHOICE, "value"),
        Input(ids.VIEW, "value"),
        State(ids.SHOWN, "data"),
        State(ids.LOCATION, "pathname"),
        prevent_initial_call=True,
    )
    def choose(day: str, view: str, said: dict[str, Any], path: str) -> Any:
        chosen = said | {"day": int(day), "view": view}
        state = Day(said["run"], int(day), address.view(view))
        written = {"path": path, "search": address.search(state), "run": state.run}
        return chosen if chosen != said else no_update, desk.showing.window(chosen).title, written
