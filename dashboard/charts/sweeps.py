"""Charts of the page Sweeps and sizing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.charts.common import Chart
from dashboard.charts.compare import Answered
from dashboard.figures import comparison, sizing, sweep


@dataclass(frozen=True, slots=True)
class Explored:
    """A sweep that is looked at.

    Attributes
    ----------
    label : str
        Name of its folder.
    axes, kpis : sequence of str
    columns : mapping of name to a value for each finished run
    units, directions : mapping of figure to unit, and to which is better
    kpi, against : str
        The figure that is looked at, and the one it is held against.
    """

    label: str
    axes: Sequence[str]
    kpis: Sequence[str]
    columns: Mapping[str, Sequence[Any]]
    units: Mapping[str, str]
    directions: Mapping[str, str]
    kpi: str
    against: str

    @property
    def across(self) -> tuple[str, str]:
        """The two axes of the heat map; of one axis the same twice."""
        return self.axes[0], self.axes[min(1, len(self.axes) - 1)]

    @property
    def kpis_first(self) -> list[str]:
        """The figures, that which is looked at first."""
        return [self.kpi, *(kpi for kpi in self.kpis if kpi != self.kpi)]

    @property
    def points(self) -> pd.DataFrame:
        """Mean of each figure at each point."""
        return pd.DataFrame(sweep.points(self.axes, self.kpis, self.columns))


def _best(seen: Explored) -> str:
    way, unit = seen.directions.get(seen.kpi, ""), seen.units.get(seen.kpi, "")
    return sweep.best(seen.axes, seen.kpi, seen.columns, way, unit)


def _effects(seen: Explored) -> Any:
    return sweep.main_effects(seen.axes, seen.kpi, seen.columns, seen.units.get(seen.kpi, ""))


def _heat(seen: Explored) -> Any:
    return sweep.heat_map(*seen.across, seen.kpi, seen.columns, seen.units.get(seen.kpi, ""))


def _frontier(seen: Explored) -> Any:
    return sweep.frontier(seen.axes, seen.kpi, seen.against, seen.columns, seen.units, seen.directions)


def _beaten(seen: Explored) -> str:
    rows = sweep.points(seen.axes, [seen.kpi, seen.against], seen.columns)
    own = sweep.front(rows, seen.kpi, seen.against, seen.directions)
    both = " and ".join(
        comparison.label_of(kpi)[:1].lower() + comparison.label_of(kpi)[1:] for kpi in (seen.kpi, seen.against)
    )
    return f"{len(own)} of {len(rows)} points are beaten by no other in both {both}."


EFFECTS = Chart[Explored](
    "effects", "What drives the figure", "mean", "The mean by each axis, over all values of the others.", _effects,
    _best, lambda seen: seen.points,
)  # fmt: skip
HEAT = Chart[Explored](
    "heat", "Two axes at once", "mean", "The mean for each pair of values of the first two axes.", _heat, _best,
    lambda seen: seen.points, 360,
    narrow=lambda seen: sweep.heat_map_narrow(*seen.across, seen.kpi, seen.columns, seen.units.get(seen.kpi, "")),
)  # fmt: skip
FRONTIER = Chart[Explored](
    "frontier", "One figure against another", "means", "Filled marks are beaten by no other point in both figures.",
    _frontier, _beaten, lambda seen: seen.points, 360,
)  # fmt: skip
PARALLEL = Chart[Explored](
    "parallel", "Every point", "each scaled",
    "A line for each point; the bluer and thicker, the more of the first figure.",
    lambda seen: sweep.parallel(seen.axes, seen.kpis_first, seen.columns, seen.units),
    lambda seen: f"{len(seen.columns[seen.kpi])} finished runs of {len(seen.points)} points.",
    lambda seen: pd.DataFrame({name: seen.columns[name] for name in (*seen.axes, *seen.kpis)}), 400,
    narrow=lambda seen: sweep.parallel_narrow(seen.axes, seen.kpis_first, seen.columns, seen.units),
)  # fmt: skip
CHARTS: tuple[Chart[Explored], ...] = (EFFECTS, HEAT, FRONTIER, PARALLEL)
SIZING = Chart[Answered](
    "sizing", "Cost against the first target", "of the simulated time", "The cheapest that meets all is wanted.",
    lambda seen: sizing.figure(seen.answer), lambda seen: sizing.caption(seen.answer),
    lambda seen: sizing.table(seen.answer), 340,
)  # fmt: skip
