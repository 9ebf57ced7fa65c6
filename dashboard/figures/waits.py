"""What a visit waits for, in one run or two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import layout, palette, words

#: What is always shown; other causes where somebody waited for them.
USUAL = ("person", "scanner", "bed", "place", "tracer")
NAMES = {
    "person": "a person", "scanner": "the scanner", "bed": "a bed", "place": "a place", "licence": "the licence",
    "calibrator": "the dose calibrator", "supply": "supplies", "hygiene": "a clean room",
    "waste": "the decay store",
    "certificate": "a valid certificate", "supervisor": "a supervisor",
}  # fmt: skip
KPI = "wait_mean_min["
LOOKS = (("#8C8C8C", "/"), ("#0072B2", ""))


def causes(runs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The usual causes, then those for which a visit of any of the runs waited."""
    waited = (
        key.removeprefix(KPI).removesuffix("]")
        for kpis in runs.values()
        for key, figure in kpis.items()
        if key.startswith(KPI) and figure["value"]
    )
    return list(dict.fromkeys([*USUAL, *(cause for cause in waited if cause != "all")]))


def name(cause: str) -> str:
    """A cause as a person calls it."""
    return NAMES.get(cause, cause.replace("_", " "))


def means(runs: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """One row for each run and cause: run, cause, wait_mean_min.

    Parameters
    ----------
    runs : mapping of a run's label to its KPIs
    """
    rows = [
        {"run": label, "cause": cause, "wait_mean_min": figure["value"]}
        for label, kpis in runs.items()
        for cause in causes(runs)
        if (figure := kpis.get(f"{KPI}{cause}]")) is not None
    ]
    return pd.DataFrame(rows, columns=["run", "cause", "wait_mean_min"])


def figure(runs: Mapping[str, Mapping[str, Any]]) -> go.Figure:
    """A bar for each cause and run."""
    made = means(runs)
    drawn = go.Figure([_bars(made, label, *look) for label, look in zip(runs, LOOKS[-len(runs) :], strict=True)])
    height = 110 + 34 * len(causes(runs)) * (1 if len(runs) == 1 else 1.4)
    drawn.update_layout(layout.base(round(height)), barmode="group", bargap=0.3, legend=layout.legend_above())
    drawn.update_xaxes(title_text="Mean wait of a visit, min", rangemode="tozero", gridcolor=palette.GRID)
    drawn.update_yaxes(autorange="reversed", showgrid=False)
    return drawn


def _bars(made: pd.DataFrame, label: str, colour: str, pattern: str) -> go.Bar:
    own = made[made["run"] == label]
    return go.Bar(
        name=label,
        orientation="h",
        y=[f"for {name(cause)}" for cause in own["cause"]],
        x=own["wait_mean_min"].to_list(),
        marker={"color": colour, "pattern": palette.pattern(pattern)},
        text=[words.number(value, 2) if pd.notna(value) else "" for value in own["wait_mean_min"]],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.2f} min<extra></extra>",
    )


def table(runs: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """The means with two digits."""
    made = means(runs)
    return made.assign(wait_mean_min=made["wait_mean_min"].astype(float).round(2))


def caption(runs: Mapping[str, Mapping[str, Any]]) -> str:
    """How long a visit waits in each run, and for what most."""
    made = means(runs).dropna()
    if made.empty:
        return "No visit has started, so nothing has waited."
    return " ".join(_said(label, own, len(runs) > 1) for label, own in made.groupby("run", sort=False))


def _said(label: Any, own: pd.DataFrame, several: bool) -> str:
    total = own["wait_mean_min"].sum()
    head = f"In {label}, a visit waits" if several else "A visit waits"
    if not total:
        return f"{head} for nothing."
    most = own.iloc[int(own["wait_mean_min"].argmax())]
    longest = words.number(most["wait_mean_min"], 2)
    return f"{head} {words.number(total, 2)} min on average, longest for {name(most['cause'])} ({longest} min)."
