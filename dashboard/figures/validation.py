"""The comparisons with published numbers as a picture: how far the twin is off, in parts of what was allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, palette, words

#: Rows of a comparison as a job writes them.
Rows = Sequence[Mapping[str, Any]]
#: Further off than so many times what was allowed is drawn at the edge.
MOST = 3.0


def counted(rows: Rows) -> str:
    """How many lie within what was allowed, of those that are evidence and of the others."""
    evidence = [row for row in rows if row["role"] == "validation"]
    others = [row for row in rows if row["role"] != "validation"]
    return (
        f"Of {len(evidence)} comparisons that count as evidence {_count(evidence, 'within')} lie within what was "
        f"allowed beforehand, {_count(evidence, 'outside')} do not; of {len(others)} others (calibration, identity) "
        f"{_count(others, 'outside')} do not."
    )


def _count(rows: Rows, verdict: str) -> int:
    return sum(row["verdict"] == verdict for row in rows)


def missed(rows: Rows) -> list[str]:
    """What was missed, in words."""
    return [
        f"{row['quantity']}: published {words.number(row['published'])} {row['unit']}, the twin says "
        f"{words.number(row['twin'])} {row['unit']}; allowed {words.number(row['low'])} to {words.number(row['high'])} "
        f"({row['role']})"
        for row in rows if row["verdict"] == "outside"
    ]  # fmt: skip


def figure(rows: Rows) -> go.Figure:
    """A mark for each comparison that is evidence: 0 is the middle of what was allowed, 1 its edge."""
    seen = [
        row for row in rows if row["role"] == "validation" and row["verdict"] != "shown" and row["high"] > row["low"]
    ]
    drawn = go.Figure([_marks(seen, verdict) for verdict in ("within", "outside")])
    drawn.update_layout(layout.base(120 + 17 * len(seen)), legend=layout.legend_above())
    drawn.update_xaxes(
        title_text="Deviation, in parts of what was allowed",
        range=[-MOST - 0.1, MOST + 0.1],
        zeroline=True,
        gridcolor=palette.GRID,
    )
    drawn.update_yaxes(autorange="reversed", showgrid=True, gridcolor=palette.GRID, tickfont={"size": 10})
    for edge in (-1.0, 1.0):
        drawn.add_vline(x=edge, line={"dash": "dash", "color": "#808080", "width": 1})
    return drawn


def _off(row: Mapping[str, Any]) -> float:
    half = (row["high"] - row["low"]) / 2.0
    return float(max(-MOST, min(MOST, (row["twin"] - row["low"]) / half - 1.0)))


def _marks(rows: Rows, verdict: str) -> go.Scatter:
    own, met = [row for row in rows if row["verdict"] == verdict], verdict == "within"
    return go.Scatter(
        name=verdict,
        mode="markers",
        x=[_off(row) for row in own],
        y=[row["quantity"][:60] for row in own],
        marker={"color": "#0072B2" if met else "#D55E00", "symbol": "circle" if met else "x", "size": 9},
        text=[
            f"published {words.number(row['published'])}, twin {words.number(row['twin'])} {row['unit']}" for row in own
        ],
        hovertemplate="%{y}<br>%{text}",
    )


def _told(row: Mapping[str, Any]) -> str:
    return f"published {words.number(row['published'])}, twin {words.number(row['twin'])} {row['unit']}"


def table(rows: Rows) -> pd.DataFrame:
    """Every comparison."""
    names = ("id", "quantity", "role", "published", "low", "high", "twin", "unit", "verdict", "sources", "note")
    return pd.DataFrame([{name: row[name] for name in names} for row in rows])
