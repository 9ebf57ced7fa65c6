"""Rows of steps: their start with everything that takes part, their end, their being asked for."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from twin.facility import attendance
from twin.facility.log import NULL, REQUEST, ROW, START
from twin.facility.program import Op
from twin.facility.roster import Worker
from twin.facility.state import Session

if TYPE_CHECKING:
    from twin.facility.world import World


def phase(world: World, session: Session, op: Op, code: int, reason: int = NULL) -> None:
    """One row of a step."""
    log = world.log
    log.events += ROW(world.clock.moment_s, op.label + code, session.subjects[op.seat], reason, len(log.parts))


def asked(world: World, session: Session, op: Op) -> None:
    """The row of a step that has to wait; if nobody who is there may do it, with the skills that are wanted."""
    reason, skills = world.standing.wanted(session, op) if world.standing.active else (None, ())
    phase(world, session, op, REQUEST, NULL if reason is None else world.log.codes[reason])
    world.log.parts += [world.log.things["skill", skill] for skill in skills]


def start(world: World, session: Session, op: Op, people: list[Worker], cause: str | None) -> str | None:
    """The row of the start, and everything that takes part; returns the room in which people work."""
    log, who = world.log, op.who
    parts = log.parts
    reason = NULL if cause is None else log.codes[cause]
    log.events += ROW(world.clock.moment_s, op.label + START, session.subjects[op.seat], reason, len(parts))
    if who is not None:
        parts.append(session.animal_parts[who])
        room = session.room[who]
    else:
        room = _shared(session, parts)
    for worker in people:
        parts.append(worker.part)
    if op.elsewhere:
        room = _with_surroundings(world, session, op, room)
    elif room is not None:
        parts.append(world.room_parts[room])
    if world.standing.trainees:
        parts += [world.log.things["skill", skill] for skill in sorted(world.standing.learnt(op, people))]
    return room


def _shared(session: Session, parts: list[int]) -> str | None:
    """All animals of the session; returns the room of the first that has a place."""
    if session.whole:
        parts += session.animal_parts
        return next(filter(None, session.room), None)
    parts += compress(session.animal_parts, session.present)
    return next(filter(None, compress(session.room, session.present)), None)


def _with_surroundings(world: World, session: Session, op: Op, room: str | None) -> str | None:
    """Scanner, bed and rooms of a step that is not just done where its animal is; returns the first room."""
    parts = world.log.parts
    scanner = session.machine(op.at_second) if op.at_scanner else None
    if scanner is not None:
        machine = world.machines.all[scanner]
        room = room or machine.room
        if op.uses_scanner and ("second" if op.at_second else "scanner") in session.holds:
            parts.append(machine.part)
        if session.bed is not None:
            parts.append(world.machines.all[session.scanner or ""].bed_parts[session.bed])
    if op.workplace is not None or (op.away and not op.places):
        room = _elsewhere(world, session, op)
    if op.places > 1 and len(set(rooms := _rooms(session))) > 1:
        parts += [world.room_parts[each or ""] for each in rooms]
        return rooms[0]
    if room is not None:
        parts.append(world.room_parts[room])
    return room


def _rooms(session: Session) -> list[str | None]:
    """The room of each animal that is still there."""
    return session.room if session.whole else [session.room[i] for i in session.there()]


def _elsewhere(world: World, session: Session, op: Op) -> str | None:
    """Where people work who are not with the animals: in a room of some kind, in the hot lab, or at a desk."""
    if op.workplace is not None:
        return attendance.workroom(world, op.workplace, session.scanner)
    return world.site.hot_lab if op.effect == "draw" else None
