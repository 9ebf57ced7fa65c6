"""The floor plan of a scenario as walls and spots, and what of one room's sources reaches another."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from twin.physics import exposures, floor, shielding
from twin.physics.exposures import Factors
from twin.physics.floor import Spot, Wall
from twin.physics.shielding import Layer
from twin.scenario.dose_model import Area
from twin.scenario.loading import Resolved
from twin.sources import Numbers


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


@dataclass(frozen=True, slots=True)
class Way:
    """From the activity of one room to people in another: how far, and through which layers."""

    room: str
    other: str
    away_m: float
    layers: tuple[Layer, ...]


def ways(resolved: Resolved, kinds: Collection[str]) -> tuple[Way, ...]:
    """From each room of these kinds on the plan to each other one."""
    said = resolved.scenario
    used = {name: area for name, area in said.floor_plan.rooms.items() if said.rooms[name].kind in kinds}
    standing = tuple(walls(resolved)) if used else ()
    return tuple(_way(standing, (name, area), pair) for name, area in used.items() for pair in used.items()
                 if pair[0] != name)  # fmt: skip


def _way(standing: Sequence[Wall], here: tuple[str, Area], there: tuple[str, Area]) -> Way:
    start, end = source_spot(here[1]), middle(there[1])
    away_m = max(floor.NEAREST_M, math.dist(start, end))
    return Way(here[0], there[0], away_m, floor.crossed(standing, start, end))


def through_walls(resolved: Resolved, nuclide: str, vial: str, between: Sequence[Way]) -> dict[str, Factors]:
    """What people get of sources in another room of the plan, for each becquerel and second [Sv/(Bq s)].

    Returns
    -------
    dict
        By kind of source, its room and theirs: ``room_animals/uptake/office``. Vials are in the hot lab alone, in the
        shield of their word.
    """
    numbers, hot_lab = resolved.numbers, resolved.scenario.hot_lab.room
    pot = next(handling.shield for handling in exposures.handlings(numbers, vial) if handling.source == "vial")
    vials = [way for way in between if way.room == hot_lab]
    return _seen(numbers, nuclide, "room_animals", "animals", between, ()) | _seen(
        numbers, nuclide, "room_vials", "vial", vials, tuple(pot)
    )


def _seen(
    numbers: Numbers, nuclide: str, word: str, source: str, between: Sequence[Way], shield: tuple[Layer, ...]
) -> dict[str, Factors]:
    if not between:
        return {}
    layers = [(*shield, *way.layers) for way in between]
    found = exposures.besides(numbers, nuclide, source, [way.away_m for way in between], layers)
    return {f"{word}/{way.room}/{way.other}": factors for way, factors in zip(between, found, strict=True)}
