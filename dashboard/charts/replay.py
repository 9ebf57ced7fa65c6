"""The replay of a day: its data, and the chart that says the same on paper."""

from __future__ import annotations

from typing import Any

from dashboard.charts.common import Chart, Shown
from dashboard.charts.of_tables import LacksError, chart, tables
from dashboard.figures import floor, replay

_STAYS = "animal study session room start_s end_s"
NEEDS = {
    "rooms": "room kind",
    "animal_stays": _STAYS,
    "anaesthesias": "animal start_s end_s",
    "syringes": "animal injected_s injected_bq nuclide",
    "vial_levels": "nuclide decay_per_s",
    "timeline": "kind thing task step session room start_s end_s",
    "calendar": "kind thing start_s end_s",
    "room_activity": "room nuclide source time_s activity_bq decay_per_s",
}

CROWD = chart(
    "crowd", "Animals in each room", "animals", "How many animals are in each room at every moment of these days.",
    replay, {"animal_stays": _STAYS}, height=280,
)  # fmt: skip
CHARTS: tuple[Chart[Shown], ...] = (CROWD,)


def data(shown: Shown) -> dict[str, Any]:
    """What the script draws the first of the days shown from; or why it cannot."""
    try:
        needed = tables(shown, NEEDS)
    except LacksError as lacks:
        return {"trouble": str(lacks)}
    day = replay.data(dict(zip(NEEDS, needed, strict=True)), shown.run.floor, shown.window)
    return day | {"walls": [[kind, *line] for kind, line in shown.run.walls]}


def note(shown: Shown) -> str:
    """Whether the rooms are where they are."""
    return "" if shown.run.floor else floor.SCHEMATIC
