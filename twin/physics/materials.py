"""What things are made of: density and composition by element, from the table ``materials``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from twin.errors import DataError, as_word, instead
from twin.sources import Numbers, grid

#: What people call a material -> its name in the table.
ALSO_CALLED = {
    "acrylic": "pmma",
    "acrylic_glass": "pmma",
    "plexiglas": "pmma",
    "plexiglass": "pmma",
    "perspex": "pmma",
    "lucite": "pmma",
    "aluminum": "aluminium",
    "bone": "cortical_bone",
    "plaster": "gypsum",
    "plasterboard": "gypsum",
    "drywall": "gypsum",
    "stainless_steel": "steel",
    "tissue": "soft_tissue",
}
_PART = re.compile(r"([A-Z][a-z]?)\s*([0-9.]*)")


@dataclass(frozen=True)
class Material:
    """A uniform material.

    Attributes
    ----------
    density_kg_m3 : float
    parts_by_mass : tuple of (str, float)
        Element and its part of the mass; they add up to one.
    """

    name: str
    density_kg_m3: float
    parts_by_mass: tuple[tuple[str, float], ...]


def names(numbers: Numbers) -> tuple[str, ...]:
    """The materials of the table."""
    return numbers.subjects("materials", "density")


def material(numbers: Numbers, name: str) -> Material:
    """The material of that name or of what people call it; letter case, spaces and hyphens do not count.

    Raises
    ------
    DataError
        When the table has no such material (the nearest is named), or its composition cannot be read.
    """
    known = {own.lower(): own for own in names(numbers)}
    word = ALSO_CALLED.get(as_word(name), as_word(name))
    if word not in known:
        raise DataError(f"material {name!r} is not in the table 'materials'; {instead(word, known.values())}")
    own = known[word]
    density = numbers.value(f"materials.{own}.density")
    if density <= 0.0:
        raise DataError(f"materials.{own}.density is {density:g} kg/m3; a density is above zero")
    return Material(own, density, _parts(own, numbers.text(f"materials.{own}.composition")))


@cache
def atomic_weights() -> Mapping[str, float]:
    """Atomic weight by element."""
    return _by_element("atomic_weight")


@cache
def atomic_numbers() -> Mapping[str, float]:
    """Atomic number by element."""
    return _by_element("atomic_number")


def _by_element(column: str) -> dict[str, float]:
    elements = grid("elements")
    return {str(symbol): float(value) for symbol, value in zip(elements["element"], elements[column], strict=True)}


def _parts(name: str, text: str) -> tuple[tuple[str, float], ...]:
    """``"H 0.111894 O 0.888106"`` are parts by mass, ``"Lu2SiO5"`` is a formula."""
    given = [(symbol, float(amount or 1.0)) for symbol, amount in _PART.findall(text)]
    unknown = [symbol for symbol, _ in given if symbol not in atomic_weights()]
    if unknown or not given or _PART.sub("", text).strip():
        raise DataError(
            f"materials.{name}.composition: {text!r} cannot be read; known elements: {', '.join(atomic_weights())}"
        )
    by_mass = " " in text.strip()
    masses = [amount if by_mass else amount * atomic_weights()[symbol] for symbol, amount in given]
    whole = sum(masses)
    if by_mass and abs(whole - 1.0) > 0.005:
        raise DataError(f"materials.{name}.composition: the parts by mass add up to {whole:g}, not to 1")
    return tuple((symbol, mass / whole) for (symbol, _), mass in zip(given, masses, strict=True))
