"""Words that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from twin.errors import UsageError

Scenario: TypeAlias = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A file, or the name of a bundled scenario (twin list scenarios).")
]
Sets: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Set one value, such as staff.technologist.count=3; may be repeated."
    ),
]
Seed: TypeAlias = Annotated[
    int | None, typer.Option(metavar="N", min=0, max=2**63 - 1, help="Seed of all luck; default: the scenario's.")
]
Days: TypeAlias = Annotated[float | None, typer.Option(metavar="D", help="Simulated days; default: the scenario's.")]
Replications: TypeAlias = Annotated[
    int | None, typer.Option("-n", metavar="N", min=2, max=1_000_000, help="Replications; default: 20.")
]
Kpis: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--kpi", metavar="KPI", help="A figure of `twin list kpis`; may be repeated; default: all."),
]
Confidence: TypeAlias = Annotated[str, typer.Option(metavar="SHARE", help="Of the intervals, such as 95% or 0.99.")]
Workers: TypeAlias = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, max=1024, help="Processes; default: one for each core, if it is worth it."),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Write one JSON object instead of text.")]


def examples(*lines: str) -> str:
    """The foot of a help page, line by line."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def require_place(path: Path | None, option: str) -> None:
    """Before anything long begins: a file that is to be written has a folder, and is none.

    Raises
    ------
    UsageError
    """
    if path is None:
        return
    if path.is_dir():
        raise UsageError(f"{option} {path} cannot be written: it is a folder")
    if not path.parent.is_dir():
        raise UsageError(f"{option} {path} cannot be written: there is no folder {path.parent}")
