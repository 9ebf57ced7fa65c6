"""Animals that are ordered or bred: they come in batches on days of delivery, settle, and then get their visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.distributions import tick
from twin.facility.calendars import DAY_S, midnight_s
from twin.scenario.site import Animal, Study
from twin.scenario.site_procurement import Procurement as Rules

if TYPE_CHECKING:
    from twin.facility.world import World


class Procurement:
    """Orders, and what each delivery has room for.

    Attributes
    ----------
    coming : dict of (study, moment) to int
        How many animals a delivery brings so far.
    orders : dict of study to int
        How many orders there have been.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.coming: dict[tuple[str, float], int] = {}
        self.orders: dict[str, int] = {}

    def order(self, study: Study, rules: Rules, animals: list[Animal]) -> None:
        """Animals are asked for: they come with the first deliveries after the lead time that have room for them."""
        world, number = self.world, self.orders.get(study.name, 0)
        self.orders[study.name] = number + 1
        lead_s = rules.lead_time.sample(world.luck.uniform("order", study.name, number))
        moment_s = self._next(rules, world.clock.moment_s + lead_s)
        left = list(animals)
        while left and moment_s < world.site.horizon_s:
            key = (study.name, moment_s)
            room = len(left) if rules.batch is None else max(0, rules.batch - self.coming.get(key, 0))
            some, left = left[:room], left[room:]
            if some:
                self.coming[key] = self.coming.get(key, 0) + len(some)
                numbers = tuple(animal.number for animal in some)
                world.happenings.to_animals("animals_ordered", study.name, [a.name for a in some], moment_s)
                world.clock.at(moment_s, "animals_come", study.name, numbers)
            moment_s = self._next(rules, moment_s + rules.apart_s)
        if left:
            world.happenings.to_animals("animals_ordered", study.name, [a.name for a in left], None)

    def _next(self, rules: Rules, from_s: float) -> float:
        """The first delivery from a moment on [s]."""
        midnight = midnight_s(self.world.site.start)
        day = int((from_s - midnight) // DAY_S)
        while True:
            moment_s = tick(midnight + day * DAY_S + rules.at_of_day_s)
            if moment_s >= from_s and self.world.opening.weekday(moment_s) in rules.weekdays:
                return moment_s
            day += 1

    def come(self, name: str, numbers: tuple[int, ...]) -> None:
        """Animals have come: they settle."""
        world, study = self.world, self.world.site.studies[name]
        assert study.procurement is not None
        self.coming.pop((name, world.clock.moment_s), None)
        ready_s = world.clock.moment_s + study.procurement.acclimatisation_s
        world.happenings.to_animals("animals_delivered", name, [study.animal(n).name for n in numbers], ready_s)
        world.clock.at(tick(ready_s), "animals_settled", name, numbers)

    def settled(self, name: str, numbers: tuple[int, ...]) -> None:
        """They may be used."""
        study = self.world.site.studies[name]
        self.world.requests.take(study, [study.animal(number) for number in numbers])

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {"coming": [[*key, number] for key, number in self.coming.items()], "orders": self.orders}

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.coming = {(study, moment_s): number for study, moment_s, number in plain["coming"]}
        self.orders = dict(plain["orders"])
