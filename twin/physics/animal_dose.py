r"""Absorbed dose of animals.

Whole body: an ellipsoid of water of any mass (`twin.physics.bodies`). Electrons, alpha particles and photons below
10 keV stay where they are; of harder photons the body absorbs a part:

.. math:: D = \tilde A\, S, \qquad S = \frac{1}{m} \Big(E_\mathrm{local} + \sum_i y_i E_i\, \varphi_i(m)\Big)

Electrons that leave a small body are not taken off: a few per cent too much for Ga-68 and Y-90 in a mouse, more in an
organ. Organs of the mouse: what an organ gets from the activity in itself, with the masses that Stabin et al. 2006
imply.

References
----------
Funk et al. 2004, doi:10.1118/1.1781553. Stabin et al., J. Nucl. Med. 47 (2006) 655.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.errors import DataError, nearest
from twin.physics.attenuation import LOWEST_KEV
from twin.physics.bodies import absorbed_part, body
from twin.physics.decay import decay_constant_per_s
from twin.physics.dose_rate import activity
from twin.physics.emissions import ELECTRONS, PHOTONS, emitted
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]


def s_value(numbers: Numbers, nuclide: str, mass_kg: float) -> float:
    """Absorbed dose of a whole body for each decay in it, of the nuclide alone [Gy]."""
    return _absorbed_kev(numbers, nuclide, mass_kg) * units.factor("keV", "J") / mass_kg


def time_integrated_bq_s(
    numbers: Numbers, nuclide: str, activity_bq: npt.ArrayLike, biological_half_life_s: float = math.inf
) -> Array:
    """All decays of an activity that is left to itself, or that the body clears too [Bq s]."""
    if not biological_half_life_s > 0.0:
        raise DataError(f"a biological half-life of {biological_half_life_s:g} s: it is above zero")
    per_s = decay_constant_per_s(numbers, nuclide) + math.log(2.0) / biological_half_life_s
    found: Array = activity(activity_bq) / per_s
    return found


def whole_body_dose(
    numbers: Numbers,
    nuclide: str,
    activity_bq: npt.ArrayLike,
    mass_kg: float,
    biological_half_life_s: float = math.inf,
) -> Array:
    """Absorbed dose of a whole body [Gy].

    Parameters
    ----------
    activity_bq : array-like
        Injected [Bq].
    mass_kg : float
    biological_half_life_s : float
        Of the clearance from the body [s]; everything stays unless given, which is the most that it can be.
    """
    found: Array = time_integrated_bq_s(numbers, nuclide, activity_bq, biological_half_life_s) * s_value(
        numbers, nuclide, mass_kg
    )
    return found


def organs(numbers: Numbers) -> tuple[str, ...]:
    """The organs of the mouse whose mass is known here."""
    return numbers.subjects("mouse_organs", "mass")


def organ_s_value(numbers: Numbers, nuclide: str, organ: str) -> float:
    """Absorbed dose of an organ of a 30 g mouse for each decay in itself, of the nuclide alone [Gy]."""
    if organ not in organs(numbers):
        near = nearest(organ, organs(numbers))
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"organ {organ!r} is not one of {', '.join(organs(numbers))}{hint}")
    return s_value(numbers, nuclide, numbers.value(f"mouse_organs.{organ}.mass"))


def mean_dose(time_integrated_bq_s: npt.ArrayLike, energy_kev: float, absorbed: float, mass_kg: float) -> Array:
    r"""The formula of MIRD for one energy and its absorbed part: :math:`D = \tilde A E \varphi / m` [Gy]."""
    if not mass_kg > 0.0:
        raise DataError(f"a mass of {mass_kg:g} kg: it is above zero")
    found: Array = np.asarray(time_integrated_bq_s, dtype=float) * energy_kev * units.factor("keV", "J") * absorbed
    return found / mass_kg


def _absorbed_kev(numbers: Numbers, nuclide: str, mass_kg: float) -> float:
    """Energy that stays in a body, for each decay [keV]."""
    photons = emitted(numbers, nuclide, *PHOTONS)
    hard = photons.above(LOWEST_KEV)
    local = emitted(numbers, nuclide, *ELECTRONS, "alpha", "recoil").energy_kev_per_decay
    local += photons.energy_kev_per_decay - hard.energy_kev_per_decay
    if not hard.energy_kev.size:
        return local
    parts = absorbed_part(body(numbers, mass_kg), hard.energy_kev)
    return local + float(parts @ (hard.energy_kev * hard.per_decay))
