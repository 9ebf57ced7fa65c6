"""The hot lab against time: what each vial holds, and how much of the shelf is left in it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TypeAlias

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, words
from dashboard.figures.window import HOUR_S, Window

MBQ, GBQ, ML, NMOL = 1e-6, 1e-9, 1e6, 1e9
#: Less than this is not drawn on an axis of powers of ten [MBq].
LEAST_MBQ = 1.0
#: Where that axis is labelled [MBq].
TICKS = [float(f"{digit}e{power}") for power in range(7) for digit in (1, 2, 5)]
GENERATOR = "generator "
#: Moments after the start [s], and what is drawn at each.
Course: TypeAlias = tuple[pd.Series, list[float | None]]


def seen(levels: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Rows of the vials that are there at some time of the window; generators have a chart of their own."""
    vials = levels[~levels["tracer"].astype(str).str.startswith(GENERATOR)]
    by = vials.groupby("vial", sort=False)["time_s"]
    first, last = by.transform("min"), by.transform("max")
    open_ended = vials.groupby("vial", sort=False)["activity_bq"].transform("last") > 0.0
    return vials[(first < window.last_s) & ((last > window.first_s) | open_ended)]


def figure(levels: pd.DataFrame, window: Window) -> go.Figure:
    """Activity of each vial on an axis of powers of ten; a mark where something was drawn."""
    own = seen(levels, window)
    if own.empty:
        return marks.nothing()

    def course(rows: pd.DataFrame) -> Course:
        times, held = marks.falling(rows, window.first_s, window.last_s)
        shown = [value * MBQ if value * MBQ >= LEAST_MBQ else None for value in held]
        return pd.Series(times, dtype=float), shown

    drawn = _lines(own, window, course, "%{y:.4g} MBq")
    marks.framed(_axis(drawn, own, window), 360, "", "Activity in the vial, MBq", yaxis_type="log")
    drawn.update_yaxes(tickmode="array", tickvals=TICKS, ticktext=[words.number(tick) for tick in TICKS])
    return drawn


def _lines(
    own: pd.DataFrame, window: Window, course: Callable[[pd.DataFrame], Course], says: str, **line: str
) -> go.Figure:
    """A line for each vial, its course made of its rows; one entry of the legend for each tracer."""
    drawn, looks = go.Figure(), marks.looks(own["tracer"])
    named: set[str] = set()
    for vial, rows in own.groupby("vial", sort=False):
        tracer = rows["tracer"].iloc[0]
        colour, dash, _, _ = looks[tracer]
        times, shown = course(rows)
        drawn.add_scatter(
            x=window.moments(times).to_list(),
            y=shown,
            name=escape(tracer),
            legendgroup=tracer,
            showlegend=tracer not in named,
            line={"color": colour, "dash": dash, "width": 2, **line},
            mode="lines",
            hovertemplate=f"<b>{escape(str(vial))}</b><br>%{{x|%a %H:%M}}: {says}<extra></extra>",
        )
        named.add(tracer)
    return drawn


def _axis(drawn: go.Figure, own: pd.DataFrame, window: Window) -> go.Figure:
    """A week whole; of a day the hours in which something happens to a vial."""
    inside = own[(own["time_s"] >= window.first_s) & (own["time_s"] < window.last_s)]["time_s"]
    ends = (window.first_s, window.last_s)
    if window.view == "day" and len(inside):
        ends = (inside.min() // HOUR_S * HOUR_S, -(-inside.max() // HOUR_S) * HOUR_S)
    edges = window.moments(pd.Series(ends)).to_list()
    drawn.update_xaxes(type="date", range=edges, tickformat="%H:%M" if window.view == "day" else "%a %-d %b")
    return drawn


def caption(levels: pd.DataFrame, window: Window) -> str:
    """How much came in the window, how much of it was drawn, how much was thrown away."""
    own = seen(levels, window)
    if own.empty:
        return f"{window.title}: no vial was in the hot lab."
    inside = own[(own["time_s"] >= window.first_s) & (own["time_s"] < window.last_s)]
    came = inside[(inside["flow"] == "delivered")]
    here = inside if len(inside) else own
    fullest = marks.top(here, "activity_bq")
    draws = int((inside["flow"] == "drawn").sum())
    said = f"{words.counted(own['vial'].nunique(), 'vial')} in the hot lab, {draws} times something was drawn"
    arrived = f"{words.number(came['activity_bq'].sum() * GBQ)} GBq arrived or were made"
    most = f"{fullest['vial']} held the most, {words.number(fullest['activity_bq'] * GBQ)} GBq"
    return f"{window.title}: {said}; {arrived}; {most}."


def table(levels: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Every change of a vial in the window."""
    own = seen(levels, window)
    own = own[(own["time_s"] >= window.first_s) & (own["time_s"] < window.last_s)]
    return pd.DataFrame(
        {
            "vial": own["vial"],
            "tracer": own["tracer"],
            "nuclide": own["nuclide"],
            "what": own["flow"].map(words.plain),
            "time": window.moments(own["time_s"]).dt.floor("s"),
            "left_MBq": (own["activity_bq"] * MBQ).round(3),
            "left_ml": (own["volume_m3"] * ML).round(4),
            "left_nmol": (own["amount_mol"].astype(float) * NMOL).round(4),
        }
    )


def volume_figure(levels: pd.DataFrame, window: Window) -> go.Figure:
    """Volume left in each vial."""
    own = seen(levels, window)
    if own.empty:
        return marks.nothing()

    def course(rows: pd.DataFrame) -> Course:
        last = rows.iloc[[-1]].assign(time_s=window.last_s)
        kept = pd.concat([rows, last]) if rows["volume_m3"].iloc[-1] > 0.0 else rows
        return kept["time_s"], (kept["volume_m3"] * ML).to_list()

    drawn = _lines(own, window, course, "%{y:.3g} ml left", shape="hv")
    return marks.framed(_axis(drawn, own, window), 260, "", "Volume left, ml", yaxis_rangemode="tozero")


def volume_caption(levels: pd.DataFrame, window: Window) -> str:
    """How little was left in the emptiest vial when it was thrown away."""
    own = seen(levels, window)
    used = own[own["flow"] == "drawn"].groupby("vial", sort=False)["volume_m3"].min()
    if used.empty:
        return f"{window.title}: nothing was drawn from any vial."
    came = own.groupby("vial", sort=False)["volume_m3"].max()
    share = 100.0 * (1.0 - used / came[used.index])
    vial = str(share.idxmax())
    return (
        f"{window.title}: of {vial} most was used, {words.number(share.max(), 2)} % of its "
        f"{words.number(came[vial] * ML)} ml; of the mean vial {words.number(share.mean(), 2)} %."
    )
