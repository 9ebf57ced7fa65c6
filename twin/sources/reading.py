"""Reading the tables and the bibliography; a row without a source is refused."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from twin.errors import DataError, Problem, nearest
from twin.sources.rows import SI, Row, Table

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

KINDS = ("measured", "derived", "assumed", "calibrated")
COLUMNS = ("name", "value", "unit", "low", "high", "source", "kind", "note")
DISTRIBUTIONS = ("constant", "uniform", "triangular", "normal", "lognormal", "exponential", "discrete")
_NEEDS = {"uniform": ("low", "high"), "triangular": ("low", "high"), "normal": ("sd",), "discrete": ("values",)}
_ENTRY = re.compile(r"@(\w+)\{([^,\s]+),(.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


def bibliography() -> dict[str, dict[str, str]]:
    """The entries of SOURCES.bib: fields by key, and the entry's own type under ``type``."""
    return {key: dict(fields) for key, fields in _bibliography().items()}


def read_table(path: Path | Traversable, required: Iterable[str] = (), name: str | None = None) -> Table:
    """Read a table of numbers; every mistake in it is reported at once.

    Parameters
    ----------
    path : Path or Traversable
        A CSV file with at least the columns of `COLUMNS`.
    required : iterable of str
        Names of rows that must be there.
    name : str, optional
        What the table is called in keys; the file's stem unless given.

    Raises
    ------
    DataError
        With file, line, column, value and what is allowed.
    """
    header, lines = _records(path)
    title = name or path.name.rpartition(".")[0]
    problems: list[Problem] = []
    rows = [row for number, cells in lines if (row := _row(title, number, header, cells, problems)) is not None]
    problems += _repeated(rows)
    present = {row.name for row in rows}
    problems += [Problem("column name", "this row is required", name) for name in required if name not in present]
    if problems:
        raise DataError("\n".join(str(replace(problem, file=path.name)) for problem in problems))
    return Table(title, rows)


def _records(path: Path | Traversable) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the numbered lines of a CSV file."""
    try:
        reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8").removeprefix("\ufeff")), strict=True)
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if cells]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name}: cannot be read as a CSV table: {error}") from error
    header = lines[0][1] if lines else []
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise DataError(f"{path.name}, line 1: column {missing[0]!r} is missing; a table has {', '.join(COLUMNS)}")
    return header, lines[1:]


def _row(table: str, line: int, header: Sequence[str], cells: Sequence[str], problems: list[Problem]) -> Row | None:
    """One row, or None with its mistakes added to `problems`."""
    if len(cells) != len(header):
        problems.append(
            Problem(
                "row", f"{len(cells)} cells under {len(header)} columns; quote a cell that holds a comma", line=line
            )
        )
        return None
    cell = dict(zip(header, cells, strict=True))
    found = list(_mistakes(cell))
    problems += [replace(problem, line=line) for problem in found]
    return None if found else _parsed(table, line, cell)


def _parsed(table: str, line: int, cell: dict[str, str]) -> Row:
    """A row from cells that have been checked."""
    value = cell["value"] if cell["unit"] == "text" else float(cell["value"])
    low, high = (float(cell[bound]) if cell[bound] else None for bound in ("low", "high"))
    extra = {column: text for column, text in cell.items() if column not in COLUMNS and text}
    name, unit, source, kind, note = (cell[column] for column in ("name", "unit", "source", "kind", "note"))
    return Row(table, name, value, unit, low, high, source, kind, note, extra, line=line)


def _mistakes(cell: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with the cells of one row."""
    if not cell["name"]:
        yield Problem("column name", "a row has a name", cell["name"])
    if not cell["value"]:
        yield Problem("column value", "a row has a value", cell["value"])
    if cell["unit"] not in SI:
        yield _choice("unit", cell["unit"], SI)
    if cell["kind"] not in KINDS:
        yield _choice("kind", cell["kind"], KINDS)
    yield from _source_mistakes(cell["source"])
    yield from _number_mistakes(cell)
    yield from _distribution_mistakes(cell)


def _source_mistakes(source: str) -> Iterator[Problem]:
    """Every number has a source that SOURCES.bib knows."""
    for key in (part.strip() for part in source.split(";")):
        if not key:
            yield Problem("column source", "no source, no row; a number of our own has the source 'assumed'", source)
        elif key not in _bibliography():
            message = "SOURCES.bib has no such entry; add it, or write 'assumed'"
            yield Problem("column source", message, key, nearest=nearest(key, _bibliography()))


def _number_mistakes(cell: Mapping[str, str]) -> Iterator[Problem]:
    """Value and bounds are finite numbers in order."""
    columns = ("low", "high") if cell["unit"] == "text" else ("low", "value", "high", "sd")
    found = {column: _number(text) for column in columns if (text := cell.get(column, ""))}
    for column, number in found.items():
        if number is None:
            yield Problem(f"column {column}", "not a finite number", cell[column])
    order = [(column, number) for column in ("low", "value", "high") if (number := found.get(column)) is not None]
    for (lesser, small), (greater, large) in pairwise(order):
        if small > large:
            yield Problem(f"column {lesser}", f"{lesser} is above {greater}, which is {large:g}", cell[lesser])


def _distribution_mistakes(cell: Mapping[str, str]) -> Iterator[Problem]:
    """A distribution is known and has its parameters."""
    kind = cell.get("distribution", "")
    if kind and kind not in DISTRIBUTIONS:
        yield _choice("distribution", kind, DISTRIBUTIONS)
    needed = ("high",) if kind == "lognormal" and not cell.get("sd") else _NEEDS.get(kind, ())
    for column in needed:
        if not cell.get(column):
            yield Problem(f"column {column}", f"a {kind} distribution needs it", cell.get(column, ""))
    for text in cell.get("values", "").split():
        if _number(text) is None:
            yield Problem("column values", "not a finite number", text)


def _repeated(rows: Iterable[Row]) -> list[Problem]:
    """The names that stand in more than one row."""
    first: dict[str, Row] = {}
    again = [(row, known) for row in rows if (known := first.setdefault(row.name, row)) is not row]
    return [
        Problem("column name", f"already in line {known.line}; a name is unique", row.name, row.line)
        for row, known in again
    ]


def _choice(column: str, value: str, options: Iterable[str]) -> Problem:
    """A word that is not of a closed list."""
    allowed = ", ".join(options) if column != "unit" else "a unit that sources.py reads into SI"
    return Problem(f"column {column}", "not known", value, allowed=allowed, nearest=nearest(value, options))


def _number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@cache
def _bibliography() -> dict[str, dict[str, str]]:
    text = files("twin").joinpath("SOURCES.bib").read_text(encoding="utf-8")
    entries = ((kind, key, dict(_FIELD.findall(body))) for kind, key, body in _ENTRY.findall(text))
    return {key: {"type": kind, **fields} for kind, key, fields in entries}
