"""Photons of one energy through a wide wall: an exponential, and a buildup factor for what is scattered.

The factors (table ``buildup``) are made by Monte Carlo for a point source a metre before an endless wall and H*(10) at
its back (``tools/buildup.py``), so they hold for walls, not for a source inside the material. They are taken for all
quantities: of air kerma, which counts what is scattered less, up to a tenth less passes. The five materials of the
table stand for the others, see the rows ``dose.buildup_like``; a factor is taken at the same number of free paths.
Beyond 20 free paths it grows on as it did last.

Behind layers of different materials Broder's sum stands for the factor (Broder and others 1962): what each
layer adds to what the photons bring with them, reckoned in its own material. By our own Monte Carlo of lead and
concrete it is from 5 % too little to twice too much, most where lead comes last; layers that multiply are up to three
times too much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.physics.attenuation import HIGHEST_KEV, coefficients
from twin.physics.materials import material
from twin.sources import Numbers, grid

Array: TypeAlias = npt.NDArray[np.float64]


def transmission(numbers: Numbers, material_name: str, thickness_m: npt.ArrayLike, energy_kev: npt.ArrayLike) -> Array:
    """Part of the dose of photons of each energy that passes a wall.

    Parameters
    ----------
    thickness_m, energy_kev : array-like
        Of shapes that go together [m, keV]. Above 3 MeV a photon counts as one of 3 MeV. A thin wall that would add
        more than it takes, such as 1 cm of water at 60 keV, lets all pass.
    """
    thickness, energies = np.broadcast_arrays(np.asarray(thickness_m, float), np.asarray(energy_kev, float))
    return passing(numbers, material_name, energies)(thickness)


def passing(numbers: Numbers, material_name: str, energy_kev: npt.ArrayLike) -> Callable[[npt.ArrayLike], Array]:
    """The same as a function of thickness alone [m], for a formula that tries many."""
    energies = np.minimum(np.asarray(energy_kev, dtype=float), HIGHEST_KEV)
    rates_per_m = per_m(numbers, material_name, energies.ravel()).reshape(energies.shape)
    factors = _factors(_stands_for(numbers, material_name))

    def passed(thickness_m: npt.ArrayLike) -> Array:
        paths = rates_per_m * np.asarray(thickness_m, dtype=float)
        found: Array = np.exp(np.minimum(_log_buildup(factors, energies, paths) - paths, 0.0))
        return found

    return passed


def layered(numbers: Numbers, layers: Sequence[tuple[str, float]], energy_kev: npt.ArrayLike) -> Array:
    r"""Part of the dose of photons of each energy that passes layers, from the source on.

    .. math:: T = e^{-s_N} \left[1 + \sum_n \left(B_n(s_n) - B_n(s_{n-1})\right)\right]

    with the free paths :math:`s_n` as far as the back of layer :math:`n`, and the buildup factors of its material; not
    more than the parts that each layer would let pass by itself, multiplied.

    Parameters
    ----------
    layers : sequence of (material, thickness)
        Thicknesses in metre.
    """
    energies = np.minimum(np.asarray(energy_kev, dtype=float), HIGHEST_KEV)
    so_far, factor, each = np.zeros_like(energies), np.ones_like(energies), np.ones_like(energies)
    for name, thickness_m in layers:
        factors = _factors(_stands_for(numbers, name))
        own = thickness_m * per_m(numbers, name, energies.ravel()).reshape(energies.shape)
        before, behind = (np.exp(_log_buildup(factors, energies, paths)) for paths in (so_far, so_far + own))
        factor, so_far = factor + behind - before, so_far + own
        each *= np.exp(np.minimum(_log_buildup(factors, energies, own) - own, 0.0))
    found: Array = np.minimum(factor * np.exp(-so_far), each)
    return found


def per_m(numbers: Numbers, material_name: str, energy_kev: npt.ArrayLike) -> Array:
    """Linear attenuation coefficient [1/m]."""
    of = material(numbers, material_name)
    return of.density_kg_m3 * coefficients(of, energy_kev).total


def buildup(numbers: Numbers, material_name: str, energy_kev: npt.ArrayLike, free_paths: npt.ArrayLike) -> Array:
    """Buildup factor behind a wide wall of so many free paths."""
    energies, paths = np.broadcast_arrays(np.asarray(energy_kev, dtype=float), np.asarray(free_paths, dtype=float))
    found: Array = np.exp(_log_buildup(_factors(_stands_for(numbers, material_name)), energies, paths))
    return found


def _log_buildup(factors: tuple[Array, Array, Array], energies: Array, paths: Array) -> Array:
    """Linear between the logarithms of energy."""
    nodes, logs_kev, logs = factors
    place = np.log(np.clip(energies, np.exp(logs_kev[0]), np.exp(logs_kev[-1])))
    upper = np.clip(np.searchsorted(logs_kev, place, "right"), 1, len(logs_kev) - 1)
    share = (place - logs_kev[upper - 1]) / (logs_kev[upper] - logs_kev[upper - 1])
    below, above = (_along(nodes, logs[row], paths) for row in (upper - 1, upper))
    return (1.0 - share) * below + share * above


def _along(nodes: Array, rows: Array, paths: Array) -> Array:
    """Logarithm of the factor at a number of free paths, linear between the nodes and after the last."""
    upper = np.clip(np.searchsorted(nodes, paths, "right"), 1, len(nodes) - 1)
    low, high = (np.take_along_axis(rows, index[..., None], axis=-1)[..., 0] for index in (upper - 1, upper))
    found: Array = low + (high - low) * (paths - nodes[upper - 1]) / (nodes[upper] - nodes[upper - 1])
    return found


def _stands_for(numbers: Numbers, material_name: str) -> str:
    """The material of the table that has the factors of this one."""
    own = material(numbers, material_name).name
    known = set(grid("buildup")["material"])
    return own if own in known else numbers.text(f"dose.buildup_like.{own}")


@cache
def _factors(material_name: str) -> tuple[Array, Array, Array]:
    """Free paths from zero, logarithms of energy [keV], logarithms of the factors by energy and free paths."""
    table = grid("buildup")
    rows = np.array(table["material"]) == material_name
    energies, paths, factors = (np.array(table[head])[rows] for head in ("energy_kev", "free_paths", "buildup"))
    nodes, columns = np.unique(paths, return_inverse=True)
    levels, lines = np.unique(energies, return_inverse=True)
    logs = np.zeros((len(levels), len(nodes) + 1))
    logs[lines, columns + 1] = np.log(factors)
    return np.append(0.0, nodes), np.log(levels), logs
