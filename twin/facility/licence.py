"""The source licence: activity on the site and in rooms, animals and waste included; nothing goes beyond it."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from twin.facility.hot_lab import Activity
from twin.facility.program import Op
from twin.facility.state import Session, Syringe

if TYPE_CHECKING:
    from twin.facility.world import World

#: Activity decays: a step that a room's limit keeps waiting is looked at again after this time [s].
RETRY_S = 600.0


class Licence:
    """Sums of activity by place and nuclide, kept for the nuclides that a licence limits."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = world.site.licences
        self.activity = Activity({v.nuclide: v.decay_constant_per_s for v in world.site.vials})
        self.rooms = {room for licence in self.limits.values() for room in licence.rooms_bq}

    def may_receive(self, nuclide: str, activity_bq: float) -> bool:
        """Whether a delivery keeps within the licence of the site and of the hot lab."""
        licence = self.limits.get(nuclide)
        if licence is None:
            return True
        now, hot_lab = self.world.clock.moment_s, self.world.site.hot_lab
        on_site = self.activity.get("site", nuclide, now) + activity_bq
        in_room = self.activity.get(hot_lab or "", nuclide, now) + activity_bq
        room_limit = licence.rooms_bq.get(hot_lab or "", float("inf"))
        return on_site <= (licence.site_bq or float("inf")) and in_room <= room_limit

    def receive(self, nuclide: str, activity_bq: float) -> None:
        """A delivery is on the site."""
        if nuclide in self.limits:
            now = self.world.clock.moment_s
            self.activity.add("site", nuclide, activity_bq, now)
            self.activity.add(self.world.site.hot_lab or "", nuclide, activity_bq, now)

    def may_draw(self, session: Session, op: Op, nuclide: str, activity_bq: float) -> bool:
        """Whether syringes of so much may go to where their animals are; if not, look again later."""
        if nuclide not in self.limits or not self.rooms:
            return True
        coming: dict[tuple[str, str], float] = {}
        for i in session.scope(op.who):
            room = session.room[i]
            if room is not None and room != self.world.site.hot_lab:
                coming[room, nuclide] = coming.get((room, nuclide), 0.0) + activity_bq
        return self._keeps_to_limits(coming)

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

    def allows(self, session: Session, op: Op, rooms: list[str]) -> bool:
        """Whether these animals may go to these rooms now; if not, look again later."""
        if not self.rooms.intersection(rooms):
            return True
        coming: dict[tuple[str, str], float] = {}
        for i, room in zip(self._movers(session, op), rooms, strict=False):
            nuclide, activity = self._of(session, i)
            if nuclide in self.limits and session.room[i] != room:
                coming[room, nuclide] = coming.get((room, nuclide), 0.0) + activity
        return self._keeps_to_limits(coming)

    def _keeps_to_limits(self, coming: dict[tuple[str, str], float]) -> bool:
        """Whether each room stays within its limit; if not, it is looked at again when some has decayed."""
        now = self.world.clock.moment_s
        for (room, nuclide), activity in coming.items():
            limit = self.limits[nuclide].rooms_bq.get(room, float("inf"))
            if self.activity.get(room, nuclide, now) + activity > limit:
                self.world.clock.at(now + RETRY_S, "retry", "room:" + self.world.rooms.kind[room])
                return False
        return True

    def _movers(self, session: Session, op: Op) -> list[int]:
        assert op.need is not None
        who = session.there() if op.who is None else [op.who]
        return [i for i in who if self.world.rooms.kind.get(session.room[i] or "") != op.need.place]

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
