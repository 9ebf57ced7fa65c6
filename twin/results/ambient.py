r"""Doses of people who are only near: in the room where activity is, or attending injected animals.

Of each room and nuclide the activity is known at any moment: animals come injected and go, vials stand in the hot lab,
and what was wasted lies there too. Its integral from the beginning of the run,

.. math:: C(t) = \int_0^t A(s)\,ds,

is closed between two changes, so that a stay from a to b costs :math:`k\,(C(b) - C(a))`. Everything in a room is at one
distance from everybody in it (rows ``exposure.room_distance``, ``exposure.attendant_distance``); what one handles
oneself is counted here once more, at that distance. Where there is a floor plan, sources in its other rooms count too,
through the walls between, for people in the middle of theirs. Syringes that are under way and people who are in no step
are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from twin.results.activity import custody
from twin.results.dose_facts import Four
from twin.results.intervals import Spans, pairs
from twin.results.resources import stays
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import attendance, happenings, places_of, spans_of, taking_part, tasks, thing_of
from twin.results.visits import injections, visits

COLUMNS = ("hp10_sv", "hp007_finger_sv", "hp007_ring_sv", "hp3_sv")


@dataclass(frozen=True)
class Content:
    """Activity of one nuclide somewhere, changed at moments.

    Attributes
    ----------
    time_s, activity_bq, integral_bq_s : array
        Moments, the activity just after each, and its integral up to each.
    decay_per_s : float
    """

    time_s: Array
    activity_bq: Array
    integral_bq_s: Array
    decay_per_s: float

    def integral(self, time_s: Array) -> Array:
        """Decays from the beginning up to moments [Bq s]."""
        at = np.searchsorted(self.time_s, time_s, "right") - 1
        known = np.maximum(at, 0)
        since = time_s - self.time_s[known]
        found = (
            self.integral_bq_s[known] - self.activity_bq[known] * np.expm1(-self.decay_per_s * since) / self.decay_per_s
        )
        return np.where(at >= 0, found, 0.0)

    def between(self, start_s: Array, end_s: Array) -> Array:
        """Decays between moments [Bq s]."""
        found: Array = self.integral(end_s) - self.integral(start_s)
        return np.maximum(found, 0.0)


def content(time_s: Array, change_bq: Array, decay_per_s: float) -> Content:
    """From changes of activity, in any order."""
    order = np.argsort(time_s, kind="stable")
    time, change = time_s[order], change_bq[order]
    activity, integral = np.zeros(len(time)), np.zeros(len(time))
    held = total = 0.0
    before = time[0] if len(time) else 0.0
    for i, (now, step) in enumerate(zip(time.tolist(), change.tolist(), strict=True)):
        left = held * np.exp(-decay_per_s * (now - before))
        total += (held - left) / decay_per_s
        held, before = max(0.0, left + step), now
        activity[i], integral[i] = held, total
    return Content(time, activity, integral, decay_per_s)


@once
def animal_changes(run: Run) -> pd.DataFrame:
    """When injected animals come to a room (number in the facts; +) and leave it (-).

    Returns
    -------
    DataFrame
        room, session (code), nuclide, time_s, change_bq.
    """
    number = run.positions(list(run.facts.rooms))[codes_of(tasks(run), "room")]
    visit, spans = stays(run, number)
    given = carried(run)
    stay, injection = pairs(codes_of(visits(run), "animal")[visit], given["animal"].to_numpy())
    visit, room = visit[stay], spans.key[stay]
    at_s, activity, decay = (given[name].to_numpy()[injection] for name in ("time_s", "activity_bq", "decay"))
    start, end = np.maximum(spans.start_s[stay], at_s), spans.end_s[stay]
    kept = np.flatnonzero(end > start)
    time = np.concatenate((start[kept], end[kept]))
    left = np.exp(-np.tile(decay[kept], 2) * (time - np.tile(at_s[kept], 2)))
    change = np.repeat([1.0, -1.0], len(kept)) * np.tile(activity[kept], 2) * left
    order = np.argsort(time, kind="stable")
    who = kept[np.tile(np.arange(len(kept)), 2)[order]]
    columns = {
        "room": room[who],
        "session": codes_of(visits(run), "session")[visit][who],
        "nuclide": given["nuclide"].to_numpy()[injection][who],
        "time_s": time[order],
        "change_bq": change[order],
    }
    return pd.DataFrame(columns)


@once
def carried(run: Run) -> pd.DataFrame:
    """What was injected into which animal (code): visit (number), animal, time_s, activity_bq, nuclide, decay [1/s].

    Injections whose nuclide is not known are left out.
    """
    rows = injections(run)
    nuclide = run.named(thing_of(run, "nuclide")[happenings(run, "injected")])[rows.index.to_numpy()]
    names = pd.Series(nuclide, index=rows.index).astype(object)
    found = rows[["visit", "time_s", "activity_bq"]].assign(
        animal=codes_of(visits(run), "animal")[rows["visit"].to_numpy()],
        nuclide=names,
        decay=names.map(dict(run.facts.decay_per_s)).astype(float),
    )
    return found[found["decay"].notna() & found["activity_bq"].notna()].reset_index(drop=True)


@once
def vial_changes(run: Run) -> pd.DataFrame:
    """What comes to the hot lab's vials and leaves them; what is wasted stays: nuclide, time_s, change_bq."""
    table = custody(run)
    stocked, residual = run.which(table, "flow", "delivered", "drawn"), run.which(table, "flow", "residual")
    rows = np.concatenate((np.flatnonzero(stocked), np.flatnonzero(residual)))
    sign = np.where(run.which(table, "flow", "drawn")[rows], -1.0, 1.0)
    names = run.named(codes_of(table, "nuclide")[rows])
    change = sign * table["amount_bq"].to_numpy()[rows]
    return pd.DataFrame({"nuclide": names, "time_s": table["time_s"].to_numpy()[rows], "change_bq": change})


@once
def contents(run: Run) -> dict[tuple[int, str, str], Content]:
    """Activity by room (number in the facts), nuclide and kind: ``room_animals`` or ``room_vials``."""
    found = {}
    changes = animal_changes(run)
    for (room, nuclide), rows in _groups(changes, "room").items():
        found[room, nuclide, "room_animals"] = _content(run, nuclide, changes, rows)
    hot_lab = next((i for i, name in enumerate(run.facts.rooms) if name == run.facts.dose.hot_lab), None)
    if hot_lab is not None:
        vials = vial_changes(run)
        for nuclide, rows in sorted(_by_name(vials["nuclide"].astype(object).tolist()).items()):
            found[hot_lab, nuclide, "room_vials"] = _content(run, nuclide, vials, rows)
    return found


def _groups(changes: pd.DataFrame, column: str) -> dict[tuple[int, str], Array]:
    """Rows of `animal_changes` by room or session, and nuclide; in their order."""
    found = _by_name(list(zip(changes[column].tolist(), changes["nuclide"].tolist(), strict=True)))
    return {key: found[key] for key in sorted(found)}


def _by_name(keys: list[Any]) -> dict[Any, Array]:
    """For each key the places at which it stands."""
    found: dict[Any, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return {key: np.array(places) for key, places in found.items()}


def _content(run: Run, nuclide: str, changes: pd.DataFrame, rows: Array) -> Content:
    time, change = changes["time_s"].to_numpy(float)[rows], changes["change_bq"].to_numpy(float)[rows]
    return content(time, change, run.facts.decay_per_s[nuclide])


@once
def ambient(run: Run) -> pd.DataFrame:
    """Doses of people (numbered as in the facts) who are near: in a step in a room, and attending.

    Returns
    -------
    DataFrame
        One row for each person: the columns of dose [Sv] with ``_ambient`` and ``_attending`` before their unit.
    """
    people = list(run.facts.people)
    parts = {"ambient": _in_rooms(run), "attending": _attending(run)}
    columns = {
        name.replace("_sv", f"_{word}_sv"): doses[:, column]
        for word, doses in parts.items()
        for column, name in enumerate(COLUMNS)
    }
    return pd.DataFrame(columns, index=pd.Index(people, name="person"))


def _in_rooms(run: Run) -> Array:
    """What everybody gets in the rooms of their steps."""
    people = run.positions(list(run.facts.people))
    rooms = run.positions(list(run.facts.rooms))[codes_of(tasks(run), "room")]
    task, person = taking_part(run, "person")
    spans = spans_of(run, people[person], task)
    room = rooms[task]
    doses = np.zeros((len(run.facts.people), len(COLUMNS)))
    for (where, nuclide, kind), held in contents(run).items():
        for there, factors in _seen_from(run, where, nuclide, kind):
            here = (room == there) & (spans.key >= 0)
            decays = np.bincount(
                spans.key[here], held.between(spans.start_s[here], spans.end_s[here]), minlength=len(doses)
            )
            doses += decays[:, None] * factors
    return doses


def _seen_from(run: Run, where: int, nuclide: str, kind: str) -> Iterator[tuple[int, Array]]:
    """The rooms in which people get something of what is in a room: itself, and those of the plan through walls."""
    yield where, _factors(run, nuclide, kind)
    names = list(run.facts.rooms)
    known = run.facts.dose.near.get(nuclide, {})
    for number, name in enumerate(names):
        place = f"{kind}/{names[where]}/{name}"
        if place in known:
            yield number, _factors(run, nuclide, place)


def _attending(run: Run) -> Array:
    """What attendants get of the injected animals that they attend, less the time in which they do steps there."""
    watch = attendance(run)
    people = run.positions(list(run.facts.people))
    task, doer = taking_part(run, "person")
    steps = spans_of(run, people[doer], task)
    attends = places_of(codes_of(watch, "session"))
    working = places_of(codes_of(tasks(run), "session")[task])
    who, start, end = people[codes_of(watch, "person")], watch["start_s"].to_numpy(), watch["end_s"].to_numpy()
    doses = np.zeros((len(run.facts.people), len(COLUMNS)))
    changes = animal_changes(run)
    for (code, nuclide), rows in _groups(changes, "session").items():
        held, factors = _content(run, nuclide, changes, rows), _factors(run, nuclide, "attended_animals")
        who_attends, own = attends.get(code, _NONE), working.get(code, _NONE)
        whole = held.between(start[who_attends], end[who_attends]).tolist()
        busy = [own[steps.key[own] == who[k]] for k in who_attends.tolist()]
        spent = _decays(held, steps, busy, start[who_attends], end[who_attends])
        for k, all_of_it, stepping in zip(who_attends.tolist(), whole, spent, strict=True):
            doses[who[k]] += max(0.0, float(all_of_it - stepping)) * factors
    return doses


def _decays(held: Content, steps: Spans, busy: list[Array], start: Array, end: Array) -> list[float]:
    """Decays during some steps of each attendance, within it."""
    count = [len(own) for own in busy]
    rows = np.concatenate([_NONE, *busy])
    first, last = np.repeat(start, count), np.repeat(end, count)
    found = held.between(np.maximum(steps.start_s[rows], first), np.minimum(steps.end_s[rows], last))
    return [part.sum() for part in np.split(found, np.cumsum(count)[:-1])] if count else []


_NONE = np.empty(0, dtype=np.int64)


def _factors(run: Run, nuclide: str, place: str) -> Array:
    """For each becquerel and second [Sv/(Bq s)]; what is not modelled adds nothing, and is told apart."""
    nothing: Four = (None, None, None, None)
    four = run.facts.dose.near.get(nuclide, {}).get(place, nothing)
    return np.array([0.0 if value is None else value for value in four])
