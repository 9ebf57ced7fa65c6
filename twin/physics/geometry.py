r"""How a source's shape spreads its radiation: factors that replace :math:`1/d^2` of the point.

All are for unweakened radiation from a uniform source, in 1/m2. Distances are in metres and may be arrays.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.errors import DataError

Array: TypeAlias = npt.NDArray[np.float64]
#: Nearer than this nothing of ours can be: the distances of fingers are those to the middle of a vessel.
NEAREST_M = 1e-3
FARTHEST_M = 1e4


def checked_m(distance_m: npt.ArrayLike, what: str = "distance") -> Array:
    """A distance as an array, if it is one at which a dose rate has a meaning.

    Raises
    ------
    DataError
        When it is not between 1 mm and 10 km, or no number.
    """
    values = np.asarray(distance_m, dtype=float)
    wrong = values[~((values >= NEAREST_M) & (values <= FARTHEST_M))]
    if wrong.size:
        raise DataError(f"{what} {float(wrong.flat[0]):g} m: it must be between 1 mm and 10 km")
    return values


def point_per_m2(distance_m: npt.ArrayLike) -> Array:
    """A point: :math:`1/d^2`."""
    found: Array = checked_m(distance_m) ** -2.0
    return found


def line_per_m2(distance_m: npt.ArrayLike, length_m: float, along_m: npt.ArrayLike = 0.0) -> Array:
    r"""A line, such as a filled catheter or syringe, seen from the side: :math:`\theta/(L h)`.

    Parameters
    ----------
    distance_m : array-like
        From the line, at right angles [m].
    length_m : float
    along_m : array-like
        From the middle of the line, along it [m].
    """
    height, along, half = checked_m(distance_m), np.asarray(along_m, dtype=float), _size(length_m, "length") / 2.0
    angle = np.arctan((half - along) / height) + np.arctan((half + along) / height)
    found: Array = angle / (length_m * height)
    return found


def disc_per_m2(distance_m: npt.ArrayLike, radius_m: float) -> Array:
    r"""A disc, such as a contaminated surface, on its axis: :math:`\ln(1 + R^2/h^2)/R^2`."""
    height, radius = checked_m(distance_m), _size(radius_m, "radius")
    found: Array = np.log1p((radius / height) ** 2) / radius**2
    return found


def sphere_per_m2(distance_m: npt.ArrayLike, radius_m: float) -> Array:
    """A sphere that weakens nothing; the distance is that from its middle, and not less than its radius."""
    distance, radius = checked_m(distance_m), _size(radius_m, "radius")
    if np.any(distance < radius):
        raise DataError(f"distance {float(distance.min()):g} m is inside the sphere of radius {radius:g} m")
    ratio = radius / distance
    with np.errstate(divide="ignore", invalid="ignore"):
        bracket = 0.5 - (1.0 - ratio**2) / (4.0 * ratio) * np.log((1.0 + ratio) / (1.0 - ratio))
    found: Array = np.where(ratio >= 1.0, 0.5, bracket) * 3.0 / radius**2
    return np.where(ratio < 1e-3, distance**-2.0, found)


def _size(value_m: float, what: str) -> float:
    if not 0.0 < value_m <= FARTHEST_M:
        raise DataError(f"{what} {value_m:g} m: it must be above zero and at most 10 km")
    return float(value_m)
