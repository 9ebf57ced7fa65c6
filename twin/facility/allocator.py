"""Who gets what: all grants of an instant are made together at its end, in order of (priority, since, name).

Requests with the same need that cannot be met stand in one queue, and only its head is tried: if the head cannot be
met, nobody behind it can. A queue sleeps until a pool that was short has something again; so ten thousand waiting
steps cost no more than ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Any

#: (priority, since, session, op): total order, stable from run to run.
Entry = tuple[int, float, str, int]
Key = tuple[Any, ...]
#: What was missing, a waiting word of `twin.vocabulary.REASONS`, and the pools that are short.
Short = tuple[str, tuple[str, ...]]


@dataclass(slots=True, eq=False)
class Queue:
    """Requests with the same need, and why the first was not granted when it was last tried."""

    cause: str
    pools: tuple[str, ...]
    heap: list[Entry] = field(default_factory=list)


class Allocator:
    """The queues; ``attempt`` grants a request or says what is short.

    Parameters
    ----------
    attempt : callable
        ``attempt(entry, cause)`` returns None when granted, else what is short; ``cause`` is that of the last attempt.
    waits : callable
        Whether an entry still waits (a session may have been given up).
    reserve : callable or None
        Is told None at the beginning of an instant and every entry that could not be met.
    unsettle : callable
        Has `settle` called at the end of this instant.
    """

    def __init__(
        self,
        attempt: Callable[[Entry, str | None], Short | None],
        waits: Callable[[Entry], bool],
        reserve: Callable[[Entry | None], None] | None,
        unsettle: Callable[[], None],
    ) -> None:
        self.attempt, self.waits, self.reserve, self.unsettle = attempt, waits, reserve, unsettle
        self.queues: dict[Key, Queue] = {}
        self.asleep: dict[str, dict[Key, None]] = {}
        self.ready: dict[Key, None] = {}
        self.fresh: list[tuple[Entry, int, Key]] = []
        #: Those who could not be met in the instant in which they asked.
        self.delayed: list[Entry] = []
        #: Whether somebody who waited was tried again; what they are short of may be something else then.
        self.retried = False

    def add(self, key: Key, entry: Entry) -> None:
        """Ask at the end of this instant."""
        self.fresh.append((entry, len(self.fresh), key))

    def wake(self, pool: str) -> None:
        """A pool has something again."""
        if self.queues:
            self.wake_all((pool,))

    def wake_all(self, pools: Iterable[str]) -> None:
        """Each of these pools has something again."""
        if not self.queues:
            return
        for pool in pools:
            asleep = self.asleep.get(pool)
            if asleep:
                self.ready.update(asleep)
                asleep.clear()
                self.unsettle()

    def settle(self) -> None:
        """Grant what can be granted, until nothing more can."""
        if self.reserve is not None:
            self.ready.update(dict.fromkeys(self.queues))
            self.reserve(None)
        while self.fresh or self.ready:
            self._round()

    def _round(self) -> None:
        """Try what was asked in this instant and the heads of all queues that may have become possible, in order."""
        tried, self.fresh = self.fresh, []
        awake, self.ready = self.ready, {}
        self.retried |= bool(awake)
        fresh = {entry for entry, _, _ in tried}
        for key in awake:
            if self._tidy(key):
                tried.append((self.queues[key].heap[0], len(tried), key))
        if len(tried) > 1:
            heapify(tried)
        count = len(tried)
        while tried:
            entry, _, key = heappop(tried)
            queue = self.queues.get(key)
            if queue is None:
                self._try_new(entry, key)
            elif key in awake and queue.heap and queue.heap[0] is entry:
                if self._try_head(queue, key):
                    count += 1
                    heappush(tried, (queue.heap[0], count, key))
                else:
                    awake.pop(key, None)
            elif key in awake and entry < queue.heap[0]:
                self._try_before(queue, entry, key, awake)
            elif entry in fresh and entry not in queue.heap[:1]:
                self.delayed.append(entry)
                heappush(queue.heap, entry)

    def _try_new(self, entry: Entry, key: Key) -> None:
        """The first with this need: granted, or the first of a new queue."""
        if self.waits(entry):
            short = self.attempt(entry, None)
            if short is not None:
                self.delayed.append(entry)
                self.queues[key] = queue = Queue(*short, [entry])
                self._sleep(queue, key, entry)

    def _try_before(self, queue: Queue, entry: Entry, key: Key, awake: dict[Key, None]) -> None:
        """One that comes before all in its queue."""
        short = self.attempt(entry, None) if self.waits(entry) else None
        if short is not None:
            self.delayed.append(entry)
            heappush(queue.heap, entry)
            queue.cause, queue.pools = short
            self._sleep(queue, key, entry)
            awake.pop(key, None)

    def _try_head(self, queue: Queue, key: Key) -> bool:
        """Whether the head was granted and another is there to be tried; else the queue sleeps, or is gone."""
        entry = queue.heap[0]
        short = self.attempt(entry, queue.cause)
        if short is None:
            heappop(queue.heap)
            return self._tidy(key)
        queue.cause, queue.pools = short
        self._sleep(queue, key, entry)
        return False

    def _sleep(self, queue: Queue, key: Key, entry: Entry) -> None:
        for pool in queue.pools:
            self.asleep.setdefault(pool, {})[key] = None
        if self.reserve is not None:
            self.reserve(entry)

    def _tidy(self, key: Key) -> bool:
        """Drop heads that no longer wait; forget an empty queue. Whether there is a head."""
        queue = self.queues.get(key)
        if queue is None:
            return False
        while queue.heap and not self.waits(queue.heap[0]):
            heappop(queue.heap)
        if not queue.heap:
            del self.queues[key]
            for pool in queue.pools:
                self.asleep.get(pool, {}).pop(key, None)
        return bool(queue.heap)

    def put_to_sleep(self, key: Key, entries: list[Entry], pools: tuple[str, ...], cause: str) -> None:
        """A queue of a continued run is as it was when it was last tried."""
        self.queues[key] = Queue(cause, pools, sorted(entries))
        for pool in pools:
            self.asleep.setdefault(pool, {})[key] = None
