"""``twin select``: the best of several scenarios."""

from __future__ import annotations

from typing import Annotated

import typer

from twin.cli.answers import answers
from twin.cli.compare import Scenarios
from twin.cli.output import show, table, write_json
from twin.cli.shares import share_of
from twin.cli.words import AsJson, Confidence, Days, Seed, Sets, Workers


@answers
def select(
    scenarios: Scenarios,
    kpi: Annotated[str, typer.Option(metavar="KPI", help="The figure that decides.")],
    within: Annotated[
        float | None, typer.Option(metavar="D", help="A smaller difference does not matter: play until sure (KN++).")
    ] = None,
    budget: Annotated[
        int | None, typer.Option(metavar="N", min=2, help="Runs altogether, spent where they tell most (OCBA).")
    ] = None,
    most: Annotated[
        int, typer.Option("--max", metavar="N", min=10, help="Most replications of a scenario by KN++.")
    ] = 1000,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    confidence: Confidence = "95%",
    workers: Workers = None,
    as_json: AsJson = False,
) -> int:
    """Choose the best of several scenarios in one figure, with as few runs as it takes."""
    from rich.text import Text

    from twin import api
    from twin.cli.figures import number, unit
    from twin.cli.progress import Runs
    from twin.cli.run import loaded, overrides
    from twin.results.store import default_store

    sure = share_of(confidence, "--confidence")
    resolved = [loaded(name, sets or [], overrides(seed, days)) for name in scenarios]
    with Runs("choice", kept=True) as bar:
        found = api.select(
            *resolved, kpi=kpi, within=within, budget=budget, confidence=sure, most=most, workers=workers,
            store=default_store(), done=bar,
        )  # fmt: skip
    if as_json:
        write_json(found.as_data())
        return 0
    rows = [
        (name, number(mean), str(count))
        for name, mean, count in zip(found.scenarios, found.means, found.replications, strict=True)
    ]
    show(
        [
            Text(found.sentence),
            table(("scenario", f"mean {found.kpi} {unit(found.unit)}".strip(), "replications"), rows, right=(1, 2)),
        ]
    )
    return 0
