"""SimPy's clock, with alarms that are plain data: what to do, and on what names.

An alarm can be written down and set again in another process, which a generator cannot. Everything that an instant
changes is settled at its end, by a call of its own after all alarms of that instant.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

from simpy.core import Environment
from simpy.events import NORMAL, Event

#: After every alarm of the same instant.
LAST = NORMAL + 1

Args = tuple[Any, ...]


class Alarm(Event):
    """One thing to do at one moment: the name of an action of the world and plain arguments."""

    def __init__(self, clock: Clock, time_s: float, priority: int, action: str, args: Args) -> None:
        self.env = clock
        self.callbacks = [clock.ring]
        self._ok = True
        self._value = None
        self.action = action
        self.args = args
        heappush(clock._queue, (time_s, priority, next(clock._eid), self))

    def cancel(self) -> None:
        """Do nothing when the moment comes."""
        self.action = ""


class Clock(Environment):
    """A SimPy environment whose events are alarms."""

    def __init__(self, start_s: float = 0.0) -> None:
        super().__init__(start_s)
        self.actions: dict[str, Callable[..., None]] = {}
        self._settling = False

    def at(self, time_s: float, action: str, *args: Any) -> Alarm:
        """Do it then, after what was set earlier for the same moment."""
        return Alarm(self, time_s, NORMAL, action, args)

    def settle(self) -> None:
        """Have the action ``settle`` called once at the end of this instant."""
        if not self._settling:
            self._settling = True
            Alarm(self, self._now, LAST, "settle", ())

    def ring(self, event: Event) -> None:
        """Do what the alarm says."""
        assert isinstance(event, Alarm)
        if event.action:
            if event.action == "settle":
                self._settling = False
            self.actions[event.action](*event.args)

    def alarms(self) -> list[tuple[float, str, Args]]:
        """What is still to ring, in the order in which it will."""
        waiting = sorted(self._queue, key=lambda entry: entry[:3])
        return [(t, e.action, e.args) for t, _, _, e in waiting if isinstance(e, Alarm) and e.action]
