"""Experiments of many runs: to ask for one, and what came of it as far as a user may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import access
from dashboard.desk.asked import SeenJobs
from dashboard.desk.asking import Asking, Watched
from dashboard.jobs import Experiment, Refused, Request, Status

if TYPE_CHECKING:
    from dashboard.config import Config

LETTERS = "ABCDEF"


@dataclass(frozen=True, slots=True)
class Line:
    """An experiment of the store, for a list."""

    job: str
    label: str
    state: str
    share: float
    written: str
    user: str


class Experiments:
    """Comparisons, sweeps and sizings.

    Parameters
    ----------
    config : Config
    asking : Asking
    """

    def __init__(self, config: Config, asking: Asking) -> None:
        self.jobs, self.asking = SeenJobs(config.jobs), asking

    def ask(
        self, experiment: Experiment, scenario: str, patch: str = "", seed: int | None = None, days: float | None = None
    ) -> str:
        """Put it into the queue; its job. `Refused` when it cannot be asked for so."""
        user = access.current_user().name
        return self.jobs.submit(Request(scenario, patch, seed, days, user, experiment))

    def watched(self, job: str) -> Watched:
        """How a job stands."""
        return self.asking.watched({"job": job})

    def asked(self, job: str) -> Request | None:
        """What a job was asked for; None: there is no such experiment."""
        try:
            request = self.jobs.status(job).request
        except Refused:
            return None
        return request if request.experiment else None

    def answer(self, job: str | None, kind: str = "compare") -> dict[str, Any] | None:
        """What came of a job, without what the user may not see; None: there is nothing, or it is of another kind."""
        if not job:
            return None
        try:
            said = self.jobs.answer(job)
        except Refused:
            return None
        return said if said is not None and said.get("kind") == kind else None

    def listing(self, kinds: Sequence[str], most: int = 20) -> list[Line]:
        """The newest experiments of these kinds."""
        found = (one for one in self.jobs.listing() if one.request.experiment and one.request.experiment.kind in kinds)
        return [_line(one) for one, _ in zip(found, range(most), strict=False)]


def _line(status: Status) -> Line:
    return Line(
        status.job, status.label, status.state, status.share, f"{status.submitted:%d %b %Y, %H:%M}", status.user
    )
