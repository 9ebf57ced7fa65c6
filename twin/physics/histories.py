"""Plays histories until a figure is known well enough, on several threads, with the same result on any number of them.

A history is addressed by its number, and what it adds to a tally are whole numbers; so neither the order nor the
division of the work can be seen in the sum. How many histories are played follows from the sums alone.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.luck import Luck, purpose_digest

Whole: TypeAlias = NDArray[np.int64]
#: Plays so many histories from a number on, and tallies them.
Work: TypeAlias = Callable[[int, int], Whole]
#: Relative standard error of the figure that matters, from the sums and the number of histories.
RelativeError: TypeAlias = Callable[[Whole, int], float]
#: Is told how many histories are done, and how many there will be as far as is known.
Progress: TypeAlias = Callable[[int, int], None]

CHUNK = 1 << 15
FIRST = 1 << 17
#: A figure that is not known well enough after so many is given as it is, with its error.
MOST = 1 << 31
#: After so many without anything that counts there is nothing to be found.
IN_VAIN = 1 << 22
#: The finest relative standard error: beyond it the data are not so well known, and it would take days.
FINEST = 1e-5
_GROWTH = 8


@dataclass(frozen=True)
class Played:
    """The sums of all histories."""

    tally: Whole
    histories: int
    relative_error: float


def address(purpose: str, seed: int = 0) -> tuple[np.uint64, np.uint64, np.uint64]:
    """The part of a random number's address that all histories share: purpose, low and high half of the key."""
    key = Luck(seed).key
    return np.uint64(purpose_digest(purpose)), np.uint64(key & 0xFFFFFFFF), np.uint64(key >> 32)


def available_threads() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def play(
    work: Work,
    relative_error: RelativeError,
    precision: float,
    *,
    most: int = MOST,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Played:
    """Play histories until a relative standard error is reached, or `most` of them.

    Parameters
    ----------
    work : callable
        ``work(first, count)`` tallies whole numbers.
    relative_error : callable
    precision : float
        The relative standard error that is asked for.
    most, threads : int, optional
    progress : callable, optional

    Raises
    ------
    DataError
        When the precision is not between `FINEST` and 1, or after `IN_VAIN` histories of which nothing counts.
    """
    if not FINEST <= precision < 1.0:
        finest = f"it is at least {FINEST:.3%} and below 1"
        raise DataError(f"a precision of {precision:g} cannot be reached; {finest}, such as '0.5 %'")
    tally: Whole | None = None
    done, wanted, error = 0, min(FIRST, most), math.inf
    pool = ThreadPoolExecutor(threads or available_threads())
    try:
        while done < wanted:
            for part, count in _parts(pool, work, done, wanted):
                tally = part if tally is None else tally + part
                done += count
                _tell(progress, done, wanted, error / precision)
            assert tally is not None
            error = relative_error(tally, done)
            if math.isinf(error) and done >= IN_VAIN:
                raise DataError(f"nothing was detected of {done / 1e6:.0f} million photons or pairs that were followed")
            wanted = min(most, _next(done, error / precision)) if error > precision else done
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    assert tally is not None
    return Played(tally, done, error)


def exactly(work: Work, histories: int, threads: int | None = None) -> Whole:
    """The sums of so many histories."""
    with ThreadPoolExecutor(threads or available_threads()) as pool:
        parts = [part for part, _ in _parts(pool, work, 0, histories)]
    return np.asarray(np.sum(parts, axis=0, dtype=np.int64))


def _parts(pool: ThreadPoolExecutor, work: Work, first: int, end: int) -> Iterable[tuple[Whole, int]]:
    """The tallies of all chunks of a round, as they become known in order."""
    starts = range(first, end, CHUNK)
    asked: list[tuple[Future[Whole], int]] = []
    for start in starts:
        count = min(CHUNK, end - start)
        asked.append((pool.submit(work, start, count), count))
    for future, count in asked:
        yield future.result(), count


def _next(done: int, excess: float) -> int:
    """How many histories will do if the error falls with the root of their number; whole chunks."""
    factor = min(max(1.02 * excess * excess, 1.1), _GROWTH) if math.isfinite(excess) else _GROWTH
    return math.ceil(done * factor / CHUNK) * CHUNK


def _tell(progress: Progress | None, done: int, wanted: int, excess: float) -> None:
    if progress is not None:
        progress(done, max(wanted, _next(done, excess)) if 1.0 < excess < math.inf else wanted)
