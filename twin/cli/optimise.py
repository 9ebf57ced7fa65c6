"""``twin optimise``: the best of many, by several objectives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import say, show, table, write_json
from twin.cli.words import AsJson, Workers, require_place
from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.experiments.optimise import Optimised


@answers
def optimise(
    file: Annotated[str, typer.Argument(metavar="FILE", help="An optimisation file, or the name of a bundled one.")],
    trials: Annotated[
        int | None, typer.Option(metavar="N", min=2, max=100_000, help="Points to try; default: the file's.")
    ] = None,
    workers: Workers = None,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.html", help="The Pareto front as a picture.")] = None,
    as_json: AsJson = False,
) -> int:
    """Look for the points that no other beats in every objective."""
    from twin import api
    from twin.cli.progress import Runs
    from twin.results.store import default_store

    require_place(plot, "--plot")
    with Runs(file) as bar:
        found = api.optimise(file, trials=trials, workers=workers, store=default_store(), done=bar)
    if plot is not None:
        _plot(plot, found)
    if as_json:
        write_json(found.as_data())
    else:
        show(_page(found))
    return 0


def _page(found: Optimised) -> Iterator[Any]:
    from rich.text import Text

    from twin.cli.figures import number, unit

    tried = f"{len(found.trials)} points tried, {found.replications} replications each"
    yield Text(f"{found.name}: {tried}. {found.question}".strip())
    front = found.front
    axes = list(front[0].values)
    heads = [f"{kpi} {unit(front[0].objectives[kpi].unit)} ({way} is better)" for kpi, way in found.directions.items()]
    rows = []
    for one in front:
        cells = [
            number(e.mean) if e.low is None or e.mean is None else f"{number(e.mean)} ± {number(e.mean - e.low)}"
            for e in one.objectives.values()
        ]
        rows.append([*(str(one.values[axis]) for axis in axes), *cells])
    yield table([*axes, *heads], rows, right=range(len(axes), len(axes) + len(heads)))
    yield Text("The Pareto front: no point that was tried is at least as good in everything and better in something.")
    if failed := sum(one.error is not None for one in found.trials):
        yield Text(f"{failed} points could not be played; --json says why.")


def _plot(path: Path, found: Optimised) -> None:
    from dashboard.figures import front

    try:
        path.write_text(front.page(found.as_data()), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--plot {path} cannot be written: {error.strerror}") from None
    say(f"twin: {path} is written")
