"""Whether nothing can move any more: sessions that wait for each other, and for nothing else.

Looked at when no step is under way. A session moves if one of its threads waits for time (a shift, a delivery, a
repair), or for what is held by a session that moves. When all that can move have been taken away, those who are left
wait for ever.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from twin.facility import player

if TYPE_CHECKING:
    from twin.facility.program import Op
    from twin.facility.state import Session
    from twin.facility.world import World

#: Names of sessions that hold something and do not move; None: it can become free.
_Keepers: TypeAlias = "set[str] | None"


def circle(world: World) -> tuple[str, ...]:
    """Names of a circle of waiting among the sessions of a world without a step under way, or nothing."""
    return _Standstill(world).circle()


class _Standstill:
    """Those who have not been seen to move yet, and what they keep from others."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.still = {s.name: s for s in world.sessions.values() if s.waiting and not s.running and not s.resting}
        self.guests: defaultdict[str, set[str]] = defaultdict(set)
        for session in world.sessions.values():
            for room in filter(None, session.room):
                self.guests[world.rooms.kind[room]].add(session.name)
        self.known: dict[str, _Keepers] = {}

    def circle(self) -> tuple[str, ...]:
        while moving := [name for name, session in self.still.items() if not self.waits_for(session)]:
            for name in moving:
                del self.still[name]
            self.known.clear()
        return self.walk() if self.still else ()

    def walk(self) -> tuple[str, ...]:
        """Follow who waits for whom until somebody comes again."""
        path = [min(self.still)]
        while (following := min(self.waits_for(self.still[path[-1]]))) not in path:
            path.append(following)
        return tuple(path[path.index(following) :])

    def waits_for(self, session: Session) -> set[str]:
        """Sessions of which one must move before this one can; empty if one of its threads can without."""
        threads = [self.thread(session, session.program.ops[index]) for index in session.waiting]
        return set().union(*threads) if all(threads) else set()

    def thread(self, session: Session, op: Op) -> set[str]:
        """The same for one step that waits: of every scanner that would serve, something is kept from it."""
        queue = self.world.allocator.queues.get(player.queue_key(self.world, session, op))
        ways: defaultdict[str, set[str]] = defaultdict(set)
        for pool in queue.pools if queue else ():
            kind, _, name = pool.partition(":")
            ways[name] |= self.people(name, session, op) if kind == "person" else self.others(pool, session)
        return set().union(*ways.values()) if all(ways.values()) else set()

    def others(self, pool: str, session: Session) -> set[str]:
        """Who keeps a pool from a session; who has it himself waits for something else of it."""
        if pool not in self.known:
            holders = self.holders(*pool.partition(":")[::2])
            self.known[pool] = holders if holders and holders <= self.still.keys() else None
        return (self.known[pool] or set()) - {session.name}

    def holders(self, kind: str, name: str) -> set[str]:
        """Who has all of a pool; nobody if some of it is free, or comes by itself."""
        if kind == "room":
            return self.guests[name]
        if kind == "scanner":
            return set(filter(None, [self.world.machines.all[name].held_by]))
        if kind == "bed":
            beds = self.world.machines.all[name].beds.values()
            return set(filter(None, beds)) if all(beds) else set()
        return set()

    def people(self, name: str, session: Session, op: Op) -> set[str]:
        """The sessions whose animals are attended by so many of a group that too few are left for a step."""
        assert op.need is not None
        skills = frozenset(name.split("+"))
        needed = sum(skills <= need for need in op.need.people)
        if self.world.standing.may_return(skills):
            return set()
        group = self.world.roster.group(skills).workers
        away = [w.attends for w in group if w.attends in self.still and w.attends != session.name]
        return {name for name in away if name} if len(group) - len(away) < max(needed, 1) else set()
