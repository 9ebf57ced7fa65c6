"""The page Compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, no_update

from dashboard import address, contents, ids
from dashboard.address import LETTERS, Compare
from dashboard.callbacks import charts, variants
from dashboard.callbacks.numbers import number, whole
from dashboard.charts import compare as compare_charts
from dashboard.charts.compare import Answered
from dashboard.desk.desk import Desk
from dashboard.figures.comparison import HEADLINES
from dashboard.jobs import Experiment, Refused, Variant
from dashboard.pages import compare

NEEDED = "Pick at least two scenarios: A, and what it is compared with."


def page(desk: Desk, search: str | None) -> Any:
    """The page of an address; a job is enough to know what was asked."""
    state = restored(desk, address.compare(search))
    watched = desk.experiments.watched(state.job) if state.job else None
    answer = desk.experiments.answer(state.job)
    told = {letter: desk.variants.told(*one) for letter, one in zip(LETTERS, state.variants, strict=False)}
    return compare.page(state, desk.forms.scenarios(), told, watched, answer, desk.experiments.listing(["compare"]))


def restored(desk: Desk, state: Compare) -> Compare:
    """The state with what its job was asked for."""
    asked = desk.experiments.asked(state.job) if state.job else None
    if asked is None or asked.experiment is None or asked.experiment.kind != "compare":
        return state
    others = tuple((one.scenario, one.patch) for one in asked.experiment.others)
    return Compare(((asked.scenario, asked.patch), *others), asked.experiment.replications, asked.days, state.job)


def asked_for(desk: Desk, scenarios: Sequence[str], patches: Sequence[str], times: Any, days: Any) -> Compare:
    """Put what is filled in into the queue; the state that watches it."""
    pairs = [(name, patch or "") for name, patch in zip(scenarios, patches, strict=True) if name]
    if len(pairs) < 2:
        raise Refused(NEEDED)
    first, *others = pairs
    variants = tuple(Variant(*one, letter) for one, letter in zip(others, LETTERS[1:], strict=False))
    wanted = Experiment("compare", whole(times) or compare.TIMES, LETTERS[0], variants, kpis=tuple(HEADLINES))
    job = desk.experiments.ask(wanted, *first, days=number(days))
    return Compare(tuple(pairs), wanted.replications, number(days), job)


def register(app: Dash, desk: Desk) -> None:
    """All of them."""
    variants.register(app, desk)
    charts.register(app, compare_charts.CHARTS, ids.COMPARE_SAID, lambda said: answered(desk, said))

    @app.callback(
        Output(ids.LOCATION, "href", allow_duplicate=True),
        Output(ids.COMPARE_MORE, "children"),
        Input(ids.COMPARE_RUN, "n_clicks"),
        State({"type": "variant-scenario", "letter": ALL}, "value"),
        State({"type": "variant-patch", "letter": ALL}, "value"),
        State(ids.COMPARE_TIMES, "value"),
        State(ids.COMPARE_DAYS, "value"),
        prevent_initial_call=True,
    )
    def run(clicks: int | None, scenarios: list[str], patches: list[str], times: Any, days: Any) -> Any:
        if not clicks:
            return no_update, no_update
        try:
            state = asked_for(desk, scenarios, patches, times, days)
        except Refused as refused:
            return no_update, f"This cannot be compared: {refused}"
        return contents.named("compare").path + address.compare_search(Compare(job=state.job)), ""


def answered(desk: Desk, said: Mapping[str, Any] | None) -> Answered | None:
    """What the charts are drawn from."""
    job = str((said or {}).get("job", ""))
    answer = desk.experiments.answer(job)
    return None if answer is None else Answered(job, answer)
