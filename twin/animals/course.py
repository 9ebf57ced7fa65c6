"""One animal's session as a table: what `twin animal` shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from twin.animals import excretion, glucose, handling, risk, session, temperature, tracers, uptake, warmth
from twin.animals.body import Body
from twin.animals.risk import Risk
from twin.animals.session import Care, Session
from twin.animals.uptake import Kinetics
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Course:
    """A session at times.

    Attributes
    ----------
    session : Session
    time_s : array
        Since the injection.
    columns : dict of array
        Temperature, rates, depth and glucose by name with their unit, in SI.
    activity_bq_per_kg : dict of array
        By tissue; empty without a radioactive tracer.
    uptake_per_kg : dict of array
        By tissue, corrected for decay.
    """

    session: Session
    time_s: Array
    columns: dict[str, Array]
    uptake_per_kg: dict[str, Array]
    activity_bq_per_kg: dict[str, Array]


def course(numbers: Numbers, animal: Body, care: Care, step_s: float, tracer: str | None = None) -> Course:
    """The course of a session until the animal wakes, and its waking.

    Parameters
    ----------
    step_s : float
        Between two rows.
    tracer : str, optional
        Injected at time 0 with its usual activity.

    Raises
    ------
    DataError
        When the kinetics of the tracer in this species are not known.
    """
    made = session.session(numbers, animal, care)
    kinetics = None if tracer is None else handled(numbers, animal, care, tracer)
    times = times_s(made, step_s)
    columns = {
        "temperature_degc": made.temperature_degc(times),
        "heart_rate_per_s": made.heart_rate_per_s(times),
        "respiration_per_s": made.respiration_rate_per_s(times),
        "depth_mac": made.depth(times),
    }
    if animal.species in glucose.KNOWN_IN:
        columns["glucose_mol_per_m3"] = made.glucose_mol_per_m3(times)
    return Course(made, times, columns, *_tracer(numbers, kinetics, times))


def times_s(made: Session, step_s: float) -> Array:
    """Whole steps until the animal wakes, and its waking."""
    wakes = made.wakes_s
    return np.unique(np.append(np.arange(0.0, wakes, step_s), wakes))


def handled(numbers: Numbers, animal: Body, care: Care, tracer: str) -> Kinetics:
    """The kinetics of a tracer in an animal that is cared for so, scanned when anaesthesia ends."""
    bare = uptake.kinetics(numbers, animal, tracer)
    return handling.handled(numbers, bare, handling.of(care, care.awake_s + care.asleep_s, animal.bare))


def _tracer(numbers: Numbers, kinetics: Kinetics | None, times: Array) -> tuple[dict[str, Array], dict[str, Array]]:
    """Uptake and activity by tissue."""
    if kinetics is None:
        return {}, {}
    names = ("blood", *kinetics.tissues)
    usual_bq = tracers.usual_bq(numbers, kinetics.tracer, kinetics.animal.species)
    activity = {} if usual_bq is None else {name: kinetics.activity_bq_per_kg(name, times, usual_bq) for name in names}
    return {name: kinetics.uptake_per_kg(name, times) for name in names}, activity


def summary(numbers: Numbers, found: Course, tracer: str | None = None) -> dict[str, Any]:
    """What a manager asks of the session, in SI; what is undefined is None."""
    made = found.session
    end_s = made.care.awake_s + made.care.asleep_s
    low, high = temperature.limits_degc(numbers, made.animal)
    seconds = np.arange(0.5, made.wakes_s)
    degc = made.temperature_degc(seconds)
    left = source = injected_bq = None
    if tracer is not None:
        injected_bq = tracers.usual_bq(numbers, tracer, made.animal.species)
        kinetics = handled(numbers, made.animal, made.care, tracer)
        left = float(excretion.excreted(numbers, kinetics, end_s))
        source = None if kinetics.rows_of == made.animal.species else kinetics.rows_of
    ends = _risk(numbers, made)
    strains = f"species.{made.animal.species}.isoflurane_mac_between_strains"
    return {
        "wakes_s": made.wakes_s,
        "recovery_s": made.wakes_s - end_s,
        "lowest_degc": float(degc.min(initial=made.animal.temperature_degc)),
        "highest_degc": float(degc.max(initial=made.animal.temperature_degc)),
        "hypothermia_s": float((degc < low).sum()),
        "hyperthermia_s": float((degc > high).sum()),
        "until_fit_s": float(temperature.until_fit_s(numbers, made.animal, made.temperature_degc(made.wakes_s))),
        "too_deep": bool(made.depth(seconds).max(initial=0.0) > numbers.value("physiology.anaesthesia.too_deep")),
        "over_soft_limit": made.care.asleep_s > numbers.value("injection.anaesthesia_soft_limit"),
        "over_hard_limit": made.care.asleep_s > numbers.value("injection.anaesthesia_hard_limit"),
        "stops_breathing": ends.stops_breathing(float(made.temperature_degc(made.wakes_s))),
        "risk_of_death": ends.dies(float(made.temperature_degc(made.wakes_s))),
        "injected_bq": injected_bq,
        "excreted_part": left,
        "kinetics_of": source,
        "mac_between_strains": numbers.value(strains) if numbers.has(strains) else None,
    }


def _risk(numbers: Numbers, made: Session) -> Risk:
    """What the anaesthesia is to a healthy animal, with as much of a gas as has come to its brain."""
    care, gas = made.care, made.care.inspired
    if care.anaesthetic == "isoflurane":
        gas = min(gas, float(made.gas_at_end(min(made.induction_s, care.asleep_s), care.asleep_s)))
    return risk.risk(numbers, made.animal, warmth.of(numbers, made.animal), care.anaesthetic, gas, sick=False)
