"""What people may do now, and how well: certificates that end, training at work, experience; and their booked time.

Nobody is asked for what is not said of them: where people have no certificates, training, experience or booked time,
nothing here acts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.distributions import tick
from twin.facility import player
from twin.facility.program import Op, Program, compile_plan
from twin.facility.roster import Worker
from twin.facility.standing_plans import own_skill, people_plans
from twin.facility.state import Session
from twin.scenario.site_people import INJECTION, PLANS, Certificate

if TYPE_CHECKING:
    from twin.facility.world import World

#: Booked time goes before every study, but not before the checks of the scanners.
BOOKED = -500
#: Tasks that take as long whoever does them.
NOT_BY_HAND = frozenset(("scan", "uptake", "reconstruction", "repair", "training", "audit", "transport", "monitoring"))
#: Why a step waits that nobody there may do.
CERTIFICATE, SUPERVISOR, PERSON = "certificate", "supervisor", "person"
#: Levels of injection, from the least experience up.
WEAK, ORDINARY, COMPETENT = "weak", "ordinary", "competent"


class Account:
    """What is kept of one person; all of it is state.

    Attributes
    ----------
    valid_until : dict of certificate to float
        The moment at which it ends [s].
    lapsed, lapsing : list of str
        Certificates that have ended; those that count until the person has handed over the animals that they attend.
    signed_off : list of str
        Skills that they have learned.
    supervised : dict of skill to int
        Tasks done under supervision.
    done : dict of task to int
        How often they have done it in this run.
    """

    STATE = ("valid_until", "lapsed", "lapsing", "signed_off", "supervised", "done")

    def __init__(self, certificates: tuple[Certificate, ...]) -> None:
        self.valid_until = {own.name: own.expiry_s for own in certificates}
        self.lapsed = [own.name for own in certificates if own.expiry_s <= 0.0]
        self.lapsing: list[str] = []
        self.signed_off: list[str] = []
        self.supervised: dict[str, int] = {}
        self.done: dict[str, int] = {}


class StandingOfPeople:
    """Keeps account of everybody of whom something is said."""

    def __init__(self, world: World) -> None:
        self.world, self.practice = world, world.site.practice
        self.said = {name: person.standing for name, person in world.site.people.items() if not person.standing.plain}
        self.accounts = {name: Account(said.certificates) for name, said in self.said.items()}
        self.active = bool(self.said)
        self.programs: dict[str, Program] = {
            name: compile_plan(plan, 0) for name, plan in people_plans(world.site).items()
        }
        #: Who learns something at work.
        self.trainees = [world.roster.workers[name] for name, said in self.said.items() if said.training]
        for name in self.said:
            self._requalify(world.roster.workers[name])

    def begin(self) -> None:
        """Set the first alarms."""
        clock, horizon_s = self.world.clock, self.world.site.horizon_s
        for name, said in self.said.items():
            for own in said.certificates:
                if 0.0 < own.expiry_s < horizon_s:
                    clock.at(own.expiry_s, "certificate_over", name, own.name)
            for i in range(len(said.booked)):
                self._set_booked(name, i, 0)

    # booked time --------------------------------------------------------------------------------------------------

    def _set_booked(self, name: str, i: int, k: int) -> None:
        moments = self.said[name].booked[i].moments_s
        if k < len(moments) and moments[k] >= 0.0:
            self.world.clock.at(moments[k], "booked_time", name, i, k)

    def booked_time(self, name: str, i: int, k: int) -> None:
        """Booked time of a person falls due."""
        plan = f"{PLANS}/{name}/{self.said[name].booked[i].name}"
        self._set_booked(name, i, k + 1)
        self.world.upkeep.start(plan, plan, BOOKED, self.programs[plan])

    # certificates -------------------------------------------------------------------------------------------------

    def certificate_over(self, name: str, certificate: str) -> None:
        """A certificate ends, if it was not renewed: at once, or when the animals that the person attends are not."""
        account, worker = self.accounts[name], self.world.roster.workers[name]
        if self.world.clock.moment_s < account.valid_until[certificate]:
            return
        if worker.attends is not None:
            account.lapsing.append(certificate)
        else:
            self._lapse(worker, certificate)

    def relieved(self, worker: Worker) -> None:
        """Nobody's animals keep the person any more: what has ended meanwhile counts."""
        account = self.accounts.get(worker.name)
        if account is not None and account.lapsing and worker.attends is None:
            lapsing, account.lapsing = account.lapsing, []
            for certificate in lapsing:
                self._lapse(worker, certificate)

    def _lapse(self, worker: Worker, certificate: str) -> None:
        account = self.accounts[worker.name]
        if certificate not in account.lapsed:
            account.lapsed.append(certificate)
            self.world.happenings.to_person("certificate_expired", worker.name, ("certificate", certificate))
            self._requalify(worker)

    def certify(self, session: Session) -> None:
        """A course is over: the certificate is good again."""
        _, name, certificate = session.plan.split("/", maxsplit=2)
        account, worker = self.accounts[name], self.world.roster.workers[name]
        own = next(own for own in self.said[name].certificates if own.name == certificate)
        until_s = tick(self.world.clock.moment_s + own.valid_for_s)
        account.valid_until[certificate] = until_s
        for which in (account.lapsed, account.lapsing):
            if certificate in which:
                which.remove(certificate)
        self.world.happenings.to_person("certificate_renewed", name, ("certificate", certificate))
        if until_s < self.world.site.horizon_s:
            self.world.clock.at(until_s, "certificate_over", name, certificate)
        self._requalify(worker)
        self.world.shifts.free(worker)

    def _requalify(self, worker: Worker) -> None:
        """The skills that the person has and may use now."""
        said, account = self.said[worker.name], self.accounts[worker.name]
        barred = frozenset[str]().union(*(own.skills for own in said.certificates if own.name in account.lapsed))
        has = self.world.site.people[worker.name].skills.union(account.signed_off) - barred
        self.world.roster.requalify(worker, has | {own_skill(worker.name)} if said.booked else has)

    # what nobody there may do -------------------------------------------------------------------------------------

    def why(self, pool: str) -> str:
        """What a step waits for that lacks people: somebody, or somebody who may do it."""
        if not self.active:
            return PERSON
        skills = frozenset(pool.partition(":")[2].split("+"))
        if any(worker.on_shift for worker in self.world.roster.group(skills).workers):
            return PERSON
        there = [name for name in self.said if self.world.roster.workers[name].on_shift]
        if any(skills <= self._once(name) for name in there):
            return CERTIFICATE
        return SUPERVISOR if any(skills <= self._once(name) | self._learns(name) for name in there) else PERSON

    def wanted(self, session: Session, op: Op) -> tuple[str | None, list[str]]:
        """Why nobody who is there may do a step that waits, and the skills that are wanted; None: somebody may."""
        queue = self.world.allocator.queues.get(player.queue_key(self.world, session, op))
        if queue is None or queue.cause not in (CERTIFICATE, SUPERVISOR):
            return None, []
        return queue.cause, sorted(queue.pools[0].partition(":")[2].split("+"))

    def _once(self, name: str) -> frozenset[str]:
        """What somebody may do while all that they hold is valid."""
        return self.world.site.people[name].skills.union(self.accounts[name].signed_off)

    def _learns(self, name: str) -> frozenset[str]:
        return frozenset(self.said[name].training).difference(self.accounts[name].signed_off)

    def may_return(self, skills: frozenset[str]) -> bool:
        """Whether somebody who lacks these skills now may have them later."""
        workers = self.world.roster.workers
        return any(
            not skills <= workers[name].skills and skills <= self._once(name) | self._learns(name) for name in self.said
        )

    # training -----------------------------------------------------------------------------------------------------

    def with_trainee(self, session: Session, op: Op, people: list[Worker], kept: tuple[str, ...]) -> list[Worker]:
        """Somebody who learns it does the step, if they and who may do it are both there; else only who may."""
        needs = op.need.people if op.need is not None else ()
        if len(needs) != 1 or len(people) != 1:
            return people
        now = self.world.clock.moment_s
        for worker in self.trainees:
            lacks = needs[0] - worker.skills
            may = worker not in people and worker.on_shift and worker.name not in kept
            if may and lacks and lacks <= self._learns(worker.name) and self.world.roster.free(worker, session, now):
                return [worker, *people]
        return people

    def learnt(self, op: Op, people: list[Worker]) -> frozenset[str]:
        """The skills that the first of these people learns by a step; nothing if they have them."""
        if len(people) != 2 or op.need is None or len(op.need.people) != 1:
            return frozenset()
        doer = people[0]
        return (op.need.people[0] - doer.skills) & self._learns(doer.name) if doer.name in self.said else frozenset()

    # experience ---------------------------------------------------------------------------------------------------

    def time_s(self, op: Op, people: list[Worker], usual_s: float) -> float:
        """How long a step takes whose usual time is known, by who does it [s]."""
        task = op.step.task if op.step is not None else ""
        if not people or task in NOT_BY_HAND or op.effect == "scan":
            return usual_s
        factor = self.practice.slower if self.learnt(op, people) else 1.0
        return tick(usual_s * max(factor, self._unpractised(people[0].name, task)))

    def _unpractised(self, name: str, task: str) -> float:
        times = self._times(name, task)
        if times is None or times + 1.0 >= self.practice.routine:
            return 1.0
        return float(((times + 1.0) / self.practice.routine) ** self.practice.exponent)

    def _times(self, name: str, task: str) -> int | None:
        """How often somebody has done something; None: it is routine."""
        said = self.said.get(name)
        if said is None or task not in said.experience:
            return None
        return said.experience[task] + self.accounts[name].done.get(task, 0)

    def level(self, worker: Worker, op: Op, people: list[Worker]) -> str | None:
        """How often the person's injections fail."""
        times = self._times(worker.name, INJECTION) if self.active else None
        if times is None:
            learns = worker.injection_level != "never_fails" and self.learnt(op, people)
            return WEAK if learns else worker.injection_level
        if times < self.practice.ordinary_from:
            return WEAK
        return ORDINARY if times < self.practice.competent_from else COMPETENT

    def practised(self, session: Session, op: Op, people: list[Worker]) -> None:
        """A step has ended: who did it has done it once more, and may be signed off."""
        doer = people[0]
        said = self.said.get(doer.name)
        if said is None or op.step is None:
            return
        done = self.accounts[doer.name].done
        if op.step.task in said.experience:
            done[op.step.task] = done.get(op.step.task, 0) + 1
        if op.effect == "inject" and INJECTION in said.experience:
            done[INJECTION] = done.get(INJECTION, 0) + len(session.scope(op.who))
        for skill in sorted(self.learnt(op, people)):
            self._supervised(doer, skill)

    def _supervised(self, worker: Worker, skill: str) -> None:
        account = self.accounts[worker.name]
        account.supervised[skill] = account.supervised.get(skill, 0) + 1
        if account.supervised[skill] >= self.said[worker.name].training[skill]:
            account.signed_off.append(skill)
            self.world.happenings.to_person("signed_off", worker.name, ("skill", skill))
            self._requalify(worker)
            self.world.shifts.free(worker)

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, dict[str, object]]:
        """Everything as JSON values."""
        return {name: {key: getattr(own, key) for key in Account.STATE} for name, own in self.accounts.items()}

    def from_plain(self, plain: dict[str, dict[str, object]]) -> None:
        """What `to_plain` wrote."""
        for name, known in plain.items():
            for key in Account.STATE:
                setattr(self.accounts[name], key, known[key])
            self._requalify(self.world.roster.workers[name])
