"""What the search for circles of waiting may cost before it is given up: counted, not timed."""

from __future__ import annotations

#: Spots that are gone through before the search is given up: some seconds. What people write needs some thousands.
MOST_SPOTS = 100_000


class UndecidedError(Exception):
    """The search for circles of waiting would take too long; says why."""


class Effort:
    """Counts the spots gone through, so that the verdict takes as long on every machine to the same end."""

    def __init__(self, most: int | None = None) -> None:
        self.most = self.left = MOST_SPOTS if most is None else most

    def spend(self, spots: int) -> None:
        """Raise UndecidedError when there is nothing left to spend."""
        self.left -= spots
        if self.left < 0:
            raise UndecidedError(f"there are more than {self.most} ways in which its sessions may stand")
