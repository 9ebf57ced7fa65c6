r"""Doses of people who are only near: in the room where activity is, or attending injected animals.

Of each room and nuclide the activity is known at any moment: animals come injected and go, vials stand in the hot lab,
and what was wasted lies there too. Its integral from the beginning of the run,

.. math:: C(t) = \int_0^t A(s)\,ds,

is closed between two changes, so that a stay from a to b costs :math:`k\,(C(b) - C(a))`. Everything in a room is at one
distance from everybody in it (rows ``exposure.room_distance``, ``exposure.attendant_distance``); what one handles
oneself is counted here once more, at that distance. Syringes that are under way, walls, and people who are in no step
are left out (walls: `twin shield`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from twin.results.activity import custody
from twin.results.dose_facts import Four
from twin.results.resources import stays
from twin.results.run import Array, Run, codes_of, once
from twin.results.tasks import attendance, happenings, spans_of, taking_part, tasks, thing_of
from twin.results.visits import injections, number_of_visit, visit_codes, visits

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
    injected = injections(run)
    nuclide_of, decay_of = nuclides_of_visits(run)
    rows = pd.DataFrame({"visit": visit, "room": spans.key, "start_s": spans.start_s, "end_s": spans.end_s})
    rows = rows.merge(injected[["visit", "time_s", "activity_bq"]], on="visit")
    rows = rows.assign(start_s=np.maximum(rows["start_s"], rows["time_s"]))
    rows = rows[rows["end_s"] > rows["start_s"]]
    rows = rows[~np.isnan(decay_of[rows["visit"].to_numpy()])]
    own = rows["visit"].to_numpy()
    rows = rows.assign(session=codes_of(visits(run), "session")[own], nuclide=nuclide_of[own], decay=decay_of[own])
    came = rows["activity_bq"] * np.exp(-rows["decay"] * (rows["start_s"] - rows["time_s"]))
    went = -rows["activity_bq"] * np.exp(-rows["decay"] * (rows["end_s"] - rows["time_s"]))
    keys = rows[["room", "session", "nuclide"]]
    both = pd.concat(
        (keys.assign(time_s=rows["start_s"], change_bq=came), keys.assign(time_s=rows["end_s"], change_bq=went))
    )
    ordered: pd.DataFrame = both.sort_values("time_s", kind="stable").reset_index(drop=True)
    return ordered


def nuclides_of_visits(run: Run) -> tuple[Array, Array]:
    """For each visit the nuclide that it was injected with (empty: none that is known), and its decay constant."""
    names = np.full(len(visit_codes(run)), "", dtype=object)
    rows = happenings(run, "injected")
    visit, nuclide = number_of_visit(run)[run.column("visit")[rows]], thing_of(run, "nuclide")[rows]
    for number, code in zip(visit.tolist(), nuclide.tolist(), strict=True):
        if number >= 0 and code >= 0:
            names[number] = run.names[code]
    decay = np.array([run.facts.decay_per_s.get(name, np.nan) for name in names], dtype=float)
    return names, decay


@once
def vial_changes(run: Run) -> pd.DataFrame:
    """What comes to the hot lab's vials and leaves them; what is wasted stays: nuclide, time_s, change_bq."""
    table = custody(run)
    vials = table[table["flow"].isin(["delivered", "drawn"])]
    sign = np.where(vials["flow"] == "delivered", 1.0, -1.0)
    residual = table[table["flow"] == "residual"]
    parts = (
        pd.DataFrame({"nuclide": vials["nuclide"], "time_s": vials["time_s"], "change_bq": sign * vials["amount_bq"]}),
        pd.DataFrame(
            {"nuclide": residual["nuclide"], "time_s": residual["time_s"], "change_bq": residual["amount_bq"]}
        ),
    )
    return pd.concat(parts).reset_index(drop=True)


@once
def contents(run: Run) -> dict[tuple[int, str, str], Content]:
    """Activity by room (number in the facts), nuclide and kind: ``room_animals`` or ``room_vials``."""
    found = {}
    for key, rows in animal_changes(run).groupby(["room", "nuclide"]):
        room, nuclide = _pair(key)
        found[room, nuclide, "room_animals"] = _content(run, nuclide, rows)
    hot_lab = next((i for i, name in enumerate(run.facts.rooms) if name == run.facts.dose.hot_lab), None)
    if hot_lab is not None:
        for nuclide, rows in vial_changes(run).groupby(vial_changes(run)["nuclide"].astype(object)):
            found[hot_lab, str(nuclide), "room_vials"] = _content(run, str(nuclide), rows)
    return found


def _content(run: Run, nuclide: str, rows: pd.DataFrame) -> Content:
    return content(rows["time_s"].to_numpy(float), rows["change_bq"].to_numpy(float), run.facts.decay_per_s[nuclide])


@once
def ambient(run: Run) -> pd.DataFrame:
    """Doses of people (numbered as in the facts) who are near: in a step in a room, and attending.

    Returns
    -------
    DataFrame
        One row for each person: the columns of dose [Sv] with ``_ambient`` and ``_attending`` before their unit.
    """
    people = list(run.facts.people)
    table = pd.DataFrame(index=pd.Index(people, name="person"))
    parts = {"ambient": _in_rooms(run), "attending": _attending(run)}
    for word, doses in parts.items():
        for column, name in enumerate(COLUMNS):
            table[name.replace("_sv", f"_{word}_sv")] = doses[:, column]
    return table


def _in_rooms(run: Run) -> Array:
    """What everybody gets in the rooms of their steps."""
    people = run.positions(list(run.facts.people))
    rooms = run.positions(list(run.facts.rooms))[codes_of(tasks(run), "room")]
    task, person = taking_part(run, "person")
    spans = spans_of(run, people[person], task)
    room = rooms[task]
    doses = np.zeros((len(run.facts.people), len(COLUMNS)))
    for (where, nuclide, kind), held in contents(run).items():
        here = (room == where) & (spans.key >= 0)
        decays = np.bincount(
            spans.key[here], held.between(spans.start_s[here], spans.end_s[here]), minlength=len(doses)
        )
        doses += decays[:, None] * _factors(run, nuclide, kind)
    return doses


def _attending(run: Run) -> Array:
    """What attendants get of the injected animals that they attend, less the time in which they do steps there."""
    watch = attendance(run)
    people = run.positions(list(run.facts.people))
    task, doer = taking_part(run, "person")
    steps = spans_of(run, people[doer], task)
    attends = _by_code(codes_of(watch, "session"))
    working = _by_code(codes_of(tasks(run), "session")[task])
    who, start, end = people[codes_of(watch, "person")], watch["start_s"].to_numpy(), watch["end_s"].to_numpy()
    doses = np.zeros((len(run.facts.people), len(COLUMNS)))
    for key, rows in animal_changes(run).groupby(["session", "nuclide"]):
        code, nuclide = _pair(key)
        held, factors = _content(run, nuclide, rows), _factors(run, nuclide, "attended_animals")
        own = working.get(code, _NONE)
        for k in attends.get(code, _NONE):
            busy = own[steps.key[own] == who[k]]
            spent = held.between(np.maximum(steps.start_s[busy], start[k]), np.minimum(steps.end_s[busy], end[k])).sum()
            doses[who[k]] += max(0.0, float(held.between(start[k : k + 1], end[k : k + 1])[0] - spent)) * factors
    return doses


def _pair(key: Any) -> tuple[int, str]:
    """The key of a group: a number and a nuclide."""
    return int(key[0]), str(key[1])


_NONE = np.empty(0, dtype=np.int64)


def _by_code(codes: Array) -> dict[int, Array]:
    """For each code the places at which it stands."""
    if not len(codes):
        return {}
    order = np.argsort(codes, kind="stable")
    found, first = np.unique(codes[order], return_index=True)
    return dict(zip(found.tolist(), np.split(order, first[1:]), strict=True))


def _factors(run: Run, nuclide: str, place: str) -> Array:
    """For each becquerel and second [Sv/(Bq s)]; what is not modelled adds nothing, and is told apart."""
    nothing: Four = (None, None, None, None)
    four = run.facts.dose.near.get(nuclide, {}).get(place, nothing)
    return np.array([0.0 if value is None else value for value in four])
