"""The best of many: several objectives, found by Optuna (an extra) among runs that share their luck.

Where there are no more points than may be tried, all are. Else trials go in rounds of a fixed size, and what came of
them is told in their order, so that the same file gives the same front whoever plays it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

from twin.errors import UsageError
from twin.experiments.batches import Variant
from twin.experiments.designs import SEED
from twin.experiments.executors import Crew
from twin.experiments.gathering import Done, Outcome, outcomes
from twin.experiments.replicate import Estimate, estimate, require_ids
from twin.scenario.axes import Axis, Value, setting_text
from twin.scenario.sweep_file import OptimiseFile

MISSING = "twin optimise needs the extra: pip install 'preclinical-twin[optimise]' (Optuna)"
ROUND = 20

Point: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One point that was tried.

    Attributes
    ----------
    values : mapping
        Axis -> value.
    objectives : mapping
        Figure -> its estimate; n 0: it could not be played.
    is_best : bool
        Whether no other trial is at least as good in every objective and better in one.
    error : str or None
    """

    values: Mapping[str, Value]
    objectives: Mapping[str, Estimate]
    is_best: bool = False
    error: str | None = None


@dataclass(frozen=True, eq=False)
class Optimised:
    """What was tried, and the Pareto front."""

    name: str
    question: str
    directions: Mapping[str, str]
    replications: int
    trials: tuple[Trial, ...]

    @property
    def front(self) -> list[Trial]:
        """The trials that no other beats, by their first objective."""
        first = next(iter(self.directions))
        return sorted((one for one in self.trials if one.is_best), key=lambda one: one.objectives[first].mean or 0.0)

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "name": self.name,
            "question": self.question,
            "objectives": dict(self.directions),
            "replications": self.replications,
            "tried": len(self.trials),
            "failed": sum(one.error is not None for one in self.trials),
            "front": [_data(one) for one in self.front],
            "trials": [_data(one) for one in self.trials],
        }


def _data(one: Trial) -> dict[str, Any]:
    found = {kpi: {"mean": e.mean, "low": e.low, "high": e.high, "unit": e.unit} for kpi, e in one.objectives.items()}
    return {"values": dict(one.values), "objectives": found, "is_best": one.is_best, "error": one.error}


def optimised(file: OptimiseFile, crew: Crew, store: Path | None = None, done: Done | None = None) -> Optimised:
    """Look for the best points of a file.

    Parameters
    ----------
    file : OptimiseFile
    crew : Crew
        Who plays.
    store : path, optional
        Where runs are looked up and kept: asked again, nothing is played twice.
    done : callable, optional
        Is told how many trials are done.
    """
    require_ids(list(file.objectives))
    known: dict[Point, Trial] = {}
    search = _Few(file) if _is_few(file) else _Optuna(file)
    with closing(crew):
        while points := search.asked():
            new = [point for point in dict.fromkeys(points) if point not in known]
            known |= zip(new, _tried(file, new, crew, store), strict=True)
            search.told([known[point] for point in points])
            if done is not None:
                done(search.count, search.whole)
    if all(one.error for one in known.values()):
        raise UsageError(f"no point could be played; the first: {next(iter(known.values())).error}")
    trials = list(known.values())
    found = tuple(Trial(t.values, t.objectives, _is_best(t, trials, file.objectives), t.error) for t in trials)
    return Optimised(file.name, file.question, file.objectives, file.replications, found)


def _is_few(file: OptimiseFile) -> bool:
    """Whether there are no more points than may be tried."""
    if any(axis.levels is None and not axis.whole for axis in file.axes):
        return False
    return prod(len(_all_of(axis)) for axis in file.axes) <= file.trials


def _all_of(axis: Axis) -> tuple[Value, ...]:
    return axis.levels if axis.levels is not None else tuple(range(int(axis.low), int(axis.high) + 1))


class _Few:
    """Every point, in rounds."""

    def __init__(self, file: OptimiseFile) -> None:
        self.left = list(product(*map(_all_of, file.axes)))
        self.whole, self.count = len(self.left), 0

    def asked(self) -> list[Point]:
        """The points of the next round."""
        points, self.left = self.left[:ROUND], self.left[ROUND:]
        self.count += len(points)
        return points

    def told(self, trials: Sequence[Trial]) -> None:
        """Nothing follows from what came of them."""


class _Optuna:
    """What Optuna asks for, in rounds."""

    def __init__(self, file: OptimiseFile) -> None:
        self.file, self.study = file, _study(file)
        self.whole, self.count = file.trials, 0
        self.open: list[Any] = []

    def asked(self) -> list[Point]:
        """The points of the next round."""
        self.open = [self.study.ask() for _ in range(min(ROUND, self.whole - self.count))]
        self.count += len(self.open)
        return [tuple(a.at(trial.suggest_float(a.name, 0.0, 1.0)) for a in self.file.axes) for trial in self.open]

    def told(self, trials: Sequence[Trial]) -> None:
        """What came of them."""
        for asked, found in zip(self.open, trials, strict=True):
            _tell(self.study, asked, [found.objectives[kpi].mean for kpi in self.file.objectives])


def _study(file: OptimiseFile) -> Any:
    try:
        import optuna
    except ImportError:
        raise UsageError(MISSING) from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    ways: Any = ["minimize" if way == "lower" else "maximize" for way in file.objectives.values()]
    several = len(ways) > 1
    sampler = (
        optuna.samplers.NSGAIISampler(population_size=ROUND, seed=SEED)
        if several
        else optuna.samplers.TPESampler(seed=SEED)
    )
    return optuna.create_study(directions=ways, sampler=sampler)


def _tell(study: Any, trial: Any, values: Sequence[float | None]) -> None:
    if None in values:
        from optuna.trial import TrialState

        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, values)


def _tried(file: OptimiseFile, points: Sequence[Point], crew: Crew, store: Path | None) -> list[Trial]:
    """The trials of a round."""
    variants: list[Variant] = [
        (file.base.data, [setting_text(axis.path, value) for axis, value in zip(file.axes, point, strict=True)], True)
        for point in points
    ]
    pairs = [(k, r) for k in range(len(points)) for r in range(file.replications)]
    found: list[list[Outcome]] = [[] for _ in points]
    for one in outcomes(variants, pairs, crew, store):
        found[one.place].append(one)
    names = [axis.name for axis in file.axes]
    return [
        _trial(dict(zip(names, point, strict=True)), of_point, file.objectives)
        for point, of_point in zip(points, found, strict=True)
    ]


def _trial(values: Mapping[str, Value], found: Sequence[Outcome], objectives: Mapping[str, str]) -> Trial:
    errors = [one.error for one in found if one.error]
    records = [one.record for one in found if one.record is not None]
    units = {name: figure["unit"] for record in records for name, figure in record.figures.items()}
    made = {kpi: estimate([record.value(kpi) for record in records], units.get(kpi, "1")) for kpi in objectives}
    undefined = [kpi for kpi, one in made.items() if one.mean is None]
    said = errors[0] if errors else f"{undefined[0]} is undefined" if undefined else None
    return Trial(values, {kpi: Estimate(one.unit, 0) for kpi, one in made.items()} if said else made, error=said)


def _is_best(one: Trial, trials: Sequence[Trial], directions: Mapping[str, str]) -> bool:
    return one.error is None and not any(_beats(other, one, directions) for other in trials if other.error is None)


def _beats(other: Trial, one: Trial, directions: Mapping[str, str]) -> bool:
    gains = []
    for kpi, way in directions.items():
        mine, theirs = one.objectives[kpi].mean, other.objectives[kpi].mean
        assert mine is not None, "a trial without an error has its objectives"
        assert theirs is not None, "same"
        gains.append(mine - theirs if way == "lower" else theirs - mine)
    return min(gains) >= 0.0 and max(gains) > 0.0
