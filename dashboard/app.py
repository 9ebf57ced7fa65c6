"""The dashboard as an app."""

from __future__ import annotations

from dash import Dash, html

from dashboard.config import Config


def create(config: Config) -> Dash:
    """The app for a store and its jobs."""
    app = Dash(__name__, title=config.name, serve_locally=True)
    app.layout = html.H1(config.name)
    return app
