"""Days of a facility: it opens, it closes, and who has not touched an animal by then goes home."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from twin.facility.calendars import DAY_S, last_midnight_s

if TYPE_CHECKING:
    from twin.facility.world import World


class Days:
    """Opens and closes a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def begin(self) -> None:
        """Set the first alarm."""
        self._next(0)

    def next_day(self, now: float) -> float:
        """The next opening after today's closing; where it never closes, a day later [s]."""
        today = self.world.opening.at(now)
        if today is None or today[1] - now > DAY_S:
            return now + DAY_S
        return next((a for a, _ in self.world.opening.from_(today[1])), now + DAY_S)

    def _next(self, k: int) -> None:
        if k < len(self.world.opening.intervals):
            self.world.clock.at(self.world.opening.intervals[k][0], "opening", k)

    def opening(self, k: int) -> None:
        """The facility opens."""
        self.world.happenings.to_site("opening")
        first, last = self.world.opening.intervals[k]
        self.world.clock.at(last, "closing", k)
        for day in range(1, int((min(last, self.world.site.horizon_s) - first) // DAY_S) + 1):
            # a site that does not close in the evening books every day too
            self.world.clock.at(first + day * DAY_S, "round")
        today = last_midnight_s(self.world.site.start, first)
        if k == 0 or self.world.opening.intervals[k - 1][1] <= today:
            self.morning()
        for day in range(1, ceil((min(last, self.world.site.horizon_s) - today) / DAY_S)):
            self.world.clock.at(today + day * DAY_S, "morning")

    def morning(self) -> None:
        """What falls due once on an open day: at its first opening, or at midnight if it is open then."""
        self.world.upkeep.morning()
        self.world.caring.morning()

    def closing(self, k: int) -> None:
        """Sessions that have not touched an animal are over; the next round of booking."""
        self.world.happenings.to_site("closing")
        for tracer in self.world.hot_lab.tracers:
            self.world.allocator.wake("tracer:" + tracer)
        self._next(k + 1)
        self.world.waste.end_of_day()
        self._send_home()
        if self.world.site.policies.booking != "walk_in":
            self.world.clock.at(self.world.clock.moment_s + self.world.site.policies.stay_for_committed_s, "night")
        self.world.clock.at(self.world.clock.moment_s, "round")

    def _send_home(self) -> None:
        """Sessions that were due today and have not touched an animal; those of tomorrow's slots fast on.

        Without slots they wait until tomorrow, but nobody goes hungry overnight for it.
        """
        now = self.world.clock.moment_s
        walk_in = self.world.site.policies.booking == "walk_in"
        due = [s for s in self.world.sessions.values() if s.booked_s is None or s.booked_s <= now + DAY_S / 24]
        due = [s for s in due if (not walk_in or any(s.fasting)) and not self.world.service.is_out_of_hours(s.study)]
        self.call_off([s.name for s in due if s.visits], "day_over")

    def call_off(self, names: list[str], reason: str) -> None:
        """Sessions that have not touched an animal are not gone on with."""
        for name in sorted(names):
            session = self.world.sessions.get(name)
            if session is not None and not session.committed:
                session.called_off = reason
                if not session.running:
                    self.world.sessions_end.give_up(session, reason)
