"""Work of the hot lab beside drawing syringes: vials are received, made and tested, the dose calibrator is checked.

Everything that is made is a planned vial of the site; here it gets what luck and waiting make of it.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any

from twin.distributions import tick
from twin.facility import handled
from twin.facility.hot_lab import Stock
from twin.facility.hot_lab_plans import ROOM, hot_lab_plans
from twin.facility.program import compile_plan
from twin.facility.state import Session
from twin.facility.upkeep import FIRST
from twin.physics.decay import ingrown
from twin.scenario.site_hot_lab import Generator, Preparation

if TYPE_CHECKING:
    from twin.facility.program import Op
    from twin.facility.world import World

#: The pool of those who wait for the dose calibrator.
CALIBRATOR = "calibrator"


class Preparing:
    """Starts this work when it falls due, and does what its steps do.

    Attributes
    ----------
    checks_due : list of str
        Checks of the dose calibrator that are not yet passed: nothing is drawn meanwhile.
    columns : dict of vial to (time, activity, number)
        Of each generator: when it was last eluted [s], the daughter left on it then [Bq], elutions so far.
    taken : dict of vial to (activity, time)
        What a preparation took from another vial [Bq], and when [s].
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.site = world.site.radiopharmacy
        self.programs = {name: compile_plan(plan, 0) for name, plan in hot_lab_plans(self.site).items()}
        self.checks_due: list[str] = []
        self.columns: dict[str, tuple[float, float, int]] = {}
        self.taken: dict[str, tuple[float, float]] = {}

    def begin(self) -> None:
        """Set the first alarms."""
        for name in self.site.preparations:
            self._set_preparation(name, 0)
        for i in range(len(self.site.checks)):
            self._set_check(i, 0)

    # deliveries ---------------------------------------------------------------------------------------------------

    def set_deliveries(self) -> None:
        """When each vial that is not made in the house really comes, if it does."""
        clock, luck = self.world.clock, self.world.luck
        for vial in self.world.site.vials:
            if vial.made:
                continue
            at_s, happens = vial.arrival_s, "delivery"
            if vial.mishaps is not None:
                if luck.uniform("delivery_fails", vial.name, 0) < vial.mishaps.fails:
                    happens = "delivery_failed"
                elif vial.mishaps.delay is not None:
                    at_s += vial.mishaps.delay.sample(luck.uniform("delivery_delay", vial.name, 0))
            clock.at(tick(max(0.0, at_s)), happens, vial.name)

    def delivered_share(self, name: str) -> float:
        """Share of the stated activity that is in a vial."""
        mishaps = self.world.hot_lab.vials[name].mishaps
        if mishaps is None or mishaps.short is None:
            return 1.0
        return mishaps.short.sample(self.world.luck.uniform("delivery_short", name, 0))

    def not_delivered(self, name: str) -> None:
        """A vial that should have come does not: those who wait for it learn it."""
        self._never(name, "delivery_failed", None)

    def arrived(self, stock: Stock) -> None:
        """A vial is in the hot lab: a column grows since it came, another is surveyed before it may be used."""
        if self._generator_of(stock.name) is not None:
            came_s = self.world.hot_lab.vials[stock.name].arrival_s
            self.columns[stock.name] = (came_s if came_s < 0.0 else self.world.clock.moment_s, 0.0, 0)
        elif self.site.receipt is not None:
            stock.released = False
            self._start("receipt", stock.name)

    # what is made -------------------------------------------------------------------------------------------------

    def _set_preparation(self, name: str, k: int) -> None:
        vials = self.site.preparations[name].vials
        if k < len(vials):
            self.world.clock.at(vials[k][0], "preparation", name, k)

    def due(self, name: str, k: int) -> None:
        """A preparation falls due."""
        vial, clock = self.site.preparations[name].vials[k][1], self.world.clock
        self._set_preparation(name, k + 1)
        self._begin(name, vial)
        clock.at(max(clock.moment_s, self.world.hot_lab.vials[vial].expiry_s), "preparation_over", vial)

    def _begin(self, plan: str, vial: str) -> None:
        """A vial is made or received; an elution begins when the column may be eluted again."""
        made, clock = self.site.preparations.get(plan), self.world.clock
        if made is not None and made.generator is not None:
            allowed_s = self._allowed_s(self.site.generators[made.generator])
            if allowed_s is None:
                self._never(vial, "preparation_failed", "generator")
                return
            if allowed_s > clock.moment_s:
                clock.at(allowed_s, "hot_lab_again", plan, vial)
                return
        self._start(plan, vial)

    def over(self, vial: str) -> None:
        """What was not done until its product would have expired is not done any more."""
        session = next((s for s in self.world.sessions.values() if _vial_of(s) == vial), None)
        if session is None:
            if self._is_to_come(vial):
                self._never(vial, "preparation_failed", "day_over" if self._waits_for_column(vial) else "dose")
            return
        self.world.sessions_end.give_up(session, "day_over")
        if vial not in self.world.hot_lab.stock:
            self._lose_taken(vial)
            self._never(vial, "preparation_failed", "day_over")

    def take(self, session: Session, op: Op, stock: Stock) -> None:
        """Activity goes from a vial into a preparation."""
        world, product = self.world, _vial_of(session)
        assert op.need is not None
        assert op.need.draw is not None
        activity = op.need.draw.activity_bq
        volume = world.hot_lab.take(stock, activity, world.clock.moment_s)
        self.taken[product] = (activity, world.clock.moment_s)
        world.happenings.to_vial("taken", stock.name, activity, volume, product=(product, {"activity_bq": activity}))

    def cannot_take(self, session: Session) -> None:
        """No vial has what a preparation is to take, and none will come today."""
        vial = _vial_of(session)
        self.world.sessions_end.give_up(session, "no_activity")
        self._never(vial, "preparation_failed", "no_activity")

    def prepared(self, session: Session) -> None:
        """What was made is in its vial, or nothing came of it."""
        vial = _vial_of(session)
        made = self.site.preparations[self.world.hot_lab.vials[vial].delivery]
        if self._luck("preparation_fails", vial) < made.fails:
            self._lose_taken(vial)
            self._never(vial, "preparation_failed", "synthesis")
            self.world.sessions_end.give_up(session, "synthesis")
            return
        share = made.share.sample(self._luck("preparation_yield", vial))
        if made.drawn is not None:
            activity = self._taken_bq(vial)
            self._put(vial, made, share * activity, "prepared", lost_bq=(1.0 - share) * activity)
            return
        if made.generator is not None:
            activity = self._eluted_bq(self.site.generators[made.generator], share)
        else:
            activity = share * handled.started_bq(self.world, vial, made, self.world.clock.moment_s)
        if self.world.licence.may_receive(self.world.hot_lab.vials[vial].nuclide, activity):
            self._put(vial, made, activity, "made")
        else:
            self._never(vial, "preparation_failed", "licence")
            self.world.sessions_end.give_up(session, "licence")

    def _put(self, vial: str, made: Preparation, activity_bq: float, word: str, lost_bq: float | None = None) -> None:
        """It stands in the hot lab, and may be used unless it is to be tested."""
        world, now = self.world, self.world.clock.moment_s
        molar = made.molar_activity_bq_per_mol
        amount = None if molar is None else activity_bq / molar
        expiry_s = tick(now + made.shelf_life_s)
        world.hot_lab.put(Stock(vial, activity_bq, made.volume_m3, amount, now, expiry_s, made.test is None))
        product = None if lost_bq is None else (vial, {"activity_bq": lost_bq})
        world.happenings.to_vial(word, vial, activity_bq, made.volume_m3, amount_mol=amount, product=product)
        if word == "made":
            world.licence.receive(world.hot_lab.vials[vial].nuclide, activity_bq)
            world.nearby.in_hot_lab(world.hot_lab.vials[vial].nuclide, activity_bq)
        world.clock.at(expiry_s, "expiry", vial)
        self._tell(vial)

    def release(self, session: Session) -> None:
        """A vial was received, or passed its test; one that did not pass is waste."""
        world, vial = self.world, _vial_of(session)
        stock = world.hot_lab.stock.get(vial)
        if stock is None:
            return
        made = self.site.preparations.get(world.hot_lab.vials[vial].delivery)
        fails = 0.0 if made is None or made.test is None else made.test.fails
        if self._luck("release_fails", vial) < fails:
            stock = world.hot_lab.now(stock, world.clock.moment_s)
            world.hot_lab.remove(vial)
            world.exposure.wasted(world.hot_lab.vials[vial].nuclide, stock.activity_bq)
            world.happenings.to_vial("vial_wasted", vial, stock.activity_bq, stock.volume_m3, "release")
        else:
            stock.released = True
            world.happenings.to_vial("released", vial, None, None)
        self._tell(vial)

    # generators ---------------------------------------------------------------------------------------------------

    def _generator_of(self, vial: str) -> Generator | None:
        return self.site.generators.get(self.world.hot_lab.vials[vial].delivery)

    def column(self, generator: Generator) -> str | None:
        """The newest column in the hot lab."""
        return next((name for name in reversed(generator.vials) if name in self.world.hot_lab.stock), None)

    def _allowed_s(self, generator: Generator) -> float | None:
        """From when on it may be eluted; None: there is none, or it was eluted as often as it may be."""
        name = self.column(generator)
        if name is None:
            return None
        eluted_s, _, number = self.columns[name]
        if generator.elutions is not None and number >= generator.elutions:
            return None
        return eluted_s + generator.least_interval_s if number else self.world.clock.moment_s

    def _eluted_bq(self, generator: Generator, share: float) -> float:
        """A share of what has grown in on the column and of what was left there [Bq]; the rest stays."""
        name, now = self.column(generator), self.world.clock.moment_s
        if name is None:
            return 0.0
        since_s, left_bq, number = self.columns[name]
        stock = self.world.hot_lab.now(self.world.hot_lab.stock[name], now)
        parent_then_bq = stock.activity_bq * exp(generator.parent_per_s * (now - since_s))
        there = left_bq * exp(-generator.daughter_per_s * (now - since_s)) + ingrown(
            parent_then_bq, generator.parent_per_s, generator.daughter_per_s, generator.branching, now - since_s
        )
        self.columns[name] = (now, (1.0 - share) * there, number + 1)
        return share * there

    # the dose calibrator ------------------------------------------------------------------------------------------

    def _set_check(self, i: int, k: int) -> None:
        moments = self.site.checks[i].moments_s
        if k < len(moments):
            self.world.clock.at(moments[k], "calibrator_check", i, k)

    def check_due(self, i: int, k: int) -> None:
        """A check of the dose calibrator falls due."""
        check = self.site.checks[i]
        self._set_check(i, k + 1)
        if check.name not in self.checks_due:
            self.checks_due.append(check.name)
            self._start(check.name, f"{ROOM}/{check.name}")

    def verify(self, session: Session) -> None:
        """A check was done: it is passed, or done again."""
        check = next(c for c in self.site.checks if c.name == session.plan.partition("/")[2])
        if self._luck("check_fails", session.name) < check.fails:
            self._start(check.name, f"{ROOM}/{check.name}")
            return
        self.checks_due.remove(check.name)
        self.world.allocator.wake(CALIBRATOR)
        self.world.clock.unsettled = True

    # what they share ----------------------------------------------------------------------------------------------

    def _start(self, plan: str, name: str) -> None:
        """Begin the work, named by what it is for and its moment; later if nobody may do it within their budgets."""
        full, clock = f"{ROOM}/{plan}", self.world.clock
        if not self.world.upkeep.start_exposing(full, name, FIRST, self.programs[full]):
            clock.at(clock.moment_s + self.world.site.policies.slot_step_s, "hot_lab_again", plan, name)

    def again(self, plan: str, name: str) -> None:
        """Work that was put off falls due again, if its vial is still to be made or to be surveyed."""
        stock = self.world.hot_lab.stock.get(name)
        if self._is_to_come(name) if stock is None else not stock.released:
            self._begin(plan, name)

    def _waits_for_column(self, vial: str) -> bool:
        made = self.site.preparations[self.world.hot_lab.vials[vial].delivery]
        allowed_s = None if made.generator is None else self._allowed_s(self.site.generators[made.generator])
        return allowed_s is not None and allowed_s > self.world.clock.moment_s

    def _is_to_come(self, vial: str) -> bool:
        return vial in self.world.hot_lab.awaited[self.world.hot_lab.vials[vial].tracer]

    def _luck(self, purpose: str, name: str) -> float:
        return self.world.luck.uniform(purpose, name, 0)

    def _taken_bq(self, vial: str) -> float:
        """What is left now of what was taken [Bq]."""
        activity, since_s = self.taken.pop(vial)
        decay = self.world.hot_lab.vials[vial].decay_constant_per_s
        return activity * exp(-decay * (self.world.clock.moment_s - since_s))

    def _lose_taken(self, vial: str) -> None:
        """What a preparation took is waste."""
        if vial in self.taken:
            lost_bq = self._taken_bq(vial)
            self.world.exposure.wasted(self.world.hot_lab.vials[vial].nuclide, lost_bq)
            self.world.happenings.to_vial("vial_wasted", vial, lost_bq, 0.0)

    def _never(self, vial: str, word: str, reason: str | None) -> None:
        """A vial that was planned will not be there."""
        self.world.hot_lab.gone(vial)
        self.world.happenings.to_vial(word, vial, None, None, reason)
        self._tell(vial)

    def _tell(self, vial: str) -> None:
        """Those who wait for its tracer look again."""
        self.world.allocator.wake("tracer:" + self.world.hot_lab.vials[vial].tracer)
        self.world.clock.unsettled = True

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        awaited = [name for vials in self.world.hot_lab.awaited.values() for name in vials]
        return {
            "checks_due": self.checks_due,
            "columns": [[name, *column] for name, column in self.columns.items()],
            "taken": [[name, *taken] for name, taken in self.taken.items()],
            "awaited": awaited,
        }

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.checks_due = list(plain["checks_due"])
        self.columns = {name: (time_s, left_bq, number) for name, time_s, left_bq, number in plain["columns"]}
        self.taken = {name: (activity_bq, time_s) for name, activity_bq, time_s in plain["taken"]}
        for vials in self.world.hot_lab.awaited.values():
            for name in set(vials).difference(plain["awaited"]):
                del vials[name]


def _vial_of(session: Session) -> str:
    """The vial that a session of the hot lab is for; its moment comes after it."""
    return session.name.rpartition("/")[0]
