"""What every figure has in common: no frame of its own, the page's font, room for a finger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dashboard.figures import palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

#: A heading inside a chart, above the place it names.
HEADING = {"showarrow": False, "xanchor": "left", "yanchor": "bottom", "font": {"size": 12}}


def base(height: int) -> dict[str, Any]:
    """Layout of a figure of this height [px]."""
    return {
        "template": "none",
        "height": height,
        "font": {"family": FONT, "size": 12},
        "paper_bgcolor": palette.CLEAR,
        "plot_bgcolor": palette.CLEAR,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {"align": "left", "font": {"family": FONT, "size": 13}},
        "xaxis": {"automargin": True, "fixedrange": False, "ticklabelstandoff": 4, "title": {"font": {"size": 12}}},
        "yaxis": {"automargin": True, "fixedrange": True, "ticklabelstandoff": 6, "title": {"font": {"size": 12}}},
        "dragmode": False,
        "modebar": {"bgcolor": palette.CLEAR, "color": "#8a8a8a", "activecolor": "#56B4E9"},
    }


#: Ticks of an axis of dates, as they are written everywhere: the day before the month.
DATES = [
    {"dtickrange": [None, 86_399_999], "value": "%H:%M<br>%-d %b"},
    {"dtickrange": [86_400_000, "M1"], "value": "%-d %b"},
    {"dtickrange": ["M1", None], "value": "%b %Y"},
]


def named_above(drawn: go.Figure, names: Iterable[tuple[str, Any]], **place: Any) -> go.Figure:
    """The figure for a narrow screen: the name of each row stands above it, so that the drawing has the whole width.

    Parameters
    ----------
    drawn : Figure
        Its rows have room above them.
    names : iterable of (str, y)
        What stands there, and at which y.
    place : Any
        What else an annotation takes.
    """
    for text, y in names:
        drawn.add_annotation(text=text, x=0, xref="paper", y=y, **HEADING | {"font": {"size": 11}} | place)
    drawn.update_yaxes(showticklabels=False, automargin=False, ticks="")
    drawn.update_layout(margin={"l": 4, "r": 4}, legend={"font": {"size": 10}, "entrywidth": 118})
    return drawn


def legend_above() -> dict[str, Any]:
    """A legend in a line above the chart."""
    return {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom", "traceorder": "normal"}
