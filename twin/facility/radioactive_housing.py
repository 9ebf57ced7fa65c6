"""Animals that go home radioactive: each has a place in the radioactive housing until little enough is left in it.

Nobody is injected who would have no place to go; when there will be one, `twin.facility.places_ahead` foresees. An
animal keeps its place while it is at a later visit. What is left in it decays and leaves by excretion
(`twin.facility.clearing`): it goes out of its cage, whose bedding is waste. Where ``housing.excretion`` is ``stays``,
or the tracer's kinetics are not known, it is physical decay alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.animals.excretion import until_one
from twin.distributions import tick
from twin.facility.state import Session, Visit
from twin.scenario.site_housing import LONGEST_S, RADIOACTIVE_HOUSING

if TYPE_CHECKING:
    from twin.facility.world import World


class RadioactiveHousing:
    """Who has a place, and until when.

    Attributes
    ----------
    kept : dict of animal to (room, float or None)
        Who has a place, and until when it needs it [s]; None: its session has not brought it home yet.
    """

    def __init__(self, world: World) -> None:
        self.world, self.rules = world, world.site.housing
        rooms = world.site.rooms.values()
        self.places = {room.name: room.places for room in rooms if room.kind == RADIOACTIVE_HOUSING}
        self.kept: dict[str, tuple[str, float | None]] = {}

    # before a session ---------------------------------------------------------------------------------------------

    def with_places(self, visits: list[Visit]) -> list[Visit]:
        """Those of a session that may begin: each that will be radioactive afterwards has a place, or gets one."""
        if not self.places:
            return visits
        found = []
        for visit in visits:
            if self._has_place(visit):
                found.append(visit)
            else:
                self.world.happenings.to_visit("visit_cancelled", visit, reason="radioactive_housing")
                self.world.planner.book_again(visit, "radioactive_housing", useful=True)
        return found

    def _has_place(self, visit: Visit) -> bool:
        protocol = self.world.site.protocols[visit.protocol]
        if visit.animal in self.kept or not protocol.goes_home or protocol.nuclide is None:
            return True
        injected_bq = protocol.activity_bq or 0.0
        if injected_bq <= self.rules.limit_bq(protocol.nuclide, visit.mass_kg, injected_bq):
            return True
        taken = [room for room, _ in self.kept.values()]
        room = next((name for name, places in self.places.items() if places > taken.count(name)), None)
        if room is not None:
            self.kept[visit.animal] = (room, None)
        return room is not None

    def not_begun(self, animal: str) -> None:
        """Its session does not begin after all: nobody needs the place that it was given."""
        if self.kept.get(animal, ("", 0.0))[1] is None and self.world.animal(animal).session is None:
            del self.kept[animal]

    # after it -----------------------------------------------------------------------------------------------------

    def home(self, session: Session, i: int) -> None:
        """An animal goes to its cage, in the radioactive housing if too much is left in it."""
        animal = session.visits[i].animal
        if animal not in self.kept:
            return
        if not session.animals[i].alive:
            self.dead(animal)
            return
        now, (room, before_s) = self.world.clock.moment_s, self.kept[animal]
        left = self.world.exposure.carried(animal, now)
        until_s = tick(now + self._clears_in_s(session.visits[i], left, now))
        if until_s <= now:
            self._out(animal, told=before_s is not None)
        elif before_s is None or until_s > before_s + 1.0:
            self.kept[animal] = (room, until_s)
            known = {"activity_bq": sum(left.values()), "moment_s": until_s}
            self.world.happenings.to_room("kept_radioactive", room, animal=animal, known=known)
            self.world.clock.at(until_s, "cleared", animal, until_s)
        if animal in self.kept:
            self.world.nearby.lives(animal, room)

    def _clears_in_s(self, visit: Visit, left: dict[str, float], now: float) -> float:
        """How long until what is left of each nuclide, over its limit, adds up to one [s]."""
        clearing, decay = self.world.clearing, self.world.exposure.decay
        limits = {nuclide: self.rules.limit_bq(nuclide, visit.mass_kg, bq) for nuclide, bq in left.items()}
        if any(limits[nuclide] <= 0.0 < bq for nuclide, bq in left.items()):
            return LONGEST_S
        if self.rules.excretion_counts and visit.animal in clearing.injections:
            terms = clearing.terms(visit.animal, now)
        else:
            terms = [(nuclide, bq, decay[nuclide]) for nuclide, bq in left.items()]
        return until_one([(bq / limits[nuclide], rate) for nuclide, bq, rate in terms if bq != 0.0])

    def cleared(self, animal: str, until_s: float) -> None:
        """Little enough is left in an animal; one that is at a visit gives its place back when that ends."""
        if self.kept.get(animal, ("", None))[1] == until_s and self.world.animal(animal).session is None:
            self._out(animal, told=True)

    def dead(self, animal: str) -> None:
        """It needs no place any more."""
        if animal in self.kept:
            self._out(animal, told=self.kept[animal][1] is not None)

    def _out(self, animal: str, *, told: bool) -> None:
        room, _ = self.kept.pop(animal)
        self.world.nearby.lives(animal, None)
        if told:
            self.world.happenings.to_room("left_radioactive", room, animal=animal)

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> list[Any]:
        """Everything as JSON values."""
        return [[animal, *place] for animal, place in self.kept.items()]

    def from_plain(self, plain: list[Any]) -> None:
        """What `to_plain` wrote."""
        self.kept = {animal: (room, until_s) for animal, room, until_s in plain}
