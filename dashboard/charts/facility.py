"""The picture of what is changed in a what-if, while it is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.charts.common import Chart
from dashboard.figures import facility


@dataclass(frozen=True, slots=True)
class Pictured:
    """A scenario as it is, and as it is changed."""

    label: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


FACILITY = Chart[Pictured](
    "facility",
    "The facility as you change it",
    "people; animals",
    "Who is on shift through the week, and how many animals fit on the beds.",
    lambda seen: facility.figure(seen.before, seen.after),
    lambda seen: facility.caption(seen.before, seen.after),
    lambda seen: facility.table(seen.before, seen.after),
    230,
)
CHARTS: tuple[Chart[Pictured], ...] = (FACILITY,)
