"""What limits throughput: the things that visits waited for, with how busy each was."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, palette, words
from dashboard.figures.window import Window

MOST = 12


def figure(waited: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG001 - all are called alike
    """A bar for each thing; how busy it was stands on it."""
    own = waited.head(MOST)
    if own.empty:
        return marks.nothing(80)
    colours = [palette.STATES["waiting_person"].colour if first else "#0072B2" for first in _first(len(own))]
    drawn = go.Figure(
        go.Bar(
            y=[escape(_name(str(name))) for name in own["name"]], x=(own["wait_s"] / 60.0).to_list(), orientation="h",
            marker={"color": colours, "pattern": palette.pattern("")},
            text=[_busy(one) for one in own["busy_pct"]], textposition="outside", cliponaxis=False,
            hovertemplate="%{y}: %{x:.2f} min of a mean visit, %{text}<extra></extra>",
        )
    )  # fmt: skip
    marks.framed(drawn, 90 + 34 * len(own), "Waiting of a mean visit, min", "")
    drawn.update_yaxes(autorange="reversed")
    drawn.update_xaxes(range=[0, 1.4 * float(own["wait_s"].max()) / 60.0 or 1.0])
    return drawn


def _first(count: int) -> list[bool]:
    return [number == 0 for number in range(count)]


def _name(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}".replace("_", " ")


def _busy(share: float) -> str:
    return f"{share:.0f} % busy" if share == share else ""  # noqa: PLR0124 - NaN: it has no such figure


def caption(waited: pd.DataFrame, window: Window) -> str:  # noqa: ARG001
    """The whole waiting, and what most of it was for."""
    whole = waited["wait_s"].sum() / 60.0
    if not whole > 0.0:
        return "No visit waited for anything."
    first = waited.iloc[0]
    busy = _busy(float(first["busy_pct"]))
    share = 100.0 * float(first["wait_s"]) / 60.0 / whole
    return (
        f"A mean visit waits {words.number(whole, 2)} min; {words.number(share, 2)} % of it for "
        f"{first['name']}{f', which is {busy}' if busy else ''}."
    )


def table(waited: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG001
    """Everything that was waited for."""
    return pd.DataFrame(
        {
            "waited_for": waited["name"],
            "kind": waited["kind"],
            "wait_min": (waited["wait_s"] / 60.0).round(3),
            "busy_pct": waited["busy_pct"].round(2),
        }
    )
