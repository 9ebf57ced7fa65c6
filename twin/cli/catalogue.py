"""``twin list``: what there is to choose from, each with its evidence and its sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import NOTHING, listed, printable, say, show, write_json
from twin.cli.words import AsJson
from twin.errors import MissingError, UsageError, nearest

if TYPE_CHECKING:
    from twin.api import RunLine

WHAT = (
    "scenarios",
    "scanners",
    "collimators",
    "tracers",
    "species",
    "protocols",
    "roles",
    "skills",
    "competences",
    "certificates",
    "kpis",
    "tasks",
    "sources",
    "numbers",
)
#: Not shipped, but of the store: `twin list runs`.
RUNS = "runs"
WORDS = (*WHAT, RUNS)

#: What the columns of the overview mean.
OVERVIEW = (
    "sources: how many works its rows cite; assumed: how many of its rows lean on an assumption.\n"
    "`twin list NAME` shows each row with its evidence and sources; every number is in `twin list numbers`."
)


@answers
def listing(
    what: Annotated[
        str | None, typer.Argument(metavar="|".join(WORDS), help="What to list; without it, an overview of all lists.")
    ] = None,
    store: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the runs lie; default: $TWIN_STORE or ./runs.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """List what there is to choose from, with its sources, what is assumed saying so; or the runs of the store."""
    if what is not None and what not in WORDS:
        near = nearest(what, WORDS)
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"{what!r} cannot be listed; choose from {', '.join(WORDS)}{hint}")
    if store is not None and what != RUNS:
        raise UsageError(f"--store is for `twin list {RUNS}`")
    rows = _rows(what, store)
    if as_json:
        write_json({what or "catalogues": rows})
        return 0
    if not rows:
        say(f"twin: there are no runs yet in {_store(store)}; `twin run baseline` makes the first.")
        return 0
    columns = list(rows[0])
    cells = [tuple(_cell(row[column]) for column in columns) for row in rows]
    numbers = [n for n, column in enumerate(columns) if all(isinstance(r[column], float | int | None) for r in rows)]
    show([listed(columns, cells, numbers), *([] if what else [OVERVIEW])])
    return 0


def _rows(what: str | None, store: Path | None) -> list[dict[str, Any]]:
    from twin import api

    if what == RUNS:
        if store is not None and not store.is_dir():
            raise MissingError(f"there is no folder {printable(str(store))}, and so no run in it")
        return [_run(line) for line in api.runs(store)]
    return api.overview() if what is None else api.listing(what)


def _store(said: Path | None) -> str:
    """The folder in which runs were looked for."""
    from twin.results.store import default_store

    return printable(str(default_store() if said is None else said))


def _run(line: RunLine) -> dict[str, Any]:
    """One run of the store: its folder is what `twin report`, `twin compliance` and others take."""
    return {
        "folder": line.folder.name,
        "scenario": line.name,
        "days": line.days,
        "seed": line.seed,
        "replication": line.replication,
        "written": f"{line.written:%Y-%m-%d %H:%M}",
    }


def _cell(value: object) -> str:
    if value is None:
        return NOTHING
    return f"{value:.6g}" if isinstance(value, float) else str(value)
