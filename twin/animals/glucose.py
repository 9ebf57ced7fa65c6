r"""Blood glucose: fasting lowers it, anaesthesia raises it.

.. math:: g(t) = \left(g_0 + (g_1 - g_0) e^{-t_f/\tau_f}\right) \left(1 + r (1 - e^{-t/\tau})\right)

with the level `g_1` of a fed animal, `g_0` of a fasted one, fasting for `t_f`, anaesthesia for `t`, and a rise `r` in
proportion to the concentration of isoflurane. The numbers are those of mice; rats have levels of their own, and are
taken to rise by the same part.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
#: Concentration of isoflurane that the rise of the table belongs to.
_REFERENCE = 0.015
#: Animals whose levels are known.
KNOWN_IN = ("mouse", "rat")


def before_mol_per_m3(numbers: Numbers, fasted_s: npt.ArrayLike, species: str = "mouse") -> Array:
    """Glucose of an awake animal that has fasted for so long [mol/m3]."""
    level = "rat_" if species == "rat" else ""
    words = (f"{level}fed", f"{level}fasted", "fasting_time")
    fed, fasted, constant_s = (numbers.value(f"physiology.glucose.{word}") for word in words)
    return fasted + (fed - fasted) * np.exp(-np.asarray(fasted_s, dtype=np.float64) / constant_s)


def rise(numbers: Numbers, anaesthetic: str, inspired: float = 0.0) -> float:
    """By which part anaesthesia raises glucose in the end."""
    if anaesthetic == "isoflurane":
        return numbers.value("physiology.glucose.isoflurane") * inspired / _REFERENCE
    return numbers.value("physiology.glucose.ketamine_xylazine") if anaesthetic == "ketamine_xylazine" else 0.0


def under_mol_per_m3(
    numbers: Numbers, fasted_s: npt.ArrayLike, raised: float, elapsed_s: npt.ArrayLike, species: str = "mouse"
) -> Array:
    """Glucose after a time of anaesthesia [mol/m3]."""
    constant_s = numbers.value("physiology.glucose.anaesthesia_time")
    grown = -np.expm1(-np.asarray(elapsed_s, dtype=np.float64) / constant_s)
    return before_mol_per_m3(numbers, fasted_s, species) * (1.0 + raised * grown)


def mean_under_mol_per_m3(
    numbers: Numbers, fasted_s: npt.ArrayLike, raised: float, elapsed_s: npt.ArrayLike, species: str = "mouse"
) -> Array:
    """Mean of glucose over a time of anaesthesia [mol/m3]."""
    constant_s = numbers.value("physiology.glucose.anaesthesia_time")
    elapsed = np.asarray(elapsed_s, dtype=np.float64)
    part = 1.0 + constant_s / elapsed * np.expm1(-elapsed / constant_s)
    return np.asarray(before_mol_per_m3(numbers, fasted_s, species) * (1.0 + raised * part), dtype=np.float64)
