r"""From notes of where activity and people were to doses: arithmetic, all of a day at once.

Of each source the activity is known at any moment. Its integral from the beginning on,

.. math:: C(t) = \int_0^t A(s)\,ds,

is closed between two changes, so that a stay from a to b costs :math:`k\,(C(b) - C(a))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from twin.physics.decay import course, decays_between, remaining
from twin.physics.exposures import Factors

Array: TypeAlias = npt.NDArray[np.float64]
#: What there is (``room_animals``, ``room_vials``, ``attended_animals``), in which room or session, of which nuclide.
Source: TypeAlias = tuple[str, str, str]
#: A source, a moment [s], what comes (+) or goes (-) [Bq].
Change: TypeAlias = tuple[Source, float, float]
#: Who was in a step, in which room (None: in none), of which session, from when to when [s].
Stay: TypeAlias = tuple[str, str | None, str, float, float]
#: Who attended which session, from when to when [s].
Watch: TypeAlias = tuple[str, str, float, float]
#: A person, a source, from when to when [s], added (1) or taken off (-1).
_Asked: TypeAlias = tuple[str, int, float, float, float]
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


class Contents(NamedTuple):
    """All sources one after the other: where each begins and the moments [s], activities [Bq], integrals [Bq s]."""

    sources: list[Source]
    first: list[int]
    time_s: Array
    activity_bq: Array
    integral_bq_s: Array
    decay_per_s: Array
    left_bq: list[float]


def doses(
    seen: Mapping[Source, Array],
    decay_per_s: Mapping[str, float],
    people: Mapping[str, int],
    rooms: Mapping[str | None, int],
    held: Mapping[Source, float],
    changes: Sequence[Change],
    stays: Sequence[Stay],
    watches: Sequence[Watch],
    since_s: float,
    until_s: float,
) -> tuple[Array, dict[Source, float]]:
    """Doses [Sv] of people who were near, and what is left of each source at the end [Bq].

    Parameters
    ----------
    seen : mapping of source to array
        As `seen_from` [Sv/(Bq s)].
    people, rooms : mapping of name to int
        Their numbers.
    held, changes, stays, watches
        What there was at ``since_s``, and what happened until ``until_s``; changes in order of time.

    Returns
    -------
    doses : array
        By kind (in rooms, attending), person and quantity.
    left : dict
    """
    of = contents(held, changes, decay_per_s, since_s, until_s)
    known = [seen[source] for source in of.sources]
    found = np.stack((_in_rooms(of, known, people, rooms, stays), _attending(of, known, people, stays, watches)))
    return np.maximum(found, 0.0), dict(zip(of.sources, of.left_bq, strict=True))


def contents(
    held: Mapping[Source, float],
    changes: Sequence[Change],
    decay_per_s: Mapping[str, float],
    since_s: float,
    until_s: float,
) -> Contents:
    """How much was where when: at the beginning, and after each change."""
    steps: dict[Source, list[tuple[float, float]]] = {source: [] for source in held}
    for source, time_s, change_bq in changes:
        steps.setdefault(source, []).append((time_s, change_bq))
    rows: list[tuple[float, float, float]] = []
    first, left_bq, constants = [], [], []
    for source, own in steps.items():
        first.append(len(rows))
        constants.append(decay_per_s[source[2]])
        rows += course(own, constants[-1], since_s, held.get(source, 0.0))
        last_s, activity_bq, _ = rows[-1]
        left_bq.append(remaining(activity_bq, constants[-1], until_s - last_s))
    table = np.array(rows).reshape(-1, 3)
    return Contents(list(steps), first, table[:, 0], table[:, 1], table[:, 2], np.array(constants), left_bq)


def _in_rooms(
    of: Contents,
    seen: Sequence[Array],
    people: Mapping[str, int],
    rooms: Mapping[str | None, int],
    stays: Sequence[Stay],
) -> Array:
    """What everybody got who was in a step: of sources of that room, and of others through the walls of the plan."""
    found = np.zeros((len(people), len(Factors._fields)))
    sources = [number for number, (kind, *_) in enumerate(of.sources) if kind != _ATTENDED]
    inside = [stay for stay in stays if stay[1] is not None]
    if not sources or not inside:
        return found
    names, places, _, start_s, end_s = zip(*inside, strict=True)
    times = np.array((end_s, start_s))
    after, before = _integral(of, np.array(sources)[:, None, None], times).swapaxes(0, 1)
    factors = np.stack([seen[number] for number in sources])[:, [rooms[place] for place in places]]
    np.add.at(found, [people[name] for name in names], np.einsum("sn,snq->nq", after - before, factors))
    return found


def _attending(
    of: Contents, seen: Sequence[Array], people: Mapping[str, int], stays: Sequence[Stay], watches: Sequence[Watch]
) -> Array:
    """What attendants got of their session's animals."""
    found = np.zeros((len(people), len(Factors._fields)))
    asked = list(_watched(of, stays, watches))
    if asked:
        names, sources, start_s, end_s, sign = zip(*asked, strict=True)
        after, before = _integral(of, np.array(sources), np.array((end_s, start_s)))
        factors = np.stack([seen[number][0] for number in sources])
        decays = np.array(sign) * (after - before)
        np.add.at(found, [people[name] for name in names], decays[:, None] * factors)
    return found


def _watched(of: Contents, stays: Sequence[Stay], watches: Sequence[Watch]) -> Iterator[_Asked]:
    """What they see, less the time in which they do steps there."""
    own: dict[str, list[int]] = {}
    for number, (kind, where, _) in enumerate(of.sources):
        if kind == _ATTENDED:
            own.setdefault(where, []).append(number)
    watched = [watch for watch in watches if watch[1] in own]
    busy: dict[tuple[str, str], list[tuple[float, float]]] = {(session, person): [] for person, session, *_ in watched}
    for person, _, session, start_s, end_s in stays:
        if (session, person) in busy:
            busy[session, person].append((start_s, end_s))
    for person, session, start_s, end_s in watched:
        for number in own[session]:
            yield person, number, start_s, end_s, 1.0
            for first_s, last_s in busy[session, person]:
                if last_s > start_s and first_s < end_s:
                    yield person, number, max(first_s, start_s), min(last_s, end_s), -1.0


def _integral(of: Contents, source: npt.NDArray[np.int64], time_s: Array) -> Array:
    """Decays of sources up to moments [Bq s]; all are found in one search, each source in a stretch of its own."""
    since_s = of.time_s[0]
    stretch_s = max(float(of.time_s.max()), float(time_s.max())) - since_s + 1.0
    owner = np.repeat(np.arange(len(of.sources)), np.diff([*of.first, len(of.time_s)]))
    row = (
        np.searchsorted(owner * stretch_s + (of.time_s - since_s), source * stretch_s + (time_s - since_s), "right") - 1
    )
    more = decays_between(of.activity_bq[row], of.decay_per_s[source], time_s - of.time_s[row])
    found: Array = of.integral_bq_s[row] + more
    return found
