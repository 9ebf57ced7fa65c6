"""Who and what was taken when: the bars of a Gantt chart, the times behind them, and their use hour by hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from twin.results.intervals import Spans, everywhere, per_thing
from twin.results.resources import IN_USE, STATES, breaks, broken, people_pieces, room_pieces, scanner_pieces
from twin.results.resources import task_scanner as scanner_of
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import ATTENDANCE, attendance, taking_part, tasks
from twin.results.visits import visit_steps, visits

HOUR_S = 3600.0
#: What a bar takes over from the step that it shows.
SHOWN = ("task", "step", "session", "study", "bed", "room", "start_s", "end_s", "open")


@once
def timeline(run: Run) -> pd.DataFrame:
    """One row for each stretch of time in which a step, or an attendance, took a scanner, a room or a person.

    Returns
    -------
    DataFrame
        kind (scanner, room, person), thing, task, step, session, study, animals and people (names joined by commas),
        bed, room, start_s, end_s, open (it had not ended when the run stopped). In the order of start_s.
    """
    started = tasks(run)["start_s"].notna().to_numpy()
    machine, room = scanner_of(run), run.positions(list(run.facts.rooms))[codes_of(tasks(run), "room")]
    task, person = taking_part(run, "person")
    number = run.positions(list(run.facts.people))[person]
    on_machine, in_room = np.flatnonzero(started & (machine >= 0)), np.flatnonzero(started & (room >= 0))
    parts = [
        _bars(run, "scanner", list(run.facts.scanners), on_machine, machine[on_machine]),
        _bars(run, "room", list(run.facts.rooms), in_room, room[in_room]),
        _bars(run, "person", list(run.facts.people), task[number >= 0], number[number >= 0]),
        _attended(run),
    ]
    return pd.concat(parts, ignore_index=True).sort_values("start_s", kind="stable", ignore_index=True)


def _bars(run: Run, kind: str, names: Sequence[str], task: Array, thing: Array) -> pd.DataFrame:
    """Steps (positions in `tasks`) that took things (positions in `names`)."""
    shown = tasks(run)[list(SHOWN)].iloc[task].reset_index(drop=True)
    words = {name: shown[name].astype("str").where(shown[name].notna(), "") for name in SHOWN[:6]}
    ends = shown["end_s"].where(~shown["open"], run.facts.horizon_s)
    who = {"animals": _animals(run)[task], "people": _people(run)[task]}
    things = {"kind": kind, "thing": np.array([*names, ""], dtype=object)[thing]}
    return pd.DataFrame(things | words | who | {"start_s": shown["start_s"], "end_s": ends, "open": shown["open"]})


def _attended(run: Run) -> pd.DataFrame:
    """Who attended which session."""
    watch = attendance(run)
    known = watch["person"].isin(list(run.facts.people)).to_numpy()
    person, session = (watch[name].astype("str")[known].reset_index(drop=True) for name in ("person", "session"))
    texts: dict[str, Any] = dict.fromkeys(("study", "bed", "room"), "")
    texts |= {"kind": "person", "thing": person, "people": person, "task": ATTENDANCE, "step": ATTENDANCE}
    times = {name: watch[name].to_numpy()[known] for name in ("start_s", "end_s")}
    listed = session.map(_animals_of_session(run)).fillna("").astype("str")
    return pd.DataFrame(texts | {"session": session, "animals": listed} | times | {"open": False})


@once
def _animals(run: Run) -> Array:
    """For each task its animals."""
    task, visit = visit_steps(run)
    return _listed(len(tasks(run)), task, visits(run)["animal"].astype("str").to_numpy()[visit])


@once
def _people(run: Run) -> Array:
    """For each task the people who did it."""
    task, person = taking_part(run, "person")
    return _listed(len(tasks(run)), task, np.asarray(run.named(person), dtype=object))


def _animals_of_session(run: Run) -> dict[str, str]:
    named = visits(run)[["session", "animal"]].dropna().astype("str")
    joined = named.groupby("session")["animal"].agg(", ".join)
    return {str(session): animals for session, animals in joined.items()}


def _listed(count: int, key: Array, names: Array) -> Array:
    """For each of so many keys its names, each once, joined by commas."""
    table = pd.DataFrame({"key": key, "name": names}).drop_duplicates().sort_values(["key", "name"])
    joined = table.groupby("key")["name"].agg(", ".join)
    result: Array = joined.reindex(range(count), fill_value="").to_numpy(dtype=object)
    return result


@once
def calendar(run: Run) -> pd.DataFrame:
    """When the facility was open (kind ``opening``), people on shift or on a break, scanners out of order (``down``).

    Returns
    -------
    DataFrame
        kind, thing (empty for the facility), start_s, end_s.
    """
    people, machines = list(run.facts.people), list(run.facts.scanners)
    parts = [
        _times("opening", [""], everywhere(1, run.facts.opening)),
        _times("shift", people, per_thing([person.shifts for person in run.facts.people.values()])),
        _times("break", people, breaks(run)),
        _times("down", machines, broken(run)),
    ]
    return pd.concat(parts, ignore_index=True)


def _times(kind: str, names: Sequence[str], spans: Spans) -> pd.DataFrame:
    known = spans.where(spans.key >= 0)
    thing = np.array([*names, ""], dtype=object)[known.key.astype(int)]
    return pd.DataFrame({"kind": kind, "thing": thing, "start_s": known.start_s, "end_s": known.end_s})


@once
def hours(run: Run) -> pd.DataFrame:
    """One row for each scanner, room and person and each hour in which it was available.

    Returns
    -------
    DataFrame
        kind, thing, hour_s (when the hour begins), available_s (of opening hours, times the places of a room; of the
        shift less breaks), used_s (of that; by the definitions of the tables scanners, rooms and people).
    """
    parts = [_scanner_hours(run), _room_hours(run), _person_hours(run)]
    return pd.concat(parts, ignore_index=True)


def _scanner_hours(run: Run) -> pd.DataFrame:
    pieces = scanner_pieces(run)
    opened = pieces["open"].to_numpy() > 0
    used = np.isin(pieces["state"].to_numpy(), [STATES.index(name) for name in IN_USE])
    return _by_hour(pieces, "scanner", list(run.facts.scanners), opened * 1.0, (opened & used) * 1.0)


def _room_hours(run: Run) -> pd.DataFrame:
    pieces, facts = room_pieces(run), run.facts.rooms
    opened, here = pieces["open"].to_numpy() > 0, pieces["animals"].to_numpy()
    places = np.array([np.nan if room.places is None else room.places for room in facts.values()])
    each = places[pieces["key"].to_numpy()]
    in_use = (here > 0) | (pieces["step"].to_numpy() > 0)
    used = np.where(np.isnan(each), in_use, np.fmin(here, each))
    return _by_hour(pieces, "room", list(facts), opened * np.nan_to_num(each, nan=1.0), opened * used)


def _person_hours(run: Run) -> pd.DataFrame:
    pieces = people_pieces(run)
    there = (pieces["shift"].to_numpy() > 0) & ~(pieces["break"].to_numpy() > 0)
    busy = (pieces["step"].to_numpy() > 0) | (pieces["attends"].to_numpy() > 0)
    return _by_hour(pieces, "person", list(run.facts.people), there * 1.0, (there & busy) * 1.0)


def _by_hour(pieces: pd.DataFrame, kind: str, names: Sequence[str], available: Array, used: Array) -> pd.DataFrame:
    """Pieces cut at full hours and summed, each weighed as `available` and `used` say."""
    start, end = pieces["start_s"].to_numpy(), pieces["end_s"].to_numpy()
    first, last = np.floor(start / HOUR_S).astype(int), np.ceil(end / HOUR_S).astype(int)
    row = np.repeat(np.arange(len(pieces)), last - first)
    hour = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    length = np.minimum(end[row], (hour + 1) * HOUR_S) - np.maximum(start[row], hour * HOUR_S)
    cut = {"thing": pieces["key"].to_numpy()[row], "hour_s": hour * HOUR_S}
    cut |= {"available_s": length * available[row], "used_s": length * used[row]}
    summed = pd.DataFrame(cut).groupby(["thing", "hour_s"], as_index=False).sum()
    summed = summed[summed["available_s"] > 0].reset_index(drop=True)
    thing = np.array([*names, ""], dtype=object)[summed["thing"].to_numpy(dtype=int)]
    return pd.DataFrame({"kind": kind, "thing": thing} | {name: summed[name] for name in list(summed)[1:]})
