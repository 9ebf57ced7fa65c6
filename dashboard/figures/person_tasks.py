"""Doses of people by task and by period of wear, as a table with colour behind it, beside what a year allows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, marks, palette, words
from dashboard.figures.budgets import COLUMNS, MSV
from dashboard.figures.window import DAY_S, Window

USV = 1e6
#: Rows that are drawn; the table has all.
MOST = 40
WHOLE = "All tasks"
OF_YEAR = "Of a year's limit"
#: On a narrow screen: so many tasks, then the rest; so much room for the name of a row [px].
FEW, REST, NAME = 5, "all other", 18


@dataclass(frozen=True, slots=True)
class PersonTasks:
    """One quantity: its column of ``doses``, and what a person calls it."""

    column: str
    quantity: str

    def sums(self, doses: pd.DataFrame, window: Window, wear_s: float) -> pd.DataFrame:
        """Person, period of wear (its first and last day), task, dose_uSv: what was got by handling."""
        table = pd.DataFrame(
            {
                "person": doses["person"].astype(str),
                "period": [_period(float(time_s), window, wear_s) for time_s in doses["time_s"]],
                "task": doses["task"].astype(str),
                "dose_uSv": doses[self.column].fillna(0.0) * USV,
            }
        )
        return marks.sums(table, ["person", "period", "task"], "dose_uSv")

    def rows(self, doses: pd.DataFrame, window: Window, wear_s: float) -> pd.DataFrame:
        """A row for each person and period, a column for each task [µSv]; the most first."""
        summed = self.sums(doses, window, wear_s)
        made = summed.pivot_table(
            index=["person", "period"], columns="task", values="dose_uSv", aggfunc="sum", fill_value=0.0
        )
        order = made.sum(axis=1).sort_values(ascending=False, kind="stable").index
        return made.loc[order, made.sum().sort_values(ascending=False, kind="stable").index].head(MOST)

    def parts(self, rows: pd.DataFrame, budgets: pd.DataFrame) -> list[str]:
        """Of each row, what part of a year's limit its sum is."""
        people = [str(person) for person, _ in rows.index.tolist()]
        return [_part(self.column, budgets, *one) for one in zip(people, rows.sum(axis=1).tolist(), strict=True)]

    def figure(self, doses: pd.DataFrame, budgets: pd.DataFrame, window: Window, wear_s: float) -> go.Figure:
        """A row for each person and period, a column for each task, at the end the sum and its part of the limit."""
        rows = self.rows(doses, window, wear_s)
        if rows.empty:
            return marks.nothing(80)
        parts = self.parts(rows, budgets)
        columns = [*map(_task, rows.columns), WHOLE]
        z, text = _shaded(rows.assign(**{WHOLE: rows.sum(axis=1)}), rows)
        if any(parts):
            columns.append(OF_YEAR)
            z = [[*line, 0.0] for line in z]
            text = [[*line, part.replace(" of ", "<br>of ")] for line, part in zip(text, parts, strict=True)]
        return _drawn(z, text, columns, _names(rows), 11)

    def narrow(self, doses: pd.DataFrame, budgets: pd.DataFrame, window: Window, wear_s: float) -> go.Figure:
        """The same for a narrow screen: the tasks with most, and above each row its name, its sum and its part."""
        rows = self.rows(doses, window, wear_s)
        if rows.empty:
            return marks.nothing(80)
        shown = rows.iloc[:, :FEW]
        if len(rows.columns) > FEW:
            shown = shown.assign(**{REST: rows.iloc[:, FEW:].sum(axis=1)})
        names, lines = _names(rows), zip(rows.sum(axis=1).tolist(), self.parts(rows, budgets), strict=True)
        sums = [f"{words.number(whole)} µSv{f', {part}' if part else ''}" for whole, part in lines]
        drawn = _drawn(*_shaded(shown, rows), list(map(_task, shown.columns)), names, 9)
        drawn.update_traces(ygap=NAME)
        drawn.update_layout(height=70 + (36 + NAME // 2) * len(names))
        said = [f"<b>{escape(words.named(name))}</b> {more}" for name, more in zip(names, sums, strict=True)]
        return layout.named_above(drawn, [(text, row - 0.5) for row, text in enumerate(said)], yanchor="middle")

    def caption(self, doses: pd.DataFrame, budgets: pd.DataFrame, window: Window, wear_s: float) -> str:
        """Who got most in a period, of which task, and what part of a year's limit that is."""
        summed = self.sums(doses, window, wear_s)
        if not summed["dose_uSv"].sum():
            return f"Nobody got {self.quantity} by handling activity in this run."
        by = marks.sums(summed, ["person", "period"], "dose_uSv")
        most = marks.top(by, "dose_uSv")
        own = summed[(summed["person"] == most["person"]) & (summed["period"] == most["period"])]
        task = marks.top(own, "dose_uSv")
        part = 100.0 * task["dose_uSv"] / most["dose_uSv"]
        task_name, everybody = words.plain(str(task["task"])).lower(), words.number(by["dose_uSv"].sum())
        of_limit = _part(self.column, budgets, str(most["person"]), float(most["dose_uSv"]))
        share = f" ({of_limit} of a year)" if of_limit else ""
        return (
            f"{self.quantity} by handling: {most['person']} got the most in a period of wear, "
            f"{words.number(most['dose_uSv'])} µSv in {most['period']}{share}, "
            f"{words.number(part, 2)} % of it by {task_name}; everybody together got {everybody} µSv. "
            f"A dosimeter is worn for {words.number(wear_s / DAY_S)} days."
        )

    def table(self, doses: pd.DataFrame, budgets: pd.DataFrame, window: Window, wear_s: float) -> pd.DataFrame:  # noqa: ARG002
        """The sums."""
        return self.sums(doses, window, wear_s).assign(dose_uSv=lambda made: made["dose_uSv"].round(4))


def _names(rows: pd.DataFrame) -> list[str]:
    several = len({period for _, period in rows.index.tolist()}) > 1
    return [f"{person}, {period}" if several else str(person) for person, period in rows.index.tolist()]


def _task(name: object) -> str:
    return words.plain(str(name))


def _shaded(shown: pd.DataFrame, rows: pd.DataFrame) -> tuple[list[list[float]], list[list[str]]]:
    """How much of the most of all rows each cell is, and its number."""
    most = max(1e-12, float(rows.to_numpy().max()))
    lines = shown.to_numpy().tolist()
    return [[min(1.0, one / most) for one in line] for line in lines], [[*map(words.number, line)] for line in lines]


def _drawn(z: list[list[float]], text: list[list[str]], columns: list[str], names: list[str], size: int) -> go.Figure:
    """Cells with their numbers, the names of the tasks above them in letters of a size [px]."""
    drawn = go.Figure(
        go.Heatmap(
            z=z, x=columns, y=[escape(name) for name in names], text=text, texttemplate="%{text}", xgap=2, ygap=2,
            colorscale=palette.SHARES, zmin=0, zmax=1, showscale=False, textfont={"size": 11},
            hovertemplate="%{y}<br>%{x}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    marks.framed(drawn, 80 + 36 * len(names), "", "")
    drawn.update_yaxes(autorange="reversed", showgrid=False)
    lines = [marks.in_lines(column, 11) for column in columns]
    drawn.update_xaxes(
        showgrid=False, side="top", tickangle=0, tickfont={"size": size}, tickvals=columns, ticktext=lines
    )
    return drawn


def _period(time_s: float, window: Window, wear_s: float) -> str:
    """``2 Mar to 31 Mar``: the days from one change of dosimeters to the next, as far as the run goes."""
    number = math.floor(time_s / wear_s)
    first = words.moment(window.start, number * wear_s)
    last = words.moment(window.start, min((number + 1) * wear_s, window.horizon_s) - 1.0)
    return f"{first.day} {first:%b} to {last.day} {last:%b}"


def _part(column: str, budgets: pd.DataFrame, person: str, dose_usv: float) -> str:
    """``1.2 % of 500 mSv``, the tightest limit or constraint of a year; empty where none is known."""
    own = budgets[(budgets["person"] == person) & (budgets["period"] == "year")]
    allowed = own[own["quantity"].map(COLUMNS) == column]["allowed_sv"]
    if not len(allowed) or not float(allowed.min()) > 0.0:
        return ""
    least = float(allowed.min())
    return f"{words.number(100.0 * dose_usv / USV / least, 2)} % of {words.number(least * MSV)} mSv"


FINGERTIP = PersonTasks("hp007_finger_sv", "Hp(0.07) of the fingertip")
WHOLE_BODY = PersonTasks("hp10_sv", "Hp(10)")
EYE = PersonTasks("hp3_sv", "Hp(3) of the eye lens, photons only,")
