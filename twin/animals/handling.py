r"""What handling makes of a tracer's uptake: fasting, the cool, anaesthesia, glucose, and the amount injected.

The table's kinetics are those of a fed animal that takes up the tracer asleep under isoflurane. Brown fat and muscle
burn for heat only while an animal is awake in the cool; volatile anaesthetics suppress it. Glucose competes with FDG:

.. math:: f = f_\text{fasting}\, f_\text{awake}\, f_\text{cool}\, f_\text{anaesthetic}\,
    \frac{K + g_\text{table}}{K + g} \, \frac{1}{1 + n/n_{1/2}}

Each factor is 1 where the table has none. What tissues take up more of a sugar, blood has less of: `cleared_per_s`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.animals import glucose
from twin.animals.session import Care
from twin.animals.uptake import LESIONS, Kinetics, TracerKey, organ_mass_kg
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]

#: The hour that the table's kinetics belong to.
_TABLE_S = 3600.0
#: Tracers that glucose competes with.
_SUGARS = ("FDG",)
#: The part of its slowest rate by which blood is cleared slower at the most: something leaves it always.
_MOST_SLOWER = 0.9


@dataclass(frozen=True, slots=True)
class Handling:
    """How an animal was handled until the scan; numbers of many animals may be arrays.

    Attributes
    ----------
    fasted_s : float
        Before the injection.
    awake_part : float
        Part of the uptake that it is awake.
    room_degc : float
        Air while it is awake.
    anaesthetic : str
    inspired : float
        Isoflurane (fraction of the gas).
    uptake_s : float
        From the injection to the scan.
    amount_mol_per_kg : float
        Substance injected, with its carrier.
    bare : float
        Heat that the strain loses over animals with the usual fur.
    """

    fasted_s: float | Array
    awake_part: float | Array
    room_degc: float | Array
    anaesthetic: str
    inspired: float
    uptake_s: float | Array
    amount_mol_per_kg: float | Array = 0.0
    bare: float = 1.0


def of(care: Care, uptake_s: float, bare: float = 1.0) -> Handling:
    """The handling in a session that scans so long after the injection."""
    awake_part = min(care.awake_s / uptake_s, 1.0) if uptake_s > 0.0 else 0.0
    return Handling(care.fasted_s, awake_part, care.room_degc, care.anaesthetic, care.inspired, uptake_s, bare=bare)


def handled(numbers: Numbers, kinetics: Kinetics, handling: Handling) -> Kinetics:
    """The kinetics in one animal that was handled so: what its tissues take up, and what that leaves in its blood."""
    faster = float(cleared_per_s(numbers, kinetics, handling))
    return kinetics.handled(factors(numbers, kinetics, handling)).cleared(faster)


def cleared_per_s(numbers: Numbers, kinetics: Kinetics, handling: Handling) -> Array:
    r"""By how much faster than in the table blood is cleared of a sugar, of one animal or of many [1/s].

    What tissues take up more is gone from the sugar that is free, which lies in a volume :math:`V` in terms of blood:

    .. math:: \Delta\lambda = \frac{1}{V} \sum_i m_i K_i (f_i - 1), \qquad V = V_b + \sum_i m_i V_i
    """
    if kinetics.tracer not in _SUGARS:
        return np.asarray(0.0)
    animal, known = kinetics.animal, {k: t for k, t in kinetics.tissues.items() if not k.startswith(LESIONS)}
    masses = {name: organ_mass_kg(numbers, animal, name) for name in known}
    volume = 1000.0 * animal.blood_volume_m3 + math.fsum(
        masses[name] * tissue.answer.fast / tissue.answer.fast_per_s for name, tissue in known.items()
    )
    taking = {name: masses[name] * tissue.answer.slow for name, tissue in known.items() if tissue.answer.slow > 0.0}
    more = [taken * (factor(numbers, kinetics, name, handling) - 1.0) for name, taken in taking.items()]
    return np.asarray(np.maximum(sum(more) / volume, -_MOST_SLOWER * float(kinetics.blood.rates_per_s.min())))


def factors(numbers: Numbers, kinetics: Kinetics, handling: Handling) -> dict[str, float]:
    """What handling makes of the uptake of each tissue, of one animal."""
    return {tissue: float(factor(numbers, kinetics, tissue, handling)) for tissue in kinetics.tissues}


def factor(numbers: Numbers, kinetics: Kinetics, tissue: str, handling: Handling) -> Array:
    """What handling makes of the uptake of a tissue, of one animal or of many."""
    if kinetics.tracer in _SUGARS and tissue == "kidney":  # what it holds is on its way into the urine
        return np.ones(np.shape(handling.uptake_s))
    return np.asarray(_shared(numbers, kinetics, handling) * _own(numbers, kinetics.tracer, tissue, handling))


def _shared(numbers: Numbers, kinetics: Kinetics, handling: Handling) -> Array:
    """The factors of all tissues alike."""
    shared = competition(numbers, kinetics, handling) * saturation(numbers, kinetics, handling)
    return np.asarray(shared, dtype=np.float64)


def _own(numbers: Numbers, tracer: str, tissue: str, handling: Handling) -> Array:
    """The factors that a tissue has for itself."""
    awake = np.asarray(handling.awake_part, dtype=np.float64)
    fasting = _row(numbers, "fasting", tracer, tissue) ** fasted_part(numbers, handling.fasted_s)
    waking = _row(numbers, "awake", tracer, tissue) ** awake
    heating = _heating(
        _row(numbers, "cool", tracer, tissue), awake * coolness(numbers, handling.room_degc, handling.bare)
    )
    sleeping = _row(numbers, handling.anaesthetic, tracer, tissue) ** (1.0 - awake)
    return np.asarray(fasting * waking * heating * sleeping, dtype=np.float64)


def _heating(in_the_cool: float, cold: Array) -> Array:
    """What making heat does: it goes with how cold it is, and uptake with it; what falls, falls by as much."""
    if in_the_cool >= 1.0:
        return np.asarray(1.0 + (in_the_cool - 1.0) * cold)
    return np.asarray(1.0 / (1.0 + (1.0 / in_the_cool - 1.0) * cold))


def fasted_part(numbers: Numbers, fasted_s: npt.ArrayLike) -> Array:
    """How far a fast has come: 0 fed, 1 after a long one."""
    constant_s = numbers.value("physiology.glucose.fasting_time")
    return np.asarray(-np.expm1(-np.asarray(fasted_s, dtype=np.float64) / constant_s))


def coolness(numbers: Numbers, room_degc: npt.ArrayLike, bare: float = 1.0) -> Array:
    r"""0 where an awake animal makes no heat on purpose, 1 in the reference cool, more in the cold or without fur.

    Heat at rest, :math:`P = G (T_b - T_n)`, suffices down to :math:`T_n`; below :math:`G (T_n - T)` is made on purpose.
    With less fur :math:`G` is so many times as large, and :math:`T_n` nearer to :math:`T_b`.
    """
    warm, cool = (numbers.value(f"physiology.temperature.{word}") for word in ("thermoneutral", "cool"))
    normal = numbers.value("species.mouse.temperature")
    enough = normal - (normal - warm) / bare
    return np.maximum(bare * (enough - np.asarray(room_degc, dtype=np.float64)) / (warm - cool), 0.0)


def competition(numbers: Numbers, kinetics: Kinetics, handling: Handling) -> Array:
    """What blood glucose makes of the uptake of a sugar; in another species than that of its rows, by both levels."""
    if kinetics.tracer not in _SUGARS:
        return np.asarray(1.0)
    half = numbers.value("physiology.glucose.competition")
    raised = glucose.rise(numbers, "isoflurane", 0.015)
    table = glucose.mean_under_mol_per_m3(numbers, 0.0, raised, _TABLE_S, kinetics.rows_of)
    return np.asarray((half + table) / (half + glucose_mol_per_m3(numbers, handling, kinetics.animal.species)))


def glucose_mol_per_m3(numbers: Numbers, handling: Handling, species: str = "mouse") -> Array:
    """Mean glucose from the injection to the scan [mol/m3]."""
    awake = np.asarray(handling.awake_part, dtype=np.float64)
    asleep_s = np.maximum((1.0 - awake) * handling.uptake_s, 1.0)
    raised = glucose.rise(numbers, handling.anaesthetic, handling.inspired)
    asleep = glucose.mean_under_mol_per_m3(numbers, handling.fasted_s, raised, asleep_s, species)
    before = glucose.before_mol_per_m3(numbers, handling.fasted_s, species)
    return np.asarray(awake * before + (1.0 - awake) * asleep)


def saturation(numbers: Numbers, kinetics: Kinetics, handling: Handling) -> Array:
    """Part of the targets that is free for the tracer."""
    half = TracerKey(numbers, kinetics.rows_of, kinetics.tracer).value("half_saturation")
    if half is None:
        return np.asarray(1.0)
    return np.asarray(1.0 / (1.0 + np.asarray(handling.amount_mol_per_kg, dtype=np.float64) / half))


def _row(numbers: Numbers, word: str, tracer: str, tissue: str) -> float:
    key = f"kinetics.{word}.{tracer}.{tissue}"
    return numbers.value(key) if numbers.has(key) else 1.0
