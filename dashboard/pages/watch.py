"""How a job that plays many runs is watched on a page: progress, words, and a way to end it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import ids
from dashboard.desk.asking import Watched

POLL_MS = 700


def panel(job: str, watched: Watched | None) -> Any:
    """The place of a job's progress; `ids.JOB` says which."""
    going = watched is not None and watched.running
    progress = dmc.ProgressRoot(
        dmc.ProgressSection(
            id=ids.JOB_PROGRESS, value=0 if watched is None else round(100 * watched.share),
            **{"aria-label": "Progress of the runs"},
        ),
        id=f"{ids.JOB_PROGRESS}-root",
        display="block" if going else "none",
    )  # fmt: skip
    said = "" if watched is None else watched.words
    status = html.P(said, id=ids.JOB_STATUS, role="status", className="status", **{"aria-live": "polite"})
    cancel = dmc.Button("Cancel", id=ids.JOB_CANCEL, variant="default", display="inline-block" if going else "none")
    return html.Div(
        [
            dcc.Store(id=ids.JOB, data=job),
            dcc.Store(id=ids.JOB_DONE),
            dcc.Interval(id=ids.JOB_POLL, interval=POLL_MS, max_intervals=-1 if going else 0),
            dmc.Group([status, cancel], gap="md"),
            progress,
        ],
        className="no-print",
    )
