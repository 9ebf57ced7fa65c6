"""Whole-body dose of each person by how they got it: handling, being in a room with activity, attending."""

from __future__ import annotations

from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import marks, palette, words
from dashboard.figures.window import Window

USV = 1e6
WAYS = {
    "hp10_sv": "Handling", "hp10_ambient_sv": "In a room with activity", "hp10_attending_sv": "Attending animals",
}  # fmt: skip


def figure(people: pd.DataFrame, window: Window) -> go.Figure:  # noqa: ARG001 - all are called alike
    """A bar of three parts for each person."""
    if people.empty:
        return marks.nothing(80)
    drawn = go.Figure()
    for number, (column, label) in enumerate(WAYS.items()):
        colour, _, _, pattern = marks.look(number)
        drawn.add_bar(
            y=[escape(str(person)) for person in people["person"]], x=(people[column] * USV).to_list(), orientation="h",
            name=label, marker={"color": colour, "pattern": palette.pattern(pattern)},
            hovertemplate=f"%{{y}}, {label.lower()}: %{{x:.3g}} µSv<extra></extra>",
        )  # fmt: skip
    marks.framed(drawn, 120 + 34 * len(people), "Hp(10) in this run, µSv", "", barmode="stack")
    drawn.update_yaxes(autorange="reversed")
    return drawn


def caption(people: pd.DataFrame, window: Window) -> str:  # noqa: ARG001
    """The whole, and how much of it nobody handled."""
    whole = people["hp10_total_sv"].sum()
    if not whole > 0.0:
        return "Nobody got a whole-body dose in this run."
    near = 100.0 * (1.0 - people["hp10_sv"].sum() / whole)
    most = marks.top(people, "hp10_total_sv")
    return (
        f"Everybody together got {words.number(whole * USV)} µSv, {words.number(near, 2)} % of it without handling "
        f"anything; {most['person']} got most, {words.number(most['hp10_total_sv'] * USV)} µSv."
    )


def table(people: pd.DataFrame, window: Window) -> pd.DataFrame:  # noqa: ARG001
    """Each person."""
    columns = {f"{label.lower().replace(' ', '_')}_uSv": (people[name] * USV).round(4) for name, label in WAYS.items()}
    whole = {"all_uSv": (people["hp10_total_sv"] * USV).round(4)}
    return pd.DataFrame({"person": people["person"], "role": people["role"]} | columns | whole)
