"""Charts of the page Compare: from what ``twin compare --json`` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.charts.common import Chart
from dashboard.figures import differences


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer of a job."""

    job: str
    answer: Mapping[str, Any]

    @property
    def label(self) -> str:
        """For the names of files."""
        return self.job


DIFFERENCES = Chart[Answered](
    "differences",
    "Difference to the first scenario",
    "% of its value",
    "A mark for each figure, its line is the interval. A line that touches 0 proves nothing.",
    lambda seen: differences.figure(seen.answer),
    lambda seen: differences.caption(seen.answer),
    lambda seen: differences.table(seen.answer),
    300,
)
CHARTS: tuple[Chart[Answered], ...] = (DIFFERENCES,)
