"""The page Start."""

from __future__ import annotations

from typing import Any

from dash import Dash

from dashboard.desk.desk import Desk
from dashboard.pages import start


def page(desk: Desk, search: str | None) -> Any:  # noqa: ARG001 - all pages are made alike
    """The page; it has no state."""
    return start.page(desk.showing.earlier(5))


def register(app: Dash, desk: Desk) -> None:
    """Nothing to answer: it has only links."""
