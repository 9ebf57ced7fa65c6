"""Keeping scanners fit: quality control when it falls due, maintenance as planned, failures and repairs; and duties."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from twin.distributions import tick
from twin.facility import player
from twin.facility.calendars import DAY_S, midnight_s
from twin.facility.foreseen import Expected
from twin.facility.machines import Machine
from twin.facility.program import Program, compile_plan
from twin.facility.state import Session, Visit
from twin.facility.upkeep import FIRST, upkeep_plans
from twin.scenario.site_machines import QualityControl

if TYPE_CHECKING:
    from twin.facility.world import World


class Keeping:
    """Starts the sessions of upkeep."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.programs: dict[str, Program] = {}
        for scanner in world.site.scanners.values():
            for name, plan in upkeep_plans(scanner).items():
                self.programs[name] = compile_plan(plan, 0)

    def begin(self) -> None:
        """Set the first alarms."""
        clock = self.world.clock
        for scanner in self.world.site.scanners.values():
            for i, maintenance in enumerate(scanner.maintenance):
                if maintenance.first_s >= 0.0:
                    clock.at(maintenance.first_s, "maintenance", scanner.name, i, 0)
            for i, check in enumerate(scanner.quality_control):
                if check.at_of_day_s is not None:
                    self._set_check(scanner.name, i, 0)
                if check.valid_for_s is not None:
                    self._passed_now(scanner.name, check)
            if scanner.breakdown is not None:
                self._set_failure(scanner.name, 0)
        for i in range(len(self.world.site.duties)):
            self._set_duty(i, 0)

    def _set_duty(self, i: int, k: int) -> None:
        """Work without animals that falls due by itself."""
        moments = self.world.site.duties[i].moments_s
        if k < len(moments):
            self.world.clock.at(moments[k], "duty", i, k)

    def duty(self, i: int, k: int) -> None:
        """A duty falls due."""
        duty = self.world.site.duties[i]
        self._set_duty(i, k + 1)
        self.start(duty.plan, duty.name, duty.priority, self.world.program(duty.plan, 0))

    def _set_check(self, name: str, i: int, day: int) -> None:
        """A check at a time of day, every day; on its weekdays it falls due."""
        of_day = self.world.site.scanners[name].quality_control[i].at_of_day_s or 0.0
        at = midnight_s(self.world.site.start) + day * DAY_S + of_day
        self.world.clock.at(max(at, self.world.clock.moment_s), "check_due", name, i, day)

    def check_due(self, name: str, i: int, day: int) -> None:
        """The time of day of a check has come."""
        check = self.world.site.scanners[name].quality_control[i]
        if self._today(name, check):
            self.check(name, check)
        self._set_check(name, i, day + 1)

    def morning(self) -> None:
        """The facility opens on a day: checks without a time of day fall due."""
        for scanner in self.world.site.scanners.values():
            for check in scanner.quality_control:
                if check.at_of_day_s is None and self._today(scanner.name, check):
                    self.check(scanner.name, check)

    def _today(self, name: str, check: QualityControl) -> bool:
        """Whether it falls due today: on its weekdays, or on the first of them in each of its intervals.

        The first interval begins in the middle, so that a facility in operation does not do everything at once.
        """
        now = self.world.clock.moment_s
        if self.world.opening.weekday(now) not in check.weekdays:
            return False
        if check.every_days is None:
            return True
        day = int((now - midnight_s(self.world.site.start)) // DAY_S)
        begun = (day + check.every_days // 2) // check.every_days
        intervals = self.world.machines.all[name].intervals
        due = begun > intervals.get(check.name, 0)
        intervals[check.name] = begun
        return due

    def check(self, name: str, check: QualityControl) -> None:
        """It falls due: the scanner is blocked until it is passed, at once or when the last one is too long ago."""
        machine = self.world.machines.all[name]
        if check.name in machine.checks_due or check.name in machine.open_checks:
            return
        if check.blocks_at_once:
            machine.checks_due.append(check.name)
        else:
            machine.open_checks.append(check.name)
            if check.valid_for_s is None:
                self._uncalibrated(machine, check)
        self.start(f"{name}/{check.name}")

    def check_expired(self, name: str, i: int, passed_s: float) -> None:
        """A check was passed so long ago that it is good for nothing any more, unless it was passed again."""
        check, machine = self.world.site.scanners[name].quality_control[i], self.world.machines.all[name]
        if machine.passed_s.get(check.name) == passed_s and check.name not in machine.checks_due:
            self.check(name, check)
            self._uncalibrated(machine, check)

    def _uncalibrated(self, machine: Machine, check: QualityControl) -> None:
        """It blocks from now on, once however often it falls due before it is passed."""
        if not check.quantitative:
            if check.name not in machine.checks_due:
                machine.checks_due.append(check.name)
        elif check.name not in machine.uncalibrated:
            machine.uncalibrated.append(check.name)
            if len(machine.uncalibrated) == 1:
                self.world.happenings.to_scanner("calibration_expired", machine.name)

    def passed(self, name: str, check: str) -> None:
        """A check is passed: what it blocked may go on."""
        machine = self.world.machines.all[name]
        for checks in (machine.checks_due, machine.open_checks):
            if check in checks:
                checks.remove(check)
        if check in machine.uncalibrated:
            machine.uncalibrated.remove(check)
            if not machine.uncalibrated:
                self.world.happenings.to_scanner("calibration_valid", name)
        machine.unchecked = machine.unchecked and bool(machine.checks_due)
        said = next(c for c in self.world.site.scanners[name].quality_control if c.name == check)
        if said.valid_for_s is not None:
            self._passed_now(name, said)
        self.world.allocator.wake(machine.pool)
        self.world.allocator.wake(machine.bed_pool)

    def _passed_now(self, name: str, check: QualityControl) -> None:
        """It is good for its time from now on."""
        assert check.valid_for_s is not None
        now, checks = self.world.clock.moment_s, self.world.site.scanners[name].quality_control
        self.world.machines.all[name].passed_s[check.name] = now
        self.world.clock.at(now + check.valid_for_s, "check_expired", name, checks.index(check), now)

    def checks_after_work(self, name: str) -> None:
        """Somebody worked on the scanner: its checks are due, and it takes nobody before."""
        machine = self.world.machines.all[name]
        for check in self.world.site.scanners[name].quality_control:
            if check.after_repair:
                machine.unchecked = machine.unchecked or check.blocks_at_once
                self.check(name, check)
                if not check.blocks_at_once:
                    self._uncalibrated(machine, check)

    def maintenance(self, name: str, i: int, k: int) -> None:
        """The service comes, and again after its interval."""
        maintenance = self.world.site.scanners[name].maintenance[i]
        self.start(f"{name}/{maintenance.name}")
        if maintenance.every_s is not None:
            at = maintenance.first_s + (k + 1) * maintenance.every_s
            self.world.clock.at(at, "maintenance", name, i, k + 1)

    def start_exposing(self, plan: str, name: str, priority: int, program: Program) -> bool:
        """Begin work without animals that handles activity; not if nobody may do it within their budgets of dose."""
        world = self.world
        world.with_numbers(program)
        expected = world.foreseen.work(program, plan, name)
        barred = world.budgets.barred(expected)
        begins = world.budgets.refusal(program, expected, barred) is None
        if begins:
            self.start(plan, name, priority, program, barred, expected)
        return begins

    def start(
        self,
        plan: str,
        name: str = "",
        priority: int = FIRST,
        program: Program | None = None,
        barred: tuple[str, ...] | None = None,
        expected: Expected | None = None,
    ) -> None:
        """Begin a session without animals, named by what it is and its moment."""
        world = self.world
        moment = world.site.start + dt.timedelta(seconds=world.clock.moment_s)
        own = f"{name or plan}/{moment:%Y-%m-%dT%H:%M:%S}", plan, priority, None, list[Visit]()
        session = world.new_session(*own, program or self.programs[plan], barred, expected)
        session.scanner = plan.split("/", maxsplit=1)[0] if program is None else None
        player.advance(world, session, session.program.entry)

    def _set_failure(self, name: str, k: int) -> None:
        scanner = self.world.site.scanners[name]
        breakdown = scanner.breakdown
        assert breakdown is not None
        wait = tick(breakdown.time_between_failures.sample(self.world.luck.uniform("breakdown", scanner.luck_name, k)))
        self.world.clock.at(self.world.clock.moment_s + wait, "breakdown", name, k)

    def breakdown(self, name: str, k: int) -> None:
        """The scanner fails: what it was doing is aborted."""
        world = self.world
        machine = world.machines.all[name]
        machine.down = True
        world.failures[name] = k
        world.happenings.to_scanner("breakdown", name)
        self.start(f"{name}/repair")
        session = world.sessions.get(machine.held_by or "")
        if session is not None:
            self._abort_scan(session, name)
        world.days.call_off([s.name for s in world.sessions.values() if s.visits and s.scanner == name], "breakdown")

    def _abort_scan(self, session: Session, name: str) -> None:
        """Steps on the broken scanner end; the animals wait for the repair within their limit, or go."""
        world = self.world
        stopped = sorted(i for i in session.running if _on_scanner(session, i, name))
        for index in stopped:
            player.abort(world, session, index, "breakdown")
        if not stopped:
            return
        if not session.visits or world.site.policies.breakdown == "wait":
            for index in stopped:
                player.ask(world, session, session.program.ops[index])
        else:
            world.sessions_end.give_up(session, "breakdown")

    def repaired(self, name: str) -> None:
        """The scanner works; its checks are due, and the next failure is set."""
        world = self.world
        machine = world.machines.all[name]
        machine.down = False
        self.checks_after_work(name)
        world.allocator.wake(machine.pool)
        world.allocator.wake(machine.bed_pool)
        world.clock.unsettled = True
        self._set_failure(name, world.failures[name] + 1)

    def lent(self, session: Session) -> Machine | None:
        """A repaired scanner for its check while another session has it, which does not use it meanwhile."""
        machine = self.world.machines.all.get(session.scanner or "")
        if machine is None or machine.down or machine.lent_by or not machine.unchecked or session.study is not None:
            return None
        holder = self.world.sessions.get(machine.held_by or "")
        if (
            holder is None
            or holder.study is None
            or holder.given_up
            or any(_on_scanner(holder, index, machine.name) for index in holder.running)
        ):
            return None
        return machine if session.plan.partition("/")[2] in machine.checks_due else None

    def take_back(self, session: Session) -> None:
        """Who is given up gets its animals out at once: the check stops, and is done after that."""
        for name in (session.scanner, session.second):
            machine = self.world.machines.all.get(name or "")
            if machine is not None and machine.lent_by == session.name:
                self._stop_check(machine, session)

    def _stop_check(self, machine: Machine, session: Session) -> None:
        check = self.world.sessions[machine.held_by or ""]
        stopped = sorted(check.running)
        for index in stopped:
            player.abort(self.world, check, index, session.given_up or "")
        del check.holds["scanner"]
        machine.give_back(check.name)
        for index in stopped:
            player.ask(self.world, check, check.program.ops[index])


def _on_scanner(session: Session, index: int, name: str) -> bool:
    """Whether a step uses this scanner."""
    op = session.program.ops[index]
    needs = op.need is not None and (op.need.scanner or op.need.second)
    return needs and (name == session.second if op.at_second else session.scanner in (None, name))
