"""Luck is addressed, not consumed.

A random number is a pure function of its address: (seed, replication) give the key; purpose, entity and index give
the counter of Philox 4x32-10. Names are digested, never numbered, so that nothing that is added or reordered moves
another draw, and two scenarios share their luck animal by animal (common random numbers). The index is the k-th
occurrence of that purpose for that entity: an attempt, a day, an arrival.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

import numpy as np

from twin import luck_kernels

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray


def _digest(text: str, size: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "little")


@lru_cache(maxsize=65536)
def purpose_digest(name: str) -> int:
    """The 32-bit number of a purpose, such as ``"scan/positioning/duration"``."""
    return _digest(name, 4)


@lru_cache(maxsize=1 << 20)
def entity_digest(name: str) -> int:
    """The 64-bit number of an entity, such as ``"study-a/animal-3"``."""
    return _digest(name, 8)


def entity_digests(names: Iterable[str]) -> NDArray[np.uint64]:
    """The digests of several entities, as `Luck.block` takes them."""
    return np.frombuffer(b"".join([blake2b(name.encode(), digest_size=8).digest() for name in names]), np.uint64)


def purpose_digests(names: Iterable[str]) -> NDArray[np.uint32]:
    """The digests of several purposes, as `Luck.row` and `Luck.block` take them; make it once, use it often."""
    return np.array([purpose_digest(name) for name in names], dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Luck:
    """All the luck of one replication.

    Every number is an odd multiple of 2^-53 in the open interval (0, 1), so that ``1 - u`` is exact and another one.

    Attributes
    ----------
    seed, replication : int
    key : int
        64 bits, for kernels that draw by themselves (`twin.luck_kernels.uniform_at`).
    """

    seed: int
    replication: int = 0
    key: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", _digest(f"{self.seed}/{self.replication}", 8))

    def uniform(self, purpose: str, entity: str, index: int = 0) -> float:
        """The number at one address."""
        assert 0 <= index < 1 << 32, f"index {index} does not fit in 32 bits"
        number = luck_kernels.uniform_at(self.key, index, purpose_digest(purpose), entity_digest(entity))
        return cast("float", number)

    def uniforms(self, purposes: Sequence[int], entities: Sequence[int], indexes: Sequence[int]) -> list[float]:
        """One number per address, from digests, in one compiled call."""
        columns = np.array(purposes, np.uint32), np.array(entities, np.uint64), np.array(indexes, np.uint32)
        return cast("list[float]", self.block(*columns).tolist())

    def block(
        self, purposes: NDArray[np.uint32], entities: NDArray[np.uint64], indexes: NDArray[np.uint32]
    ) -> NDArray[np.float64]:
        """One number per address; three contiguous columns of digests and indexes of equal length."""
        assert purposes.size == entities.size == indexes.size
        return cast("NDArray[np.float64]", luck_kernels.block(self.key, purposes, entities, indexes))

    def row(self, purposes: NDArray[np.uint32], entity: int, index: int = 0) -> list[float]:
        """One number per purpose for one entity and one index: the quickest way to many numbers."""
        return cast("list[float]", luck_kernels.row(self.key, purposes, entity, index).tolist())

    def ordered(self, purpose: str, names: Iterable[str], index: int = 0) -> list[str]:
        """The names in a random order, which a further name does not change."""
        return sorted(names, key=lambda name: (self.uniform(purpose, name, index), name))
