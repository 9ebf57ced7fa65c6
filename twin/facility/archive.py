"""The archive of data where it may stop scans: what is in it, what is under way, and when more room comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.distributions import tick

if TYPE_CHECKING:
    from twin.facility.world import World


class Archive:
    """How full it is.

    Attributes
    ----------
    held_gb, capacity_gb : float
        What is in it, and what it takes [GB].
    calls : int
        How often more was asked for.
    coming : bool
        Whether it is on its way.
    """

    def __init__(self, world: World) -> None:
        self.world, self.rules = world, world.site.archive
        self.held_gb = self.rules.filled_gb if self.rules else 0.0
        self.capacity_gb = self.rules.capacity_gb if self.rules else 0.0
        self.calls, self.coming = 0, False

    def refuses(self, protocol: str, animals: int) -> bool:
        """Whether there is no room for what a session would scan, beside those under way; then more is asked for."""
        if self.rules is None:
            return False
        wanted_gb = animals * self.rules.data_gb.get(protocol, 0.0)
        if wanted_gb <= 0.0 or self.held_gb + self._to_come_gb() + wanted_gb <= self.capacity_gb:
            return False
        if not self.coming:
            wait_s = self.rules.more_after.sample(self.world.luck.uniform("archive_extended", "archive", self.calls))
            self.calls, self.coming = self.calls + 1, True
            self.world.happenings.to_site("archive_full")
            self.world.clock.at(self.world.clock.moment_s + tick(wait_s), "archive_extended")
        return True

    def _to_come_gb(self) -> float:
        """Of sessions that are under way [GB]."""
        assert self.rules is not None
        return sum(s.present.count(True) * self.rules.data_gb.get(s.plan, 0.0) for s in self.world.sessions.values())

    def scanned(self, protocol: str) -> None:
        """A visit was completed: its data are there."""
        if self.rules is not None:
            self.held_gb += self.rules.data_gb.get(protocol, 0.0)

    def extended(self) -> None:
        """What was bought is there."""
        assert self.rules is not None
        self.capacity_gb, self.coming = self.capacity_gb + self.rules.more_gb, False
        self.world.happenings.to_site("archive_extended")

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> list[Any]:
        """Everything as JSON values."""
        return [self.held_gb, self.capacity_gb, self.calls, self.coming]

    def from_plain(self, plain: list[Any]) -> None:
        """What `to_plain` wrote."""
        self.held_gb, self.capacity_gb, self.calls, self.coming = plain
