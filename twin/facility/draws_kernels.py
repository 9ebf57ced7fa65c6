"""Compiled side of `twin.facility.draws`: the numbers of a session's first attempts, and its triangular durations."""

from twin import compiled

compiled.prepare()

import numba as nb
import numpy as np

from twin.luck_kernels import uniform_at

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


@nb.njit("Tuple((f8[::1], f8[::1]))(u8, u4[::1], i8[::1], u8[::1], i8[::1], f8[:, ::1])", cache=True)
def session(key, purposes, who, entities, slots, shapes):
    """Each number (of a purpose, for one of the entities), and the durations for those at the slots."""
    numbers = np.empty(purposes.size)
    for i in range(purposes.size):
        numbers[i] = uniform_at(key, np.uint64(0), np.uint64(purposes[i]), entities[who[i]])
    return numbers, triangular(numbers, slots, shapes)
