"""``twin replicate``: a scenario many times with other luck; every figure with its interval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import say, show, table, write_json
from twin.cli.shares import share_of
from twin.cli.words import AsJson, Confidence, Days, Kpis, Replications, Scenario, Seed, Sets, Workers
from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.experiments.replicate import Estimate, Replicated
    from twin.scenario.loading import Resolved


@answers
def replicate(
    scenario: Scenario,
    n: Replications = None,
    precision: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE", help="As many replications as it takes: half width as a share of the mean, such as 5%."
        ),
    ] = None,
    kpi: Kpis = None,
    most: Annotated[
        int | None, typer.Option("--max", metavar="N", min=3, help="Most replications for --precision; default: 500.")
    ] = None,
    finished: Annotated[
        str | None,
        typer.Option(
            "--finished-by", metavar="TIME", help="How likely each study and visit is finished by '2026-03-06 17:00'."
        ),
    ] = None,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    confidence: Confidence = "95%",
    workers: Workers = None,
    as_json: AsJson = False,
) -> int:
    """Simulate a scenario many times with other luck; every figure with its interval."""
    from twin import api
    from twin.cli.progress import Runs
    from twin.cli.run import loaded, overrides
    from twin.results.store import default_store

    _refuse(n, precision, kpi, most)
    wanted = None if precision is None else share_of(precision, "--precision")
    sure = share_of(confidence, "--confidence")
    resolved = loaded(scenario, sets or [], overrides(seed, days))
    if finished is not None:
        return _finished(resolved, _moment(finished), n or 20, sure, workers, as_json)
    with Runs(resolved.scenario.name, kept=True) as bar:
        made = api.replicate(
            resolved, n or 20, precision=wanted, kpis=kpi or (), most=most or 500, confidence=sure,
            workers=workers, store=default_store(), done=bar,
        )  # fmt: skip
    _show(made, kpi or [], as_json)
    if made.precision is not None and made.precision.enough is None:
        say(f"twin: the precision of {precision} was not reached with {len(made.records)} replications (--max)")
    return 0


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--finished-by {text!r}: write a date and a time, such as '2026-03-06 17:00'") from None


def _finished(
    scenario: Resolved, moment: dt.datetime, n: int, confidence: float, workers: int | None, as_json: bool
) -> int:
    """The chances of studies and visits."""
    from twin import api
    from twin.cli.progress import Runs

    with Runs(scenario.scenario.name) as bar:
        found = api.finished_by(scenario, moment, n, confidence=confidence, workers=workers, done=bar)
    if as_json:
        write_json({"finished_by": moment.isoformat(), "replications": n, "chances": [one.as_data() for one in found]})
        return 0
    head = ("study", "visit", "finished", f"{100 * confidence:g} % interval", "runs")
    rows = [
        (one.study, one.visit or "(all)", f"{100 * one.finished.share:.0f} %",
         f"{100 * one.finished.low:.0f} to {100 * one.finished.high:.0f} %", str(one.finished.of))
        for one in found
    ]  # fmt: skip
    show([table(head, rows, right=(2, 3, 4))])
    return 0


def _refuse(n: int | None, precision: str | None, kpis: list[str] | None, most: int | None) -> None:
    """Words that do not go together, and figures that there are not."""
    from twin.experiments.replicate import require_ids

    if n is not None and precision is not None:
        raise UsageError("-n says how many replications, --precision finds it; give one of them")
    if most is not None and precision is None:
        raise UsageError("--max is for --precision; -n says how many replications")
    if precision is not None and not kpis:
        raise UsageError("say of which figures the precision is asked, such as --kpi animals_per_day")
    require_ids(kpis or [])


def _show(made: Replicated, kpis: list[str], as_json: bool) -> None:
    from twin.experiments.replicate import require_kpis

    require_kpis(kpis, made.kpis)
    if as_json:
        write_json(made.as_data(kpis))
    else:
        show(_page(made, kpis))


def _page(made: Replicated, kpis: list[str]) -> Iterator[Any]:
    from rich.text import Text

    yield Text(
        f"{made.name}: {len(made.records)} replications of {made.scenario.scenario.days:g} days, seed {made.seed}"
    )
    yield _table(made, {name: made.kpis[name] for name in kpis} if kpis else _worth_a_line(made))
    if made.precision is not None and made.precision.enough is not None:
        asked = ", ".join(made.precision.kpis)
        yield Text(
            f"{made.precision.enough} replications are enough for {100 * made.precision.precision:g} % of {asked}."
        )


def _worth_a_line(made: Replicated) -> Mapping[str, Estimate]:
    from twin.cli.figures import worth_a_line

    shown = {name: {"value": found.mean, "unit": found.unit} for name, found in made.kpis.items()}
    return {name: made.kpis[name] for name, figure in shown.items() if worth_a_line(name, figure)}  # type: ignore[arg-type]


def _table(made: Replicated, estimates: Mapping[str, Estimate]) -> Any:
    from twin.cli.figures import number, unit

    head = ("figure", "mean", f"{100 * made.confidence:g} % interval", "median", "least", "greatest", "unit")
    rows = [
        (name, number(found.mean), between(found.low, found.high), number(found.median), number(found.least),
         number(found.greatest), unit(found.unit) + ("" if found.n == len(made.records) else f" ({found.n} defined)"))
        for name, found in estimates.items()
    ]  # fmt: skip
    return table(head, rows, right=(1, 2, 3, 4, 5))


def between(low: float | None, high: float | None) -> str:
    """An interval as a person reads it."""
    from twin.cli.figures import number

    return "-" if low is None or high is None else f"{number(low)} to {number(high)}"
