"""A sweep: the plan of a file, played by whoever there is, into a folder from which it can go on at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from twin.errors import MissingError, StoreError, UsageError
from twin.experiments import batches, sweep_plan
from twin.experiments.executors import Crew
from twin.experiments.runner import Run, play_all
from twin.experiments.statistics import summarised
from twin.experiments.sweep_plan import Plan
from twin.results import sweep_query, sweep_store
from twin.results.sweep_query import Rows

if TYPE_CHECKING:
    import pandas as pd

#: Is told how many runs have rows, and how many there will be.
Done: TypeAlias = Callable[[int, int], None]
#: A part of the plan: number, from 1, of how many.
Shard: TypeAlias = tuple[int, int]

#: Where an event log of each run is kept, if asked.
EVENTS = "runs"


@dataclass(frozen=True, slots=True)
class State:
    """How far a sweep is.

    Attributes
    ----------
    state : str
        ``planned``, ``running``, ``interrupted``, ``finished``, or ``failed`` (every run has its row, but some failed).
    runs, finished, failed, set_aside : int
    """

    state: str
    runs: int
    finished: int
    failed: int
    set_aside: int

    @property
    def missing(self) -> int:
        """Runs without a row."""
        return self.runs - self.finished - self.failed - self.set_aside


@dataclass(frozen=True, eq=False)
class Swept:
    """A sweep in its folder.

    Attributes
    ----------
    folder : Path
    plan : Plan
    """

    folder: Path
    plan: Plan

    @property
    def state(self) -> State:
        """How far it is, from its files."""
        return state_of(self.folder, self.plan)

    @property
    def table(self) -> pd.DataFrame:
        """One row for each run that has one: run, point, replication, status, error, the axes, the figures."""
        found = list(sweep_store.parts(self.folder))
        if not found:
            raise StoreError(f"{self.folder}: no run has been played yet")
        frame: pd.DataFrame = sweep_store.merged(found).to_pandas()
        return frame

    def summary(self, kpis: Sequence[str], by: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Mean, interval and number of replications of figures at each point, or by the values of some axes."""
        with sweep_query.rows(str(self.folder)) as rows:
            return summary(rows, kpis, by or rows.axes)


def run(
    plan: Plan,
    folder: Path,
    crew: Crew,
    *,
    resume: bool = False,
    changed: bool = False,
    shard: Shard | None = None,
    store: Path | None = None,
    keep_events: bool = False,
    done: Done | None = None,
) -> Swept:
    """Play all runs of a plan that have no row yet.

    Parameters
    ----------
    plan : Plan
    folder : Path
        The folder of the sweep itself.
    crew : Crew
        Who plays.
    resume : bool
        Go on in a folder that has a plan; one that has none is begun.
    changed : bool
        Go on even if the scenario or the version is not that of the folder's plan; rows of both stand side by side.
    shard : (number, of), optional
        Only this part of the points; the last of the parts makes the table.
    store : path, optional
        Where runs are looked up and kept.
    keep_events : bool
        Write the folder of each run into ``runs``.
    done : callable, optional
        Is told how many runs have rows.

    Raises
    ------
    UsageError
        When the folder is taken, or holds another plan.
    StoreError
        When the folder cannot be written.
    """
    wanted = list(range(plan.runs) if shard is None else plan.shard(*shard))
    with closing(crew):
        _prepare(plan, folder, resume, changed)
        sweep_store.sweep_away(folder)
        with sweep_store.running(folder):
            _play(plan, folder, crew, wanted, store, keep_events, done)
    sweep_store.write_whole_table(folder, plan.runs)
    return Swept(folder, plan)


def summary(rows: Rows, kpis: Sequence[str], by: Sequence[str]) -> list[dict[str, Any]]:
    """One row for each group: its values, and of each figure mean, 95 % interval, number of replications and unit."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for kpi in kpis:
        for group in rows.groups(kpi, by):
            row = found.setdefault(group.values, dict(zip(by, group.values, strict=True)))
            made = summarised(group.n, group.mean, group.deviation)
            ends = (None, None) if made is None else (made.low, made.high)
            row[kpi] = {"n": group.n, "mean": group.mean, "low": ends[0], "high": ends[1], "unit": rows.units[kpi]}
    return list(found.values())


def _prepare(plan: Plan, folder: Path, resume: bool, changed: bool) -> None:
    """Have the plan in the folder, or say why not."""
    said = sweep_store.read_plan(folder) if folder.is_dir() else None
    if said is None:
        _refuse_taken(folder)
        sweep_store.write_plan(folder, plan.as_data())
        return
    old = sweep_plan.from_data(said, str(folder))
    apart = sweep_plan.differences(old, plan)
    if not resume:
        raise UsageError(f"{folder} holds a sweep already; go on with --resume, or name a new folder with --out")
    if apart and not changed:
        hint = "name a new folder with --out, or go on all the same with --changed"
        raise UsageError(f"{folder} holds a sweep that differs in {', '.join(apart)}; {hint}")
    if apart and old.identity != plan.identity:
        hint = "only another version may be mixed in; name a new folder with --out"
        raise UsageError(f"{folder} holds other runs: it differs in {', '.join(apart)}; {hint}")
    if apart:
        sweep_store.write_plan(folder, plan.as_data())


def _refuse_taken(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is not empty and holds no sweep" if folder.is_dir() else "is a file"
        raise UsageError(f"{folder} {what}; name a new or an empty folder with --out")


def _play(
    plan: Plan,
    folder: Path,
    crew: Crew,
    wanted: Sequence[int],
    store: Path | None,
    keep_events: bool,
    done: Done | None,
) -> None:
    known = {run for run, status in sweep_store.statuses(folder).items() if status != batches.SET_ASIDE}
    left = [number for number in wanted if number not in known]
    count = len(wanted) - len(left)
    events = str((folder / EVENTS).absolute()) if keep_events else None
    if done is not None:
        done(count, len(wanted))
    for answer in play_all(runs_of(plan, left), crew, orders(plan, store, events)) if left else ():
        write(plan, folder, answer)
        count += len(answer["rows"])
        if done is not None:
            done(count, len(wanted))


def runs_of(plan: Plan, numbers: Iterable[int]) -> list[Run]:
    """Run, point, replication of these runs."""
    return [(number, plan.point_of(number), number % plan.replications) for number in numbers]


def orders(plan: Plan, store: Path | None, events: str | None = None) -> Callable[[Sequence[Run]], Mapping[str, Any]]:
    """Makes the orders for workers."""
    place = None if store is None else str(store.absolute())

    def order(runs: Sequence[Run]) -> Mapping[str, Any]:
        variants: dict[int, batches.Variant] = {point: (plan.base, plan.sets(point), True) for _, point, _ in runs}
        return batches.order(runs, variants, place, events)

    return order


def write(plan: Plan, folder: Path, answer: Mapping[str, Any]) -> None:
    """Keep the rows of an answer."""
    rows = answer["rows"]
    axes = [plan.values(row["point"]) for row in rows]
    sweep_store.write_part(folder, sweep_store.rows_table(rows, axes, answer["units"]))


def opened(place: str) -> Swept:
    """The sweep of a folder, or of an address.

    Raises
    ------
    StoreError
        When there is none, or it is damaged or newer.
    """
    folder = Path(place)
    if "://" in place:
        return Swept(folder, sweep_plan.from_data(sweep_query.remote_plan(place), place))
    if not folder.is_dir():
        raise MissingError(f"{folder} is not there; `twin sweep run` says where it keeps a sweep")
    said = sweep_store.read_plan(folder)
    if said is None:
        raise StoreError(f"{folder} holds no sweep: it has no {sweep_store.PLAN}")
    return Swept(folder, sweep_plan.from_data(said, str(folder)))


def state_of(folder: Path, plan: Plan) -> State:
    """How far a sweep is, from its files."""
    known = list(sweep_store.statuses(folder).values())
    count = {status: known.count(status) for status in (batches.FINISHED, batches.FAILED, batches.SET_ASIDE)}
    if len(known) >= plan.runs:
        word = "finished" if count[batches.FINISHED] == len(known) else "failed"
    elif sweep_store.is_running(folder):
        word = "running"
    else:
        word = "interrupted" if known else "planned"
    return State(word, plan.runs, *count.values())
