"""Runs that lie in a store: a list of them, and one of them opened."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from twin import units
from twin.errors import StoreError
from twin.results import store
from twin.results.kpis import Figure
from twin.results.run import Facts, Run, facts_from_json
from twin.results.tables import Tables

#: So many lines of a list are remembered.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of a store, for a list.

    Attributes
    ----------
    folder : Path
    name : str
        Of the scenario.
    seed, replication : int
    digest : str
        Of the resolved scenario; equal for runs of the same facility.
    days : float
    written : datetime
        Clock time, in the offset of this place.
    command : tuple of str
        How it was started.
    """

    folder: Path
    name: str
    seed: int
    replication: int
    digest: str
    days: float
    written: dt.datetime
    command: tuple[str, ...]

    @property
    def by(self) -> str:
        """Whether pages or the command line asked for it."""
        return "dashboard" if self.command[1:2] == ("dashboard",) else "command line"


def listing(folder: Path) -> tuple[RunLine, ...]:
    """The runs of a store, newest first; what is no run, or damaged, is left out."""
    found = [line for path in _manifests(folder) if (line := _line(path)) is not None]
    return tuple(sorted(found, key=lambda line: (line.written, line.folder.name), reverse=True))


def _manifests(folder: Path) -> list[Path]:
    return [path for path in folder.glob(f"[!.]*/{store.MANIFEST}") if path.is_file()] if folder.is_dir() else []


def _line(path: Path) -> RunLine | None:
    try:
        known = path.stat()
        return _read_line(path, known.st_mtime_ns, known.st_size)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=_REMEMBERED)
def _read_line(path: Path, changed_ns: int, size: int) -> RunLine:  # noqa: ARG001 - another file has another line
    said = json.loads(path.read_text(encoding="utf-8"))
    return RunLine(
        folder=path.parent,
        name=str(said["name"]),
        seed=int(said["seed"]),
        replication=int(said["replication"]),
        digest=str(said["digest"]),
        days=float(said["facts"]["horizon_s"]) / 86400.0,
        written=_written(said),
        command=tuple(map(str, said["command"])),
    )


def _written(manifest: Mapping[str, Any]) -> dt.datetime:
    """When a run was written, in the offset of this place."""
    return dt.datetime.fromisoformat(manifest["clock"]["written"]).astimezone()


@dataclass(frozen=True, eq=False)
class StoredRun:
    """A run folder that was opened.

    Attributes
    ----------
    folder : Path
    manifest : mapping
        What the folder says of itself.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.manifest["name"])

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return int(self.manifest["seed"])

    @property
    def written(self) -> dt.datetime:
        """Clock time, in the offset of this place."""
        return _written(self.manifest)

    @property
    def bottleneck(self) -> str:
        """The sentence that names what limits throughput."""
        return str(self.manifest.get("bottleneck") or "")

    @cached_property
    def facts(self) -> Facts:
        """What the log cannot know: people, scanners, opening hours."""
        try:
            return facts_from_json(self.manifest["facts"])
        except (KeyError, TypeError, ValueError) as error:
            version = (self.manifest.get("versions") or {}).get("twin", "unknown")
            raise StoreError(
                f"the run {self.folder.name} was written by another version (twin {version}), which kept other facts; "
                "play its scenario again"
            ) from error

    @cached_property
    def floor(self) -> dict[str, tuple[float, float, float, float]]:
        """Rooms of the scenario's floor plan: x, y of a corner, width, depth [m]; empty without one."""
        said = (self.manifest.get("scenario") or {}).get("floor_plan") or {}
        return {name: _rectangle(room) for name, room in (said.get("rooms") or {}).items()}

    @cached_property
    def walls(self) -> tuple[tuple[str, Line], ...]:
        """Lines of the scenario's floor plan as ``("wall", (x, y, x, y))`` [m]; a ``door`` is a gap in a wall."""
        said = (self.manifest.get("scenario") or {}).get("floor_plan") or {}
        rooms, walls = (said.get(name) or {} for name in ("rooms", "walls"))
        alone = [("wall", (*wall["from"], *wall["to"])) for wall in walls.values()]
        return (*(line for room in rooms.values() for line in _lines(room)), *alone)

    @cached_property
    def wear_s(self) -> float:
        """How long a dosimeter is worn before it is changed, from the beginning of the run on [s]."""
        from twin.scenario.dose_model import Dosimeter

        said = (((self.manifest.get("scenario") or {}).get("dose") or {}).get("dosimeter") or {}).get("every")
        return Dosimeter().every if said is None else units.parse(said, "s")

    @cached_property
    def points(self) -> dict[str, tuple[float, float]]:
        """Places of the scenario's floor plan whose dose is asked for [m]."""
        said = (self.manifest.get("scenario") or {}).get("floor_plan") or {}
        return {name: (float(point["x"]), float(point["y"])) for name, point in (said.get("points") or {}).items()}

    @cached_property
    def kpis(self) -> dict[str, Figure]:
        """The figures as they were computed when the run was written."""
        return store.read_figures(self.folder)

    @cached_property
    def run(self) -> Run:
        """The log, read when it is first asked for."""
        return store.open_run(self.folder)

    @cached_property
    def tables(self) -> Tables:
        """The tables, each made when it is first asked for."""
        return Tables(self.run)


#: From one point to another [m].
Line: TypeAlias = tuple[float, float, float, float]


def _lines(room: Mapping[str, Any]) -> Iterator[tuple[str, Line]]:
    """The walls of a room that has some of its own, and its doors."""
    x, y, width, depth = _rectangle(room)
    if room.get("walls") is not None:
        right, low = x + width, y + depth
        yield from (("wall", side) for side in ((x, y, right, y), (right, y, right, low), (right, low, x, low),
                                                (x, low, x, y)))  # fmt: skip
    yield from (("door", (*door["from"], *door["to"])) for door in room.get("doors") or ())


def _rectangle(room: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """A room of a plan as a person wrote it; a plan that was run has been checked."""
    width, depth = (units.parse(room[name], "m") for name in ("width", "depth"))
    return float(room["x"]), float(room["y"]), width, depth


def opened(path: Path | str) -> StoredRun:
    """A run folder.

    Raises
    ------
    StoreError
        When it is no run folder, is damaged, or was written by a newer twin.
    """
    manifest = store.read_manifest(path)
    missing = {"name", "seed", "facts", "clock"} - set(manifest)
    if missing:
        raise StoreError(f"{path} is damaged: its manifest has no {', '.join(sorted(missing))}")
    return StoredRun(Path(path), manifest)
