"""SimPy's clock, with alarms that are plain data: what to do, and on what names.

An alarm can be written down and set again in another process, which a generator cannot. Everything that an instant
changes is settled at its end: after its last alarm, before the clock goes on.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from simpy.core import Environment
from simpy.events import NORMAL, URGENT, Event

if TYPE_CHECKING:
    from twin.facility.program import Op
    from twin.facility.roster import Worker
    from twin.facility.state import Session

Args = tuple[Any, ...]

#: Alarms that ring later than this are kept apart, so that the agenda of every day is short [s].
NEAR_S = 86400.0
#: Comes before everything of its moment.
FIRST = URGENT - 1

#: Steps and most alarms ring in the order in which they were set.
IN_TURN = NORMAL
#: What ends a day or a shift comes after the steps that end at the same moment.
LATE = IN_TURN + 1
LATER = frozenset(("shift_end", "break_due", "closing", "round", "night"))


class Alarm(Event):
    """One thing to do at one moment: the name of an action of the world and plain arguments."""

    __slots__ = ("action", "args")

    def __init__(self, action: str, args: Args) -> None:
        self.action = action
        self.args = args

    def plain(self) -> tuple[str, Args] | None:
        """Action and arguments; None if nothing will be done."""
        return self.action, self.args


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """No cyclic garbage arises while a world plays: looking for it among all who wait only costs time."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


class Running:
    """A step that is under way: the alarm of its own end.

    Attributes
    ----------
    session, op
        What is played; ``people`` does it.
    start_s, end_s : float
        When it began, or was gone on with, and when it ends [s].
    room : str or None
        Where its people are; known as soon as its row is written.
    """

    __slots__ = ("end_s", "op", "people", "room", "session", "start_s")
    room: str | None

    def __init__(self, session: Session, op: Op, people: list[Worker], start_s: float, end_s: float) -> None:
        self.start_s = start_s
        self.session = session
        self.op = op
        self.people = people
        self.end_s = end_s

    @property
    def stopped(self) -> bool:
        """Whether it was ended before its time."""
        return self.session.running.get(self.op.index) is not self

    def plain(self) -> tuple[str, Args] | None:
        """Action and arguments; None if nothing will be done."""
        return None if self.stopped else ("step_end", (self.session.name, self.op.index))


class Clock(Environment):
    """A SimPy environment whose events are alarms."""

    def __init__(self, start_s: float = 0.0) -> None:
        super().__init__(start_s)
        self.actions: dict[str, Callable[..., None]] = {}
        self.moment_s = start_s
        self.agenda: list[Any] = self._queue
        #: What rings from `near_until_s` on, apart from steps; `None` on the agenda is the moment at which to look.
        self.far: list[Any] = []
        self._look_at(start_s + NEAR_S)
        self.numbers = self._eid
        self.unsettled = False
        self.settle: Callable[[], None] = lambda: None
        #: What ends a step: a function of the world and the step.
        self.end_step: Callable[[Any, Running], None] = lambda *_: None
        self.world: Any = None

    def at(self, time_s: float, action: str, *args: Any) -> None:
        """Do it then, after what was set earlier for the same moment."""
        order = LATE if action in LATER else IN_TURN
        entry: Any = (time_s, order, next(self.numbers), Alarm(action, args))
        heappush(self.agenda if time_s < self.near_until_s else self.far, entry)

    def _look_at(self, time_s: float) -> None:
        """Keep apart what rings from this moment on."""
        self.near_until_s = time_s
        heappush(self.agenda, (time_s, FIRST, 0, None))

    def _look(self) -> None:
        """Have the alarms of the coming day on the agenda."""
        self._look_at(self.near_until_s + NEAR_S)
        while self.far and self.far[0][0] < self.near_until_s:
            heappush(self.agenda, heappop(self.far))

    def settle_soon(self) -> None:
        """Have `settle` called at the end of this instant."""
        self.unsettled = True

    def step(self) -> None:
        """Do what the next alarms say, up to an event of SimPy's own, and settle after the last one of each instant.

        In place of the step of SimPy's environment, as its real-time clock does it: an alarm is known by its class, so
        that it needs no list of callbacks.
        """
        agenda, world, end_step, actions = self.agenda, self.world, self.end_step, self.actions
        while True:
            now, _, _, alarm = heappop(agenda)
            self._now = self.moment_s = now
            if type(alarm) is Running:
                end_step(world, alarm)
            elif type(alarm) is Alarm:
                actions[alarm.action](*alarm.args)
            elif alarm is None:
                self._look()
                continue
            else:  # SimPy's own, which ends a run
                for callback in alarm.callbacks:
                    callback(alarm)
                return
            while self.unsettled and agenda[0][0] > now:  # there is always the next look at what is far
                self.unsettled = False
                self.settle()

    def play(self, until_s: float) -> None:
        """Let time pass up to a moment, its own alarms excluded."""
        if until_s > self._now:
            with _without_cycle_search():
                self.run(until=until_s)
            self.moment_s = until_s

    def set_back(self, now_s: float) -> None:
        """The time of a run that is continued."""
        self._now = self.moment_s = now_s
        self.agenda.clear()
        self._look_at(now_s + NEAR_S)

    def anything_under_way(self) -> bool:
        """Whether any step is under way: those are near the front of the agenda."""
        return any(type(entry[3]) is Running and not entry[3].stopped for entry in self.agenda)

    def alarms(self) -> list[tuple[float, str, Args]]:
        """What is still to ring, in the order in which it will."""
        waiting = sorted(self.agenda + self.far, key=lambda entry: entry[:3])
        plain = [(t, e.plain()) for t, _, _, e in waiting if isinstance(e, Alarm | Running)]
        return [(t, *what) for t, what in plain if what is not None]
