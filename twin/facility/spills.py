"""Activity that is spilt: on people, and in rooms, which are closed until they are clean (`twin.facility.hygiene`).

What is spilt at a drawing lies in the hot lab, what at an injection where the animal is. Somebody takes most of it off
and wipes, again until a wipe finds no more than the surface may have; that person is exposed to what lies there.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any

from twin.facility.exposure import FINGER
from twin.facility.happenings import NOTHING, Known, Thing
from twin.facility.hot_lab import Activity
from twin.facility.house_plans import SPILL
from twin.facility.state import Session, Syringe

if TYPE_CHECKING:
    from twin.facility.clock import Running
    from twin.facility.program import Op
    from twin.facility.world import World

#: Outcome of a cleaning, and what it is while the room may not be used.
WIPE, DIRTY, CLEAN = "wipe", "contaminated", "clean"
TRUNK = 0


class Spills:
    """What lies where, and what it did to whom.

    Attributes
    ----------
    lying : Activity
        By room and nuclide [Bq].
    """

    def __init__(self, world: World) -> None:
        self.world, self.rules = world, world.site.dose.spills
        self.lying = Activity(dict(world.site.dose.decay_per_s))

    def perhaps(self, word: str, session: Session, op: Op, running: Running, i: int) -> None:
        """A syringe was drawn, or is about to be injected: some of it may be spilt."""
        rules, syringe = self.rules, session.syringes[i]
        if rules is None or syringe is None or self._luck(word, session, op, i) >= rules.chance[word]:
            return
        room = self._room(word, session, i)
        spilt_bq = self._taken(syringe, rules.share)
        nuclide: Thing = ("nuclide", syringe.nuclide, NOTHING)
        things: list[Thing] = [("syringe", syringe.name, {"activity_bq": spilt_bq}), nuclide, ("room", room, NOTHING)]
        things += [self._person(word, session, op, running, i, syringe.nuclide, spilt_bq)] if running.people else []
        self.world.happenings.to_animal("spilt", session, i, None, None, *things)
        self.lying.add(room, syringe.nuclide, spilt_bq, self.world.clock.moment_s)
        self.world.hygiene.close(room, f"{SPILL}/{room}", SPILL)

    def _taken(self, syringe: Syringe, share: float) -> float:
        """What leaves a syringe now [Bq]."""
        decay = self.world.site.dose.decay_per_s[syringe.nuclide]
        spilt_bq = share * syringe.activity_bq * exp(decay * (syringe.time_s - self.world.clock.moment_s))
        syringe.activity_bq *= 1.0 - share
        syringe.volume_m3 *= 1.0 - share
        if syringe.amount_mol is not None:
            syringe.amount_mol *= 1.0 - share
        return spilt_bq

    def _room(self, word: str, session: Session, i: int) -> str:
        """Where it lies."""
        room = session.room[i] if word == "injecting" else None
        return room or self.world.site.hot_lab or next(iter(self.world.site.rooms))

    def _person(
        self, word: str, session: Session, op: Op, running: Running, i: int, nuclide: str, spilt_bq: float
    ) -> Thing:
        """Who did it, with the dose to the skin, if it is on it, and what is committed, where that is modelled."""
        rules, name = self.rules, running.people[0].name
        assert rules is not None
        known: Known = {}
        if self._luck(f"{word}_on_skin", session, op, i) < rules.on_skin:
            decay = self.world.site.dose.decay_per_s[nuclide]
            decays = rules.skin_share * spilt_bq * (1.0 - exp(-decay * rules.skin_s)) / decay
            known["skin_sv"] = rules.skin_sv[nuclide] * decays
        if nuclide in rules.committed_sv:
            known["committed_sv"] = rules.committed_sv[nuclide] * spilt_bq
        mine = self.world.exposure.ledger[name]
        mine[FINGER] += known.get("skin_sv", 0.0)
        mine[TRUNK] += known.get("committed_sv", 0.0)
        return "person", name, known

    def _luck(self, purpose: str, session: Session, op: Op, i: int) -> float:
        """Addressed by the visit and the attempt."""
        attempt = max(0, session.tries.get(op.index, 0) - 1) if op.repeated else 0
        return self.world.luck.uniform(f"spill_{purpose}", session.visits[i].name, attempt)

    # cleaning -----------------------------------------------------------------------------------------------------

    def wiped(self, session: Session) -> None:
        """A room was cleaned once more: what was taken off is waste."""
        rules, room, now = self.rules, room_of(session.plan), self.world.clock.moment_s
        assert rules is not None
        dirty = False
        for nuclide, limit in rules.limit_bq_per_m2.items():
            there_bq = self.lying.get(room, nuclide, now)
            if there_bq > 0.0:
                off_bq = rules.removed * there_bq
                self.lying.add(room, nuclide, -off_bq, now)
                self.world.exposure.wasted(nuclide, off_bq)
                dirty |= there_bq - off_bq > limit * rules.area_m2
        session.shared_outcomes[WIPE] = DIRTY if dirty else CLEAN

    def opened(self, room: str) -> None:
        """A room is open again: what is left there may be there; what was spilt meanwhile is cleaned up, too."""
        rules, now = self.rules, self.world.clock.moment_s
        if rules is None:
            return
        left = {nuclide: self.lying.get(room, nuclide, now) for nuclide in rules.limit_bq_per_m2}
        if any(bq > rules.limit_bq_per_m2[nuclide] * rules.area_m2 for nuclide, bq in left.items()):
            self.world.hygiene.close(room, f"{SPILL}/{room}", SPILL)
        else:
            for nuclide in left:
                self.lying.sums.pop(f"{room}|{nuclide}", None)

    def content(self, session: Session, time_s: float) -> list[tuple[str, float]]:
        """Nuclides that lie where a session cleans, and their activity at a moment [Bq]."""
        decay, now = self.lying.decay_constants, self.world.clock.moment_s
        there = ((nuclide, self.lying.get(room_of(session.plan), nuclide, now)) for nuclide in decay)
        return [(nuclide, bq * exp(decay[nuclide] * (now - time_s))) for nuclide, bq in there if bq > 0.0]

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> list[Any]:
        """Everything as JSON values."""
        return list(self.lying.sums.items())

    def from_plain(self, plain: list[Any]) -> None:
        """What `to_plain` wrote."""
        self.lying.sums = {key: (a, t) for key, (a, t) in plain}


def room_of(plan: str) -> str:
    """The room that a plan of cleaning is for."""
    return plan.partition("/")[2]
