"""Stores of waste with places: bags decay in one until they may go, carcasses wait in the other to be fetched.

At the end of a day what was used with each nuclide is put into bags. One that has decayed goes when the facility is
next open, for somebody measures it. A bag that finds no place stays in the hot lab, and while one does nothing is
drawn. A carcass with activity in it decays first. Nobody begins to kill more animals than the freezer takes.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from twin.distributions import tick

if TYPE_CHECKING:
    from twin.facility.program import Program
    from twin.facility.world import World

#: The pool of those who wait until a bag has found its place.
POOL = "waste"


class Waste:
    """What lies in the stores.

    Attributes
    ----------
    today : dict of nuclide to float
        Animals injected since the last bags were made.
    bags : list of (nuclide, until, animal or None)
        In the decay store, or, beyond its places, in the hot lab [s].
    frozen : int
        Carcasses in the freezer.
    calls : int
        How often somebody was called to take bags.
    coming : bool
        Whether they are on their way.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.store, self.freezer = world.site.stores.decay_store, world.site.stores.freezer
        self.today: dict[str, int] = {}
        self.bags: list[tuple[str, float, str | None]] = []
        self.frozen = self.freezer.filled if self.freezer else 0
        self.calls = 0
        self.coming = False

    def begin(self) -> None:
        """What lies there at the start, and when it goes."""
        clock = self.world.clock
        if self.store is not None:
            for nuclide, until_s in self.store.filled:
                self._put(nuclide, until_s, None)
        if self.freezer is not None:
            for _ in range(self.frozen):
                self.world.happenings.to_waste("carcass_stored", None)
            clock.at(self.freezer.first_fetched_s, "freezer_emptied")

    # bags ---------------------------------------------------------------------------------------------------------

    @property
    def blocked(self) -> bool:
        """Whether a bag has no place, so that no more waste may arise."""
        return self.store is not None and len(self.bags) > self.store.places

    def injected(self, nuclide: str) -> None:
        """An animal was injected."""
        if self.store is not None:
            self.today[nuclide] = self.today.get(nuclide, 0) + 1

    def end_of_day(self) -> None:
        """What was used today is put into bags."""
        if self.store is None:
            return
        for nuclide, animals in sorted(self.today.items()):
            for _ in range(max(1, ceil(animals * self.store.bags_per_animal - 1e-9))):
                self._put(nuclide, self.world.clock.moment_s + self.store.hold_s[nuclide], None)
        self.today.clear()

    def _put(self, nuclide: str, decayed_s: float, animal: str | None) -> None:
        """A bag into the store, or, if that is full, into the hot lab; it goes when there is somebody to measure it."""
        assert self.store is not None
        until_s = tick(self._open_from(decayed_s))
        self.bags.append((nuclide, until_s, animal))
        self.world.happenings.to_waste("waste_unplaced" if self.blocked else "waste_stored", nuclide, animal)
        self.world.clock.at(until_s, "waste_decayed", nuclide, until_s, animal)
        if self.blocked and self.store.pick_up is not None and not self.coming:
            wait_s = self.store.pick_up.sample(self.world.luck.uniform("waste_pick_up", "decay_store", self.calls))
            self.calls, self.coming = self.calls + 1, True
            self.world.clock.at(self.world.clock.moment_s + tick(wait_s), "waste_fetched")

    def _open_from(self, moment_s: float) -> float:
        """The moment itself if the facility is open then, else when it opens next [s]."""
        first = next(self.world.opening.from_(moment_s), None)
        return moment_s if first is None else max(moment_s, first[0])

    def decayed(self, nuclide: str, until_s: float, animal: str | None) -> None:
        """A bag may go; one that had no place gets it."""
        bag = (nuclide, until_s, animal)
        if bag in self.bags:
            self._take_out([bag], "waste_released")
            if animal is not None:
                self._freeze(animal)

    def fetched(self) -> None:
        """Half of the places are emptied of what would stay longest."""
        assert self.store is not None
        self.coming = False
        longest = sorted((bag for bag in self.bags if bag[2] is None), key=lambda bag: bag[1], reverse=True)
        self._take_out(longest[: max(1, len(self.bags) - self.store.places // 2)], "waste_fetched")

    def _take_out(self, bags: list[tuple[str, float, str | None]], what: str) -> None:
        for bag in bags:
            self.bags.remove(bag)
            self.world.happenings.to_waste(what, bag[0], bag[2])
        self.world.allocator.wake(POOL)
        self.world.clock.unsettled = True

    # carcasses ----------------------------------------------------------------------------------------------------

    def refuses(self, program: Program, animals: int) -> bool:
        """Whether a session would make more carcasses than the freezer takes."""
        if self.freezer is None or not any(op.effect == "kill" for op in program.ops):
            return False
        return self.frozen + self._to_come() + animals > self.freezer.places

    def _to_come(self) -> int:
        """Carcasses of sessions that are under way, and of those that decay before."""
        killing = (s for s in self.world.sessions.values() if any(op.effect == "kill" for op in s.program.ops))
        return sum(s.present.count(True) for s in killing) + sum(animal is not None for _, _, animal in self.bags)

    def dead(self, animal: str) -> None:
        """A carcass decays first if there is activity in it."""
        hold_s = {} if self.store is None else self.store.hold_s
        body = self.world.exposure.bodies.get(animal, {})
        until = {nuclide: since_s + hold_s[nuclide] for nuclide, (_, since_s) in body.items() if nuclide in hold_s}
        last = max(until, key=lambda nuclide: until[nuclide], default=None)
        if last is not None and until[last] > self.world.clock.moment_s:
            self._put(last, until[last], animal)
        else:
            self._freeze(animal)

    def _freeze(self, animal: str) -> None:
        if self.freezer is not None:
            self.frozen += 1
            self.world.happenings.to_waste("carcass_stored", None, animal)

    def emptied(self) -> None:
        """The carcasses are fetched."""
        assert self.freezer is not None
        self.frozen = 0
        self.world.happenings.to_waste("carcasses_fetched", None)
        self.world.clock.at(self.world.clock.moment_s + self.freezer.fetched_every_s, "freezer_emptied")

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "today": self.today,
            "bags": self.bags,
            "frozen": self.frozen,
            "calls": self.calls,
            "coming": self.coming,
        }

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.today, self.bags = dict(plain["today"]), [(n, t, a) for n, t, a in plain["bags"]]
        self.frozen, self.calls, self.coming = plain["frozen"], plain["calls"], plain["coming"]
