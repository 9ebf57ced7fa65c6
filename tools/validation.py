"""Writes the table of all comparisons into docs/validation.md: ``python -m tools.validation``; takes some minutes.

What stands between ``<!-- written: validation -->`` and ``<!-- end -->`` is what ``twin validate`` says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from twin import api
from twin.experiments.comparisons import Comparison

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation.md"
SECTION = re.compile(r"(<!-- written: validation -->\n).*?(<!-- end -->)", re.DOTALL)
COLUMNS = ("comparison", "published", "tolerance", "unit", "twin", "role", "verdict", "sources")
HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|\n"


def table(rows: Sequence[Comparison]) -> str:
    """All comparisons as a table of Markdown."""
    return HEAD + "".join(map(_line, rows))


def _line(row: Comparison) -> str:
    verdict = "**missed**" if row.verdict == "outside" else row.verdict
    cells = (
        f"`{row.id}`: {row.quantity}", f"{row.published:g}", _tolerance(row), "" if row.unit == "1" else row.unit,
        _twin(row), row.role, verdict, " ".join(row.sources),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def _tolerance(row: Comparison) -> str:
    if row.low is None or row.high is None:
        return ""
    return f"{row.low:g} to {row.high:g}" if row.tolerance is None else f"± {row.tolerance:g}"


def _twin(row: Comparison) -> str:
    if row.bracket is not None:
        return f"{row.twin:.3g} ({row.bracket[0]:.3g} to {row.bracket[1]:.3g})"
    return f"{row.twin:.4g}"


def main() -> None:
    """Write the page."""
    text = PAGE.read_text(encoding="utf-8")
    made = table(api.validate())
    PAGE.write_text(SECTION.sub(lambda found: found[1] + made + found[2], text), encoding="utf-8")


if __name__ == "__main__":
    main()
