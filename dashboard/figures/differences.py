"""Scenarios that shared their luck, compared: what differs, by how much, and what can be concluded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import comparison, layout, palette, words

#: What ``twin compare --json`` writes.
Answer = Mapping[str, Any]
#: Colour, mark and its shape of what a difference means; the words say it again.
LOOKS = {
    "better": ("#009E73", "circle"),
    "worse": ("#D55E00", "x"),
    "different": ("#0072B2", "diamond"),
    "same": ("#7F7F7F", "square-open"),
    "not seen": ("#7F7F7F", "circle-open"),
}
MEANINGS = {
    "better": "better", "worse": "worse", "different": "different", "same": "the same in every run",
    "not seen": "no difference seen", "undefined": "not defined",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of a scenario against the first one.

    Attributes
    ----------
    key, label, unit, scenario, verdict : str
    before, after : float or None
        Means of the first scenario and of this one.
    step, low, high : float or None
        After less before, and the interval of its mean.
    pairs : int
        Runs with the same luck.
    """

    key: str
    label: str
    unit: str
    scenario: str
    verdict: str
    before: float | None
    after: float | None
    step: float | None
    low: float | None
    high: float | None
    pairs: int

    @property
    def is_known(self) -> bool:
        """Whether there is an interval."""
        return self.step is not None and self.low is not None and self.high is not None

    @property
    def span(self) -> str:
        """``18 to 24 min more``, or ``−3.8 to +2.6 min``."""
        if not self.is_known:
            return "not defined"
        assert self.low is not None
        assert self.high is not None
        unit = "points" if self.unit == "%" else self.unit
        if self.low == self.high == 0.0:
            return "0"
        if self.low >= 0.0 or self.high <= 0.0:
            small, large = words.ends(*sorted((abs(self.low), abs(self.high))))
            ways = f"{small} to {large} {unit}".rstrip()
            return f"{ways} {'more' if self.high > 0.0 else 'less'}"
        low, high = words.ends(self.low, self.high)
        return f"{low} to +{high} {unit}".rstrip()


def differences(answer: Answer, keys: Iterable[str] = ()) -> list[Difference]:
    """Every difference (or those of the figures named), scenario by scenario."""
    chosen = list(keys)
    found = [_difference(one) for one in answer["differences"] if not chosen or one["kpi"] in chosen]
    return sorted(found, key=lambda one: chosen.index(one.key)) if chosen else found


def _difference(said: Mapping[str, Any]) -> Difference:
    key = said["kpi"]
    return Difference(
        key=key,
        label=comparison.label_of(key),
        unit=comparison.unit_of(said["unit"]),
        scenario=said["scenario_b"],
        verdict=said["verdict"],
        before=said["a"],
        after=said["b"],
        step=said["difference"],
        low=said["low"],
        high=said["high"],
        pairs=said["n"],
    )


def headlines(answer: Answer) -> list[Difference]:
    """The differences in what a manager looks at first."""
    return [one for one in differences(answer, _headline_keys(answer)) if one.verdict != "undefined"]


def _headline_keys(answer: Answer) -> list[str]:
    known = dict.fromkeys(one["kpi"] for one in answer["differences"])
    return [key for key in comparison.HEADLINES if key in known]


def conclusions(answer: Answer) -> list[str]:
    """For each scenario: what can be concluded, and what cannot."""
    found = headlines(answer)
    weeks = f"{answer['replications']} repetitions with shared luck, {100 * answer['confidence']:g} % intervals"
    weeks += f" that hold for all {answer['together']} differences together" if answer.get("together") else ""
    return [
        " ".join(_concluded(scenario, [one for one in found if one.scenario == scenario], str(answer["scenarios"][0])))
        + f" ({weeks}.)"
        for scenario in answer["scenarios"][1:]
    ]


def _concluded(scenario: str, own: Sequence[Difference], base: str) -> Iterator[str]:
    seen = [one for one in own if one.verdict in {"better", "worse", "different"}]
    if seen:
        said = "; ".join(f"{one.label.lower()} {one.span}{_meant(one)}" for one in seen)
        yield f"{scenario} differs from {base}: {said}."
    else:
        yield f"No headline figure of {scenario} is surely different from {base}."
    if unseen := [one for one in own if one.verdict == "not seen"]:
        said = "; ".join(f"{one.label.lower()} ({one.span})" for one in unseen)
        yield f"Nothing can be concluded about {said}: more repetitions may show a difference, or how small it is."
    if same := [one for one in own if one.verdict == "same"]:
        yield f"The same in every run: {words.listed([one.label.lower() for one in same], 6)}."


def _meant(one: Difference) -> str:
    return f", {one.verdict}" if one.verdict in {"better", "worse"} else ""


def figure(answer: Answer) -> go.Figure:
    """Each difference in percent of the first scenario's value, with its interval; 0 is no difference."""
    shown = [one for one in headlines(answer) if one.is_known and one.before]
    scenarios = answer["scenarios"][1:]
    drawn = go.Figure([_marks(verdict, own, len(scenarios)) for verdict in LOOKS if (own := _of(verdict, shown))])
    rows = len(shown)
    drawn.update_layout(layout.base(120 + 30 * max(2, rows)), legend=layout.legend_above())
    drawn.update_xaxes(
        title_text=f"Difference to {answer['scenarios'][0]}, % of its value", zeroline=True, zerolinewidth=2,
        zerolinecolor="#808080", gridcolor=palette.GRID, ticksuffix=" %",
    )  # fmt: skip
    drawn.update_yaxes(
        autorange="reversed", showgrid=False, categoryorder="array",
        categoryarray=[_row(one, len(scenarios)) for one in shown],
    )  # fmt: skip
    return drawn


def _of(verdict: str, shown: Iterable[Difference]) -> list[Difference]:
    return [one for one in shown if one.verdict == verdict]


def _row(one: Difference, scenarios: int) -> str:
    return f"{one.label}, {one.scenario}" if scenarios > 1 else one.label


def _marks(verdict: str, own: Sequence[Difference], scenarios: int) -> go.Scatter:
    colour, symbol = LOOKS[verdict]
    scale = [100.0 / abs(one.before or 1.0) for one in own]
    step, low, high = (
        [value or 0.0 for value in (getattr(one, name) for one in own)] for name in ("step", "low", "high")
    )
    return go.Scatter(
        name=MEANINGS[verdict],
        mode="markers",
        x=[value * per for value, per in zip(step, scale, strict=True)],
        y=[_row(one, scenarios) for one in own],
        error_x={
            "type": "data", "symmetric": False, "thickness": 2, "color": colour,
            "array": [(top - value) * per for top, value, per in zip(high, step, scale, strict=True)],
            "arrayminus": [(value - bottom) * per for bottom, value, per in zip(low, step, scale, strict=True)],
        },
        marker={"color": colour, "symbol": symbol, "size": 11, "line": {"width": 2, "color": colour}},
        text=[one.span for one in own],
        hovertemplate="%{y}: %{x:.1f} %<br>%{text}",
    )  # fmt: skip


def caption(answer: Answer) -> str:
    """How many headline figures are better, worse, and not told apart, and which differs most."""
    found = headlines(answer)
    counts = {verdict: sum(one.verdict == verdict for one in found) for verdict in LOOKS}
    said = ", ".join(f"{count} {MEANINGS[verdict]}" for verdict, count in counts.items() if count)
    sure = [one for one in found if one.verdict in {"better", "worse", "different"} and one.before]
    whole = f"Of {words.counted(len(found), 'figure')}: {said}."
    if not sure:
        return whole
    most = max(sure, key=lambda one: abs((one.step or 0.0) / (one.before or 1.0)))
    return f"{whole} Most differs {most.label.lower()} of {most.scenario}: {most.span}."


def table(answer: Answer) -> pd.DataFrame:
    """Every figure of every scenario against the first."""
    rows = [
        {
            "figure": one.key, "scenario": one.scenario, "unit": one.unit, "first": one.before, "this": one.after,
            "difference": one.step, "low": one.low, "high": one.high, "pairs": one.pairs,
            "meaning": MEANINGS[one.verdict],
        }
        for one in differences(answer)
    ]  # fmt: skip
    return pd.DataFrame(rows)
