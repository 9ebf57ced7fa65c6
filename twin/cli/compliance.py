"""``twin compliance``: the compliance calendar of a scenario that is played once, or of a run folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.dose import records
from twin.cli.output import NOTHING, show, table, write_json
from twin.cli.run import loaded, overrides
from twin.cli.words import AsJson, Days, Seed, Sets
from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.api import Facts, Result, StoredRun

TIMES = ("begins_s", "due_s", "done_s")


@answers
def compliance(
    source: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A file, the name of a bundled scenario, or a run folder.")
    ],
    seed: Seed = None,
    days: Days = None,
    sets: Sets = None,
    as_json: AsJson = False,
) -> int:
    """Show what had to be done when, and whether it was: checks, calibrations, certificates, audits and the like."""
    found = _found(source, seed, days, sets or [])
    rows = records(found.tables["compliance"])
    facts = found.run.facts
    if as_json:
        write_json({"scenario": found.name, "start": facts.start, "items": [_dated(row, facts) for row in rows]})
    else:
        show(_page(found.name, rows, facts))
    return 0


def _found(source: str, seed: int | None, days: float | None, sets: list[str]) -> Result | StoredRun:
    """The run of a folder, or one that is played now and not kept."""
    from twin import api
    from twin.cli.progress import Bar

    if (Path(source) / "manifest.json").is_file():
        if seed is not None or days is not None or sets:
            raise UsageError(f"{source} is a run folder: --seed, --days and --set are for a scenario")
        return api.open(source)
    resolved = loaded(source, sets, overrides(seed, days))
    with Bar(resolved.scenario.name) as bar:
        return api.simulate(resolved, progress=bar)


def _dated(row: dict[str, Any], facts: Facts) -> dict[str, Any]:
    """A row with its times as dates."""
    return {key.removesuffix("_s") if key in TIMES else key: _date(row[key], facts) if key in TIMES else row[key]
            for key in row}  # fmt: skip


def _date(seconds: float | None, facts: Facts) -> str | None:
    """A moment as a date; None: there is none."""
    if seconds is None:
        return None
    return f"{dt.datetime.fromisoformat(facts.start) + dt.timedelta(seconds=round(seconds)):%Y-%m-%d %H:%M}"


def _page(name: str, rows: list[dict[str, Any]], facts: Facts) -> Iterator[Any]:
    heads = ("kind", "item", "who or what", "fell due", "in time until", "done", "state")
    cells = [
        (row["kind"].replace("_", " "), row["item"], row["thing"] or NOTHING, *_times(row, facts), _state(row))
        for row in rows
    ]
    yield table(heads, cells, title=f"Compliance calendar of {name}")
    late = sum(1 for row in rows if not row["in_time"])
    yield f"{late} of {len(rows)} items are overdue or were done late." if rows else "There is nothing to be done."


def _times(row: dict[str, Any], facts: Facts) -> tuple[str, ...]:
    return tuple(_date(row[key], facts) or NOTHING for key in TIMES)


def _state(row: dict[str, Any]) -> str:
    return "done late" if row["state"] == "done" and not row["in_time"] else str(row["state"])
