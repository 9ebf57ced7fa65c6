"""``twin validate``: every published number that the twin is compared with, also those that it misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.progress import Waiting
from twin.cli.words import AsJson

if TYPE_CHECKING:
    from rich.console import RenderableType

    from twin.experiments.comparisons import Comparison

#: Exit code: something that was asked for does not hold.
MISSED = 4


@answers
def validate(
    as_json: AsJson = False,
    check: Annotated[bool, typer.Option("--check", help="Exit code 4 if a comparison is missed.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Without the queues, which take half of the time.")] = False,
) -> int:
    """Compare the twin with every published number of its table; what it misses is shown as missed."""
    from twin import api

    with Waiting("comparing") as waiting:
        rows = api.validate(lambda n, of, name: waiting.told(f"{n} of {of} comparisons done; now {name}"), quick)
    if as_json:
        write_json({"rows": [_record(row) for row in rows]})
    else:
        show(_page(rows))
    return MISSED if check and any(map(_missed, rows)) else 0


def _record(row: Comparison) -> dict[str, Any]:
    """One comparison as plain data; of the kinds, `identity` is also what a formula must give."""
    known = asdict(row) | {"sources": list(row.sources), "source": "; ".join(row.sources), "verdict": row.verdict}
    return known | {"kind": "identity" if row.role == "theory" else row.role}


def _page(rows: Sequence[Comparison]) -> Iterator[RenderableType]:
    from rich.text import Text

    columns = ("id", "what", "published", "tolerance", "unit", "twin", "role", "verdict", "sources")
    yield table(columns, map(_cells, rows), right=(2, 3, 5))
    for line in _sentences(rows):
        yield Text(line)


def _cells(row: Comparison) -> tuple[str, ...]:
    return (
        row.id,
        row.quantity,
        f"{row.published:g}",
        _tolerance(row),
        "" if row.unit == "1" else row.unit,
        _twin(row),
        row.role,
        "missed" if _missed(row) else row.verdict,
        " ".join(row.sources),
    )


def _tolerance(row: Comparison) -> str:
    if row.low is None:
        return "-"
    if row.half_width is not None:
        return f"interval ≤ ± {row.tolerance:g}"
    return f"{row.low:g} to {row.high:g}" if row.tolerance is None else f"± {row.tolerance:g}"


def _twin(row: Comparison) -> str:
    if row.bracket is not None:
        return f"{row.twin:.3g} ({row.bracket[0]:.3g} to {row.bracket[1]:.3g})"
    return f"{row.twin:.4g}" if row.half_width is None else f"{row.twin:.4f} ± {row.half_width:.4f}"


def _missed(row: Comparison) -> bool:
    return row.verdict == "outside"


def _sentences(rows: Sequence[Comparison]) -> Iterator[str]:
    """How it went, and what it proves."""
    missed = [row.id for row in rows if _missed(row)]
    said = f"missed: {', '.join(missed)}" if missed else "none is missed"
    shown = sum(row.verdict == "shown" for row in rows)
    yield f"{len(rows)} comparisons, {shown} of them only shown; {said}."
    yield f"By role: {', '.join(f'{count} {role}' for role, count in _counts(rows).items())}."
    evidence = [row for row in rows if row.role == "validation" and row.verdict != "shown"]
    if evidence:
        held = sum(not _missed(row) for row in evidence)
        yield f"Of role validation, which alone is evidence about the world: {held} of {len(evidence)} within."
    else:
        yield "None is of role validation: nothing here is evidence that a real facility behaves like the model."


def _counts(rows: Iterable[Comparison]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.role] = counts.get(row.role, 0) + 1
    return counts
