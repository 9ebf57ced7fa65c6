"""The world: everything of one run, its alarms, and how it is written down and continued."""

from __future__ import annotations

from functools import partial
from math import exp
from typing import Any

from twin.errors import CircleError
from twin.facility import attendance, effects, granting, physiology, player, records, standstill
from twin.facility.actions import actions
from twin.facility.allocator import Allocator, Entry
from twin.facility.answers import Answers
from twin.facility.archive import Archive
from twin.facility.beginning import Beginning
from twin.facility.budgets import Budgets
from twin.facility.calendars import Calendar
from twin.facility.caring import Caring
from twin.facility.clearing import Clearing
from twin.facility.clock import Clock
from twin.facility.compute import Compute
from twin.facility.days import Days
from twin.facility.deliveries import Deliveries
from twin.facility.draws import Draws
from twin.facility.ending import Ending
from twin.facility.exposure import Exposure
from twin.facility.foreseen import Expected, Foreseen
from twin.facility.happenings import NOTHING, Happenings
from twin.facility.hot_lab import HotLab
from twin.facility.hygiene import Hygiene
from twin.facility.keeping import Keeping
from twin.facility.licence import Licence
from twin.facility.log import Log
from twin.facility.machines import Machines
from twin.facility.nearby import Nearby
from twin.facility.permits import Permits
from twin.facility.planner import Planner
from twin.facility.preparing import Preparing
from twin.facility.procurement import Procurement
from twin.facility.program import Need, Program, compile_plan
from twin.facility.radioactive_housing import RadioactiveHousing
from twin.facility.requests import Requests
from twin.facility.reserving import Reserving
from twin.facility.rooms import Rooms
from twin.facility.roster import Roster
from twin.facility.service import Service
from twin.facility.shifts import Shifts
from twin.facility.spills import Spills
from twin.facility.standing import StandingOfPeople
from twin.facility.state import AnimalState, Session, Visit
from twin.facility.supplies import Supplies
from twin.facility.waste import Waste
from twin.luck import Luck
from twin.scenario.site import Site


class World:
    """One run of one site.

    Parameters
    ----------
    site : Site
    replication : int
        Which of the site's lucks.
    """

    def __init__(self, site: Site, replication: int = 0) -> None:
        self.site = site
        self.replication = replication
        self.luck = Luck(site.seed, replication)
        self.draws = Draws(self.luck, site.scanners)
        self.clock = Clock()
        self.log = Log()
        self.happenings = Happenings(self)
        reserving = Reserving(self) if site.policies.queue == "reserve" else None
        after = None if reserving is None else reserving.after
        self.allocator = Allocator(partial(granting.attempt, self), self._waits, after, self.clock.settle_soon)
        wake = self.allocator.wake
        self.opening = Calendar(site.opening, site.start, site.horizon_s, site.holidays)
        self.rooms = Rooms(site, wake)
        self.machines = Machines(site, wake)
        may_check = partial(attendance.may_check, self)
        self.exposure, self.nearby, self.clearing = Exposure(self), Nearby(self), Clearing(self)
        rank = None if site.policies.rotation == "fixed" else self.exposure.rank
        self.roster = Roster(site, self.allocator.wake_all, may_check, rank)
        self.foreseen, self.budgets = Foreseen(self), Budgets(self)
        self.shifts = Shifts(self)
        self.standing = StandingOfPeople(self)
        self.service = Service(self)
        self.hot_lab = HotLab(site.vials)
        self.compute = Compute(site.compute_jobs, wake)
        self.licence = Licence(self)
        self.authorisation = Permits(self)
        self.sessions_end = Ending(self)
        self.upkeep = Keeping(self)
        self.radiopharmacy: Preparing = Preparing(self)
        self.supplies = Supplies(self)
        self.hygiene, self.answers, self.waste = Hygiene(self).listening(), Answers(self), Waste(self)
        self.spills, self.archive = Spills(self), Archive(self)
        self.radioactive, self.caring = RadioactiveHousing(self), Caring(self)
        self.procurement, self.deliveries, self.days = Procurement(self), Deliveries(self), Days(self)
        self.requests, self.planner, self.beginning = Requests(self), Planner(self), Beginning(self)
        self.sessions: dict[str, Session] = self.roster.sessions
        self.animals: dict[str, AnimalState] = {}
        self.failures: dict[str, int] = {}
        #: Whether, since a circle was looked for, somebody who holds something has begun to wait.
        self.unlooked = True
        self.outcomes, self.lying = {k: dict(p) for k, p in site.injection.levels.items()}, physiology.beneath(site)
        self._decay = {v.nuclide: v.decay_constant_per_s for v in site.vials}
        self._tracer_decay = {p.tracer: p.decay_constant_per_s for p in site.protocols.values() if p.tracer}
        self._programs: dict[tuple[str, int], Program] = {}
        self._needs: dict[Need, int] = {}
        self.clock.actions, self.clock.settle = actions(self), self._settle
        self.clock.world, self.clock.end_step = self, player.step_end
        self.room_parts = {name: self.log.things["room", name] for name in site.rooms}
        for worker in self.roster.workers.values():
            worker.part = self.log.things["person", worker.name]
        for machine in self.machines.all.values():
            machine.part = self.log.things["scanner", machine.name]
            machine.bed_parts = {bed: self.log.things["bed", bed] for bed in machine.beds}

    # running ------------------------------------------------------------------------------------------------------

    def begin(self) -> World:
        """Set the first alarms."""
        self.days.begin()
        self.shifts.begin()
        self.upkeep.begin()
        self.radiopharmacy.set_deliveries()
        self.authorisation.begin()
        self.requests.begin()
        self.radiopharmacy.begin()
        self.supplies.begin()
        self.budgets.begin()
        self.nearby.begin()
        self.hygiene.begin()
        self.standing.begin()
        self.waste.begin()
        self.service.begin()
        return self

    def run(self, until_s: float | None = None) -> World:
        """Let time pass up to a moment (that moment's own events excluded)."""
        if self.clock.unsettled:
            self.clock.unsettled = False
            self._settle()
        self.clock.play(self.site.horizon_s if until_s is None else min(until_s, self.site.horizon_s))
        return self

    def finish(self) -> Log:
        """The log of the run, with what was left when it stopped."""
        self.nearby.settle()
        for name in sorted(self.hot_lab.stock):
            stock = self.hot_lab.now(self.hot_lab.stock[name], self.site.horizon_s)
            self.happenings.to_vial("stock", stock.name, stock.activity_bq, stock.volume_m3)
        for session in sorted(self.sessions.values(), key=lambda s: s.name):
            for i, syringe in enumerate(session.syringes):
                if syringe is not None:
                    decay = self._decay[syringe.nuclide]
                    left = syringe.activity_bq * exp(-decay * (self.clock.moment_s - syringe.time_s))
                    content = {"activity_bq": left, "volume_m3": syringe.volume_m3}
                    things = (("syringe", syringe.name, content), ("nuclide", syringe.nuclide, NOTHING))
                    self.happenings.to_animal("stock", session, i, None, None, *things)
        return self.log

    def _settle(self) -> None:
        """The end of an instant: grant what can be granted, and note who waits from now on."""
        self.allocator.settle()
        if self.shifts.leaving:
            self.shifts.relieve()
            self.allocator.settle()
        for entry in self.allocator.delayed:
            if self._waits(entry):
                session = self.sessions[entry[2]]
                records.asked(self, session, session.program.ops[entry[3]])
                self.unlooked |= not session.empty_handed
                if session.asleep_since_s is not None:
                    self.sessions_end.waits_asleep(session)
        self.allocator.delayed.clear()
        if self.allocator.queues and (self.unlooked or self.allocator.retried) and not self.clock.anything_under_way():
            self._look_for_circle()

    def _waits(self, entry: Entry) -> bool:
        session = self.sessions.get(entry[2])
        return session is not None and session.waiting.get(entry[3]) == entry[1]

    def _look_for_circle(self) -> None:
        """Nothing is under way and somebody waits: stop if it is for each other, not for time."""
        self.unlooked = self.allocator.retried = False
        circle = standstill.circle(self)
        if circle:
            raise CircleError(circle)

    # what is known -------------------------------------------------------------------------------------------------

    def decay_of_tracer(self, tracer: str) -> float:
        """Decay constant of a tracer's nuclide [1/s]."""
        return self._tracer_decay[tracer]

    def decay_of_nuclide(self, nuclide: str) -> float:
        """Decay constant [1/s]."""
        return self._decay[nuclide]

    def dead_space(self, session: Session) -> float:
        """Volume injected beside the syringe's: flush, catheter, contrast [m3]."""
        protocol = self.site.protocols[session.plan]
        return protocol.flush_m3 + protocol.dead_volume_m3 + protocol.contrast_m3

    # sessions -----------------------------------------------------------------------------------------------------

    def animal(self, name: str) -> AnimalState:
        """What is kept of an animal; made when first asked for."""
        state = self.animals.get(name)
        if state is None:
            state = self.animals[name] = AnimalState()
        return state

    def program(self, plan: str, animals: int) -> Program:
        """A protocol's plan for so many animals."""
        key = (plan, animals)
        if key not in self._programs:
            self._programs[key] = self.with_numbers(compile_plan(self._plan(plan), animals))
        return self._programs[key]

    def own_program(self, plan: str) -> Program | None:
        """The program of a plan that is not a protocol's: upkeep, hot lab, the house."""
        rooms = (self.upkeep, self.radiopharmacy, self.hygiene, self.answers, self.standing, self.caring)
        own: list[dict[str, Program]] = [room.programs for room in rooms]
        return next((programs[plan] for programs in own if plan in programs), None)

    def _plan(self, plan: str) -> Any:
        return self.site.plans[plan]

    def with_numbers(self, program: Program) -> Program:
        """The program with the numbers of its steps in this run's log."""
        for op in program.ops:
            if op.step is not None and op.need is not None:
                op.need_number = self._needs.setdefault(op.need, len(self._needs))
                groups = [self.roster.group(skills) for skills in op.need.people]
                op.group = groups[0] if len(groups) == 1 else None
                op.anyone = op.group is not None and not (self.hygiene.on or self.service.on or self.standing.trainees)
                op.wanted_bq = effects.wanted_bq(self, op) if op.need.draw is not None and program.clinical else 0.0
                op.label = self.log.labels[op.step.task, op.step.name, program.key[0]]
                self.exposure.prepare(op)
                player.prepare(self, op)
        return program

    def new_session(
        self,
        name: str,
        plan: str,
        priority: int,
        study: str | None,
        visits: list[Visit],
        program: Program,
        barred: tuple[str, ...] | None = None,
        expected: Expected | None = None,
    ) -> Session:
        """A session at the beginning of its plan, with its block of luck.

        ``barred`` by budgets of dose and ``expected`` to cost so much: None if that was not asked.
        """
        luck, durations = self.draws.begin(name, visits, program)
        session = Session(name, plan, priority, study, visits, program, luck, durations=durations)
        session.started_s = self.clock.moment_s
        for visit in visits if self.clearing.injections else ():
            self.clearing.comes(visit.animal)
        self.sessions[name] = self.completed(session)
        self.budgets.open(session, barred, expected)
        return session

    def completed(self, session: Session) -> Session:
        """The session with its numbers in this run's log."""
        log, name, study = self.log, session.name, session.study
        session.subjects = [log.subject(name, visit.name, study) for visit in session.visits]
        session.subjects.append(log.subject(name, None, study))
        session.animals = [self.animal(visit.animal) for visit in session.visits]
        session.animal_parts = [log.things["animal", visit.animal] for visit in session.visits]
        session.physiology = self.site.studies[session.visits[0].study].physiology if session.visits else None
        if not session.visits:
            self.with_numbers(session.program)
        return session


def play(site: Site, replication: int = 0) -> Log:
    """Run a site to its horizon.

    Parameters
    ----------
    site : Site
    replication : int
        Replication 0 is what ``twin run`` plays.

    Returns
    -------
    Log
    """
    world = World(site, replication).begin().run()
    return world.finish()
