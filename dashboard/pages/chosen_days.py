"""A page of charts that follow the chosen days of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from dashboard import ids
from dashboard.charts.common import Chart, Shown
from dashboard.pages import graph


def body(shown: Shown, charts: Iterable[Chart[Shown]], *before: Any) -> Sequence[Any]:
    """The days shown, in words, and the charts."""
    said = html.P(
        shown.window.title, id=ids.DAY_TITLE, className="status days", role="status", **{"aria-live": "polite"}
    )
    return [said, *before, graph.panels(charts)]
