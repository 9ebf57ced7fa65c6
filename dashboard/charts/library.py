"""Charts of the page Library: the comparisons with published numbers."""

from __future__ import annotations

from dashboard.charts.common import Chart
from dashboard.charts.compare import Answered
from dashboard.figures import validation

VALIDATION = Chart[Answered](
    "validation",
    "How far the twin is from published numbers",
    "in parts of what was allowed",
    "Only comparisons whose number set nothing in the twin. Between the dashed lines is what was allowed beforehand.",
    lambda seen: validation.figure(seen.answer["rows"]),
    lambda seen: validation.counted(seen.answer["rows"]),
    lambda seen: validation.table(seen.answer["rows"]),
    400,
)
CHARTS: tuple[Chart[Answered], ...] = (VALIDATION,)
