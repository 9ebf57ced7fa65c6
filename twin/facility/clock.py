"""SimPy's clock, with alarms that are plain data: what to do, and on what names.

An alarm can be written down and set again in another process, which a generator cannot. Everything that an instant
changes is settled at its end: after its last alarm, before the clock goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

from simpy.core import Environment
from simpy.events import NORMAL, Event

Args = tuple[Any, ...]


class Alarm(Event):
    """One thing to do at one moment: the name of an action of the world and plain arguments."""

    def __init__(self, clock: Clock, action: str, args: Args) -> None:
        self.env = clock
        self.callbacks = [clock.ring]
        self._ok = True
        self.action = action
        self.args = args


class Clock(Environment):
    """A SimPy environment whose events are alarms."""

    def __init__(self, start_s: float = 0.0) -> None:
        super().__init__(start_s)
        self.actions: dict[str, Callable[..., None]] = {}
        self.moment_s = start_s
        self.agenda = self._queue
        self.unsettled = False
        self.settle: Callable[[], None] = lambda: None

    def at(self, time_s: float, action: str, *args: Any) -> None:
        """Do it then, after what was set earlier for the same moment."""
        heappush(self._queue, (time_s, NORMAL, next(self._eid), Alarm(self, action, args)))

    def settle_soon(self) -> None:
        """Have `settle` called at the end of this instant."""
        self.unsettled = True

    def ring(self, event: Event) -> None:
        """Do what the alarm says; settle if it was the last of its instant."""
        self.moment_s = now = self._now
        self.actions[event.action](*event.args)  # type: ignore[attr-defined]
        while self.unsettled and (not self._queue or self._queue[0][0] > now):
            self.unsettled = False
            self.settle()

    def play(self, until_s: float) -> None:
        """Let time pass up to a moment, its own alarms excluded."""
        if until_s > self._now:
            self.run(until=until_s)
            self.moment_s = until_s

    def set_back(self, now_s: float) -> None:
        """The time of a run that is continued."""
        self._now = self.moment_s = now_s

    def alarms(self) -> list[tuple[float, str, Args]]:
        """What is still to ring, in the order in which it will."""
        waiting = sorted(self._queue, key=lambda entry: entry[:3])
        return [(t, e.action, e.args) for t, _, _, e in waiting if isinstance(e, Alarm)]
