"""What the pages are given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboard.jobs import Jobs
    from dashboard.runs import Runs


@dataclass(frozen=True, slots=True)
class Config:
    """One dashboard.

    Attributes
    ----------
    store : Path
        Where run folders lie.
    scenarios : Path
        Folder of the user's own scenarios.
    jobs : Jobs
        The queue.
    runs : Runs
        The runs of the store.
    name : str
        What stands in the title.
    """

    store: Path
    scenarios: Path
    jobs: Jobs
    runs: Runs
    name: str = "Preclinical Twin"
