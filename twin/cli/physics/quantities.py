"""Quantities on the command line, and what they must not be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeAlias

import typer

from twin.errors import DataError, UnitError, UsageError, nearest

Nuclide: TypeAlias = Annotated[str, typer.Option(metavar="NUCLIDE", help="Such as F-18, 18F or Tc-99m.")]
Activity: TypeAlias = Annotated[str, typer.Option(metavar="A", help="Such as '25 MBq'.")]
NuclideArgument: TypeAlias = Annotated[str, typer.Argument(metavar="NUCLIDE", help="Such as F-18, 18F or Tc-99m.")]
#: Beyond these no question is meant: more than any reactor holds, longer than the universe is old, longer than a road.
MOST = {"Bq": 1e24, "s": 4.4e17, "m": 1e4, "keV": 1e9, "1": 1.0, "V": 1e6, "A": 1e3, "T": 1e2}


def asked(text: str, unit: str, option: str, least: float = 0.0) -> float:
    """A quantity in SI that a person wrote, from `least` to what makes sense."""
    from twin import units

    try:
        value = units.parse(text, unit)
    except UnitError as error:
        raise UnitError(f"{option}: {error}") from None
    if value < least:
        raise DataError(f"{option} {text!r} is below {units.fmt(least, unit)}")
    if value > MOST[unit]:
        raise DataError(f"{option} {text!r} is above {units.fmt(MOST[unit], unit)}")
    return value


def precision_of(text: str) -> float:
    """A relative standard error, from the finest that photons are followed to, to below 1."""
    from twin.cli.shares import share_of
    from twin.physics.histories import FINEST

    value = share_of(text, "--precision")
    if value < FINEST:
        raise UsageError(f"--precision {text!r} cannot be reached; it is at least {FINEST:.3%}, such as '0.5 %'")
    return value


def chosen(word: str, option: str, known: Iterable[str]) -> str:
    """One of a few words that only the command line knows."""
    options = list(known)
    if word not in options:
        near = nearest(word, options)
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"{option} {word!r} is none of {', '.join(options)}{hint}")
    return word
