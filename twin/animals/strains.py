"""Strains of a species: what the table says of them."""

from __future__ import annotations

from twin.errors import DataError, nearest
from twin.sources import Numbers

SEXES = ("female", "male")


def names(numbers: Numbers, species: str) -> tuple[str, ...]:
    """The strains of a species that have rows."""
    beginning = f"strain.{species}."
    rows = (name.removeprefix(beginning) for name in numbers.tables["studies"] if name.startswith(beginning))
    return tuple(dict.fromkeys(name.rpartition(".")[0] for name in rows))


def check(numbers: Numbers, species: str, strain: str) -> None:
    """Refuse a strain without rows.

    Raises
    ------
    DataError
    """
    found = names(numbers, species)
    if strain not in found:
        near = nearest(strain, found) or next((name for name in found if strain.lower() in name.lower()), None)
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"there is no strain {strain!r} of the {species}; known: {', '.join(found) or 'none'}{hint}")


def mass_kg(numbers: Numbers, species: str, strain: str) -> float:
    """Mean of the sexes' adult masses [kg]."""
    found = [numbers.value(f"studies.strain.{species}.{strain}.{sex}") for sex in SEXES]
    return float(sum(found) / len(found))


def bare(numbers: Numbers, species: str, strain: str | None) -> float:
    """Heat that an animal of a strain loses over one of its species with the usual fur; 1 where nothing is known."""
    key = f"studies.strain.{species}.{strain}.bare"
    return numbers.value(key) if strain is not None and numbers.has(key) else 1.0
