"""The policy ``reserve``: the first request that cannot be met keeps free what it could already have.

It keeps it from sessions that hold nothing yet: one that holds something must be able to come to its end, or the head
of the line and that session would wait for each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.facility.allocator import Entry

if TYPE_CHECKING:
    from twin.facility.world import World


class Reserving:
    """What the head of the line keeps free in this instant."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.head: Entry | None = None

    def after(self, entry: Entry | None) -> None:
        """A request failed (None: a new instant begins): the first to fail is the head of the line."""
        if entry is None:
            self._free()
        elif self.head is None:
            self.head = entry
            self._keep(entry)

    def _free(self) -> None:
        """Nothing is kept any more."""
        self.head = None
        for worker in self.world.roster.workers.values():
            worker.kept = False
        for machine in self.world.machines.all.values():
            machine.kept_by = None
        self.world.rooms.kept = {}

    def _keep(self, entry: Entry) -> None:
        """Mark the people, the scanner, the bed's scanner and the places that the head could have now."""
        world = self.world
        session = world.sessions[entry[2]]
        op = session.program.ops[entry[3]]
        need = op.need
        assert need is not None
        for skills in need.people:
            some = world.roster.find((skills,), session, world.clock.moment_s, session.attendant is not None)
            if not isinstance(some, str):
                some[0].kept = True
        if need.scanner or need.bed or need.second:
            own = session.machine(need.second)
            for name in (own,) if own else need.scanners:
                machine = world.machines.all[name]
                if machine.held_by is None or (need.bed and machine.free_bed()):
                    machine.kept_by = session.name
                    break
        if need.place is not None:
            free = world.rooms.free(need.place)
            world.rooms.kept = {need.place: min(free, max(1, op.places))}
