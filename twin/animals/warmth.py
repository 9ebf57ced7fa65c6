r"""What decides how fast an animal of a species cools, as plain numbers: nothing is looked up, nothing is an array.

.. math:: c m \dot T = P - G (T - T_\text{room}) - G_h (T - T_\text{heater})

with :math:`G = g m^a`, :math:`G_h = h m^b`, :math:`P = \min(p m^{3/4},\, G (T_0 - T_\text{room}))`. A bed that follows
the animal's probe makes its own temperature :math:`T_s` the balance, as long as its surface need not be hotter than the
table allows nor colder than the room, and goes there the faster the more it answers:

.. math:: T_\text{heater} = T_h + k (T_s - T), \qquad T_h = T_s + \frac{G (T_s - T_\text{room}) - P}{G_h}

That is the mean of the body. Awake, its shell is cooler than its core; anaesthesia opens the vessels, and blood evens
that out, which is why a large animal, whose own heat all but suffices, cools in its first hour all the same:

.. math:: T_\text{core} = T + D e^{-\mu t}, \qquad D = d\, m^{3/4 - 2/3 + 1/3}, \qquad \mu = u\, m^{-1/4}

The exponent of `D` is Fourier's: the heat of a square metre of skin, times the thickness that it goes through; that of
:math:`\mu` is that of the time in which the blood goes round. Skin without fur loses more by a factor.

`twin.animals.temperature` takes arrays of it; a clock that has many animals asks it one by one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from twin.animals.body import Body, is_ectotherm
from twin.animals.species import species
from twin.errors import DataError, nearest
from twin.sources import Numbers

#: How the difference between core and mean grows with mass, by Fourier's law; and the time of the blood's way round.
SHELL_EXPONENT, MIXING_EXPONENT = 3 / 4 - 2 / 3 + 1 / 3, -1 / 4
#: What an anaesthetised animal may lie on.
WARMING = ("none", "blanket", "pad", "bed", "probe")
#: Temperature of what an animal lies on [degC], or the bed that follows its probe; None: nothing warms it.
Heater: TypeAlias = float | Literal["probe"] | None


@dataclass(frozen=True, slots=True)
class Warmth:
    """One species.

    Attributes
    ----------
    normal_degc, cold_degc, hot_degc : float
        Its temperature awake; below and above the others it is hypothermic and over-heated.
    capacity_j_per_k_kg : float
    loss, loss_exponent, contact, contact_exponent : float
        To the air and to what it lies on, at 1 kg [W/K], and how they grow with mass.
    heat_w, heat_exponent : float
        Made under anaesthesia at 1 kg.
    rewarming_per_s : float
        Rate at which an awake animal goes back to its temperature.
    ectotherm : bool
    probe_degc : float
        Where a bed that follows the animal's probe keeps it.
    probe_gain : float
        By how many degrees its surface is warmer for each degree that the animal is colder.
    heater_most_degc : float
        No surface is hotter.
    shell_k, mixing_per_s : float
        By how much the core is warmer than the mean of a body awake, and how fast that goes asleep, at 1 kg.
    bare : float
        Heat that the strain loses over animals with the usual fur; `loss` has it.
    """

    normal_degc: float
    cold_degc: float
    hot_degc: float
    capacity_j_per_k_kg: float
    loss: float
    loss_exponent: float
    contact: float
    contact_exponent: float
    heat_w: float
    heat_exponent: float
    rewarming_per_s: float
    ectotherm: bool
    probe_degc: float
    probe_gain: float
    heater_most_degc: float
    shell_k: float
    mixing_per_s: float
    bare: float = 1.0

    def redistribution(self, mass_kg: float) -> tuple[float, float]:
        """By how much the core is warmer than the mean body [K], and how fast that goes under anaesthesia [1/s]."""
        if self.ectotherm:
            return 0.0, 0.0
        return self.shell_k * mass_kg**SHELL_EXPONENT, self.mixing_per_s * mass_kg**MIXING_EXPONENT

    def asleep(self, mass_kg: float, room_degc: float, heater: Heater) -> tuple[float, float]:
        """Balance [degC] and rate [1/s] of the mean body of an anaesthetised animal in a room, on a heater if any."""
        if self.ectotherm:
            return self.normal_degc, self.rewarming_per_s
        loss = self.loss * mass_kg**self.loss_exponent
        contact = 0.0 if heater is None else self.contact * mass_kg**self.contact_exponent
        made, capacity = self.heat_w * mass_kg**self.heat_exponent, self.capacity_j_per_k_kg * mass_kg
        # A large animal, or one in a warm room, gives off what would warm it above its normal.
        heat = min(made, max(loss * (self.normal_degc - room_degc), 0.0))
        surface = heater
        if surface == "probe":
            asked = self.probe_degc + (loss * (self.probe_degc - room_degc) - heat) / contact
            if room_degc <= asked <= self.heater_most_degc:
                return self.probe_degc, (loss + contact * (1.0 + self.probe_gain)) / capacity
            surface = min(max(asked, room_degc), self.heater_most_degc)
        balance = (heat + loss * room_degc + contact * (surface or 0.0)) / (loss + contact)
        return balance, (loss + contact) / capacity


def after_degc(
    start_degc: float,
    balance_degc: float,
    rate_per_s: float,
    elapsed_s: float,
    shell_k: float = 0.0,
    mixing_per_s: float = 0.0,
) -> float:
    """Temperature of the core after a time on its course, when it was warmer than the mean by `shell_k` [degC]."""
    mean = start_degc - shell_k - balance_degc
    return balance_degc + mean * math.exp(-rate_per_s * elapsed_s) + shell_k * math.exp(-mixing_per_s * elapsed_s)


def warmth(numbers: Numbers, name: str, less_fur: float = 1.0) -> Warmth:
    """The warmth of a species; of a strain that loses so many times more heat than its fellows with fur."""

    def value(word: str) -> float:
        return numbers.value(f"physiology.temperature.{word}")

    usual, reference = species(numbers, name), value("conductance_mass")
    loss, contact = value("conductance_exponent"), value("heater_exponent")
    power, skin = "physiology.law.metabolic_power", f"{name}_bare"
    bare = value(skin) if numbers.has(f"physiology.temperature.{skin}") else 1.0
    bare *= less_fur
    return Warmth(
        normal_degc=usual.temperature_degc,
        cold_degc=usual.temperature_degc - value("hypothermia"),
        hot_degc=usual.temperature_degc + value("hyperthermia"),
        capacity_j_per_k_kg=value("specific_heat"),
        loss=value("conductance") * bare / reference**loss,
        loss_exponent=loss,
        contact=value("heater_conductance") / reference**contact,
        contact_exponent=contact,
        heat_w=value("residual_heat") * numbers.value(power),
        heat_exponent=numbers.value(f"{power}_exponent"),
        rewarming_per_s=1.0 / value("rewarming"),
        ectotherm=is_ectotherm(numbers, name),
        probe_degc=usual.temperature_degc - value("probe_below_normal"),
        probe_gain=value("probe_gain"),
        heater_most_degc=value("heater_most"),
        shell_k=value("shell"),
        mixing_per_s=math.log(2.0) / value("mixing"),
        bare=less_fur,
    )


def of(numbers: Numbers, animal: Body) -> Warmth:
    """The warmth of an animal's species and strain."""
    return warmth(numbers, animal.species, animal.bare)


def heater(numbers: Numbers, warming: str) -> Heater:
    """What warms, by its word; None without warming."""
    if warming not in WARMING:
        near = nearest(warming, WARMING)
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"warming {warming!r} is not known; choose from {', '.join(WARMING)}{hint}")
    if warming == "probe":
        return "probe"
    return None if warming == "none" else numbers.value(f"physiology.temperature.{warming}")
