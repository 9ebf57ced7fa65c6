"""How much of each limit and constraint of dose each person has used, and what a year would bring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, palette, words
from dashboard.figures.window import Window

MSV = 1e3
#: So many are drawn, the fullest first; the table has all.
MOST = 10
#: Uses of a budget in the order in which they are listed, with their looks.
USES = {"limit": marks.look(0), "constraint": marks.look(1), "investigation": marks.look(2)}
#: Which column of the doses a budget of a quantity looks at, and what it is called.
COLUMNS = {
    "effective": "hp10_sv", "extremity": "hp007_finger_sv", "skin": "hp007_finger_sv", "lens": "hp3_sv",
}  # fmt: skip
NAMES = {"hp10_sv": "Hp(10)", "hp007_finger_sv": "Hp(0.07), fingertip", "hp3_sv": "Hp(3), eye lens"}


def used(budgets: pd.DataFrame) -> pd.DataFrame:
    """The rows with their share, the most used first."""
    share = 100.0 * budgets["most_sv"] / budgets["allowed_sv"]
    return budgets.assign(share_pct=share).sort_values("share_pct", ascending=False, kind="stable")


def figure(budgets: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG001 - all are called alike
    """A bar for each person and budget; at 100 % it is used up."""
    own = used(budgets).head(MOST)
    if own.empty:
        return marks.nothing(80)
    drawn = go.Figure()
    rows = [_row(row) for row in own.to_dict("records")]
    for use, (colour, _, _, pattern) in USES.items():
        mine = (own["use"] == use).to_numpy()
        if mine.any():
            chosen = own[mine]
            drawn.add_bar(
                y=[row for row, here in zip(rows, mine.tolist(), strict=True) if here],
                x=chosen["share_pct"].to_list(), orientation="h", name=words.plain(use),
                marker={"color": colour, "pattern": palette.pattern(pattern)},
                text=[_amounts(row) for row in chosen.to_dict("records")], textposition="auto", cliponaxis=False,
                hovertemplate="%{y}: %{x:.3g} %<br>%{text}<extra></extra>",
            )  # fmt: skip
    marks.framed(drawn, 120 + 36 * len(rows), "Used of the allowed, %", "", barmode="overlay")
    marks.down(drawn, 100.0, "used up")
    drawn.update_yaxes(autorange=None, categoryorder="array", categoryarray=rows, range=[len(rows) - 0.5, -0.5])
    drawn.update_xaxes(range=[0, max(115.0, 1.1 * float(own["share_pct"].max()))])
    return drawn


def _row(row: Mapping[Any, Any]) -> str:
    return escape(f"{row['person']}: {_called(row)}")


def _called(row: Any) -> str:
    """A constraint has a name of its own; a limit is that of its quantity."""
    name = str(row["budget"])
    what = f"{row['quantity']} {row['use']}" if name.startswith(str(row["use"])) else f"{row['use']} “{name}”"
    return f"{what} of a {row['period']}"


def _amounts(row: Any) -> str:
    most, allowed = (float(row[name]) * MSV for name in ("most_sv", "allowed_sv"))
    return f"{words.number(most)} of {words.number(allowed)} mSv"


def caption(budgets: pd.DataFrame, window: Window) -> str:
    """The fullest budget, and which were passed when."""
    own = used(budgets)
    if own.empty:
        return "This run knows no limit of dose."
    first = own.iloc[0]
    share = f"{words.number(first['share_pct'], 2)} %"
    head = f"The fullest is {first['person']}'s {_called(first)}: {_amounts(first)}, {share}."
    over = own[own["over_sv"] > 0.0]
    head += f" The {MOST} fullest of {len(own)} are drawn." if len(own) > MOST else ""
    if over.empty:
        return f"{head} None was passed."
    said = [f"{row['person']}'s {_called(row)}{_when(row['passed_s'], window)}" for row in over.to_dict("records")]
    return f"{head} Passed: {words.listed(said)}."


def _when(time_s: float, window: Window) -> str:
    if math.isnan(time_s):
        return ""
    at = words.moment(window.start, time_s)
    return f" on {at.day} {at:%b %Y}"


def table(budgets: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Every budget of everybody."""
    own = used(budgets)
    return pd.DataFrame(
        {
            "person": own["person"],
            "budget": own["budget"],
            "use": own["use"],
            "quantity": own["quantity"],
            "period": own["period"],
            "most_mSv": (own["most_sv"] * MSV).round(5),
            "allowed_mSv": (own["allowed_sv"] * MSV).round(5),
            "used_pct": own["share_pct"].round(3),
            "over_mSv": (own["over_sv"] * MSV).round(5),
            "passed": window.moments(own["passed_s"].astype(float)).dt.floor("s"),
        }
    )


class _Year:
    """What a year would bring, in shares of its limit."""

    @staticmethod
    def shares(year: pd.DataFrame, budgets: pd.DataFrame) -> pd.DataFrame:
        """Rows of ``dose_year`` with the tightest yearly limit of person and quantity, if there is one."""
        yearly = budgets[budgets["period"] == "year"]
        yearly = yearly.assign(column=yearly["quantity"].map(COLUMNS))
        allowed = yearly.groupby(["person", "column"])["allowed_sv"].min()
        keys = list(zip(year["person"], year["quantity"], strict=True))
        limit = [allowed.get(key, math.nan) for key in keys]
        own = year.assign(allowed_sv=limit)
        return own[own["quantity"].isin(list(NAMES))]

    def figure(self, year: pd.DataFrame, budgets: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG002
        """A bar for each person and quantity, with its interval where there are weeks enough."""
        own = self.shares(year, budgets)
        own = own[own["allowed_sv"] > 0.0]
        if own.empty:
            return marks.nothing(80)
        drawn = go.Figure()
        for number, (column, name) in enumerate(NAMES.items()):
            colour, _, _, pattern = marks.look(number)
            rows = own[own["quantity"] == column]
            share = 100.0 / rows["allowed_sv"]
            value, low, high = (rows[f"{end}_sv"] * share for end in ("year", "low", "high"))
            drawn.add_bar(
                y=[escape(str(person)) for person in rows["person"]], x=value.to_list(), orientation="h", name=name,
                marker={"color": colour, "pattern": palette.pattern(pattern)},
                error_x={
                    "type": "data", "symmetric": False, "array": (high - value).fillna(0.0).to_list(),
                    "arrayminus": (value - low).fillna(0.0).to_list(), "visible": bool(low.notna().any()),
                },
                text=[f"{words.number(one * MSV)} mSv" for one in rows["year_sv"]], textposition="auto",
                cliponaxis=False, hovertemplate=f"%{{y}}, {name}: %{{x:.3g}} % (%{{text}} in a year)<extra></extra>",
            )  # fmt: skip
        people = own["person"].nunique()
        marks.framed(drawn, 130 + 60 * people, "Projected year, % of the tightest limit or constraint", "")
        marks.down(drawn, 100.0, "limit")
        drawn.update_layout(barmode="group", bargap=0.25)
        drawn.update_yaxes(autorange="reversed")
        most = float((100.0 * own["high_sv"].fillna(own["year_sv"]) / own["allowed_sv"]).max())
        drawn.update_xaxes(range=[0, max(115.0, 1.1 * most)])
        return drawn

    def caption(self, year: pd.DataFrame, budgets: pd.DataFrame, window: Window) -> str:
        """Whose year comes closest to a limit."""
        own = self.shares(year, budgets)
        own = own[own["allowed_sv"] > 0.0]
        if own.empty:
            return "No limit of a year is known, so no year is compared with one."
        share = 100.0 * own["year_sv"] / own["allowed_sv"]
        first = own.iloc[int(share.argmax())]
        known = not math.isnan(first["low_sv"])
        span = f" (95 % interval {words.number(first['low_sv'] * MSV)} to {words.number(first['high_sv'] * MSV)})"
        days = words.number(window.horizon_s / 86400.0)
        luck = "" if known else f" It is {days} days of one run times a year: under three weeks give no interval."
        part = window.horizon_s % (7 * 86400.0) != 0.0
        luck += " Its whole weeks count; a shorter run stands for its opening days of a week of five." if part else ""
        return (
            f"At the rate of this run {first['person']} comes closest: {NAMES[first['quantity']]} "
            f"{words.number(first['year_sv'] * MSV)} mSv in a year{span if known else ''}, "
            f"{words.number(share.max(), 2)} % of what is allowed.{luck}"
        )

    def table(self, year: pd.DataFrame, budgets: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG002
        """Every person and quantity."""
        own = self.shares(year, budgets)
        columns = {f"{end}_mSv": (own[f"{end}_sv"] * MSV).round(5) for end in ("year", "low", "high", "allowed")}
        return pd.DataFrame({"person": own["person"], "quantity": own["quantity"].map(NAMES)} | columns)


YEAR = _Year()
