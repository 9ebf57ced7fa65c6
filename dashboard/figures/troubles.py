"""Visits of the days shown that were late, refused or lost, with the reasons."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, words
from dashboard.figures.window import Window

#: A session that gets its bed or scanner so long after its slot is late [s].
LATE_S = 900.0
ENDINGS = {"cancelled": "Refused", "incomplete": "Given up", "dead": "Died", "killed": "Killed"}
#: Names of visits that a bar tells.
MOST_NAMES = 6


def listed(visits: pd.DataFrame, tasks: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Troubles of visits in the window: visit, study, what, reason, at_s, late_min (null: not late)."""
    own = visits.assign(
        **{name: visits[name].astype(object) for name in ("visit", "study", "session", "status", "reason")}
    )
    ended = own[
        own["status"].isin(list(ENDINGS)) & (own["ended_s"] >= window.first_s) & (own["ended_s"] < window.last_s)
    ]
    lost = pd.DataFrame(
        {
            "visit": ended["visit"],
            "study": ended["study"],
            "what": ended["status"].map(ENDINGS),
            "reason": ended["reason"].where(ended["reason"].notna(), "no reason stated"),
            "at_s": ended["ended_s"],
            "late_min": float("nan"),
        }
    )
    late = _late(own, tasks)
    late = late[(late["at_s"] >= window.first_s) & (late["at_s"] < window.last_s)]
    parts = [part for part in (lost, late) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else lost


def _late(visits: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Visits whose session got its bed or scanner later than its slot."""
    on_it = tasks["scanner"].notna() | tasks["bed"].notna()
    used = tasks[on_it & tasks["start_s"].notna() & tasks["session"].notna()]
    first = used.groupby(used["session"].astype(object))["start_s"].min()
    begun = visits["session"].map(first).astype(float)
    over = begun - visits["booked_s"]
    late = visits[over > LATE_S]
    hours = over[late.index] / 3600.0
    reason = hours.map(lambda one: "more than an hour" if one > 1.0 else "15 min to an hour")
    return pd.DataFrame(
        {
            "visit": late["visit"],
            "study": late["study"],
            "what": "Late for its slot",
            "reason": reason.astype(object),
            "at_s": begun[late.index],
            "late_min": over[late.index] / 60.0,
        }
    )


def figure(visits: pd.DataFrame, tasks: pd.DataFrame, window: Window) -> go.Figure:
    """A bar for each kind and reason; the visits stand on it."""
    found = listed(visits, tasks, window)
    if found.empty:
        return marks.nothing(80)
    groups = [(str(what), str(reason), rows) for (what, reason), rows in found.groupby(["what", "reason"], sort=True)]
    groups.sort(key=lambda group: -len(group[2]))
    drawn = go.Figure(
        go.Bar(
            y=[escape(f"{what}: {reason.replace('_', ' ')}") for what, reason, _ in groups],
            x=[len(rows) for _, _, rows in groups], orientation="h", marker={"color": "#D55E00"},
            text=[len(rows) for _, _, rows in groups], textposition="outside", cliponaxis=False,
            customdata=[escape(words.listed(map(str, rows["visit"]), MOST_NAMES)) for _, _, rows in groups],
            hovertemplate="%{y}: %{x}<br>%{customdata}<extra></extra>",
        )
    )  # fmt: skip
    marks.framed(drawn, 90 + 30 * len(groups), "Visits", "")
    drawn.update_yaxes(autorange="reversed")
    drawn.update_xaxes(range=[0, 1.15 * max(len(rows) for _, _, rows in groups)])
    return drawn


def caption(visits: pd.DataFrame, tasks: pd.DataFrame, window: Window) -> str:
    """How many of each kind, and the usual reason."""
    found = listed(visits, tasks, window)
    if found.empty:
        return f"{window.title}: no visit was late, refused or lost."
    counts = found["what"].value_counts()
    said = [f"{count} {str(what).lower()}" for what, count in counts.items()]
    most = found["reason"].value_counts()
    latest = found["late_min"].max()
    late = f"; the latest began {words.number(latest)} min after its slot" if latest == latest else ""  # noqa: PLR0124
    reason = str(most.index[0]).replace("_", " ")
    return f"{window.title}: {', '.join(said)}; most often: {reason} ({most.iloc[0]}){late}."


def table(visits: pd.DataFrame, tasks: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Every one of them."""
    found = listed(visits, tasks, window)
    return pd.DataFrame(
        {
            "visit": found["visit"],
            "study": found["study"],
            "what": found["what"],
            "reason": found["reason"],
            "time": window.moments(found["at_s"].astype(float)).dt.floor("s"),
            "late_min": found["late_min"].astype(float).round(2),
        }
    )
