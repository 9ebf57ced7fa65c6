"""What every page of a stored run does: find the run, and go to another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import Dash, Input, Output, State, no_update

from dashboard import address, contents, ids
from dashboard.address import Day
from dashboard.charts.common import Shown
from dashboard.desk.desk import Desk
from dashboard.pages import run_page, shell

#: Of what is shown: the page's own components.
Body = Callable[[Shown], Sequence[Any]]
#: So many runs can be picked.
MOST = 100


def register(app: Dash, desk: Desk) -> None:  # noqa: ARG001 - all are called alike
    """Go to the same page of another run."""

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True), Input(ids.RUN_CHOICE, "value"), State(ids.SHOWN, "data"),
        State(ids.LOCATION, "pathname"), prevent_initial_call=True,
    )  # fmt: skip
    def go(run: str, said: dict[str, Any], path: str) -> Any:
        return no_update if run == said["run"] else path + address.search(Day(run))


def page(desk: Desk, name: str, search: str | None, body: Body, choices: Body | None = None) -> Any:
    """The page of a name for the run of an address; without one in it, the newest.

    Parameters
    ----------
    desk : Desk
    name : str
        As in `contents`.
    search : str or None
        The part of the address behind ``?``.
    body, choices : callable
        Of what is shown: what the page shows, and what else can be chosen.
    """
    from twin import api

    here, state = contents.named(name), desk.showing.with_run(address.day(search))
    if not state.run:
        return shell.no_run(here)
    try:
        shown = desk.showing.shown(state.run, day=state)
    except api.StoreError as error:
        return shell.alone(here, shell.trouble("This run cannot be shown", [str(error)]))
    return run_page.page(here, shown, state, desk.showing.earlier(MOST), body(shown), choices(shown) if choices else ())
