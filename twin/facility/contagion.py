"""Contaminations: how they spread before anybody knows, and what is closed when one is found.

One that spreads begins unseen in its room. Whoever comes into a room that carries it may catch it, and an infected
animal may bring it into the rooms in which it is handled. When it is found, all these rooms are closed and the studies
of these animals count as infected: who is known to be infected is kept apart by the rules of hygiene and spreads it no
further. In rooms where animals are in their own cages nothing is caught. People do not carry it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.distributions import tick
from twin.facility.house_plans import CONTAMINATION
from twin.facility.state import Session
from twin.scenario.site_hygiene import CAGED, INFECTED

if TYPE_CHECKING:
    from twin.facility.hygiene import Hygiene


class Contagion:
    """What is contaminated and infected, known or not.

    Attributes
    ----------
    found : dict of contamination to int
        How often it was found.
    rooms : dict of room to contamination
        Rooms that carry one of which nobody knows yet.
    animals : dict of animal to contamination
        Who has caught one of which nobody knows yet.
    """

    def __init__(self, hygiene: Hygiene) -> None:
        self.hygiene, self.world = hygiene, hygiene.world
        self.rules = hygiene.rules.contaminations
        self.found = dict.fromkeys(self.rules, 0)
        self.rooms: dict[str, str] = {}
        self.animals: dict[str, str] = {}

    def begin(self) -> None:
        """Set the first alarms."""
        for name in self.rules:
            self._set(name)

    def _set(self, name: str) -> None:
        """The next time at which it will be found, and since when it will have been there."""
        said, clock, number = self.rules[name], self.world.clock, self.found[name]
        if said.time_between is not None:
            wait = said.time_between.sample(self.world.luck.uniform("contamination", name, number))
            found_s = clock.moment_s + tick(wait)
        elif said.at_s is not None and number == 0 and said.at_s >= 0.0:
            found_s = said.at_s
        else:
            return
        clock.at(found_s, "contamination", name)
        if said.spread is not None:
            unseen_s = said.spread.undetected.sample(self.world.luck.uniform("undetected", name, number))
            clock.at(max(clock.moment_s, found_s - tick(unseen_s)), "contagion", name)

    # before it is found -------------------------------------------------------------------------------------------

    def arises(self, name: str) -> None:
        """From now on its room carries it."""
        self.rooms.setdefault(self.rules[name].room, name)

    def enters(self, session: Session, i: int, room: str) -> None:
        """An animal comes into a room: it may catch what is there, or bring what it has."""
        visit = session.visits[i]
        here, own = self.rooms.get(room), self.animals.get(visit.animal)
        if (here is None) == (own is None) or self.world.rooms.kind[room] in CAGED:
            return
        name = here or own
        assert name is not None
        spread = self.rules[name].spread
        if spread is None:
            return
        chance = spread.to_rooms if here is None else spread.to_animals
        if self.world.luck.uniform(f"{'brought' if here is None else 'caught'}:{room}", visit.name) >= chance:
            return
        if here is None:
            self.rooms[room] = name
        else:
            self.animals[visit.animal] = name
        self.world.happenings.to_room("room_infected" if here is None else "infected", room, animal=visit.animal)

    def cleaned(self, room: str) -> None:
        """A room was decontaminated; one in which it will be found keeps it, for its source is there."""
        name = self.rooms.get(room)
        if name is not None and self.rules[name].room != room:
            del self.rooms[room]

    # when it is found ---------------------------------------------------------------------------------------------

    def is_found(self, name: str) -> None:
        """Rooms turn out to be contaminated: they are closed, and who was to come into them does not."""
        world, said = self.world, self.rules[name]
        self.found[name] += 1
        ill = [animal for animal, has in self.animals.items() if has == name]
        for study in (*said.studies, *dict.fromkeys(animal.partition("/")[0] for animal in ill)):
            if study in self.hygiene.status:
                self.hygiene.status[study] = INFECTED
        others = [room for room, has in self.rooms.items() if has == name and room != said.room]
        self._close(said.room, f"{CONTAMINATION}/{name}")
        for room in others:
            self._close(room, f"{CONTAMINATION}/{name}/{room}")
        for animal in ill:
            del self.animals[animal]
        for room in (said.room, *others):
            self.rooms.pop(room, None)
        world.clock.unsettled = True

    def _close(self, room: str, plan: str) -> None:
        world = self.world
        world.happenings.to_room("contamination", room)
        self.hygiene.close(room, plan, "contamination")
        for session in [s for s in world.sessions.values() if s.visits and self._is_kept_out(s, room)]:
            if session.committed:
                world.sessions_end.give_up(session, "contamination")
            else:
                world.days.call_off([session.name], "contamination")

    def _is_kept_out(self, session: Session, room: str) -> bool:
        """Whether its scanner stands in a closed room, and its animals are not there."""
        machine = self.world.machines.all.get(session.scanner or "")
        bound = machine is not None and machine.room == room and room not in session.room
        return bound and not session.given_up and "scan" not in session.shared_outcomes

    def opened(self, plan: str) -> None:
        """A room is open again after this plan; from then on it may happen another time."""
        kind, name = plan.split("/", maxsplit=1)
        if kind == CONTAMINATION and name in self.rules:
            self._set(name)

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {"found": self.found, "rooms": self.rooms, "animals": self.animals}

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.found, self.rooms, self.animals = dict(plain["found"]), dict(plain["rooms"]), dict(plain["animals"])
