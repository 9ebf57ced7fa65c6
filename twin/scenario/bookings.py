"""Reading a booking list: a CSV file with one visit in each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from twin.errors import Problem, ScenarioError, nearest
from twin.scenario import files
from twin.scenario.weeks import parse_instant

REQUIRED = ("animal", "time_point", "start")
OPTIONAL = ("scanner",)
MOST_ROWS = 1_000_000


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a booking list as plain text cells.

    Parameters
    ----------
    path : Path
        UTF-8 CSV with the columns animal, time_point, start and, optionally, scanner.

    Raises
    ------
    ScenarioError
        All wrong cells at once, each with its row, column and value.
    """
    header, rows = _records(path)
    problems = list(_header_problems(header, path.name))
    if not problems:
        problems = [problem for line, cells in rows for problem in _row_problems(line, cells, header, path.name)]
        problems += _repeated(header, rows, path.name)
    if problems:
        raise ScenarioError(problems)
    return [_row(header, cells) for _, cells in rows]


def _records(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the numbered rows."""
    try:
        text = files.read_text(path)
    except ValueError as error:
        raise _fatal(path, str(error)) from None
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(cells)]
    except csv.Error as error:
        raise _fatal(path, f"cannot be read as CSV: {error}") from None
    if len(rows) < 2 or len(rows) > MOST_ROWS:
        raise _fatal(path, f"a booking list has a line of column names and 1 to {MOST_ROWS} rows")
    return rows[0][1], rows[1:]


def _fatal(path: Path, message: str) -> ScenarioError:
    return ScenarioError([Problem("", message, str(path), file=path.name)])


def _header_problems(header: list[str], file: str) -> Iterator[Problem]:
    allowed = ", ".join((*REQUIRED, *OPTIONAL))
    for column in REQUIRED:
        if column not in header:
            near = nearest(column, header)
            yield Problem(f"column {column}", "this column is missing", None, 1, file, allowed, near)
    for column in header:
        if column not in (*REQUIRED, *OPTIONAL):
            near = nearest(column, (*REQUIRED, *OPTIONAL))
            yield Problem(f"column {column}", "unknown column", column, 1, file, allowed, near)
        elif header.count(column) > 1:
            yield Problem(f"column {column}", "this column stands here twice", column, 1, file)


def _row_problems(line: int, cells: list[str], header: list[str], file: str) -> Iterator[Problem]:
    if len(cells) != len(header):
        yield Problem("row", f"{len(cells)} cells under {len(header)} columns", None, line, file)
        return
    row = dict(zip(header, cells, strict=True))
    for column in REQUIRED:
        if not row[column]:
            yield Problem(f"column {column}", "this cell is empty", row[column], line, file)
    if row["start"] and (problem := _start_problem(row["start"])):
        yield Problem("column start", problem, row["start"], line, file)


def _start_problem(text: str) -> str | None:
    try:
        parse_instant(text)
    except ValueError as error:
        return str(error).partition(" is ")[2] or str(error)
    return None


def _repeated(header: list[str], rows: list[tuple[int, list[str]]], file: str) -> Iterator[Problem]:
    """An animal has each time point once."""
    first: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        row = dict(zip(header, cells, strict=False))
        key = (row.get("animal", ""), row.get("time_point", ""))
        before = first.setdefault(key, line)
        if before != line:
            yield Problem("row", f"animal and time point already stand in line {before}", " ".join(key), line, file)


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    return {column: cell for column, cell in zip(header, cells, strict=True) if cell}
