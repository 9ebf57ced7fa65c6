"""Where rooms are: as the scenario's floor plan says, else side by side in the order of the work."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any, TypeAlias

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, marks, palette, words

#: Rooms of a floor plan in metres: name -> (x, y, width, depth).
Plan: TypeAlias = Mapping[str, tuple[float, float, float, float]]
#: Walls and doors as `twin.api` opens them; places whose dose is asked for.
Walls: TypeAlias = Sequence[tuple[str, tuple[float, float, float, float]]]
Points: TypeAlias = Mapping[str, tuple[float, float]]
#: Walls are seen on a light and on a dark page (3.5 : 1 on white, 4.3 : 1 on the dark page).
WALL, DOOR = "rgba(136,136,136,1)", "#E69F00"
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
    found += _in_gaps(rest, found)
    rest = [pair for pair in rest if pair[0] not in {room.name for room in found}]
    left = min((room.x for room in found), default=0.0)
    top = max((room.y + room.depth for room in found), default=-GAP) + GAP
    columns = max(1, math.ceil(math.sqrt(1.6 * len(rest))))
    for number, (name, kind) in enumerate(rest):
        row, column = divmod(number, columns)
        found.append(Room(name, kind, left + column * (WIDTH + GAP), top + row * (DEPTH + GAP), WIDTH, DEPTH))
    return found


def _in_gaps(rest: Iterable[tuple[str, str]], planned: Sequence[Room]) -> list[Room]:
    """Those of the rest that find a place beside a room of the plan, within its outline."""
    found: list[Room] = []
    right, low = (max((edge(room) for room in planned), default=0.0) for edge in (_right, _low))
    corners = sorted({(_right(room) + GAP, room.y) for room in planned}, key=lambda corner: corner[::-1])
    for name, kind in rest:
        free = (
            Room(name, kind, x, y, WIDTH, min(DEPTH, low - y))
            for x, y in corners
            if x + WIDTH <= right + GAP and low - y > DEPTH / 2
        )
        place = next((room for room in free if not any(_overlap(room, other) for other in (*planned, *found))), None)
        found += [place] if place else []
    return found


def _right(room: Room) -> float:
    return room.x + room.width


def _low(room: Room) -> float:
    return room.y + room.depth


def _overlap(one: Room, other: Room) -> bool:
    beside = _right(one) <= other.x or _right(other) <= one.x
    return not (beside or _low(one) <= other.y or _low(other) <= one.y)


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


def narrow(areas: pd.DataFrame, plan: Plan, walls: Walls = (), points: Points = MappingProxyType({})) -> go.Figure:
    """The same for a narrow screen: what is wider than deep is turned by a quarter, so that the names fit."""
    if areas.empty:
        return marks.nothing()
    placed = rooms(zip(areas["room"], areas["kind"], strict=True), plan)
    if _extent(placed)[0] <= _extent(placed)[1]:
        return figure(areas, plan, walls, points)
    low = max(map(_low, placed))
    turned = {room.name: (low - _low(room), room.x, room.depth, room.width) for room in placed}
    around = [(kind, (low - top, left, low - bottom, right)) for kind, (left, top, right, bottom) in walls]
    asked = {name: (low - y, x) for name, (x, y) in points.items()}
    drawn = figure(areas, turned, around, asked)
    drawn.update_annotations(font_size=10)
    drawn.update_traces(textposition="bottom center", textfont_size=9, selector={"mode": "markers+text"})
    outer = [*(Room(name, "", *place) for name, place in turned.items()),
             *(Room(name, "", x, y, 0.0, 0.0) for name, (x, y) in asked.items())]  # fmt: skip
    width, depth = _extent(outer)
    drawn.update_layout(height=round(min(900, 60 + PHONE * depth / width)), margin={"l": 30, "r": 30})
    return drawn


#: What a telephone has for a drawing beside the names at its sides [px].
PHONE = 275


def _extent(placed: Sequence[Room]) -> tuple[float, float]:
    """Width and depth of all of them [m]."""
    return (
        max(map(_right, placed)) - min(room.x for room in placed),
        max(map(_low, placed)) - min(room.y for room in placed),
    )


def figure(areas: pd.DataFrame, plan: Plan, walls: Walls = (), points: Points = MappingProxyType({})) -> go.Figure:
    """The rooms with their class of area and dose of a week; walls, doors and the places asked for, where planned."""
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
            fillcolor=colour, mode="lines", line={"color": WALL, "width": 1}, name="",
            showlegend=False, hoveron="fills", hoverinfo="text",
            text=f"{escape(room.name)}: {label}, {week} µSv in a week, at the most {rate} µSv/h",
        )  # fmt: skip
    width, depth = _extent(placed)
    for room in placed:
        drawn.add_annotation(**_name(room, said[room.name], width))
    _draw_walls(drawn, walls)
    _draw_points(drawn, points)
    drawn.update_layout(layout.base(round(min(720, max(240, 860 * depth / width)))))
    drawn.update_xaxes(visible=False)
    drawn.update_yaxes(visible=False, autorange="reversed", scaleanchor="x")
    drawn.update_layout(plot_bgcolor=palette.CLEAR)
    return drawn


#: A room that is less than this part of the whole width has room for its number only.
NARROW = 0.16


def _name(room: Room, row: Mapping[Hashable, Any], whole_m: float) -> dict[str, Any]:
    """What stands in a room: its name, and what of its class and doses fits."""
    label = CLASSES.get(str(row["area"]), CLASSES["none"])[1]
    week, rate = (words.number(float(row[name]) * factor, 2)
                  for name, factor in (("week_sv", USV), ("most_sv_per_s", USV * 3600.0)))  # fmt: skip
    name = escape(words.plain(room.name))
    wide = room.width / whole_m
    text = f"<b>{name}</b><br>{label}<br>{week} µSv/week<br>most {rate} µSv/h"
    if wide < NARROW:
        text = f"<b>{name.replace(' ', '<br>')}</b><br>{week}"
    size = 12 if wide >= NARROW else 9
    return {"x": room.x + room.width / 2, "y": room.y + room.depth / 2, "showarrow": False, "text": text,
            "font": {"size": size}}  # fmt: skip


def _draw_walls(drawn: go.Figure, walls: Walls) -> None:
    for kind, (left, top, right, bottom) in walls:
        line = {"color": DOOR if kind == "door" else WALL, "width": 3.5 if kind == "door" else 3.0}
        drawn.add_shape(type="line", x0=left, y0=top, x1=right, y1=bottom, line=line, layer="above")


def _draw_points(drawn: go.Figure, points: Points) -> None:
    """The places whose dose is asked for (``twin shield`` says it)."""
    if points:
        drawn.add_scatter(
            x=[x for x, _ in points.values()], y=[y for _, y in points.values()], mode="markers+text", name="",
            text=[escape(words.plain(name)) for name in points], textposition="middle right", showlegend=False,
            marker={"symbol": "x-thin", "size": 9, "line": {"width": 2.5, "color": "#D55E00"}}, hoverinfo="text",
            textfont={"size": 11}, cliponaxis=False,
        )  # fmt: skip


def caption(areas: pd.DataFrame, plan: Plan, walls: Walls = (), points: Points = MappingProxyType({})) -> str:
    """The room with most, how many of each class, and what the numbers leave out."""
    if areas.empty:
        return "This run has no rooms."
    most = marks.top(areas, "week_sv")
    counts = areas["area"].value_counts()
    classes = [f"{counts[word]} {label}" for word, (_, label) in CLASSES.items() if word in counts]
    law = str(areas["jurisdiction"].iloc[0])
    plain = "" if set(areas["room"]) <= set(plan) else f" {SCHEMATIC}"
    return (
        f"Somebody who never left the room {words.named(most['room'])} would get "
        f"{words.number(most['week_sv'] * USV)} µSv in a mean week. "
        f"By the rules of {law}: {', '.join(classes)}. A planning aid, not an approval: each room by what is in it, "
        f"walls are left out{_asked(walls, points)}.{plain}"
    )


def _asked(walls: Walls, points: Points) -> str:
    """Where the doses at the crosses are found."""
    if not points:
        return ""
    said = words.counted(len(points), "cross") if len(points) == 1 else f"{len(points)} crosses"
    return f"; with {'walls' if walls else 'the plan'}, twin shield reckons the {said}"


def table(areas: pd.DataFrame, *_more: object) -> pd.DataFrame:
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
