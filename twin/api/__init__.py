"""The one door: the notebook, the command line and the dashboard all come in here.

>>> from twin import api
>>> result = api.simulate("baseline", seed=7)           # doctest: +SKIP
>>> result.kpis["animals_per_day"]                      # doctest: +SKIP
{'value': 22.8, 'unit': '1/d'}
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.api.experiments import compare, finished_by, plan, replicate
from twin.api.known import estimates, other_luck, targets
from twin.api.scenarios import (
    Source,
    check,
    load,
    patched,
    prepare,
    problems,
    require_budgets,
    resolved,
    response_tables,
    schema,
    yaml_text,
)
from twin.api.searching import optimise, select, size
from twin.api.sweeps import bundled_sweeps, open_sweep, sensitivity, sweep, sweep_folder, sweep_plan
from twin.errors import Problem, ScenarioError, StoreError, TwinError, UsageError
from twin.experiments import playing
from twin.experiments.playing import Progress
from twin.interrupts import listen as leave_when_asked
from twin.results import kpis as kpi_list
from twin.results import manifest, store, stored
from twin.results.kpis import Figure
from twin.results.result import Result
from twin.results.run import Facts, Run
from twin.results.stored import RunLine, StoredRun
from twin.results.tables import Tables
from twin.scenario import digest as digests
from twin.scenario.loading import Resolved, bundled
from twin.scenario.patching import changes, read_patch
from twin.vocabulary import TASKS

if TYPE_CHECKING:
    import pandas as pd

    from twin.experiments import comparisons
    from twin.experiments.compare import Compared
    from twin.experiments.optimise import Optimised
    from twin.experiments.replicate import Replicated
    from twin.experiments.size import Sized
    from twin.experiments.sweep import Swept

__all__ = [
    "Compared", "Facts", "Optimised", "Problem", "Progress", "Replicated", "Result", "RunLine", "ScenarioError",
    "Sized", "StoreError", "StoredRun", "Swept", "Tables", "TwinError", "UsageError", "bundled", "bundled_sweeps",
    "changes", "check", "compare", "compliance", "estimates", "finished_by", "kept", "kpi_definitions", "kpis",
    "leave_when_asked", "listing", "load", "open", "open_sweep", "optimise", "other_luck", "overview", "patched",
    "plan", "prepare", "problems", "read_patch", "replicate", "require_budgets", "response_tables", "runs",
    "schema", "select", "sensitivity", "simulate", "size", "sweep", "sweep_folder", "sweep_plan", "tables",
    "targets", "task_words", "validate", "yaml_text",
]  # fmt: skip


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
    return playing.played(playing.seeded(resolved(scenario, check), seed), replication, progress)


#: What is loaded when it is first asked for.
_LAZY = {
    "Compared": "compare", "Replicated": "replicate", "Swept": "sweep", "Sized": "size", "Optimised": "optimise",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(f"twin.experiments.{_LAZY[name]}"), name)
    raise AttributeError(f"module 'twin.api' has no attribute {name!r}")


def tables(source: Result | Run | str | Path) -> Tables:
    """The tables of a result, of a run or of a run folder."""
    if isinstance(source, Result):
        return source.tables
    return Tables(source if isinstance(source, Run) else store.open_run(source))


def compliance(source: Result | Run | str | Path) -> pd.DataFrame:
    """The compliance calendar of a result, of a run or of a run folder: what had to be done when, and whether it was.

    Returns
    -------
    DataFrame
        As `twin.results.compliance.compliance` says; times in seconds after the start of the run.
    """
    return tables(source)["compliance"]


def kpis(source: Result | Run | str | Path) -> dict[str, Figure]:
    """The KPIs of a result, of a run, or of a run folder as they were computed when it was written."""
    if isinstance(source, Result):
        return source.kpis
    return kpi_list.compute(source) if isinstance(source, Run) else store.read_figures(source)


def kpi_definitions() -> dict[str, dict[str, str | None]]:
    """What each KPI is, by its ID: definition, unit, direction (which is better) and index (what a member is)."""
    said = ("definition", "unit", "direction", "index")
    return {kpi.id: {name: getattr(kpi, name) for name in said} for kpi in kpi_list.KPIS}


def listing(what: str) -> list[dict[str, Any]]:
    """What there is to choose from: the rows of ``twin list``, such as ``scanners`` or ``sources``."""
    from twin.api.catalogues import CATALOGUES

    return list(CATALOGUES[what]())


def overview() -> list[dict[str, Any]]:
    """What can be listed: for each catalogue its rows, the works they cite, and how many lean on an assumption."""
    from twin.api import catalogues

    return list(catalogues.overview())


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


def validate(progress: comparisons.Progress | None = None, quick: bool = False) -> tuple[comparisons.Comparison, ...]:
    """Every comparison with a published number, also those that are missed; takes about half a minute.

    Parameters
    ----------
    progress : callable, optional
        Is told how many are done, of how many, and which is next.
    quick : bool
        Without those of role theory, which need replications.
    """
    from twin.experiments.comparisons import compared

    return tuple(compared(progress, quick))
