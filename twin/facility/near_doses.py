r"""From notes of where activity and people were to doses: arithmetic, all of a day at once.

Of each source the activity is known at any moment. Its integral from the beginning on,

.. math:: C(t) = \int_0^t A(s)\,ds,

is closed between two changes, so that a stay from a to b costs :math:`k\,(C(b) - C(a))`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from struct import Struct
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.facility import near_doses_kernels
from twin.physics.exposures import Factors

Array: TypeAlias = npt.NDArray[np.float64]
#: What there is (``room_animals``, ``room_vials``, ``attended_animals``), in which room or session, of which nuclide.
Source: TypeAlias = tuple[str, str, str]
Near: TypeAlias = Mapping[str, Mapping[str, Factors]]
_ATTENDED = "attended_animals"
#: Notes are rows of numbers. The number of a source, a moment [s], what comes (+) or goes (-) [Bq].
CHANGE = Struct("<3d").pack
#: Who was in a step of which session, from when to when [s], in which room (-1: in none).
STAY = Struct("<5d").pack
#: Who attended which session, from when to when [s].
WATCH = Struct("<4d").pack


def rows(notes: bytearray, width: int) -> Array:
    """Notes as they were packed."""
    found: Array = np.frombuffer(notes) if notes else np.empty(0)
    return found.reshape(-1, width)


def seen_from(near: Near, rooms: Sequence[str], source: Source) -> Array:
    """What a source gives for each becquerel and second [Sv/(Bq s)]; what is not modelled adds nothing.

    Returns
    -------
    array
        By room in which somebody is, and quantity: its own room and those of the plan, through the walls. Attended
        animals give the same in each.
    """
    kind, where, nuclide = source
    found = np.zeros((len(rooms), len(Factors._fields)))
    for number, room in enumerate(rooms):
        beside = kind if kind == _ATTENDED or room == where else f"{kind}/{where}/{room}"
        factors = near[nuclide].get(beside)
        if factors is not None:
            found[number] = np.nan_to_num(np.array(factors))
    return found


def doses(
    seen: Mapping[Source, Array],
    decay_per_s: Mapping[str, float],
    people: int,
    held: Mapping[Source, float],
    sessions: Mapping[str, int],
    notes: tuple[bytearray, bytearray, bytearray],
    since_s: float,
    until_s: float,
) -> tuple[Array, Array]:
    """Doses of people who were near [Sv].

    Parameters
    ----------
    seen : mapping of source to array
        As `seen_from` [Sv/(Bq s)].
    people : int
        How many there are.
    held : mapping of source to float
        What there was at ``since_s`` [Bq]; sources are numbered in this order.
    sessions : mapping of name to int
        Their numbers in the notes.
    notes : tuple of bytearray
        Changes, stays and watches until ``until_s``, in order of time.

    Returns
    -------
    doses : array
        By kind (in rooms, attending), person and quantity.
    left : array
        What is left of each source [Bq].
    """
    changes, stays, watches = rows(notes[0], 3), rows(notes[1], 5), rows(notes[2], 4)
    constants = np.array([decay_per_s[nuclide] for _, _, nuclide in held])
    whose = np.array([sessions.get(where, len(sessions)) if kind == _ATTENDED else -1 for kind, where, _ in held])
    many = 1 + np.bincount(changes[:, 0].astype(np.int64), minlength=len(held))
    first = np.cumsum(many) - many
    course, last, found = np.zeros((int(many.sum()), 3)), first.copy(), np.zeros((2, people, len(Factors._fields)))
    course[first, 0], course[first, 1] = since_s, list(held.values())
    known = np.stack([seen[source] for source in held])
    reaches = known.any(axis=2)
    near_doses_kernels.doses(changes, constants, known, reaches, whose, stays, watches, course, first, last, found)
    return np.maximum(found, 0.0), course[last, 1] * np.exp(-constants * (until_s - course[last, 0]))
