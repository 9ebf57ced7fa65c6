"""Where bars lie: bars of one thing that overlap get lanes of their own."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

KINDS = {"scanner": "Scanners", "room": "Rooms", "person": "People"}
#: Room for the name of a kind above its rows.
HEAD = 0.7
LANE = 0.36


@dataclass(frozen=True, slots=True)
class Row:
    """The row of one thing: its middle and its height on the chart, and how many lanes it has."""

    kind: str
    thing: str
    middle: float
    height: float
    lanes: int


def lane_numbers(bars: pd.DataFrame) -> list[int]:
    """For each bar (in the order of start_s) the first lane that is free."""
    ends: list[float] = []
    numbers = []
    for start, end in zip(bars["start_s"].tolist(), bars["end_s"].tolist(), strict=True):
        free = next((lane for lane, until in enumerate(ends) if until <= start), len(ends))
        ends[free : free + 1] = [end]
        numbers.append(free)
    return numbers


def laid_out(bars: pd.DataFrame) -> pd.DataFrame:
    """The bars with their lane; an attendance lies beneath the others and takes none."""
    placed = bars.sort_values("start_s", kind="stable").assign(lane=0)
    work = placed[placed["task"] != "attendance"]
    for _, own in work.groupby(["kind", "thing"], sort=False):
        placed.loc[own.index, "lane"] = lane_numbers(own)
    return placed


def rows(placed: pd.DataFrame, things: pd.DataFrame, above: float = 0.0) -> list[Row]:
    """A row for each thing (columns kind, thing), from the top down, a gap between kinds, room above each row."""
    lanes = placed.groupby(["kind", "thing"])["lane"].max() + 1
    result, top = [], 0.0
    for kind in KINDS:
        named = things.loc[things["kind"] == kind, "thing"].tolist()
        top += HEAD if named else 0.0
        for thing in named:
            count = int(lanes.get((kind, thing), 1))
            height = max(1.0, LANE * count)
            top += above
            result.append(Row(kind, thing, top + height / 2, height, count))
            top += height
    return result
