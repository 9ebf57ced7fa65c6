"""Animals as ellipsoids of water: how much of their radiation stays inside, and what comes out.

The axes are 1 : 1 : 4, as in Funk et al. 2004, and activity is spread evenly. A photon is weakened on its way by the
energy-absorption coefficient of water, so that what is scattered counts as if it went on: good for bodies that are
small against the free path of a photon.

References
----------
Funk, T., Sun, M. and Hasegawa, B. H., Med. Phys. 31 (2004) 2680, doi:10.1118/1.1781553.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.errors import DataError
from twin.physics.attenuation import energy_absorption_m2_per_kg
from twin.physics.geometry import checked_m
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
_RADII, _POLAR, _AZIMUTHS = 10, 16, 16
_DIRECTIONS = 12
_WAYS = 400


@dataclass(frozen=True)
class Body:
    """An ellipsoid of water.

    Attributes
    ----------
    semi_axes_m : tuple of float
        Two short ones and the long one.
    density_kg_m3 : float
    """

    semi_axes_m: tuple[float, float, float]
    density_kg_m3: float

    @property
    def mass_kg(self) -> float:
        """Its mass [kg]."""
        return 4.0 / 3.0 * math.pi * math.prod(self.semi_axes_m) * self.density_kg_m3


def body(numbers: Numbers, mass_kg: float) -> Body:
    """The ellipsoid of an animal of that mass.

    Raises
    ------
    DataError
        When no animal has that mass.
    """
    if not 1e-6 <= mass_kg <= 500.0:
        raise DataError(f"a body of {mass_kg:g} kg: it must be between 1 mg and 500 kg")
    density = numbers.value("dose.body.density")
    long = numbers.value("dose.body.length_to_width")
    short_m = (3.0 * mass_kg / (4.0 * math.pi * density * long)) ** (1.0 / 3.0)
    return Body((short_m, short_m, long * short_m), density)


def absorbed_part(of: Body, energy_kev: npt.ArrayLike) -> Array:
    r"""Part of the photons' energy that a body absorbs of what it emits itself.

    The mean over places and directions of :math:`1 - e^{-\mu s}`, with the way `s` to the surface.
    """
    energies = np.atleast_1d(np.asarray(energy_kev, dtype=float))
    short_m = of.semi_axes_m[0]
    ways, weights = _ways_out(tuple(axis_m / short_m for axis_m in of.semi_axes_m))
    per_m = of.density_kg_m3 * energy_absorption_m2_per_kg("water")(energies)
    found: Array = -np.expm1(-np.outer(per_m, short_m * ways)) @ weights
    return found


def outside_per_m2(of: Body, distance_m: npt.ArrayLike, energy_kev: npt.ArrayLike) -> Array:
    r"""What replaces :math:`1/d^2` beside a body, its own weakening included [1/m2].

    Parameters
    ----------
    distance_m : array-like
        From its surface, at right angles to its length, at half of it [m].
    energy_kev : array-like

    Returns
    -------
    array
        One row for each distance, one column for each energy.
    """
    distances = np.atleast_1d(checked_m(distance_m))
    energies = np.atleast_1d(np.asarray(energy_kev, dtype=float))
    per_m = of.density_kg_m3 * energy_absorption_m2_per_kg("water")(energies)
    return np.array([_at(of, float(distance), per_m) for distance in distances])


def _at(of: Body, distance_m: float, per_m: Array) -> Array:
    """Mean over the places of the body of the weakened inverse square."""
    points, weights = _places()
    axes = np.array(of.semi_axes_m)
    eye = np.array([axes[0] + distance_m, 0.0, 0.0])
    towards = eye - points * axes
    squares = np.sum(towards**2, axis=1)
    inside_m = _exit(points, towards / np.sqrt(squares)[:, None] / axes)
    weighted = weights / squares
    return np.array([float(weighted @ np.exp(-rate * inside_m)) for rate in per_m])


def _exit(points: Array, directions: Array) -> Array:
    """Length of the way from points of the unit sphere to its surface, in the units of the direction's scale."""
    a = np.sum(directions**2, axis=1)
    b = np.sum(points * directions, axis=1)
    c = np.sum(points**2, axis=1) - 1.0
    found: Array = (-b + np.sqrt(b**2 - a * c)) / a
    return found


@cache
def _ways_out(axes: tuple[float, ...]) -> tuple[Array, Array]:
    """Ways to the surface from every place in every direction, gathered by length, with their parts."""
    places, place_parts = _places()
    directions, parts = _sphere(_DIRECTIONS, _DIRECTIONS)
    scaled = directions / np.array(axes)
    ways = np.array([_exit(places, np.broadcast_to(direction, places.shape)) for direction in scaled]).ravel()
    weights = np.outer(parts, place_parts).ravel()
    bins = np.minimum((ways / ways.max() * _WAYS).astype(int), _WAYS - 1)
    gathered, lengths = (np.bincount(bins, each).astype(float) for each in (weights, weights * ways))
    there = gathered > 0.0
    return lengths[there] / gathered[there], gathered[there]


@cache
def _places() -> tuple[Array, Array]:
    """Places in the unit sphere with their parts of its volume (Gauss and Legendre)."""
    nodes, weights = np.polynomial.legendre.leggauss(_RADII)
    radii, shells = (nodes + 1.0) / 2.0, weights / 2.0
    directions, parts = _sphere(_POLAR, _AZIMUTHS)
    points = radii[:, None, None] * directions
    return points.reshape(-1, 3), np.outer(3.0 * shells * radii**2, parts).ravel()


def _sphere(polar: int, azimuths: int) -> tuple[Array, Array]:
    """Directions with their parts of the full solid angle."""
    cosines, weights = np.polynomial.legendre.leggauss(polar)
    angles = (np.arange(azimuths) + 0.5) * 2.0 * math.pi / azimuths
    sines = np.sqrt(1.0 - cosines**2)
    xyz = [np.outer(sines, np.cos(angles)), np.outer(sines, np.sin(angles)), np.outer(cosines, np.ones(azimuths))]
    return np.stack(xyz, axis=-1).reshape(-1, 3), np.repeat(weights / 2.0 / azimuths, azimuths)
