"""Tables that a person orders by a column and searches: plain tables, so that they print and are read aloud.

Of a large table a page shows its first rows only, so it is ordered and searched here, before it is cut; a table that
is on the page as a whole is ordered and searched in the browser (``assets/page.js``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import dash_mantine_components as dmc
from dash import html

from dashboard.figures import words

if TYPE_CHECKING:
    import pandas as pd

#: What stands in a cell: a text, or pieces of it: text, title, href.
Cell: TypeAlias = str | Sequence[Mapping[str, str]]
#: So many rows of a table are shown; more would make the page slow.
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Order:
    """By which column a table is ordered (empty: as it comes), and whether the most stands first."""

    column: str = ""
    down: bool = False


def order(said: object) -> Order:
    """What a page says, which may be anything."""
    known = said if isinstance(said, Mapping) else {}
    return Order(str(known.get("column") or ""), known.get("down") is True)


def chosen(table: pd.DataFrame, by: Order, said: str) -> pd.DataFrame:
    """The rows that have all the words, in the order asked for; what is not defined stands last."""
    found = _with(table, said.lower().split())
    if by.column not in found.columns:
        return found
    return found.sort_values(
        by.column, ascending=not by.down, kind="stable", na_position="last", key=_comparable, ignore_index=True
    )


def _with(table: pd.DataFrame, asked: Sequence[str]) -> pd.DataFrame:
    lines = (" ".join(map(str, row)).lower() for row in table.itertuples(index=False))
    return table[[all(word in line for word in asked) for line in lines]] if asked else table


def _comparable(column: pd.Series[Any]) -> pd.Series[Any]:
    """Text without regard to capitals; what is of several kinds as text."""
    return column if column.dtype != object else column.map(lambda cell: cell if cell != cell else str(cell).lower())  # noqa: PLR0124


def drawn(table: pd.DataFrame, headings: Mapping[str, str], name: str, by: Order) -> Any:
    """The first rows, below headings by which they can be ordered; `name` is the store that then says so."""
    first = table.head(MOST_ROWS)
    shown = first.apply(_written).mask(first.isna(), words.NOT_DEFINED)
    heads = [
        {"text": headings[column], "orders": name, "column": column, "right": first[column].dtype.kind in "if",
         "sort": _way(by) if column == by.column else ""}
        for column in map(str, first)
    ]  # fmt: skip
    return as_data(heads, shown.to_numpy().tolist())


def _way(by: Order) -> str:
    return "descending" if by.down else "ascending"


def as_data(heads: Iterable[str | Mapping[str, Any]], body: Sequence[Sequence[Cell]]) -> Any:
    """A table that the browser draws from data (``page.js``): a component for each of many cells costs it seconds.

    Parameters
    ----------
    heads : iterable of str or mapping
        The headings; a mapping also says who orders the rows (``orders``, ``column``), how they are ordered now
        (``sort``), and whether the cells stand at the right.
    body : sequence of rows
        Of cells: a text, or pieces of text with what is said when one is pointed at and where it leads.
    """
    said = [{"text": one} if isinstance(one, str) else one for one in heads]
    return html.Div(className="rows", **{"data-rows": json.dumps({"heads": said, "body": body})})


def _written(column: pd.Series[Any]) -> pd.Series[Any]:
    """Cells as text: numbers with the digits that a person reads (the file has all)."""
    return column.map(lambda value: words.number(value, 4)) if column.dtype.kind == "f" else column.astype("str")


def head(text: Any) -> Any:
    """A heading of a table that is on the page as a whole: the browser orders its rows."""
    return dmc.TableTh(html.Button([text, _mark()], className="orders", **{"data-orders": ""}))


def _mark() -> Any:
    """Shows the order; ``page.css`` draws it, so that it is not read aloud."""
    return html.Span(className="order-mark", **{"aria-hidden": "true"})
