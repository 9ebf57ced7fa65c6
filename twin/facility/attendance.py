"""An anaesthetised animal is attended, from induction to sternal recumbency, by one competent person for its bed.

Nobody leaves sleeping animals: who attends may work on them, and where they are, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from typing import TYPE_CHECKING

from twin.facility import physiology
from twin.facility.log import END, NULL, ROW, START
from twin.facility.program import ATTENDS, Op
from twin.facility.roster import Worker
from twin.facility.state import Session

if TYPE_CHECKING:
    from twin.facility.world import World


def anaesthetise(world: World, session: Session, op: Op, people: list[Worker]) -> None:
    """The animals sleep from now on, and whoever induces attends them."""
    now = world.clock.moment_s
    first = not session.anyone_asleep
    for i in [op.who] if op.who is not None else session.there():
        session.asleep[i] = True
        if i not in session.anaesthetised:
            session.anaesthetised.append(i)
            session.animals[i].anaesthesias += 1
    session.committed = True
    if first:
        session.asleep_since_s = now
        limit = now + world.site.policies.anaesthesia_limit_s
        world.clock.at(limit, "anaesthesia_limit", session.name, now)
        begin(world, session, next(worker for worker in people if ATTENDS in worker.skills))


def wake(world: World, session: Session, who: Mapping[int, float]) -> None:
    """The animals of these temperatures are sternal; when all are, nobody need attend."""
    for i, degc in who.items():
        session.asleep[i] = False
        physiology.woken(world, session, i, degc)
        session.animals[i].last_anaesthesia_s = world.clock.moment_s
    if not session.anyone_asleep and session.attendant is not None:
        end(world, session)


def may_do(world: World, session: Session, op: Op, rooms: list[str], scanner: str | None) -> bool:
    """Whether who attends the session may do this step of it, with the new rooms of those who move and its scanner."""
    if op.away:
        return False
    if op.workplace is None and session.sleeps(op.who):
        return True
    sleeping = set(compress(session.room, session.asleep))
    if op.workplace is not None:
        return workroom(world, op.workplace, scanner) in sleeping
    if None in sleeping:
        return True
    beside = world.machines.all[scanner].room if op.at_scanner and scanner is not None else None
    own = set(rooms) if rooms else {session.room[i] for i in session.scope(op.who)}
    return bool(sleeping & {room or beside for room in own})


def workroom(world: World, kind: str, scanner: str | None) -> str | None:
    """The room in which people work while the animals stay where they are."""
    if kind == "scanner" and scanner is not None:
        return world.machines.all[scanner].room
    return next(iter(world.rooms.of_kind.get(kind, ())), None)


def may_check(world: World, session: Session, scanner: str | None) -> bool:
    """Whether who attends the session may work on this scanner: it has it or its bed, and sleeps beside it."""
    if scanner is None or scanner not in (session.scanner, session.second) or not session.holds:
        return False
    room = world.machines.all[scanner].room
    return any(asleep and where in (None, room) for asleep, where in zip(session.asleep, session.room, strict=True))


def begin(world: World, session: Session, worker: Worker) -> None:
    """The person attends from now on."""
    session.attendant = worker.name
    worker.attends = session.name
    world.nearby.attends(session.name, worker.name)
    _write(world, session, worker, START)


def end(world: World, session: Session) -> None:
    """Nobody need attend any more; the person is free."""
    assert session.attendant is not None
    worker = world.roster.workers[session.attendant]
    _write(world, session, worker, END)
    world.nearby.attends(session.name, None)
    session.attendant, worker.attends = None, None
    session.asleep_since_s = None
    world.shifts.freed(worker)


def hand_over(world: World, session: Session, successor: Worker) -> None:
    """Somebody else attends; whoever did may leave."""
    assert session.attendant is not None
    worker = world.roster.workers[session.attendant]
    _write(world, session, worker, END)
    worker.attends = None
    begin(world, session, successor)
    world.shifts.freed(worker)


def _write(world: World, session: Session, worker: Worker, phase: int) -> None:
    log, parts = world.log, world.log.parts
    label = log.labels["monitoring", "attendance", session.plan] + phase
    log.events += ROW(world.clock.moment_s, label, session.subjects[-1], NULL, len(parts))
    parts.append(log.things["attendant", worker.name])
    parts += compress(session.animal_parts, session.asleep)
