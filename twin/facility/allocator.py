"""Who gets what: all grants of an instant are made together at its end, in order of (priority, since, name).

Requests with the same need stand in one queue, and only heads are tried: if the head cannot be met, nobody behind it
can. A queue that could not be met sleeps until the pool that was short has something again; so ten thousand waiting
steps cost no more than ten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush, heapreplace
from typing import Any

#: (priority, since, session, op): total order, stable from run to run.
Entry = tuple[int, float, str, int]
Key = tuple[Any, ...]


@dataclass(slots=True, eq=False)
class Queue:
    """Requests with the same need.

    Attributes
    ----------
    short : tuple of str
        The pools on which it sleeps; empty: it has not been tried.
    cause : str or None
        What was missing when it was last tried: a waiting word of `twin.plan.REASONS`.
    """

    key: Key
    heap: list[Entry] = field(default_factory=list)
    short: tuple[str, ...] = ()
    cause: str | None = None


class Allocator:
    """The queues; ``attempt`` grants a request or says what is short.

    Parameters
    ----------
    attempt : callable
        ``attempt(entry, cause)`` returns None when granted, else (cause, pools that are short).
    waits : callable
        Whether an entry still waits (a session may have been given up).
    reserve : bool
        Whether the first request that cannot be met keeps what it could have.
    """

    def __init__(
        self,
        attempt: Callable[[Entry, str | None], tuple[str, tuple[str, ...]] | None],
        waits: Callable[[Entry], bool],
        reserve: Callable[[Entry | None], None] | None,
    ) -> None:
        self.attempt, self.waits, self.reserve = attempt, waits, reserve
        self.queues: dict[Key, Queue] = {}
        self.asleep: dict[str, dict[Key, None]] = {}
        self.ready: dict[Key, None] = {}

    def add(self, key: Key, entry: Entry) -> None:
        """Stand in line."""
        queue = self.queues.get(key)
        if queue is None:
            queue = self.queues[key] = Queue(key)
        if not queue.heap or not queue.short:
            self.ready[key] = None
        heappush(queue.heap, entry)

    def wake(self, pool: str) -> None:
        """A pool has something again."""
        asleep = self.asleep.get(pool)
        if asleep:
            self.ready.update(asleep)
            asleep.clear()

    def settle(self) -> None:
        """Grant what can be granted, until nothing more can."""
        if self.reserve is not None:
            self.ready.update(dict.fromkeys(self.queues))
            self.reserve(None)
        while self.ready:
            self._round()

    def _round(self) -> None:
        """Try the heads of all queues that may have become possible, merged in order."""
        heads = [(self.queues[key].heap[0], key) for key in self.ready if self._tidy(key)]
        self.ready.clear()
        heapify(heads)
        while heads:
            entry, key = heads[0]
            if self._try(entry, self.queues[key]) and self._tidy(key):
                heapreplace(heads, (self.queues[key].heap[0], key))
            else:
                heappop(heads)

    def _try(self, entry: Entry, queue: Queue) -> bool:
        """Whether the head was granted; else the queue sleeps on what was short."""
        short = self.attempt(entry, queue.cause)
        if short is None:
            heappop(queue.heap)
            queue.short = ()
            return True
        queue.cause, queue.short = short
        for pool in queue.short:
            self.asleep.setdefault(pool, {})[queue.key] = None
        if self.reserve is not None:
            self.reserve(entry)
        return False

    def _tidy(self, key: Key) -> bool:
        """Drop heads that no longer wait; forget an empty queue. Whether there is a head."""
        queue = self.queues.get(key)
        if queue is None:
            return False
        while queue.heap and not self.waits(queue.heap[0]):
            heappop(queue.heap)
        if not queue.heap:
            del self.queues[key]
            for pool in queue.short:
                self.asleep.get(pool, {}).pop(key, None)
        return bool(queue.heap)

    def put_to_sleep(self, key: Key, short: tuple[str, ...], cause: str | None) -> None:
        """A queue of a continued run is as it was when it was last tried."""
        queue = self.queues[key]
        queue.short, queue.cause = short, cause
        for pool in short:
            self.asleep.setdefault(pool, {})[key] = None
