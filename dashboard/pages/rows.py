"""Tables that a person orders by a column and searches: plain tables, so that they print and are read aloud.

Of a large table a page shows its first rows only, so it is ordered and searched here, before it is cut; a table that
is on the page as a whole is ordered and searched in the browser (``assets/page.js``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import html

if TYPE_CHECKING:
    import pandas as pd

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


def chosen(table: pd.DataFrame, by: Order, words: str) -> pd.DataFrame:
    """The rows that have all the words, in the order asked for; what is not defined stands last."""
    found = _with(table, words.lower().split())
    if by.column not in found.columns:
        return found
    return found.sort_values(
        by.column, ascending=not by.down, kind="stable", na_position="last", key=_comparable, ignore_index=True
    )


def _with(table: pd.DataFrame, words: Sequence[str]) -> pd.DataFrame:
    lines = (" ".join(map(str, row)).lower() for row in table.itertuples(index=False))
    return table[[all(word in line for word in words) for line in lines]] if words else table


def _comparable(column: pd.Series[Any]) -> pd.Series[Any]:
    """Text without regard to capitals; what is of several kinds as text."""
    return column if column.dtype != object else column.map(lambda cell: cell if cell != cell else str(cell).lower())  # noqa: PLR0124


def drawn(table: pd.DataFrame, headings: Mapping[str, str], name: str, by: Order) -> Any:
    """The first rows, below headings by which they can be ordered; `name` is the store that then says so."""
    first = table.head(MOST_ROWS)
    shown = first.astype("str").mask(first.isna(), "not defined")
    columns = [str(column) for column in table]
    heads = [_head(headings[column], by, column, {"data-orders": name, "data-column": column}) for column in columns]
    body = [dmc.TableTr([dmc.TableTd(cell) for cell in row]) for row in shown.itertuples(index=False)]
    return dmc.Table(
        [dmc.TableThead(dmc.TableTr(heads)), dmc.TableTbody(body)],
        striped=True, verticalSpacing=2, fz="xs",
    )  # fmt: skip


def head(text: Any) -> Any:
    """A heading of a table that is on the page as a whole: the browser orders its rows."""
    return dmc.TableTh(html.Button([text, _mark()], className="orders", **{"data-orders": ""}))


def _head(text: str, by: Order, column: str, about: Mapping[str, str]) -> Any:
    way = {"aria-sort": "descending" if by.down else "ascending"} if column == by.column else {}
    return dmc.TableTh(html.Button([text, _mark()], className="orders", **about), **way)


def _mark() -> Any:
    """Shows the order; ``page.css`` draws it, so that it is not read aloud."""
    return html.Span(className="order-mark", **{"aria-hidden": "true"})
