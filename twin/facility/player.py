"""The player: takes what a step needs, lets time pass, applies the effect, writes the event.

It goes through the numbered operations of a session's program. All it knows of a session is in the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.distributions import tick
from twin.facility import attendance, effects
from twin.facility.program import AGAIN, CHOICE, END, FORK, GUARD, JOIN, STEP, Op
from twin.facility.roster import Worker
from twin.facility.state import Running, Session
from twin.plan import Until

if TYPE_CHECKING:
    from twin.facility.allocator import Entry
    from twin.facility.world import World


def advance(world: World, session: Session, index: int) -> None:
    """Go on at this operation until steps are asked for or the plan is at its end."""
    ops = session.program.ops
    while True:
        op = ops[index]
        kind = op.kind
        if kind == STEP:
            begin(world, session, op)
            return
        if kind == END:
            world.sessions_end.finish(session)
            return
        if kind == FORK:
            for target in op.targets:
                advance(world, session, target)
            return
        if kind == JOIN:
            arrived = session.arrived.get(index, 0) + 1
            session.arrived[index] = arrived
            if arrived < op.count:
                return
            del session.arrived[index]
            index = op.next
        elif kind == GUARD:
            index = op.targets[0] if session.present[op.who or 0] else op.next
        elif kind == CHOICE:
            index = _case(session, op)
        else:
            index = _again(session, op)


def _case(session: Session, op: Op) -> int:
    value = effects.outcome_of(session, op.outcome, op.who)
    return op.targets[op.values.index(value)] if value in op.values else op.next


def _again(session: Session, op: Op) -> int:
    assert op.kind == AGAIN
    tries = session.tries.get(op.index, 0) + 1
    session.tries[op.index] = tries
    again = effects.outcome_of(session, op.outcome, op.who) == op.values[0] and tries < op.count
    return op.targets[0] if again else op.next


def begin(world: World, session: Session, op: Op) -> None:
    """Ask for what a step needs; start at once if that is nothing."""
    step = op.step
    assert step is not None
    if session.visits and not step.always and True not in session.present:
        advance(world, session, op.next)
    elif session.day_over and not session.committed and session.visits:
        world.sessions_end.give_up(session, "day_over")
    elif op.free:
        start(world, session, op, [], None)
    else:
        ask(world, session, op)


def ask(world: World, session: Session, op: Op) -> None:
    """Stand in line with all that need the same."""
    now = world.clock.now
    session.waiting[op.index] = now
    world.allocator.add(queue_key(world, session, op), entry_of(session, op))
    world.fresh.append((session.name, op.index))
    world.clock.unsettled = True


def entry_of(session: Session, op: Op) -> Entry:
    """Its place in the order."""
    return (session.priority, session.waiting[op.index], session.name, op.index)


def queue_key(world: World, session: Session, op: Op) -> tuple[object, ...]:
    """Equal keys need the same: sessions that hold nothing and attend nobody share a queue."""
    if session.attendant is not None or session.holds or world.licence.rooms:
        return (op.need_number, session.name, op.index)
    places = _missing_places(world, session, op) if op.places else 0
    return (op.need_number, places, op.inject_lead_s, session.committed, session.scanner, session.study is None)


def _missing_places(world: World, session: Session, op: Op) -> int:
    """How many animals of a step are not yet where it takes them."""
    need = op.need
    if need is None or need.place is None or not session.visits:
        return 0
    kind = world.rooms.kind
    return sum(1 for i in scope(session, op) if kind.get(session.room[i] or "") != need.place)


def scope(session: Session, op: Op) -> list[int]:
    """Places of the animals that a step is for."""
    return session.there() if op.who is None else [op.who]


def attempt(world: World, entry: Entry, cause: str | None) -> tuple[str, tuple[str, ...]] | None:
    """Grant all that the head of a queue needs, or say what is short."""
    session = world.sessions[entry[2]]
    op = session.program.ops[entry[3]]
    need = op.need
    assert need is not None
    now = world.clock.now
    resumed = session.running.get(op.index)
    if resumed is not None:
        return _resume(world, session, op, resumed, cause)
    stock = None
    if need.draw is not None:
        stock, short = effects.offer(world, session, op)
        if short is not None:
            return short
    rooms: list[str] = []
    if need.place is not None and session.visits:
        found = _find_rooms(world, session, op)
        if found is None:
            return "place", ("room:" + need.place,)
        rooms = found
    machines, bed, machine = world.machines, None, None
    if need.bed and "bed" not in session.holds:
        bed = machines.bed(need.scanners, session)
        if bed is None:
            return "bed", tuple("bed:" + name for name in ((session.scanner,) if session.scanner else need.scanners))
    if need.scanner:
        if "scanner" not in session.holds:
            machine = machines.scanner(need.scanners, session)
        elif not machines.all[session.scanner or ""].down or session.given_up:
            machine = machines.all[session.scanner or ""]
        if machine is None:
            return "scanner", tuple("scanner:" + n for n in ((session.scanner,) if session.scanner else need.scanners))
    people: list[Worker] = []
    if need.people:
        some = world.roster.find(need.people, session, now)
        if isinstance(some, str):
            return "person", (some,)
        people = some
    if bed is not None:
        session.scanner, session.bed = bed[0].name, bed[1]
        bed[0].beds[bed[1]] = session.name
        session.holds.append("bed")
    if machine is not None and "scanner" not in session.holds:
        session.scanner = machine.name
        machine.held_by = session.name
        session.holds.append("scanner")
    if need.place is not None and session.visits:
        _move(world, session, op, rooms)
    waited = session.waiting.pop(op.index)
    start(world, session, op, people, cause if waited < now else None)
    if stock is not None:
        effects.draw(world, session, op, stock)
    return None


def _find_rooms(world: World, session: Session, op: Op) -> list[str] | None:
    """Rooms for those who are not there yet; the scanner's own room if it is one of kind scanner."""
    assert op.need is not None and op.need.place is not None
    kind = op.need.place
    missing = _missing_places(world, session, op)
    if kind == "scanner" and session.scanner is not None:
        return [world.machines.all[session.scanner].room] * missing
    rooms = world.rooms.find(kind, missing, newcomers=not any(session.room) and not session.holds)
    if rooms is not None and not world.licence.allows(session, op, rooms):
        return None
    return rooms


def _move(world: World, session: Session, op: Op, rooms: list[str]) -> None:
    """Take the animals to their places; they leave those that they had."""
    assert op.need is not None
    kind = op.need.place
    if kind == "scanner" and session.scanner is not None:
        rooms = [world.machines.all[session.scanner].room] * len(scope(session, op))
    free = iter(rooms)
    for i in scope(session, op):
        if world.rooms.kind.get(session.room[i] or "") != kind:
            room = next(free, None)
            world.rooms.leave(session.room[i])
            world.rooms.take(room)
            world.licence.move(session, i, room)
            session.room[i] = room


def start(world: World, session: Session, op: Op, people: list[Worker], cause: str | None) -> None:
    """The step begins: write it, mark the people, set the alarm for its end."""
    now = world.clock.now
    step = op.step
    assert step is not None
    if op.repeated:
        session.tries[op.index] = session.tries.get(op.index, 0) + 1
    end = tick(max(now, _end(world, session, op, now)))
    running = Running(op.index, end, [w.name for w in people], now)
    session.running[op.index] = running
    for worker in people:
        worker.task = (session.name, op.index)
    if step.effect == "anaesthetise":
        attendance.anaesthetise(world, session, op, people)
    write_start(world, session, op, people, cause)
    if step.effect == "home":
        effects.feed(world, session, op)
    world.clock.at(end, "step_end", session.name, op.index)


def _end(world: World, session: Session, op: Op, now: float) -> float:
    """When a step that starts now will end [s]."""
    until = op.until
    if until is None:
        duration = op.step.duration  # type: ignore[union-attr]
        assert not isinstance(duration, Until)
        return now + tick(duration.sample(world.luck_of(session, op, "duration")))
    if until.event == "booked":
        moment = session.booked_s if session.booked_s is not None else now
    else:
        injected = [t for t, there in zip(session.injected_s, session.present, strict=True) if t is not None and there]
        moment = sum(injected) / len(injected) if injected else now
    return moment + until.offset_s - op.lead_s


def write_start(world: World, session: Session, op: Op, people: list[Worker], cause: str | None) -> None:
    """The row of the start, and everything that takes part."""
    log = world.log
    codes = world.codes
    task, step_code, plan = op.codes
    visit = -1 if op.who is None else session.visit_codes[op.who]
    reason = -1 if cause is None else log.code(cause)
    event = log.row(
        world.clock.now, codes.start, task, step_code, plan, session.codes[0], visit, session.codes[1], reason
    )
    things = []
    for i in scope(session, op) if session.visits else ():
        things += (event, codes.animal, session.animal_codes[i])
    for worker in people:
        things += (event, codes.person, log.codes[worker.name])
    step = op.step
    assert step is not None
    if session.scanner is not None and step.scanner:
        if op.need.scanner or not step.bed:  # type: ignore[union-attr]
            things += (event, codes.scanner, log.codes[session.scanner])
        if session.bed is not None:
            things += (event, codes.bed, log.codes[session.bed])
    room = world.room_of(session, op)
    if room is not None:
        things += (event, codes.room, log.codes[room])
    log.involved.extend(things)


def step_end(world: World, name: str, index: int) -> None:
    """The alarm of a step: it ends, unless it was ended or handed over before."""
    session = world.sessions.get(name)
    running = session.running.get(index) if session is not None else None
    if session is None or running is None or running.end_s != world.clock.now:
        return
    del session.running[index]
    op = session.program.ops[index]
    codes = world.codes
    task, step_code, plan = op.codes
    visit = -1 if op.who is None else session.visit_codes[op.who]
    world.log.row(world.clock.now, codes.end, task, step_code, plan, session.codes[0], visit, session.codes[1])
    dismiss(world, running)
    effects.apply(world, session, op, running)
    release(world, session, op)
    if world.sessions.get(name) is session:
        advance(world, session, op.next)


def dismiss(world: World, running: Running) -> None:
    """The people of a step are free again, or have their break at last."""
    for name in running.people:
        worker = world.roster.workers[name]
        worker.task = None
        world.shifts.freed(worker)


def release(world: World, session: Session, op: Op) -> None:
    """Give back what was held until the end of this step."""
    for thing in op.releases:
        if thing in session.holds:
            session.holds.remove(thing)
            world.machines.release(thing, session)
            world.clock.unsettled = True


def abort(world: World, session: Session, index: int, reason: str) -> None:
    """End a step before its time, without its effect."""
    running = session.running.pop(index)
    op = session.program.ops[index]
    log, codes = world.log, world.codes
    task, step_code, plan = op.codes
    visit = -1 if op.who is None else session.visit_codes[op.who]
    log.row(
        world.clock.now, codes.abort, task, step_code, plan, session.codes[0], visit, session.codes[1], log.code(reason)
    )
    dismiss(world, running)


def suspend(world: World, session: Session, index: int) -> None:
    """A person leaves in the middle of a step: somebody takes over, or it waits for somebody."""
    op = session.program.ops[index]
    left = session.running[index].end_s - world.clock.now
    abort(world, session, index, "shift_end")
    session.running[index] = Running(index, float("inf"), [], world.clock.now, left)
    ask(world, session, op)


def _resume(
    world: World, session: Session, op: Op, running: Running, cause: str | None
) -> tuple[str, tuple[str, ...]] | None:
    """Go on with the rest of a step that was left."""
    now = world.clock.now
    some = world.roster.find(op.need.people, session, now)  # type: ignore[union-attr]
    if isinstance(some, str):
        return "person", (some,)
    waited = session.waiting.pop(op.index)
    running.people, running.end_s, running.start_s = [w.name for w in some], tick(now + running.left_s), now
    for worker in some:
        worker.task = (session.name, op.index)
    write_start(world, session, op, some, cause if waited < now else None)
    world.clock.at(running.end_s, "step_end", session.name, op.index)
    return None
