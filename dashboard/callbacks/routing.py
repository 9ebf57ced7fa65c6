"""From an address to a page."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol, cast

from dash import ALL, ClientsideFunction, Dash, Input, Output, State

from dashboard import access, address, contents, ids
from dashboard.contents import Page
from dashboard.desk.desk import Desk
from dashboard.pages import first, shell, what_if


class Room(Protocol):
    """The callbacks of a page."""

    def page(self, desk: Desk, search: str | None) -> Any:
        """The page for the part of an address behind ``?``."""

    def register(self, app: Dash, desk: Desk) -> None:
        """Answer for it."""


def room(here: Page) -> Room:
    """The module of a page."""
    return cast("Room", import_module(f"dashboard.callbacks.{here.name}"))


def register(app: Dash, desk: Desk) -> None:
    """Show the page of the address, and the ways to the others."""

    @app.callback(
        Output(ids.PAGE, "children"),
        Output(ids.WAYS, "children"),
        Input(ids.LOCATION, "pathname"),
        State(ids.LOCATION, "search"),
    )
    def show(path: str | None, search: str | None) -> Any:
        here = contents.at(path)
        return page(desk, path, search), shell.ways(access.current_user(), here, address.day(search).run)

    # Before the first page comes: its charts then have the form that fits the screen.
    app.clientside_callback(
        ClientsideFunction("screen", "narrow"), Output(ids.NARROW, "data"), Input(ids.LOCATION, "pathname"),
        State(ids.NARROW, "data"),
    )  # fmt: skip
    app.clientside_callback(
        ClientsideFunction("address", "write"),
        Output({"type": ids.RUN_WAY, "page": ALL}, "href"),
        Input(ids.ADDRESS, "data"),
        State({"type": ids.RUN_WAY, "page": ALL}, "id"),
        prevent_initial_call=True,
    )


def page(desk: Desk, path: str | None, search: str | None) -> Any:
    """The page of a path."""
    here = contents.at(path)
    if here is None:
        return shell.unknown(path or "")
    return room(here).page(desk, search) if here.is_for(access.current_user()) else shell.not_for(here)


def first_sight(desk: Desk, path: str, search: str | None) -> str:
    """The figures of a page as plain HTML that comes with the page itself; nothing if there are none yet."""
    if not first.is_for(path):
        return ""
    state = desk.asking.restored(address.what_if(search))
    shown = desk.showing.shown_or_none(desk.asking.there(state, desk.forms.form(state)))
    if shown is None:
        return ""
    return first.sight(desk.config.name, what_if.heading(shown), what_if.headlines(shown, desk.showing.definitions()))
