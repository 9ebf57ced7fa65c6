"""The dashboard as an app: its shell, its pages, its callbacks. Nothing is loaded from another server."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import flask
from dash import Dash
from dash.exceptions import DependencyException
from werkzeug.exceptions import HTTPException

from dashboard import access, address, contents
from dashboard.address import WhatIf
from dashboard.callbacks import routing, run_page, watch
from dashboard.desk.desk import Desk
from dashboard.form.parts import EXTRA
from dashboard.pages import shell

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.config import Config

INDEX = """<!DOCTYPE html>
<html lang="en">
    <head>
        {%metas%}
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{%title%}</title>
        {%favicon%}
        {%css%}
    </head>
    <body>
        {%app_entry%}
        <!--first sight-->
        <footer>{%config%}{%scripts%}{%renderer%}</footer>
    </body>
</html>
"""


DEBUG_VARIABLE = "TWIN_DEBUG"
FIRST_SIGHT = "<!--first sight-->"


def with_figures(whole: Callable[..., str], desk: Desk) -> Callable[..., str]:
    """What makes the page as it is sent, with its first figures in it."""

    def made(**parts: Any) -> str:
        asked = flask.request
        seen = routing.first_sight(desk, asked.path, asked.query_string.decode(errors="replace"))
        return whole(**parts).replace(FIRST_SIGHT, seen)

    return made


def fault(error: Exception) -> Any:
    """What a request gets that cannot be answered; the log has a line, and the traceback only when asked for."""
    if isinstance(error, HTTPException):
        return error
    if isinstance(error, DependencyException):  # a path that is none of the files of the page
        return flask.Response("There is no such file.\n", 404, mimetype="text/plain")
    asked, said = flask.request, (str(error).splitlines() or [""])[0][:200]
    words = f"{asked.method} {asked.path[:100]!r}: {type(error).__name__}: {said}"
    logging.getLogger(__name__).error(
        "twin: a request could not be answered: %s (%s=1 shows the traceback)", words, DEBUG_VARIABLE,
        exc_info=error if os.environ.get(DEBUG_VARIABLE) else None,
    )  # fmt: skip
    return flask.Response("This request cannot be answered.\n", 500, mimetype="text/plain")


def warm(config: Config) -> None:
    """Load what the first visitor would wait for; nothing is played, and what goes wrong is told to who asks for it."""
    import plotly.graph_objects as go

    desk = Desk(config)
    with suppress(Exception), access.acting(access.EVERYBODY):
        go.Figure(go.Bar(x=[1], y=[1])).to_plotly_json()
        for page in contents.PAGES:
            if not page.needs_run and page.path != address.WHAT_IF:
                routing.page(desk, page.path, "")
        # The first check of a change reads the tables of physics: fifty who click at once would each read them.
        desk.forms.edited(desk.forms.form(WhatIf()).scenario, {EXTRA: "days: 2"})


def create(config: Config) -> Dash:
    """The app for a store and its jobs."""
    app = Dash(
        __name__,
        title=config.name,
        update_title="",
        serve_locally=True,
        suppress_callback_exceptions=True,  # the pages come and go
        index_string=INDEX,
    )
    app.server.register_error_handler(Exception, fault)
    app.layout = shell.shell(config.name)
    desk = Desk(config)
    app.interpolate_index = with_figures(app.interpolate_index, desk)
    for room in (routing, run_page, watch):
        room.register(app, desk)
    for page in contents.PAGES:
        routing.room(page).register(app, desk)
    return app
