r"""Dose at points of a floor plan, from the activity of places and through the walls between.

.. math:: H = \sum_{p,n} \Gamma_n\, \tilde A_{p,n}\, \frac{T_n(\text{layers crossed})}{d^2}

with the time-integrated activity :math:`\tilde A` of each place and nuclide. Walls stand between two points of the plan
and weaken whatever line crosses them, as if it did so at right angles. Nobody is nearer to a source than `NEAREST_M`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from twin.errors import DataError
from twin.physics import dose_rate, shielding
from twin.physics.shielding import Layer
from twin.sources import Numbers

Spot: TypeAlias = tuple[float, float]
#: From a source to whoever stands beside it [m].
NEAREST_M = 0.3


@dataclass(frozen=True, slots=True)
class Wall:
    """A wall from one point to another [m] with layers; gaps in it have layers of their own.

    Layers are named from its left to its right. Of a room the left is its inside.
    """

    name: str
    start: Spot
    end: Spot
    layers: tuple[Layer, ...]
    gaps: tuple[tuple[Spot, Spot, tuple[Layer, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A place with what decays in it: nuclide -> decays in the time that is asked for [Bq s]."""

    name: str
    spot: Spot
    decays: Mapping[str, float]
    in_animals: bool = False


class Weakening:
    """Rate constants and transmissions of H*(10) or another quantity, each found once."""

    def __init__(self, numbers: Numbers, quantity: str = "h10") -> None:
        self.numbers, self.quantity = numbers, quantity
        self._constants: dict[str, float] = {}
        self._passing: dict[tuple[str, tuple[Layer, ...]], float] = {}

    def constant(self, nuclide: str) -> float:
        """Dose rate of one becquerel at one metre [Sv m2 / (Bq s)]."""
        if nuclide not in self._constants:
            self._constants[nuclide] = float(dose_rate.rate_per_s(self.numbers, nuclide, 1.0, 1.0, self.quantity))
        return self._constants[nuclide]

    def passing(self, nuclide: str, layers: tuple[Layer, ...]) -> float:
        """Part that passes."""
        if (nuclide, layers) not in self._passing:
            self._passing[nuclide, layers] = transmission(self.numbers, nuclide, layers, self.quantity)
        return self._passing[nuclide, layers]


def crossed(walls: Sequence[Wall], start: Spot, end: Spot) -> tuple[Layer, ...]:
    """The layers that a straight line goes through, in their order."""
    found: list[tuple[float, tuple[Layer, ...]]] = []
    for wall in walls:
        if _crosses(wall.start, wall.end, start, end):
            gap = next((layers for first, last, layers in wall.gaps if _crosses(first, last, start, end)), None)
            layers, before, behind = wall.layers if gap is None else gap, *_sides(wall, start, end)
            found.append((before / (before - behind), layers if before > 0.0 else layers[::-1]))
    return tuple(layer for _, layers in sorted(found, key=_along) for layer in layers)


def _along(crossing: tuple[float, tuple[Layer, ...]]) -> float:
    return crossing[0]


def _sides(wall: Wall, start: Spot, end: Spot) -> tuple[float, float]:
    """How far to the left of a wall two points lie, in a measure of its own."""
    return _side(wall.start, wall.end, start), _side(wall.start, wall.end, end)


def dose_sv(
    by: Weakening, sources: Sequence[Source], walls: Sequence[Wall], spot: Spot
) -> dict[tuple[str, str], float]:
    """Dose at a point by (place, nuclide) [Sv or Gy], of photons."""
    found: dict[tuple[str, str], float] = {}
    for source in sources:
        layers = crossed(walls, source.spot, spot)
        distance_m = max(NEAREST_M, math.dist(source.spot, spot))
        for nuclide, decays in source.decays.items():
            if decays > 0.0:
                rate = by.constant(nuclide) * decays / distance_m**2
                found[source.name, nuclide] = rate * by.passing(nuclide, layers) if rate else 0.0
    return found


def transmission(numbers: Numbers, nuclide: str, layers: Sequence[Layer], quantity: str = "h10") -> float:
    """Part that passes; all of it where there is no layer."""
    return shielding.shield(numbers, nuclide, layers, quantity).transmission if layers else 1.0


def method(numbers: Numbers, nuclide: str, layers: Sequence[Layer]) -> str:
    """By which method these layers are reckoned, as a person reads it."""
    if not layers:
        return "nothing between"
    return shielding.NAMES[shielding.chosen_method(numbers, nuclide, [layer.material for layer in layers], None)]


def needed_m(
    by: Weakening,
    sources: Sequence[Source],
    walls: Sequence[Wall],
    number: int,
    points: Sequence[tuple[Spot, float]],
) -> float | None:
    """How thick the first layer of a wall must be so that no point gets more than its goal [m]; None: it cannot do it.

    Parameters
    ----------
    number : int
        Which of the walls.
    points : sequence of (spot, goal)
        Places and the most that they may get, H*(10) with occupancy taken into account [Sv].
    """
    if not walls[number].layers:
        raise DataError(f"wall {walls[number].name} has no layers")

    def meets(thickness_m: float) -> bool:
        first, *others = walls[number].layers
        thicker = replace(walls[number], layers=(Layer(first.material, thickness_m), *others))
        changed = [*walls[:number], thicker, *walls[number + 1 :]]
        return all(sum(dose_sv(by, sources, changed, spot).values()) <= goal for spot, goal in points)

    if meets(0.0):
        return 0.0
    high_m = shielding.THICKEST_M / 10.0
    if not meets(high_m):
        return None
    low_m = 0.0
    while high_m - low_m > 1e-4:
        middle_m = (low_m + high_m) / 2.0
        low_m, high_m = (low_m, middle_m) if meets(middle_m) else (middle_m, high_m)
    return high_m


def box(name: str, corner: Spot, size: Spot, layers: tuple[Layer, ...]) -> tuple[Wall, ...]:
    """The four walls of a room."""
    (x, y), (width, depth) = corner, size
    corners = [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)]
    sides = ("south", "east", "north", "west")
    ends = [*corners[1:], corners[0]]
    return tuple(Wall(f"{name}/{side}", a, b, layers) for side, a, b in zip(sides, corners, ends, strict=True))


def _crosses(a: Spot, b: Spot, c: Spot, d: Spot) -> bool:
    """Whether two lines between points cross."""
    first, second = _side(a, b, c), _side(a, b, d)
    third, fourth = _side(c, d, a), _side(c, d, b)
    return first * second < 0.0 and third * fourth <= 0.0


def _side(a: Spot, b: Spot, c: Spot) -> float:
    """On which side of a line a point lies."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
