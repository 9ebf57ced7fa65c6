"""People as individuals: who is there, who does what, who attends whom.

Who attends anaesthetised animals may do tasks of that session beside them, and check the scanner on which they lie;
they stay until a successor attends or the animals are sternal. People whose shift is over stay for a while for animals
that are injected or anaesthetised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from twin.facility.calendars import Calendar
from twin.facility.clock import Running
from twin.facility.program import ATTENDS
from twin.facility.state import Session
from twin.scenario.site import Person, Site


@dataclass(slots=True, eq=False)
class Worker:
    """A person at a moment.

    Attributes
    ----------
    on_shift, on_break : bool
    off_since_s : float
        When the last shift ended [s]; minus infinity before the first.
    task : Running or None
        The one step that they do.
    attends : str or None
        The session whose animals they attend.
    breaks_due : list of int
        Breaks that could not begin in time, first come first.
    kept : bool
        Reserved in this instant for the head of the line.
    called : bool
        Called in, and there, for sessions out of hours.
    """

    name: str
    skills: frozenset[str]
    injection_level: str | None
    number: int
    on_shift: bool = False
    on_break: bool = False
    off_since_s: float = float("-inf")
    task: Running | None = None
    attends: str | None = None
    breaks_due: list[int] = field(default_factory=list)
    kept: bool = False
    part: int = -1
    called: bool = False


@dataclass(slots=True, eq=False)
class Group:
    """Everybody who has a set of skills."""

    skills: frozenset[str]
    pool: str
    workers: list[Worker] = field(default_factory=list)

    @property
    def has_gone_home(self) -> bool:
        """Whether nobody is on shift: only then somebody stays longer, for animals that cannot wait."""
        return not any(worker.on_shift for worker in self.workers)


class Roster:
    """Everybody, and who of them can do what for whom now."""

    def __init__(
        self,
        site: Site,
        wake: Callable[[Iterable[str]], None],
        may_check: Callable[[Session, str | None], bool],
        rank: Callable[[str], float] | None = None,
    ) -> None:
        self.rank = rank
        #: Who may not attend the animals of a session, for hygiene.
        self.stays_away: Callable[[Session], tuple[str, ...]] = lambda _: ()
        #: Who may not attend them because it is for others; None: there are no users.
        self.attends_not: Callable[[Session], tuple[str, ...]] | None = None
        self.site, self.may_check = site, may_check
        self.sessions: dict[str, Session] = {}
        self.wake = wake
        self.stay_s = site.policies.stay_for_committed_s
        self.workers = {
            p.name: Worker(p.name, p.skills, p.injection_level, number) for number, p in enumerate(site.people.values())
        }
        self.calendars = {p.name: _calendar(site, p) for p in site.people.values()}
        self.groups: dict[frozenset[str], Group] = {}
        self.pools_of: dict[str, list[str]] = {name: [] for name in self.workers}

    def group(self, skills: frozenset[str]) -> Group:
        """The group of a set of skills; made when first asked for."""
        group = self.groups.get(skills)
        if group is None:
            group = self.groups[skills] = Group(skills, "person:" + "+".join(sorted(skills)))
            for worker in self.workers.values():
                if skills <= worker.skills:
                    group.workers.append(worker)
                    self.pools_of[worker.name].append(group.pool)
        return group

    def requalify(self, worker: Worker, skills: frozenset[str]) -> None:
        """A person may do something else from now on."""
        worker.skills = skills
        for group in self.groups.values():
            if (group.skills <= skills) != (worker in group.workers):
                group.workers = [other for other in self.workers.values() if group.skills <= other.skills]
        self.pools_of[worker.name] = [group.pool for group in self.groups.values() if group.skills <= skills]

    def free(self, worker: Worker, session: Session, now: float, attending: bool = False) -> bool:
        """Whether this person may begin a task of this session now; ``attending``: also who attends it."""
        if worker.task is not None or (worker.kept and session.empty_handed):
            return False
        if worker.attends is not None:
            return attending if worker.attends == session.name else self._checks(worker.attends, session)
        if worker.on_shift:
            return not worker.on_break and not worker.breaks_due
        if worker.called:
            return self._called_for(session)
        return session.committed and now - worker.off_since_s <= self.stay_s

    def _called_for(self, session: Session) -> bool:
        """Whether whoever was called in came for sessions like this."""
        return session.study is not None and self.site.studies[session.study].out_of_hours

    def _checks(self, attended: str, session: Session) -> bool:
        """Whether this is work on the scanner on which the animals lie whom a person attends."""
        return session.study is None and self.may_check(self.sessions[attended], session.scanner)

    def find(
        self,
        needs: tuple[frozenset[str], ...],
        session: Session,
        now: float,
        attending: bool,
        kept: tuple[str, ...] = (),
    ) -> list[Worker] | str:
        """One different person for each need, the session's attendant first if they may; or the pool that lacks one.

        Nobody of ``kept`` does it.
        """
        if len(needs) == 1:
            return self.one(self.group(needs[0]), session, now, attending, kept)
        chosen: list[Worker] = []
        missing = self._match(needs, 0, chosen, session, now, attending, kept)
        return chosen if missing is None else missing

    def one(
        self, group: Group, session: Session, now: float, attending: bool, kept: tuple[str, ...] = ()
    ) -> list[Worker] | str:
        """One of a group, the session's attendant first if they may; or its pool."""
        if attending and session.attendant is not None:
            worker = self.workers[session.attendant]
            if worker.task is None and group.skills <= worker.skills and worker.name not in kept:
                return [worker]
        for worker in group.workers if self.rank is None else self._ranked(group):
            if worker.task is None and worker.name not in kept and self._may_begin(worker, group, session, now):
                return [worker]
        return group.pool

    def _may_begin(self, worker: Worker, group: Group, session: Session, now: float) -> bool:
        """As `free`, for somebody without a task; who is off shift does it only if all of the group are."""
        if worker.kept and session.empty_handed:
            return False
        if worker.attends is not None:
            return session.study is None and worker.attends != session.name and self._checks(worker.attends, session)
        if worker.on_shift:
            return not (worker.on_break or worker.breaks_due)
        if worker.called:
            return self._called_for(session)
        return session.committed and now - worker.off_since_s <= self.stay_s and group.has_gone_home

    def _match(
        self,
        needs: tuple[frozenset[str], ...],
        i: int,
        chosen: list[Worker],
        session: Session,
        now: float,
        attending: bool,
        kept: tuple[str, ...] = (),
    ) -> str | None:
        """Fill the needs from the i-th on; None when all are filled."""
        if i == len(needs):
            return None
        group = self.group(needs[i])
        missing = group.pool
        late = group.has_gone_home
        members = group.workers if self.rank is None else self._ranked(group)
        there = [w for w in members if w.on_shift or w.attends or w.called or late]
        there = [w for w in there if w.name not in kept and w not in chosen]
        candidates = [w for w in there if self.free(w, session, now, attending)]
        for worker in sorted(candidates, key=lambda w: w.name != session.attendant):
            chosen.append(worker)
            missing = self._match(needs, i + 1, chosen, session, now, attending, kept) or ""
            if not missing:
                return None
            chosen.pop()
        return missing

    def _ranked(self, group: Group) -> list[Worker]:
        """Whoever is due first."""
        assert self.rank is not None
        return sorted(group.workers, key=lambda worker: self.rank(worker.name))  # type: ignore[misc]

    def successor(self, worker: Worker, session: Session, now: float) -> Worker | None:
        """Somebody competent who is free, on shift, and wants to stay."""
        kept = (*session.barred, *session.careful, *self.stays_away(session))
        kept = kept if self.attends_not is None else (*kept, *self.attends_not(session))
        for other in self.group(frozenset((ATTENDS,))).workers:
            if other.name in kept:
                continue
            if other is not worker and other.on_shift and other.attends is None and self.free(other, session, now):
                return other
        return None

    def stands_in(
        self, worker: Worker, session: Session, skills: frozenset[str], now: float, attending: bool,
        kept: tuple[str, ...] = (),
    ) -> Worker | None:  # fmt: skip
        """Somebody who takes over a task: with its skills, free and on shift; ``attending``: also who attends."""
        for other in self.group(skills).workers:
            may = other is not worker and other.on_shift and other.name not in kept
            if may and self.free(other, session, now, attending):
                return other
        return None

    def freed(self, worker: Worker) -> None:
        """Everybody who waits for somebody like this may try again."""
        self.wake(self.pools_of[worker.name])


def _calendar(site: Site, person: Person) -> Calendar:
    return Calendar(person.shift, site.start, site.horizon_s, site.holidays | person.leave)
