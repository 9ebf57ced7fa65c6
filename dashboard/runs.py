"""The runs of a store, opened for somebody: what a viewer does not get to see is not in what they get."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard import access
from dashboard.access import User

if TYPE_CHECKING:
    import pandas as pd

    from twin.api import RunLine, StoredRun

#: So many opened runs are kept in memory.
MOST_OPEN = 8


class SeenTables(Mapping[str, "pd.DataFrame"]):
    """The tables of a run, each made when it is first asked for, with what its reader may see."""

    def __init__(self, run: StoredRun, user: User) -> None:
        self._run, self._user = run, user

    def __getitem__(self, name: str) -> pd.DataFrame:
        table: pd.DataFrame = self._run.tables[name]
        return access.visible(name, table, self._user)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._run.tables if access.may_see_table(name, self._user))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class View:
    """A run as one user sees it.

    Attributes
    ----------
    folder : str
        Name of the run folder in the store.
    name : str
        Of the scenario.
    seed : int
    digest : str
        Equal for runs of the same facility.
    bottleneck : str
        The sentence that names what limits throughput.
    tables : mapping of str to DataFrame
        Not to be changed: others read the same.
    kpis : mapping of str to figure
        ``{"value": ..., "unit": ...}``.
    manifest : mapping
    start : str
        Time zero as an ISO date and time.
    horizon_s : float
        Time at which the run stopped [s].
    floor : mapping of room to (x, y, width, depth)
        Of the scenario's floor plan [m]; empty: it has none.
    wear_s : float
        How long a dosimeter is worn, from the beginning of the run on.
    walls, points
        The plan's walls and doors, and the places whose dose is asked for, as `twin.api` opens them [m].
    targets : mapping of figure to its targets
        As `twin.api.targets` has them.
    """

    folder: str
    name: str
    seed: int
    digest: str
    bottleneck: str
    tables: Mapping[str, pd.DataFrame]
    kpis: Mapping[str, Any]
    manifest: Mapping[str, Any]
    start: str
    horizon_s: float
    floor: Mapping[str, tuple[float, float, float, float]] = field(default_factory=dict)
    wear_s: float = math.inf
    walls: Sequence[tuple[str, tuple[float, float, float, float]]] = ()
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    targets: Mapping[str, Any] = field(default_factory=dict)


class Runs:
    """The runs of a store.

    Parameters
    ----------
    store : Path
    """

    def __init__(self, store: Path) -> None:
        self.store = store
        self._opened: OrderedDict[tuple[str, int], StoredRun] = OrderedDict()
        self._lock = threading.Lock()

    def listing(self) -> tuple[RunLine, ...]:
        """Every run, newest first, whoever made it."""
        from twin import api

        return api.runs(self.store)

    def open(self, folder: str, user: User | None = None) -> View:
        """A run as a user sees it; None: the user of this request.

        Raises
        ------
        StoreError
            When the store has no such run, or it is damaged.
        """
        reader = access.current_user() if user is None else user
        from twin import api

        run = self._found(folder)
        kpis = access.visible_kpis(run.kpis, run.facts, reader)
        return View(
            folder=folder,
            name=run.name,
            seed=run.seed,
            digest=str(run.manifest["digest"]),
            bottleneck=access.visible_sentence(run.bottleneck, run.facts, reader),
            tables=SeenTables(run, reader),
            kpis=kpis,
            manifest=access.visible_manifest(run.manifest, reader),
            start=run.facts.start,
            horizon_s=run.facts.horizon_s,
            floor=run.floor,
            wear_s=run.wear_s,
            walls=run.walls,
            points=run.points,
            targets={name: said for name, said in api.targets(run).items() if name in kpis},
        )

    def estimates(self, folder: str, names: Iterable[str]) -> Mapping[str, Any]:
        """Mean and interval of figures of a run over the replications of it that the store has; none: it has no other.

        Only what somebody sees of the run itself may be asked for.
        """
        from twin import api

        return api.estimates(api.other_luck(self._found(folder), self.store), names)

    def _found(self, folder: str) -> StoredRun:
        """The run of a folder of the store itself, from memory if it was opened before."""
        from twin import api

        path = self.store / folder if _is_name(folder) else None
        try:
            changed = 0 if path is None else (path / "manifest.json").stat().st_mtime_ns
        except (OSError, ValueError):
            path = None
        if path is None:
            raise api.StoreError("this store has no run of that name; it may have been removed")
        with self._lock:
            if (folder, changed) in self._opened:
                self._opened.move_to_end((folder, changed))
                return self._opened[folder, changed]
        run = api.open(path)
        with self._lock:
            self._opened[folder, changed] = run
            while len(self._opened) > MOST_OPEN:
                self._opened.popitem(last=False)
        return run


def _is_name(folder: object) -> bool:
    """Whether it names a folder of the store and leads nowhere else."""
    return isinstance(folder, str) and bool(folder) and folder == Path(folder).name and not folder.startswith(".")
