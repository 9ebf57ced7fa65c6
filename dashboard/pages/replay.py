"""The page Replay: a floor plan that a script draws, and the same as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import ids
from dashboard.charts import replay
from dashboard.charts.common import Shown
from dashboard.pages import chosen_days

KEYS = (
    "Keyboard on the plan: space plays and pauses, ← and → go five minutes, Page Up and Page Down an hour, Home and "
    "End to the ends of the day."
)
PEOPLE_HIDDEN = "People are shown to managers and radiation protection only."


def body(shown: Shown, sees_people: bool) -> Sequence[Any]:
    """The plan with its controls (the script makes them), and the chart below."""
    notes = [replay.note(shown), "" if sees_people else PEOPLE_HIDDEN]
    plan = dmc.Paper(
        [
            dcc.Store(id=ids.REPLAY_DAY),
            dcc.Store(id=ids.REPLAY_DRAWN),
            html.Div(id=ids.REPLAY, className="replay"),
            *(dmc.Text(note, size="sm", c="dimmed") for note in notes if note),
            dmc.Text(KEYS, size="xs", c="dimmed", className="no-print"),
        ],
        withBorder=True,
        p="md",
    )
    return chosen_days.body(shown, replay.CHARTS, plan)
