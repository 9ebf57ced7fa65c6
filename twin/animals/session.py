"""What becomes of one animal in a session: temperature, depth, heart, breathing and glucose at any time.

Time 0 is the injection of the tracer. The animal is awake for a while, is anaesthetised, sleeps, wakes when the
anaesthetic has left, and warms up again. Every part is a closed form, so that any moment can be asked for alone, and
`outcomes` takes arrays: a year of animals is one call.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.animals import anaesthesia, glucose, temperature
from twin.animals.anaesthesia import Effects
from twin.animals.body import Body
from twin.animals.sleep import STEP_S, Injection
from twin.animals.temperature import Course
from twin.errors import DataError
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
#: Air of a room in which anybody works; beyond it the laws of cooling were never measured.
LIVABLE_DEGC = (0.0, 45.0)


@dataclass(frozen=True, slots=True)
class Care:
    """What is done to the animal.

    Attributes
    ----------
    anaesthetic : str
        A word of `anaesthesia.ANAESTHETICS`.
    inspired : float
        Isoflurane during the scan (fraction of the gas).
    warming : str
        A word of `temperature.WARMING`, while it sleeps.
    room_degc : float
    heater_degc : float or None
        Surface of the heater, if it is not the table's.
    awake_s, asleep_s : float
        From the injection to the anaesthetic, and from there to its end.
    fasted_s : float
        Before the injection.
    """

    anaesthetic: str
    inspired: float
    warming: str
    room_degc: float
    heater_degc: float | None
    awake_s: float
    asleep_s: float
    fasted_s: float


def care(
    numbers: Numbers,
    animal: Body,
    asleep_s: float,
    anaesthetic: str | None = None,
    inspired: float | None = None,
    warming: str = "none",
    room_degc: float | None = None,
    heater_degc: float | None = None,
    awake_s: float = 0.0,
    fasted_s: float = 0.0,
) -> Care:
    """What is done to an animal, checked; what is not given is the table's.

    Raises
    ------
    DataError
        For what cannot be done to it: an anaesthetic that is not its own, isoflurane of 10 %, a heater that burns.
    """
    name = anaesthetic or anaesthesia.default(animal)
    anaesthesia.check(numbers, animal, name, inspired)
    temperature.checked_heater(numbers, warming, heater_degc)
    for word, value in (("asleep", asleep_s), ("awake", awake_s), ("fasted", fasted_s)):
        if not 0.0 <= value < 7 * 86400.0:
            shown = units.fmt(value, "s")
            raise DataError(f"{word} for {shown}: no time is negative, and a session is shorter than a week")
    gas = numbers.value("physiology.anaesthesia.maintenance") if inspired is None else inspired
    _check_sleeps(numbers, animal, name, gas)
    room = numbers.value("physiology.temperature.room") if room_degc is None else room_degc
    if not LIVABLE_DEGC[0] <= room <= LIVABLE_DEGC[1]:
        ends = " to ".join(f"{end:g}" for end in LIVABLE_DEGC)
        raise DataError(f"a room of {room:g} C is none for an animal; its air has {ends} C")
    made = Care(name, gas if name == "isoflurane" else 0.0, warming, room, heater_degc, awake_s, asleep_s, fasted_s)
    _check_working_time(numbers, animal, made)
    return made


def usual_s(numbers: Numbers, animal: Body, anaesthetic: str | None = None) -> float:
    """How long a session is if nobody says so: an hour, or what the anaesthetic allows [s]."""
    name = anaesthetic or anaesthesia.default(animal)
    if name == "ms222":
        return min(3600.0, numbers.value("physiology.anaesthesia.ms222_most"))
    return 3600.0


def _check_sleeps(numbers: Numbers, animal: Body, name: str, gas: float) -> None:
    """With too little of the gas an animal wakes while it is scanned."""
    if name != "isoflurane" or not numbers.has(f"species.{animal.species}.isoflurane_mac"):
        return
    of = anaesthesia.effects(numbers, animal)
    least = of.mac * of.awake_mac
    if gas <= least:
        why = f"it wakes at {100.0 * least:.2g} %, and a scan takes about {100.0 * of.mac:.2g} %"
        raise DataError(f"isoflurane {100.0 * gas:g} % keeps no {animal.species} asleep: {why}")


def _check_working_time(numbers: Numbers, animal: Body, given: Care) -> None:
    """An injected anaesthetic ends by itself, and a fish cannot stay in it."""
    if given.anaesthetic in anaesthesia.INJECTABLE:
        sleep_s = anaesthesia.injection(numbers, animal, given.anaesthetic).sleep_s
        if given.asleep_s > sleep_s:
            asked = units.fmt(given.asleep_s, "s")
            raise DataError(f"{given.anaesthetic} lasts {units.fmt(sleep_s, 's')}; {asked} are asked for")
    if given.anaesthetic == "ms222":
        most_s = numbers.value("physiology.anaesthesia.ms222_most")
        if given.asleep_s > most_s:
            raise DataError(
                f"{units.fmt(given.asleep_s, 's')} in ms222 is too long without water over the gills; "
                f"at most {units.fmt(most_s, 's')}"
            )


@dataclass(frozen=True, slots=True)
class Session:
    """An animal and its care, with all that does not change: made by `session`.

    Attributes
    ----------
    cooling, warming_up : Course
        Temperature asleep, and awake afterwards.
    injected : Injection or None
        An injected anaesthetic.
    induction_inspired : float
        Isoflurane until the animal sleeps.
    """

    animal: Body
    care: Care
    effects: Effects
    cooling: Course
    warming_up: Course
    injected: Injection | None
    induction_inspired: float
    induction_s: float
    numbers: Numbers

    @property
    def wakes_s(self) -> float:
        """When the animal wakes, since the injection of the tracer [s]."""
        end_s = self.care.awake_s + self.care.asleep_s
        return end_s + float(self.recovery_s(self._temperature_asleep(self.care.asleep_s), self.care.asleep_s))

    def temperature_degc(self, time_s: npt.ArrayLike) -> Array:
        """Body temperature at times [degC]."""
        asleep = np.asarray(time_s, dtype=np.float64) - self.care.awake_s
        slept = self.wakes_s - self.care.awake_s
        cooled = self._temperature_asleep(np.clip(asleep, 0.0, slept))
        return np.where(asleep > slept, self.warming_up.at(cooled, asleep - slept), cooled)

    def concentration(self, time_s: npt.ArrayLike) -> Array:
        """Anaesthetic in the brain at times; of an injected one what isoflurane would be as deep."""
        since = np.asarray(time_s, dtype=np.float64) - self.care.awake_s
        return self._gas(since) if self.injected is None else self._shot(self.injected, since)

    def depth(self, time_s: npt.ArrayLike) -> Array:
        """Depth of anaesthesia in multiples of the MAC at the animal's temperature."""
        return self.effects.depth(self.concentration(time_s), self.temperature_degc(time_s))

    def heart_rate_per_s(self, time_s: npt.ArrayLike) -> Array:
        """Heart rate at times [1/s]."""
        return self.effects.heart_rate(
            self.animal.heart_rate_per_s, self._acting(time_s), self.temperature_degc(time_s)
        )

    def respiration_rate_per_s(self, time_s: npt.ArrayLike) -> Array:
        """Rate of breathing at times [1/s]."""
        rate = self.animal.respiration_rate_per_s
        return self.effects.respiration_rate(rate, self._acting(time_s), self.temperature_degc(time_s))

    def _acting(self, time_s: npt.ArrayLike) -> Array:
        """What slows heart and breathing: of an injected anaesthetic at most as much as at one MAC."""
        concentration = self.concentration(time_s)
        return concentration if self.injected is None else np.minimum(concentration, self.effects.mac)

    def glucose_mol_per_m3(self, time_s: npt.ArrayLike) -> Array:
        """Blood glucose at times, of a mouse or a rat [mol/m3]."""
        since = np.maximum(np.asarray(time_s, dtype=np.float64) - self.care.awake_s, 0.0)
        raised = glucose.rise(self.numbers, self.care.anaesthetic, self.care.inspired)
        asleep_s = np.minimum(since, self.care.asleep_s)
        return glucose.under_mol_per_m3(self.numbers, self.care.fasted_s, raised, asleep_s, self.animal.species)

    def _temperature_asleep(self, asleep_s: npt.ArrayLike) -> Array:
        return self.cooling.at(self.animal.temperature_degc, asleep_s)

    def _gas(self, since_s: Array) -> Array:
        """Inhaled: fast in, held, washed out."""
        whole, induction = self.care.asleep_s, min(self.induction_s, self.care.asleep_s)
        warm = self.animal.temperature_degc
        rising = self.effects.concentration(0.0, self.induction_inspired, np.clip(since_s, 0.0, induction), warm)
        held = self.effects.concentration(rising, self.care.inspired, np.clip(since_s - induction, 0.0, whole), warm)
        before_end = np.where(since_s > induction, held, rising)
        at_end = self.gas_at_end(induction, whole)
        cold = self._temperature_asleep(whole)
        washed = self.effects.concentration(at_end, 0.0, np.maximum(since_s - whole, 0.0), cold)
        return np.where(since_s < 0.0, 0.0, np.where(since_s > whole, washed, before_end))

    def _shot(self, injected: Injection, since_s: Array) -> Array:
        """Injected: fast in, broken down as the animal is warm; once it is awake as of a warm one."""
        slept_s = self.wakes_s - self.care.awake_s
        grid = np.arange(0.0, slept_s + 2.0 * STEP_S, STEP_S)
        cleared = injected.cleared_s(self._temperature_asleep(np.minimum(grid, slept_s)), grid)
        by = np.interp(since_s, grid, cleared) + np.maximum(since_s - grid[-1], 0.0)
        held = injected.depth(by) * np.clip(since_s / injected.onset_s, 0.0, 1.0)
        return np.where(since_s < 0.0, 0.0, self.effects.mac * held)

    def gas_at_end(self, induction_s: float, whole_s: npt.ArrayLike) -> Array:
        """Isoflurane in the brain when the gas is turned off."""
        warm = self.animal.temperature_degc
        asleep = self.effects.concentration(0.0, self.induction_inspired, induction_s, warm)
        return self.effects.concentration(asleep, self.care.inspired, np.asarray(whole_s) - induction_s, warm)

    def recovery_s(self, temperature_degc: npt.ArrayLike, asleep_s: npt.ArrayLike) -> Array:
        """From the end of anaesthesia until the animal wakes [s]."""
        slept = np.asarray(asleep_s, dtype=np.float64)
        if self.care.anaesthetic == "ms222":
            return np.full_like(slept, self.numbers.value("physiology.anaesthesia.ms222_recovery"))
        if self.injected is not None:
            wakes_s = self.injected.until_awake_s(self._temperature_asleep)
            return np.maximum(wakes_s - slept, 0.0)
        at_end = self.gas_at_end(self.induction_s, np.maximum(slept, self.induction_s))
        return np.where(slept > 0.0, self.effects.recovery_s(at_end, temperature_degc), 0.0)


def session(numbers: Numbers, animal: Body, given: Care) -> Session:
    """A session whose every moment can be asked for."""
    effects, injected = anaesthesia.effects(numbers, animal), None
    inspired = max(numbers.value("physiology.anaesthesia.induction"), given.inspired)
    if given.anaesthetic in anaesthesia.INJECTABLE:
        injected = anaesthesia.injection(numbers, animal, given.anaesthetic)
        effects = anaesthesia.injected_effects(numbers, animal, given.anaesthetic)
    if given.anaesthetic == "ms222":  # one depth of a bath: reached as fast as the twofold would be half reached
        effects = replace(effects, washout_s=numbers.value("physiology.anaesthesia.ms222_induction") / math.log(2.0))
        given, inspired = replace(given, inspired=effects.mac), 2.0 * effects.mac
    return Session(
        animal,
        given,
        effects,
        temperature.asleep(numbers, animal, given.warming, given.room_degc, given.heater_degc),
        temperature.awake(numbers, animal),
        injected,
        inspired,
        effects.induction_s(inspired),
        numbers,
    )


def outcomes(made: Session, asleep_s: npt.ArrayLike, start_degc: npt.ArrayLike | None = None) -> dict[str, Array]:
    """What many animals with one care come to, each after its own time asleep.

    Parameters
    ----------
    asleep_s : array
        How long each sleeps.
    start_degc : array, optional
        Temperature of each when it falls asleep; normal unless given.

    Returns
    -------
    dict
        ``temperature_degc`` at the end, ``lowest_degc`` and ``hypothermia_s`` until it wakes, ``recovery_s``,
        ``heart_rate_per_s`` at the end, ``until_fit_s`` from waking until it may be anaesthetised again.
    """
    slept = np.asarray(asleep_s, dtype=np.float64)
    start = np.asarray(made.animal.temperature_degc if start_degc is None else start_degc, dtype=np.float64)
    at_end = made.cooling.at(start, slept)
    recovery = made.recovery_s(at_end, slept)
    waking = made.cooling.at(start, slept + recovery)
    low, _ = temperature.limits_degc(made.numbers, made.animal)
    gas = made.gas_at_end(made.induction_s, np.maximum(slept, made.induction_s))
    return {
        "temperature_degc": at_end,
        "lowest_degc": np.minimum(start, waking),
        "hypothermia_s": made.cooling.below_s(start, low, slept + recovery),
        "recovery_s": recovery,
        "heart_rate_per_s": made.effects.heart_rate(made.animal.heart_rate_per_s, gas, at_end),
        "until_fit_s": temperature.until_fit_s(made.numbers, made.animal, waking),
    }
