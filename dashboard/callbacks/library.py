"""The page Library."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from dash import Dash, Input, Output, no_update

from dashboard import contents, ids
from dashboard.callbacks import charts
from dashboard.charts import library as library_charts
from dashboard.charts.compare import Answered
from dashboard.desk import knowing
from dashboard.desk.desk import Desk
from dashboard.jobs import Experiment, Refused
from dashboard.pages import library


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address: ``?part=tracers``."""
    part = knowing.part(parse_qs((search or "").lstrip("?")).get("part", [""])[0])
    if part.catalogue:
        return library.page(part, library.table(part, knowing.rows(part), knowing.cited()))
    job = newest(desk)
    watched = desk.experiments.watched(job) if job else None
    return library.page(part, *library.validated(desk.experiments.answer(job, "validate"), job, watched))


def newest(desk: Desk) -> str:
    """The newest job that compares with published numbers; empty: none."""
    found = desk.experiments.listing(["validate"], 1)
    return found[0].job if found else ""


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    charts.register(app, library_charts.CHARTS, ids.VALIDATED, lambda said: answered(desk, said))

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Output(ids.JOB_STATUS, "children", allow_duplicate=True),
        Input(ids.VALIDATE, "n_clicks"),
        prevent_initial_call=True,
    )
    def validate(clicks: int | None) -> Any:
        if not clicks:
            return no_update, no_update
        try:
            job = desk.experiments.ask(Experiment("validate", 2), desk.forms.scenarios()[0])
        except Refused as refused:
            return no_update, str(refused)
        return f"{contents.named('library').path}?part=validation&job={job}", no_update


def answered(desk: Desk, said: Any) -> Answered | None:
    """What the chart is drawn from."""
    job = str((said or {}).get("job", ""))
    answer = desk.experiments.answer(job, "validate")
    return None if answer is None else Answered(job, answer)
