"""When waste may go: three rules that are not the same.

``ten_half_lives``
    a time: a thousandth is left, however much there was
``clearance``
    a concentration: the activities by mass, each divided by its clearance value, add up to at most one
``survey``
    a reading: the dose rate at a distance is not above what an instrument tells from background

Which of them binds is a matter of country and licence: `binding`. Progeny are in the clearance values of their parents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from twin.errors import DataError
from twin.physics.decay import canonical, decay_constant_per_s, half_life_s, remaining
from twin.physics.dose_rate import activity, rate_per_s
from twin.sources import Numbers

RULES = ("ten_half_lives", "clearance", "survey")
_LONGEST_S = 1e12


def binding(numbers: Numbers, jurisdiction: str) -> tuple[str, ...]:
    """The rules that bind in a jurisdiction, words of `RULES`; ``"US_institution"`` is what universities ask for."""
    return tuple(numbers.text(f"limits.{jurisdiction}.waste.rule").split())


def ten_half_lives_s(numbers: Numbers, nuclide: str) -> float:
    """Ten half-lives [s]."""
    return 10.0 * half_life_s(numbers, nuclide)


def clearance_sum(
    numbers: Numbers, activities_bq: Mapping[str, float], mass_kg: float, elapsed_s: float = 0.0
) -> float:
    """Sum of the activities by mass over their clearance values, StrlSchV annex 4; at most 1 is cleared.

    Parameters
    ----------
    activities_bq : mapping of str to float
        By nuclide, at the beginning [Bq].
    mass_kg : float
        Of the waste; the mean may be taken over 3 to 300 kg.
    elapsed_s : float
        Time since then [s].
    """
    if not mass_kg > 0.0:
        raise DataError(f"waste of {mass_kg:g} kg: a mass is above zero")
    return sum(
        _left(numbers, nuclide, amount, elapsed_s) / mass_kg / _clearance_bq_per_kg(numbers, nuclide)
        for nuclide, amount in activities_bq.items()
    )


def cleared_after_s(numbers: Numbers, activities_bq: Mapping[str, float], mass_kg: float) -> float:
    """How long until the clearance sum is one [s]; 0 if it is below already."""
    return _first(lambda elapsed_s: clearance_sum(numbers, activities_bq, mass_kg, elapsed_s) - 1.0)


def surveyed_after_s(
    numbers: Numbers, activities_bq: Mapping[str, float], distance_m: float, background_sv_per_s: float
) -> float:
    """How long until H*(10) of the photons at a distance is at most what counts as background [s].

    A bag is taken as a point without shielding. Beta particles need a contamination monitor: they are not in it.
    """
    if not background_sv_per_s > 0.0:
        raise DataError(f"a background of {background_sv_per_s:g} Sv/s: it is above zero")
    rates = {name: float(rate_per_s(numbers, name, amount, distance_m)) for name, amount in activities_bq.items()}

    def above(elapsed_s: float) -> float:
        return sum(_left(numbers, name, rate, elapsed_s) for name, rate in rates.items()) - background_sv_per_s

    return _first(above)


def _left(numbers: Numbers, nuclide: str, amount: float, elapsed_s: float) -> float:
    """What is left of an activity, or of what goes with it."""
    return remaining(float(activity(amount)), decay_constant_per_s(numbers, nuclide), elapsed_s)


def _clearance_bq_per_kg(numbers: Numbers, nuclide: str) -> float:
    key = f"protection.{canonical(numbers, nuclide)}.clearance"
    if not numbers.has(key):
        raise DataError(f"no clearance value of {canonical(numbers, nuclide)} is known: it is not modelled")
    return numbers.value(key)


def _first(above: Callable[[float], float]) -> float:
    """When a falling function passes zero; by halving."""
    if above(0.0) <= 0.0:
        return 0.0
    late_s = 1.0
    while above(late_s) > 0.0:
        late_s *= 2.0
        if late_s > _LONGEST_S:
            raise DataError("it does not fall low enough in thirty thousand years")
    early_s = 0.0
    for _ in range(80):
        middle_s = (early_s + late_s) / 2.0
        early_s, late_s = (middle_s, late_s) if above(middle_s) > 0.0 else (early_s, middle_s)
    return late_s
