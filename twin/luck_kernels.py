"""Compiled side of `twin.luck`: Philox 4x32-10, a random number as a pure function of its address.

Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC11, doi 10.1145/2063384.2063405.
"""

from twin import compiled

compiled.prepare()

import numba as nb
import numpy as np

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_ONE, _HIGH_SHIFT, _LOW_SHIFT = np.uint64(1), np.uint64(21), np.uint64(11)


@nb.njit("UniTuple(u8, 4)(u8, u8, u8, u8, u8, u8)", cache=True)
def philox4x32(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Four random 32-bit words of a 4 x 32-bit counter under a 2 x 32-bit key; all held in 64-bit words."""
    for _ in range(10):
        product0 = _M0 * c0
        product1 = _M1 * c2
        c0, c1, c2, c3 = (product1 >> _HALF) ^ c1 ^ k0, product1 & _LOW, (product0 >> _HALF) ^ c3 ^ k1, product0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@nb.njit("f8(u8, u8)", cache=True)
def open_unit(high, low):  # type: ignore[no-untyped-def]
    """Two 32-bit words as an odd multiple of 2^-53: inside (0, 1), and 1 - u is exact."""
    return float(((high << _HIGH_SHIFT) | (low >> _LOW_SHIFT)) | _ONE) * 2.0**-53


@nb.njit("f8(u8, u8, u8, u8)", cache=True)
def uniform_at(key, index, purpose, entity):  # type: ignore[no-untyped-def]
    """The uniform number at one address: counter = (index, purpose, entity low, entity high)."""
    w0, w1, _, _ = philox4x32(index, purpose, entity & _LOW, entity >> _HALF, key & _LOW, key >> _HALF)
    return open_unit(w0, w1)


@nb.njit("f8[::1](u8, u4[::1], u8[::1], u4[::1])", cache=True)
def block(key, purposes, entities, indexes):  # type: ignore[no-untyped-def]
    """One uniform number per row of three columns of equal length."""
    result = np.empty(purposes.size)
    for i in range(purposes.size):
        result[i] = uniform_at(key, np.uint64(indexes[i]), np.uint64(purposes[i]), entities[i])
    return result


@nb.njit("f8[::1](u8, u4[::1], u8, u8)", cache=True)
def row(key, purposes, entity, index):  # type: ignore[no-untyped-def]
    """One uniform number per purpose, for one entity and one index."""
    result = np.empty(purposes.size)
    for i in range(purposes.size):
        result[i] = uniform_at(key, index, np.uint64(purposes[i]), entity)
    return result
