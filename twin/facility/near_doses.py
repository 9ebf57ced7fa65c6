r"""From notes of where activity and people were to doses: arithmetic, all of a day at once.

Of each source the activity is known at any moment. Its integral from the beginning on,

.. math:: C(t) = \int_0^t A(s)\,ds,

is closed between two changes, so that a stay from a to b costs :math:`k\,(C(b) - C(a))`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import exp
from struct import Struct
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from twin.physics.decay import decays_between
from twin.physics.exposures import Factors

Array: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]
#: What there is (``room_animals``, ``room_vials``, ``attended_animals``), in which room or session, of which nuclide.
Source: TypeAlias = tuple[str, str, str]
#: Of one source, at the beginning and at each change: the moment [s], the activity just after it [Bq] and its integral
#: from the beginning on [Bq s]; as `twin.physics.decay.course` has it.
Course: TypeAlias = list[tuple[float, float, float]]
#: Who attended which session, from when to when [s].
Watch: TypeAlias = tuple[str, str, float, float]
Near: TypeAlias = Mapping[str, Mapping[str, Factors]]
_ATTENDED = "attended_animals"
#: Who was in a step, in which room (-1: in none), of which session, by their numbers, from when to when [s].
STAY = Struct("<2iq2d").pack
STAY_TYPE = np.dtype([("person", "<i4"), ("room", "<i4"), ("session", "<i8"), ("start_s", "<f8"), ("end_s", "<f8")])
_WATCH_TYPE = np.dtype([("person", "<i8"), ("session", "<i8"), ("start_s", "<f8"), ("end_s", "<f8")])


def seen_from(near: Near, rooms: Sequence[str], source: Source) -> Array:
    """What a source gives for each becquerel and second [Sv/(Bq s)]; what is not modelled adds nothing.

    Returns
    -------
    array
        By room in which somebody is, and quantity: its own room and those of the plan, through the walls. Of attended
        animals there is one row.
    """
    kind, where, nuclide = source
    if kind == _ATTENDED:
        attended: Array = np.nan_to_num(np.array([near[nuclide][kind]]))
        return attended
    found = np.zeros((len(rooms), len(Factors._fields)))
    for number, room in enumerate(rooms):
        factors = near[nuclide].get(kind if room == where else f"{kind}/{where}/{room}")
        if factors is not None:
            found[number] = np.nan_to_num(np.array(factors))
    return found


def left_bq(course: Course, time_s: float, decay_per_s: float) -> float:
    """What is left of a source at a moment after its last change [Bq]."""
    since_s, activity_bq, _ = course[-1]
    return activity_bq * exp(-decay_per_s * (time_s - since_s))


class Contents(NamedTuple):
    """Sources one after the other: how many rows each has, the moments [s], activities [Bq], integrals [Bq s]."""

    rows: list[int]
    time_s: Array
    activity_bq: Array
    integral_bq_s: Array
    decay_per_s: Array


def doses(
    seen: Mapping[Source, Array],
    decay_per_s: Mapping[str, float],
    people: Mapping[str, int],
    sessions: Mapping[str, int],
    courses: Mapping[Source, Course],
    stays: bytearray,
    watches: Sequence[Watch],
) -> Array:
    """Doses of people who were near [Sv].

    Parameters
    ----------
    seen : mapping of source to array
        As `seen_from` [Sv/(Bq s)].
    people, sessions : mapping of name to int
        Their numbers.
    courses, stays, watches
        What there was where, and who was there, since the same moment; stays as `STAY` packs them.

    Returns
    -------
    array
        By kind (in rooms, attending), person and quantity.
    """
    inside = [source for source in courses if source[0] != _ATTENDED]
    attended = [source for source in courses if source[0] == _ATTENDED]
    there = np.frombuffer(bytes(stays), STAY_TYPE)
    found = np.zeros((2, len(people), len(Factors._fields)))
    if inside:
        of = contents([courses[source] for source in inside], [decay_per_s[source[2]] for source in inside])
        _in_rooms(of, np.stack([seen[source] for source in inside]), there[there["room"] >= 0], found[0])
    if attended:
        of = contents([courses[source] for source in attended], [decay_per_s[source[2]] for source in attended])
        factors = np.concatenate([seen[source] for source in attended])
        numbers = dict(sessions)
        whose = np.array([numbers.setdefault(session, len(numbers)) for _, session, _ in attended])
        seeing = [(people[who], numbers[whom], *span) for who, whom, *span in watches if whom in numbers]
        _attending(of, factors, whose, there, np.array(seeing, _WATCH_TYPE), found[1])
    return np.maximum(found, 0.0)


def contents(courses: Sequence[Course], decay_per_s: Sequence[float]) -> Contents:
    """How much was where when."""
    rows = [len(course) for course in courses]
    table = np.array(list(chain.from_iterable(chain.from_iterable(courses)))).reshape(-1, 3)
    return Contents(rows, table[:, 0], table[:, 1], table[:, 2], np.array(decay_per_s))


def _in_rooms(of: Contents, seen: Array, stays: Any, found: Array) -> None:
    """What everybody got who was in a step: of sources of that room, and of others through the walls of the plan."""
    if len(stays):
        source, factors = _reaching(seen)
        decays = _decays(of, source[:, stays["room"]], stays["start_s"], stays["end_s"])
        np.add.at(found, stays["person"], np.einsum("sn,snq->nq", decays, factors[:, stays["room"]]))


def _reaching(seen: Array) -> tuple[Whole, Array]:
    """For each room the sources that reach it, in order, and what they give; zeros after the last."""
    reaches = seen.any(axis=2)
    order = np.argsort(~reaches, axis=0, kind="stable")[: reaches.sum(axis=0).max()]
    return order, np.take_along_axis(seen, order[:, :, None], axis=0)


def _attending(of: Contents, seen: Array, whose: Whole, stays: Any, watches: Any, found: Array) -> None:
    """What attendants got of their session's animals, less that of the time in which they did steps there.

    Each watch of a source is one row, followed by a row for each step in that time.
    """
    watch, source = np.nonzero(watches["session"][:, None] == whose)
    if not len(watch):
        return
    one, step = _steps_while(watches, stays)
    many = np.bincount(one, minlength=len(watches))
    rows = 1 + many[watch]
    row = np.repeat(np.arange(len(watch)), rows)
    nth = np.arange(len(row)) - (np.cumsum(rows) - rows)[row]
    on, source, stepping = watches[watch[row]], source[row], nth > 0
    start_s, end_s = on["start_s"].copy(), on["end_s"].copy()
    during = stays[step[((np.cumsum(many) - many)[watch[row]] + nth - 1)[stepping]]]
    start_s[stepping] = np.maximum(start_s[stepping], during["start_s"])
    end_s[stepping] = np.minimum(end_s[stepping], during["end_s"])
    decays = np.where(stepping, -1.0, 1.0) * _decays(of, source, start_s, end_s)
    np.add.at(found, on["person"], decays[:, None] * seen[source])


def _steps_while(watches: Any, stays: Any) -> tuple[Whole, Whole]:
    """Pairs of a watch and a step that the same person did in the same session meanwhile, in order."""
    of_it = (watches["session"][:, None] == stays["session"]) & (watches["person"][:, None] == stays["person"])
    meanwhile = (stays["end_s"] > watches["start_s"][:, None]) & (stays["start_s"] < watches["end_s"][:, None])
    watch, stay = np.nonzero(of_it & meanwhile)
    return watch, stay


def _decays(of: Contents, source: Whole, start_s: Array, end_s: Array) -> Array:
    """Decays of sources between moments [Bq s]; all are found in one search, each source in a stretch of its own."""
    time_s = np.stack((np.broadcast_to(end_s, source.shape), np.broadcast_to(start_s, source.shape)))
    since_s = of.time_s[0]
    stretch_s = max(float(of.time_s.max()), float(end_s.max()), float(start_s.max())) - since_s + 1.0
    begins_s = np.repeat(np.arange(len(of.rows)) * stretch_s, of.rows)
    row = np.searchsorted(begins_s + (of.time_s - since_s), source * stretch_s + (time_s - since_s), "right") - 1
    more = decays_between(of.activity_bq[row], of.decay_per_s[source], time_s - of.time_s[row])
    integral = of.integral_bq_s[row] + more
    found: Array = integral[0] - integral[1]
    return found
