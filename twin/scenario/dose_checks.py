"""Rules of radiation protection and floor plans that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator

from twin.errors import DataError, Problem, nearest
from twin.physics import exposures, shielding
from twin.scenario.checking import Checked
from twin.scenario.expand import expanded_names
from twin.scenario.reading import Path


def people(checked: Checked) -> Iterator[Problem]:
    """People and groups that rules and constraints name."""
    staff, said = checked.scenario.staff, checked.scenario.dose
    known = list(dict.fromkeys([*staff, *(n for group, of in staff.items() for n in expanded_names(group, of.count))]))
    for name in said.people:
        yield from _unknown(checked, ("dose", "people", name), "person or group", name, known)
    for name, constraint in said.constraints.items():
        path: Path = ("dose", "constraints", name, "people")
        if constraint.people is not None and not constraint.people:
            yield checked.resolved.problem(path, "a constraint for nobody; leave `people` out for everybody", [])
        for who in constraint.people or ():
            yield from _unknown(checked, path, "person or group", who, known)
        if constraint.at_most <= 0.0:
            yield checked.resolved.problem((*path[:-1], "at_most"), "a constraint is above 0", constraint.at_most)


def spills(checked: Checked) -> Iterator[Problem]:
    """Somebody can clean up what is spilt."""
    said = checked.scenario.dose.spills
    if said is None:
        return
    yield from checked.nobody_has(("dose", "spills", "skill"), said.skill, "to clean up what is spilt")


def equipment(checked: Checked) -> Iterator[Problem]:
    """Words of exposure, and numbers of theirs that can be."""
    for word, instead in checked.scenario.dose.equipment.items():
        for key, named in ((word, word), (word, instead)):
            yield from _unknown(checked, ("dose", "equipment", key), "exposure", named, exposures.WORDS)
    for word in exposures.WORDS:
        try:
            exposures.handlings(checked.resolved.numbers, word)
        except DataError as error:
            yield checked.resolved.problem(("numbers",), str(error))


def floor_plan(checked: Checked) -> Iterator[Problem]:
    """Rooms that the scenario has, walls with layers, points apart from nothing."""
    plan, rooms = checked.scenario.floor_plan, checked.scenario.rooms
    for name, area in plan.rooms.items():
        path: Path = ("floor_plan", "rooms", name)
        yield from _unknown(checked, path, "room", name, rooms)
        if area.walls is not None:
            yield from _layers(checked, (*path, "walls"), area.walls)
        for number, door in enumerate(area.doors):
            if door.layers is not None:
                yield from _layers(checked, (*path, "doors", number, "layers"), door.layers)
    for name, wall in plan.walls.items():
        yield from _layers(checked, ("floor_plan", "walls", name, "layers"), wall.layers)
        if wall.from_ == wall.to:
            yield checked.resolved.problem(("floor_plan", "walls", name), "the wall has no length", list(wall.to))


def _layers(checked: Checked, path: Path, text: str) -> Iterator[Problem]:
    try:
        shielding.wall(checked.resolved.numbers, text)
    except ValueError as error:
        yield checked.resolved.problem(path, str(error), text)


def _unknown(checked: Checked, path: Path, what: str, name: str, options: object) -> Iterator[Problem]:
    known = list(options)  # type: ignore[call-overload]
    if name not in known:
        allowed = ", ".join(known) or "none is defined"
        yield checked.resolved.problem(path, f"there is no such {what}", name, allowed, nearest(name, known))
