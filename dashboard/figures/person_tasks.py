"""Doses of people by task and by period of wear, as a table with colour behind it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, palette, words
from dashboard.figures.window import Window

USV = 1e6
#: Rows that are drawn; the table has all.
MOST = 40
WHOLE = "All tasks"


@dataclass(frozen=True, slots=True)
class PersonTasks:
    """One quantity: its column of ``doses``, and what a person calls it."""

    column: str
    quantity: str

    def sums(self, doses: pd.DataFrame, window: Window) -> pd.DataFrame:
        """Person, period (month), task, dose_uSv: what was got by handling."""
        months = window.moments(doses["time_s"]).dt.strftime("%Y-%m")
        table = pd.DataFrame(
            {
                "person": doses["person"].astype(str),
                "period": months,
                "task": doses["task"].astype(str),
                "dose_uSv": doses[self.column].fillna(0.0) * USV,
            }
        )
        return marks.sums(table, ["person", "period", "task"], "dose_uSv")

    def figure(self, doses: pd.DataFrame, window: Window) -> go.Figure:
        """A row for each person and month, a column for each task, the sum at the end."""
        summed = self.sums(doses, window)
        if summed.empty:
            return marks.nothing(80)
        rows = summed.pivot_table(
            index=["person", "period"], columns="task", values="dose_uSv", aggfunc="sum", fill_value=0.0
        )
        order = rows.sum(axis=1).sort_values(ascending=False, kind="stable").index
        rows = rows.loc[order, rows.sum().sort_values(ascending=False, kind="stable").index].head(MOST)
        several = len(set(summed["period"])) > 1
        shown = rows.assign(**{WHOLE: rows.sum(axis=1)})
        names = [f"{person}, {period}" if several else person for person, period in shown.index.tolist()]
        most = max(1e-12, float(rows.to_numpy().max()))
        z = [[min(1.0, value / most) for value in line] for line in shown.to_numpy().tolist()]
        text = [[words.number(value) for value in line] for line in shown.to_numpy().tolist()]
        columns = [words.plain(str(task)) for task in shown.columns]
        drawn = go.Figure(
            go.Heatmap(
                z=z, x=columns, y=[escape(name) for name in names], text=text, texttemplate="%{text}", xgap=2, ygap=2,
                colorscale=palette.SHARES, zmin=0, zmax=1, showscale=False,
                hovertemplate="%{y}<br>%{x}: %{text} µSv<extra></extra>",
            )
        )  # fmt: skip
        marks.framed(drawn, 110 + 30 * len(names), "", "")
        drawn.update_yaxes(autorange="reversed", showgrid=False)
        drawn.update_xaxes(showgrid=False, side="top")
        return drawn

    def caption(self, doses: pd.DataFrame, window: Window) -> str:
        """Who got most in a period, and of which task."""
        summed = self.sums(doses, window)
        if not summed["dose_uSv"].sum():
            return f"Nobody got {self.quantity} by handling activity in this run."
        by = marks.sums(summed, ["person", "period"], "dose_uSv")
        most = marks.top(by, "dose_uSv")
        own = summed[(summed["person"] == most["person"]) & (summed["period"] == most["period"])]
        task = marks.top(own, "dose_uSv")
        part = 100.0 * task["dose_uSv"] / most["dose_uSv"]
        task_name, everybody = words.plain(str(task["task"])).lower(), words.number(by["dose_uSv"].sum())
        return (
            f"{self.quantity} by handling: {most['person']} got the most in a month, "
            f"{words.number(most['dose_uSv'])} µSv in {most['period']}, {words.number(part, 2)} % of it by "
            f"{task_name}; everybody together got {everybody} µSv."
        )

    def table(self, doses: pd.DataFrame, window: Window) -> pd.DataFrame:
        """The sums."""
        return self.sums(doses, window).assign(dose_uSv=lambda made: made["dose_uSv"].round(4))


FINGERTIP = PersonTasks("hp007_finger_sv", "Hp(0.07) of the fingertip")
WHOLE_BODY = PersonTasks("hp10_sv", "Hp(10)")
EYE = PersonTasks("hp3_sv", "Hp(3) of the eye lens, photons only,")
