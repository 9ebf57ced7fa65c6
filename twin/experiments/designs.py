"""From the axes of a sweep to its points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from twin.scenario.axes import Axis, Value
from twin.scenario.sweep_file import SweepFile

#: The seed of designs: the same file gives the same points everywhere.
SEED = 20260302


def points(sweep: SweepFile) -> tuple[tuple[Value, ...], ...]:
    """The values of every axis for each point, in order."""
    if sweep.design == "csv":
        return sweep.rows
    if sweep.design == "grid":
        return tuple(product(*(axis.grid() for axis in sweep.axes)))
    return tuple(_drawn(sweep.axes, unit_points(sweep.design, len(sweep.axes), sweep.points)))


def _drawn(axes: tuple[Axis, ...], places: Any) -> Iterator[tuple[Value, ...]]:
    for place in places.tolist():
        yield tuple(axis.at(uniform) for axis, uniform in zip(axes, place, strict=True))


def unit_points(design: str, dimensions: int, count: int) -> Any:
    """Points of the unit cube: Latin hypercube (McKay 1979, doi 10.2307/1268522), or Sobol's scrambled sequence.

    Parameters
    ----------
    design : {"latin_hypercube", "sobol"}
    dimensions, count : int

    Returns
    -------
    ndarray
        count x dimensions, from 0 to below 1.
    """
    from scipy.stats import qmc  # noqa: TID251 - the design is theirs; loaded here alone

    if design == "latin_hypercube":
        return qmc.LatinHypercube(dimensions, rng=SEED).random(count)
    power = max(count - 1, 1).bit_length()  # the sequence is balanced in powers of two
    return qmc.Sobol(dimensions, rng=SEED).random_base2(power)[:count]
