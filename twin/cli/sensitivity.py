"""``twin sensitivity``: which inputs, and which guesses, drive a figure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.size import each_once
from twin.cli.words import AsJson, Days, Kpis, Scenario, Seed, Sets, Workers
from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.experiments.sensitivity import Influences, Method


@answers
def sensitivity(
    scenario: Scenario,
    kpi: Kpis = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=LOW..HIGH", help="'protocols.fdg.uptake=30 min..90 min'; may be repeated."),
    ] = None,
    assumed: Annotated[
        bool,
        typer.Option("--assumed", help="Every assumed number of the tables within its range: which guesses matter."),
    ] = False,
    method: Annotated[
        str, typer.Option(metavar="METHOD", help="morris (screening) or sobol (shares of variance).")
    ] = "morris",
    n: Annotated[
        int,
        typer.Option("-n", metavar="N", min=2, max=100_000, help="Trajectories of Morris, or base samples of Sobol."),
    ] = 10,
    replications: Annotated[
        int, typer.Option(metavar="N", min=1, max=1000, help="Of each point, with the same luck at all points.")
    ] = 3,
    workers: Workers = None,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    as_json: AsJson = False,
) -> int:
    """Find what drives a figure, and which assumed numbers matter."""
    from twin import api
    from twin.cli.progress import Runs
    from twin.cli.run import loaded, overrides
    from twin.results.store import default_store

    ranges = each_once([range_of(text) for text in vary or ()])
    resolved = loaded(scenario, sets or [], overrides(seed, days))
    with Runs(resolved.scenario.name, kept=True) as bar:
        found = api.sensitivity(
            resolved, kpi or (), ranges, assumed=assumed, method=_method(method), size=n, replications=replications,
            workers=workers, store=default_store(), done=bar,
        )  # fmt: skip
    if as_json:
        write_json({"figures": [one.as_data() for one in found]})
    else:
        show(_page(found))
    return 0


def _method(word: str) -> Method:
    known: dict[str, Method] = {"morris": "morris", "sobol": "sobol"}
    if word in known:
        return known[word]
    raise UsageError(f"--method {word!r}: morris or sobol")


def range_of(text: str) -> tuple[str, tuple[Any, Any]]:
    """``PATH=LOW..HIGH`` as path and ends."""
    path, equals, words = text.partition("=")
    low, dots, high = words.partition("..")
    if not equals or not dots or not path.strip() or not low.strip() or not high.strip():
        raise UsageError(f"--vary {text!r}: write PATH=LOW..HIGH, such as 'protocols.fdg.uptake=30 min..90 min'")
    return path.strip(), (_value(low), _value(high))


def _value(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word.strip()


def _page(found: Sequence[Influences]) -> Iterator[Any]:
    from rich.text import Text

    from twin.cli.figures import number, unit

    for one in found:
        more = {"morris": "spread", "sobol": "alone"}[one.method]
        name = {"morris": f"effect {unit(one.unit)}".strip(), "sobol": "total index"}[one.method]
        yield Text(f"{one.scenario}: what drives {one.kpi} ({one.method}, {one.runs} runs)")
        rows = [
            (each.input, each.low, each.high, f"{number(each.index)} ± {number(each.half_width)}",
             number(each.spread if one.method == "morris" else each.first))
            for each in one.influences
        ]  # fmt: skip
        yield table(("input", "from", "to", name, more), rows, right=(3, 4))
        if one.failed:
            yield Text(f"{one.failed} points failed or had no value; the mean of the others stands for them.")
