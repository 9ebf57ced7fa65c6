"""A job that plays many runs is watched, and can be ended; once it is done its page is shown anew."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from dashboard import ids
from dashboard.desk.asking import Watched
from dashboard.desk.desk import Desk

#: How often a page still asks how far its job is: without end, or no more.
ON, OFF = -1, 0


def stand(watched: Watched) -> tuple[Any, ...]:
    """What the progress, the cancel button and the status say, and how often to ask on."""
    going = watched.running
    progress, cancel = ("block", "inline-block") if going else ("none", "none")
    return round(100 * watched.share), progress, cancel, watched.words, ON if going else OFF


def patiently(timer: str) -> list[tuple[Output, bool, bool]]:
    """Its callback is not asked again before it has answered.

    Of two answers to one question Dash throws away the older: were the time between them shorter than an answer takes,
    none would ever be shown.
    """
    return [(Output(timer, "disabled"), True, False)]


def register(app: Dash, desk: Desk) -> None:
    """All of them."""

    @app.callback(
        Output(ids.JOB_PROGRESS, "value"),
        Output(f"{ids.JOB_PROGRESS}-root", "display"),
        Output(ids.JOB_CANCEL, "display"),
        Output(ids.JOB_STATUS, "children"),
        Output(ids.JOB_POLL, "max_intervals"),
        Output(ids.JOB_DONE, "data"),
        Input(ids.JOB_POLL, "n_intervals"),
        State(ids.JOB, "data"),
        running=patiently(ids.JOB_POLL),
        prevent_initial_call=True,
    )
    def poll(_ticks: int | None, job: str) -> Any:
        watched = desk.experiments.watched(job)
        # Anew also when it was cancelled or has failed: the page then says what can be gone on with.
        return *stand(watched), no_update if watched.running else True

    app.clientside_callback(
        ClientsideFunction("address", "again"),
        Output(ids.JOB_DONE, "clear_data"),
        Input(ids.JOB_DONE, "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(ids.JOB_CANCEL, "n_clicks"), Input(ids.JOB_CANCEL, "n_clicks"), State(ids.JOB, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def cancel(clicks: int | None, job: str) -> Any:
        desk.asking.cancel({"job": job}) if clicks and job else None
        return no_update
