r"""How far from its nucleus a positron annihilates in water, and how that blurs a line.

Seen along an axis, as a line of coincidence or the profile of an image has it, the distance has a sharp peak and long
tails: soft positrons stay near, and of the fast ones many go along the line of sight. It is the mixture of what
positrons of each energy of the spectrum do, which is a table of our own by Monte Carlo (``tools/positron_range.py``),
by energy and by distance over the range of an electron of that energy. Tissue counts as water.
"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import DataError
from twin.physics.chains import equilibrium
from twin.physics.decay import positron_branching
from twin.physics.electrons import range_kg_per_m2
from twin.physics.emissions import emitted
from twin.sources import Numbers, grid

Array: TypeAlias = NDArray[np.float64]
_WATER_KG_M3 = 1000.0


def within(numbers: Numbers, nuclide: str, distance_m: ArrayLike) -> Array:
    """Part of a nuclide's positrons that annihilate in water at most so far aside, along any one axis.

    Of 64Cu the table has positrons and electrons together, which are a little softer (218 keV in the mean).

    Raises
    ------
    DataError
        When the nuclide emits no positrons.
    """
    require(numbers, nuclide)
    spectrum = emitted(numbers, nuclide, "beta+", "beta")
    whole = float(spectrum.per_decay.sum())
    aside = np.atleast_1d(np.asarray(distance_m, np.float64))
    ranges_m = range_kg_per_m2(numbers, spectrum.energy_kev) / _WATER_KG_M3
    found = np.zeros(aside.shape)
    for energy_kev, range_m, per_decay in zip(spectrum.energy_kev, ranges_m, spectrum.per_decay, strict=True):
        found += per_decay * _of_energy(float(energy_kev), aside / range_m)
    return np.asarray(found / whole)


def emitters(numbers: Numbers, nuclide: str) -> list[str]:
    """What emits positrons of a nuclide and its progeny in equilibrium."""
    return [name for name in equilibrium(numbers, nuclide) if positron_branching(numbers, name) > 0.0]


def require(numbers: Numbers, nuclide: str) -> None:
    """Refuse a nuclide that emits no positrons, with the name of the one of its progeny that does."""
    if positron_branching(numbers, nuclide) > 0.0:
        return
    known = emitters(numbers, nuclide)
    hint = f"; its progeny {known[0]} does: name that" if known else ""
    raise DataError(f"nuclide {nuclide} emits no positrons{hint}")


def line_spread(numbers: Numbers, nuclide: str, bin_m: float, bins: int) -> Array:
    """Parts by distance along an axis, of bins on either side of one that has its middle at no distance."""
    parts = within(numbers, nuclide, bin_m * (np.arange(bins + 1) + 0.5))
    beside = np.diff(parts) / 2.0
    return np.concatenate((beside[::-1], parts[:1], beside))


def _of_energy(energy_kev: float, depth: Array) -> Array:
    """Part within a distance over range: linear in both the logarithm of energy and the distance."""
    logs_kev, depths, parts = _table()
    x = float(np.clip(np.log(energy_kev), logs_kev[0], logs_kev[-1]))
    i = int(np.clip(np.searchsorted(logs_kev, x, "right") - 1, 0, len(logs_kev) - 2))
    p = (x - logs_kev[i]) / (logs_kev[i + 1] - logs_kev[i])
    below, above = (np.interp(depth, depths, parts[i + k]) for k in (0, 1))
    return np.asarray((1.0 - p) * below + p * above)


@cache
def _table() -> tuple[Array, Array, Array]:
    """Logarithms of energy [keV], distances over range, and the table by both."""
    table = grid("positron_range")
    energies, depths, parts = (np.array(table[head]) for head in ("energy_kev", "depth", "part"))
    levels = np.unique(energies)
    return np.log(levels), depths.reshape(len(levels), -1)[0], parts.reshape(len(levels), -1)
