"""Activity on the site against the source licence."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, words
from dashboard.figures.vials import GBQ
from dashboard.figures.window import Window


def figure(on_site: pd.DataFrame, window: Window) -> go.Figure:
    """A line for each nuclide; where there is a licence, a dashed line."""
    if on_site.empty:
        return marks.nothing(80)
    drawn, looks = go.Figure(), marks.looks(on_site["nuclide"])
    for nuclide, rows in on_site.groupby("nuclide", sort=False):
        colour, dash, _, _ = looks[str(nuclide)]
        times, held = marks.falling(rows, window.first_s, window.last_s)
        drawn.add_scatter(
            x=window.moments(pd.Series(times, dtype=float)).to_list(), y=[value * GBQ for value in held],
            name=escape(str(nuclide)), mode="lines", line={"color": colour, "dash": dash, "width": 2},
            hovertemplate=f"{escape(str(nuclide))}, %{{x|%a %H:%M}}: %{{y:.4g}} GBq<extra></extra>",
        )  # fmt: skip
    known = on_site[on_site["licence_bq"].notna()].drop_duplicates("nuclide")
    for limit, rows in known.groupby("licence_bq"):
        most = float(str(limit)) * GBQ
        marks.across(drawn, most, f"licence for {words.listed(map(str, rows['nuclide']))}: {words.number(most)} GBq")
    edges = window.moments(pd.Series([window.first_s, window.last_s])).to_list()
    drawn.update_xaxes(type="date", range=edges, tickformat="%H:%M" if window.view == "day" else "%a %-d %b")
    return marks.framed(drawn, 300, "", "Activity on the site, GBq", yaxis_rangemode="tozero")


def caption(on_site: pd.DataFrame, window: Window) -> str:
    """The most of each nuclide in the run, and its share of the licence."""
    if on_site.empty:
        return "No activity came onto the site."
    most = on_site.sort_values("activity_bq", ascending=False).drop_duplicates("nuclide")
    said = [_said(row, window) for row in most.to_dict("records")]
    return f"The most in the whole run: {'; '.join(said)}. All that comes is counted as staying on the site."


def _said(row: Mapping[Any, Any], window: Window) -> str:
    most, licence = (float(row[name]) for name in ("activity_bq", "licence_bq"))
    when = words.moment(window.start, float(row["time_s"]))
    head = f"{row['nuclide']} {words.number(most * GBQ)} GBq on {when:%a} {when.day} {when:%b} at {when:%H:%M}"
    return f"{head}, {words.number(100.0 * most / licence, 2)} % of the licence" if licence > 0 else f"{head}, no limit"


def table(on_site: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Every arrival."""
    return pd.DataFrame(
        {
            "nuclide": on_site["nuclide"],
            "time": window.moments(on_site["time_s"]).dt.floor("s"),
            "on_site_GBq": (on_site["activity_bq"] * GBQ).round(4),
            "licence_GBq": on_site["licence_bq"].astype(float) * GBQ,
        }
    )
