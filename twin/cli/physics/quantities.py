"""Quantities on the command line, and what they must not be."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from twin.errors import DataError

Nuclide: TypeAlias = Annotated[str, typer.Option(metavar="NUCLIDE", help="Such as F-18, 18F or Tc-99m.")]
Activity: TypeAlias = Annotated[str, typer.Option(metavar="A", help="Such as '25 MBq'.")]
NuclideArgument: TypeAlias = Annotated[str, typer.Argument(metavar="NUCLIDE", help="Such as F-18, 18F or Tc-99m.")]
#: Beyond these no question is meant: more than any reactor holds, longer than the universe is old, longer than a road.
MOST = {"Bq": 1e24, "s": 4.4e17, "m": 1e4, "keV": 1e9, "1": 1.0, "V": 1e6, "A": 1e3, "T": 1e2}


def asked(text: str, unit: str, option: str, least: float = 0.0) -> float:
    """A quantity in SI that a person wrote, from `least` to what makes sense."""
    from twin import units

    value = units.parse(text, unit)
    if value < least:
        raise DataError(f"{option} {text!r} is below {units.fmt(least, unit)}")
    if value > MOST[unit]:
        raise DataError(f"{option} {text!r} is above {units.fmt(MOST[unit], unit)}")
    return value
