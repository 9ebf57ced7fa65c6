"""Where rooms are: as the scenario's floor plan says, else side by side in the order of the work."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, marks, palette, words

#: Rooms of a floor plan in metres: name -> (x, y, width, depth).
Plan: TypeAlias = Mapping[str, tuple[float, float, float, float]]
#: Kinds of rooms in the order in which an animal goes through them.
ORDER = ("housing", "preparation", "hot_lab", "uptake", "scanner", "recovery")
WIDTH, DEPTH, GAP = 4.0, 3.0, 0.4
SCHEMATIC = "The scenario has no floor plan: the rooms are drawn side by side, not where they are."


@dataclass(frozen=True, slots=True)
class Room:
    """A rectangle with a name."""

    name: str
    kind: str
    x: float
    y: float
    width: float
    depth: float
    planned: bool = False


def rooms(known: Iterable[tuple[str, str]], plan: Plan) -> list[Room]:
    """Rooms (name and kind) with their places; those that the plan lacks stand in rows below it."""
    pairs = list(known)
    found = [Room(name, kind, *plan[name], planned=True) for name, kind in pairs if name in plan]
    rest = sorted((pair for pair in pairs if pair[0] not in plan), key=lambda pair: _rank(pair[1]))
    left = min((room.x for room in found), default=0.0)
    top = max((room.y + room.depth for room in found), default=-GAP) + GAP
    columns = max(1, math.ceil(math.sqrt(1.6 * len(rest))))
    for number, (name, kind) in enumerate(rest):
        row, column = divmod(number, columns)
        found.append(Room(name, kind, left + column * (WIDTH + GAP), top + row * (DEPTH + GAP), WIDTH, DEPTH))
    return found


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


#: Classes of area, the mildest first: colour, pattern by density of a hatch, and what a person calls it.
CLASSES = {
    "none": ("rgba(128,128,128,0.12)", "no class"),
    "restricted": ("rgba(86,180,233,0.35)", "restricted"),
    "supervised": ("rgba(86,180,233,0.55)", "supervised"),
    "controlled": ("rgba(230,159,0,0.6)", "controlled"),
    "radiation_area": ("rgba(230,159,0,0.75)", "radiation area"),
    "high_radiation_area": ("rgba(213,94,0,0.75)", "high radiation area"),
    "exclusion": ("rgba(213,94,0,0.9)", "exclusion"),
}
USV = 1e6


def figure(areas: pd.DataFrame, plan: Plan) -> go.Figure:
    """The rooms with their class of area and dose of a week."""
    if areas.empty:
        return marks.nothing()
    placed = rooms(zip(areas["room"], areas["kind"], strict=True), plan)
    said = {row["room"]: row for row in areas.to_dict("records")}
    drawn = go.Figure()
    for room in placed:
        row = said[room.name]
        colour, label = CLASSES.get(str(row["area"]), CLASSES["none"])
        right, bottom = room.x + room.width, room.y + room.depth
        week, rate = (words.number(float(row[name]) * factor, 2)
                      for name, factor in (("week_sv", USV), ("most_sv_per_s", USV * 3600.0)))  # fmt: skip
        drawn.add_scatter(
            x=[room.x, right, right, room.x, room.x], y=[room.y, room.y, bottom, bottom, room.y], fill="toself",
            fillcolor=colour, mode="lines", line={"color": "rgba(128,128,128,0.9)", "width": 1.5}, name="",
            showlegend=False, hoveron="fills", hoverinfo="text",
            text=f"{escape(room.name)}: {label}, {week} µSv in a week, at the most {rate} µSv/h",
        )  # fmt: skip
        drawn.add_annotation(
            x=room.x + room.width / 2, y=room.y + room.depth / 2, showarrow=False,
            text=f"<b>{escape(words.plain(room.name))}</b><br>{label}<br>{week} µSv/week<br>most {rate} µSv/h",
        )  # fmt: skip
    depth = max(room.y + room.depth for room in placed) - min(room.y for room in placed)
    width = max(room.x + room.width for room in placed) - min(room.x for room in placed)
    drawn.update_layout(layout.base(round(min(640, max(240, 760 * depth / width)))))
    drawn.update_xaxes(visible=False)
    drawn.update_yaxes(visible=False, autorange="reversed", scaleanchor="x")
    drawn.update_layout(plot_bgcolor=palette.CLEAR)
    return drawn


def caption(areas: pd.DataFrame, plan: Plan) -> str:
    """The room with most, how many of each class, and what the numbers leave out."""
    if areas.empty:
        return "This run has no rooms."
    most = marks.top(areas, "week_sv")
    counts = areas["area"].value_counts()
    classes = [f"{counts[word]} {label}" for word, (_, label) in CLASSES.items() if word in counts]
    law = str(areas["jurisdiction"].iloc[0])
    plain = "" if set(areas["room"]) <= set(plan) else f" {SCHEMATIC}"
    return (
        f"Somebody who never left {most['room']} would get {words.number(most['week_sv'] * USV)} µSv in a mean week. "
        f"By the rules of {law}: {', '.join(classes)}. A planning aid, not an approval: walls are left out.{plain}"
    )


def table(areas: pd.DataFrame, plan: Plan) -> pd.DataFrame:  # noqa: ARG001 - all are called alike
    """Each room."""
    return pd.DataFrame(
        {
            "room": areas["room"],
            "kind": areas["kind"],
            "area": areas["area"].map(lambda word: CLASSES.get(word, CLASSES["none"])[1]),
            "week_uSv": (areas["week_sv"] * USV).round(4),
            "most_uSv_per_h": (areas["most_sv_per_s"] * USV * 3600.0).round(4),
            "jurisdiction": areas["jurisdiction"],
        }
    )
