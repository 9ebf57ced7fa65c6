"""Questions to the rows of a sweep, in a folder or behind an address: DuckDB over Parquet, no server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twin.errors import StoreError, UsageError, nearest
from twin.results.sweep_store import HEAD, PARTS, PLAN, TABLE, UNITS


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of a group in one figure.

    Attributes
    ----------
    values : tuple
        Of the columns that make the group.
    n : int
        Replications in which the figure is defined.
    mean, deviation : float or None
    """

    values: tuple[Any, ...]
    n: int
    mean: float | None
    deviation: float | None


class Rows:
    """The rows of a sweep, to be asked.

    Parameters
    ----------
    place : str
        A folder, or an address that fsspec opens, such as ``s3://bucket/sweep``.
    """

    def __init__(self, place: str) -> None:
        import duckdb

        self.place = place.rstrip("/")
        self._duckdb = duckdb.connect()
        self._duckdb.execute("SET threads = 1")  # sums in the order of the rows: the same last digit each time
        files = self._files()
        if not files:
            raise StoreError(f"{place}: no run has been played yet")
        listed = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
        self._source = f"read_parquet([{listed}], union_by_name = true)"
        try:
            described = self._duckdb.sql(f"DESCRIBE SELECT * FROM {self._source}").fetchall()  # noqa: S608
        except duckdb.Error as error:
            raise StoreError(f"{place} cannot be read: {str(error).splitlines()[0]}; resume the sweep") from error
        self.columns = {name: kind for name, kind, *_ in described}
        self.units = self._units(files[0])

    def _files(self) -> list[str]:
        """The table, or the parts as long as there is none."""
        if "://" in self.place:
            return self._remote()
        folder = Path(self.place)
        whole = folder / TABLE
        found = [whole] if whole.is_file() else sorted((folder / PARTS).glob("[!.]*.parquet"))
        return [str(path) for path in found if path.stat().st_size]

    def _remote(self) -> list[str]:
        system, path = opened(self.place)
        self._duckdb.register_filesystem(system)
        names = system.glob(f"{path}/{TABLE}") or system.glob(f"{path}/{PARTS}/*.parquet")
        scheme = self.place.partition("://")[0]
        return sorted(f"{scheme}://{name.lstrip('/')}" for name in names)

    def _units(self, first: str) -> dict[str, str]:
        found = self._duckdb.execute(
            "SELECT value FROM parquet_kv_metadata(?) WHERE key = ?", [first, UNITS]
        ).fetchone()
        said: dict[str, str] = json.loads(bytes(found[0])) if found else {}
        return said

    @property
    def figures(self) -> list[str]:
        """The figures that there are."""
        return [name for name in self.columns if name in self.units]

    @property
    def axes(self) -> list[str]:
        """The columns of the axes."""
        return [name for name in self.columns if name not in HEAD and name not in self.units]

    def require(self, names: Sequence[str], known: Sequence[str], what: str) -> None:
        """Raise UsageError for a column that there is not."""
        for name in names:
            if name not in known:
                near = nearest(name, known)
                hint = f"; did you mean {near!r}?" if near else f"; there are {', '.join(known[:20])}"
                raise UsageError(f"there is no {what} {name!r} in this sweep{hint}")

    def groups(self, kpi: str, by: Sequence[str]) -> list[Group]:
        """Mean and deviation of a figure for each group of runs that are finished.

        All points share the luck of a replication, so it is the replications that are independent: first the mean of
        the group's points in each of them, then the mean of these.
        """
        columns, one = ", ".join(map(quoted, by)), quoted(kpi)
        each = (
            f"SELECT {columns}, replication, avg({one}) AS value, min(run) AS first FROM {self._source} "  # noqa: S608
            f"WHERE status = 'finished' GROUP BY {columns}, replication"
        )
        asked = (
            f"SELECT {columns}, count(value), avg(value), stddev_samp(value) FROM ({each}) "  # noqa: S608
            f"GROUP BY {columns} ORDER BY min(first)"
        )
        rows = self._duckdb.execute(asked).fetchall()
        return [Group(tuple(row[: len(by)]), *row[len(by) :]) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many rows there are of each status."""
        rows = self._duckdb.execute(f"SELECT status, count(*) FROM {self._source} GROUP BY status").fetchall()  # noqa: S608
        return dict(rows)

    def errors(self, most: int = 5) -> list[tuple[int, str]]:
        """The first runs that failed, and why."""
        asked = f"SELECT run, error FROM {self._source} WHERE error IS NOT NULL ORDER BY run LIMIT {most}"  # noqa: S608
        return [(run, error) for run, error in self._duckdb.execute(asked).fetchall()]

    def values(self, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """These columns of the finished runs, in the order of the runs."""
        listed = ", ".join(map(quoted, columns))
        asked = f"SELECT {listed} FROM {self._source} WHERE status = 'finished' ORDER BY run"  # noqa: S608
        rows: list[tuple[Any, ...]] = self._duckdb.execute(asked).fetchall()
        return rows

    def close(self) -> None:
        """Let go of the files."""
        self._duckdb.close()


@contextmanager
def rows(place: str) -> Iterator[Rows]:
    """The rows of a sweep, as long as they are asked."""
    found = Rows(place)
    try:
        yield found
    finally:
        found.close()


def quoted(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def opened(place: str) -> tuple[Any, str]:
    """The file system of an address, and the path there."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise UsageError("an address needs the extra: pip install 'preclinical-twin[dask]' (fsspec)") from None
    try:
        system, path = url_to_fs(place)
    except (ImportError, ValueError) as error:
        raise UsageError(f"{place} cannot be opened: {error}") from None
    return system, path


def remote_plan(place: str) -> dict[str, Any]:
    """The plan of a sweep behind an address."""
    system, path = opened(place.rstrip("/"))
    try:
        said: dict[str, Any] = json.loads(system.cat_file(f"{path}/{PLAN}"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{place} holds no sweep ({type(error).__name__}: {error})") from None
    return said
