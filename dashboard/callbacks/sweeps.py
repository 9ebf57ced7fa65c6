"""The page Sweeps and sizing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update

from dashboard import address, contents, ids
from dashboard.address import Sweeps, WhatIf
from dashboard.callbacks import charts
from dashboard.callbacks.numbers import number, whole
from dashboard.charts import sweeps as sweep_charts
from dashboard.charts.compare import Answered
from dashboard.desk.desk import Desk
from dashboard.desk.sweeps import DAYS, TIMES, USUAL, Filled, filled
from dashboard.form import values
from dashboard.form.leaves import Leaf
from dashboard.jobs import Experiment, Refused
from dashboard.pages import sweeps

NAME = "dashboard"


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address."""
    state = address.sweeps(search)
    asked = desk.experiments.asked(state.job) if state.job else None
    own = filled(asked)
    form = desk.forms.form(WhatIf(asked.scenario if asked and own != Filled() else state.scenario))
    known = Sweeps(form.scenario, state.job, state.folder, state.kpi, state.against)
    files, listed = desk.config.jobs.shelf.sweeps(), desk.sweeps.listing()
    names = desk.forms.scenarios()
    return sweeps.page(known, own, names, form.leaves, _figures(desk), files, listed, *_results(desk, known))


def _figures(desk: Desk) -> list[str]:
    """Figures that can be looked at; of those with members the usual."""
    known = [name for name, one in desk.showing.definitions().items() if not one["index"]]
    return [*USUAL, *(name for name in known if name not in USUAL)]


def _results(desk: Desk, state: Sweeps) -> list[Any]:
    """A job that goes on, what it found, or a sweep of the store."""
    parts = [sweeps.watched(state.job, desk.experiments.watched(state.job) if state.job else None)]
    if answer := desk.experiments.answer(state.job, "size"):
        return [*parts, *sweeps.sized(state.job, answer)]
    swept = desk.experiments.answer(state.job, "sweep") or {"folder": state.folder}
    seen = desk.sweeps.explored({"folder": swept["folder"], "kpi": state.kpi, "against": state.against})
    if seen is None:
        return [*parts, *([] if state.job else [sweeps.nothing()])]
    return [*parts, *sweeps.explored(seen)]


def varied(leaves: Iterable[Leaf], paths: Sequence[str | None], texts: Sequence[str | None]) -> dict[str, list[Any]]:
    """What the fields say: path -> values, as a scenario would hold them."""
    known = {leaf.path: leaf for leaf in leaves}
    found: dict[str, list[Any]] = {}
    for path, text in zip(paths, texts, strict=True):
        pieces = [piece.strip() for piece in (text or "").split(",") if piece.strip()]
        if path and path not in known:
            raise Refused(f"this scenario has no {path[:80]!r}")
        if path and not pieces:
            raise Refused(f"say which values {path} may have, such as 1, 2, 3")
        if path:
            found[path] = [values.read(known[path], piece) for piece in pieces]
    if not found:
        raise Refused("pick at least one thing to vary, and its values")
    return found


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    charts.register(app, sweep_charts.CHARTS, ids.EXPLORED, desk.sweeps.explored)
    charts.register(app, [sweep_charts.SIZING], ids.SIZED, lambda said: _sized(desk, said))
    _register_ask(app, desk)
    _register_store(app, desk)

    @app.callback(
        Output(ids.EXPLORED, "data"), Output(ids.ADDRESS, "data", allow_duplicate=True),
        Input(ids.EXPLORE_KPI, "value"), Input(ids.EXPLORE_AGAINST, "value"), State(ids.EXPLORED, "data"),
        prevent_initial_call=True,
    )  # fmt: skip
    def look(kpi: str, against: str, said: Mapping[str, str]) -> Any:
        chosen = {"folder": said["folder"], "kpi": kpi, "against": against}
        here = contents.named("sweeps").path
        return chosen, {"path": here, "search": address.sweeps_search(Sweeps(**chosen)), "run": ""}

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True), Input(ids.SWEEP_SCENARIO, "value"),
        State(ids.SWEEP_OPENED, "data"), prevent_initial_call=True,
    )  # fmt: skip
    def other(scenario: str | None, opened: str) -> Any:
        # It is also called when the page appears, and must not lead away then.
        return no_update if not scenario or scenario == opened else _path(Sweeps(scenario=scenario))


def _register_ask(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Output(ids.SWEEP_SAID, "children"),
        Input(ids.SWEEP_RUN, "n_clicks"),
        Input(ids.SIZE_RUN, "n_clicks"),
        State(ids.SWEEP_SCENARIO, "value"),
        State({"type": "axis-path", "number": ALL}, "value"),
        State({"type": "axis-values", "number": ALL}, "value"),
        State(ids.SWEEP_TIMES, "value"),
        State(ids.SWEEP_DAYS, "value"),
        State(ids.SWEEP_KPIS, "value"),
        State(ids.SWEEP_TARGETS, "value"),
        prevent_initial_call=True,
    )
    def run(_sweep: Any, _size: Any, scenario: str, paths: Any, texts: Any, times: Any, days: Any, *more: Any) -> Any:
        if not (_sweep or _size):
            return no_update, no_update
        sizes = ctx.triggered_id == ids.SIZE_RUN
        fields = (paths, texts)
        return _asked(lambda: ask(desk, scenario, fields, sizes, times, days, *more))


def ask(
    desk: Desk, scenario: str, fields: tuple[Any, Any], sizes: bool, times: Any, days: Any, kpis: Any, targets: Any
) -> str:
    """Put a sweep or a sizing into the queue; its job."""
    axes = varied(desk.forms.leaves(scenario), *fields)
    lines = tuple(line.strip() for line in str(targets or "").splitlines() if line.strip())
    if sizes and not lines:
        raise Refused("a sizing needs a target, such as animals_per_day.mean >= 12")
    wanted = Experiment(
        kind="size" if sizes else "sweep",
        replications=whole(times) or TIMES,
        label="" if sizes else NAME,
        axes=axes,
        kpis=() if sizes else tuple(map(str, kpis or USUAL)),
        targets=lines if sizes else (),
    )
    patch = f"{DAYS}{number(days):g}" if number(days) and not sizes else ""
    return desk.experiments.ask(wanted, scenario, patch, days=number(days) if sizes else None)


def _register_store(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Output(ids.SWEEP_SAID, "children", allow_duplicate=True),
        Input(ids.SWEEP_FILE_RUN, "n_clicks"),
        State(ids.SWEEP_FILE, "value"),
        prevent_initial_call=True,
    )
    def start(clicks: int | None, file: str | None) -> Any:
        return _asked(lambda: begun(desk, file=file or "")) if clicks else (no_update, no_update)

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Output(ids.SWEEP_SAID, "children", allow_duplicate=True),
        Input({"type": "resume", "folder": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def resume(clicks: list[int | None]) -> Any:
        if not any(clicks) or not isinstance(ctx.triggered_id, dict):
            return no_update, no_update
        return _asked(lambda: begun(desk, folder=str(ctx.triggered_id["folder"])))


def begun(desk: Desk, file: str = "", folder: str = "") -> str:
    """Start a sweep file, or go on with a sweep of the store; the job."""
    return desk.experiments.ask(Experiment("sweep", 2, file=file, folder=folder), "")


def _asked(ask: Callable[[], str]) -> Any:
    """Where the job is watched, or why it is not asked for."""
    try:
        return _path(Sweeps(job=ask())), ""
    except Refused as refused:
        return no_update, f"This cannot be run: {refused}"


def _path(state: Sweeps) -> str:
    return contents.named("sweeps").path + address.sweeps_search(state)


def _sized(desk: Desk, said: Mapping[str, Any] | None) -> Answered | None:
    job = str((said or {}).get("job", ""))
    answer = desk.experiments.answer(job, "size")
    return None if answer is None else Answered(job, answer)
