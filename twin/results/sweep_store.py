"""The folder of a sweep: its plan, a part for each batch of runs, at the end one table.

    plan.json        every run that there will be; no clock time, path or host
    parts/*.parquet  rows of finished runs; written beside and renamed, their pages with checksums
    table.parquet    all rows in the order of the runs, when there are no more runs to play

Nothing else says how far a sweep is, so nothing can be out of date: a run is finished if a sound part has its row. A
part that is damaged is as good as none. Rows that two parts have are the same, whoever played them.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from twin.errors import StoreError
from twin.results.kpis import BY_ID

PLAN, PARTS, TABLE, LOCK = "plan.json", "parts", "table.parquet", ".running"
#: Columns before those of axes and figures.
HEAD = {"run": pa.int64(), "point": pa.int64(), "replication": pa.int64(), "status": pa.string(), "error": pa.string()}
UNITS = b"units"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_plan(folder: Path, plan: Mapping[str, Any]) -> None:
    """Write the plan of a sweep."""
    with _told(folder):
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        text = json.dumps(plan, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        _renamed(folder / PLAN, lambda path: path.write_text(text, encoding="utf-8"))


def read_plan(folder: Path) -> dict[str, Any] | None:
    """The plan of a folder; None: there is none.

    Raises
    ------
    StoreError
        When it cannot be read.
    """
    try:
        said = json.loads((folder / PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder / PLAN} is damaged and cannot be read ({error})") from error
    if not isinstance(said, dict):
        raise StoreError(f"{folder / PLAN} is not the plan of a sweep")
    return said


def rows_table(
    rows: Sequence[Mapping[str, Any]], axes: Sequence[Mapping[str, Any]], units: Mapping[str, str]
) -> pa.Table:
    """Rows of runs as a table.

    Parameters
    ----------
    rows : sequence of mapping
        run, point, replication, status, error, figures.
    axes : sequence of mapping
        The columns of the axes of each row.
    units : mapping
        Unit of each figure.
    """
    columns = {name: pa.array([row[name] for row in rows], kind) for name, kind in HEAD.items()}
    for name in dict.fromkeys(name for values in axes for name in values):
        columns[name] = _axis([values[name] for values in axes])
    for name in sorted({name for row in rows for name in row["figures"]}, key=_place):
        columns[name] = pa.array([row["figures"].get(name) for row in rows], pa.float64())
    return pa.table(columns).replace_schema_metadata({UNITS: json.dumps(dict(sorted(units.items())))})


def _axis(values: Sequence[Any]) -> pa.Array:
    """A column of an axis: numbers if all are, else text."""
    if all(type(value) is int for value in values):
        return pa.array(values, pa.int64())
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return pa.array([float(value) for value in values], pa.float64())
    return pa.array([value if isinstance(value, str) else json.dumps(value) for value in values], pa.string())


def _place(name: str) -> tuple[int, str]:
    """Figures in the order of their definition, members by name."""
    ids = list(BY_ID)
    kpi = name.partition("[")[0]
    return (ids.index(kpi) if kpi in BY_ID else len(ids), name)


def write_part(folder: Path, table: pa.Table) -> None:
    """Write rows of runs that are finished; the name follows from the runs."""
    runs = ",".join(map(str, table["run"].to_pylist()))
    name = hashlib.blake2b(runs.encode(), digest_size=8).hexdigest()
    first = table["run"][0].as_py()
    with _told(folder):
        (folder / PARTS).mkdir(exist_ok=True)
        _renamed(folder / PARTS / f"{first:08d}-{name}.parquet", lambda path: _write(table, path, lasts=False))


def _write(table: pa.Table, path: Path, lasts: bool = True) -> None:
    """Write a table; hundreds of columns of a few rows each are quickest without dictionaries and statistics.

    What does not last, since it is read once and goes, is not made small, nor waited for until it is on the disk:
    if the power fails, the parts of the last seconds are damaged or not there, and are played again.
    """
    compression = "zstd" if lasts else "none"
    with path.open("wb") as file:
        pq.write_table(
            table, file, compression=compression, version="2.6", write_page_checksum=True, use_dictionary=False,
            write_statistics=False,
        )  # fmt: skip
        file.flush()
        if lasts:
            os.fsync(file.fileno())


def parts(folder: Path) -> Iterator[pa.Table]:
    """The rows that a folder has: its table if it is finished, and every sound part."""
    for path in (folder / TABLE, *sorted((folder / PARTS).glob("[!.]*.parquet"))):
        if (table := _read(path)) is not None:
            yield table


def _read(path: Path) -> pa.Table | None:
    """A table; None: it is not there, or damaged."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read(use_threads=False)
    except (OSError, pa.ArrowException, ValueError, KeyError):
        return None


def statuses(folder: Path) -> dict[int, str]:
    """Run -> status, of every run that has a row."""
    found: dict[int, str] = {}
    for path in (folder / TABLE, *sorted((folder / PARTS).glob("[!.]*.parquet"))):
        # Every column is read, so that a part with a damaged one counts as none.
        if (table := _read(path)) is not None:
            for run, status in zip(table["run"].to_pylist(), table["status"].to_pylist(), strict=True):
                found[run] = min(found.get(run, status), status)  # what was set aside may have been played since
    return found


def write_whole_table(folder: Path, runs: int) -> None:
    """Make one table of all rows, in the order of the runs, once every run has one; the parts go.

    The bytes depend on the rows alone, not on who played them in which batches.
    """
    found = list(parts(folder))
    if sum(table.num_rows for table in found) < runs or (whole := merged(found)).num_rows < runs:
        return
    with _told(folder):
        _renamed(folder / TABLE, lambda path: _write(whole, path))
        for path in (folder / PARTS).glob("[!.]*.parquet"):
            with suppress(FileNotFoundError):
                path.unlink()


def merged(found: Sequence[pa.Table]) -> pa.Table:
    """One table of several: a row for each run, columns in their order, numbers of an axis only if all are numbers."""
    units: dict[str, str] = {}
    names: dict[str, None] = {}
    for table in found:
        units |= units_of(table)
        names |= dict.fromkeys(table.column_names)
    figures = sorted((name for name in names if name in units), key=_place)
    columns = [*HEAD, *(name for name in names if name not in HEAD and name not in units), *figures]
    text = {name for table in found for name in table.column_names if pa.types.is_string(table.schema.field(name).type)}
    whole = pa.concat_tables([_as_text(table, text) for table in found], promote_options="permissive")
    whole = whole.select(columns).sort_by([("run", "ascending"), ("status", "ascending")]).combine_chunks()
    runs = whole["run"].to_pylist()
    first = [place for place, run in enumerate(runs) if place == 0 or run != runs[place - 1]]
    whole = whole if len(first) == len(runs) else whole.take(pa.array(first)).combine_chunks()
    return whole.replace_schema_metadata({UNITS: json.dumps(dict(sorted(units.items())))})


def _as_text(table: pa.Table, names: set[str]) -> pa.Table:
    """Numbers of an axis as text, where another part has text."""
    for place, name in enumerate(table.column_names):
        if name in names and not pa.types.is_string(table.schema.field(name).type):
            words = pa.array(
                [None if value is None else json.dumps(value) for value in table[name].to_pylist()], pa.string()
            )
            table = table.set_column(place, name, words)
    return table


def units_of(table: pa.Table) -> dict[str, str]:
    """Unit of each figure of a table."""
    said: dict[str, str] = json.loads((table.schema.metadata or {}).get(UNITS, b"{}"))
    return said


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Errors of the disk in words."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        number = getattr(error, "errno", None)
        if number in FULL or "No space left" in str(error):
            said = "the disk is full or its limit is reached; free some space"
        else:
            said = os.strerror(number) if isinstance(number, int) else str(error)
        raise StoreError(f"{folder} could not be written: {said}") from error


def _renamed(path: Path, write: Any) -> None:
    """A file written beside and renamed, so that a half-written one is never seen."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def running(folder: Path) -> Iterator[None]:
    """While somebody plays in a folder, others can see it; several may, since rows are the same whoever makes them."""
    with (folder / LOCK).open("a") as file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield


def is_running(folder: Path) -> bool:
    """Whether somebody who lives plays in a folder."""
    try:
        with (folder / LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError as error:
        return error.errno in {errno.EAGAIN, errno.EACCES}
    return False


def sweep_away(folder: Path) -> None:
    """Remove what killed writers left beside its place."""
    for left in (*folder.glob(f".{PLAN}.*"), *folder.glob(f".{TABLE}.*"), *(folder / PARTS).glob(".*")):
        owner = left.name.rpartition(".")[2]
        if owner.isdigit() and not _lives(int(owner)):
            left.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
