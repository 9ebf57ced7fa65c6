"""Text for a person, JSON for a program: data on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

#: How a table shows what is not there.
NOTHING = "-"
#: So wide is a column of sentences that can be read, and so far columns are apart.
READABLE, GAP = 24, 2
#: Where the width is not that of a screen, lines are not cut.
WIDE = 400


def say(text: str) -> None:
    """A sentence on stderr."""
    sys.stderr.write(printable(text) + "\n")


def write(text: str) -> None:
    """Data on stdout."""
    sys.stdout.write(text + "\n")


def write_json(data: Mapping[str, Any]) -> None:
    """One JSON object on stdout."""
    write(json.dumps(data, indent=1, allow_nan=False))


def printable(text: str) -> str:
    """The text without what would move a terminal's cursor or cannot be encoded."""
    return "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text)


def console(stream: TextIO) -> Console:
    """A console that takes text as it is."""
    from rich.console import Console

    width = None if stream.isatty() else WIDE
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def show(things: Iterable[RenderableType]) -> None:
    """Tables and sentences on stdout."""
    screen = console(sys.stdout)
    with screen.capture() as captured:
        for thing in things:
            screen.print(thing)
    write("\n".join(line.rstrip() for line in captured.get().strip("\n").split("\n")))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = (), title: str = "") -> Any:
    """A table for a person; the columns numbered in `right` are numbers."""
    from rich import box
    from rich.table import Table

    made = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, title_style="bold")
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number in set(right) else "left", overflow="fold")
    for row in rows:
        made.add_row(*(printable(cell) for cell in row))
    return made


def listed(columns: Sequence[str], rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> Any:
    """A table as far as the screen is wide enough to read it, else each row on lines of its own."""
    return table(columns, rows, right) if _fits(columns, rows) else _records(columns, rows)


def _fits(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether every column has room for its words, and one of sentences for a few of them in a line."""
    widths = (max(map(len, (name, *cells))) for name, *cells in zip(columns, *rows, strict=True))
    return sum(min(width, READABLE) + GAP for width in widths) <= console(sys.stdout).width


def _records(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
    """The first cell of each row as a heading, and what there is of the others below it."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    parts: list[Any] = []
    for first, *rest in rows:
        made = Table.grid(padding=(0, GAP))
        made.add_column(min_width=GAP + max(map(len, columns[1:])), no_wrap=True)
        made.add_column(overflow="fold")
        for name, cell in zip(columns[1:], rest, strict=True):
            if cell != NOTHING:
                made.add_row(f"{' ' * GAP}{name}", printable(cell))
        parts += [Text(printable(first), style="bold"), made]
    return Group(*parts)
