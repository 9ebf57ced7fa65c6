r"""How strongly a material weakens photons, process by process, from 10 keV to 3 MeV.

Mass attenuation coefficients of elements are those of NIST XCOM (table ``photon_cross_sections``), interpolated between
logarithms; a mixture is the sum over its elements by mass. Pair production is interpolated divided by
:math:`(1 - E_0/E)^3`, which it approaches at its threshold :math:`E_0`, as XCOM does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin import units
from twin.errors import DataError
from twin.physics.materials import Material
from twin.sources import grid

Array: TypeAlias = NDArray[np.float64]
Curve: TypeAlias = Callable[[Array], Array]

LOWEST_KEV, HIGHEST_KEV = 10.0, 3000.0
#: CODATA 2018: m_e c^2.
ELECTRON_KEV = 510.99895
_THRESHOLD_KEV = {"pair_nucleus": 2 * ELECTRON_KEV, "pair_electron": 4 * ELECTRON_KEV}


class Coefficients(NamedTuple):
    """Mass attenuation coefficients by process [m2/kg]."""

    photoelectric: Array
    incoherent: Array
    coherent: Array
    pair: Array

    @property
    def total(self) -> Array:
        """All processes together."""
        return self.photoelectric + self.incoherent + self.coherent + self.pair


def coefficients(material: Material, energy_kev: ArrayLike) -> Coefficients:
    """Mass attenuation coefficients of a material [m2/kg].

    Raises
    ------
    DataError
        When an energy is outside 10 keV to 3 MeV, or no number.
    """
    energies = np.atleast_1d(np.asarray(energy_kev, dtype=np.float64))
    outside = ~((energies >= LOWEST_KEV) & (energies <= HIGHEST_KEV))
    if outside.any():
        raise DataError(f"photon energy {energies[outside][0]:g} keV: the tables go from 10 keV to 3 MeV")
    sums = [np.zeros_like(energies) for _ in range(4)]
    for symbol, part in material.parts_by_mass:
        for number, found in enumerate(_element(symbol, tuple(energies.tolist()))):
            sums[number] += part * found
    return Coefficients(*sums)


def linear_per_m(material: Material, energy_kev: ArrayLike) -> Array:
    """Linear attenuation coefficient of all processes [1/m]."""
    return material.density_kg_m3 * coefficients(material, energy_kev).total


def k_shell_part(symbol: str, energy_kev: ArrayLike) -> Array:
    """Part of an element's photoelectric interactions that leave a hole in the K shell."""
    energies = np.atleast_1d(np.asarray(energy_kev, dtype=np.float64))
    nodes_kev, part = _columns(symbol, "energy_kev", "k_shell_part")
    last = np.searchsorted(nodes_kev, energies, "right") - 1
    smooth = np.interp(energies, nodes_kev, part)
    return np.where(part[np.maximum(last, 0)] > 0.0, smooth, 0.0)


@cache
def energy_absorption_m2_per_kg(material: str) -> Curve:
    """Mass energy-absorption coefficient of ``"air"`` (dry) or ``"water"`` (NIST) as a function of energy [keV]."""
    table = grid("energy_absorption")
    rows = np.array(table["material"]) == material
    values = np.array(table["energy_absorption_cm2_per_g"], dtype=np.float64) * units.factor("cm2/g", "m2/kg")
    return _log_log(np.array(table["energy_kev"], dtype=np.float64)[rows], values[rows])


@lru_cache(maxsize=256)  # the walls of a plan ask for the same lines of the same elements again and again
def _element(symbol: str, energy_kev: tuple[float, ...]) -> Coefficients:
    at, curves = np.array(energy_kev), _curves(symbol)
    photoelectric, incoherent, coherent, nucleus, electron = (curve(at) for curve in curves)
    return Coefficients(photoelectric, incoherent, coherent, nucleus + electron)


@cache
def _curves(symbol: str) -> tuple[Curve, ...]:
    """Photoelectric, incoherent, coherent, pair (nucleus), pair (electrons) of an element [m2/kg]."""
    heads = [f"{name}_cm2_per_g" for name in ("photoelectric", "incoherent", "coherent", *_THRESHOLD_KEV)]
    nodes_kev, *given = _columns(symbol, "energy_kev", *heads)
    in_si = [values * units.factor("cm2/g", "m2/kg") for values in given]
    once = np.append(True, np.diff(nodes_kev) > 0.0)
    scattering = [_log_log(nodes_kev[once], values[once]) for values in in_si[1:3]]
    pairs = [_pair(nodes_kev[once], v[once], e) for v, e in zip(in_si[3:], _THRESHOLD_KEV.values(), strict=True)]
    return _between_edges(nodes_kev, in_si[0]), *scattering, *pairs


def _columns(symbol: str, *heads: str) -> list[Array]:
    table = grid("photon_cross_sections")
    rows = np.array(table["element"]) == symbol
    return [np.array(table[head], dtype=np.float64)[rows] for head in heads]


def _log_log(x: Array, y: Array) -> Curve:
    """Monotone cubic between logarithms."""
    curve = _monotone(np.log(x), np.log(y))
    return lambda at: np.exp(curve(np.log(at)))


def _monotone(x: Array, y: Array) -> Curve:
    """Piecewise cubic that never overshoots (Fritsch, Butland 1984, doi 10.1137/0905021), straight beyond the ends."""
    steps, secants = np.diff(x), np.diff(y) / np.diff(x)
    slopes = np.concatenate([secants[:1], _inner_slopes(steps, secants), secants[-1:]])

    def curve(at: Array) -> Array:
        n = np.clip(np.searchsorted(x, at, "right") - 1, 0, x.size - 2)
        part = np.clip((at - x[n]) / steps[n], 0.0, 1.0)
        rise = part**2 * (3.0 - 2.0 * part)
        bends = part * (1.0 - part) * (slopes[n] * (1.0 - part) - slopes[n + 1] * part)
        inside = y[n] + (y[n + 1] - y[n]) * rise + steps[n] * bends
        beyond = np.minimum(at - x[0], 0.0) * slopes[0] + np.maximum(at - x[-1], 0.0) * slopes[-1]
        return np.asarray(inside + beyond)

    return curve


def _inner_slopes(steps: Array, secants: Array) -> Array:
    """Weighted harmonic means of neighbouring secants; level where the curve turns."""
    before, after = secants[:-1], secants[1:]
    weight0, weight1 = 2.0 * steps[1:] + steps[:-1], steps[1:] + 2.0 * steps[:-1]
    level = before * after <= 0.0
    safe0, safe1 = np.where(level, 1.0, before), np.where(level, 1.0, after)
    return np.where(level, 0.0, (weight0 + weight1) / (weight0 / safe0 + weight1 / safe1))


def _between_edges(nodes_kev: Array, values: Array) -> Curve:
    """A curve with jumps where an energy stands twice; at an edge the upper value counts."""
    starts = np.flatnonzero(np.diff(nodes_kev) == 0.0) + 1
    pieces = [_log_log(x, y) for x, y in zip(np.split(nodes_kev, starts), np.split(values, starts), strict=True)]
    edges_kev = nodes_kev[starts]

    def curve(at: Array) -> Array:
        which = np.searchsorted(edges_kev, at, "right")
        found = np.empty_like(at)
        for n, piece in enumerate(pieces):
            found[which == n] = piece(at[which == n])
        return found

    return curve


def _pair(nodes_kev: Array, values: Array, threshold_kev: float) -> Curve:
    """Zero below the threshold."""
    above = values > 0.0
    scaled = _log_log(nodes_kev[above], values[above] / (1.0 - threshold_kev / nodes_kev[above]) ** 3)
    first_kev = nodes_kev[above][0]

    def curve(at: Array) -> Array:
        rise = np.maximum(1.0 - threshold_kev / at, 0.0) ** 3
        return rise * scaled(np.maximum(at, first_kev))

    return curve
