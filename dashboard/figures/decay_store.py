"""The decay store: what each day's waste is, and when each rule would let it go."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, marks, words
from dashboard.figures.window import DAY_S, Window

MBQ = 1e-6
#: Rules of `twin.results.dose_waste`: column, what a person calls it, symbol.
RULES = (
    ("ten_half_lives_s", "ten half-lives", "circle"),
    ("clearance_s", "clearance level", "diamond"),
    ("survey_s", "survey at background", "square"),
)
#: So many days are drawn; the table has all.
MOST = 40


def figure(waste: pd.DataFrame, window: Window) -> go.Figure:
    """A row for each day and nuclide: from the day's end to when each rule would let it go."""
    if waste.empty:
        return marks.nothing(80)
    own = waste.tail(MOST)
    rows = [_name(row, window) for row in own.to_dict("records")]
    drawn = go.Figure()
    for name, (rule, label, symbol) in enumerate(RULES):
        known = own[own[rule].notna()]
        drawn.add_scatter(
            x=window.moments(known[rule]).to_list(), y=[rows[i] for i in _places(own, rule)], mode="markers",
            name=_binding(label, rule, own), marker={"color": marks.look(name)[0], "symbol": symbol, "size": 9},
            hovertemplate="%{y}<br>" + label + ": %{x|%a %-d %b %H:%M}<extra></extra>",
        )  # fmt: skip
    ends = window.moments(own["day_s"] + DAY_S).to_list()
    drawn.add_scatter(
        x=ends, y=rows, mode="markers", name="into the store",
        marker={"color": "#7F7F7F", "symbol": "line-ns-open", "size": 12},
        hovertemplate="%{y}<br>into the store: %{x|%a %-d %b %H:%M}<extra></extra>",
    )  # fmt: skip
    drawn.update_yaxes(autorange="reversed", categoryorder="array", categoryarray=rows)
    drawn.update_xaxes(type="date", tickformatstops=layout.DATES)
    return marks.framed(drawn, 130 + 24 * len(rows), "", "")


def _places(own: pd.DataFrame, rule: str) -> list[int]:
    return [place for place, known in enumerate(own[rule].notna()) if known]


def _name(row: Mapping[Any, Any], window: Window) -> str:
    day = words.moment(window.start, float(row["day_s"]))
    activity = words.number(float(row["activity_bq"]) * MBQ)
    return escape(f"{day:%a} {day.day} {day:%b}, {row['nuclide']}, {activity} MBq")


def _binding(label: str, rule: str, own: pd.DataFrame) -> str:
    binds = rule.removesuffix("_s") in str(own["binding"].iloc[0]).split()
    return f"{label} (binds here)" if binds else label


def caption(waste: pd.DataFrame, window: Window) -> str:
    """How much went into the store, and when the last of it may go."""
    if waste.empty:
        return "No radioactive waste came into being in this run."
    most = words.number(waste["activity_bq"].sum() * MBQ)
    head = f"{len(waste)} lots with {most} MBq in all at the ends of their days"
    release = waste["release_s"].dropna()
    if release.empty:
        longest = waste["ten_half_lives_s"].max()
        return (
            f"{head}. Which rule binds in this jurisdiction is not known here; ten half-lives of the last lot are over "
            f"on {_day(longest, window)}."
        )
    return f"{head}; by the binding rules the last may go on {_day(release.max(), window)}."


def _day(time_s: float, window: Window) -> str:
    return words.date(words.moment(window.start, time_s).date())


def table(waste: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Every lot with its moments."""
    moments = {rule.removesuffix("_s"): window.moments(waste[rule].astype(float)).dt.floor("s") for rule, _, _ in RULES}
    return pd.DataFrame(
        {
            "day": window.moments(waste["day_s"]).dt.date.astype(str),
            "nuclide": waste["nuclide"],
            "activity_MBq": (waste["activity_bq"] * MBQ).round(4),
            **moments,
            "binding_rules": waste["binding"],
            "release": window.moments(waste["release_s"].astype(float)).dt.floor("s"),
        }
    )
