"""``twin sweep``: many runs of many variants, in a folder from which it can go on at any time."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli import INTERRUPTED
from twin.cli.answers import OURS, answers
from twin.cli.output import printable, say, show, table, write, write_json
from twin.cli.words import AsJson, examples
from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.experiments.sweep import Swept
    from twin.experiments.sweep_plan import Plan

app = typer.Typer(
    name="sweep",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Play many variants many times; look at what came of it.",
)
#: Figures that are shown if neither the file nor the command line names any.
USUAL = ("animals_per_day", "wait_mean_min[all]", "cost_total")
#: So many lines are shown to a person.
LINES = 60


@app.command(
    epilog=examples(
        "twin sweep run quick",
        "twin sweep run my-sweep.yaml --out results/beds --workers 4",
        "twin sweep run my-sweep.yaml --out results/beds --resume",
        "twin sweep run my-sweep.yaml --out shared/beds --shard 3/20",
        "twin sweep run my-sweep.yaml --dask tcp://10.0.0.1:8786",
    )
)
@answers
def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A sweep file, or the name of a bundled one.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The sweep's folder itself; default: one in $TWIN_STORE or ./runs."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1024, help="Processes; default: one for each core.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler instead of processes, tcp://HOST:PORT.")
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="I/N", help="Only part I of N, for job arrays; all parts share DIR.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on in a folder that holds this sweep.")] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="With --resume: go on although the version differs.")
    ] = False,
    keep_events: Annotated[bool, typer.Option("--keep-events", help="Write a run folder for each run.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be played, and play nothing.")] = False,
    as_json: AsJson = False,
) -> int:
    """Play a sweep: all its points, each as often as it says."""
    from twin import api

    part = None if shard is None else shard_of(shard)
    plan = api.sweep_plan(file)
    if dry_run:
        _show_plan(plan, as_json)
        return 0
    folder = api.sweep_folder(plan) if out is None else out
    swept = _swept(api, plan, folder, {"workers": workers, "dask": dask, "shard": part, "resume": resume or out is None,
                                       "changed": changed, "keep_events": keep_events}, file)  # fmt: skip
    return INTERRUPTED if swept is None else _told(swept, as_json)


def shard_of(text: str) -> tuple[int, int]:
    """``3/20`` as a pair."""
    number, slash, of = text.partition("/")
    if slash and number.strip().isdigit() and of.strip().isdigit() and 1 <= int(number) <= int(of):
        return int(number), int(of)
    raise UsageError(f"--shard {text!r}: write I/N, part I of N parts, such as 3/20")


def _swept(api: Any, plan: Plan, folder: Path, how: dict[str, Any], file: str) -> Swept | None:
    """The sweep; None: it was interrupted."""
    from twin.cli.progress import Runs

    try:
        with Runs(plan.name) as bar:
            swept: Swept = api.sweep(plan, folder, done=bar, **how)
    except KeyboardInterrupt:
        state = api.open_sweep(folder).state
        done = state.runs - state.missing
        again = f"twin sweep run {printable(file)} --out {printable(str(folder))} --resume"
        say(f"twin: interrupted: {done} of {state.runs} runs are done and kept; go on with: {again}")
        return None
    return swept


def _told(swept: Swept, as_json: bool) -> int:
    """What came of it; the exit code."""
    state = swept.state
    if as_json:
        write_json({"sweep": swept.plan.name, "sweep_dir": str(swept.folder), **state_data(swept)})
    else:
        write(f"{swept.plan.name}: {state.finished} of {state.runs} runs finished. Sweep folder: {swept.folder}")
        if state.missing == 0:
            write(f"Look at it: twin sweep show {swept.folder}")
    for line in failures(swept):
        say(f"twin: {line}")
    return OURS if state.failed + state.set_aside else 0


def state_data(swept: Swept) -> dict[str, Any]:
    """The state as plain data."""
    state = swept.state
    names = ("state", "runs", "finished", "failed", "set_aside", "missing")
    return {name: getattr(state, name) for name in names}


def failures(swept: Swept) -> Iterator[str]:
    """Which runs failed, and why."""
    state = swept.state
    if not state.failed + state.set_aside:
        return
    from twin.results.sweep_query import rows

    yield f"{state.failed} runs failed, {state.set_aside} were set aside"
    with rows(str(swept.folder)) as found:
        for number, error in found.errors():
            values = swept.plan.values(swept.plan.point_of(number))
            said = ", ".join(f"{name} {value}" for name, value in values.items())
            yield f"run {number} ({said}): {' '.join(error.split())}"


def _show_plan(plan: Plan, as_json: bool) -> None:
    said = {"sweep": plan.name, "points": len(plan.points), "replications": plan.replications, "runs": plan.runs}
    if as_json:
        write_json({**said, "axes": {column.name: column.path for column in plan.columns}})
        return
    write(f"{plan.name}: {said['points']} points, {plan.replications} replications each, {plan.runs} runs")
    titles = [column.title for column in plan.columns]
    lines = [[str(number), *map(str, plan.values(number).values())] for number in range(min(len(plan.points), LINES))]
    show([table(("point", *titles), lines)])


@app.command(
    "show",
    epilog=examples(
        "twin sweep show runs/sweeps/quick-1a2b3c4d",
        "twin sweep show results/beds --kpi animals_per_day --by technologists",
        "twin sweep show results/beds --csv > beds.csv",
        "twin sweep show results/beds --plot beds.html",
    ),
)
@answers
def show_sweep(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A sweep's folder, or an address that fsspec opens.")],
    kpi: Annotated[
        list[str] | None, typer.Option("--kpi", metavar="KPI", help="A figure; may be repeated; default: the file's.")
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="AXIS", help="Mean over all other axes; may be repeated.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Write CSV instead of a table.")] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Main effects, heat map and parallel coordinates.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Show what came of a sweep: each figure by point, or by the values of an axis."""
    from twin import api
    from twin.experiments.sweep import summary
    from twin.results.sweep_query import rows

    if as_csv and as_json:
        raise UsageError("--csv and --json are two ways of writing; give one of them")
    plan = api.open_sweep(folder).plan
    with rows(folder) as found:
        by_ = [_column(plan, axis) for axis in by or ()] or found.axes
        figures = list(kpi or ()) or _usual(plan, found.figures)
        found.require(by_, found.axes, "axis")
        found.require(figures, found.figures, "figure")
        shown = summary(found, figures, by_)
        counts = found.counts()
        if plot is not None:
            _plot(plot, plan, found, figures)
    if as_json:
        write_json({"sweep": plan.name, "runs": counts, "by": by_, "rows": shown})
    elif as_csv:
        write(_csv(shown, by_, figures))
    else:
        show(_page(plan, shown, by_, figures, counts))
    return 0


def _column(plan: Plan, axis: str) -> str:
    """The column of an axis that a person names with or without its unit."""
    return next((column.title for column in plan.columns if axis in {column.name, column.title}), axis)


def _usual(plan: Plan, known: Sequence[str]) -> list[str]:
    return [name for name in plan.kpis or USUAL if name in known] or list(known[:3])


def _csv(rows: Sequence[dict[str, Any]], by: Sequence[str], figures: Sequence[str]) -> str:
    text = io.StringIO()
    parts = ("mean", "low", "high", "n")
    written = csv.writer(text, lineterminator="\n")
    written.writerow([*by, *(f"{kpi} {part}" for kpi in figures for part in parts)])
    for row in rows:
        written.writerow([*(row[name] for name in by), *(row[kpi][part] for kpi in figures for part in parts)])
    return text.getvalue().rstrip("\n")


def _page(
    plan: Plan, rows: Sequence[dict[str, Any]], by: Sequence[str], figures: Sequence[str], counts: dict[str, int]
) -> Iterator[Any]:
    from rich.text import Text

    from twin.cli.figures import number, unit

    said = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items())
    yield Text(f"{plan.name}: {said}. {plan.question}".strip())
    heads = [f"{kpi} {unit(rows[0][kpi]['unit'])}".strip() for kpi in figures] if rows else list(figures)
    lines = [[*(str(row[name]) for name in by), *(_cell(row[kpi], number) for kpi in figures)] for row in rows[:LINES]]
    yield table([*by, *heads], lines, right=range(len(by) + len(figures)))
    if len(rows) > LINES:
        yield Text(f"{len(rows) - LINES} more; --csv and --json have all of them, --by AXIS fewer.")
    yield Text("Mean ± half width of its 95 % interval.")


def _cell(found: dict[str, Any], number: Callable[[float | None], str]) -> str:
    if found["low"] is None:
        return number(found["mean"])
    return f"{number(found['mean'])} ± {number(found['high'] - found['mean'])}"


def _plot(path: Path, plan: Plan, found: Any, figures: Sequence[str]) -> None:
    from dashboard.figures import sweep as pictures

    rows = found.values([*found.axes, *figures])
    columns = dict(zip([*found.axes, *figures], zip(*rows, strict=True), strict=True))
    try:
        path.write_text(
            pictures.page(plan.name, plan.question, found.axes, figures, columns, found.units), encoding="utf-8"
        )
    except OSError as error:
        raise UsageError(f"--plot {path} cannot be written: {error.strerror}") from None
    sys.stderr.write(f"twin: {path} is written\n")
