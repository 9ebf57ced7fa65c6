"""The source licence: activity on the site and in rooms, animals and waste included; nothing goes beyond it."""

from __future__ import annotations

from math import exp, inf, log
from typing import TYPE_CHECKING

from twin.distributions import TICK, tick
from twin.facility.hot_lab import Activity
from twin.facility.program import Op
from twin.facility.state import Session, Syringe

if TYPE_CHECKING:
    from twin.facility.world import World

#: (room, nuclide) -> activity that is to come [Bq].
Coming = dict[tuple[str, str], float]
#: Where nobody waits for a place, but for activity to decay or to go: the pool of a room.
POOL = "licence:"


class Licence:
    """Sums of activity by place and nuclide, kept for the nuclides that a licence limits."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = world.site.licences
        self.activity = Activity({v.nuclide: v.decay_constant_per_s for v in world.site.vials})
        self.rooms = {room for licence in self.limits.values() for room in licence.rooms_bq}
        #: When the next look at a room is set [s].
        self.looks: dict[str, float] = {}

    def may_receive(self, nuclide: str, activity_bq: float) -> bool:
        """Whether a delivery keeps within the licence of the site and of the hot lab."""
        licence = self.limits.get(nuclide)
        if licence is None:
            return True
        if self.is_over(nuclide):
            return False
        now, hot_lab = self.world.clock.moment_s, self.world.site.hot_lab
        on_site = self.activity.get("site", nuclide, now) + activity_bq
        in_room = self.activity.get(hot_lab or "", nuclide, now) + activity_bq
        site_limit = inf if licence.site_bq is None else licence.site_bq
        return on_site <= site_limit and in_room <= self._limit(hot_lab or "", nuclide)

    def is_over(self, nuclide: str) -> bool:
        """Whether the licence for a nuclide has ended."""
        licence = self.limits.get(nuclide)
        return licence is not None and self.world.clock.moment_s >= licence.expiry_s

    def receive(self, nuclide: str, activity_bq: float) -> None:
        """A delivery is on the site."""
        if nuclide in self.limits:
            now = self.world.clock.moment_s
            self.activity.add("site", nuclide, activity_bq, now)
            self.activity.add(self.world.site.hot_lab or "", nuclide, activity_bq, now)

    def over_by_syringes(self, session: Session, op: Op, nuclide: str, activity_bq: float) -> str | None:
        """A room that syringes of so much for each animal would bring beyond its limit; if one would, look again."""
        if nuclide not in self.limits or not self.rooms:
            return None
        coming: Coming = {}
        for i in session.scope(op.who):
            room = session.room[i]
            if room is not None and room != self.world.site.hot_lab:
                coming[room, nuclide] = coming.get((room, nuclide), 0.0) + activity_bq
        return self._over(coming, decays=False)

    def never(self, room: str, nuclide: str, activity_bq: float) -> bool:
        """Whether a room may not hold even this alone."""
        return activity_bq > self._limit(room, nuclide)

    def syringe(self, session: Session, i: int, syringe: Syringe) -> None:
        """A syringe goes from the hot lab to its animal."""
        if not self.rooms:
            return
        room = session.room[i]
        if self._limited(syringe.nuclide, room) or self._limited(syringe.nuclide, self.world.site.hot_lab):
            now = self.world.clock.moment_s
            self.activity.add(self.world.site.hot_lab or "", syringe.nuclide, -syringe.activity_bq, now)
            self.activity.add(room or "", syringe.nuclide, syringe.activity_bq, now)

    def move(self, session: Session, i: int, room: str | None) -> None:
        """An animal, with what is in it, goes to another room or to its cage."""
        if not self.rooms:
            return
        nuclide, activity = self._of(session, i)
        if nuclide in self.limits and activity > 0.0:
            now = self.world.clock.moment_s
            self.activity.add(session.room[i] or "", nuclide, -activity, now)
            self.activity.add(room or "", nuclide, activity, now)
            self.world.allocator.wake(POOL + (session.room[i] or ""))

    def over_by_animals(self, session: Session, op: Op, rooms: list[str]) -> str | None:
        """A room that these animals would bring beyond its limit if they went there now; if one would, look again."""
        if not self.rooms.intersection(rooms):
            return None
        coming: Coming = {}
        for i, room in zip(self._movers(session, op), rooms, strict=False):
            nuclide, activity = self._of(session, i)
            if nuclide in self.limits and session.room[i] != room:
                coming[room, nuclide] = coming.get((room, nuclide), 0.0) + activity
        return self._over(coming, decays=True)

    def _over(self, coming: Coming, *, decays: bool) -> str | None:
        """The first room that would pass its limit; it is looked at again when enough has decayed."""
        now = self.world.clock.moment_s
        for (room, nuclide), activity in coming.items():
            there, limit = self.activity.get(room, nuclide, now), self._limit(room, nuclide)
            if there + activity > limit:
                kept = (there + activity, limit) if decays else (there, limit - activity)
                self._look(POOL + room, now + _decayed_s(*kept, self.activity.decay_constants[nuclide]))
                return room
        return None

    def _look(self, pool: str, at_s: float) -> None:
        """Try those again who wait for a room, unless that is to be done earlier."""
        if at_s < inf and not self.world.clock.moment_s < self.looks.get(pool, -inf) <= at_s:
            self.looks[pool] = at_s
            self.world.clock.at(at_s, "retry", pool)

    def _limit(self, room: str, nuclide: str) -> float:
        licence = self.limits.get(nuclide)
        return inf if licence is None else licence.rooms_bq.get(room, inf)

    def _movers(self, session: Session, op: Op) -> list[int]:
        assert op.need is not None
        who = session.there() if op.who is None else [op.who]
        return [i for i in who if op.at_second or self.world.rooms.kind.get(session.room[i] or "") != op.need.place]

    def _limited(self, nuclide: str, room: str | None) -> bool:
        return nuclide in self.limits and room in self.limits[nuclide].rooms_bq

    def _of(self, session: Session, i: int) -> tuple[str, float]:
        """What an animal carries: its syringe or what was injected [Bq]."""
        now, syringe, injected = self.world.clock.moment_s, session.syringes[i], session.injected_s[i]
        if syringe is not None:
            decay = self.world.decay_of_nuclide(syringe.nuclide)
            return syringe.nuclide, syringe.activity_bq * exp(-decay * (now - syringe.time_s))
        protocol = self.world.site.protocols.get(session.plan)
        if protocol is None or injected is None or protocol.nuclide is None:
            return "", 0.0
        return protocol.nuclide, session.injected_bq[i] * exp(-protocol.decay_constant_per_s * (now - injected))


def _decayed_s(activity_bq: float, to_bq: float, decay_per_s: float) -> float:
    """The time in which activity decays so far, a tick more [s]; infinite if it never does."""
    if to_bq <= 0.0:
        return inf
    return tick(max(0.0, log(activity_bq / to_bq)) / decay_per_s) + 2.0 * TICK
