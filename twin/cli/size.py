"""``twin size``: the cheapest configuration that meets targets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.shares import share_of
from twin.cli.words import AsJson, Confidence, Days, Scenario, Seed, Sets, Workers
from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.experiments.size import Configuration, Sized

_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)")
#: So many configurations are shown to a person.
LINES = 30


@answers
def size(
    scenario: Scenario,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="TARGET", help="'animals_per_day.mean >= 12', 'overtime_min.p95 <= 15'; may be repeated."),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=VALUES", help="staff.technologist.count=2..4 or ...=1,2,4; may be repeated."),
    ] = None,
    confidence: Confidence = "95%",
    most: Annotated[
        int, typer.Option("--max", metavar="N", min=2, max=100_000, help="Most replications of a configuration.")
    ] = 80,
    workers: Workers = None,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    as_json: AsJson = False,
) -> int:
    """Find the cheapest configuration that meets all targets; what each other one lacks."""
    from twin import api
    from twin.cli.progress import Runs
    from twin.cli.run import loaded, overrides
    from twin.results.store import default_store

    sure = share_of(confidence, "--confidence")
    varied = each_once([varied_of(text) for text in vary or ()])
    resolved = loaded(scenario, sets or [], overrides(seed, days))
    with Runs(resolved.scenario.name, kept=True) as bar:
        found = api.size(
            resolved, target or (), varied, confidence=sure, most=most, workers=workers, store=default_store(), done=bar
        )
    if as_json:
        write_json(found.as_data())
    else:
        show(_page(found))
    return 0


def each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Paths and what they may be; one that is named twice is refused."""
    found: dict[str, Any] = {}
    for path, values in pairs:
        if path in found:
            raise UsageError(f"--vary {path} is given twice; write all its values at once")
        found[path] = values
    return found


def varied_of(text: str) -> tuple[str, list[Any]]:
    """``PATH=2..4`` or ``PATH=1,2,4`` as path and values."""
    path, equals, words = text.partition("=")
    if not equals or not path.strip() or not words.strip():
        raise UsageError(f"--vary {text!r}: write PATH=FROM..TO or PATH=A,B,C, such as staff.technologist.count=2..4")
    if found := _RANGE.fullmatch(words.strip()):
        low, high = int(found[1]), int(found[2])
        if low > high:
            raise UsageError(f"--vary {text!r}: the range is empty; write the lower end first")
        return path.strip(), list(range(low, high + 1))
    return path.strip(), [_value(word.strip()) for word in words.split(",")]


def _value(word: str) -> Any:
    try:
        return json.loads(word)
    except ValueError:
        return word


def _page(found: Sized) -> Iterator[Any]:
    from rich.text import Text

    yield Text(found.sentence)
    paths = list(found.configurations[0].values)
    heads = (*paths, f"cost {found.currency}", *(target.text for target in found.targets), "all", "runs", "frontier")
    rows = [_row(one) for one in found.configurations[:LINES]]
    yield table(heads, rows, right=range(len(paths) + 1))
    if len(found.configurations) > LINES:
        yield Text(f"{len(found.configurations) - LINES} more, all dearer; --json has them.")
    yield Text(f"Each target: estimate and verdict; together {100 * found.confidence:g} % sure over all looks.")
    for one in found.configurations:
        if one.error:
            yield Text(f"{', '.join(f'{path} = {value}' for path, value in one.values.items())}: {one.error}")


def _row(one: Configuration) -> list[str]:
    from twin.cli.figures import number

    held = [f"{number(found.estimate)} {found.verdict}" for found in one.targets]
    values = [str(value) for value in one.values.values()]
    return [*values, number(one.cost), *held, one.verdict, str(one.replications), "yes" if one.frontier else ""]
