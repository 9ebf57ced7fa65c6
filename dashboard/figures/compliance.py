"""The compliance calendar: what had to be done when, what was done, what is due, what is overdue."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, marks, palette, words
from dashboard.figures.window import DAY_S, Window

#: What became of an item: how the table says it, colour, symbol, pattern.
FATES = {
    "done in time": ("#009E73", "circle", ""),
    "done late": ("#E69F00", "diamond", "/"),
    "due": ("#56B4E9", "circle-open", "."),
    "overdue": ("#D55E00", "x", "x"),
}
#: So many rows and marks are drawn; the table has all.
MOST_ROWS, MOST = 60, 4000


def fates(table: pd.DataFrame) -> pd.Series[str]:
    """For each item what became of it."""
    done, good = table["state"] == "done", table["in_time"].astype(bool)
    found = table["state"].astype(str).mask(done & good, "done in time").mask(done & ~good, "done late")
    return found.astype(object)


def _row(row: Any) -> str:
    thing = "" if row["thing"] in ("", row["item"]) else f", {row['thing']}"
    return f"{words.plain(str(row['kind']))}: {str(row['item']).replace('_', ' ')}{thing}"


def _rows(table: pd.DataFrame) -> pd.Series[str]:
    return pd.Series([_row(row) for row in table.to_dict("records")], index=table.index, dtype=object)


class _Calendar:
    """One row for each thing that is to be done, a mark for each time."""

    def figure(self, table: pd.DataFrame, window: Window) -> go.Figure:
        """Marks at the moment of doing, else at that up to which it is due."""
        if table.empty:
            return marks.nothing(80)
        at = table["done_s"].fillna(table["due_s"].clip(upper=_edge(window)))
        own = table.assign(at_s=at, fate=fates(table), row=_rows(table)).head(MOST)
        names = list(dict.fromkeys(own["row"]))[:MOST_ROWS]
        drawn = go.Figure()
        for fate, (colour, symbol, _) in FATES.items():
            mine = own[(own["fate"] == fate) & own["row"].isin(names)]
            if len(mine):
                drawn.add_scatter(
                    x=window.moments(mine["at_s"]).to_list(), y=[escape(row) for row in mine["row"]], mode="markers",
                    name=words.plain(fate), marker={"color": colour, "symbol": symbol, "size": 9},
                    text=[_said(row, window) for row in mine.to_dict("records")],
                    hovertemplate="%{y}<br>%{text}<extra></extra>",
                )  # fmt: skip
        end = window.moments(pd.Series([window.horizon_s])).to_list()[0]
        drawn.add_vline(x=end, line={"color": "#7F7F7F", "width": 1, "dash": "dot"})
        drawn.update_yaxes(categoryorder="array", categoryarray=[escape(name) for name in names], autorange="reversed")
        edges = window.moments(pd.Series([-0.03, 1.03]) * _edge(window)).to_list()
        drawn.update_xaxes(type="date", range=edges, tickangle=0, nticks=4, tickformatstops=layout.DATES)
        return marks.framed(drawn, 120 + 26 * len(names), "", "")

    def caption(self, table: pd.DataFrame, window: Window) -> str:
        """How many of each fate, and what is overdue."""
        if table.empty:
            return "As far as this run folder knows, nothing had to be done or renewed by a date."
        found = fates(table)
        counts = [f"{int((found == fate).sum())} {fate}" for fate in FATES]
        head = f"Of {len(table)} dates {', '.join(counts)} when the run stopped."
        over = table[found == "overdue"]
        named = [f"{_row(row).lower()} since {_day(row['due_s'], window)}" for row in over.to_dict("records")]
        return f"{head} Overdue: {words.listed(named)}." if named else f"{head} Nothing is overdue."

    def table(self, table: pd.DataFrame, window: Window) -> pd.DataFrame:
        """Every date."""
        moments = {name: _moments(table[f"{name}_s"], window) for name in ("begins", "due", "done")}
        return pd.DataFrame(
            {"kind": table["kind"], "item": table["item"], "thing": table["thing"], "fate": fates(table), **moments}
        )


def _edge(window: Window) -> float:
    """Until when the calendar is drawn: a fifth of the run, at least a week, beyond its end."""
    return window.horizon_s + max(7 * DAY_S, 0.2 * window.horizon_s)


def _moments(times_s: pd.Series[float], window: Window) -> list[str]:
    """As text, because what is due may be beyond the years that a table of moments can hold."""
    return ["" if time != time else f"{_moment(time, window)}" for time in times_s.tolist()]  # noqa: PLR0124 - NaN


def _moment(time_s: float, window: Window) -> str:
    return f"{words.moment(window.start, min(time_s, 3e10)):%Y-%m-%d %H:%M}"


def _day(time_s: float, window: Window) -> str:
    at = words.moment(window.start, min(time_s, 3e10))
    return f"{at.day} {at:%b %Y}"


def _said(row: Any, window: Window) -> str:
    due = f"due by {_moment(row['due_s'], window)}"
    return due if row["done_s"] != row["done_s"] else f"{due}, done {_moment(row['done_s'], window)}"


class _Kinds:
    """What became of the dates of each kind."""

    def counts(self, table: pd.DataFrame) -> pd.DataFrame:
        """kind, fate, count."""
        made = pd.DataFrame({"kind": table["kind"].astype(str), "fate": fates(table), "count": 1})
        return marks.sums(made, ["kind", "fate"], "count")

    def figure(self, table: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A stacked bar for each kind."""
        counts = self.counts(table)
        if counts.empty:
            return marks.nothing(80)
        drawn = go.Figure()
        for fate, (colour, _, pattern) in FATES.items():
            own = counts[counts["fate"] == fate]
            if len(own):
                drawn.add_bar(
                    y=[words.plain(kind) for kind in own["kind"]], x=own["count"].to_list(), orientation="h",
                    name=words.plain(fate), marker={"color": colour, "pattern": palette.pattern(pattern)},
                    hovertemplate="%{y}: %{x} " + fate + "<extra></extra>",
                )  # fmt: skip
        return marks.framed(drawn, 120 + 34 * counts["kind"].nunique(), "Dates", "", barmode="stack")

    def caption(self, table: pd.DataFrame, window: Window) -> str:  # noqa: ARG002
        """Share that was in time, of those whose time has come."""
        found = fates(table)
        come = found != "due"
        if not come.any():
            return "No date of this run has come yet."
        good = int((found == "done in time").sum())
        share = words.number(100.0 * good / int(come.sum()), 3)
        return f"Of {int(come.sum())} dates that came, {good} ({share} %) were met in time."

    def table(self, table: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """The counts."""
        return self.counts(table).rename(columns={"count": "dates"})


CALENDAR, KINDS = _Calendar(), _Kinds()
