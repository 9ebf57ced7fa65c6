"""What drives a figure: Morris' and Sobol's indices of inputs, also of every assumed number that a scenario leans on.

SALib (an extra) makes the designs and the indices; the runs share their luck, so that what is left is the inputs.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from twin.errors import UsageError
from twin.experiments.batches import Variant
from twin.experiments.designs import SEED
from twin.experiments.executors import Crew
from twin.experiments.gathering import Done, outcomes
from twin.experiments.playing import played
from twin.experiments.replicate import require_ids, require_kpis
from twin.scenario import loading
from twin.scenario.axes import Axis, setting_text
from twin.scenario.loading import Resolved
from twin.sources import Row

Method: TypeAlias = Literal["morris", "sobol"]

MISSING = "sensitivity needs the extra: pip install 'preclinical-twin[sensitivity]' (SALib)"


@dataclass(frozen=True, slots=True)
class Influence:
    """What one input does to a figure.

    Attributes
    ----------
    input : str
        The path that is set.
    low, high : str
        Between which it was varied.
    index : float
        Morris: mean of the sizes of elementary effects, in the unit of the figure over the whole range. Sobol: total
        index, the share of the variance that would be left if all else were known.
    half_width : float
        Of its 95 % interval.
    first : float or None
        Sobol: first-order index, what the input does alone.
    spread : float or None
        Morris: standard deviation of elementary effects; large: it depends on the others.
    """

    input: str
    low: str
    high: str
    index: float
    half_width: float
    first: float | None = None
    spread: float | None = None


@dataclass(frozen=True, eq=False)
class Influences:
    """The inputs of one figure, the strongest first."""

    scenario: str
    kpi: str
    unit: str
    method: Method
    runs: int
    failed: int
    influences: tuple[Influence, ...]

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        named = ("scenario", "kpi", "unit", "method", "runs", "failed")
        fields = Influence.__slots__
        rows = [{name: getattr(one, name) for name in fields} for one in self.influences]
        return {name: getattr(self, name) for name in named} | {"influences": rows}


def assumed(scenario: Resolved) -> tuple[Axis, ...]:
    """Every assumed number that a run of the scenario uses and that has a range, as an axis."""
    found = [
        _axis(row, row.low, row.high)
        for row in played(scenario).assumed
        if row.low is not None and row.high is not None
    ]
    axes = tuple(axis for axis in found if axis is not None)
    if not axes:
        raise UsageError("a run of this scenario uses no assumed number that has a range")
    return axes


def _axis(row: Row, low: float, high: float) -> Axis | None:
    """An assumed number within its range; a count stays one."""
    if isinstance(row.value, str) or not low < high:
        return None
    name = f"{row.table}.{row.name}"
    whole = row.unit == "1" and all(float(value).is_integer() for value in (row.value, low, high))
    return Axis(name, f"numbers.{name}.value", None, float(low), float(high), _unit(row.unit), whole)


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def influences(
    scenario: Resolved,
    axes: Sequence[Axis],
    kpis: Sequence[str],
    crew: Crew,
    method: Method = "morris",
    size: int = 10,
    replications: int = 1,
    store: Path | None = None,
    done: Done | None = None,
) -> tuple[Influences, ...]:
    """How much each input drives each figure.

    Parameters
    ----------
    scenario : Resolved
    axes : sequence of Axis
        The inputs.
    kpis : sequence of str
    crew : Crew
    method : {"morris", "sobol"}
        Morris' screening takes size x (inputs + 1) points, Sobol's indices size x (inputs + 2).
    size : int
        Trajectories of Morris; base samples of Sobol, best a power of two.
    replications : int
        Of each point, always the same ones; the figure is their mean.
    store : path, optional
    done : callable, optional
    """
    require_ids(kpis)
    if not kpis:
        raise UsageError("say which figure, such as --kpi animals_per_day")
    tools = _salib(method)
    _refuse(scenario, axes)
    problem = {"num_vars": len(axes), "names": [axis.name for axis in axes], "bounds": [[0.0, 1.0]] * len(axes)}
    places = tools.sample(problem, size)
    sets = [
        [setting_text(axis.path, axis.at(u)) for axis, u in zip(axes, place, strict=True)] for place in places.tolist()
    ]
    with closing(crew):
        rows, units = _played(scenario, sets, crew, replications, store, done)
    require_kpis(kpis, units)
    return tuple(_influences(scenario, axes, kpi, units[kpi], method, tools, problem, places, rows) for kpi in kpis)


def _refuse(scenario: Resolved, axes: Sequence[Axis]) -> None:
    """Both ends of every input must be possible."""
    if not axes:
        raise UsageError("say which inputs: --vary PATH=LOW..HIGH, or --assumed for every assumed number")
    for axis in axes:
        for value in (axis.at(0.0), axis.at(1.0)):
            loading.load_data(scenario.data, base=scenario.base, sets=[setting_text(axis.path, value)], check=False)


def _played(
    scenario: Resolved, sets: Sequence[list[str]], crew: Crew, replications: int, store: Path | None, done: Done | None
) -> tuple[list[list[Mapping[str, float | None]]], dict[str, str]]:
    """The figures of every point, replication by replication, and their units."""
    variants: list[Variant] = [(scenario.data, point, True) for point in sets]
    pairs = [(k, r) for k in range(len(sets)) for r in range(replications)]
    rows: list[list[Mapping[str, float | None]]] = [[] for _ in sets]
    units: dict[str, str] = {}
    for found in outcomes(variants, pairs, crew, store, done):
        figures = {} if found.record is None else found.record.figures
        units |= {name: figure["unit"] for name, figure in figures.items()}
        rows[found.place].append({name: figure["value"] for name, figure in figures.items()})
    return rows, units


class _Morris:
    """Elementary effects (Morris 1991, doi 10.1080/00401706.1991.10484804)."""

    def sample(self, problem: Mapping[str, Any], size: int) -> Any:
        from SALib.sample.morris import sample

        return sample(problem, size, num_levels=4, seed=SEED)

    def analyse(self, problem: Mapping[str, Any], places: Any, values: Any) -> Any:
        from SALib.analyze.morris import analyze

        found = analyze(problem, places, values, num_levels=4, seed=SEED)
        return list(zip(found["mu_star"], found["mu_star_conf"], [None] * len(places), found["sigma"], strict=False))


class _Sobol:
    """Variance-based indices (Saltelli 2010, doi 10.1016/j.cpc.2009.09.018)."""

    def sample(self, problem: Mapping[str, Any], size: int) -> Any:
        from SALib.sample.sobol import sample

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a sample that is no power of two converges more slowly
            return sample(problem, size, calc_second_order=False, seed=SEED)

    def analyse(self, problem: Mapping[str, Any], places: Any, values: Any) -> Any:
        from SALib.analyze.sobol import analyze

        found = analyze(problem, values, calc_second_order=False, seed=SEED)
        return list(zip(found["ST"], found["ST_conf"], found["S1"], [None] * len(places), strict=False))


def _salib(method: Method) -> _Morris | _Sobol:
    try:
        import SALib  # noqa: F401 - whether it is there
    except ImportError:
        raise UsageError(MISSING) from None
    return _Morris() if method == "morris" else _Sobol()


def _influences(
    scenario: Resolved,
    axes: Sequence[Axis],
    kpi: str,
    unit: str,
    method: Method,
    tools: Any,
    problem: Any,
    places: Any,
    rows: Any,
) -> Influences:
    import numpy as np

    values = np.array([_mean([figures.get(kpi) for figures in found]) for found in rows])
    failed = int(np.isnan(values).sum())
    if failed == len(values):
        raise UsageError(f"{kpi} is undefined in every run")
    values[np.isnan(values)] = np.nanmean(values)
    if float(np.ptp(values)) == 0.0:
        found: Any = [(0.0, 0.0, 0.0, 0.0)] * len(axes)
    else:
        found = tools.analyse(problem, places, values)
    made = [
        Influence(
            axis.path,
            str(axis.at(0.0)),
            str(axis.at(1.0)),
            float(index),
            _known(half) or 0.0,
            _known(first),
            _known(spread),
        )
        for axis, (index, half, first, spread) in zip(axes, found, strict=True)
    ]
    made.sort(key=lambda one: -one.index)
    return Influences(scenario.scenario.name, kpi, unit, method, sum(map(len, rows)), failed, tuple(made))


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else float("nan")


def _known(value: Any) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124 - NaN is what differs from itself
