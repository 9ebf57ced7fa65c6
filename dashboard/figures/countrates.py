"""Count rates of a PET scanner against activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.figures import layout, palette

#: Column of the answer of ``twin physics nema``, its label, colour, dash.
LINES = (
    ("trues_kcps", "Trues", "#0072B2", "solid"),
    ("scattered_kcps", "Scattered", "#E69F00", "dash"),
    ("randoms_kcps", "Randoms", "#D55E00", "dot"),
    ("necr_kcps", "Noise-equivalent", "#009E73", "solid"),
)


def figure(rates: Sequence[Mapping[str, Any]]) -> go.Figure:
    """A line for each kind of count; one row of `rates` for each activity."""
    activity = [row["activity_mbq"] for row in rates]
    lines = [
        go.Scatter(
            name=label,
            x=activity,
            y=[row[column] for row in rates],
            mode="lines",
            line={"color": colour, "dash": dash},
            hovertemplate="%{x:.3g} MBq: %{y:.4g} kcps",
        )
        for column, label, colour, dash in LINES
    ]
    drawn = go.Figure(lines)
    drawn.update_layout(layout.base(420), legend=layout.legend_above())
    drawn.update_xaxes(title_text="Activity, MBq", rangemode="tozero", gridcolor=palette.GRID)
    drawn.update_yaxes(title_text="Rate, kcps", rangemode="tozero", gridcolor=palette.GRID)
    return drawn
