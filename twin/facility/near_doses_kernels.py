"""Compiled side of `twin.facility.near_doses`: a day's notes of who was near what, as doses."""

import math

from twin import compiled

compiled.prepare()

import numba as nb

#: Columns of changes; of stays and watches.
SOURCE, AT, CHANGE = range(3)
PERSON, SESSION, BEGIN, END, ROOM = range(5)


@nb.njit
def _follow(changes, decay_per_s, rows, last):
    """Write a row of a source for each change, after its first: moment, activity, integral from the beginning on.

    As `twin.physics.decay.course` has it for one of them.
    """
    for c in range(changes.shape[0]):
        s = int(changes[c, SOURCE])
        row, decay = last[s], decay_per_s[s]
        lives = -decay * (changes[c, AT] - rows[row, 0])
        rows[row + 1, 0] = changes[c, AT]
        rows[row + 1, 1] = max(0.0, rows[row, 1] * math.exp(lives) + changes[c, CHANGE])
        rows[row + 1, 2] = rows[row, 2] - rows[row, 1] * math.expm1(lives) / decay
        last[s] = row + 1


@nb.njit
def _until(rows, first, last, decay_per_s, moment_s):
    """Decays of a source, whose rows these are, up to a moment [Bq s]."""
    low, high = first, last + 1
    while high - low > 1:
        middle = (low + high) // 2
        if rows[middle, 0] <= moment_s:
            low = middle
        else:
            high = middle
    return rows[low, 2] - rows[low, 1] * math.expm1(-decay_per_s * (moment_s - rows[low, 0])) / decay_per_s


@nb.njit(
    "void(f8[:,::1], f8[::1], f8[:,:,::1], b1[:,::1], i8[::1], f8[:,::1], f8[:,::1], f8[:,::1], i8[::1], i8[::1],"
    "f8[:,:,::1])",
    cache=True,
)
def doses(changes, decay_per_s, seen, reaches, session, stays, watches, rows, first, last, found):
    """Doses by kind (in rooms, attending), person and quantity into ``found`` [Sv].

    ``rows`` has place for all of each source, from ``first`` on, and its beginning; ``last`` is where they end. In a
    room one gets something of each source that reaches it, so of those of other rooms through the walls of the plan; as
    an attendant of the session's animals, less that of the time in which one did steps there.
    """
    _follow(changes, decay_per_s, rows, last)
    for s in range(first.size):
        a, b, decay = first[s], last[s], decay_per_s[s]
        for n in range(stays.shape[0]):
            room, person = int(stays[n, ROOM]), int(stays[n, PERSON])
            if session[s] < 0 and room >= 0 and reaches[s, room]:
                decays = _until(rows, a, b, decay, stays[n, END]) - _until(rows, a, b, decay, stays[n, BEGIN])
                for q in range(seen.shape[2]):
                    found[0, person, q] += decays * seen[s, room, q]
        for w in range(watches.shape[0]):
            person, begin_s, end_s = int(watches[w, PERSON]), watches[w, BEGIN], watches[w, END]
            if session[s] == watches[w, SESSION]:
                decays = _until(rows, a, b, decay, end_s) - _until(rows, a, b, decay, begin_s)
                for n in range(stays.shape[0]):
                    own = stays[n, PERSON] == person and stays[n, SESSION] == session[s]
                    if own and stays[n, END] > begin_s and stays[n, BEGIN] < end_s:
                        from_s, to_s = max(stays[n, BEGIN], begin_s), min(stays[n, END], end_s)
                        decays -= _until(rows, a, b, decay, to_s) - _until(rows, a, b, decay, from_s)
                for q in range(seen.shape[2]):
                    found[1, person, q] += decays * seen[s, 0, q]
