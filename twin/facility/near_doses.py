r"""From notes of where activity and people were to doses: arithmetic, all of a day at once.

Of each source the activity is known at any moment. Its integral from the beginning on,

.. math:: C(t) = \int_0^t A(s)\,ds,

is closed between two changes, so that a stay from a to b costs :math:`k\,(C(b) - C(a))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import exp, expm1, isnan
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

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
#: A person, a source, its factors by quantity, from when to when [s], added (1) or taken off (-1).
_Asked: TypeAlias = tuple[str, int, tuple[float, ...], float, float, float]
Near: TypeAlias = Mapping[str, Mapping[str, Factors]]
_ATTENDED = "attended_animals"


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
    near: Near,
    decay_per_s: Mapping[str, float],
    people: Sequence[str],
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
    near : mapping of nuclide to (mapping of place to Factors)
        As `twin.scenario.site_dose.Dose.near` [Sv/(Bq s)].
    held, changes, stays, watches
        What there was at ``since_s``, and what happened until ``until_s``; changes in order of time.

    Returns
    -------
    doses : array
        By kind (in rooms, attending), person and quantity.
    left : dict
    """
    found = np.zeros((2, len(people), len(Factors._fields)))
    of = contents(held, changes, decay_per_s, since_s, until_s)
    numbers = {name: number for number, name in enumerate(people)}
    for kind, asked in enumerate((_in_rooms(of, near, stays), _attending(of, near, stays, watches))):
        rows = list(asked)
        if rows:
            found[kind] = np.maximum(_summed(of, rows, numbers, until_s - since_s, since_s), 0.0)
    return found, dict(zip(of.sources, of.left_bq, strict=True))


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
        left_bq.append(_played(rows, held.get(source, 0.0), own, constants[-1], since_s, until_s))
    table = np.array(rows).reshape(-1, 3)
    return Contents(list(steps), first, table[:, 0], table[:, 1], table[:, 2], np.array(constants), left_bq)


def _played(
    rows: list[tuple[float, float, float]],
    activity_bq: float,
    steps: Sequence[tuple[float, float]],
    decay_per_s: float,
    since_s: float,
    until_s: float,
) -> float:
    """Append a source's rows; returns what is left of it at the end."""
    before_s, integral = since_s, 0.0
    rows.append((since_s, activity_bq, 0.0))
    for time_s, change_bq in steps:
        elapsed = decay_per_s * (time_s - before_s)
        integral -= activity_bq * expm1(-elapsed) / decay_per_s
        activity_bq = max(0.0, activity_bq * exp(-elapsed) + change_bq)
        before_s = time_s
        rows.append((time_s, activity_bq, integral))
    return activity_bq * exp(-decay_per_s * (until_s - before_s))


def _in_rooms(of: Contents, near: Near, stays: Sequence[Stay]) -> Iterator[_Asked]:
    """What everybody sees who was in a step: sources of that room, and of others through the walls of the plan."""
    seen: dict[str, list[tuple[int, tuple[float, ...]]]] = {}
    for number, (kind, where, nuclide) in enumerate(of.sources):
        if kind == _ATTENDED:
            continue
        for place, factors in near[nuclide].items():
            kind_there, _, rooms = place.partition("/")
            if kind_there == kind and (not rooms or rooms.startswith(f"{where}/")):
                seen.setdefault(rooms.rpartition("/")[2] or where, []).append((number, _known(factors)))
    for person, room, _, start_s, end_s in stays:
        for number, known in seen.get(room or "", ()):
            yield person, number, known, start_s, end_s, 1.0


def _attending(of: Contents, near: Near, stays: Sequence[Stay], watches: Sequence[Watch]) -> Iterator[_Asked]:
    """What attendants see of their session's animals, less the time in which they do steps there."""
    own: dict[str, list[tuple[int, tuple[float, ...]]]] = {}
    for number, (kind, where, nuclide) in enumerate(of.sources):
        if kind == _ATTENDED:
            own.setdefault(where, []).append((number, _known(near[nuclide][_ATTENDED])))
    watched = [watch for watch in watches if watch[1] in own]
    busy: dict[tuple[str, str], list[tuple[float, float]]] = {(session, person): [] for person, session, *_ in watched}
    for person, _, session, start_s, end_s in stays:
        if (session, person) in busy:
            busy[session, person].append((start_s, end_s))
    for person, session, start_s, end_s in watched:
        for number, factors in own[session]:
            yield person, number, factors, start_s, end_s, 1.0
            for first_s, last_s in busy[session, person]:
                if last_s > start_s and first_s < end_s:
                    yield person, number, factors, max(first_s, start_s), min(last_s, end_s), -1.0


def _known(factors: Factors) -> tuple[float, ...]:
    """What is not modelled adds nothing."""
    return tuple(0.0 if isnan(value) else value for value in factors)


def _summed(
    of: Contents, asked: Sequence[_Asked], numbers: Mapping[str, int], length_s: float, since_s: float
) -> Array:
    """Doses by person and quantity of all that is asked [Sv]."""
    names, *columns = zip(*asked, strict=True)
    person = np.array([numbers[name] for name in names])
    source, factors, start_s, end_s, sign = (np.array(column) for column in columns)
    decays = sign * (
        _integral(of, source, end_s, length_s, since_s) - _integral(of, source, start_s, length_s, since_s)
    )
    sums = [np.bincount(person, decays * factors[:, k], minlength=len(numbers)) for k in range(factors.shape[1])]
    return np.stack(sums, axis=1)


def _integral(of: Contents, source: npt.NDArray[np.int64], time_s: Array, length_s: float, since_s: float) -> Array:
    """Decays of sources up to moments [Bq s]; all are found in one search, each source in a stretch of its own."""
    stretch_s = length_s + 1.0
    owner = np.repeat(np.arange(len(of.sources)), np.diff([*of.first, len(of.time_s)]))
    row = (
        np.searchsorted(owner * stretch_s + (of.time_s - since_s), source * stretch_s + (time_s - since_s), "right") - 1
    )
    decay = of.decay_per_s[source]
    found: Array = of.integral_bq_s[row] - of.activity_bq[row] * np.expm1(-decay * (time_s - of.time_s[row])) / decay
    return found
