"""A day on the floor plan: where each animal and person is at every moment, as compact data that a script can draw.

All places are worked out here; what draws it (``assets/replay.js``) only finds the last key before a moment. A key is
``[seconds, x, y]`` in metres, or ``[seconds]`` for away.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from dashboard.figures import floor, marks, words
from dashboard.figures.floor import Plan, Room
from dashboard.figures.window import HOUR_S, Window

Key: TypeAlias = list[float]
#: Stays of things in rooms: thing -> (start, end, room), in the order of time.
Stays: TypeAlias = dict[str, list[tuple[float, float, str]]]
DESK = "desk or away"
MBQ = 1e-6
#: Parts of a room's depth: its name above, animals in the middle, people below.
NAME, PEOPLE = 0.27, 0.22


def day_of(window: Window) -> tuple[float, float]:
    """The first of the days shown: a replay is of one day."""
    return window.first_s, window.first_s + 24 * HOUR_S


def data(of: Mapping[str, pd.DataFrame], plan: Plan, window: Window) -> dict[str, Any]:
    """Everything that the script needs; people only if the tables have them.

    Parameters
    ----------
    of : mapping of table to DataFrame
        ``rooms``, ``animal_stays``, ``anaesthesias``, ``syringes``, ``vial_levels``, ``timeline``, ``calendar`` and
        ``room_activity`` of a run, as its reader may see them.
    plan : mapping
        As `floor.rooms` takes it.
    window : Window
        Its first day is shown.
    """
    rooms, timeline = of["rooms"], of["timeline"]
    first, last = day_of(window)
    animals = _clip(of["animal_stays"], first, last)
    people = _people(timeline, of["calendar"], animals, first, last)
    known = list(zip(rooms["room"].astype(str), rooms["kind"].astype(str), strict=True))
    known += [(DESK, "desk")] if people else []
    placed = {room.name: room for room in floor.rooms(known, plan)}
    begin, end = _span(animals, people, first, last)
    return {
        "start": window.midnight.isoformat(),
        "zero": first,
        "begin": begin - first,
        "end": end - first,
        "rooms": [_room(room) for room in placed.values()],
        "planned": all(name in plan for name, _ in known if name != DESK),
        "animals": _animals(animals, of, placed, first),
        "people": _drawn_people(people, timeline, placed, first, last),
        "steps": _steps(timeline, first, last),
        "vials": _vials(of["room_activity"], first, last),
        "marks": _marks(timeline, first, last),
    }


def _clip(table: pd.DataFrame, first: float, last: float) -> pd.DataFrame:
    seen = table[(table["end_s"] > first) & (table["start_s"] < last)]
    return seen.assign(start_s=seen["start_s"].clip(lower=first), end_s=seen["end_s"].clip(upper=last))


def _span(animals: pd.DataFrame, people: Stays, first: float, last: float) -> tuple[float, float]:
    """From the hour in which the first comes to that in which the last goes; a quiet day is shown from 6 to 20."""
    starts = [*animals["start_s"].tolist(), *(own[0][0] for own in people.values())]
    ends = [*animals["end_s"].tolist(), *(own[-1][1] for own in people.values())]
    if not starts:
        return first + 6 * HOUR_S, first + 20 * HOUR_S
    return min(starts) // HOUR_S * HOUR_S, min(last, -(-max(ends) // HOUR_S) * HOUR_S)


def _room(room: Room) -> dict[str, Any]:
    return {
        "name": room.name, "kind": room.kind, "x": round(room.x, 3), "y": round(room.y, 3), "w": round(room.width, 3),
        "h": round(room.depth, 3),
    }  # fmt: skip


# Places within rooms ----------------------------------------------------------------------------------------------


def slots(stays: Stays) -> dict[str, list[tuple[float, float, str, int]]]:
    """The same with a number of a place for each stay: the lowest that is free, so that nobody stands on another."""
    events = sorted((start, thing, number) for thing, own in stays.items() for number, (start, _, _) in enumerate(own))
    free: dict[str, list[int]] = {}
    taken: dict[str, list[tuple[float, int]]] = {}
    most: dict[str, int] = {}
    found: dict[str, list[tuple[float, float, str, int]]] = {thing: [] for thing in stays}
    for start, thing, number in events:
        _, end, room = stays[thing][number]
        busy, open_ones = taken.setdefault(room, []), free.setdefault(room, [])
        while busy and busy[0][0] <= start:
            heapq.heappush(open_ones, heapq.heappop(busy)[1])
        place = heapq.heappop(open_ones) if open_ones else most.setdefault(room, 0)
        most[room] = max(most.get(room, 0), place + 1)
        heapq.heappush(busy, (end, place))
        found[thing].append((start, end, room, place))
    return found


def keys(placed: Sequence[tuple[float, float, str, int]], at: Mapping[tuple[str, int], tuple[float, float]],
         zero: float) -> list[Key]:  # fmt: skip
    """Where a thing is from when on; between two stays that do not touch it is away."""
    found: list[Key] = []
    for number, (start, end, room, place) in enumerate(placed):
        x, y = at[room, place]
        found.append([round(start - zero, 1), x, y])
        nxt = placed[number + 1][0] if number + 1 < len(placed) else math.inf
        if nxt > end + 1e-6:
            found.append([round(end - zero, 1)])
    return found


def places(
    found: Iterable[Sequence[tuple[float, float, str, int]]], rooms: Mapping[str, Room], low: float, high: float
) -> dict[tuple[str, int], tuple[float, float]]:
    """A point for each place of each room, in rows between two parts of its depth."""
    most: dict[str, int] = {}
    for own in found:
        for _, _, room, place in own:
            most[room] = max(most.get(room, 0), place + 1)
    return {(name, place): _point(rooms[name], place, count, low, high)
            for name, count in most.items() for place in range(count)}  # fmt: skip


def _point(room: Room, place: int, count: int, low: float, high: float) -> tuple[float, float]:
    depth = (high - low) * room.depth
    columns = max(1, math.ceil(math.sqrt(count * room.width / max(depth, 1e-6))))
    rows = math.ceil(count / columns)
    row, column = divmod(place, columns)
    return (
        round(room.x + room.width * (column + 0.5) / columns, 3),
        round(room.y + room.depth * low + depth * (row + 0.5) / rows, 3),
    )


# Animals ----------------------------------------------------------------------------------------------------------


def _stays(table: pd.DataFrame, thing: str) -> Stays:
    found: Stays = {}
    for row in table.sort_values("start_s", kind="stable").to_dict("records"):
        found.setdefault(str(row[thing]), []).append((float(row["start_s"]), float(row["end_s"]), str(row["room"])))
    return {name: _joined(own) for name, own in found.items()}


def _joined(own: list[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    """Stays that follow each other in one room as one; of those that overlap the later one counts."""
    found: list[tuple[float, float, str]] = []
    for start, end, room in own:
        if found and found[-1][2] == room and start <= found[-1][1] + 1.0:
            found[-1] = (found[-1][0], max(end, found[-1][1]), room)
            continue
        if found and found[-1][1] > start:
            found[-1] = (found[-1][0], start, found[-1][2])
        found.append((start, end, room))
    return [stay for stay in found if stay[1] > stay[0]]


def _animals(
    stays: pd.DataFrame, of: Mapping[str, pd.DataFrame], rooms: Mapping[str, Room], zero: float
) -> list[dict[str, Any]]:
    slept, syringes, levels = of["anaesthesias"], of["syringes"], of["vial_levels"]
    where = slots(_stays(stays, "animal"))
    at = places(where.values(), rooms, NAME, 1.0 - PEOPLE)
    studies = dict(zip(stays["animal"].astype(str), stays["study"].astype(str), strict=True))
    looks = marks.looks(studies.values())
    asleep = _by(slept, "animal", lambda row: [round(row["start_s"] - zero, 1), round(row["end_s"] - zero, 1)])
    decay = levels.groupby("nuclide")["decay_per_s"].first().to_dict() if len(levels) else {}
    injected = _by(
        syringes[syringes["nuclide"].isin(list(decay)) & (syringes["injected_s"] < zero + 24 * HOUR_S)], "animal",
        lambda row: [round(row["injected_s"] - zero, 1), round(row["injected_bq"] * MBQ, 4), decay[row["nuclide"]]],
    )  # fmt: skip
    return [
        {
            "name": name, "study": studies[name], "colour": looks[studies[name]][0], "shape": looks[studies[name]][2],
            "keys": keys(own, at, zero), "asleep": asleep.get(name, []), "injected": injected.get(name, []),
        }
        for name, own in where.items()
    ]  # fmt: skip


def _by(table: pd.DataFrame, name: str, made: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in table.to_dict("records"):
        found.setdefault(str(row[name]), []).append(made(row))
    return found


# People -----------------------------------------------------------------------------------------------------------


def _people(timeline: pd.DataFrame, calendar: pd.DataFrame, animals: pd.DataFrame, first: float, last: float) -> Stays:
    """Where people are: in the room of their step, with the animals they attend, else where they were last."""
    work = _clip(timeline[timeline["kind"] == "person"], first, last)
    shifts = _clip(calendar[calendar["kind"] == "shift"], first, last)
    by_session = {str(session): own for session, own in animals.groupby("session")}
    found: Stays = {}
    for name in sorted({*work["thing"].astype(str), *shifts["thing"].astype(str)} - {""}):
        own = work[work["thing"].astype(str) == name].sort_values("start_s", kind="stable")
        mine = shifts[shifts["thing"].astype(str) == name]
        there = list(zip(mine["start_s"].tolist(), mine["end_s"].tolist(), strict=True))
        found[name] = _joined(_of_person(own.to_dict("records"), there, by_session))
    return {name: own for name, own in found.items() if own}


def _of_person(
    work: Sequence[Mapping[Any, Any]], shifts: Sequence[tuple[float, float]], animals: Mapping[str, pd.DataFrame]
) -> list[tuple[float, float, str]]:
    """Stays of one person: each lasts to the next step, at the most to the end of the shift or of the step itself.

    Who begins to attend while they do a step is where the step is.
    """
    done = [(float(row["start_s"]), float(row["end_s"])) for row in work if row["task"] != "attendance"]
    steps = [
        (float(row["start_s"]), float(row["end_s"]), _room_of(row, animals))
        for row in work
        if row["task"] != "attendance" or not any(start <= row["start_s"] < end for start, end in done)
    ]
    steps += [(begin, begin, DESK) for begin, _ in shifts]
    steps.sort(key=lambda step: step[0])
    found = []
    for number, (start, end, room) in enumerate(steps):
        nxt = steps[number + 1][0] if number + 1 < len(steps) else math.inf
        shift_end = next((stop for begin, stop in shifts if begin <= start < stop), end)
        found.append((start, min(nxt, max(end, shift_end)), room))
    return [stay for stay in found if stay[1] > stay[0]]


def _room_of(row: Mapping[Any, Any], animals: Mapping[str, pd.DataFrame]) -> str:
    """Of a step its room; of an attendance that of the animals."""
    if row["room"]:
        return str(row["room"])
    own = animals.get(str(row["session"]))
    if own is None:
        return DESK
    here = own[(own["start_s"] <= row["start_s"]) & (own["end_s"] > row["start_s"])]
    return str(here["room"].iloc[0]) if len(here) else DESK


def _drawn_people(
    people: Stays, timeline: pd.DataFrame, rooms: Mapping[str, Room], zero: float, last: float
) -> list[dict[str, Any]]:
    where = slots(people)
    at = places(where.values(), rooms, 1.0 - PEOPLE, 1.0)
    work = _clip(timeline[(timeline["kind"] == "person") & (timeline["task"] != "attendance")], zero, last)
    doing = _by(
        work, "thing",
        lambda row: [round(row["start_s"] - zero, 1), round(row["end_s"] - zero, 1), words.plain(str(row["step"]))],
    )  # fmt: skip
    return [
        {"name": name, "keys": keys(own, at, zero), "doing": sorted(doing.get(name, []))} for name, own in where.items()
    ]


# What goes on in rooms --------------------------------------------------------------------------------------------


def _steps(timeline: pd.DataFrame, first: float, last: float) -> dict[str, list[list[Any]]]:
    """Steps under way by room: start, end, what, and whether it is a scan."""
    own = _clip(timeline[timeline["kind"] == "room"], first, last)
    return _by(
        own, "thing",
        lambda row: [round(row["start_s"] - first, 1), round(row["end_s"] - first, 1), words.plain(str(row["step"])),
                     int(row["task"] == "scan")],
    )  # fmt: skip


def _vials(activity: pd.DataFrame, first: float, last: float) -> dict[str, list[list[Any]]]:
    """Activity in vials by room and nuclide: moment, MBq just after, decay constant."""
    own = activity[(activity["source"] == "vials") & (activity["time_s"] < last)]
    found: dict[str, list[list[Any]]] = {}
    for (room, _), rows in own.groupby(["room", "nuclide"]):
        since = max(0, int((rows["time_s"] <= first).sum()) - 1)
        found.setdefault(str(room), []).append(
            [[round(row["time_s"] - first, 1), round(row["activity_bq"] * MBQ, 3), row["decay_per_s"]]
             for row in rows.iloc[since:].to_dict("records")]
        )  # fmt: skip
    return found


def _marks(timeline: pd.DataFrame, first: float, last: float) -> list[list[Any]]:
    """Moments to jump to: when each scan begins."""
    own = _clip(timeline[(timeline["kind"] == "scanner") & (timeline["task"] == "scan")], first, last)
    return [
        [round(row["start_s"] - first, 1), f"{words.plain(str(row['step']))} on {row['thing']}"]
        for row in own.to_dict("records")
    ]


# The same as a chart, for paper and for those who do not watch -----------------------------------------------------


def crowd(stays: pd.DataFrame, window: Window) -> pd.DataFrame:
    """How many animals are in each room from when on: room, time_s, animals; of all the days shown."""
    own = window.clipped(stays)
    parts = []
    for room, rows in own.groupby("room", sort=True):
        ends = pd.concat(
            [pd.DataFrame({"time_s": rows[f"{end}_s"], "animals": sign}) for end, sign in (("start", 1), ("end", -1))]
        )
        change = ends.groupby("time_s")["animals"].sum()
        parts.append(pd.DataFrame({"room": room, "time_s": change.index, "animals": change.cumsum().to_numpy()}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["room", "time_s", "animals"])


def figure(stays: pd.DataFrame, window: Window) -> Any:
    """A line for each room."""
    import plotly.graph_objects as go

    found = crowd(stays, window)
    if found.empty:
        return marks.nothing(80)
    drawn = go.Figure()
    for number, (room, own) in enumerate(found.groupby("room", sort=True)):
        colour, dash, _, _ = marks.look(number)
        drawn.add_scatter(
            x=window.moments(own["time_s"]).to_list(), y=own["animals"].to_list(), name=words.plain(str(room)),
            mode="lines", line={"color": colour, "dash": dash, "width": 2, "shape": "hv"},
            hovertemplate="%{x|%a %H:%M}: %{y} animals<extra></extra>",
        )  # fmt: skip
    drawn.update_xaxes(type="date", tickformat="%H:%M" if window.view == "day" else "%a %-d %b")
    return marks.framed(drawn, 280, "", "Animals in the room", yaxis_rangemode="tozero")


def caption(stays: pd.DataFrame, window: Window) -> str:
    """How many animals were in the house, and the fullest room."""
    found = crowd(stays, window)
    if found.empty:
        return f"{window.title}: no animal was in the rooms of the facility."
    own = window.clipped(stays)
    full = marks.top(found, "animals")
    at = words.moment(window.start, full["time_s"])
    return (
        f"{window.title}: {words.counted(own['animal'].nunique(), 'animal')} went through the rooms; the fullest was "
        f"{full['room']} with {full['animals']} animals at {at:%H:%M}."
    )


def table(stays: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Every stay."""
    own = window.of(stays)
    times = {name: window.moments(own[f"{name}_s"]).dt.floor("s") for name in ("start", "end")}
    return own[["animal", "study", "room"]].assign(
        **times, duration_min=((own["end_s"] - own["start_s"]) / 60.0).round(2)
    )
