"""``twin compare``: scenarios with shared luck, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import say, show, table, write_json
from twin.cli.replicate import between
from twin.cli.shares import share_of
from twin.cli.words import AsJson, Confidence, Days, Kpis, Replications, Seed, Sets, Workers

if TYPE_CHECKING:
    from twin.experiments.compare import Compared, Difference

Scenarios = Annotated[
    list[str],
    typer.Argument(
        metavar="A B [C ...]", help="Files or names of bundled scenarios; A is what the others differ from."
    ),
]


@answers
def compare(
    scenarios: Scenarios,
    n: Replications = None,
    kpi: Kpis = None,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    confidence: Confidence = "95%",
    workers: Workers = None,
    as_json: AsJson = False,
) -> int:
    """Simulate scenarios with the same luck; how the others differ from the first, figure by figure."""
    from twin import api
    from twin.cli.progress import Runs
    from twin.cli.run import loaded, overrides
    from twin.results.store import default_store

    sure = share_of(confidence, "--confidence")
    resolved = [loaded(name, sets or [], overrides(seed, days)) for name in scenarios]
    with Runs("comparison", kept=True) as bar:
        made = api.compare(
            *resolved, n=n or 20, kpis=kpi or (), confidence=sure, workers=workers, store=default_store(), done=bar
        )  # fmt: skip
    for warning in made.warnings:
        say(f"twin: warning: {warning}")
    if as_json:
        write_json(made.as_data())
    else:
        show(_page(made))
    return 0


def _page(made: Compared) -> Iterator[Any]:
    from rich.text import Text

    first = made.scenarios[0]
    yield Text(f"{len(first.records)} replications each with the luck of seed {first.seed}")
    for name, group in groupby(made.differences, key=lambda found: found.scenario_b):
        found = list(group)
        told = [one for one in found if made.kpis or one.verdict not in {"same", "undefined"}]
        yield differences_table(first.name, name, told)
        if len(told) < len(found):
            yield Text(f"{len(found) - len(told)} figures are the same in every run, or undefined.")
    if not made.kpis:
        yield Text("Each interval holds by itself, and of so many some miss; with --kpi those named hold together.")
    for line in made.sentences:
        yield Text(line)


def differences_table(first: str, other: str, differences: Sequence[Difference]) -> Any:
    """The differences of two scenarios as a person reads them."""
    from twin.cli.figures import number, unit

    sure = 100.0 * differences[0].confidence if differences else 95.0
    head = ("figure", first, other, "difference", f"{sure:.4g} % interval", "unit", other, "P(better)", "luck shared")
    rows = [
        (found.kpi, number(found.a), number(found.b), number(found.difference), between(found.low, found.high),
         unit(found.unit), found.verdict, "-" if found.better is None else f"{100 * found.better.share:.0f} %",
         "-" if found.variance_ratio is None else f"{found.variance_ratio:.3g}x")
        for found in differences
    ]  # fmt: skip
    return table(head, rows, right=(1, 2, 3, 4, 7, 8))
