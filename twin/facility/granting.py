"""Granting: all that a step needs, together or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin.facility import attendance, effects, player
from twin.facility.compute import COMPUTING
from twin.facility.hot_lab import Stock
from twin.facility.house_plans import POOL as HYGIENE
from twin.facility.licence import POOL
from twin.facility.machines import Machine
from twin.facility.preparing import CALIBRATOR
from twin.facility.program import Need, Op
from twin.facility.roster import Worker
from twin.facility.state import Session
from twin.facility.supplies import POOL as SUPPLY
from twin.facility.waste import POOL as WASTE

if TYPE_CHECKING:
    from twin.facility.allocator import Entry, Short
    from twin.facility.world import World

#: Bed and scanner of a step that takes neither.
_NO_GEAR = (None, None)


def attempt(world: World, entry: Entry, cause: str | None) -> Short | None:
    """Grant all that the head of a queue needs (None), or say what is short; ``cause`` is that of the last attempt."""
    session = world.sessions[entry[2]]
    waited = entry[1] < world.clock.moment_s
    return grant(world, session, session.program.ops[entry[3]], cause if waited else None)


def grant(world: World, session: Session, op: Op, cause: str | None) -> Short | None:
    """Grant all that a step needs (None), or say what is short; ``cause`` is what it waited for until now."""
    if world.hygiene.closed:
        shut = world.hygiene.bars(session, op)
        if shut is not None:
            return "hygiene", (HYGIENE + shut,)
    if not op.people_only or session.left_s:
        need = op.need
        assert need is not None
        if need.compute:
            return _computed(world, session, op, need, cause)
        if op.index in session.left_s:
            return _resume(world, session, op, need, cause)
        if not op.people_only:
            return _all(world, session, op, need, cause)
    people = _people(world, session, op, [], session.scanner)
    if isinstance(people, str):
        return _nobody(world, session, people)
    player.start(world, session, op, people, cause)
    return None


def _computed(world: World, session: Session, op: Op, need: Need, cause: str | None) -> Short | None:
    """A job of the computers: a place for it, and all else that its step needs."""
    if world.compute.full:
        return "compute", (COMPUTING,)
    left = session.left_s and op.index in session.left_s
    short = (_resume if left else _all)(world, session, op, need, cause)
    if short is None:
        world.compute.taken += 1
    return short


def _all(world: World, session: Session, op: Op, need: Need, cause: str | None) -> Short | None:
    """Look for everything first; take it only if all is there."""
    stock = _consumables(world, session, op, need) if op.consumes else None
    if isinstance(stock, tuple) or (stock is None and need.draw is not None):
        return stock
    missing = player.missing_places(world, session, op) if op.places else 0
    rooms = _rooms(world, session, op, need.place, missing) if missing and need.place else []
    if isinstance(rooms, tuple):
        return rooms
    gear = _gear(world, session, op, need) if op.takes_gear else _NO_GEAR
    if isinstance(gear[0], str):
        return gear
    scanner = (session.second if op.at_second else session.scanner) or _name_of(*gear)
    if op.to_scanner and scanner is not None:
        rooms = _at(world, session, scanner)
    people = _people(world, session, op, rooms, scanner) if need.people else []
    if isinstance(people, str):
        return _nobody(world, session, people)
    if gear is not _NO_GEAR:
        _take(session, op, *gear)
    if need.uses:
        world.supplies.use(need.uses, max(1, len(session.scope(op.who))))
    if need.place and (missing or op.at_second):
        _move(world, session, op, need.place, rooms)
    player.start(world, session, op, people, cause)
    if stock is not None:
        effects.draw(world, session, op, stock)
    return None


def _consumables(world: World, session: Session, op: Op, need: Need) -> Stock | Short | None:
    """The vial that a step draws from, if it draws; or what of that, or of its supplies, is short."""
    short = world.supplies.short_of(need.uses, max(1, len(session.scope(op.who)))) if need.uses else None
    if short is not None:
        return "supply", (SUPPLY + short,)
    return None if need.draw is None else _stock(world, session, op, need)


def _people(world: World, session: Session, op: Op, rooms: list[str], scanner: str | None) -> list[Worker] | str:
    """Somebody for each need of a step that takes its animals to these rooms; or the pool that lacks one."""
    attending = session.attendant is not None and attendance.may_do(world, session, op, rooms, scanner)
    if op.anyone and not (session.barred or session.careful):
        return world.roster.one(op.group, session, world.clock.moment_s, attending)  # type: ignore[arg-type]
    kept = world.budgets.kept_from(session, op) if session.barred or session.careful else ()
    if world.hygiene.on and not op.away:
        kept = (*kept, *world.hygiene.kept_from(session))
    if world.service.on:
        kept = (*kept, *world.service.kept_from(session, op))
    if op.group is not None:
        found = world.roster.one(op.group, session, world.clock.moment_s, attending, kept)
        if world.standing.trainees and not isinstance(found, str):
            return world.standing.with_trainee(session, op, found, kept)
        return found
    assert op.need is not None
    return world.roster.find(op.need.people, session, world.clock.moment_s, attending, kept)


def _nobody(world: World, session: Session, pool: str) -> Short:
    """Nobody is there for a step: somebody is called, if it is done out of hours."""
    world.service.call(session, pool)
    return world.standing.why(pool), (pool,)


def _gear(
    world: World, session: Session, op: Op, need: Need
) -> tuple[tuple[Machine, str] | None, Machine | None] | Short:
    """A bed and a scanner, as far as they are needed and not held yet; or which of them is short.

    Who was given up takes none any more: what is still to be done (waking, killing) is done without.
    """
    if need.second:
        return _second(world, session, op, need)
    if session.given_up and session.holds.keys() != {"bed", "scanner"}:
        need = replace(
            need, bed=need.bed and "bed" in session.holds, scanner=need.scanner and "scanner" in session.holds
        )
    names = _names(session, need)
    if need.place == "scanner" and world.licence.rooms and names:
        over = {name: world.licence.over_by_animals(session, op, _at(world, session, name)) for name in names}
        if all(over.values()):
            return "licence", tuple(POOL + room for room in over.values() if room)
        names = tuple(name for name in names if not over[name])
    shut: tuple[str, ...] = ()
    if world.hygiene.on and need.place == "scanner" and names:
        names, shut = _clean_enough(world, session, names)
        if not names:
            return "hygiene", shut
    bed = None
    if need.bed and session.bed is None:
        bed = world.machines.bed(names, session, need.scanner)
        if bed is None:
            kinds = ("bed", "scanner") if need.scanner else ("bed",)
            return "bed", (*(f"{kind}:{name}" for kind in kinds for name in names), *shut)
    machine = _scanner(world, session, names if bed is None else (bed[0].name,)) if need.scanner else None
    if need.scanner and machine is None:
        return "scanner", (*(f"scanner:{name}" for name in names), *shut)
    return bed, machine


def _clean_enough(world: World, session: Session, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Scanners in rooms into which the animals may come, and the pools of the other rooms."""
    rooms = {name: world.machines.all[name].room for name in names}
    fit = tuple(name for name, room in rooms.items() if world.hygiene.lets_in(session, room))
    return fit, tuple(dict.fromkeys(HYGIENE + room for name, room in rooms.items() if name not in fit))


def _second(world: World, session: Session, op: Op, need: Need) -> tuple[None, Machine | None] | Short:
    """The machine to which the bed is moved: one that is free, or the one that the session has, if it works."""
    if "second" in session.holds:
        machine = world.machines.all[session.second or ""]
        ready = not machine.down and machine.held_by == session.name and not machine.unchecked
        return (None, machine) if ready or session.given_up else ("scanner", (f"scanner:{machine.name}",))
    if session.given_up:
        return None, None
    names, shut = _clean_enough(world, session, need.scanners) if world.hygiene.on else (need.scanners, ())
    if not names:
        return "hygiene", shut
    free = [world.machines.all[name] for name in names if world.machines.all[name].ready_for(session)]
    if not free:
        return "scanner", (*(f"scanner:{name}" for name in names), *shut)
    over = [world.licence.over_by_animals(session, op, _at(world, session, machine.name)) for machine in free]
    allowed = [machine for machine, room in zip(free, over, strict=True) if room is None]
    return (None, allowed[0]) if allowed else ("licence", tuple(POOL + room for room in over if room))


def _name_of(bed: tuple[Machine, str] | None, machine: Machine | None) -> str | None:
    """The scanner of a bed, or itself."""
    if bed is not None:
        return bed[0].name
    return None if machine is None else machine.name


def _at(world: World, session: Session, scanner: str) -> list[str]:
    """The room of a scanner, for each animal."""
    return [world.machines.all[scanner].room] * len(session.visits)


def _stock(world: World, session: Session, op: Op, need: Need) -> Stock | Short | None:
    """The vial for a syringe, or what is short; None: these animals will not be injected."""
    if world.radiopharmacy.checks_due or world.waste.blocked:
        return ("calibrator", (CALIBRATOR,)) if world.radiopharmacy.checks_due else ("waste", (WASTE,))
    stock = effects.offer(world, session, op)
    if stock is None:
        return _without_tracer(world, session, op, need)
    if not session.visits:
        return stock
    nuclide, wanted_bq = world.hot_lab.vials[stock.name].nuclide, op.wanted_bq
    room = world.licence.over_by_syringes(session, op, nuclide, wanted_bq)
    over = world.licence.is_over(nuclide)
    if room is None and not over:
        return stock
    if room is not None and not over and not world.licence.never(room, nuclide, wanted_bq):
        return "licence", (POOL + room,)
    _not_injected(world, session, op, "licence")
    return None


def _names(session: Session, need: Need) -> tuple[str, ...]:
    return (session.scanner,) if session.scanner else need.scanners


def _without_tracer(world: World, session: Session, op: Op, need: Need) -> Short | None:
    """Wait for a vial that is still to come today, or do what the policy says; without one, nobody is injected."""
    assert need.draw is not None
    day, policy = world.opening.at(world.clock.moment_s), world.site.policies.late_delivery
    coming = world.hot_lab.coming(need.draw.tracer, world.clock.moment_s, day[1] if day else world.clock.moment_s)
    if coming and (policy in ("wait", "swap", "scale") or not session.visits):
        if policy == "swap" and session.visits:
            world.beginning.swap(session.name, need.draw.tracer)
        return "tracer", ("tracer:" + need.draw.tracer,)
    _not_injected(world, session, op, "late_delivery" if coming and policy == "cancel" else "no_activity")
    return None


def _not_injected(world: World, session: Session, op: Op, reason: str) -> None:
    """These animals get no syringe: they leave."""
    session.waiting.pop(op.index, None)
    if not session.visits:
        world.radiopharmacy.cannot_take(session)
        return
    for i in session.scope(op.who):
        world.sessions_end.leave(session, i, "visit_cancelled", reason)
    player.advance(world, session, op.next)


def _scanner(world: World, session: Session, names: tuple[str, ...]) -> Machine | None:
    """The scanner that the session has, if it works and is checked, or one of these that it can have."""
    if "scanner" not in session.holds:
        return world.machines.scanner(names, session) or world.upkeep.lent(session)
    machine = world.machines.all[session.scanner or ""]
    ready = not machine.down and machine.held_by == session.name and (session.study is None or not machine.unchecked)
    return machine if ready or session.given_up else None


def _take(session: Session, op: Op, bed: tuple[Machine, str] | None, machine: Machine | None) -> None:
    """Have it until the end of the step that the plan names, or of this one."""
    if bed is not None:
        session.scanner, session.bed = bed[0].name, bed[1]
        bed[0].beds[bed[1]] = session.name
        session.holds["bed"] = op.untils["bed"]
    if op.at_second:
        if machine is not None and "second" not in session.holds:
            machine.take(session.name)
            session.second = machine.name
            session.holds["second"] = op.untils["second"]
        return
    if machine is not None and "scanner" not in session.holds:
        machine.take(session.name)
        session.scanner = machine.name
        session.holds["scanner"] = op.untils["scanner"]


def _rooms(world: World, session: Session, op: Op, kind: str, missing: int) -> list[str] | Short:
    """Rooms for those who are not there yet; that of a scanner comes with the scanner."""
    if kind == "scanner":
        return []
    among = world.rooms.of_kind.get(kind) if world.hygiene.on else None
    if among:
        fit = [room for room in among if world.hygiene.lets_in(session, room)]
        if not fit:
            return "hygiene", tuple(HYGIENE + room for room in among)
        among = fit
    rooms = world.rooms.find(kind, missing, newcomers=session.empty_handed, among=among)
    if rooms is None and among is not None:
        return "place", (f"room:{kind}", *(HYGIENE + room for room in world.rooms.of_kind[kind] if room not in among))
    if rooms is None:
        return "place", (f"room:{kind}",)
    over = world.licence.over_by_animals(session, op, rooms)
    return rooms if over is None else ("licence", (POOL + over,))


def _move(world: World, session: Session, op: Op, kind: str, rooms: list[str]) -> None:
    """Take the animals to their places; they leave those that they had."""
    free, own, here = iter(rooms), world.rooms, session.room
    for i in session.scope(op.who):
        before = here[i]
        if op.at_second or own.kind.get(before) != kind:
            room = next(free, None)
            own.leave(before)
            own.take(room)
            world.licence.move(session, i, room)
            world.nearby.moves(session, i, room)
            here[i] = room
            if world.hygiene.on:
                world.hygiene.entered(session, i, room)


def _resume(world: World, session: Session, op: Op, need: Need, cause: str | None) -> Short | None:
    """Go on with the rest of a step that was left, with its bed and scanner."""
    gear = _gear(world, session, op, need)
    if isinstance(gear[0], str):
        return gear
    people = _people(world, session, op, [], session.machine(op.at_second))
    if isinstance(people, str):
        return _nobody(world, session, people)
    _take(session, op, *gear)
    player.go_on(world, session, op, people, cause)
    return None
