r"""Anaesthesia: how much of it is in the brain, how deep that is, and what heart and breathing make of it.

A volatile anaesthetic goes to what is breathed in with one time constant, which grows with the time that the blood
takes round the body, as mass^(1/4); an injected one rises and is broken down (`twin.animals.sleep`). *Depth* is in
multiples of the minimum alveolar concentration (MAC), which falls with the temperature:

.. math:: \dot c = (c_\text{in} - c) / \tau, \qquad d = \frac{c}{\text{MAC}\,(1 - s (T_0 - T))}

Heart and breathing fall in proportion to the depth at normal temperature, and by their Q10 with cooling; an injected
anaesthetic takes as much as at one MAC however deep it is, ketamine with xylazine its own part of the heart rate
(xylazine slows the heart by itself). Washout slows as breathing does with cooling, which together with the lower MAC
makes a cold animal wake late. Arrays are welcome.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.animals import sleep
from twin.animals.body import Body
from twin.animals.sleep import Injection
from twin.errors import DataError, nearest
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
INJECTABLE = ("ketamine_xylazine", "pentobarbital")
ANAESTHETICS = ("isoflurane", *INJECTABLE, "ms222")
#: No heart or breath of a living animal is slower than this part of the awake one.
_LEAST = 0.05


@dataclass(frozen=True, slots=True)
class Effects:
    """What an anaesthetic does to an animal, as far as it does not change within a session.

    Attributes
    ----------
    mac : float
        Minimum alveolar concentration at normal temperature (a fraction of the gas).
    normal_degc : float
        Body temperature awake.
    mac_slope_per_k : float
        By which part it falls for each degree of cooling.
    awake_mac : float
        Depth at which an animal wakes.
    washout_s : float
        Time constant at normal temperature.
    heart_fall, respiration_fall : float
        Part of the awake rate that one MAC takes.
    heart_q10, respiration_q10 : float
    """

    mac: float
    normal_degc: float
    mac_slope_per_k: float
    awake_mac: float
    washout_s: float
    heart_fall: float
    respiration_fall: float
    heart_q10: float
    respiration_q10: float

    def depth(self, concentration: npt.ArrayLike, temperature_degc: npt.ArrayLike) -> Array:
        """Depth in multiples of the MAC at that temperature."""
        mac = self.mac * (1.0 - self.mac_slope_per_k * (self.normal_degc - np.asarray(temperature_degc)))
        return np.asarray(concentration, dtype=np.float64) / mac

    def washout_at_s(self, temperature_degc: npt.ArrayLike) -> Array:
        """Time constant at a temperature: longer as breathing slows [s]."""
        return np.asarray(self.washout_s / self._q10(self.respiration_q10, temperature_degc), dtype=np.float64)

    def concentration(
        self, start: npt.ArrayLike, inspired: float, elapsed_s: npt.ArrayLike, temperature_degc: npt.ArrayLike
    ) -> Array:
        """Concentration after a time of breathing so much."""
        left = np.exp(-np.asarray(elapsed_s, dtype=np.float64) / self.washout_at_s(temperature_degc))
        return inspired + (np.asarray(start, dtype=np.float64) - inspired) * left

    def induction_s(self, inspired: float) -> float:
        """Until one MAC is reached [s]; infinite if less is breathed in."""
        return float(-self.washout_s * np.log1p(-self.mac / inspired)) if inspired > self.mac else float("inf")

    def recovery_s(self, concentration: npt.ArrayLike, temperature_degc: npt.ArrayLike) -> Array:
        """From the end of the gas until the animal wakes [s]."""
        over = self.depth(concentration, temperature_degc) / self.awake_mac
        return np.asarray(self.washout_at_s(temperature_degc) * np.log(np.maximum(over, 1.0)), dtype=np.float64)

    def heart_rate(self, awake: float, concentration: npt.ArrayLike, temperature_degc: npt.ArrayLike) -> Array:
        """Heart rate, in the unit of `awake`."""
        return awake * self._rest(self.heart_fall, concentration) * self._q10(self.heart_q10, temperature_degc)

    def respiration_rate(self, awake: float, concentration: npt.ArrayLike, temperature_degc: npt.ArrayLike) -> Array:
        """Rate of breathing, in the unit of `awake`."""
        return (
            awake * self._rest(self.respiration_fall, concentration) * self._q10(self.respiration_q10, temperature_degc)
        )

    def _rest(self, fall: float, concentration: npt.ArrayLike) -> Array:
        return np.maximum(1.0 - fall * np.asarray(concentration, dtype=np.float64) / self.mac, _LEAST)

    def _q10(self, q10: float, temperature_degc: npt.ArrayLike) -> Array:
        return np.power(q10, (np.asarray(temperature_degc, dtype=np.float64) - self.normal_degc) / 10.0)


def effects(numbers: Numbers, animal: Body) -> Effects:
    """What isoflurane does to an animal; other anaesthetics are measured in its MAC."""
    key = f"species.{animal.species}.isoflurane_mac"
    mac = numbers.value(key) if numbers.has(key) else 1.0
    names = "mac_slope awake_mac washout heart_rate_fall respiration_fall heart_rate_q10 respiration_q10".split()
    values = {name: numbers.value(_own_key(numbers, animal.species, name)) for name in names}
    values["washout"] *= _round_the_body(numbers, animal)
    return Effects(mac, animal.temperature_degc, *values.values())


def _round_the_body(numbers: Numbers, animal: Body) -> float:
    """How many times as long the blood takes round this animal as round a mouse: what carries the gas."""
    ratio = animal.mass_kg / numbers.value("species.mouse.body_mass")
    return float(ratio ** (1.0 - numbers.value("physiology.law.flow_exponent")))


def injected_effects(numbers: Numbers, animal: Body, anaesthetic: str) -> Effects:
    """What an injected anaesthetic does: as isoflurane of its depth, but for the heart where the table has its own."""
    gas, key = effects(numbers, animal), _own_key(numbers, animal.species, f"{anaesthetic}_heart_rate_fall")
    return replace(gas, heart_fall=numbers.value(key)) if numbers.has(key) else gas


def _own_key(numbers: Numbers, species: str, name: str) -> str:
    """The row of a species if it has one, else that of all."""
    own = f"physiology.anaesthesia.{species}_{name}"
    return own if numbers.has(own) else f"physiology.anaesthesia.{name}"


def injection(numbers: Numbers, animal: Body, anaesthetic: str) -> Injection:
    """An injected anaesthetic in an animal; its depth falls with the temperature as that of isoflurane."""
    gas = effects(numbers, animal)
    return sleep.injection(numbers, animal, anaesthetic, gas.awake_mac, gas.mac_slope_per_k)


def check(numbers: Numbers, animal: Body, anaesthetic: str, inspired: float | None) -> None:
    """Refuse an anaesthetic that the species does not get, and a concentration that no vaporizer gives.

    Raises
    ------
    DataError
    """
    if anaesthetic not in ANAESTHETICS:
        near = nearest(anaesthetic, ANAESTHETICS)
        hint = f"; did you mean {near!r}?" if near else ""
        raise DataError(f"anaesthetic {anaesthetic!r} is not known; choose from {', '.join(ANAESTHETICS)}{hint}")
    if animal.ectotherm != (anaesthetic == "ms222"):
        fit = "ms222" if animal.ectotherm else ", ".join(ANAESTHETICS[:-1])
        raise DataError(f"a {animal.species} is not anaesthetised with {anaesthetic}; choose {fit}")
    if anaesthetic == "isoflurane" and inspired is not None:
        _check_gas(numbers, inspired)


def _check_gas(numbers: Numbers, inspired: float) -> None:
    most = numbers.value("physiology.anaesthesia.vaporizer_most")
    if not 0.0 <= inspired <= most:
        shown, limit = (units.fmt(part, "1", "%") for part in (inspired, most))
        usual = units.fmt(numbers.value("physiology.anaesthesia.maintenance"), "1", "%")
        raise DataError(f"isoflurane {shown}: a vaporizer gives 0 to {limit}, and {usual} is usual")


def default(animal: Body) -> str:
    """The anaesthetic that a species usually gets here."""
    return "ms222" if animal.ectotherm else "isoflurane"
