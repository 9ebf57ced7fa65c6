"""Tables of many numbers with one source for each row, such as cross-sections against energy.

A grid is what `twin.sources.reading` is too fine for: nobody overrides one of its numbers. Each row still names its
source, and a row without one is refused.
"""

from __future__ import annotations

import csv
import io
import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

from twin.errors import DataError
from twin.sources.reading import bibliography

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable
    from pathlib import Path

#: The grids of the package, and their columns that hold words.
GRIDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "archer": ("physics/data/archer.csv", ("nuclide", "material", "method", "kind")),
    "buildup": ("physics/data/buildup.csv", ("material", "kind")),
    "dose_coefficients": ("physics/data/dose_coefficients.csv", ("quantity", "unit", "kind")),
    "electron_depth": ("physics/data/electron_depth.csv", ("backing", "kind")),
    "positron_range": ("physics/data/positron_range.csv", ("kind",)),
    "emissions": ("physics/data/emissions.csv", ("nuclide", "radiation", "kind")),
    "elements": ("physics/data/elements.csv", ("element",)),
    "photon_cross_sections": ("physics/data/photon_cross_sections.csv", ("element",)),
    "form_factors": ("physics/data/form_factors.csv", ("element",)),
    "k_lines": ("physics/data/k_lines.csv", ("element", "line")),
    "energy_absorption": ("physics/data/energy_absorption.csv", ("material",)),
}
Grid: TypeAlias = dict[str, tuple[Any, ...]]


@cache
def grid(name: str) -> Grid:
    """The columns of a grid of the package, by their heads, which name the units; read once."""
    path, words = GRIDS[name]
    return read_grid(files("twin").joinpath(path), words)


def read_grid(path: Path | Traversable, words: tuple[str, ...] = ()) -> Grid:
    """Read a grid.

    Parameters
    ----------
    path : Path or Traversable
        A CSV file whose last column is ``source``.
    words : tuple of str
        The other columns that hold words; all the rest are finite numbers.

    Raises
    ------
    DataError
        At the first row that is not such, with its line.
    """
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")), strict=True))
    header, rows = lines[0], lines[1:]
    if header[-1:] != ["source"] or not rows:
        raise DataError(f"{path.name}: a grid has rows, and its last column is 'source'")
    for number, row in enumerate(rows, 2):
        _check(f"{path.name}, line {number}", header, row)
    columns = zip(header, zip(*rows, strict=True), strict=True)
    texts = {*words, "source"}
    try:
        return {head: cells if head in texts else tuple(map(_finite, cells)) for head, cells in columns}
    except ValueError as error:
        raise DataError(f"{path.name}: {error}") from error


def _check(where: str, header: list[str], row: list[str]) -> None:
    if len(row) != len(header):
        raise DataError(f"{where}: {len(row)} cells under {len(header)} columns")
    for key in row[-1].split(";"):
        if key.strip() not in bibliography():
            raise DataError(f"{where}: {key.strip()!r} is no entry of SOURCES.bib; no source, no row")


def _finite(cell: str) -> float:
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(f"{cell!r} is not a finite number")
    return number
