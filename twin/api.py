"""The one door: the notebook, the command line and the dashboard all come in here.

>>> from twin import api
>>> result = api.simulate("baseline", seed=7)           # doctest: +SKIP
>>> result.kpis["animals_per_day"]                      # doctest: +SKIP
{'value': 22.8, 'unit': '1/d'}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from twin import units
from twin.errors import Problem, ScenarioError, StoreError, TwinError, UnitError, UsageError, nearest
from twin.facility.world import World
from twin.plan import TASKS
from twin.results import facts, frames, manifest, store, stored
from twin.results import kpis as kpi_list
from twin.results.kpis import Figure
from twin.results.result import Result
from twin.results.run import Facts, Run
from twin.results.stored import RunLine, StoredRun
from twin.results.tables import Tables
from twin.scenario import digest as digests
from twin.scenario import expand, loading, patching, plain_yaml
from twin.scenario.loading import Resolved, bundled
from twin.scenario.patching import changes, read_patch

if TYPE_CHECKING:
    from twin.experiments import comparisons

__all__ = [
    "Facts", "Problem", "Result", "RunLine", "ScenarioError", "StoreError", "StoredRun", "Tables", "TwinError",
    "UsageError", "bundled", "changes", "check", "kept", "kpi_definitions", "kpis", "load", "open", "patched",
    "problems", "read_patch", "require_budgets", "runs", "schema", "simulate", "tables", "task_words", "validate",
    "yaml_text",
]  # fmt: skip

#: A bundled name, a path, plain data, or what `load` gives.
Source: TypeAlias = "str | Path | Mapping[str, Any] | Resolved"
#: Is told the simulated time so far and the whole of it [s].
Progress: TypeAlias = Callable[[float, float], None]

DAY_S = 86400.0
#: Least number of slices in which a run tells how far it is.
SLICES = 50


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
    resolved = _seeded(_resolved(scenario, check), seed)
    site = expand.site(resolved)
    world = World(site, replication).begin()
    for until_s in _slices(site.horizon_s) if progress else ():
        world.run(until_s)
        progress(until_s, site.horizon_s) if progress else None
    log = world.run().finish()
    return Result(resolved, replication, log, frames.run(log, facts.facts(site, resolved.scenario)))


def _resolved(scenario: Source, check: bool) -> Resolved:
    if isinstance(scenario, Resolved):
        return scenario
    if isinstance(scenario, Mapping):
        return loading.load_data(scenario, check=check)
    return load(scenario, check=check)


def _seeded(resolved: Resolved, seed: int | None) -> Resolved:
    """The same scenario with another seed."""
    if seed is None or seed == resolved.scenario.seed:
        return resolved
    if not 0 <= seed < 2**63:
        raise UsageError(f"seed {seed}: a seed is a whole number from 0 to 2^63 - 1")
    scenario = resolved.scenario.model_copy(update={"seed": seed})
    return replace(resolved, scenario=scenario, data={**resolved.data, "seed": seed})


def _slices(horizon_s: float) -> Iterator[float]:
    """Moments at which a run tells how far it is: every day, and at least `SLICES`."""
    step = min(DAY_S, horizon_s / SLICES)
    for number in range(1, int(horizon_s // step) + 1):
        yield min(number * step, horizon_s)


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
