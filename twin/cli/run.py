"""``twin run``: play a scenario once, show its figures, keep its run folder."""

from __future__ import annotations

import math
import os
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import printable, say, show, write_json
from twin.cli.words import AsJson, Days, Scenario, Seed, Sets
from twin.errors import LimitError, StoreError, TakenError, UsageError

if TYPE_CHECKING:
    from twin.api import Result
    from twin.results.limits import Breach
    from twin.scenario.loading import Resolved

MOST_DAYS = 36525.0


@answers
def run(
    scenario: Scenario,
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The run folder itself, new or empty; default: one in $TWIN_STORE or ./runs."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit code 4 if a budget, licence or authorisation is broken.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Simulate a scenario once; show its figures and keep its run folder."""
    if out is not None:
        refuse_taken(out)
    resolved = loaded(scenario, sets or [], overrides(seed, days))
    if out is None:
        refuse_store()
    result = _played(resolved)
    folder = _saved(result, out)
    broken = result.broken() if check else None
    if as_json:
        write_json(_answer(result, folder, broken))
    else:
        _show(result, folder)
    for breach in broken or ():
        say(f"twin: {breach.message}")
    return LimitError.exit_code if broken else 0


def overrides(seed: int | None, days: float | None) -> dict[str, Any]:
    """What the options set of the scenario."""
    chosen: dict[str, Any] = {} if seed is None else {"seed": seed}
    if days is None:
        return chosen
    if not (math.isfinite(days) and 0.0 < days <= MOST_DAYS):
        raise UsageError(f"--days {days:g}: the days are a number above 0 and at most {MOST_DAYS:g}")
    return {**chosen, "days": int(days) if days.is_integer() else days}


def refuse_taken(out: Path) -> None:
    """Say before the run, not after it, that its folder is not free or cannot be made."""
    from twin.results import aside

    try:
        taken = aside.is_taken(out) if out.is_dir() else out.exists() or out.is_symlink()
    except (OSError, ValueError) as error:
        raise UsageError(f"--out {str(out)!r} cannot be used: {getattr(error, 'strerror', None) or error}") from None
    if taken:
        what = "is not empty" if out.is_dir() else "is there and is no folder"
        raise UsageError(f"--out {out} {what}; name a new or an empty folder")
    if above := unwritable(out):
        raise UsageError(f"--out {out} cannot be made: {above} is no folder in which you may write")


def refuse_store() -> None:
    """The same for the store."""
    from twin.results.store import default_store

    if above := unwritable(default_store()):
        said = f"{above} is no folder in which you may write; set TWIN_STORE, or name a folder with --out"
        raise StoreError(f"the store {default_store()} cannot be used: {said}")


def unwritable(folder: Path) -> Path | None:
    """What stands in the way of making a folder."""
    try:
        above = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    except OSError:
        return folder
    return None if above.is_dir() and os.access(above, os.W_OK | os.X_OK) else above


def loaded(scenario: str, sets: list[str], chosen: dict[str, Any]) -> Resolved:
    """A scenario of the command line; its warnings are said."""
    from twin import api
    from twin.cli.progress import Photons, patience

    for key in chosen.keys() & {text.partition("=")[0].strip() for text in sets}:
        raise UsageError(f"--{key} and --set {key}=... both say {key}; leave one of them out")
    with patience(f"checking {printable(scenario)}"):
        resolved = api.load(scenario, sets, **chosen)
    for warning in resolved.warnings:
        say(f"twin: warning: {warning}")
    with Photons("looking for response tables") as told:
        api.prepare(resolved, told)
    return resolved


def _played(resolved: Resolved) -> Result:
    from twin import api
    from twin.cli.progress import Bar

    with Bar(resolved.scenario.name) as bar:
        return api.simulate(resolved, progress=bar)


def _saved(result: Result, out: Path | None) -> Path:
    """The run folder; a place that was free before the run may be somebody else's after it, and no run is lost."""
    command = ["twin", *map(printable, sys.argv[1:])]
    try:
        return result.save(out, command=command)
    except TakenError as error:
        if out is None:
            raise
        kept = _saved_beside(result, out, command)
        raise TakenError(f"{error}; nothing in it was touched, and this run is kept in {kept}") from None


def _saved_beside(result: Result, out: Path, command: list[str]) -> Path:
    """Kept as ``monday-2`` if ``monday`` is taken, or with the next free number."""
    whole = out.resolve()
    for other in (whole.with_name(f"{whole.name}-{number}") for number in count(2)):
        if not other.exists():
            with suppress(TakenError):
                return result.save(other, command=command)
    raise AssertionError("there is always a further number")


def _answer(result: Result, folder: Path, broken: list[Breach] | None) -> dict[str, Any]:
    """The object that ``--json`` writes."""
    said = {
        "scenario": result.name,
        "digest": result.digest,
        "seed": result.seed,
        "kpis": result.kpis,
        "run_dir": str(folder),
    }
    return said if broken is None else {**said, "broken": [breach.message for breach in broken]}


def _show(result: Result, folder: Path) -> None:
    from twin.cli import figures

    show(figures.page(result, folder))
