"""The part of the door that plays many runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.api.scenarios import Source, resolved
from twin.experiments import playing
from twin.results import store as run_store

if TYPE_CHECKING:
    from twin.experiments.compare import Compared
    from twin.experiments.day_plan import DayPlan
    from twin.experiments.finishing import Chance
    from twin.experiments.gathering import Done
    from twin.experiments.optimise import Optimised
    from twin.experiments.replicate import Replicated
    from twin.experiments.selection import Selection
    from twin.experiments.sensitivity import Influences, Method
    from twin.experiments.size import Sized
    from twin.experiments.sweep import Swept
    from twin.experiments.sweep_plan import Plan

#: What the plan of a day is compared in.
PLANNED = ("animals_imaged", "wait_mean_min[all]", "end_of_day", "overtime_min")


def replicate(
    scenario: Source,
    n: int = 20,
    *,
    precision: float | None = None,
    kpis: Sequence[str] = (),
    most: int = 500,
    seed: int | None = None,
    confidence: float = 0.95,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Replicated:
    """Play a scenario many times with other luck; every figure gets its interval.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    n : int
        Replications; not used with `precision`.
    precision : float, optional
        As many replications as it takes until the half widths of `kpis` are at most this share of their means.
    kpis : sequence of str
        The figures of which `precision` is asked.
    most : int
        Most replications for `precision`.
    seed : int, optional
        Instead of the scenario's.
    confidence : float
        Of the intervals.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept; None: every run is played.
    done : callable, optional
        Is told how many runs are done, and of how many at the most.

    Returns
    -------
    Replicated
        With ``kpis`` (id -> mean, low, high ...), ``table`` (one row a replication) and ``as_data()``.
    """
    from twin.experiments import replicate as experiment
    from twin.experiments.executors import growing

    made = playing.seeded(resolved(scenario, check=True), seed)
    who, kept = growing(workers), None if store is None else Path(store)
    if precision is None:
        return experiment.replicated(made, n, confidence, who, kept, done)
    return experiment.precise(made, precision, kpis, most, confidence, who, kept, done)


def finished_by(
    scenario: Source,
    moment: dt.datetime,
    n: int = 20,
    *,
    confidence: float = 0.95,
    workers: int | None = 1,
    done: Done | None = None,
) -> tuple[Chance, ...]:
    """How likely every study, and every visit that all replications have, is finished by a moment.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    moment : datetime
        In the scenario's local time.
    n : int
        Replications.
    confidence : float
        Of Wilson's intervals.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    done : callable, optional
        Is told how many runs are done.
    """
    from twin.experiments import finishing
    from twin.experiments.executors import growing

    return finishing.finished_by(resolved(scenario, check=True), moment, n, confidence, growing(workers), done)


def compare(
    *scenarios: Source,
    n: int = 20,
    kpis: Sequence[str] = (),
    seed: int | None = None,
    confidence: float = 0.95,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Compared:
    """Play scenarios with the same luck and compare each with the first, figure by figure.

    Parameters
    ----------
    *scenarios : str, Path, mapping or Resolved
        At least two.
    n : int
        Replications of each.
    kpis : sequence of str
        Figures to speak of; the intervals of several hold together with `confidence` (Bonferroni). None: all, each
        interval by itself.
    seed : int, optional
        Of all; None: that of the first scenario.
    confidence : float
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept; None: every run is played.
    done : callable, optional
        Is told how many runs are done, and of how many.

    Returns
    -------
    Compared
        With ``differences``, ``sentences`` and ``as_data()``.
    """
    from twin.experiments import compare as experiment
    from twin.experiments.executors import growing

    place = None if store is None else Path(store)
    made = [resolved(scenario, check=True) for scenario in scenarios]
    made[:1] = [playing.seeded(first, seed) for first in made[:1]]
    return experiment.compared(made, n, kpis, confidence, growing(workers), place, done)


def sweep_plan(file: str | Path) -> Plan:
    """Every run of a sweep file (a path, or a bundled name), without playing any.

    Raises
    ------
    ScenarioError
        With all mistakes of the file at once.
    """
    from twin.experiments.sweep_plan import planned
    from twin.scenario.sweep_file import load as load_sweep

    return planned(load_sweep(file))


def bundled_sweeps() -> tuple[str, ...]:
    """Names of the sweep files that are shipped."""
    from twin.scenario.sweep_file import bundled

    return tuple(bundled())


def sweep_folder(plan: Plan) -> Path:
    """Where a sweep is kept if no folder is named: in the store, by its name and digest."""
    return run_store.default_store() / "sweeps" / f"{plan.name}-{plan.identity[:8]}"


def sweep(
    file: str | Path | Plan,
    folder: str | Path | None = None,
    *,
    workers: int | None = None,
    dask: str | None = None,
    shard: tuple[int, int] | None = None,
    resume: bool = False,
    changed: bool = False,
    keep_events: bool = False,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Swept:
    """Play a sweep: all its points, each as often as it says, into a folder from which it can go on.

    Parameters
    ----------
    file : str, Path or Plan
        A path, a bundled name, or what `sweep_plan` gives.
    folder : path, optional
        The sweep's folder itself; None: one in the default store.
    workers : int, optional
        Processes; None: one for each core. One is this process itself.
    dask : str, optional
        Address of a Dask scheduler, instead of processes.
    shard : (number, of), optional
        Only part `number`, from 1, of `of` parts.
    resume : bool
        Go on in a folder that holds this sweep; one that holds none is begun.
    changed : bool
        Go on although the version differs.
    keep_events : bool
        Write a run folder for each run.
    store : path, optional
        Where runs are looked up and kept; None: ``$TWIN_STORE``, else ``./runs``.
    done : callable, optional
        Is told how many runs have rows, and how many there will be.

    Returns
    -------
    Swept
        With ``table``, ``state`` and ``folder``.
    """
    from twin.experiments import executors
    from twin.experiments import sweep as experiment

    plan = sweep_plan(file) if isinstance(file, str | Path) else file
    return experiment.run(
        plan, sweep_folder(plan) if folder is None else Path(folder), executors.crew(workers, dask), resume=resume,
        changed=changed, shard=shard, store=_stored_at(store), keep_events=keep_events, done=done,
    )  # fmt: skip


def _stored_at(folder: str | Path | None) -> Path:
    """A store; None: ``$TWIN_STORE``, else ``./runs``."""
    return run_store.default_store() if folder is None else Path(folder)


def open_sweep(folder: str | Path) -> Swept:
    """The sweep of a folder, or of an address that fsspec opens (its plan alone)."""
    from twin.experiments import sweep as experiment

    return experiment.opened(str(folder))


def size(
    scenario: Source,
    targets: Sequence[str],
    vary: Mapping[str, Sequence[Any]],
    *,
    confidence: float = 0.95,
    most: int = 80,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Sized:
    """The cheapest configuration that meets all targets.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    targets : sequence of str
        ``"animals_per_day.mean >= 12"``, ``"overtime_min.p95 <= 15"``, ``"end_of_day.share(<= 18) >= 90%"``.
    vary : mapping
        Path -> the values that it may have.
    confidence : float
        That the answer meets all targets.
    most : int
        Most replications of a configuration.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept; None: every run is played.
    done : callable, optional

    Returns
    -------
    Sized
        With ``best``, ``binds``, ``sentence``, ``configurations`` and ``as_data()``.
    """
    from twin.experiments.executors import growing
    from twin.experiments.size import sized
    from twin.experiments.targets import target

    wanted = tuple(target(text) for text in targets)
    place = None if store is None else Path(store)
    return sized(resolved(scenario, check=True), wanted, vary, growing(workers), confidence, most, place, done)


def select(
    *scenarios: Source,
    kpi: str,
    within: float | None = None,
    budget: int | None = None,
    confidence: float = 0.95,
    most: int = 1000,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Selection:
    """The best of several scenarios in a figure that has a better direction.

    Parameters
    ----------
    *scenarios : str, Path, mapping or Resolved
        All are played with the luck of the first.
    kpi : str
    within : float, optional
        A smaller difference does not matter: KN++ plays until it is sure.
    budget : int, optional
        Runs altogether, instead of `within`: OCBA spends them where they tell most.
    confidence : float
        Of KN++.
    most : int
        Most replications of a scenario by KN++.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept.
    done : callable, optional
        Is told how many runs are done, and how many there will be at the most.
    """
    from twin.experiments.executors import growing
    from twin.experiments.selection import selected

    made = [resolved(scenario, check=True) for scenario in scenarios]
    place = None if store is None else Path(store)
    return selected(made, kpi, within, budget, confidence, most, growing(workers), place, done)


def sensitivity(
    scenario: Source,
    kpis: Sequence[str],
    vary: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    assumed: bool = False,
    method: Method = "morris",
    size: int = 10,
    replications: int = 3,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> tuple[Influences, ...]:
    """What drives figures: Morris' or Sobol's indices of inputs.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    kpis : sequence of str
    vary : mapping, optional
        Path -> lowest and highest value.
    assumed : bool
        Also every assumed number of the tables that the scenario uses, within its range.
    method : {"morris", "sobol"}
    size : int
        Trajectories of Morris, or base samples of Sobol.
    replications : int
        Of each point, with the same luck at all points.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
    done : callable, optional

    Returns
    -------
    tuple of Influences
        One for each figure; its ``influences`` are sorted, the strongest first.
    """
    from twin.experiments import sensitivity as experiment
    from twin.experiments.executors import growing
    from twin.scenario.axes import axis_of

    made = resolved(scenario, check=True)
    axes = [axis_of(path, low, high) for path, (low, high) in (vary or {}).items()]
    axes += experiment.assumed(made) if assumed else []
    place = None if store is None else Path(store)
    return experiment.influences(made, axes, kpis, growing(workers), method, size, replications, place, done)


def plan(scenario: Source, date: dt.date, *, n: int = 10, kpis: Sequence[str] = PLANNED) -> DayPlan:
    """A plan of one day by CP-SAT, and how it does beside the rules under the same luck.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    date : date
        A day that the scenario plays. Its animals are those that the scenario's own rule books for that day.
    n : int
        Replications of the comparison; 0: none.
    kpis : sequence of str
        What is compared.

    Returns
    -------
    DayPlan
        With ``booked``, ``rows()``, ``purchased_bq``, ``feasible`` and ``comparison``.
    """
    from twin.experiments.day_plan import planned

    return planned(resolved(scenario, check=True), date, n, kpis)


def optimise(
    file: str | Path,
    *,
    trials: int | None = None,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Optimised:
    """The points that no other beats in every objective.

    Parameters
    ----------
    file : str or Path
        An optimisation file, or a bundled name.
    trials : int, optional
        Points to try; None: the file's.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept.
    done : callable, optional

    Returns
    -------
    Optimised
        With ``front``, ``trials`` and ``as_data()``.
    """
    from dataclasses import replace

    from twin.experiments.executors import growing
    from twin.experiments.optimise import optimised
    from twin.scenario.sweep_file import load_optimise

    read = load_optimise(file)
    read = read if trials is None else replace(read, trials=trials)
    return optimised(read, growing(workers), None if store is None else Path(store), done)
