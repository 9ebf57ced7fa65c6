"""Rows of steps: their start with everything that takes part, their end, their being asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.facility.log import ANIMAL, BED, NULL, PERSON, ROOM, SCANNER, START, THINGS, pack_event
from twin.facility.program import Op
from twin.facility.roster import Worker
from twin.facility.state import Session

if TYPE_CHECKING:
    from twin.facility.world import World


def phase(world: World, session: Session, op: Op, code: int, reason: int = NULL) -> int:
    """One row of a step; returns the number of the event."""
    log = world.log
    number = log.first + log.count
    log.count += 1
    task, step, plan = op.codes
    name, study = session.codes
    visit = NULL if op.who is None else session.visit_codes[op.who]
    log.events += pack_event(world.clock.moment_s, code, task, step, plan, name, visit, study, reason)
    return number


def start(world: World, session: Session, op: Op, people: list[Worker], cause: str | None) -> None:
    """The row of the start, and everything that takes part."""
    log, who = world.log, op.who
    event = phase(world, session, op, START, NULL if cause is None else log.code(cause))
    if who is not None:
        things = [event, ANIMAL, session.animal_codes[who]]
        room = session.room[who]
    else:
        things = []
        room = _shared(session, event, things)
    for worker in people:
        things += (event, PERSON, worker.code)
    if op.at_scanner and session.scanner is not None:
        machine = world.machines.all[session.scanner]
        room = room or machine.room
        if op.uses_scanner:
            things += (event, SCANNER, machine.code)
        if session.bed is not None:
            things += (event, BED, machine.bed_codes[session.bed])
    if op.workplace is not None:
        room = world.workplace(op.workplace)
    if op.places > 1 and len(set(rooms := [session.room[i] for i in session.there()])) > 1:
        for each in rooms:
            things += (event, ROOM, world.room_codes[each or ""])
    elif room is not None:
        things += (event, ROOM, world.room_codes[room])
    log.involved += THINGS[len(things) // 3](*things)


def _shared(session: Session, event: int, things: list[int]) -> str | None:
    """All animals of the session; returns the room of the first."""
    room = None
    for i, present in enumerate(session.present):
        if present:
            things += (event, ANIMAL, session.animal_codes[i])
            room = room or session.room[i]
    return room
