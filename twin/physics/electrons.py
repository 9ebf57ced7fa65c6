r"""How electrons lose their energy in water: stopping power, range, and dose beside a plane of activity.

The collision stopping power is that of Berger and Seltzer (Bethe's formula for electrons) without the density effect:

.. math:: \frac{S}{\rho} = 2\pi r_e^2 m c^2 N_A \frac{Z}{A} \frac{1}{\beta^2}
   \left[\ln\frac{\tau^2(\tau+2)}{2 (I/mc^2)^2} + 1 - \beta^2 + \frac{\tau^2/8 - (2\tau+1)\ln 2}{(\tau+1)^2}\right]

It is within 1.5 % of ESTAR up to 1 MeV, 4 % at 2 MeV. Positrons count as electrons. How deep they get is a table of our
own by Monte Carlo (``tools/electron_depth.py``): scattering turns them, so that soft ones hardly reach their range.

References
----------
ICRU Report 37, 1984. Rohrlich, F. and Carlson, B. C., Phys. Rev. 93 (1954) 38, doi:10.1103/PhysRev.93.38.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.physics.attenuation import ELECTRON_KEV
from twin.physics.emissions import Spectrum, electrons
from twin.sources import Numbers, grid

Array: TypeAlias = npt.NDArray[np.float64]
#: CODATA 2018: 2 pi r_e^2 m c^2 N_A with a molar mass constant of 1 g/mol [keV m2 / kg].
_BETHE_KEV_M2_PER_KG = 15.35374
_LEAST_KEV, _MOST_KEV, _NODES = 1.0, 20_000.0, 4000
_COSINES, _SHELLS = 64, 400
#: Part of a depth over which a slope is taken: the table's nodes are further apart.
_SLOPE = 0.03


class Water(NamedTuple):
    """Nodes of energy [keV] with stopping power [keV m2 / kg] and range [kg / m2]."""

    energy_kev: Array
    stopping: Array
    range: Array


def stopping_power(numbers: Numbers, energy_kev: npt.ArrayLike) -> Array:
    """Collision stopping power of water [keV m2 / kg]."""
    water = _water(numbers)
    found: Array = np.interp(np.asarray(energy_kev, dtype=float), water.energy_kev, water.stopping)
    return found


def range_kg_per_m2(numbers: Numbers, energy_kev: npt.ArrayLike) -> Array:
    """Range in water if an electron loses energy continuously [kg/m2]; 1 g/cm2 is 10 kg/m2."""
    water = _water(numbers)
    found: Array = np.interp(np.asarray(energy_kev, dtype=float), water.energy_kev, water.range)
    return found


def hardest_kev(numbers: Numbers, nuclide: str, progeny: bool = True) -> float:
    """Energy of the hardest group of its electrons and positrons, some per cent below the endpoint [keV]; 0 if none."""
    return float(electrons(numbers, nuclide, progeny).energy_kev.max(initial=0.0))


def stopped_by_m(numbers: Numbers, nuclide: str, density_kg_m3: float) -> float:
    """What stops all electrons of a nuclide with its progeny [m], if as much mass stops them as of water.

    Heavier elements need up to half as much mass again; what they radiate is not in it.
    """
    return float(range_kg_per_m2(numbers, hardest_kev(numbers, nuclide))) / density_kg_m3


def plane_dose(numbers: Numbers, spectrum: Spectrum, depth_kg_per_m2: npt.ArrayLike, backing: str = "water") -> Array:
    r"""Absorbed dose at a depth from a wide plane of activity, for each decay on a square metre [Gy m2].

    .. math:: D(z) = \sum_i y_i \frac{T_i}{R_i}\, g(z / R_i, T_i)

    Parameters
    ----------
    backing : str
        What is behind the plane: ``"water"``, or ``"none"``, as behind activity on skin.
    """
    water = _water(numbers)
    depths = np.atleast_1d(np.asarray(depth_kg_per_m2, dtype=float))
    ranges = np.interp(spectrum.energy_kev, water.energy_kev, water.range)
    part = _part(depths[:, None] / ranges, np.broadcast_to(spectrum.energy_kev, (len(depths), len(ranges))), backing)
    found: Array = part @ (spectrum.per_decay * spectrum.energy_kev / ranges) * units.factor("keV", "J")
    return found


def point_dose(numbers: Numbers, spectrum: Spectrum, depth_kg_per_m2: float) -> float:
    r"""Absorbed dose beside a point of activity times the square of the distance, for each decay [Gy m2].

    A plane is made of points, so that with its dose :math:`D(z)`, lengths being masses for each area,

    .. math:: D\,r^2 = -\frac{r}{2\pi}\,\frac{dD}{dr}
    """
    step = _SLOPE * depth_kg_per_m2
    near, far = plane_dose(numbers, spectrum, [depth_kg_per_m2 - step, depth_kg_per_m2 + step]).tolist()
    return float(depth_kg_per_m2 * max(near - far, 0.0) / (2.0 * step) / (2.0 * math.pi))


def _part(depth: Array, energy_kev: Array, backing: str) -> Array:
    """Part of the energy at depths over range, for each unit of it; linear in both logarithms, nothing beyond 1."""
    logs_kev, logs_depth, parts = _depths(backing)
    x = np.clip(np.log(energy_kev), logs_kev[0], logs_kev[-1])
    y = np.log(np.clip(depth, 1e-12, 1.0))
    i = np.clip(np.searchsorted(logs_kev, x, "right") - 1, 0, len(logs_kev) - 2)
    j = np.clip(np.searchsorted(logs_depth, y, "right") - 1, 0, len(logs_depth) - 2)
    p = (x - logs_kev[i]) / (logs_kev[i + 1] - logs_kev[i])
    q = (y - logs_depth[j]) / (logs_depth[j + 1] - logs_depth[j])  # nearer than the first node it rises on
    below, above = (parts[i + k, j] * (1.0 - q) + parts[i + k, j + 1] * q for k in (0, 1))
    found: Array = np.where(depth < 1.0, np.maximum((1.0 - p) * below + p * above, 0.0), 0.0)
    return found


@cache
def _depths(backing: str) -> tuple[Array, Array, Array]:
    """Logarithms of energy [keV] and of depth over range, and the table by both, with nothing at the range itself."""
    table = grid("electron_depth")
    rows = np.array(table["backing"]) == backing
    energies, depths, parts = (np.array(table[head])[rows] for head in ("energy_kev", "depth", "part"))
    levels = np.unique(energies)
    by_energy = parts.reshape(len(levels), -1)
    nodes = np.append(depths.reshape(len(levels), -1)[0], 1.0)
    return np.log(levels), np.log(nodes), np.concatenate((by_energy, np.zeros((len(levels), 1))), axis=1)


def cylinder_dose(
    numbers: Numbers, spectrum: Spectrum, wall_kg_per_m2: float, radius_kg_per_m2: float, length_kg_per_m2: float
) -> float:
    r"""Absorbed dose beside a cylinder that activity in water fills, at half its length, for each decay in a kilogram.

    Of the sphere of radius :math:`r` about the point, the solid angle :math:`\Omega(r)` lies in the cylinder. What a
    point gives at a distance follows from a plane's dose :math:`D(z)`, so that

    .. math:: D = -\int \frac{r\,\Omega(r)}{2\pi}\,\frac{dD}{dr}\,dr

    All lengths are those of water of the same mass: a wall that is denser is taken as thicker.

    Parameters
    ----------
    wall_kg_per_m2 : float
        From the activity's surface to the point, above 0.
    radius_kg_per_m2, length_kg_per_m2 : float
        Of the cylinder.

    Returns
    -------
    float
        [Gy kg]
    """
    if not spectrum.energy_kev.size:
        return 0.0
    end = float(range_kg_per_m2(numbers, spectrum.energy_kev.max()))
    if end <= wall_kg_per_m2:
        return 0.0
    edges = np.linspace(wall_kg_per_m2, end, _SHELLS + 1)
    middles = (edges[1:] + edges[:-1]) / 2.0
    falls = -np.diff(plane_dose(numbers, spectrum, edges))
    inside = _in_cylinder(middles, wall_kg_per_m2 + radius_kg_per_m2, radius_kg_per_m2, length_kg_per_m2 / 2.0)
    return float(falls @ (middles * inside)) / (2.0 * math.pi)


def _in_cylinder(radius: Array, axis: float, own: float, half: float) -> Array:
    """Solid angle of spheres about a point that lies in a cylinder, whose axis is so far away [sr]."""
    nodes, weights = np.polynomial.legendre.leggauss(_COSINES)
    farthest = np.minimum(1.0, half / radius)[:, None]  # cosine to the axis at which a sphere leaves by an end
    across = radius[:, None] * np.sqrt(1.0 - (farthest * nodes) ** 2)
    cosine = (axis**2 + across**2 - own**2) / (2.0 * axis * across)
    found: Array = 2.0 * farthest[:, 0] * (np.arccos(np.clip(cosine, -1.0, 1.0)) @ weights)
    return found


def _water(numbers: Numbers) -> Water:
    ionised_kev = numbers.value("dose.water.mean_excitation")
    return _slowing(ionised_kev, numbers.value("dose.water.electrons_per_nucleon"))


@cache
def _slowing(excitation_kev: float, electrons_per_nucleon: float) -> Water:
    """The nodes; below the first the range goes to zero in a straight line."""
    energy = np.geomspace(_LEAST_KEV, _MOST_KEV, _NODES)
    tau = energy / ELECTRON_KEV
    beta2 = tau * (tau + 2.0) / (tau + 1.0) ** 2
    bracket = np.log(tau**2 * (tau + 2.0) / 2.0 * (ELECTRON_KEV / excitation_kev) ** 2) + 1.0 - beta2
    bracket += (tau**2 / 8.0 - (2.0 * tau + 1.0) * math.log(2.0)) / (tau + 1.0) ** 2
    stopping = _BETHE_KEV_M2_PER_KG * electrons_per_nucleon / beta2 * bracket
    steps = np.diff(energy) * (1.0 / stopping[1:] + 1.0 / stopping[:-1]) / 2.0
    ranges = np.append(0.0, np.cumsum(steps)) + energy[0] / stopping[0] / 2.0
    return Water(np.append(0.0, energy), np.append(stopping[0], stopping), np.append(0.0, ranges))
