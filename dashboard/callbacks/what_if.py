"""The page What if: fields, runs, results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, dcc, no_update

from dashboard import address, ids
from dashboard.address import WhatIf
from dashboard.callbacks import charts, form, uploads, watch
from dashboard.callbacks.numbers import number, whole
from dashboard.charts import facility as facility_charts
from dashboard.charts import what_if as what_if_charts
from dashboard.charts.common import Shown
from dashboard.desk.desk import Desk
from dashboard.jobs import Refused
from dashboard.pages import what_if

Strings = Mapping[str, str]


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address; a baseline that is short is played unasked, so that there is something to see."""
    state = desk.asking.restored(address.what_if(search))
    form = desk.forms.form(state)
    opened = desk.asking.opened(state, form)
    shown = desk.showing.shown_or_none(opened.state)
    sure = desk.asking.seen(opened.jobs).get("sure", "")
    made = what_if.nothing() if shown is None else _results(desk, shown, sure, "sure" in opened.jobs)
    return what_if.page(form, desk.forms.edited_form(form), desk.forms.scenarios(), opened, made, sure)


def _results(desk: Desk, shown: Shown, sure: str, coming: bool) -> Any:
    return what_if.results(shown, desk.showing.definitions(), desk.experiments.answer(sure), coming)


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    charts.register_run(app, desk, what_if_charts.CHARTS, ids.COMPARED)
    charts.register(app, facility_charts.CHARTS, ids.PICTURED, desk.forms.pictured)
    form.register(app, desk)
    _register_files(app, desk)
    _register_ways(app)
    _register_runs(app, desk)
    _register_results(app, desk)


def _register_files(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.SHEET_FILE, "data"), Input(ids.SHEET, "n_clicks"), State(ids.FIELDS, "data"),
        State(ids.SCENARIO, "value"), prevent_initial_call=True,
    )  # fmt: skip
    def sheet(clicks: int | None, filled: Mapping[str, Any], scenario: str) -> Any:
        return dcc.send_bytes(desk.forms.sheet(scenario, filled or {}), "what-if.xlsx") if clicks else no_update

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True), Output(ids.UPLOAD_SAID, "children"),
        Input(ids.UPLOAD, "contents"), State(ids.UPLOAD, "filename"), State(ids.SCENARIO, "value"),
        prevent_initial_call=True,
    )  # fmt: skip
    def upload(contents: str | None, name: str | None, scenario: str) -> Any:
        if not contents:
            return no_update, no_update
        try:
            state = uploads.what_if(desk, scenario, str(name), contents)
        except Refused as refused:
            return no_update, f"This file cannot be opened: {refused}"
        return address.WHAT_IF + address.search(state), ""


def _register_ways(app: Dash) -> None:
    @app.callback(
        Output(ids.LOCATION, "href"),
        Input(ids.SCENARIO, "value"),
        Input(ids.RESET, "n_clicks"),
        State(ids.OPENED, "data"),
        prevent_initial_call=True,
    )
    def go(scenario: str, clicks: int | None, opened: str) -> Any:
        # It is also called when the page appears, and must not load the page again then.
        return address.WHAT_IF + address.search(WhatIf(scenario)) if clicks or scenario != opened else no_update

    @app.callback(
        Output(ids.ADDRESS, "data"),
        Input(ids.SAID, "data"),
        Input(ids.JOBS, "data"),
        Input(ids.COMPARED, "data"),
        Input(ids.SEED, "value"),
        Input(ids.DAYS, "value"),
        Input(ids.TIMES, "value"),
        State(ids.SCENARIO, "value"),
        prevent_initial_call=True,
    )
    def written(said: Strings, jobs: Strings, shown: Strings, seed: Any, days: Any, times: Any, scenario: str) -> Any:
        runs = {name: one for name, one in {**(shown or {}), **(jobs or {})}.items() if one}
        state = WhatIf(scenario, whole(seed), number(days), whole(times), said or {}, **runs)
        return {"path": address.WHAT_IF, "search": address.search(state), "run": state.run}


def _register_runs(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.JOBS, "data"),
        Output(ids.PLAYED, "data"),
        Output(ids.STATUS, "children", allow_duplicate=True),
        Input(ids.RUN, "n_clicks"),
        State(ids.FIELDS, "data"),
        State(ids.SCENARIO, "value"),
        State(ids.SEED, "value"),
        State(ids.DAYS, "value"),
        State(ids.TIMES, "value"),
        prevent_initial_call=True,
    )
    def run(clicks: int | None, filled: Mapping[str, Any], scenario: str, seed: Any, days: Any, times: Any) -> Any:
        if not clicks:
            return no_update, no_update, no_update
        try:
            edited = desk.forms.edited(scenario, filled)
            asked = desk.asking.ask(scenario, edited.yaml, whole(seed), number(days), whole(times) or 0)
        except Refused as refused:
            return {}, no_update, f"This cannot be run: {refused}"
        return asked, edited.link, "Asked for."

    @app.callback(
        Output(ids.CANCEL, "n_clicks"),
        Input(ids.CANCEL, "n_clicks"),
        State(ids.JOBS, "data"),
        prevent_initial_call=True,
    )
    def cancel(clicks: int | None, jobs: Strings) -> Any:
        desk.asking.cancel(jobs or {}) if clicks else None
        return no_update

    @app.callback(
        Output(ids.PROGRESS, "value"),
        Output(f"{ids.PROGRESS}-root", "display"),
        Output(ids.CANCEL, "display"),
        Output(ids.STATUS, "children"),
        Output(ids.POLL, "max_intervals"),
        Output(ids.COMPARED, "data"),
        Input(ids.POLL, "n_intervals"),
        Input(ids.JOBS, "data"),
        State(ids.COMPARED, "data"),
        running=watch.patiently(ids.POLL),
        prevent_initial_call=True,
    )
    def poll(_ticks: int | None, jobs: Strings | None, shown: Strings | None) -> Any:
        watched = desk.asking.watched(jobs or {})
        seen = desk.asking.seen(jobs or {})
        ended = {**(shown or {}), "sure": "", **seen} if seen else shown
        return *watch.stand(watched), ended if ended != shown else no_update


def _register_results(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.RESULTS, "children"), Output(ids.DRAWN, "style"), Input(ids.COMPARED, "data"),
        State(ids.JOBS, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def results(shown: Strings | None, jobs: Strings | None) -> Any:
        if not shown or not shown.get("run"):
            return no_update, no_update
        seen = desk.showing.compared(shown)
        return _results(desk, seen, shown.get("sure", ""), "sure" in (jobs or {})), what_if.SEEN

    @app.callback(Output(ids.EARLIER, "children"), Input(ids.COMPARED, "data"))
    def earlier(shown: Strings) -> Any:
        return what_if.earlier(desk.showing.earlier(), shown)

    @app.callback(
        Output(ids.ALL_FIGURES, "children"), Input(ids.ALL_FIGURES_BUTTON, "n_clicks"), Input(ids.COMPARED, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def all_figures(clicks: int | None, shown: Strings) -> Any:
        if not clicks or not shown or not shown.get("run"):
            return no_update
        return what_if.all_figures(desk.showing.compared(shown), desk.showing.definitions())
