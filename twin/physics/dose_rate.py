r"""Dose rates of photons, from emission lines.

.. math:: \dot H = \Gamma A g, \qquad \Gamma = \frac{1}{4\pi} \sum_i y_i\, h(E_i)

with the yields :math:`y_i`, the conversion coefficients :math:`h` for each fluence and the geometric factor
:math:`g` (`twin.physics.geometry`; :math:`1/d^2` for a point). Quantities:

``air_kerma``
    air kerma [Gy]: energy times the mass energy-absorption coefficient of air (NIST)
``h10``
    ambient dose equivalent H*(10) [Sv], for places
``hp10``, ``hp007``
    personal dose equivalent of trunk and skin [Sv], in the ICRU slab, radiation from the front
``hp3``
    personal dose equivalent of the eye lens [Sv]; the coefficients of ``hp007`` are taken, which is a little too much

References
----------
ICRP Publication 74, Ann. ICRP 26 (3-4), 1996. Hubbell and Seltzer, NISTIR 5632, 1995. Emissions: ICRP Publication 107.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.errors import DataError, nearest
from twin.physics.attenuation import energy_absorption_m2_per_kg
from twin.physics.bodies import body, outside_per_m2
from twin.physics.decay import decay_constant_per_s, decays_between
from twin.physics.emissions import Spectrum, bremsstrahlung_of, joined, photons
from twin.physics.geometry import point_per_m2
from twin.sources import Numbers, grid

Array: TypeAlias = npt.NDArray[np.float64]
#: Quantity -> rows of the table ``dose_coefficients``, and whether they are for each kerma (else for each fluence).
QUANTITIES: dict[str, tuple[str, bool]] = {
    "air_kerma": ("", True),
    "h10": ("h10", False),
    "hp10": ("hp10", True),
    "hp007": ("hp007", True),
    "hp3": ("hp007", True),
}
#: Bremsstrahlung counts where it is more than this part of the lines.
WORTH_NAMING = 0.01


def per_fluence(quantity: str, energy_kev: npt.ArrayLike) -> Array:
    """Dose of a quantity for each fluence of photons [Gy m2 or Sv m2].

    Parameters
    ----------
    quantity : str
        A word of `QUANTITIES`.
    energy_kev : array-like
        Photon energy [keV].
    """
    if quantity not in QUANTITIES:
        near = nearest(quantity, QUANTITIES)
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"quantity {quantity!r} is not one of {', '.join(QUANTITIES)}{hint}")
    energies = np.asarray(energy_kev, dtype=float)
    rows, by_kerma = QUANTITIES[quantity]
    factor = _interpolated(rows, energies) if rows else np.ones_like(energies)
    return factor * kerma_per_fluence(energies) if by_kerma else factor


def kerma_per_fluence(energy_kev: npt.ArrayLike) -> Array:
    """Air kerma for each fluence of photons [Gy m2]."""
    energies = np.asarray(energy_kev, dtype=float)
    absorption = energy_absorption_m2_per_kg("air")(energies)
    found: Array = energies * units.factor("keV", "J") * absorption
    return found


def rate_constant(
    numbers: Numbers,
    nuclide: str,
    quantity: str = "h10",
    cutoff_kev: float | None = None,
    progeny: bool = True,
    bremsstrahlung: bool = False,
) -> float:
    """Dose rate of a point of one becquerel at one metre [Gy m2 / (Bq s) or Sv m2 / (Bq s)].

    Parameters
    ----------
    quantity : str
        A word of `QUANTITIES`.
    cutoff_kev, progeny, bremsstrahlung
        As in `twin.physics.emissions.photons`: which photons count.
    """
    return constant_of(photons(numbers, nuclide, cutoff_kev, progeny, bremsstrahlung), quantity)


def constant_of(spectrum: Spectrum, quantity: str) -> float:
    """Rate constant of a spectrum of photons [Gy m2 / (Bq s) or Sv m2 / (Bq s)]."""
    return float(spectrum.per_decay @ per_fluence(quantity, spectrum.energy_kev)) / (4.0 * math.pi)


def counted(numbers: Numbers, nuclide: str, progeny: bool = True) -> tuple[Spectrum, bool]:
    """The photons that a dose rate counts, and whether bremsstrahlung is among them.

    It is where it makes more than a hundredth of the lines' H*(10), so with Y-90, which has none, and with Re-188.
    """
    lines = photons(numbers, nuclide, progeny=progeny)
    softer = bremsstrahlung_of(numbers, nuclide, numbers.value("dose.photon_cutoff"), progeny)
    if constant_of(softer, "h10") > WORTH_NAMING * constant_of(lines, "h10"):
        return joined([lines, softer]), True
    return lines, False


def rate_per_s(
    numbers: Numbers,
    nuclide: str,
    activity_bq: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    quantity: str = "h10",
    progeny: bool = True,
) -> Array:
    """Dose rate beside a point [Gy/s or Sv/s], of the photons that `counted` counts.

    Parameters
    ----------
    activity_bq : array-like
        Activity of the nuclide, without its progeny [Bq].
    distance_m : array-like
        From 1 mm to 10 km [m].
    quantity, progeny
        As in `rate_constant`.
    """
    constant = constant_of(counted(numbers, nuclide, progeny)[0], quantity)
    found: Array = constant * activity(activity_bq) * point_per_m2(distance_m)
    return found


def animal_rate_per_s(
    numbers: Numbers,
    nuclide: str,
    activity_bq: npt.ArrayLike,
    mass_kg: float,
    distance_m: npt.ArrayLike,
    quantity: str = "h10",
    progeny: bool = True,
) -> Array:
    """Dose rate beside an animal that activity fills evenly, weakened by its own body [Gy/s or Sv/s].

    Parameters
    ----------
    mass_kg : float
        Of the animal.
    distance_m : array-like
        From its side, at half its length [m].
    activity_bq, quantity, progeny
        As in `rate_per_s`.
    """
    spectrum, _ = counted(numbers, nuclide, progeny)
    spread = outside_per_m2(body(numbers, mass_kg), np.ravel(distance_m), spectrum.energy_kev)
    lines = spectrum.per_decay * per_fluence(quantity, spectrum.energy_kev) / (4.0 * math.pi)
    found: Array = activity(activity_bq) * (spread @ lines).reshape(np.shape(distance_m))
    return found


def dose(rate_at_start: npt.ArrayLike, decay_constant_per_s: float, duration_s: npt.ArrayLike) -> Array:
    """Dose in a time from the dose rate at its beginning, with the decay meanwhile [Gy or Sv].

    Progeny in equilibrium fade with their parent: the decay constant is the parent's.
    """
    durations = np.asarray(duration_s, dtype=float)
    if np.any(~(durations >= 0.0)):
        raise DataError(f"a time of {float(durations.min()):g} s: a dose has a time from zero on")
    return np.asarray(rate_at_start, dtype=float) * decays_between(
        np.ones_like(durations), decay_constant_per_s, durations
    )


def point_dose(
    numbers: Numbers,
    nuclide: str,
    activity_bq: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    duration_s: npt.ArrayLike,
    quantity: str = "h10",
) -> Array:
    """Dose beside a point in a time, with the decay meanwhile [Gy or Sv]."""
    rate = rate_per_s(numbers, nuclide, activity_bq, distance_m, quantity)
    return dose(rate, decay_constant_per_s(numbers, nuclide), duration_s)


def activity(activity_bq: npt.ArrayLike) -> Array:
    """An activity as an array; refused if it is negative or no number."""
    values = np.asarray(activity_bq, dtype=float)
    if np.any(~(values >= 0.0)):
        raise DataError(f"activity {float(np.min(values)):g} Bq: an activity is not negative")
    return values


@cache
def _nodes(quantity: str) -> tuple[Array, Array]:
    """Logarithms of energy and coefficient [Sv/Gy or Sv m2]."""
    table = grid("dose_coefficients")
    rows = [row for row, name in enumerate(table["quantity"]) if name == quantity]
    scale = {"pSv cm2": units.factor("pSv cm2", "Sv m2"), "Sv/Gy": 1.0}[table["unit"][rows[0]]]
    energies, values = (np.array([table[head][row] for row in rows]) for head in ("energy_kev", "value"))
    return np.log(energies), np.log(values * scale)


def _interpolated(quantity: str, energy_kev: Array) -> Array:
    """Linear between logarithms."""
    return np.exp(np.interp(np.log(energy_kev), *_nodes(quantity)))
