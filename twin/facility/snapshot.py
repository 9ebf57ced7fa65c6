"""The world written down at a moment, and continued from what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.facility import player
from twin.facility.hot_lab import Stock
from twin.facility.state import AnimalState, session_from_plain, session_to_plain, to_plain

if TYPE_CHECKING:
    from twin.facility.world import World

#: Attributes of a worker and a machine that are state; the rest comes from the site.
_WORKER = ("on_shift", "on_break", "off_since_s", "attends", "breaks_due", "called")
_MACHINE = (
    "held_by",
    "down",
    "checks_due",
    "unchecked",
    "lent_by",
    "beds",
    "open_checks",
    "uncalibrated",
    "passed_s",
    "intervals",
)


def to_json(world: World) -> dict[str, Any]:
    """The state of a world between two moments, as JSON values.

    Every random number is a function of its address, so there is no state of a generator to write.
    """
    return {
        "now_s": world.clock.moment_s,
        "events": world.log.first + world.log.count,
        "alarms": [[t, action, list(args)] for t, action, args in world.clock.alarms()],
        "sessions": [session_to_plain(s) for s in world.sessions.values()],
        "animals": [[name, to_plain(a)] for name, a in world.animals.items()],
        "workers": {n: {k: getattr(w, k) for k in _WORKER} for n, w in world.roster.workers.items()},
        "machines": {n: {k: getattr(m, k) for k in _MACHINE} for n, m in world.machines.all.items()},
        "taken": world.rooms.taken,
        "leaving": sorted(world.shifts.leaving),
        "stock": [to_plain(s) for s in world.hot_lab.stock.values()],
        "radiopharmacy": world.radiopharmacy.to_plain(),
        "supplies": world.supplies.to_plain(),
        "activity": list(world.licence.activity.sums.items()),
        "permits": [list(world.authorisation.used.items()), list(world.authorisation.counted)],
        "failures": world.failures,
        "exposure": world.exposure.to_plain(),
        "nearby": world.nearby.to_plain(),
        "clearing": world.clearing.to_plain(),
        "budgets": world.budgets.to_plain(),
        "standing": world.standing.to_plain(),
        "service": world.service.to_plain(),
        "computing": world.compute.taken,
        "hygiene": world.hygiene.to_plain(),
        "radioactive": world.radioactive.to_plain(),
        "procurement": world.procurement.to_plain(),
        "answers": world.answers.to_plain(),
        "waste": world.waste.to_plain(),
        "archive": world.archive.to_plain(),
        "spills": world.spills.to_plain(),
        "planner": world.planner.to_plain(),
        "queues": _queues(world),
    }


def _queues(world: World) -> list[Any]:
    """Who stands in each queue, its key without the number of the need, and what it was last short of."""
    waiting = [(sorted(filter(world.allocator.waits, q.heap)), k, q) for k, q in world.allocator.queues.items()]
    return [[entries, list(key[1:]), list(queue.pools), queue.cause] for entries, key, queue in waiting if entries]


def from_json(world: World, plain: dict[str, Any]) -> World:
    """Continue a world: a fresh one of the same site and replication takes over what was written."""
    world.log.first = plain["events"]
    world.clock.set_back(plain["now_s"])
    world.planner.from_plain(plain["planner"])
    world.animals = {name: AnimalState(**a) for name, a in plain["animals"]}
    _set_all(world.roster.workers, plain["workers"])
    _set_all(world.machines.all, plain["machines"])
    world.standing.from_plain(plain["standing"])
    world.service.from_plain(plain["service"])
    world.rooms.taken = dict(plain["taken"])
    world.shifts.leaving = set(plain["leaving"])
    for stock in plain["stock"]:
        world.hot_lab.put(Stock(**stock))
    world.radiopharmacy.from_plain(plain["radiopharmacy"])
    world.supplies.from_plain(plain["supplies"])
    world.licence.activity.sums = {key: (a, t) for key, (a, t) in plain["activity"]}
    used, counted = plain["permits"]
    world.authorisation.used, world.authorisation.counted = dict(used), dict.fromkeys(counted)
    world.failures = dict(plain["failures"])
    world.exposure.from_plain(plain["exposure"])
    world.nearby.from_plain(plain["nearby"])
    world.clearing.from_plain(plain["clearing"])
    world.budgets.from_plain(plain["budgets"])
    world.compute.taken = plain["computing"]
    world.hygiene.from_plain(plain["hygiene"])
    world.radioactive.from_plain(plain["radioactive"])
    world.procurement.from_plain(plain["procurement"])
    world.answers.from_plain(plain["answers"])
    world.waste.from_plain(plain["waste"])
    world.archive.from_plain(plain["archive"])
    world.spills.from_plain(plain["spills"])
    _restore_sessions(world, plain)
    _restore_alarms(world, plain)
    return world


def _restore_alarms(world: World, plain: dict[str, Any]) -> None:
    """In the order in which they would have rung; those of steps under way are the steps."""
    running = {(s["name"], op): rest for s in plain["sessions"] for op, *rest in s["running"]}
    for time_s, action, args in plain["alarms"]:
        if action == "step_end":
            session = world.sessions[args[0]]
            start_s, names, room = running[args[0], args[1]]
            op = session.program.ops[args[1]]
            going = player.set_going(world, session, op, [world.roster.workers[name] for name in names], time_s)
            going.start_s, going.room = start_s, room
        else:
            if action == "retry":
                world.licence.looks[args[0]] = min(time_s, world.licence.looks.get(args[0], time_s))
            world.clock.at(time_s, action, *(tuple(a) if isinstance(a, list) else a for a in args))


def _set_all(things: dict[str, Any], values: dict[str, dict[str, Any]]) -> None:
    for name, attributes in values.items():
        for key, value in attributes.items():
            setattr(things[name], key, value)


def _restore_sessions(world: World, plain: dict[str, Any]) -> None:
    for written in plain["sessions"]:
        n = written["animals"]
        program = world.own_program(written["plan"]) or world.program(written["plan"], n)
        session = session_from_plain(written, program)
        session.durations = world.draws.durations(session)
        world.sessions[session.name] = world.completed(session)
    for entries, key, pools, cause in plain["queues"]:
        session = world.sessions[entries[0][2]]
        need = session.program.ops[entries[0][3]].need_number
        world.allocator.put_to_sleep((need, *key), [tuple(e) for e in entries], tuple(pools), cause)
