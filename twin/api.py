"""The one door: the notebook, the command line and the dashboard all come in here.

>>> from twin import api
>>> result = api.simulate("baseline", seed=7)           # doctest: +SKIP
>>> result.kpis["animals_per_day"]                      # doctest: +SKIP
{'value': 22.8, 'unit': '1/d'}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from twin import units
from twin.errors import Problem, ScenarioError, UnitError, UsageError, nearest
from twin.facility.world import World
from twin.plan import TASKS
from twin.results import facts, frames, limits, manifest, store
from twin.results import kpis as kpi_list
from twin.results.kpis import Figure
from twin.results.run import Run
from twin.results.tables import TABLES
from twin.scenario import digest as digests
from twin.scenario import expand, loading
from twin.scenario.loading import Resolved, bundled

if TYPE_CHECKING:
    import pandas as pd

    from twin.experiments import comparisons
    from twin.facility.log import Log
    from twin.sources import Row

__all__ = [
    "Result", "Tables", "bundled", "check", "kpi_definitions", "kpis", "load", "require_budgets", "schema",
    "simulate", "tables", "task_words", "validate",
]  # fmt: skip

#: A bundled name, a path, plain data, or what `load` gives.
Source: TypeAlias = "str | Path | Mapping[str, Any] | Resolved"
#: Is told the simulated time so far and the whole of it [s].
Progress: TypeAlias = Callable[[float, float], None]

DAY_S = 86400.0
#: Least number of slices in which a run tells how far it is.
SLICES = 50


class Tables(Mapping[str, "pd.DataFrame"]):
    """The tables of a run, each made when it is first asked for: ``tables["visits"]`` or ``tables.visits``."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getitem__(self, name: str) -> pd.DataFrame:
        return TABLES[name](self._run)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            raise AttributeError(f"there is no table {name!r}; the tables are {', '.join(TABLES)}")
        return self[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def __repr__(self) -> str:
        return f"Tables({', '.join(TABLES)})"


@dataclass(frozen=True, eq=False)
class Result:
    """One run: what was simulated, its log, and all that follows from the log.

    Attributes
    ----------
    scenario : Resolved
    replication : int
    log : Log
        Everything that happened.
    run : Run
        The log as two DataFrames, with the facts that it cannot know.
    """

    scenario: Resolved
    replication: int
    log: Log
    run: Run

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.scenario.name

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return self.scenario.scenario.seed

    @cached_property
    def digest(self) -> str:
        """Digest of the resolved scenario and of every table."""
        return digests.digest(self.scenario)

    @cached_property
    def tables(self) -> Tables:
        """The tables: visits, tasks, animals, people, scanners, beds, rooms, batches ..."""
        return Tables(self.run)

    @cached_property
    def kpis(self) -> dict[str, Figure]:
        """Every KPI by its ID: ``{"value": ..., "unit": ...}``; the value of what is undefined is None."""
        return kpi_list.compute(self.run)

    @cached_property
    def bottleneck(self) -> str:
        """One sentence that names what limits throughput."""
        return kpi_list.bottleneck(self.run)

    @property
    def used(self) -> tuple[Row, ...]:
        """The numbers of the tables that this run used."""
        return self.scenario.numbers.used_rows()

    @property
    def assumed(self) -> tuple[Row, ...]:
        """The assumed ones among them."""
        return self.scenario.numbers.assumed_used()

    def broken(self) -> list[limits.Breach]:
        """The budgets, licences and authorisations that this run broke."""
        return limits.broken(self.run, self.scenario.scenario.budgets, self.kpis)

    def save(self, out: Path | str | None = None, store: Path | str | None = None, command: Iterable[str] = ()) -> Path:
        """Write the run folder.

        Parameters
        ----------
        out : path, optional
            The folder itself, new or empty.
        store : path, optional
            Where a folder is made if `out` is not given; ``$TWIN_STORE`` or ``./runs`` by default.
        command : iterable of str
            The command line, for the manifest.

        Returns
        -------
        Path
            The run folder.
        """
        return _save(self, out, store, command)

    def _repr_html_(self) -> str:
        heads = {name: figure for name, figure in self.kpis.items() if "[" not in name and figure["value"] is not None}
        rows = "".join(_row(name, figure) for name, figure in heads.items())
        title = escape(f"{self.name}, seed {self.seed}, replication {self.replication}")
        table = f"<table><tr><th>KPI</th><th>value</th><th>unit</th></tr>{rows}</table>"
        return f"<p><b>{title}</b></p><p>{escape(self.bottleneck)}</p>{table}"


def _row(name: str, figure: Figure) -> str:
    return f"<tr><td>{escape(name)}</td><td>{figure['value']:.4g}</td><td>{escape(figure['unit'])}</td></tr>"


def _save(result: Result, out: Path | str | None, folder: Path | str | None, command: Iterable[str]) -> Path:
    scenario = result.scenario
    written = manifest.manifest(
        scenario=scenario.data,
        digest=result.digest,
        facts=result.run.facts,
        seed=result.seed,
        replication=result.replication,
        sources=scenario.numbers.sources_used(),
        assumed=[_plain(row) for row in result.assumed],
        bottleneck=result.bottleneck,
        command=command,
    )
    return store.save(result.run, written, out, folder, result.kpis)


def _plain(row: Row) -> dict[str, Any]:
    """A row of a table as the manifest lists it."""
    columns = ("key", "value", "unit", "low", "high", "source", "kind", "note")
    return {column: getattr(row, column) for column in columns}


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


def validate(progress: comparisons.Progress | None = None) -> tuple[comparisons.Comparison, ...]:
    """Every comparison with a published number, also those that are missed; takes about half a minute.

    Parameters
    ----------
    progress : callable, optional
        Is told how many are done, of how many, and which is next.
    """
    from twin.experiments.comparisons import compared

    return tuple(compared(progress))
