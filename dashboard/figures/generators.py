"""Generators: what their parent still holds, and what was eluted of it."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, marks, words
from dashboard.figures.vials import GBQ, GENERATOR
from dashboard.figures.window import Window


def parts(levels: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of parents, and of the moments at which a vial was eluted or synthesised."""
    parent = levels["tracer"].astype(str).str.startswith(GENERATOR)
    made = (levels["came"] == "made") & (levels["flow"] == "delivered")
    return levels[parent], levels[made & ~parent]


def figure(levels: pd.DataFrame, window: Window) -> go.Figure:
    """The parent as a line over the whole run, each elution as a mark."""
    parents, eluted = parts(levels)
    if parents.empty:
        return marks.nothing(80)
    end_s = window.horizon_s
    drawn, looks = go.Figure(), marks.looks([*parents["tracer"], *eluted["tracer"]])
    for vial, rows in parents.groupby("vial", sort=False):
        colour, dash, _, _ = looks[rows["tracer"].iloc[0]]
        times, held = marks.falling(rows[rows["flow"] != "in_stock"], 0.0, end_s)
        drawn.add_scatter(
            x=window.moments(pd.Series(times, dtype=float)).to_list(), y=[value * GBQ for value in held],
            name=escape(f"{rows['nuclide'].iloc[0]} in {vial}"), mode="lines",
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate="%{x|%a %-d %b %H:%M}: %{y:.4g} GBq<extra></extra>",
        )  # fmt: skip
    for tracer, rows in eluted.groupby("tracer", sort=False):
        colour, _, symbol, _ = looks[str(tracer)]
        drawn.add_scatter(
            x=window.moments(rows["time_s"]).to_list(), y=(rows["activity_bq"] * GBQ).to_list(),
            name=escape(f"eluted as {tracer}"), mode="markers", marker={"color": colour, "symbol": symbol, "size": 9},
            text=[escape(str(vial)) for vial in rows["vial"]],
            hovertemplate="%{text}, %{x|%a %-d %b %H:%M}: %{y:.4g} GBq<extra></extra>",
        )  # fmt: skip
    drawn.update_xaxes(type="date", tickformatstops=layout.DATES)
    return marks.framed(drawn, 300, "", "Activity, GBq", yaxis_rangemode="tozero")


def caption(levels: pd.DataFrame, window: Window) -> str:
    """How much the parent had and has, and how much each elution gave."""
    parents, eluted = parts(levels)
    if parents.empty:
        return "This facility has no generator."
    said = []
    for vial, rows in parents.groupby("vial", sort=False):
        first = rows.iloc[0]
        _, held = marks.falling(rows[rows["flow"] != "in_stock"].tail(1), 0.0, window.horizon_s)
        left = f"{words.number(held[-1] * GBQ)} GBq at the end of the run" if held else "nothing at the end of the run"
        said.append(f"{vial} came with {words.number(first['activity_bq'] * GBQ)} GBq of {first['nuclide']}, {left}")
    count = words.counted(len(eluted), "elution")
    got = f"; {count}, on average {words.number(eluted['activity_bq'].mean() * GBQ)} GBq" if len(eluted) else ""
    return f"{'; '.join(said)}{got}."


def table(levels: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Parents as they came, and what was eluted."""
    parents, eluted = parts(levels)
    own = pd.concat([parents[parents["flow"] == "delivered"], eluted]).sort_values("time_s")
    return pd.DataFrame(
        {
            "vial": own["vial"],
            "what": own["tracer"],
            "nuclide": own["nuclide"],
            "time": window.moments(own["time_s"]).dt.floor("s"),
            "activity_GBq": (own["activity_bq"] * GBQ).round(4),
        }
    )
