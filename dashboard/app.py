"""The dashboard as an app: its shell, its pages, its callbacks. Nothing is loaded from another server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import ClientsideFunction, Dash, Input, Output

from dashboard import ids
from dashboard.callbacks import charts, day, routing, what_if
from dashboard.desk import Desk
from dashboard.pages import shell

if TYPE_CHECKING:
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
        <footer>{%config%}{%scripts%}{%renderer%}</footer>
    </body>
</html>
"""


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
    app.layout = shell.shell(config.name)
    desk = Desk(config)
    for room in (routing, what_if, day, charts):
        room.register(app, desk)
    app.clientside_callback(
        ClientsideFunction("address", "write"),
        Output(ids.DAY_LINK, "href"),
        Input(ids.ADDRESS, "data"),
        prevent_initial_call=True,
    )
    return app
