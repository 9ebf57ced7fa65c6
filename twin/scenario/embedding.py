"""Files that a scenario names are put in their place, so that what is resolved stands for itself and has one digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any, TypeAlias

from twin.errors import ScenarioError
from twin.scenario import bookings, distribution_words
from twin.scenario.reading import Path

Mistake: TypeAlias = tuple[Path, str, object]


def embed(data: dict[str, Any], base: FilePath) -> Iterator[Mistake]:
    """Replace the files in ``data`` by what they hold, in place; yields path, message and value of what is wrong.

    Parameters
    ----------
    data : dict
        Plain data of one layer, before merging.
    base : Path
        Folder to which the files are relative.
    """
    yield from _empirical(data, base, ())
    studies = data.get("studies")
    for name, study in studies.items() if isinstance(studies, dict) else ():
        arrival = study.get("arrival") if isinstance(study, dict) else None
        if isinstance(arrival, dict) and isinstance(arrival.get("bookings"), str):
            yield from _bookings(arrival, base, ("studies", name, "arrival", "bookings"))
    scanners = data.get("scanners")
    for name, scanner in scanners.items() if isinstance(scanners, dict) else ():
        if isinstance(scanner, dict) and isinstance(scanner.get("geometry"), str):
            yield from _geometry(scanner, base, ("scanners", name, "geometry"))


def named(data: Any, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every file that `embed` would read, with the path at which it is named."""
    children: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in children:
        if key == "empirical" and isinstance(child, dict) and "file" in child:
            yield (*path, key, "file"), child["file"]
        elif key in {"bookings", "geometry"} and isinstance(child, str):
            yield (*path, key), child
        else:
            yield from named(child, (*path, key))


def _bookings(arrival: dict[str, Any], base: FilePath, path: Path) -> Iterator[Mistake]:
    try:
        arrival["bookings"] = bookings.read(base / arrival["bookings"])
    except ScenarioError as error:
        for problem in error.problems:
            yield path, str(problem).rstrip("."), None


def _geometry(scanner: dict[str, Any], base: FilePath, path: Path) -> Iterator[Mistake]:
    from twin.scenario import scanner_file

    try:
        said, _ = scanner_file.read(base / scanner["geometry"])
    except ScenarioError as error:
        for problem in error.problems:
            yield path, str(problem).rstrip("."), scanner["geometry"]
    else:
        scanner["geometry"] = {"name": FilePath(scanner["geometry"]).stem} | said


def _empirical(value: Any, base: FilePath, path: Path) -> Iterator[Mistake]:
    """Every ``{empirical: {file: ...}}``, wherever it stands."""
    children: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if key == "empirical" and isinstance(child, dict) and "file" in child:
            yield from _column(value, base, (*path, key))
        else:
            yield from _empirical(child, base, (*path, key))


def _column(holder: dict[str, Any], base: FilePath, path: Path) -> Iterator[Mistake]:
    said = holder["empirical"]
    try:
        holder["empirical"] = {"values": distribution_words.read_column(said, base)}
    except ValueError as error:
        yield path, str(error), said["file"]
