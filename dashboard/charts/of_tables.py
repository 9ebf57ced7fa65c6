"""Charts that are drawn from tables of a stored run, also of one that an older version wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from dashboard.charts.common import Chart, Shown

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

#: What an older run folder lacks shows as one of these when a table is made of it.
LACKING = (KeyError, AttributeError, TypeError, ValueError, IndexError, AssertionError)
HIDDEN = "This is shown to managers and radiation protection only."


class LacksError(Exception):
    """A run has not what a chart needs."""


class Drawn(Protocol):
    """A module of `dashboard.figures`, or a part of one."""

    @property
    def figure(self) -> Callable[..., go.Figure]:
        """Tables -> drawing."""

    @property
    def caption(self) -> Callable[..., str]:
        """Tables -> sentence."""

    @property
    def table(self) -> Callable[..., pd.DataFrame]:
        """Tables -> what stands behind it."""


def chart(
    name: str, title: str, unit: str, about: str, drawn: Drawn, needs: Mapping[str, str],
    more: Callable[[Shown], Sequence[Any]] = lambda shown: (shown.window,), height: int = 300,
    half: bool = False, narrow: Callable[..., go.Figure] | None = None,
) -> Chart[Shown]:  # fmt: skip
    """A chart of tables of a run.

    Parameters
    ----------
    name, title, unit, about : str
        As `Chart` has them.
    drawn : module
        Its figure, caption and table take the tables in the order of `needs`, then what `more` gives.
    needs : mapping of table to columns
        Columns in one text. A run that lacks one gets a sentence instead of a drawing.
    more : callable
        What else is drawn from; by default the days shown.
    height, half
        As `Chart` has them.
    narrow : callable, optional
        Takes what the figure takes.
    """

    def arguments(shown: Shown) -> list[Any]:
        return [*tables(shown, needs), *more(shown)]

    def drawing(by: Callable[..., go.Figure], shown: Shown) -> go.Figure:
        from dashboard.figures import marks

        try:
            return by(*arguments(shown))
        except LacksError:
            return marks.nothing()

    def caption(shown: Shown) -> str:
        try:
            return drawn.caption(*arguments(shown))
        except LacksError as lacks:
            return str(lacks)

    def table(shown: Shown) -> pd.DataFrame:
        import pandas as pd

        try:
            return drawn.table(*arguments(shown))
        except LacksError as lacks:
            return pd.DataFrame({"note": [str(lacks)]})

    own = partial(drawing, narrow) if narrow else None
    return Chart[Shown](name, title, unit, about, partial(drawing, drawn.figure), caption, table, height, half, own)


def tables(shown: Shown, needs: Mapping[str, str]) -> list[pd.DataFrame]:
    """The tables that a chart needs.

    Raises
    ------
    LacksError
        When the run has one of them not, or not whole, or its reader may not see it.
    """
    return [_table(shown, name, columns) for name, columns in needs.items()]


def _table(shown: Shown, name: str, columns: str) -> pd.DataFrame:
    if name not in shown.run.tables:
        raise LacksError(HIDDEN)
    try:
        table = shown.table(name)
    except LACKING as error:
        logging.getLogger(__name__).warning("twin: run %s has no table %r: %r", shown.label, name, error)
        raise LacksError(_older(name)) from error
    missing = [column for column in columns.split() if column not in table]
    if missing:
        raise LacksError(f"{_older(name)} Missing: {', '.join(missing)}.")
    return table


def _older(name: str) -> str:
    return (
        f"This run was written by another version, which kept too little for the table {name}. Play the scenario again "
        "to see this chart."
    )
