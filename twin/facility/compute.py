"""The site's computers: so many jobs at once, the others wait."""

from __future__ import annotations

from collections.abc import Callable

#: Their pool.
COMPUTING = "compute:jobs"


class Compute:
    """How many jobs run; ``jobs`` None: there is always another place."""

    def __init__(self, jobs: int | None, wake: Callable[[str], None]) -> None:
        self.jobs, self.wake = jobs, wake
        self.taken = 0

    @property
    def full(self) -> bool:
        """Whether a job must wait."""
        return self.jobs is not None and self.taken >= self.jobs

    def give_back(self) -> None:
        """A job has ended, or was stopped."""
        self.taken -= 1
        self.wake(COMPUTING)
