r"""An injected anaesthetic: it rises, works, is broken down as fast as the animal is warm, which wakes by depth.

Its depth is one minimum alveolar concentration (MAC) at the end of its working time and the waking depth at the end of
its sleep, in an animal that is kept warm. A cold one breaks it down slower and needs less of it:

.. math:: c(t) = \int_0^t q^{(T - T_0)/10}\, dt, \qquad d = \frac{e^{-r (c - w)}}{1 - s (T_0 - T)}

It wakes when `d` has fallen to the waking depth. The integral is taken in steps of half a minute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.animals.body import Body
from twin.errors import DataError
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
#: Step of the integral, and what no sleep is longer than [s].
STEP_S, LONGEST_S = 30.0, 86400.0
#: Animals in which working time and sleep are known.
KNOWN_IN = ("mouse", "rat")


@dataclass(frozen=True, slots=True)
class Injection:
    """An injected anaesthetic in a kind of animal.

    Attributes
    ----------
    onset_s, working_s, sleep_s : float
        When it begins, is no longer deep enough, and has gone, in an animal that is kept warm.
    awake_mac : float
        Depth at which the animal wakes.
    q10 : float
        Change of its breaking down for 10 C.
    mac_slope_per_k, normal_degc : float
        As of `twin.animals.anaesthesia.Effects`.
    """

    onset_s: float
    working_s: float
    sleep_s: float
    awake_mac: float
    q10: float
    mac_slope_per_k: float
    normal_degc: float

    def cleared_s(self, degc: npt.ArrayLike, time_s: npt.ArrayLike) -> Array:
        """How long the breaking down until each of some times would have taken in a warm animal [s]; 0 at the first."""
        pace = np.power(self.q10, (np.asarray(degc, dtype=np.float64) - self.normal_degc) / 10.0)
        steps = 0.5 * (pace[1:] + pace[:-1]) * np.diff(np.asarray(time_s, dtype=np.float64))
        return np.concatenate([[0.0], np.cumsum(steps)])

    def depth(self, cleared_s: npt.ArrayLike) -> Array:
        """Depth in multiples of the MAC at normal temperature, after so much breaking down."""
        rate = np.log(1.0 / self.awake_mac) / (self.sleep_s - self.working_s)
        return np.asarray(np.exp(-rate * (np.asarray(cleared_s, dtype=np.float64) - self.working_s)))

    def until_awake_s(self, degc_after: Callable[[Array], Array], cleared_s: float = 0.0) -> float:
        """How long an animal goes on sleeping [s].

        Parameters
        ----------
        degc_after : callable
            Temperature after times from now on.
        cleared_s : float
            What has been broken down by now, as `cleared_s` counts it.
        """
        times = np.arange(0.0, LONGEST_S, STEP_S)
        degc = degc_after(times)
        needed = self.awake_mac * np.maximum(1.0 - self.mac_slope_per_k * (self.normal_degc - degc), 0.05)
        over = np.log(self.depth(cleared_s + self.cleared_s(degc, times)) / needed)
        awake = np.flatnonzero(over <= 0.0)
        if not awake.size:
            return LONGEST_S
        i = int(awake[0])
        return 0.0 if i == 0 else float(times[i] - STEP_S * over[i] / (over[i] - over[i - 1]))


def injection(numbers: Numbers, animal: Body, anaesthetic: str, awake_mac: float, mac_slope_per_k: float) -> Injection:
    """An injected anaesthetic; its times are those of mice and rats."""
    if animal.species not in KNOWN_IN:
        known = ", ".join(KNOWN_IN)
        raise DataError(f"no working time of {anaesthetic} is known in the {animal.species}; known for: {known}")
    root = "physiology.anaesthesia"
    return Injection(
        onset_s=numbers.value(f"{root}.injectable_onset"),
        working_s=numbers.value(f"{root}.{anaesthetic}_working_time"),
        sleep_s=numbers.value(f"{root}.{anaesthetic}_sleep"),
        awake_mac=awake_mac,
        q10=numbers.value(f"{root}.injectable_q10"),
        mac_slope_per_k=mac_slope_per_k,
        normal_degc=animal.temperature_degc,
    )
