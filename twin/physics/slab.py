r"""What a wall lets pass of the photons of a point source, by following them one by one.

The transport of `twin.physics.transport` with a geometry of its own: an isotropic point source before an endless wall,
and the dose in a small disc on the axis, at the wall's back or farther behind,

.. math:: T(x) = \frac{D(x)}{D_0(d + x + e)},

with the distances :math:`d` before and :math:`e` behind. It checks what `twin.physics.shielding` has from formulas.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.errors import DataError
from twin.physics import attenuation, histories, scene, slab_kernels
from twin.physics.dose_rate import per_fluence
from twin.physics.materials import Material
from twin.physics.scene import Body
from twin.physics.transport import check_energy

Array: TypeAlias = npt.NDArray[np.float64]
#: Directions are drawn in a cone about the axis; what leaves the source more askew reaches the disc by a longer way.
CONE = 0.3
#: Half of the photons fly towards a circle of so many radii of the disc.
INNER = 2.0
#: Radius of the disc over its distance from the source, and at the most [m].
RADIUS, WIDEST_M = 0.15, 0.2
#: Photons that wait at the same time: one for each plane, and partners of pairs.
_WAITING = 512


@dataclass(frozen=True)
class Passing:
    """What walls let pass.

    Attributes
    ----------
    transmission, relative_error : array
        By thickness: part of the dose, and its relative standard error (infinite where no photon came through).
    """

    transmission: Array
    relative_error: Array


def passing(
    material: Material,
    energy_kev: float,
    thicknesses_m: Sequence[float],
    *,
    quantity: str = "h10",
    distance_m: float = 1.0,
    behind_m: float = 0.0,
    beam_m: float = math.inf,
    photons: int = 1 << 16,
    seed: int = 0,
    threads: int | None = None,
) -> Passing:
    """Part of the dose of photons of one energy that passes walls of some thicknesses.

    Parameters
    ----------
    material : Material
    energy_kev : float
    thicknesses_m : sequence of float
        Ascending and above 0 [m].
    quantity : str
        A word of `twin.physics.dose_rate.QUANTITIES`; ``h10`` stands for the dose in a block of tissue.
    distance_m, behind_m : float
        From the source to the wall, above 0, and from its back to where the dose is asked for [m].
    beam_m : float
        Radius of the circle of the wall that the source shines on, as of a source in a pot; all of it unless given [m].
    photons : int
        How many leave the source in the cone.
    """
    asked = np.asarray(thicknesses_m, dtype=float)
    if asked.size == 0 or asked[0] <= 0.0 or np.any(np.diff(asked) <= 0.0):
        raise DataError("the thicknesses of walls are above 0 and ascend")
    wall = [(material, float(asked[-1]))]
    return _followed(wall, energy_kev, asked, quantity, (distance_m, behind_m, beam_m), photons, seed, threads)


def passing_layers(
    layers: Sequence[tuple[Material, float]],
    energy_kev: float,
    *,
    quantity: str = "h10",
    distance_m: float = 1.0,
    behind_m: float = 0.0,
    photons: int = 1 << 16,
    seed: int = 0,
    threads: int | None = None,
) -> Passing:
    """The same of one wall of layers, from the source on: each a material and its thickness above 0 [m]."""
    thicknesses_m = np.array([thickness_m for _, thickness_m in layers], dtype=float)
    if not (thicknesses_m.size and np.all(thicknesses_m > 0.0)):
        raise DataError("a wall has layers that are thicker than 0")
    asked = np.cumsum(thicknesses_m)[-1:]
    return _followed(layers, energy_kev, asked, quantity, (distance_m, behind_m, math.inf), photons, seed, threads)


def _followed(
    wall: Sequence[tuple[Material, float]],
    energy_kev: float,
    asked: Array,
    quantity: str,
    geometry: tuple[float, float, float],
    photons: int,
    seed: int,
    threads: int | None,
) -> Passing:
    """What passes walls of some thicknesses that are made of these layers as far as they go."""
    check_energy(energy_kev)
    distance_m, behind_m, beam_m = geometry
    if not (distance_m > 0.0 and behind_m >= 0.0):
        raise DataError(f"a source {distance_m:g} m before a wall and a point {behind_m:g} m behind: above and from 0")
    if not beam_m > 0.0:
        raise DataError(f"a beam of {beam_m:g} m: its radius on the wall is above 0")
    depths_m = np.cumsum([thickness_m for _, thickness_m in wall])
    planes_m = _planes_m(asked, depths_m, [float(attenuation.linear_per_m(of, energy_kev)[0]) for of, _ in wall])
    lit_m = beam_m * (distance_m + behind_m) / distance_m  # the disc lies well in what would be lit without the wall
    radius_m = min(RADIUS * (distance_m + behind_m), WIDEST_M, lit_m / 2.0)
    outer = max(CONE, distance_m / math.hypot(distance_m, beam_m))
    inner = max(distance_m / math.hypot(distance_m, INNER * radius_m), (1.0 + outer) / 2.0)
    spot = np.array([distance_m, inner, outer, radius_m, behind_m])
    materials = [of for of, _ in wall]
    work = _work(materials, depths_m[:-1], energy_kev, planes_m, spot, _dose(quantity, energy_kev), seed)
    tally = histories.exactly(work, photons, threads) / slab_kernels.FIXED / photons
    mean, squares = np.split(tally, 2)
    of = np.searchsorted(planes_m, asked)
    spread = np.sqrt(np.maximum(squares - mean**2, 0.0) / photons)
    whole = 4.0 * (distance_m + asked + behind_m) ** 2 / radius_m**2
    none = np.full(of.size, np.inf)
    return Passing(mean[of] * whole, np.divide(spread[of], mean[of], out=none, where=mean[of] > 0.0))


def _planes_m(asked: Array, depths_m: Array, per_m: Sequence[float]) -> Array:
    """The thicknesses that are asked for, with a plane at every free path from the front of each layer."""
    found = [asked]
    for front_m, back_m, rate in zip(np.append(0.0, depths_m[:-1]), depths_m, per_m, strict=True):
        steps = front_m + np.arange(1, int((back_m - front_m) * rate) + 1) / rate
        if steps.size:
            found.append(steps[np.min(np.abs(steps[:, None] - asked), axis=1) > 0.1 / rate])
    return np.sort(np.concatenate(found))


def _dose(quantity: str, energy_kev: float) -> Array:
    """Dose of a photon of each whole keV, over that of the source's."""
    middles = np.minimum(np.arange(int(energy_kev) + 1) + 0.5, energy_kev)
    middles[-1] = energy_kev
    least_kev = attenuation.LOWEST_KEV  # softer photons are absorbed where they are
    found = np.where(middles < least_kev, 0.0, per_fluence(quantity, np.maximum(middles, least_kev)))
    return found / float(per_fluence(quantity, np.array([energy_kev]))[0])


def _work(
    materials: list[Material], edges_m: Array, energy_kev: float, planes_m: Array, spot: Array, dose: Array, seed: int
) -> histories.Work:
    tables, bodies = scene.prepared([Body("box", (scene.ENDLESS_M,) * 3, of) for of in materials])
    luck = histories.address("transport/slab", seed)

    def work(first: int, count: int) -> histories.Whole:
        tally = np.zeros(2 * planes_m.size, dtype=np.int64)
        waiting = np.zeros((_WAITING, slab_kernels.COLUMNS))
        slab_kernels.slab_chunk(
            tables, edges_m, bodies.material, planes_m, spot, energy_kev, dose, luck, first, count, np.zeros(7),
            np.zeros((5, 7)), waiting, np.zeros(planes_m.size), tally,
        )  # fmt: skip
        return tally

    return work
