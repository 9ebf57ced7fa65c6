"""Whose hands: users who work for their own studies, people who are called in for work out of hours.

A user does only what belongs to their studies, and only where the study brings its own hands. Where it is done by
trained users themselves, the staff does what no user of the study can. Who is on call comes for studies that are done
out of hours, and goes when the last of these sessions is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.facility.calendars import Calendar
from twin.facility.program import ATTENDS, Op
from twin.facility.state import Session

if TYPE_CHECKING:
    from twin.facility.world import World

FULL, SELF_SERVICE = "full", "self_service"


class Service:
    """Who may do a step for the study that it belongs to; who is called in.

    Attributes
    ----------
    coming : dict of person
        Who was called and is on the way.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        site, people = world.site, world.site.people
        self.users = {name: p.standing.studies for name, p in people.items() if p.standing.studies is not None}
        self.on = bool(self.users)
        self.modes = {name: study.service for name, study in site.studies.items()}
        self.out_of_hours = frozenset(name for name, study in site.studies.items() if study.out_of_hours)
        self.calendars = {
            name: Calendar(p.standing.on_call, site.start, site.horizon_s, p.leave)
            for name, p in people.items()
            if p.standing.on_call is not None and self.out_of_hours
        }
        self.coming: dict[str, None] = {}
        if self.on:
            world.roster.attends_not = self.attending
        self._kept: dict[tuple[str | None, frozenset[str]], tuple[str, ...]] = {}

    def begin(self) -> None:
        """Set the first alarms: each person's first time on call."""
        for name in self.calendars:
            self._next(name, 0)

    # whose hands --------------------------------------------------------------------------------------------------

    def kept_from(self, session: Session, op: Op) -> tuple[str, ...]:
        """Who does not do a step of a session, because it is for others."""
        skills = frozenset[str]().union(*op.need.people) if op.need is not None else frozenset[str]()
        key = (session.study, skills)
        if key not in self._kept:
            self._kept[key] = self._others(session.study, skills)
        return self._kept[key]

    def attending(self, session: Session) -> tuple[str, ...]:
        """Who does not attend the animals of a session."""
        key = (session.study, frozenset((ATTENDS,)))
        if key not in self._kept:
            self._kept[key] = self._others(*key)
        return self._kept[key]

    def _others(self, study: str | None, skills: frozenset[str]) -> tuple[str, ...]:
        people, mode = self.world.site.people, self.modes.get(study or "", FULL)
        own = {name for name, studies in self.users.items() if study in studies and mode != FULL}
        by_users = mode == SELF_SERVICE and any(skills <= people[name].skills for name in own)
        return tuple(name for name in people if name not in own and (by_users or name in self.users))

    # on call ------------------------------------------------------------------------------------------------------

    def is_out_of_hours(self, study: str | None) -> bool:
        """Whether the sessions of a study are begun at any hour."""
        return study in self.out_of_hours

    def _next(self, name: str, k: int) -> None:
        intervals = self.calendars[name].intervals
        if k < len(intervals):
            self.world.clock.at(intervals[k][0], "on_call", name, k)

    def on_call(self, name: str, k: int) -> None:
        """From now on somebody can be called: those who wait already call."""
        self._next(name, k + 1)
        waiting = any(self.is_out_of_hours(s.study) and s.waiting for s in self.world.sessions.values())
        if waiting:
            self.world.shifts.free(self.world.roster.workers[name])

    def call(self, session: Session, pool: str) -> None:
        """Nobody is free for a step of a session out of hours: the first who can be called and may do it."""
        if not self.calendars or not self.is_out_of_hours(session.study):
            return
        skills = frozenset(pool.partition(":")[2].split("+"))
        now, workers = self.world.clock.moment_s, self.world.roster.workers
        able = [workers[name] for name in self.calendars if skills <= workers[name].skills]
        if any(worker.name in self.coming or worker.on_shift or worker.called for worker in able):
            return
        worker = next((w for w in able if self.calendars[w.name].at(now) is not None), None)
        if worker is not None:
            self.coming[worker.name] = None
            response_s = self.world.site.people[worker.name].standing.response_s
            self.world.happenings.to_person("called", worker.name)
            self.world.clock.at(now + response_s, "called_in", worker.name)

    def called_in(self, name: str) -> None:
        """Whoever was called has come, unless there is nothing to do any more."""
        worker = self.world.roster.workers[name]
        del self.coming[name]
        if any(self.is_out_of_hours(session.study) for session in self.world.sessions.values()):
            worker.called = True
            self.world.happenings.to_person("call_start", name)
            self.world.shifts.free(worker)

    def over(self) -> None:
        """A session has ended: with the last one out of hours go those who were called."""
        called = [worker for name in self.calendars if (worker := self.world.roster.workers[name]).called]
        if called and not any(self.is_out_of_hours(session.study) for session in self.world.sessions.values()):
            for worker in called:
                worker.called = False
                self.world.happenings.to_person("call_end", worker.name)

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {"coming": list(self.coming)}

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.coming = dict.fromkeys(plain["coming"])
