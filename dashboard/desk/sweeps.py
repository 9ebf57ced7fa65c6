"""The sweeps of a store: how far each is, and what is in it as far as a user may see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import access
from dashboard.charts.sweeps import Explored
from dashboard.jobs.answers import SWEEPS

if TYPE_CHECKING:
    from dashboard.config import Config
    from dashboard.jobs import Request

#: So many figures are looked at if the sweep names none.
USUAL = ("animals_per_day", "wait_mean_min[all]", "overtime_min", "cost_per_usable_scan")


#: What is varied and aimed at unless somebody says otherwise, and how often each combination is played.
FIRST = (("staff.technologist.count", "1, 2, 3, 4"), ("scanners.pet.beds", "1, 2, 3"))
TARGETS = ("animals_per_day.mean >= 12", "overtime_min.p95 <= 30")
TIMES = 5


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields of the page.

    Attributes
    ----------
    axes : sequence of (path, values with commas between them)
    times : int
    days : float, optional
        As the scenario says, if it is None.
    kpis, targets : sequence of str
    """

    axes: Sequence[tuple[str, str]] = FIRST
    times: int = TIMES
    days: float | None = None
    kpis: Sequence[str] = USUAL
    targets: Sequence[str] = TARGETS


def filled(asked: Request | None) -> Filled:
    """What a job was asked for; of a sweep file, or of one that was gone on with, the usual."""
    if asked is None or asked.experiment is None or not asked.experiment.axes:
        return Filled()
    experiment = asked.experiment
    axes = [(path, ", ".join(map(str, values))) for path, values in experiment.axes.items()]
    kpis, targets = experiment.kpis or USUAL, experiment.targets or TARGETS
    days = asked.patch.removeprefix(DAYS) if asked.patch.startswith(DAYS) else asked.days
    return Filled(axes, experiment.replications, None if days is None else float(days), kpis, targets)


#: A sweep has no option for the days of its base: they are a change of it.
DAYS = "days: "


@dataclass(frozen=True, slots=True)
class SweepLine:
    """A sweep of the store, for a list."""

    folder: str
    name: str
    question: str
    state: str
    done: int
    runs: int


class Sweeps:
    """Sweeps in their folders.

    Parameters
    ----------
    config : Config
    """

    def __init__(self, config: Config) -> None:
        self._root = config.store / SWEEPS

    def listing(self) -> list[SweepLine]:
        """Every sweep of the store that can be read, the newest first."""
        if not self._root.is_dir():
            return []
        folders = sorted(self._root.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        return [line for folder in folders[:MOST] if (line := self._line(folder.name)) is not None]

    def _line(self, folder: str) -> SweepLine | None:
        made = self._opened(folder)
        if made is None:
            return None
        state = made.state
        done = state.runs - state.missing
        return SweepLine(folder, made.plan.name, made.plan.question, state.state, done, state.runs)

    def _opened(self, folder: str) -> Any:
        from twin import api

        known = [path.name for path in self._root.iterdir()] if self._root.is_dir() else []
        if folder not in known:
            return None
        try:
            return api.open_sweep(self._root / folder)
        except api.TwinError:
            return None

    def explored(self, said: Mapping[str, Any] | None) -> Explored | None:
        """A sweep as the charts take it; None: there is none, or no run of it is finished."""
        from twin import api

        made = self._opened(str((said or {}).get("folder", "")))
        try:
            table = None if made is None else made.table
        except api.StoreError:
            table = None
        if made is None or table is None:
            return None
        table = table[table["status"] == "finished"]
        if not _may_see_axes(column.path for column in made.plan.columns):
            return None
        alone = _alone(made.plan)
        kpis = [kpi for kpi in made.plan.kpis or USUAL if kpi in table and _may_see(kpi, alone)]
        axes = [column.title for column in made.plan.columns]
        if not len(table) or not kpis:
            return None
        money = str((made.plan.base.get("prices") or {}).get("currency", MONEY))
        return _explored(str((said or {})["folder"]), axes, kpis, table, said or {}, money)


#: So many sweeps are listed.
MOST = 30


def _may_see(kpi: str, alone: Collection[str]) -> bool:
    return access.may_see_people(access.current_user()) or access.is_open(kpi, alone)


def _may_see_axes(paths: Iterable[str]) -> bool:
    return access.may_see_people(access.current_user()) or not any(map(access.is_of_people, paths))


def _alone(plan: Any) -> set[str]:
    """The names that mean one person at any point of a sweep."""
    varied = {column.path: values for column, values in zip(plan.columns, zip(*plan.points, strict=True), strict=True)}
    return access.single_in(plan.base, varied)


def _unit(about: Mapping[str, Any], currency: str) -> str:
    """A figure's unit; money is in the currency of the sweep's own prices."""
    unit = str(about.get("unit") or "")
    return currency if unit == MONEY else unit


#: What the definition of a figure calls the unit of money.
MONEY = "currency"


def _explored(
    folder: str, axes: list[str], kpis: list[str], table: Any, said: Mapping[str, Any], currency: str
) -> Explored:
    from twin import api

    known = api.kpi_definitions()
    about = {kpi: known.get(kpi.partition("[")[0], {}) for kpi in kpis}
    kpi = said.get("kpi") if said.get("kpi") in kpis else kpis[0]
    against = said.get("against") if said.get("against") in kpis else kpis[min(1, len(kpis) - 1)]
    return Explored(
        label=folder,
        axes=axes,
        kpis=kpis,
        columns={name: _values(table[name]) for name in (*axes, *kpis)},
        units={name: _unit(one, currency) for name, one in about.items()},
        directions={name: str(one.get("direction") or "") for name, one in about.items()},
        kpi=str(kpi),
        against=str(against),
    )


def _values(column: Any) -> list[Any]:
    """The values of a column; None where it is not defined."""
    return [None if missing else value for value, missing in zip(column.tolist(), column.isna(), strict=True)]
