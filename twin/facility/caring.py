"""Who is kept in the radioactive housing is cared for: a round through each such room, once on each open day.

A round takes the mean time for each animal that is at home there. Its exposure is all that is in the room. On days on
which the facility stays closed nobody of its people comes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin.distributions import Constant, tick
from twin.facility.calendars import DAY_S, last_midnight_s
from twin.facility.program import compile_plan
from twin.plan import Plan, Step
from twin.scenario.site import Site
from twin.scenario.site_housing import RADIOACTIVE_HOUSING, Housing

if TYPE_CHECKING:
    from twin.facility.world import World

#: Before the names of these plans, with the number of animals; the room stands behind them.
CARE = "care_of"


class Caring:
    """The rounds of a world.

    Attributes
    ----------
    programs : dict of plan to Program
        For each room, and each number of animals in it.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.programs = {name: compile_plan(plan, 0) for name, plan in care_plans(world.site).items()}

    def morning(self) -> None:
        """The facility opens on a day: a round through every room in which animals are at home."""
        for room in self.world.radioactive.places if self.programs else ():
            self.round(room)

    def round(self, room: str) -> None:
        """A round through a room falls due; while nobody may do it within their budgets of dose it is put off.

        If the facility is not open any more on that day it was not made.
        """
        world, now = self.world, self.world.clock.moment_s
        animals = world.nearby.housed_in(room)
        if not animals:
            return
        plan = _name(room, animals)
        if world.upkeep.start_exposing(plan, plan, 0, self.programs[plan]):
            return
        later_s = now + world.site.policies.slot_step_s
        again_s = max(later_s, next((a for a, _ in world.opening.from_(later_s)), math.inf))
        if again_s < last_midnight_s(world.site.start, now) + DAY_S:
            world.clock.at(again_s, "care_due", room)
        else:
            world.happenings.to_room("care_missed", room, "dose")


def care_plans(site: Site) -> dict[str, Plan]:
    """All rounds by their names; none where no animal needs a place, or nobody is to care for it."""
    rules, people = site.housing, site.people.values()
    if not rules.keeps_s or rules.care_s <= 0.0 or not any(rules.care_skill in person.skills for person in people):
        return {}
    rooms = [room for room in site.rooms.values() if room.kind == RADIOACTIVE_HOUSING]
    plans = [_round(room.name, n, rules) for room in rooms for n in range(1, room.places + 1)]
    return {plan.name: plan for plan in plans}


def _name(room: str, animals: int) -> str:
    return f"{CARE}_{animals}/{room}"


def _round(room: str, animals: int, rules: Housing) -> Plan:
    """Somebody looks after so many animals, one cage after another."""
    step = Step(
        "care",
        "animal_care",
        Constant(tick(animals * rules.care_s)),
        people=((rules.care_skill,),),
        workplace=RADIOACTIVE_HOUSING,
        exposure="housed_animals",
    )
    return Plan(_name(room, animals), step)
