"""The same processes as a run of the twin, played by SimPy alone: the yardstick of `benchmarks.engine`.

Each step's needs are requested one by one from PriorityResources in name order and released at its end; nothing is
held across steps; one timeout a step, with the durations that the twin's run had. No log, no attendance, no luck.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import cache
from typing import Any

import simpy

from twin.facility.program import CHOICE, END, FORK, GUARD, STEP, Need, Op
from twin.facility.state import Session
from twin.facility.world import World
from twin.vocabulary import UNCOUNTED

#: Places of a room in which nobody counts them.
UNLIMITED = 1_000_000
#: A leaf is (resources in name order, priority, duration); a branch is a list of leaves and of lists of branches.
Leaf = tuple[tuple[str, ...], int, float]
Script = list[Any]


class Recorder:
    """Writes down what a world plays: for each session when it began and which steps took how long."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, tuple[Session, float]] = {}
        self.durations: dict[tuple[str, int, int], float] = {}
        self.counts: dict[tuple[str, int], int] = {}
        self._watch()

    def _watch(self) -> None:
        from twin.facility import player

        start, new = player.start, self.world.new_session

        def recorded_start(world: World, session: Session, op: Op, people: Any, cause: Any) -> None:
            start(world, session, op, people, cause)
            k = self.counts.get((session.name, op.index), 0)
            self.counts[session.name, op.index] = k + 1
            self.durations[session.name, op.index, k] = session.running[op.index].end_s - world.clock.now

        def recorded_new(name: str, *args: Any) -> Session:
            session = new(name, *args)
            self.sessions[name] = (session, self.world.clock.now)
            return session

        player.start = recorded_start
        self.world.new_session = recorded_new  # type: ignore[method-assign]
        self._restore = lambda: setattr(player, "start", start)

    def stop(self) -> None:
        """Leave the player as it was."""
        self._restore()

    def scripts(self) -> list[tuple[float, Script]]:
        """Sessions as scripts, by start."""
        return [(at, self._script(s, s.program.entry, 0, 0)) for s, at in self.sessions.values()]

    def _script(self, session: Session, index: int, end: int, depth: int) -> Script:
        ops, script = session.program.ops, []
        while index not in (end, 0):
            op = ops[index]
            if op.kind == STEP:
                script += self._leaves(session, op)
                index = op.next
            elif op.kind == FORK:
                join = op.next
                script.append([self._script(session, t, join, depth + 1) for t in op.targets])
                index = join
            elif op.kind == GUARD:
                index = op.targets[0]
            elif op.kind == CHOICE:
                index = self._case(session, op)
            else:
                assert op.kind != END
                index = op.next
        return script

    def _case(self, session: Session, op: Op) -> int:
        """The case that was played: the one that has a recorded step first."""
        for target in op.targets:
            first = next((i for i in self._steps_from(session, target)), None)
            if first is not None and (session.name, first, 0) in self.durations:
                return target
        return op.next

    def _steps_from(self, session: Session, index: int) -> Iterator[int]:
        op = session.program.ops[index]
        if op.kind == STEP:
            yield op.index
        elif op.kind in (GUARD, FORK):
            yield from self._steps_from(session, op.targets[0])

    def _leaves(self, session: Session, op: Op) -> list[Leaf]:
        """A step once for each time it was played."""
        names = _resources(session, op)
        times = self.counts.get((session.name, op.index), 0)
        return [(names, session.priority, self.durations[session.name, op.index, k]) for k in range(times)]


def _resources(session: Session, op: Op) -> tuple[str, ...]:
    assert op.need is not None
    return _named(op.need, session.scanner or (op.need.scanners[0] if op.need.scanners else ""))


@cache
def _named(need: Need, scanner: str) -> tuple[str, ...]:
    """Equal needs share their names, so that the scripts of a year stay small."""
    names = ["person:" + "+".join(sorted(skills)) for skills in need.people]
    names += [f"scanner:{scanner}"] if need.scanner else []
    names += [f"bed:{scanner}"] if need.bed else []
    names += [f"room:{need.place}"] if need.place else []
    return tuple(sorted(names))


def capacities(world: World) -> dict[str, int]:
    """How many of each the site has."""
    site = world.site
    groups = {group.pool: len(group.workers) for group in world.roster.groups.values()}
    scanners = {f"scanner:{s.name}": 1 for s in site.scanners.values()}
    beds = {f"bed:{s.name}": len(s.beds) for s in site.scanners.values()}
    rooms: dict[str, int] = {}
    for room in site.rooms.values():
        places = UNLIMITED if room.kind in UNCOUNTED else room.places
        rooms[f"room:{room.kind}"] = rooms.get(f"room:{room.kind}", 0) + places
    return groups | scanners | beds | rooms


def play(scripts: list[tuple[float, Script]], sizes: dict[str, int]) -> int:
    """Play the scripts; returns the number of steps."""
    env = simpy.Environment()
    resources = {name: simpy.PriorityResource(env, capacity=size) for name, size in sizes.items()}
    steps = 0

    def step(names: tuple[str, ...], priority: int, duration: float) -> Generator[Any, Any, None]:
        nonlocal steps
        held = []
        for name in names:
            resource = resources[name]
            request = resource.request(priority=priority)
            yield request
            held.append((resource, request))
        yield env.timeout(duration)
        for resource, request in held:
            resource.release(request)
        steps += 1

    def session(script: Script) -> Generator[Any, Any, None]:
        for part in script:
            if isinstance(part, list):
                yield env.all_of([env.process(session(branch)) for branch in part])
            else:
                yield from step(*part)

    def arrivals() -> Generator[Any, Any, None]:
        for at, script in scripts:
            if at > env.now:
                yield env.timeout(at - env.now)
            env.process(session(script))

    env.process(arrivals())
    env.run()
    return steps
