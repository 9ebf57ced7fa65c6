"""The page Start."""

from __future__ import annotations

from typing import Any

from dash import Dash

from dashboard.address import WhatIf
from dashboard.desk import knowing
from dashboard.desk.desk import Desk
from dashboard.pages import start, what_if

#: So many figures of the example, and so many runs.
FIGURES, RUNS = 4, 6


def page(desk: Desk, search: str | None) -> Any:  # noqa: ARG001 - all pages are made alike
    """The page; it has no state and plays nothing."""
    state = WhatIf()
    shown = desk.showing.shown_or_none(desk.asking.there(state, desk.forms.form(state)))
    example = what_if.headlines(shown, desk.showing.definitions())[:FIGURES] if shown else []
    return start.page(desk.showing.earlier(RUNS), example, knowing.questions())


def register(app: Dash, desk: Desk) -> None:
    """Nothing to answer: it has only links."""
