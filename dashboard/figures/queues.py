"""Who waits for what at every moment of the days shown, and how much waiting that is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, palette, waits, words
from dashboard.figures.window import Window

#: What a step waits for that is no cause of a visit's waiting.
MORE = {"compute": "the computers", "": "no stated cause"}


def _name(cause: str) -> str:
    return MORE.get(cause) or waits.name(cause)


def _for(cause: str) -> str:
    return f"for {_name(cause)}" if cause else _name(cause)


def waiting(tasks: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Stretches in which a step stood waiting, cut at the window's ends: cause, start_s, end_s."""
    asked = tasks[tasks["request_s"].notna()]
    until = asked["start_s"].fillna(asked["end_s"]).fillna(window.horizon_s)
    cause = asked["wait_cause"].astype(object).where(asked["wait_cause"].notna(), "")
    table = pd.DataFrame({"cause": cause, "start_s": asked["request_s"], "end_s": until})
    cut = window.clipped(table)
    return cut[cut["end_s"] > cut["start_s"]].reset_index(drop=True)


def steps(stretches: pd.DataFrame) -> tuple[list[float], list[int]]:
    """Moments at which the number of those that wait changes, and the number from then on."""
    times = np.concatenate((stretches["start_s"], stretches["end_s"]))
    change = np.concatenate((np.ones(len(stretches)), -np.ones(len(stretches))))
    moments, place = np.unique(times, return_inverse=True)
    count = np.cumsum(np.bincount(place, weights=change))
    return moments.tolist(), count.round().astype(int).tolist()


class _Queues:
    """How many steps wait at every moment."""

    def figure(self, tasks: pd.DataFrame, window: Window) -> go.Figure:
        """A line for each cause."""
        found = waiting(tasks, window)
        if found.empty:
            return marks.nothing(80)
        drawn = go.Figure()
        for number, (cause, own) in enumerate(found.groupby("cause", sort=True)):
            colour, dash, _, _ = marks.look(number)
            times, count = steps(own)
            drawn.add_scatter(
                x=window.moments(pd.Series(times)).to_list(), y=count, name=escape(_for(str(cause))),
                mode="lines", line={"color": colour, "dash": dash, "width": 2, "shape": "hv"},
                hovertemplate="%{x|%a %H:%M}: %{y} waiting<extra></extra>",
            )  # fmt: skip
        ends = (window.first_s, window.last_s)
        if window.view == "day":
            ends = (_hour(found["start_s"].min()), _hour(found["end_s"].max()) + 3600.0)
        edges = window.moments(pd.Series(ends)).to_list()
        drawn.update_xaxes(type="date", range=edges, tickformat="%H:%M" if window.view == "day" else "%a %-d %b")
        return marks.framed(drawn, 260, "", "Steps that wait", yaxis_rangemode="tozero")

    def caption(self, tasks: pd.DataFrame, window: Window) -> str:
        """The longest queue, and when."""
        found = waiting(tasks, window)
        if found.empty:
            return f"{window.title}: nothing waited."
        times, count = steps(found)
        most = int(np.argmax(count))
        at = words.moment(window.start, times[most])
        spent = (found["end_s"] - found["start_s"]).sum() / 60.0
        return (
            f"{window.title}: {words.counted(len(found), 'step')} had to wait, {words.number(spent)} min together; the "
            f"longest queue was {count[most]} at {at:%H:%M}{f' on {at:%a} {at.day} {at:%b}' * (window.view == 'week')}."
        )

    def table(self, tasks: pd.DataFrame, window: Window) -> pd.DataFrame:
        """Every wait of the days."""
        found = waiting(tasks, window)
        times = {name: window.moments(found[f"{name}_s"]).dt.floor("s") for name in ("start", "end")}
        lasted = ((found["end_s"] - found["start_s"]) / 60.0).round(2)
        return pd.DataFrame({"waits_for": found["cause"].map(lambda cause: _name(str(cause)))} | times).assign(
            wait_min=lasted
        )


def _hour(time_s: float) -> float:
    return time_s // 3600.0 * 3600.0


class _Causes:
    """How much waiting each cause made."""

    def sums(self, tasks: pd.DataFrame, window: Window) -> pd.DataFrame:
        """cause, wait_min, most of it first."""
        found = waiting(tasks, window)
        own = found.assign(wait_min=(found["end_s"] - found["start_s"]) / 60.0)
        return marks.sums(own, ["cause"], "wait_min").sort_values("wait_min", ascending=False, ignore_index=True)

    def figure(self, tasks: pd.DataFrame, window: Window) -> go.Figure:
        """A bar for each cause."""
        own = self.sums(tasks, window)
        if own.empty:
            return marks.nothing(80)
        drawn = go.Figure(
            go.Bar(
                y=[escape(_for(str(cause))) for cause in own["cause"]], x=own["wait_min"].to_list(),
                orientation="h", marker={"color": "#0072B2"}, text=[words.number(one) for one in own["wait_min"]],
                textposition="outside", cliponaxis=False, hovertemplate="%{y}: %{x:.3g} min<extra></extra>",
            )
        )  # fmt: skip
        marks.framed(drawn, 90 + 30 * len(own), "Waiting of all steps, min", "")
        drawn.update_yaxes(autorange="reversed")
        drawn.update_xaxes(range=[0, 1.15 * float(own["wait_min"].max())])
        return drawn

    def caption(self, tasks: pd.DataFrame, window: Window) -> str:
        """What most waiting was for."""
        own = self.sums(tasks, window)
        if own.empty:
            return f"{window.title}: nothing waited."
        whole = own["wait_min"].sum()
        share = words.number(100.0 * own["wait_min"].iloc[0] / whole, 2)
        return (
            f"{window.title}: steps waited {words.number(whole)} min together, {share} % of it "
            f"{_for(str(own['cause'].iloc[0]))}."
        )

    def table(self, tasks: pd.DataFrame, window: Window) -> pd.DataFrame:
        """The sums."""
        own = self.sums(tasks, window)
        return own.assign(cause=own["cause"].map(lambda cause: _name(str(cause))), wait_min=own["wait_min"].round(2))


class _Beds:
    """Which session has which bed."""

    def figure(self, beds: pd.DataFrame, window: Window) -> go.Figure:
        """A row for each bed."""
        own = window.clipped(beds)
        names = sorted(set(beds["bed"].astype(str)))
        if own.empty:
            return marks.nothing(80)
        drawn = go.Figure()
        crowds = sorted(set(own["animals"]))
        for number, crowd in enumerate(crowds):
            mine = own[own["animals"] == crowd]
            colour, _, _, pattern = marks.look(number)
            drawn.add_bar(
                y=[escape(str(bed)) for bed in mine["bed"]], base=window.moments(mine["start_s"]).to_list(),
                x=((mine["end_s"] - mine["start_s"]) * 1000.0).to_list(), orientation="h",
                name=words.counted(int(crowd), "animal"), marker={"color": colour, "pattern": palette.pattern(pattern)},
                customdata=[_said(row, window) for row in mine.to_dict("records")],
                hovertemplate="%{customdata}<extra></extra>",
            )  # fmt: skip
        marks.framed(drawn, 110 + 34 * len(names), "", "", barmode="overlay", bargap=0.3)
        drawn.update_xaxes(type="date", tickformat="%H:%M" if window.view == "day" else "%a %-d %b")
        drawn.update_yaxes(categoryorder="array", categoryarray=names[::-1])
        return drawn

    def caption(self, beds: pd.DataFrame, window: Window) -> str:
        """How many sessions had a bed, and the longest."""
        own = window.clipped(beds)
        if own.empty:
            return f"{window.title}: no bed was used."
        lasted = own["end_s"] - own["start_s"]
        longest = own.iloc[int(lasted.argmax())]
        each = words.number(own["animals"].mean(), 2)
        return (
            f"{window.title}: {words.counted(len(own), 'session')} had a bed, with {each} animals on average, for "
            f"{words.number(lasted.mean() / 60.0)} min; the longest {words.lasting(float(lasted.max()))} "
            f"({longest['session']} on {longest['bed']})."
        )

    def table(self, beds: pd.DataFrame, window: Window) -> pd.DataFrame:
        """Every use of a bed."""
        own = window.of(beds)
        times = {name: window.moments(own[f"{name}_s"]).dt.floor("s") for name in ("start", "end")}
        lasted = ((own["end_s"] - own["start_s"]) / 60.0).round(2)
        return own[["bed", "scanner", "session", "animals"]].assign(**times, duration_min=lasted)


def _said(row: Mapping[Any, Any], window: Window) -> str:
    start, end = float(row["start_s"]), float(row["end_s"])
    time = f"{words.clock(window.start, start)}–{words.clock(window.start, end)} ({words.lasting(end - start)})"
    return f"<b>{escape(str(row['session']))}</b><br>{escape(str(row['bed']))}, {time}<br>{row['animals']} animals"


QUEUES, CAUSES, BEDS = _Queues(), _Causes(), _Beds()
