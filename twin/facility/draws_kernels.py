"""Compiled side of `twin.facility.draws`: triangular durations, which most tasks have."""

from twin import compiled

compiled.prepare()

import numba as nb
import numpy as np

#: Rows of the shapes of triangular distributions.
LOW, HIGH, WIDTH, RISE, FALL, CUT = range(6)
TICKS_PER_S = 1024.0


@nb.njit("f8[::1](f8[::1], i8[::1], f8[:, ::1])", cache=True)
def triangular(numbers, slots, shapes):
    """A duration for the number at each slot, in multiples of 2^-10 s; as `distributions.Triangular` has it."""
    result = np.empty(slots.size)
    for i in range(slots.size):
        u = numbers[slots[i]]
        if u < shapes[CUT, i]:
            seconds = shapes[LOW, i] + np.sqrt(u * shapes[WIDTH, i] * shapes[RISE, i])
        else:
            seconds = shapes[HIGH, i] - np.sqrt((1.0 - u) * shapes[WIDTH, i] * shapes[FALL, i])
        result[i] = np.rint(seconds * TICKS_PER_S) / TICKS_PER_S
    return result
