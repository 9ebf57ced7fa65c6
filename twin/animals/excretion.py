r"""Where a tracer goes: out of the body through bladder and bedding, and how much decays where.

What leaves is what blood loses and what tissues release,

.. math:: e(t) = g\, b(t) + \sum_i m_i r_i c_i(t),

with `g` such that the part of the table has left in the end, but never more than tissues leave. Of the lesions that are
known only the one counts that the animal has; a healthy one has none. The bladder fills with it, is emptied at a rate
while the animal is awake and holds while it sleeps. All are parts of the injected activity, corrected for decay; the
time integrals are not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from twin.animals import tracers
from twin.animals.body import body
from twin.animals.uptake import LESIONS, Kinetics, TracerKey, kinetics, known_in, organ_mass_kg, rows_of
from twin.physics.kinetics import Exponentials, exponentials
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
#: A root is found when a step is shorter than this: that of the next would be its square.
_EXACT_S = 1e-6


def leaving_per_s(numbers: Numbers, kinetics: Kinetics, lesion: str | None = None) -> Exponentials:
    """How much of the injected activity leaves the tissues for the bladder each second.

    Parameters
    ----------
    lesion : str, optional
        The tumour or inflammation that the animal has; none unless given.
    """
    part = TracerKey(numbers, kinetics.rows_of, kinetics.tracer).value("excreted")
    assert part is not None, f"{kinetics.tracer} has no part that is excreted"
    released, usual, given_back, kept = exponentials((), ()), 0.0, 0.0, 0.0
    held = {k: t for k, t in kinetics.tissues.items() if k == lesion or not (t.passing or k.startswith(LESIONS))}
    for name, tissue in held.items():
        mass_kg = organ_mass_kg(numbers, kinetics.animal, name)
        factor, rate = kinetics.factors.get(name, 1.0), tissue.answer.slow_per_s - tissue.diluted_per_s
        taken = mass_kg * tissue.answer.slow * tissue.feeding(kinetics.blood).area()
        back = rate / tissue.answer.slow_per_s if tissue.answer.slow_per_s > 0.0 else 0.0
        usual, given_back = usual + back * taken, given_back + factor * back * taken
        kept += factor * (1.0 - back) * taken
        if back * taken > 0.0:
            released = released + tissue.specific(kinetics.blood).scaled(factor * mass_kg * rate)
    cleared = max(min(part - usual, 1.0 - kept - given_back), 0.0)
    leaving = kinetics.blood.scaled(cleared / kinetics.blood.area())
    for tissue in (tissue for tissue in kinetics.tissues.values() if tissue.passing):  # on its way through the kidneys
        leaving = leaving.convolved(tissue.answer.slow_per_s, tissue.answer.slow_per_s)
    return leaving + released


def excreted(numbers: Numbers, kinetics: Kinetics, time_s: npt.ArrayLike, lesion: str | None = None) -> Array:
    """What has left by times, into the bladder and beyond."""
    return leaving_per_s(numbers, kinetics, lesion).integral(time_s)


def voided_per_s(numbers: Numbers, kinetics: Kinetics) -> Exponentials:
    """How much of the injected activity an animal that is awake voids each second."""
    empties = _voiding_per_s(numbers)
    return leaving_per_s(numbers, kinetics).convolved(empties, empties)


def known_per_s(numbers: Numbers, species: str, tracer: str) -> Exponentials | None:
    """The same of a tracer in a species of its usual mass; None: it is not known what leaves."""
    if tracer not in tracers.names(numbers) or species not in known_in(numbers, tracer):
        return None
    if TracerKey(numbers, rows_of(numbers, species, tracer), tracer).value("excreted") is None:
        return None
    return voided_per_s(numbers, kinetics(numbers, body(numbers, species), tracer))


def retained(voided: Exponentials) -> tuple[tuple[float, float], ...]:
    """What an animal that is awake still has of an injection: heights and rates [1/s] of exponentials.

    Parameters
    ----------
    voided : Exponentials
        How much it voids each second, as `known_per_s` has it.
    """
    heights: dict[float, float] = {}
    for amplitude, rate in zip(voided.amplitudes.tolist(), voided.rates_per_s.tolist(), strict=True):
        heights[rate] = heights.get(rate, 0.0) + amplitude / rate
    stays = 1.0 - math.fsum(heights.values())
    return (stays, 0.0), *((height, rate) for rate, height in heights.items())


def until_one(terms: Sequence[tuple[float, float]]) -> float:
    """How long until a falling sum of exponentials, each an amplitude and a rate [1/s], is one [s]; 0 if it is less."""
    total, slowest = sum(amplitude for amplitude, _ in terms), min((rate for _, rate in terms), default=0.0)
    if total <= 1.0:
        return 0.0
    if len(terms) == 1:
        return math.log(total) / slowest
    return _newton(terms) if min(terms)[0] > 0.0 else _bracketed(terms, slowest)


def _newton(terms: Sequence[tuple[float, float]]) -> float:
    """Where a sum of positive exponentials that begins above one is one [s].

    Its logarithm falls and is convex, so that no step of Newton's goes too far: it is done when one goes nowhere.
    """
    time_s, before_s = 0.0, -1.0
    while time_s > before_s:
        parts = [(amplitude * math.exp(-rate * time_s), rate) for amplitude, rate in terms]
        total = sum(part for part, _ in parts)
        before_s, slope = time_s, sum(part * rate for part, rate in parts)
        time_s += math.log(total) * total / slope
    return before_s


def _bracketed(terms: Sequence[tuple[float, float]], slowest_per_s: float) -> float:
    """The same if an amplitude is below zero, which others hold up.

    The logarithm is straight late, where the slowest is left: Newton's steps come from there, between moments at which
    the sum is known to be above and below one.
    """
    exp, sooner_s = math.exp, 0.0
    later_s = math.log(1.0 + sum(abs(amplitude) for amplitude, _ in terms)) / slowest_per_s  # all at the slowest rate
    time_s, before_s = later_s, math.inf
    while abs(time_s - before_s) > _EXACT_S:
        before_s = time_s
        parts = [(amplitude * exp(-rate * time_s), rate) for amplitude, rate in terms]
        total, slope = sum([part for part, _ in parts]), sum([part * rate for part, rate in parts])
        sooner_s, later_s = (time_s, later_s) if total > 1.0 else (sooner_s, time_s)
        time_s += math.log(total) * total / slope if min(total, slope) > 0.0 else math.inf
        if not sooner_s <= time_s <= later_s:
            time_s = 0.5 * (sooner_s + later_s)
    return time_s


def bladder(
    numbers: Numbers, kinetics: Kinetics, time_s: npt.ArrayLike, asleep_from_s: float, asleep_until_s: float
) -> Array:
    """What is in the bladder at times, of an animal that sleeps between two times."""
    filling, empties = leaving_per_s(numbers, kinetics), _voiding_per_s(numbers)
    times = np.asarray(time_s, dtype=np.float64)
    before = filling.convolved(empties)
    held = _held(filling, float(before.at(asleep_from_s)), asleep_from_s, times)
    full = _held(filling, float(before.at(asleep_from_s)), asleep_from_s, np.asarray(asleep_until_s))
    later = np.maximum(times - asleep_until_s, 0.0)
    after = full * np.exp(-empties * later) + filling.later(asleep_until_s).convolved(empties).at(later)
    return np.where(times <= asleep_from_s, before.at(times), np.where(times <= asleep_until_s, held, after))


def bedding(
    numbers: Numbers, kinetics: Kinetics, time_s: npt.ArrayLike, asleep_from_s: float, asleep_until_s: float
) -> Array:
    """What is in the bedding at times: waste."""
    inside = bladder(numbers, kinetics, time_s, asleep_from_s, asleep_until_s)
    return excreted(numbers, kinetics, time_s) - inside


def residence_s(
    numbers: Numbers, kinetics: Kinetics, from_s: float = 0.0, until_s: float = math.inf, voids: bool = True
) -> dict[str, float]:
    """Time-integrated activity per injected activity, organ by organ [s].

    Parameters
    ----------
    from_s, until_s : float
        Since the injection.
    voids : bool
        Whether the animal empties its bladder.

    Returns
    -------
    dict
        Each tissue with a volume, ``bladder``, and ``rest`` of the body. Nothing is negative.
    """
    constant = kinetics.decay_constant_per_s
    filling = leaving_per_s(numbers, kinetics)
    found = {
        tissue: organ_mass_kg(numbers, kinetics.animal, tissue)
        * _decays(kinetics.curve(tissue), constant, from_s, until_s)
        for tissue in kinetics.tissues
    }
    left = filling.convolved(0.0)
    body = _decays(exponentials([1.0], [0.0]) + left.scaled(-1.0), constant, from_s, until_s)
    found["rest"] = max(body - math.fsum(found.values()), 0.0)
    inside = filling.convolved(_voiding_per_s(numbers) if voids else 0.0)
    found["bladder"] = _decays(inside, constant, from_s, until_s)
    return found


def _held(filling: Exponentials, already: float, from_s: float, time_s: Array) -> Array:
    """What a bladder holds that is not emptied."""
    return already + filling.integral(time_s) - filling.integral(from_s)


def _voiding_per_s(numbers: Numbers) -> float:
    return math.log(2.0) / numbers.value("kinetics.voiding.half_life")


def _decays(curve: Exponentials, constant_per_s: float, from_s: float, until_s: float) -> float:
    """The area under a curve that decays besides."""
    decaying = curve.decaying(constant_per_s)
    end = decaying.area() if math.isinf(until_s) else float(decaying.integral(until_s))
    return end - float(decaying.integral(from_s))
