"""Words that several commands share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Scenario: TypeAlias = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A file, or the name of a bundled scenario (twin list scenarios).")
]
Sets: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Set one value, such as staff.technologist.count=3; may be repeated."
    ),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Write one JSON object instead of text.")]


def examples(*lines: str) -> str:
    """The foot of a help page, line by line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
