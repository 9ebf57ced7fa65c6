r"""What comes through the septa of a parallel collimator, and what through its holes alone.

The holes are hexagons in a hexagonal pattern. A photon that flies aslant crosses so much of
the septa as its way, seen from above, lies between holes. Over all directions and places of entry,

.. math:: g = \frac{1}{4\pi}\int \overline{e^{-\mu\ell}}\,d\Omega

is the part of the photons that passes; those with :math:`\ell = 0` went through a hole. Photons that the septa scatter
are not counted. The usual rule is that of the shortest way from hole to hole,

.. math:: w = \frac{t L}{2 d + t}, \qquad e^{-\mu w} \le 5\,\%

(Anger 1964; Cherry, Sorenson, Phelps, Physics in Nuclear Medicine).
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
#: The most that the shortest way may let pass.
USUAL_RULE = 0.05
_RAYS, _NODES = 233, 12
#: Entries and directions are spread evenly (Kronecker's sequence of the plastic number).
_SPREAD, _TURN = 0.7548776662466927, 0.5698402909980532
#: Steps are this part of a wall.
_STEP = 0.35


class Passing(NamedTuple):
    """Parts of the photons of a point: through holes alone, and all."""

    holes: float
    whole: float

    @property
    def through_septa(self) -> float:
        """Part of what passes that crossed a wall."""
        return 1.0 - self.holes / self.whole


def shortest_m(hole_m: float, septum_m: float, length_m: float) -> float:
    """The shortest way through one wall from hole to hole."""
    return septum_m * length_m / (2.0 * hole_m + septum_m)


def passing(hole_m: float, septum_m: float, length_m: float, reach: float, per_m: float) -> Passing:
    r"""What passes of a point's photons; through holes alone it is :math:`\sqrt3 d^4 / (8\pi (d + t)^2 L^2)`.

    Parameters
    ----------
    hole_m, septum_m, length_m : float
        Across flats, between holes, and along them.
    reach : float
        Tangent of the widest angle that still meets the camera.
    per_m : float
        Attenuation of the septa [1/m].
    """
    ways_m, weights = _ways_m(hole_m, septum_m, length_m, reach)
    holes = math.sqrt(3.0) * hole_m**4 / (8.0 * math.pi * ((hole_m + septum_m) * length_m) ** 2)
    return Passing(holes, holes + float(weights @ np.exp(-per_m * ways_m).mean(axis=1)))


@lru_cache(maxsize=16)
def _ways_m(hole_m: float, septum_m: float, length_m: float, reach: float) -> tuple[Array, Array]:
    """Ways in the septa by angle and ray, infinite in a hole; weights of the angles: solid angle over a sphere's."""
    tangents, widths = _nodes((0.0, min(reach, 2.2 * hole_m / length_m), reach))
    weights = 0.5 * widths * tangents / (1.0 + tangents**2) ** 1.5
    rays = [_of_angle(hole_m, septum_m, length_m, float(tangent)) for tangent in tangents]
    return np.array(rays), weights


def _nodes(edges: tuple[float, ...]) -> tuple[Array, Array]:
    """Gauss's nodes and weights between each two edges."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    halves = [(low, 0.5 * (high - low)) for low, high in pairwise(edges) if high > low]
    return (
        np.concatenate([low + half * (nodes + 1.0) for low, half in halves]),
        np.concatenate([half * weights for _, half in halves]),
    )


def _of_angle(hole_m: float, septum_m: float, length_m: float, tangent: float) -> Array:
    """Way in the septa of rays that enter all over a hole's cell, in directions all around; infinite in a hole."""
    pitch_m, aside_m = hole_m + septum_m, length_m * tangent
    steps = math.ceil(aside_m / (_STEP * septum_m)) + 8
    ray = np.arange(_RAYS)
    first, second = (ray + 0.5) / _RAYS, ray * _SPREAD % 1.0
    turns = (ray * _TURN % 1.0) * math.pi / 6.0
    along = (np.arange(steps) + 0.5) / steps * aside_m / pitch_m
    x = (first + 0.5 * second)[:, None] + np.cos(turns)[:, None] * along
    y = (math.sqrt(0.75) * second)[:, None] + np.sin(turns)[:, None] * along
    inside = _from_middle(x, y) > hole_m / pitch_m / 2.0
    ways_m = inside.mean(axis=1) * math.hypot(length_m, aside_m)
    return np.where(inside.any(axis=1), ways_m, math.inf)


def _from_middle(x: Array, y: Array) -> Array:
    """How far from the middle of its cell across flats; middles are 1 apart, three of them a triangle."""
    row = y / math.sqrt(0.75)
    left, below = np.floor(x - 0.5 * row), np.floor(row)
    nearest = np.full(x.shape, math.inf)
    for across in (0.0, 1.0):
        for up in (0.0, 1.0):
            dx = np.abs(x - (left + across) - 0.5 * (below + up))
            dy = np.abs(y - math.sqrt(0.75) * (below + up))
            nearest = np.minimum(nearest, np.maximum(dx, 0.5 * dx + math.sqrt(0.75) * dy))
    return nearest
