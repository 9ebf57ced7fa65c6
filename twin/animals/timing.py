r"""When to scan: contrast grows while counts decay.

The figure that a detection task goes by is that of a signal against a background in counting noise, for a scan of one
length:

.. math:: q(t) = \frac{(c_T - c_B)^2}{c_T + c_B} e^{-\lambda t}
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.animals.uptake import Kinetics

Array: TypeAlias = npt.NDArray[np.float64]


def contrast(kinetics: Kinetics, target: str, background: str, time_s: npt.ArrayLike) -> Array:
    """Target over background at times."""
    return kinetics.uptake_per_kg(target, time_s) / kinetics.uptake_per_kg(background, time_s)


def counts_left(kinetics: Kinetics, time_s: npt.ArrayLike) -> Array:
    """Part of the activity that has not decayed."""
    return np.exp(-kinetics.decay_constant_per_s * np.asarray(time_s, dtype=np.float64))


def detectability(kinetics: Kinetics, target: str, background: str, time_s: npt.ArrayLike) -> Array:
    """The square of signal over noise, for scans of one length and one injected activity [1/kg]."""
    signal, rest = (kinetics.uptake_per_kg(tissue, time_s) for tissue in (target, background))
    return (signal - rest) ** 2 / (signal + rest) * counts_left(kinetics, time_s)


def best_s(kinetics: Kinetics, target: str, background: str, from_s: float = 600.0, until_s: float = 14400.0) -> float:
    """When detectability is largest [s], to a minute or better."""
    times = np.linspace(from_s, until_s, 1 + int((until_s - from_s) / 30.0))
    return float(times[int(np.argmax(detectability(kinetics, target, background, times)))])
