r"""Broad-beam transmission by the formula of Archer, Thornby and Bushong, and its inverse.

.. math:: T(x) = \left[(1 + \beta/\alpha)\, e^{\alpha\gamma x} - \beta/\alpha\right]^{-1/\gamma}

References
----------
Archer, B. R., Thornby, J. I. and Bushong, S. C., Health Phys. 44 (1983) 507. Coefficients (table ``archer``): Madsen et
al., AAPM Task Group 108, Med. Phys. 33 (2006) 4, doi:10.1118/1.2135911, for 511 keV; Oumano et al. 2025,
doi:10.1002/acm2.70084, for Tc-99m, Lu-177, I-131 and F-18.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.sources import grid

Array: TypeAlias = npt.NDArray[np.float64]
#: What coefficients are for, where they are not for one nuclide.
ANNIHILATION = "511 keV"


class Archer(NamedTuple):
    """Coefficients of one nuclide and material.

    Attributes
    ----------
    alpha_per_m, beta_per_m, gamma : float
    method : str
        Where they are from: ``"tg108"`` or ``"oumano2025"``.
    """

    alpha_per_m: float
    beta_per_m: float
    gamma: float
    method: str

    def transmission(self, thickness_m: npt.ArrayLike) -> Array:
        """Part of the air kerma that passes a wall of that thickness [m]."""
        ratio = self.beta_per_m / self.alpha_per_m
        exponent = self.alpha_per_m * self.gamma * np.asarray(thickness_m, dtype=float)
        # The exponential is taken out, so that a wall of metres does not overflow.
        weakened = (1.0 + ratio) - ratio * np.exp(-exponent)
        found: Array = np.exp(-exponent / self.gamma) * weakened ** (-1.0 / self.gamma)
        return found

    def thickness_m(self, transmission: npt.ArrayLike) -> Array:
        """Thickness of the wall that lets that part of the air kerma pass [m]."""
        ratio = self.beta_per_m / self.alpha_per_m
        power = np.asarray(transmission, dtype=float) ** -self.gamma
        found: Array = np.log((power + ratio) / (1.0 + ratio)) / (self.alpha_per_m * self.gamma)
        return found


def coefficients(radiation: str, material: str) -> dict[str, Archer]:
    """Published coefficients by method; `radiation` is a nuclide or `ANNIHILATION`."""
    return {found.method: found for found in _table().get((radiation, material), ())}


@cache
def _table() -> dict[tuple[str, str], tuple[Archer, ...]]:
    table = grid("archer")
    per_m = units.factor("1/mm", "1/m")
    heads = ("nuclide", "material", "alpha_per_mm", "beta_per_mm", "gamma", "method")
    found: dict[tuple[str, str], tuple[Archer, ...]] = {}
    for radiation, material, alpha, beta, gamma, method in zip(*(table[head] for head in heads), strict=True):
        row = Archer(alpha * per_m, beta * per_m, gamma, method)
        found[radiation, material] = (*found.get((radiation, material), ()), row)
    return found
