"""What a sizing found: cost of each configuration against its targets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import comparison, layout, palette, words

LOOKS = {"met": ("#009E73", "circle"), "undecided": ("#E69F00", "diamond-open"), "missed": ("#D55E00", "x")}


def figure(answer: Mapping[str, Any]) -> go.Figure:
    """A mark for each configuration: the first target's figure against the cost."""
    found = [one for one in answer["configurations"] if one["cost"] is not None and one["targets"]]
    marks = [_marks(verdict, [one for one in found if one["verdict"] == verdict]) for verdict in LOOKS]
    drawn = go.Figure([one for one in marks if len(one.x)])
    drawn.update_layout(layout.base(340), legend=layout.legend_above())
    currency = found[0]["currency"] if found else ""
    drawn.update_xaxes(title_text=f"Cost of the simulated time, {currency}", gridcolor=palette.GRID)
    drawn.update_yaxes(title=target((answer["targets"] or [""])[0]), gridcolor=palette.GRID, automargin=True)
    return drawn


def _marks(verdict: str, own: list[Mapping[str, Any]]) -> go.Scatter:
    colour, symbol = LOOKS[verdict]
    return go.Scatter(
        name=f"targets {verdict}", mode="markers", x=[one["cost"] for one in own],
        y=[one["targets"][0]["estimate"] for one in own], text=[_place(one) for one in own],
        hovertemplate="%{text}<br>%{x:.0f}; %{y:.3g}", marker={"color": colour, "symbol": symbol, "size": 11},
    )  # fmt: skip


def _place(one: Mapping[str, Any]) -> str:
    return ", ".join(f"{_named(path)} {value}" for path, value in one["values"].items())


def _named(path: str) -> str:
    return words.plain(path.replace(".", " "))


_TARGET = re.compile(r"(.+)\.(mean|p95) *(>=|<=) *(.+)")


def target(said: str) -> str:
    """``animals_per_day.mean >= 12`` as a person writes it."""
    found = _TARGET.fullmatch(said)
    if found is None:
        return said
    figure, which, way, value = found.groups()
    name = {"mean": "mean", "p95": "95th percentile"}[which]
    return f"{comparison.label_of(figure)}, {name} {'≥' if way == '>=' else '≤'} {value}"


def caption(answer: Mapping[str, Any]) -> str:
    """The answer in words."""
    counts = [sum(one["verdict"] == verdict for one in answer["configurations"]) for verdict in LOOKS]
    said = ", ".join(f"{count} {verdict}" for count, verdict in zip(counts, LOOKS, strict=True))
    sentence = str(answer["sentence"])
    for path in {path for one in answer["configurations"] for path in one["values"]}:
        sentence = sentence.replace(f"{path} = ", f"{_named(path)} ")
    for said_so in answer["targets"]:
        sentence = sentence.replace(said_so, target(said_so))
    return f"{sentence} Of {words.counted(len(answer['configurations']), 'configuration')}: {said}."


def table(answer: Mapping[str, Any]) -> pd.DataFrame:
    """Every configuration, the cheapest first."""
    return pd.DataFrame(
        [
            {**one["values"], "cost": one["cost"], "currency": one["currency"], "verdict": one["verdict"]}
            | {held["target"]: held["estimate"] for held in one["targets"]}
            | {"replications": one["replications"], "error": one["error"] or ""}
            for one in answer["configurations"]
        ]
    )
