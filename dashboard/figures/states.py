"""Where the opening hours of the scanners go, for one run or two side by side."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, palette, words

PIXELS = 34


def shares(runs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each run, scanner and state: run, scanner, state, share_pct of the opening hours.

    Parameters
    ----------
    runs : mapping of a run's label to its table ``scanners``
    """
    columns = [f"{state}_s" for state in palette.STATES]
    parts = []
    for label, scanners in runs.items():
        long = scanners.melt(["scanner", "opening_s"], columns, "state", "time_s")
        long["state"] = long["state"].str.removesuffix("_s")
        parts.append(
            long.assign(run=label, share_pct=100.0 * long["time_s"] / long["opening_s"].where(long["opening_s"] > 0))
        )
    return pd.concat(parts, ignore_index=True)[["run", "scanner", "state", "share_pct"]]


def figure(runs: Mapping[str, pd.DataFrame]) -> go.Figure:
    """Stacked bars, one for each scanner of each run."""
    table = shares(runs)
    several = len(runs) > 1
    table["row"] = [_row(run, scanner, several) for run, scanner in zip(table["run"], table["scanner"], strict=True)]
    drawn = go.Figure(
        [_state(state, table) for state in palette.STATES if table.loc[table["state"] == state, "share_pct"].sum() > 0]
    )
    rows = list(dict.fromkeys(table["row"]))
    drawn.update_layout(
        layout.base(height=PIXELS * max(2, len(rows)) + 130), barmode="stack", bargap=0.3, legend=layout.legend_above()
    )
    drawn.update_xaxes(range=[0, 100], ticksuffix=" %", gridcolor=palette.GRID, title_text="Share of the opening hours")
    drawn.update_yaxes(categoryorder="array", categoryarray=rows[::-1], showgrid=False)
    return drawn


def narrow(runs: Mapping[str, pd.DataFrame]) -> go.Figure:
    """The same for a narrow screen: names above their bars."""
    drawn = figure(runs)
    rows = drawn.layout.yaxis.categoryarray
    drawn.update_layout(bargap=0.6, height=round(1.6 * PIXELS * len(rows)) + 120)
    drawn.update_traces(textfont_size=10)
    return layout.named_above(drawn, [(row, place + 0.2) for place, row in enumerate(rows)])  # a bar is 0.4 thick


def _row(run: str, scanner: str, several: bool) -> str:
    return f"{escape(scanner)}, {escape(run)}" if several else escape(scanner)


def _state(state: str, table: pd.DataFrame) -> go.Bar:
    own, look = table[table["state"] == state], palette.STATES[state]
    return go.Bar(
        name=look.label,
        orientation="h",
        y=own["row"].to_list(),
        x=own["share_pct"].to_list(),
        text=[f"{pct:.0f} %" if pct >= 6 else "" for pct in own["share_pct"]],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        marker={
            "color": look.colour,
            "line": palette.EDGE,
            "pattern": palette.pattern(look.pattern),
        },
        hovertemplate="%{y}: " + look.label + " %{x:.1f} %<extra></extra>",
    )


def table(runs: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The shares with two digits."""
    made = shares(runs)
    return made.assign(share_pct=made["share_pct"].round(2))


def caption(runs: Mapping[str, pd.DataFrame]) -> str:
    """For each scanner of each run: how much of the opening hours it scanned, and how much it stood idle."""
    made = shares(runs).pivot_table(index=["run", "scanner"], columns="state", values="share_pct", sort=False)
    said = [
        f"{scanner}{f' in {run}' if len(runs) > 1 else ''}: imaging {words.number(row['imaging'], 2)} %, "
        f"idle {words.number(row['idle'], 2)} %"
        for (run, scanner), row in zip(made.index.tolist(), made.to_dict("records"), strict=True)
    ]
    return f"Of the opening hours, {words.listed(said, 6)}."
