"""Figures of a run as cards and as a table, against the baseline if there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.figures.comparison import Compared, with_unit
from dashboard.figures.differences import MEANINGS, Difference
from dashboard.pages import rows

#: The differences of many pairs of runs, by figure.
Sure = Mapping[str, Difference]


def cards(compared: Iterable[Compared], sure: Sure = MappingProxyType({})) -> Any:
    """The headline figures; with `sure` how much of each difference is luck."""
    made = [card(one, sure.get(one.key)) for one in compared]
    return dmc.SimpleGrid(made, cols={"base": 2, "lg": max(1, min(4, len(made)))}, spacing="sm")


def card(one: Compared, sure: Difference | None = None, more: Sequence[Any] = ()) -> Any:
    """A figure: its name, its value, `more` of it, what it was, and what the difference means."""
    head = dmc.Group([dmc.Text(one.label, size="sm", c="dimmed"), about(one)], justify="space-between", wrap="nowrap")
    lines = [head, _value(one), *more, *(_difference(one, sure) if one.paired else ())]
    return dmc.Paper(
        dmc.Stack(lines, gap=4),
        withBorder=True,
        p="md",
        className="card",
        **{"data-kpi": one.key, "data-verdict": sure.verdict if sure else one.verdict},
    )


def _value(one: Compared) -> Any:
    if one.value is None:
        return dmc.Text("not defined", size="xl", c="dimmed", className="value")
    number = with_unit(one.value, "")
    unit = dmc.Text(one.unit, span=True, size="sm", c="dimmed") if one.unit else None
    return dmc.Text([dmc.Text(number, span=True, fw=650, fz=28), " ", unit], className="value", lh=1.2)


def _difference(one: Compared, sure: Difference | None) -> Sequence[Any]:
    baseline = dmc.Text(f"Baseline {with_unit(one.baseline, one.unit)}", size="xs", c="dimmed")
    if sure is None or not sure.is_known:
        return _said(one.difference_text, one.verdict, "difference"), baseline
    meaning = MEANINGS[sure.verdict]
    text = f"{meaning[:1].upper()}{meaning[1:]}" if sure.verdict == "same" else f"{sure.span}: {meaning}"
    note = dmc.Text(f"95 % interval, {sure.pairs} repetitions", size="xs", c="dimmed")
    run = dmc.Text(f"This run: {one.difference_text}", size="xs", c="dimmed")
    return _said(text, sure.verdict, "difference sure"), note, run, baseline


def _said(text: str, verdict: str, look: str) -> Any:
    """What the difference is; colour says it again."""
    return dmc.Text(text, size="sm", fw=600, className=f"{look} {verdict.replace(' ', '-')}")


def about(one: Compared) -> Any:
    """A small button that says on hover, focus and touch what a figure is."""
    button = dmc.ActionIcon(
        "i", variant="default", size="xs", radius="xl", **{"aria-label": f"{one.label}: {one.definition}"}
    )
    return dmc.Tooltip(
        button, label=one.definition, multiline=True, w=280, withArrow=True,
        events={"hover": True, "focus": True, "touch": True},
    )  # fmt: skip


def table(compared: Iterable[Compared]) -> Any:
    """All figures, with their definitions."""
    told = list(compared)
    paired = any(one.paired for one in told)
    heads = (
        ["Figure", "What-if", "Baseline", "Difference", "What it is"] if paired else ["Figure", "Value", "What it is"]
    )
    made = rows.as_data(heads, [_cells(one, paired) for one in told])
    return html.Div(made, className="scrolls", tabIndex=0, role="region", **{"aria-label": "All figures"})


def _cells(one: Compared, paired: bool) -> list[str]:
    now, then = one.value_text, with_unit(one.baseline, one.unit)
    return [one.label, now, then, one.difference_text, one.definition] if paired else [one.label, now, one.definition]
