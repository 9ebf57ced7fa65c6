r"""Body temperature: Newton's cooling with the heat that is left under anaesthesia, and what the animal lies on.

.. math:: c m \dot T = P - G (T - T_\text{room}) - G_h (T - T_\text{heater})

Between events everything is constant, so that the mean temperature goes exponentially to its balance; the core, which
is what is measured, is warmer by what is left of the difference between core and shell (`twin.animals.warmth`). `G`
grows with the mass as the thermal conductance of mammals does, `P` as their metabolic power, `G_h` as the area that
touches. Awake, an animal holds its own temperature and goes back to it with a time constant. An ectotherm has that of
its water. Of its
own heat no animal grows warmer than normal; of a heater or a hot room it does.
Times may be arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.animals import warmth
from twin.animals.body import Body
from twin.animals.warmth import WARMING, Heater, heater
from twin.errors import DataError
from twin.sources import Numbers

__all__ = ["WARMING", "Course", "asleep", "awake", "checked_heater", "limits_degc", "until_fit_s"]

Array: TypeAlias = npt.NDArray[np.float64]
#: A crossing is looked for by halves: a day to less than a microsecond.
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Course:
    """An exponential course to a balance, and what is left of the difference between core and shell.

    Attributes
    ----------
    balance_degc, rate_per_s : float
        Or arrays, of many animals.
    shell_k : float
        By how much the core is warmer than the mean at the start.
    mixing_per_s : float
        How fast that goes.
    """

    balance_degc: float | Array
    rate_per_s: float | Array
    shell_k: float | Array = 0.0
    mixing_per_s: float | Array = 0.0

    def at(self, start_degc: npt.ArrayLike, elapsed_s: npt.ArrayLike) -> Array:
        """Temperature after a time [degC]."""
        elapsed = np.asarray(elapsed_s, dtype=np.float64)
        mean = np.asarray(start_degc, dtype=np.float64) - self.shell_k - self.balance_degc
        fallen = mean * np.exp(-self.rate_per_s * elapsed) + self.shell_k * np.exp(-self.mixing_per_s * elapsed)
        return np.asarray(self.balance_degc + fallen, dtype=np.float64)

    def later(self, elapsed_s: float) -> Course:
        """The course from a later moment on."""
        return replace(self, shell_k=self.shell_k * np.exp(-self.mixing_per_s * elapsed_s))

    def turns_s(self, start_degc: npt.ArrayLike, elapsed_s: npt.ArrayLike) -> Array:
        """When within a time it turns, from falling to rising or back; the whole time if it does not [s]."""
        start, elapsed = np.broadcast_arrays(np.asarray(start_degc, np.float64), np.asarray(elapsed_s, np.float64))
        mean = start - self.shell_k - self.balance_degc
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = -(self.shell_k * self.mixing_per_s) / (mean * self.rate_per_s)
            time = np.log(ratio) / (np.asarray(self.mixing_per_s) - self.rate_per_s)
        return np.where((ratio > 0.0) & (time > 0.0) & (time < elapsed), time, elapsed)

    def below_s(self, start_degc: npt.ArrayLike, limit_degc: float, elapsed_s: npt.ArrayLike) -> Array:
        """How much of a time the temperature is below a limit [s]."""
        start, elapsed = np.broadcast_arrays(np.asarray(start_degc, np.float64), np.asarray(elapsed_s, np.float64))
        turn = self.turns_s(start, elapsed)
        return self._below_s(start, limit_degc, np.zeros_like(turn), turn) + self._below_s(
            start, limit_degc, turn, elapsed
        )

    def _below_s(self, start: Array, limit_degc: float, since_s: Array, until_s: Array) -> Array:
        """The same between two times between which it only falls or only rises."""
        first, last = (self.at(start, time) < limit_degc for time in (since_s, until_s))
        low, high = since_s.copy(), until_s.copy()
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            as_first = (self.at(start, middle) < limit_degc) == first
            low, high = np.where(as_first, middle, low), np.where(as_first, high, middle)
        crossing = np.where(first == last, until_s, high)
        return np.where(first, crossing - since_s, until_s - crossing)

    def reaches_s(self, start_degc: npt.ArrayLike, limit_degc: float) -> Array:
        """After how long an awake animal's temperature is reached [s]; infinite if it never is."""
        start = np.asarray(start_degc, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = (start - self.balance_degc) / (limit_degc - self.balance_degc)
            time = np.log(ratio) / self.rate_per_s
        return np.where((ratio > 0.0) & (time >= 0.0), time, np.inf)


def asleep(
    numbers: Numbers,
    animal: Body,
    warming: str = "none",
    room_degc: float | None = None,
    heater_degc: float | None = None,
) -> Course:
    """The course of an anaesthetised animal.

    Parameters
    ----------
    warming : str
        A word of `WARMING`.
    room_degc : float, optional
        Air around it; the table's room unless given.
    heater_degc : float, optional
        Surface of the heater; the table's unless given.
    """
    room = numbers.value("physiology.temperature.room") if room_degc is None else room_degc
    lies_on = checked_heater(numbers, warming, heater_degc)
    own = warmth.of(numbers, animal)
    return Course(*own.asleep(animal.mass_kg, room, lies_on), *own.redistribution(animal.mass_kg))


def awake(numbers: Numbers, animal: Body) -> Course:
    """The course of an animal that is awake: back to its own temperature."""
    return Course(animal.temperature_degc, 1.0 / numbers.value("physiology.temperature.rewarming"))


def checked_heater(numbers: Numbers, warming: str, heater_degc: float | None = None) -> Heater:
    """What warms, by its word, or at a temperature of its own; a surface that burns is refused."""
    usual = heater(numbers, warming)
    if not isinstance(usual, float):
        return usual
    surface = usual if heater_degc is None else heater_degc
    most = numbers.value("physiology.temperature.heater_most")
    if surface > most:
        raise DataError(f"a heater of {units.fmt(surface, 'degC')} burns the skin; at most {units.fmt(most, 'degC')}")
    return surface


def limits_degc(numbers: Numbers, animal: Body) -> tuple[float, float]:
    """Below the first an animal is hypothermic, above the second over-heated [degC]."""
    found = warmth.of(numbers, animal)
    return found.cold_degc, found.hot_degc


def until_fit_s(numbers: Numbers, animal: Body, now_degc: npt.ArrayLike) -> Array:
    """How long an awake animal waits until it may be anaesthetised again: while it is hypothermic [s]."""
    low, _ = limits_degc(numbers, animal)
    now = np.asarray(now_degc, dtype=np.float64)
    return np.where(now < low, awake(numbers, animal).reaches_s(now, low), 0.0)
