"""What every page of a stored run does: find the run, and go to another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import Dash, Input, Output, State, no_update

from dashboard import address, contents, ids
from dashboard.address import Day
from dashboard.charts.common import Shown
from dashboard.desk.desk import Desk
from dashboard.figures import comparison
from dashboard.pages import cards, run_page, shell

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
        trouble = shell.trouble("This run cannot be shown", [str(error)])
        return shell.alone(here, trouble, *run_page.others(here, state.run, desk.showing.earlier(MOST)))
    below = [*_figures(desk, name, shown), *body(shown)]
    return run_page.page(here, shown, state, desk.showing.earlier(MOST), below, choices(shown) if choices else ())


def _figures(desk: Desk, name: str, shown: Shown) -> Sequence[Any]:
    """The few figures of the run that say what the page is about, against what the run was asked for against."""
    if name not in comparison.OF_PAGE:
        return ()
    base = desk.showing.baseline_of(shown.run.folder)
    against = desk.showing.runs.open(base).kpis if base else None
    found = comparison.of_page(name, shown.run.kpis, against, desk.showing.definitions())
    return [cards.cards(found)] if found else []
