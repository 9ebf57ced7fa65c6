"""The player: takes what a step needs, lets time pass, applies the effect, writes the event.

It goes through the numbered operations of a session's program. All it knows of a session is in the session.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import TYPE_CHECKING

from twin.distributions import tick
from twin.facility import attendance, effects, granting, imaging, physiology, records
from twin.facility.clock import IN_TURN, Running
from twin.facility.log import ABORT, NULL, ROW
from twin.facility.log import END as END_PHASE
from twin.facility.program import AGAIN, CHOICE, END, FORK, GUARD, JOIN, STEP, Op
from twin.facility.roster import Worker
from twin.facility.state import Session
from twin.plan import Until
from twin.vocabulary import SCANS

if TYPE_CHECKING:
    from twin.facility.allocator import Entry
    from twin.facility.world import World


def advance(world: World, session: Session, index: int) -> None:
    """Go on at this operation until steps are asked for or the plan is at its end."""
    ops = session.program.ops
    op = ops[index]
    while op.kind != STEP:
        if op.kind == GUARD:  # past the body if its animal has left
            op = ops[op.targets[0] if session.present[op.who or 0] else op.next]
            continue
        following = _FOLLOWING[op.kind](world, session, op)
        if following is None:
            return
        op = ops[following]
    if op.anaesthetises and session.called_off is None and physiology.rests(world, session, op):
        return
    if session.called_off or not session.whole:
        begin(world, session, op)
    elif op.free:
        start(world, session, op, [], None)
    else:
        ask(world, session, op)


def _finish(world: World, session: Session, op: Op) -> None:
    """The plan is at its end."""
    world.sessions_end.finish(session)


def _fork(world: World, session: Session, op: Op) -> None:
    """All branches begin."""
    for target in op.targets:
        advance(world, session, target)


def _join(world: World, session: Session, op: Op) -> int | None:
    """On when the last branch has come."""
    arrived = session.arrived.get(op.index, 0) + 1
    session.arrived[op.index] = arrived
    if arrived < op.count:
        return None
    del session.arrived[op.index]
    return op.next


def _choice(world: World, session: Session, op: Op) -> int:
    value = effects.outcome_of(session, op.outcome, op.who)
    return op.targets[op.values.index(value)] if value in op.values else op.next


def _again(world: World, session: Session, op: Op) -> int:
    tries = session.tries.get(op.index, 0) + 1
    session.tries[op.index] = tries
    if effects.outcome_of(session, op.outcome, op.who) == op.values[0] and tries < op.count:
        return op.targets[0]
    del session.tries[op.index]
    return op.next


#: What operations do that are no steps and no guards: the number of the one that follows, or None if none follows now.
_FOLLOWING: dict[int, Callable[[World, Session, Op], int | None]] = {
    END: _finish,
    FORK: _fork,
    JOIN: _join,
    CHOICE: _choice,
    AGAIN: _again,
}


def begin(world: World, session: Session, op: Op) -> None:
    """Ask for what a step needs, or start it, in a session that may have to end or to leave steps out."""
    if not session.whole and (
        _nobody_left(session, op) or _out_of_place(session, op) or effects.has_nothing_to_inject(session, op)
    ):
        advance(world, session, op.next)
    elif session.called_off and not session.committed:
        world.sessions_end.give_up(session, session.called_off)
    elif op.free:
        start(world, session, op, [], None)
    else:
        ask(world, session, op)


def _nobody_left(session: Session, op: Op) -> bool:
    """Whether those have left whom the step is for; what is done always is done for the session."""
    if not session.visits:
        return False
    if op.who is not None:
        return not session.present[op.who]
    return not op.always and True not in session.present


def _out_of_place(session: Session, op: Op) -> bool:
    """Nothing is undocked or cleaned that was never taken; who was given up takes no bed or scanner any more."""
    if session.given_up and (not op.has_effect or op.at_second):
        needed = (thing for thing in ("scanner", "bed", "second") if getattr(op.need, thing))
        if any(thing not in session.holds for thing in needed):
            return True
    if session.given_up and op.effect == "give":
        return True
    leaving = session.given_up is not None or True not in session.present
    return leaving and bool(op.frees) and not any(thing in session.holds for thing in op.frees)


def ask(world: World, session: Session, op: Op) -> None:
    """Ask for what a step needs at the end of this instant; at once, if this is the end and nobody else asks."""
    clock, allocator = world.clock, world.allocator
    agenda, since = clock.agenda, clock.moment_s
    if not clock.unsettled and allocator.reserve is None and agenda[0][0] > since:
        queues = allocator.queues
        first = not queues or queue_key(world, session, op) not in queues
        if first and granting.grant(world, session, op, None) is None:
            return
    session.waiting[op.index] = since
    allocator.add(queue_key(world, session, op), (session.priority, since, session.name, op.index))
    clock.unsettled = True


def entry_of(session: Session, op: Op) -> Entry:
    """Its place in the order."""
    return (session.priority, session.waiting[op.index], session.name, op.index)


def queue_key(world: World, session: Session, op: Op) -> tuple[object, ...]:
    """Equal keys need the same: sessions that hold nothing and attend nobody share a queue."""
    if not session.empty_handed or world.licence.rooms:
        return (op.need_number, session.name, op.index)
    places = missing_places(world, session, op) if op.places else 0
    hygiene = world.hygiene.key(session, op) if world.hygiene.on else ()
    drawn = len(session.there()) if op.effect == "draw" and op.who is None else 1
    kept = ",".join(world.budgets.kept_from(session, op)) if session.barred or session.careful else ""
    free = session.committed, session.scanner, session.study is None
    served = (session.study,) if world.service.on or world.service.out_of_hours else ()
    return (op.need_number, places, drawn, op.inject_lead_s, *free, kept, *hygiene, *served)


def missing_places(world: World, session: Session, op: Op) -> int:
    """How many animals of a step are not yet where it takes them."""
    need = op.need
    if need is None or need.place is None or not session.visits:
        return 0
    kind, place = world.rooms.kind, need.place
    if op.who is not None:
        return int(kind.get(session.room[op.who]) != place)
    if session.whole:
        return sum([kind.get(room) != place for room in session.room])
    return sum([kind.get(session.room[i]) != place for i in session.there()])


def start(world: World, session: Session, op: Op, people: list[Worker], cause: str | None) -> None:
    """The step begins: write it, mark the people, set the alarm for its end."""
    now = world.clock.moment_s
    end_s = now + session.durations[op.timed] if op.once else _end(world, session, op, now)
    for lasts_s in op.lasting:
        end_s = now + lasts_s(world, session, op, people, end_s - now)
    running = set_going(world, session, op, people, end_s)
    if op.anaesthetises:
        attendance.anaesthetise(world, session, op, people)
    if op.lays:
        first = len(world.log.parts)
        running.room = records.start(world, session, op, people, cause)
        physiology.laid(world, session, op, first)
    else:
        running.room = records.start(world, session, op, people, cause)
    if op.feeds:
        effects.feed(world, session, op)


def set_going(world: World, session: Session, op: Op, people: list[Worker], end_s: float) -> Running:
    """A step is under way until then, and waits no longer."""
    clock = world.clock
    running = session.running[op.index] = Running(session, op, people, clock.moment_s, end_s)
    heappush(clock.agenda, (end_s, IN_TURN, next(clock.numbers), running))
    if session.waiting:
        session.waiting.pop(op.index, None)
    for worker in people:
        worker.task = running
    return running


def _end(world: World, session: Session, op: Op, now: float) -> float:
    """When a step ends that ends at a moment, or that is repeated [s]."""
    if op.duration is None:
        return tick(max(now, _moment(session, op, now)))
    tries = session.tries[op.index] = session.tries.get(op.index, 0) + 1
    if tries == 1:
        return now + session.durations[op.timed]
    return now + tick(op.duration.sample(world.draws.of(session, op, "duration")))


def _moment(session: Session, op: Op, now: float) -> float:
    """When a step ends that ends at a moment [s]."""
    until = op.until
    assert isinstance(until, Until)
    if until.event == "booked":
        moment = session.booked_s if session.booked_s is not None else now
    else:
        injected = [t for t, there in zip(session.injected_s, session.present, strict=True) if t is not None and there]
        moment = sum(injected) / len(injected) if injected else now
    return moment + until.offset_s - op.lead_s


def step_end(world: World, running: Running) -> None:
    """The alarm of a step: it ends, unless it was stopped before."""
    session, op = running.session, running.op
    under_way, index = session.running, op.index
    if under_way.get(index) is not running:
        return
    del under_way[index]
    log = world.log
    log.events += ROW(running.end_s, op.label + END_PHASE, session.subjects[op.seat], NULL, len(log.parts))
    for ends in op.endings:
        ends(world, session, op, running)
    if op.gives_back and session.holds:
        release(world, session, op.name)
    if not session.over:
        advance(world, session, op.next)


def prepare(world: World, op: Op) -> None:
    """What the player does at the beginning and the end of a step in this world, found once for each program."""
    assert op.need is not None
    people = bool(op.need.people)
    lasting = (
        (op.wakes, physiology.waking_s),
        (people and world.standing.active, _practice_s),
        (op.effect in SCANS, imaging.prolonged_s),
    )
    endings = (
        (bool(op.sources), world.exposure.ended),
        (people, world.nearby.stayed),
        (people and world.exposure.counts_hours, world.exposure.worked),
        (people and world.hygiene.on, _touched),
        (people, dismiss),
        (op.computes, _computed),
        (op.drawn is not None, effects.outcome_drawn),
        (op.effect in effects.AT_END, effects.AT_END.get(op.effect)),
        (people and world.standing.active, _practised),
    )
    op.lasting = tuple(does for wanted, does in lasting if wanted)
    op.endings = tuple(does for wanted, does in endings if wanted and does is not None)


def _practice_s(world: World, session: Session, op: Op, people: list[Worker], usual_s: float) -> float:
    return world.standing.time_s(op, people, usual_s)


def _touched(world: World, session: Session, op: Op, running: Running) -> None:
    world.hygiene.worked(running)


def _computed(world: World, session: Session, op: Op, running: Running) -> None:
    world.compute.give_back()


def _practised(world: World, session: Session, op: Op, running: Running) -> None:
    world.standing.practised(session, op, running.people)


def dismiss(world: World, _session: Session, _op: Op, running: Running) -> None:
    """The people of a step are free again, or have their break at last."""
    wanted = world.shifts.leaving or world.allocator.queues
    for worker in running.people:
        worker.task = None
        if wanted:
            world.shifts.freed(worker)


def release(world: World, session: Session, name: str) -> None:
    """Give back what was held until the end of this step, or leave it to another that still uses it."""
    for thing, until in tuple(session.holds.items()):
        if until == name:
            user = _user(session, thing)
            if user is None:
                del session.holds[thing]
                world.machines.release(thing, session)
            else:
                session.holds[thing] = user


def _user(session: Session, thing: str) -> str | None:
    """Another step of the session that uses it: under way, or left to be gone on with."""
    for index in (*session.running, *session.left_s):
        op = session.program.ops[index]
        if getattr(op.need, thing) and op.step is not None:
            return op.step.name
    return None


def abort(world: World, session: Session, index: int, reason: str) -> None:
    """End a step before its time, without its effect."""
    running = session.running.pop(index)
    op = running.op
    records.phase(world, session, op, ABORT, world.log.codes[reason])
    if op.sources:
        world.exposure.ended(world, session, op, running)
    world.nearby.stayed(world, session, op, running)
    world.exposure.worked(world, session, op, running)
    if world.hygiene.on:
        world.hygiene.worked(running)
    dismiss(world, session, op, running)
    if op.computes:
        world.compute.give_back()


def suspend(world: World, session: Session, index: int) -> None:
    """A person leaves in the middle of a step: somebody takes over, or it waits for somebody."""
    running = session.running[index]
    session.left_s[index] = running.end_s - world.clock.moment_s
    abort(world, session, index, "shift_end")
    ask(world, session, running.op)


def go_on(world: World, session: Session, op: Op, people: list[Worker], cause: str | None) -> None:
    """The rest of a step that was left begins."""
    running = set_going(world, session, op, people, tick(world.clock.moment_s + session.left_s.pop(op.index)))
    running.room = records.start(world, session, op, people, cause)
