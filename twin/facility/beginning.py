"""Sessions begin at their time, if they may: somebody brings the animals, they live, nothing forbids it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.facility import fates, player
from twin.facility.program import Program
from twin.facility.state import Visit

if TYPE_CHECKING:
    from twin.facility.world import World

#: Reasons for which an animal is not alive any more when its visit would begin, and what the log says then.
DEATHS = {"disease": "animal_dead", "endpoint": "animal_killed", "weight_loss": "animal_killed"}


class Beginning:
    """Begins the booked sessions of a world; what is booked stands in its planner."""

    def __init__(self, world: World) -> None:
        self.world = world

    def session_start(self, name: str) -> None:
        """The time of a session has come: those who may take part begin."""
        world, planner = self.world, self.world.planner
        if name not in planner.booked:
            return  # it was begun before its time
        visits, scanner, slot_s = planner.booked.pop(name)
        if scanner is not None and (self._is_down(scanner, visits[0].protocol) or world.hygiene.is_shut(scanner)):
            planner.unbooked.append(visits)  # nobody begins for a broken scanner: they get another slot in the evening
            return
        if slot_s is None and self._too_late(visits[0].protocol, len(visits)):
            planner.set_start(visits, world.days.next_day(world.clock.moment_s), scanner, None)
            return
        ready = self._ready(visits)
        if not ready:
            return
        study = world.site.studies[ready[0].study]
        program = world.program(ready[0].protocol, len(ready))
        expected = world.foreseen.session(program, ready)
        barred = world.budgets.barred(expected)
        refusal = world.budgets.refusal(program, expected, barred)
        if refusal is not None:
            self._put_off(ready, scanner, slot_s, refusal)
            return
        priority = world.hygiene.priority(study.name, study.priority) if world.hygiene.on else study.priority
        own = ready[0].name, ready[0].protocol, priority, study.name, ready
        session = world.new_session(*own, program, barred, expected)
        session.scanner, session.booked_s = scanner, self._slot_of(program, ready[0].protocol, slot_s)
        for visit in ready:
            world.animal(visit.animal).session = session.name
            if slot_s is None or session.name != name:
                moment = world.clock.moment_s if slot_s is None else slot_s
                world.happenings.to_visit("visit_booked", visit, session.name, scanner=scanner, moment_s=moment)
        player.advance(world, session, program.entry)

    def _does_not_come(self, visits: list[Visit]) -> bool:
        """Whether nobody brings the animals of a session."""
        share = self.world.site.studies[visits[0].study].no_show
        return share > 0.0 and self.world.luck.uniform("no_show", visits[0].name) < share

    def _ready(self, visits: list[Visit]) -> list[Visit]:
        """Those of a session that are brought, may begin, and have places for what becomes of them."""
        world = self.world
        if self._does_not_come(visits):
            self.call_off(visits, "no_show")
            return []
        ready = [visit for visit in visits if self._may_begin(visit)]
        if world.hygiene.on:
            ready = world.hygiene.with_places(ready)
        ready = world.radioactive.with_places(ready)
        if ready and world.waste.refuses(world.program(ready[0].protocol, len(ready)), len(ready)):
            self.call_off(ready, "waste")
            return []
        if ready and world.archive.refuses(ready[0].protocol, len(ready)):
            self.call_off(ready, "archive")
            return []
        return ready

    def _is_down(self, scanner: str, protocol: str) -> bool:
        """Whether its scanner is broken, or all to which its bed could be moved."""
        machines, second = self.world.machines.all, self.world.site.protocols[protocol].second
        return machines[scanner].down or (bool(second) and all(machines[name].down for name in second))

    def _put_off(self, visits: list[Visit], scanner: str | None, slot_s: float | None, refusal: str) -> None:
        """Nobody may do it for a budget of dose: as soon as others are done today, or not in this slot."""
        world, name = self.world, visits[0].name
        now = world.clock.moment_s
        if refusal == "later" and world.opening.at(now) is not None:
            self.world.planner.booked[name] = (visits, scanner, slot_s)
            world.clock.at(now + world.site.policies.slot_step_s, "session_start", name)
            return
        self.call_off(visits, "dose", useful=world.budgets.renewed)

    def call_off(self, visits: list[Visit], reason: str, *, useful: bool = True) -> None:
        """A session does not begin; it is booked again if another time may be better."""
        for visit in visits:
            self.world.radioactive.not_begun(visit.animal)
            self.world.happenings.to_visit("visit_cancelled", visit, reason=reason)
            self.world.planner.book_again(visit, reason, useful)

    def swap(self, waiting: str, tracer: str) -> None:
        """A session waits for its tracer: at the end of this moment another takes its turn, once."""
        if waiting not in self.world.planner.swapped:
            self.world.planner.swapped[waiting] = None
            self.world.clock.at(self.world.clock.moment_s, "pull_forward", tracer)

    def pull_forward(self, tracer: str) -> None:
        """The next session of today that needs another tracer, which is there, begins now: one that does not fast."""
        world, now = self.world, self.world.clock.moment_s
        today = world.opening.at(now)
        last = today[1] if today else now
        ready = [
            (slot_s, name)
            for name, (visits, _, slot_s) in self.world.planner.booked.items()
            if slot_s is not None and slot_s <= last and self._may_come_earlier(visits[0].protocol, tracer)
        ]
        if ready:
            self.session_start(min(ready)[1])

    def _may_come_earlier(self, name: str, tracer: str) -> bool:
        protocol = self.world.site.protocols[name]
        has = protocol.tracer is None or bool(self.world.hot_lab.by_tracer.get(protocol.tracer))
        return protocol.fasting_s is None and protocol.tracer != tracer and has

    def _slot_of(self, program: Program, protocol: str, slot_s: float | None) -> float | None:
        """The slot; without one, the time at which the bed is wanted if food is taken away now."""
        fasting_s = self.world.site.protocols[protocol].fasting_s
        if slot_s is not None or fasting_s is None:
            return slot_s
        least: float = fasting_s[0]
        return self.world.clock.moment_s + least + program.anchor_s

    def _too_late(self, protocol: str, animals: int) -> bool:
        """Whether a fast that begins now, without a slot, could not be followed by its scan today."""
        fasting_s, now = self.world.site.protocols[protocol].fasting_s, self.world.clock.moment_s
        day = self.world.opening.at(now)
        if fasting_s is None or (day is not None and now <= day[0]):
            return False
        return day is None or now + fasting_s[0] + self.world.program(protocol, animals).end_s > day[1]

    def _may_begin(self, visit: Visit) -> bool:
        """Cancel or postpone a visit whose animal is dead, elsewhere, or not authorised."""
        animal = self.world.animal(visit.animal)
        if animal.alive and animal.session is not None:
            self._postpone(visit, self.world.clock.moment_s + self.world.site.policies.slot_step_s)
            return False
        reason = fates.ending(self.world, visit) if animal.alive else "died"
        if reason in DEATHS:
            animal.alive = False
            self.world.happenings.to_visit(DEATHS[reason], visit, reason=reason)
            self.world.hygiene.dead(visit.animal)
            self.world.radioactive.dead(visit.animal)
            self.world.waste.dead(visit.animal)
            return False
        reason = reason or self.world.authorisation.refusal(visit) or self._unlabelled(visit)
        if reason is None:
            self.world.authorisation.count(visit)
            return True
        self.world.happenings.to_visit("visit_cancelled", visit, reason=reason)
        return False

    def _unlabelled(self, visit: Visit) -> str | None:
        """Whether there would be nothing to scan of a tracer that an earlier visit of the study was to inject."""
        protocols, study = self.world.site.protocols, self.world.site.studies[visit.study]
        if not protocols[visit.protocol].labelled or visit.animal in self.world.exposure.bodies:
            return None
        return "unlabelled" if any(protocols[point.protocol].goes_home for point in study.time_points) else None

    def _postpone(self, visit: Visit, until_s: float) -> None:
        """Try again later, by itself."""
        self.world.planner.set_start([visit], until_s, None, None)
