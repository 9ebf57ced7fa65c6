"""The page Report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from dash import Dash, Input, Output, State, dcc, no_update

from dashboard import contents, ids, report
from dashboard.callbacks import run_page
from dashboard.desk.desk import Desk
from dashboard.pages import report as pages
from dashboard.pages import shell
from dashboard.runs import View

#: What stands in a report unless somebody says otherwise.
USUAL = ("figures", "charts")
GONE = "The comparison of this address is gone; ask for it again, what was played is kept."


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address: ``?run=FOLDER``, or ``?job=JOB`` for a comparison."""
    job = parse_qs((search or "").lstrip("?")).get("job", [""])[0]
    if not job:
        return run_page.page(desk, "report", search, lambda shown: pages.body(of_run(shown.run), USUAL))
    if desk.experiments.answer(job) is None:
        return shell.alone(contents.named("report"), shell.trouble(GONE))
    return pages.of_comparison(job, made({"job": job}, desk), USUAL)


def of_run(run: View) -> report.Report:
    """The report of a run as its reader may see it."""
    return report.chosen(report.report(run), USUAL)


def made(said: Mapping[str, Any], desk: Desk, sections: Sequence[str] = USUAL) -> report.Report:
    """The report of what a page shows, with what its reader may see."""
    job = said.get("job")
    if not job:
        return report.chosen(report.report(desk.showing.runs.open(said["run"])), sections)
    return report.chosen(report.report(desk.experiments.answer(str(job)) or {}), sections)


def register(app: Dash, desk: Desk) -> None:
    """All of them."""

    @app.callback(
        Output(ids.REPORT, "children"),
        Input(ids.SECTIONS, "value"),
        State(ids.SHOWN, "data"),
        prevent_initial_call=True,
    )
    def choose(sections: list[str], said: Mapping[str, Any]) -> Any:
        return pages.paper(made(said, desk, sections))

    @app.callback(
        Output(ids.REPORT_FILE, "data"), Input(ids.REPORT_SAVE, "n_clicks"), State(ids.SECTIONS, "value"),
        State(ids.SHOWN, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def save(clicks: int | None, sections: list[str], said: Mapping[str, Any]) -> Any:
        if not clicks:
            return no_update
        text = report.page(made(said, desk, sections))
        return dcc.send_string(text, f"report-{said.get('run') or said.get('job')}.html", type="text/html")
