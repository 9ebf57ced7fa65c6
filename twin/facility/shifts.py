"""Shifts, breaks and what happens to work when they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.facility import attendance, player
from twin.facility.calendars import DAY_S, midnight_s
from twin.facility.roster import Worker
from twin.facility.state import Session

if TYPE_CHECKING:
    from twin.facility.world import World


class Shifts:
    """Lets people come, rest and go."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.leaving: set[str] = set()

    def begin(self) -> None:
        """Set the first alarms: each person's first shift."""
        for name in self.world.roster.workers:
            self._next(name, 0)

    def _next(self, name: str, k: int) -> None:
        calendar = self.world.roster.calendars[name]
        if k < len(calendar.intervals):
            self.world.clock.at(calendar.intervals[k][0], "shift_start", name, k)

    def start(self, name: str, k: int) -> None:
        """A person comes."""
        world = self.world
        worker = world.roster.workers[name]
        first, last = world.roster.calendars[name].intervals[k]
        worker.on_shift, worker.on_break, worker.breaks_due = True, False, []
        self.leaving.discard(name)
        world.happenings.to_person("shift_start", name)
        world.clock.at(last, "shift_end", name, k)
        self._set_breaks(name, first, last)
        self.free(worker)

    def _set_breaks(self, name: str, first: float, last: float) -> None:
        """A break belongs to each day of the shift on which its time lies inside it."""
        world = self.world
        midnight = midnight_s(world.site.start)
        for i, pause in enumerate(world.site.people[name].breaks):
            day = (first - midnight) // DAY_S
            at = midnight + day * DAY_S + pause.start_of_day_s
            while at < last:
                if at >= first and at + pause.duration_s <= last:
                    world.clock.at(at, "break_due", name, i)
                at += DAY_S

    def break_due(self, name: str, i: int) -> None:
        """A break begins now, or as soon as the person may leave."""
        worker = self.world.roster.workers[name]
        if not worker.on_shift:
            return
        worker.breaks_due.append(i)
        if worker.on_break:
            return
        self.leaving.add(name)
        self._try_to_leave(worker)
        self.world.clock.unsettled = True

    def _begin_break(self, worker: Worker) -> None:
        world = self.world
        pause = world.site.people[worker.name].breaks[worker.breaks_due.pop(0)]
        worker.on_break = True
        self.leaving.discard(worker.name)
        world.happenings.to_person("break_start", worker.name)
        world.clock.at(world.clock.moment_s + pause.duration_s, "break_end", worker.name)

    def break_end(self, name: str) -> None:
        """Back to work, if the shift still lasts."""
        world = self.world
        worker = world.roster.workers[name]
        if worker.on_break:
            worker.on_break = False
            world.happenings.to_person("break_end", name)
            if worker.breaks_due:
                self.leaving.add(name)
                self._try_to_leave(worker)
            self.free(worker)

    def end(self, name: str, k: int) -> None:
        """The shift is over: finish, hand over or leave the task; whoever attends stays until relieved."""
        world = self.world
        worker = world.roster.workers[name]
        worker.breaks_due = []
        if worker.on_break:
            self.break_end(name)
        worker.on_shift, worker.off_since_s = False, world.clock.moment_s
        world.happenings.to_person("shift_end", name)
        self._next(name, k + 1)
        if worker.task is not None and world.site.policies.shift_end == "preempt":
            self._preempt(worker)
        if worker.attends is not None:
            self.leaving.add(name)
            self._try_to_leave(worker)
        self.free(worker)

    def _preempt(self, worker: Worker) -> None:
        """The rest of the task waits for somebody; whoever attends goes on until somebody else attends."""
        assert worker.task is not None
        world = self.world
        session, index = worker.task.session, worker.task.op.index
        if session.committed and not self._somebody_else(worker, session, index):
            return
        if session.anyone_asleep and session.attendant == worker.name:
            successor = world.roster.successor(worker, session, world.clock.moment_s)
            if successor is None:
                return
            attendance.hand_over(world, session, successor)
        player.suspend(world, session, index)

    def _somebody_else(self, worker: Worker, session: Session, index: int) -> bool:
        """Whether somebody on shift could go on with a step for animals that cannot wait."""
        world, op = self.world, session.running[index].op
        now, needs = world.clock.moment_s, op.need.people if op.need else ()
        attending = attendance.may_do(world, session, op, [], session.scanner)
        kept = (*world.budgets.kept_from(session, op), *world.hygiene.kept_from(session))
        kept = (*kept, *world.service.kept_from(session, op)) if world.service.on else kept
        return any(world.roster.stands_in(worker, session, skills, now, attending, kept) for skills in needs)

    def freed(self, worker: Worker) -> None:
        """A person has ended a task or is relieved: leave at last, or be there for others."""
        self.world.standing.relieved(worker)
        if worker.name in self.leaving:
            self._try_to_leave(worker)
        if self.leaving:
            self.world.clock.unsettled = True
        self.world.roster.freed(worker)

    def free(self, worker: Worker) -> None:
        """Those who wait for somebody like this may try again."""
        self.world.roster.freed(worker)
        self.world.clock.unsettled = True

    def _try_to_leave(self, worker: Worker) -> None:
        """Begin the break or go home, handing over whom one attends."""
        if worker.attends is not None:
            session = self.world.sessions[worker.attends]
            successor = None if worker.task else self.world.roster.successor(worker, session, self.world.clock.moment_s)
            if successor is None:
                return
            self.leaving.discard(worker.name)
            if worker.breaks_due:
                self.leaving.add(worker.name)
            attendance.hand_over(self.world, session, successor)
        elif worker.task is None:
            self.leaving.discard(worker.name)
            if worker.breaks_due:
                self._begin_break(worker)

    def relieve(self) -> None:
        """At the end of an instant: whoever is overdue tries again to hand over."""
        for name in sorted(self.leaving):
            if name in self.leaving:
                self._try_to_leave(self.world.roster.workers[name])
