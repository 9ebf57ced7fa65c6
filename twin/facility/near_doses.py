r"""From notes of where activity and people were to doses: arithmetic, all of a day at once.

Of each source the activity is known at any moment. Its integral from the beginning on,

.. math:: C(t) = \int_0^t A(s)\,ds,

is closed between two changes, so that a stay from a to b costs :math:`k\,(C(b) - C(a))`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import exp
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from twin.physics.decay import decays_between
from twin.physics.exposures import Factors

Array: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]
#: What there is (``room_animals``, ``room_vials``, ``attended_animals``), in which room or session, of which nuclide.
Source: TypeAlias = tuple[str, str, str]
#: Of one source, three numbers for the beginning and each change: the moment [s], the activity just after it [Bq] and
#: its integral from the beginning on [Bq s].
Course: TypeAlias = list[float]
#: Who was in a step, in which room (None: in none), of which session, from when to when [s].
Stay: TypeAlias = tuple[str, str | None, str, float, float]
#: Who attended which session, from when to when [s].
Watch: TypeAlias = tuple[str, str, float, float]
Near: TypeAlias = Mapping[str, Mapping[str, Factors]]
_ATTENDED = "attended_animals"


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
    return course[-2] * exp(-decay_per_s * (time_s - course[-3]))


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
    rooms: Mapping[str | None, int],
    courses: Mapping[Source, Course],
    stays: Sequence[Stay],
    watches: Sequence[Watch],
) -> Array:
    """Doses of people who were near [Sv].

    Parameters
    ----------
    seen : mapping of source to array
        As `seen_from` [Sv/(Bq s)].
    people, rooms : mapping of name to int
        Their numbers.
    courses, stays, watches
        What there was where, and who was there, since the same moment.

    Returns
    -------
    array
        By kind (in rooms, attending), person and quantity.
    """
    inside = [source for source in courses if source[0] != _ATTENDED]
    attended = [source for source in courses if source[0] == _ATTENDED]
    found = np.zeros((2, len(people), len(Factors._fields)))
    if inside:
        of = contents([courses[source] for source in inside], [decay_per_s[source[2]] for source in inside])
        _in_rooms(of, np.stack([seen[source] for source in inside]), people, rooms, stays, found[0])
    if attended:
        of = contents([courses[source] for source in attended], [decay_per_s[source[2]] for source in attended])
        factors = np.concatenate([seen[source] for source in attended])
        _attending(of, factors, _where(attended), people, stays, watches, found[1])
    return np.maximum(found, 0.0)


def contents(courses: Sequence[Course], decay_per_s: Sequence[float]) -> Contents:
    """How much was where when."""
    rows = [len(course) // 3 for course in courses]
    table = np.array(list(chain.from_iterable(courses))).reshape(-1, 3)
    return Contents(rows, table[:, 0], table[:, 1], table[:, 2], np.array(decay_per_s))


def _where(attended: Sequence[Source]) -> dict[str, list[int]]:
    """The sources of each session."""
    own: dict[str, list[int]] = {}
    for number, (_, session, _) in enumerate(attended):
        own.setdefault(session, []).append(number)
    return own


def _in_rooms(
    of: Contents,
    seen: Array,
    people: Mapping[str, int],
    rooms: Mapping[str | None, int],
    stays: Sequence[Stay],
    found: Array,
) -> None:
    """What everybody got who was in a step: of sources of that room, and of others through the walls of the plan."""
    inside = [stay for stay in stays if stay[1] is not None]
    if not inside:
        return
    names, places, _, start_s, end_s = zip(*inside, strict=True)
    where = np.array([rooms[place] for place in places])
    source, factors = _reaching(seen)
    decays = _decays(of, source[:, where], np.array(start_s), np.array(end_s))
    np.add.at(found, [people[name] for name in names], np.einsum("sn,snq->nq", decays, factors[:, where]))


def _reaching(seen: Array) -> tuple[Whole, Array]:
    """For each room the sources that reach it, in order, and what they give; zeros after the last."""
    reaches = seen.any(axis=2)
    order = np.argsort(~reaches, axis=0, kind="stable")[: reaches.sum(axis=0).max()]
    return order, np.take_along_axis(seen, order[:, :, None], axis=0)


def _attending(
    of: Contents,
    seen: Array,
    own: Mapping[str, Sequence[int]],
    people: Mapping[str, int],
    stays: Sequence[Stay],
    watches: Sequence[Watch],
    found: Array,
) -> None:
    """What attendants got of their session's animals, less that of the time in which they did steps there."""
    who: list[int] = []
    source: list[int] = []
    spans: list[tuple[float, float]] = []
    sign: list[float] = []
    busy = _busy(own, stays, watches)
    for person, session, start_s, end_s in watches:
        for number in own.get(session, ()):
            steps = [
                (max(first_s, start_s), min(last_s, end_s))
                for first_s, last_s in busy[session, person]
                if last_s > start_s and first_s < end_s
            ]
            many = len(steps)
            spans.append((start_s, end_s))
            spans += steps
            who += [people[person]] * (many + 1)
            source += [number] * (many + 1)
            sign.append(1.0)
            sign += [-1.0] * many
    if spans:
        start, end = np.array(spans).T
        which = np.array(source)
        decays = np.array(sign) * _decays(of, which, start, end)
        np.add.at(found, who, decays[:, None] * seen[which])


def _busy(
    own: Mapping[str, Sequence[int]], stays: Sequence[Stay], watches: Sequence[Watch]
) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """When those who attended were in steps of that session."""
    busy: dict[tuple[str, str], list[tuple[float, float]]] = {
        (session, person): [] for person, session, *_ in watches if session in own
    }
    for person, _, session, start_s, end_s in stays:
        if (session, person) in busy:
            busy[session, person].append((start_s, end_s))
    return busy


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
