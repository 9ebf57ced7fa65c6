"""How visits end, day by day over the whole run."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, palette, words
from dashboard.figures.marks import sums
from dashboard.figures.window import DAY_S, Window

OTHER = "not usable, given up or cancelled"
LOST_LOOK = ("#4D4D4D", "x")
#: More days than this are drawn as weeks.
MOST_DAYS = 62


def counts(visits: pd.DataFrame, window: Window) -> pd.DataFrame:
    """For each day and study its usable scans, and what else ended: day, what, count."""
    ended = visits[visits["ended_s"].notna()]
    zero = window.of_midnight
    day = ((ended["ended_s"] + zero) // DAY_S).astype(int)
    what = ended["study"].astype(str).where(ended["usable"].astype(bool), OTHER)
    return sums(pd.DataFrame({"day": day, "what": what, "count": 1}), ["day", "what"], "count")


def figure(visits: pd.DataFrame, window: Window) -> go.Figure:
    """A stacked bar for each day."""
    found = counts(visits, window)
    if found.empty:
        return marks.nothing(80)
    step = 7 if window.days > MOST_DAYS else 1
    found = sums(found.assign(day=found["day"] // step * step), ["day", "what"], "count")
    studies = [what for what in dict.fromkeys(found["what"]) if what != OTHER]
    drawn = go.Figure()
    for number, what in enumerate([*studies, OTHER]):
        own = found[found["what"] == what]
        colour, pattern = LOST_LOOK if what == OTHER else (marks.look(number)[0], marks.look(number)[3])
        if len(own):
            drawn.add_bar(
                x=[window.date_of(day) for day in own["day"]], y=own["count"].to_list(), name=escape(words.plain(what)),
                marker={"color": colour, "pattern": palette.pattern(pattern)},
                hovertemplate="%{x|%a %-d %b}: %{y} " + escape(words.plain(what)) + "<extra></extra>",
            )  # fmt: skip
    drawn.update_layout(barmode="stack", bargap=0.3)
    drawn.update_xaxes(type="date", tickformat="%a %-d %b" if window.days <= 14 else "%-d %b")
    return marks.framed(drawn, 260, "", "Visits a week" if step == 7 else "Visits a day", barmode="stack")


def caption(visits: pd.DataFrame, window: Window) -> str:
    """Usable scans of the run, and how many visits ended otherwise."""
    found = counts(visits, window)
    lost = int(found.loc[found["what"] == OTHER, "count"].sum())
    usable = int(found["count"].sum()) - lost
    still = int(visits["ended_s"].isna().sum())
    days = words.counted(window.days, "day")
    return (
        f"In {days} {words.counted(usable, 'visit')} ended with a usable scan and {lost} without one; {still} had not "
        "ended when the run stopped."
    )


def table(visits: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The counts."""
    found = counts(visits, window)
    return pd.DataFrame(
        {"day": [str(window.date_of(day)) for day in found["day"]], "what": found["what"], "visits": found["count"]}
    )
