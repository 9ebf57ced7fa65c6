"""From an address to a page."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State

from dashboard import access, address, ids
from dashboard.address import Day, WhatIf
from dashboard.desk import Desk
from dashboard.pages import day, first, shell, what_if


def register(app: Dash, desk: Desk) -> None:
    """Show the page of the address."""

    @app.callback(
        Output(ids.PAGE, "children"),
        Output(ids.WHAT_IF_LINK, "className"),
        Output(ids.DAY_LINK, "className"),
        Input(ids.LOCATION, "pathname"),
        State(ids.LOCATION, "search"),
    )
    def show(path: str | None, search: str | None) -> Any:
        way = path or address.WHAT_IF
        return page(desk, way, search), *shell.marked(way)


def page(desk: Desk, path: str, search: str | None) -> Any:
    """The page of a path."""
    if path.rstrip("/") == address.DAY:
        return day_page(desk, address.day(search))
    return what_if_page(desk, address.what_if(search))


def what_if_page(desk: Desk, state: WhatIf) -> Any:
    """The page What if; a baseline that is short is played unasked, so that there is something to see."""
    state = desk.restored(state)
    form = desk.form(state)
    opened = desk.opened(state, form)
    shown = desk.shown_or_none(opened.state)
    results = what_if.nothing() if shown is None else what_if.results(shown, desk.definitions(), desk.pairs(shown))
    return what_if.page(form, desk.edited_form(form), desk.scenarios(), opened, results)


def first_sight(desk: Desk, path: str, search: str | None) -> str:
    """The figures of a page as plain HTML that comes with the page itself; nothing if there are none yet."""
    if not first.is_for(path):
        return ""
    state = desk.restored(address.what_if(search))
    shown = desk.shown_or_none(desk.there(state, desk.form(state)))
    if shown is None:
        return ""
    return first.sight(desk.config.name, what_if.heading(shown), what_if.headlines(shown, desk.definitions()))


def day_page(desk: Desk, state: Day) -> Any:
    """The page Day; without a run in the address, the newest."""
    from twin import api

    state = desk.with_run(state)
    if not state.run:
        return day.nothing()
    try:
        shown = desk.shown(state.run, day=state)
    except api.StoreError as error:
        return shell.trouble("This run cannot be shown", [str(error)])
    return day.page(shown, state, desk.earlier(100), access.may_see_people(access.current_user()))
