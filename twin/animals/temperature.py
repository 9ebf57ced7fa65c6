r"""Body temperature: Newton's cooling with the heat that is left under anaesthesia, and what the animal lies on.

.. math:: c m \dot T = P - G (T - T_\text{room}) - G_h (T - T_\text{heater})

Between events everything is constant, so that the temperature goes exponentially to its balance. `G` grows with the
mass as the thermal conductance of mammals does, `P` as their metabolic power, `G_h` as the area that touches. Awake, an
animal holds its own temperature and goes back to it with a time constant. An ectotherm has that of its water. Of its
own heat no animal grows warmer than normal; of a heater or a hot room it does.
Times may be arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.animals.body import Body, metabolic_power_w
from twin.errors import DataError, nearest
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
#: What an anaesthetised animal may lie on.
WARMING = ("none", "blanket", "pad", "bed")


@dataclass(frozen=True, slots=True)
class Course:
    """An exponential course to a balance.

    Attributes
    ----------
    balance_degc : float
    rate_per_s : float
    """

    balance_degc: float
    rate_per_s: float

    def at(self, start_degc: npt.ArrayLike, elapsed_s: npt.ArrayLike) -> Array:
        """Temperature after a time [degC]."""
        left = np.exp(-self.rate_per_s * np.asarray(elapsed_s, dtype=np.float64))
        return np.asarray(self.balance_degc + (np.asarray(start_degc) - self.balance_degc) * left, dtype=np.float64)

    def below_s(self, start_degc: npt.ArrayLike, limit_degc: float, elapsed_s: npt.ArrayLike) -> Array:
        """How much of a time the temperature is below a limit [s]."""
        start, elapsed = np.asarray(start_degc, dtype=np.float64), np.asarray(elapsed_s, dtype=np.float64)
        crossing = np.minimum(self.reaches_s(start, limit_degc), elapsed)
        begins_below = (start < limit_degc) | ((start == limit_degc) & (self.balance_degc > limit_degc))
        return np.where(begins_below, crossing, elapsed - crossing)

    def reaches_s(self, start_degc: npt.ArrayLike, limit_degc: float) -> Array:
        """After how long a temperature is reached [s]; infinite if it never is."""
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
    if animal.ectotherm:
        return Course(animal.temperature_degc, awake(numbers, animal).rate_per_s)
    room = numbers.value("physiology.temperature.room") if room_degc is None else room_degc
    loss, contact = conductance_w_per_k(numbers, animal.mass_kg), 0.0
    heat = _heat_w(numbers, animal, loss, room)
    surface = heater_temperature_degc(numbers, warming, heater_degc)
    if surface is not None:
        contact = _of_mouse(numbers, "heater", animal.mass_kg)
    balance = (heat + loss * room + contact * (surface or 0.0)) / (loss + contact)
    return Course(balance, (loss + contact) / (numbers.value("physiology.temperature.specific_heat") * animal.mass_kg))


def _heat_w(numbers: Numbers, animal: Body, loss_w_per_k: float, room_degc: float) -> float:
    """Heat that stays: a large animal, or one in a warm room, gives off what would warm it above its normal."""
    made = numbers.value("physiology.temperature.residual_heat") * metabolic_power_w(numbers, animal.mass_kg)
    return min(made, max(loss_w_per_k * (animal.temperature_degc - room_degc), 0.0))


def awake(numbers: Numbers, animal: Body) -> Course:
    """The course of an animal that is awake: back to its own temperature."""
    return Course(animal.temperature_degc, 1.0 / numbers.value("physiology.temperature.rewarming"))


def heater_temperature_degc(numbers: Numbers, warming: str, heater_degc: float | None = None) -> float | None:
    """Surface of what warms; None without warming."""
    if warming not in WARMING:
        near = nearest(warming, WARMING)
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"warming {warming!r} is not known; choose from {', '.join(WARMING)}{hint}")
    if warming == "none":
        return None
    surface = numbers.value(f"physiology.temperature.{warming}") if heater_degc is None else heater_degc
    most = numbers.value("physiology.temperature.heater_most")
    if surface > most:
        raise DataError(f"a heater of {units.fmt(surface, 'degC')} burns the skin; at most {units.fmt(most, 'degC')}")
    return surface


def conductance_w_per_k(numbers: Numbers, mass_kg: float) -> float:
    """Heat that an animal loses to the air for each degree [W/K]."""
    return _of_mouse(numbers, "", mass_kg)


def limits_degc(numbers: Numbers, animal: Body) -> tuple[float, float]:
    """Below the first an animal is hypothermic, above the second over-heated [degC]."""
    below, above = (numbers.value(f"physiology.temperature.{word}") for word in ("hypothermia", "hyperthermia"))
    return animal.temperature_degc - below, animal.temperature_degc + above


def until_fit_s(numbers: Numbers, animal: Body, now_degc: npt.ArrayLike) -> Array:
    """How long an awake animal waits until it may be anaesthetised again: while it is hypothermic [s]."""
    low, _ = limits_degc(numbers, animal)
    now = np.asarray(now_degc, dtype=np.float64)
    return np.where(now < low, awake(numbers, animal).reaches_s(now, low), 0.0)


def _of_mouse(numbers: Numbers, kind: str, mass_kg: float) -> float:
    """A conductance that the table has for a mouse, at another mass [W/K]."""
    name = f"{kind}_conductance" if kind else "conductance"
    exponent = numbers.value(f"physiology.temperature.{kind or 'conductance'}_exponent")
    ratio = mass_kg / numbers.value("physiology.temperature.conductance_mass")
    return float(numbers.value(f"physiology.temperature.{name}") * ratio**exponent)
