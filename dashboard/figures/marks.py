"""What several figures are made of: series that can be told apart without colour, lines for limits, curves of decay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, palette, words

#: Okabe and Ito's colours that are readable as lines on white and on black, each with its own dash and symbol.
LOOKS = (
    ("#0072B2", "solid", "circle", ""),
    ("#D55E00", "dash", "square", "/"),
    ("#009E73", "dot", "diamond", "\\"),
    ("#CC79A7", "dashdot", "triangle-up", "x"),
    ("#E69F00", "longdash", "cross", "-"),
    ("#56B4E9", "longdashdot", "star", "."),
)
LIMIT = "#D55E00"
#: Points on a curve between two moments.
_POINTS = 24


def look(number: int) -> tuple[str, str, str, str]:
    """Colour, dash, symbol and pattern of the n-th series; they begin again after the last."""
    return LOOKS[number % len(LOOKS)]


def looks(names: Iterable[str]) -> dict[str, tuple[str, str, str, str]]:
    """A look for each different name, in the order in which they come."""
    return {name: look(number) for number, name in enumerate(dict.fromkeys(names))}


def framed(drawn: go.Figure, height: int, x: str, y: str, **more: Any) -> go.Figure:
    """The figure with the layout that all have and the titles of its axes."""
    drawn.update_layout(layout.base(height) | {"legend": layout.legend_above()} | more)
    drawn.update_xaxes(title_text=_title(x), gridcolor=palette.GRID, zeroline=False, automargin=True)
    drawn.update_yaxes(title_text=y, gridcolor=palette.GRID, zeroline=False, automargin=True)
    _wrap(drawn)
    return drawn


#: A name beside a bar that is longer takes a second line, so that the drawing keeps its room; so does a title below it.
LONG, WIDEST = 18, 44
#: Height of a row whose name has two lines [px].
ROW = 36


def in_lines(text: str, most: int) -> str:
    """The text broken at spaces into lines of at most so many letters."""
    return "<br>".join(wrap(text, most, break_long_words=False))


def _wrap(drawn: go.Figure) -> None:
    """Names of the y axis as a person writes them, long ones in lines; what hovers keeps them as the file has them."""
    names = [name for trace in drawn.data if trace.y is not None for name in trace.y if isinstance(name, str)]
    found = list(dict.fromkeys(names))
    lines = [in_lines(words.named(name), max(LONG, len(name) // 2 + 5)) for name in found]
    if lines != found:
        drawn.update_yaxes(tickmode="array", tickvals=found, ticktext=lines)
    if any("<br>" in line for line in lines):
        drawn.update_layout(height=max(drawn.layout.height, 110 + ROW * len(found)))


def _title(text: str) -> str:
    """A long title of an axis in two lines of much the same length."""
    return in_lines(text, len(text) // 2 + 4) if len(text) > WIDEST else text


def nothing(height: int = 120) -> go.Figure:
    """A drawing where there is nothing to draw; the sentence below says why."""
    drawn = go.Figure()
    drawn.update_layout(layout.base(height))
    drawn.update_xaxes(visible=False)
    drawn.update_yaxes(visible=False)
    return drawn


def across(drawn: go.Figure, value: float, label: str, name: str = "limit") -> None:
    """A dashed line at a value of y, named on it."""
    drawn.add_hline(
        y=value, line={"color": LIMIT, "dash": "dash", "width": 1.5}, name=name,
        annotation={"text": label, "font": {"size": 11}}, annotation_position="top right",
    )  # fmt: skip


def down(drawn: go.Figure, value: float, label: str, name: str = "limit") -> None:
    """A dashed line at a value of x, named on it."""
    drawn.update_layout(margin_t=26)
    drawn.add_vline(
        x=value, line={"color": LIMIT, "dash": "dash", "width": 1.5}, name=name,
        annotation={"text": label, "font": {"size": 11}}, annotation_position="top right",
    )  # fmt: skip


def spread(groups: Sequence[tuple[str, Sequence[float]]], unit: str) -> list[go.Box]:
    """A box for each group with its single values beside it."""
    return [
        go.Box(
            name=name,
            x=list(values),
            orientation="h",
            boxpoints="all",
            jitter=0.6,
            pointpos=0,
            marker={"color": look(number)[0], "size": 5, "opacity": 0.6, "symbol": look(number)[2]},
            line={"color": look(number)[0], "width": 1.5},
            fillcolor=palette.CLEAR,
            hovertemplate="%{x:.4g} " + unit + "<extra></extra>",
            showlegend=False,
        )
        for number, (name, values) in enumerate(groups)
    ]


def sums(table: pd.DataFrame, by: list[str], column: str) -> pd.DataFrame:
    """Sums of a column by others, in their order."""
    return table.groupby(by, sort=True)[[column]].sum().reset_index()


def top(table: pd.DataFrame, column: str) -> Any:
    """The row with the most of a column."""
    return table.iloc[int(table[column].argmax())]


def falling(levels: pd.DataFrame, first_s: float, last_s: float) -> tuple[list[float], list[float]]:
    """Times and activities of something that decays between its rows, within a stretch of time.

    Parameters
    ----------
    levels : DataFrame
        time_s, activity_bq (just after), decay_per_s, in the order of time; what is zero has ended.
    first_s, last_s : float
        The stretch [s].

    Returns
    -------
    (times [s], activities [Bq])
        With both values where it jumps.
    """
    time, held, decay = (levels[name].to_numpy(float) for name in ("time_s", "activity_bq", "decay_per_s"))
    times: list[float] = []
    values: list[float] = []
    for number, begin in enumerate(time.tolist()):
        end = time[number + 1] if number + 1 < len(time) else last_s
        low, high = max(begin, first_s), min(end, last_s)
        if high > low and held[number] > 0.0:
            at = np.linspace(low, high, _POINTS)
            times += at.tolist()
            values += (held[number] * np.exp(-decay[number] * (at - begin))).tolist()
    return times, values
