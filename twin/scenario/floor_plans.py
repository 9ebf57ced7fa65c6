"""The floor plan of a scenario as walls and spots, and what of one room's sources reaches another."""

from __future__ import annotations

import math
from collections.abc import Iterator

from twin.physics import exposures, floor, shielding
from twin.physics.exposures import Factors
from twin.physics.floor import Spot, Wall
from twin.scenario.dose_model import Area
from twin.scenario.loading import Resolved


def middle(area: Area) -> Spot:
    """Where people in a room are taken to be."""
    return area.x + area.width / 2.0, area.y + area.depth / 2.0


def source_spot(area: Area) -> Spot:
    """Where the activity of a room is."""
    return area.source or middle(area)


def walls(resolved: Resolved) -> Iterator[Wall]:
    """Walls of their own, and those of rooms with their doors."""
    numbers, plan = resolved.numbers, resolved.scenario.floor_plan
    for name, wall in plan.walls.items():
        yield Wall(name, wall.from_, wall.to, shielding.wall(numbers, wall.layers))
    for name, area in plan.rooms.items():
        if area.walls is None:
            continue
        gaps = tuple(
            (door.from_, door.to, () if door.layers is None else shielding.wall(numbers, door.layers))
            for door in area.doors
        )
        for side in floor.box(name, (area.x, area.y), (area.width, area.depth), shielding.wall(numbers, area.walls)):
            yield Wall(side.name, side.start, side.end, side.layers, gaps)


def through_walls(resolved: Resolved, nuclide: str, vial: str) -> dict[str, Factors]:
    """What people get of sources in another room of the plan, for each becquerel and second [Sv/(Bq s)].

    Returns
    -------
    dict
        By kind of source, its room and theirs: ``room_animals/uptake/office``. Vials are in the shield of their word.
    """
    numbers, rooms = resolved.numbers, resolved.scenario.floor_plan.rooms
    pot = next(handling.shield for handling in exposures.handlings(numbers, vial) if handling.source == "vial")
    standing, found = tuple(walls(resolved)), {}
    for name, area in rooms.items():
        for other, there in rooms.items():
            if other == name:
                continue
            start, end = source_spot(area), middle(there)
            layers, away_m = floor.crossed(standing, start, end), max(floor.NEAREST_M, math.dist(start, end))
            for kind, source, shield in (("room_animals", "animals", ()), ("room_vials", "vial", pot)):
                key = f"{kind}/{name}/{other}"
                found[key] = exposures.beside(numbers, nuclide, source, away_m, (*shield, *layers))
    return found
