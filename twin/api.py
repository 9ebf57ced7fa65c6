"""The one door: the notebook, the command line and the dashboard all come in here.

>>> from twin import api
>>> result = api.simulate("baseline", seed=7)           # doctest: +SKIP
>>> result.kpis["animals_per_day"]                      # doctest: +SKIP
{'value': 22.8, 'unit': '1/d'}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from twin import units
from twin.errors import Problem, ScenarioError, StoreError, TwinError, UnitError, UsageError, nearest
from twin.experiments import playing
from twin.experiments.playing import Progress
from twin.plan import TASKS
from twin.results import kpis as kpi_list
from twin.results import manifest, store, stored
from twin.results.kpis import Figure
from twin.results.result import Result
from twin.results.run import Facts, Run
from twin.results.stored import RunLine, StoredRun
from twin.results.tables import Tables
from twin.scenario import digest as digests
from twin.scenario import loading, patching, plain_yaml
from twin.scenario.loading import Resolved, bundled
from twin.scenario.patching import changes, read_patch

if TYPE_CHECKING:
    from twin.experiments import comparisons
    from twin.experiments.compare import Compared
    from twin.experiments.replicate import Done, Replicated
    from twin.experiments.sweep import Swept
    from twin.experiments.sweep_plan import Plan

__all__ = [
    "Facts", "Problem", "Progress", "Result", "RunLine", "ScenarioError", "StoreError", "StoredRun", "Tables",
    "TwinError", "UsageError", "bundled", "changes", "check", "compare", "kept", "kpi_definitions", "kpis", "load",
    "open", "open_sweep", "patched", "problems", "read_patch", "replicate", "require_budgets", "runs", "schema",
    "simulate", "sweep", "sweep_folder", "sweep_plan", "tables", "task_words", "validate", "yaml_text",
]  # fmt: skip

#: A bundled name, a path, plain data, or what `load` gives.
Source: TypeAlias = "str | Path | Mapping[str, Any] | Resolved"


def load(source: str | Path, sets: Sequence[str] = (), *, check: bool = True, **overrides: Any) -> Resolved:
    """Read a scenario with all that it extends.

    Parameters
    ----------
    source : str or Path
        A bundled name or a path.
    sets : sequence of str
        ``PATH=VALUE``, such as ``staff.technologist.count=3``.
    check : bool
        Whether the meaning is checked too.
    **overrides
        Values of top-level keys, such as ``days=2``.

    Raises
    ------
    ScenarioError
        With all mistakes at once.
    """
    resolved = loading.load(source, sets, check=check, **overrides)
    if check:
        require_budgets(resolved)
    return resolved


def require_budgets(resolved: Resolved) -> None:
    """Raise ScenarioError if a budget names no figure, or a limit that cannot be compared with it."""
    if problems := list(_budget_problems(resolved)):
        raise ScenarioError(problems)


def _budget_problems(resolved: Resolved) -> Iterator[Problem]:
    """Budgets of figures that no run has, and limits that cannot be compared with theirs."""
    for name, budget in resolved.scenario.budgets.items():
        path = ("budgets", name)
        if kpi_list.kpi_of(budget.kpi) is None:
            near = nearest(budget.kpi.partition("[")[0], kpi_list.BY_ID)
            message = "there is no such figure (`twin list kpis` shows them)"
            yield resolved.problem((*path, "kpi"), message, budget.kpi, nearest=near)
            continue
        unit = kpi_list.unit_of(budget.kpi, resolved.scenario.prices.currency)
        for key in ("at_most", "at_least"):
            limit = getattr(budget, key)
            if limit is not None and (problem := _limit_problem(limit, unit)):
                yield resolved.problem((*path, key), problem, limit)


def _limit_problem(limit: str | float, unit: str) -> str | None:
    try:
        units.parse(limit, unit)
    except UnitError as error:
        return str(error)
    return None


def check(source: str | Path, sets: Sequence[str] = ()) -> tuple[Problem, ...]:
    """All mistakes of a scenario; none: it can be run."""
    try:
        load(source, sets)
    except ScenarioError as error:
        return error.problems
    return ()


def patched(
    source: str | Path, patch: str, folder: str | Path | None = None, *, check: bool = True, **overrides: Any
) -> Resolved:
    """A scenario with a patch over it, as a file with this text that extends it would be.

    Parameters
    ----------
    source : str or Path
        A bundled name or a path.
    patch : str
        YAML; may be empty.
    folder : path, optional
        The only folder whose files the patch may name; None: no files.
    check : bool
        Whether the meaning is checked too.
    **overrides
        Values of top-level keys, such as ``days=2``.

    Raises
    ------
    ScenarioError
        With all mistakes at once.
    """
    within = None if folder is None else Path(folder)
    resolved = patching.patched(source, patch, within, check=check, **overrides)
    if check:
        require_budgets(resolved)
    return resolved


def problems(source: str | Path, patch: str, folder: str | Path | None = None) -> tuple[Problem, ...]:
    """All mistakes of a scenario with a patch over it; none: it can be run."""
    try:
        patched(source, patch, folder)
    except ScenarioError as error:
        return error.problems
    return ()


def yaml_text(data: Mapping[str, Any]) -> str:
    """Plain data as YAML that every reader takes the same way."""
    return "".join(f"{line}\n" for line in plain_yaml.lines(dict(data)))


def schema() -> dict[str, Any]:
    """The JSON Schema of scenario files."""
    from twin.scenario.schema import json_schema

    return json_schema()


def simulate(
    scenario: Source,
    seed: int | None = None,
    replication: int = 0,
    check: bool = True,
    progress: Progress | None = None,
) -> Result:
    """Play a scenario once.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
        A bundled name, a path, plain data, or what `load` gives.
    seed : int, optional
        Instead of the scenario's.
    replication : int
        Which of the seed's lucks; 0 is what ``twin run`` plays.
    check : bool
        Whether the meaning of a scenario that is read here is checked.
    progress : callable, optional
        Is told the simulated time so far and the whole of it [s].

    Raises
    ------
    ScenarioError
        With all mistakes at once.
    CircleError
        When nothing can move any more.
    """
    if replication < 0:
        raise UsageError(f"replication {replication}: replications count from 0")
    return playing.played(playing.seeded(_resolved(scenario, check), seed), replication, progress)


def _resolved(scenario: Source, check: bool) -> Resolved:
    if isinstance(scenario, Resolved):
        return scenario
    if isinstance(scenario, Mapping):
        return loading.load_data(scenario, check=check)
    return load(scenario, check=check)


def replicate(
    scenario: Source,
    n: int = 20,
    *,
    precision: float | None = None,
    kpis: Sequence[str] = (),
    most: int = 500,
    seed: int | None = None,
    confidence: float = 0.95,
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

    resolved = playing.seeded(_resolved(scenario, check=True), seed)
    kept = None if store is None else Path(store)
    if precision is None:
        return experiment.replicated(resolved, n, confidence, kept, done)
    return experiment.precise(resolved, precision, kpis, most, confidence, kept, done)


def compare(
    *scenarios: Source,
    n: int = 20,
    kpis: Sequence[str] = (),
    seed: int | None = None,
    confidence: float = 0.95,
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

    resolved = [_resolved(scenario, check=True) for scenario in scenarios]
    resolved[:1] = [playing.seeded(first, seed) for first in resolved[:1]]
    return experiment.compared(resolved, n, kpis, confidence, None if store is None else Path(store), done)


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


def sweep_folder(plan: Plan) -> Path:
    """Where a sweep is kept if no folder is named: in the store, by its name and digest."""
    return store.default_store() / "sweeps" / f"{plan.name}-{plan.identity[:8]}"


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
    from twin.experiments import sweep as experiment

    plan = sweep_plan(file) if isinstance(file, str | Path) else file
    return experiment.run(
        plan, sweep_folder(plan) if folder is None else Path(folder), experiment.crew(workers, dask), resume=resume,
        changed=changed, shard=shard, store=_stored_at(store), keep_events=keep_events, done=done,
    )  # fmt: skip


def _stored_at(folder: str | Path | None) -> Path:
    """A store; None: ``$TWIN_STORE``, else ``./runs``."""
    return store.default_store() if folder is None else Path(folder)


def open_sweep(folder: str | Path) -> Swept:
    """The sweep of a folder, or of an address that fsspec opens (its plan alone)."""
    from twin.experiments import sweep as experiment

    return experiment.opened(str(folder))


def tables(source: Result | Run | str | Path) -> Tables:
    """The tables of a result, of a run or of a run folder."""
    if isinstance(source, Result):
        return source.tables
    return Tables(source if isinstance(source, Run) else store.open_run(source))


def kpis(source: Result | Run | str | Path) -> dict[str, Figure]:
    """The KPIs of a result, of a run, or of a run folder as they were computed when it was written."""
    if isinstance(source, Result):
        return source.kpis
    return kpi_list.compute(source) if isinstance(source, Run) else store.read_figures(source)


def kpi_definitions() -> dict[str, dict[str, str | None]]:
    """What each KPI is, by its ID: definition, unit, direction (which is better) and index (what a member is)."""
    said = ("definition", "unit", "direction", "index")
    return {kpi.id: {name: getattr(kpi, name) for name in said} for kpi in kpi_list.KPIS}


def task_words() -> dict[str, str]:
    """What a person reads for each task of the tables."""
    return {task: label for task, (label, _) in TASKS.items()}


def runs(folder: str | Path | None = None) -> tuple[RunLine, ...]:
    """The runs of a store, newest first; None: ``$TWIN_STORE``, else ``./runs``."""
    return stored.listing(store.default_store() if folder is None else Path(folder))


def open(run_dir: str | Path) -> StoredRun:  # noqa: A001 - ``api.open`` is what one says
    """A run folder: its tables, KPIs, manifest, and the sentence on what limits throughput."""
    return stored.opened(run_dir)


def kept(scenario: Resolved, folder: str | Path | None = None, replication: int = 0) -> Path | None:
    """The run folder of a store that playing this scenario would give again, if there is one."""
    address = manifest.address(digests.digest(scenario), scenario.scenario.seed, replication)
    return store.find(address, None if folder is None else Path(folder))


def validate(progress: comparisons.Progress | None = None) -> tuple[comparisons.Comparison, ...]:
    """Every comparison with a published number, also those that are missed; takes about half a minute.

    Parameters
    ----------
    progress : callable, optional
        Is told how many are done, of how many, and which is next.
    """
    from twin.experiments.comparisons import compared

    return tuple(compared(progress))
