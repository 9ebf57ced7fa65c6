r"""How many animals a comparison needs, and what following the same animals saves.

Power of a two-sided t-test with the noncentral t distribution: with effect size `d`, `n` animals a group and
:math:`\delta = d\sqrt{n/2}` (two groups) or :math:`d\sqrt n` (paired),

.. math:: 1 - \beta = P(|T_{\nu,\delta}| > t_{1-\alpha/2,\nu})
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from twin.errors import DataError
from twin.sources import Numbers

#: More animals than this and the design is hopeless.
_MOST = 100_000


def power_two_groups(effect: float, animals: int, alpha: float = 0.05) -> float:
    """Power to see a difference of two groups of so many, in standard deviations."""
    return _power(effect * math.sqrt(animals / 2.0), 2 * animals - 2, alpha)


def power_paired(effect: float, animals: int, alpha: float = 0.05) -> float:
    """Power to see a change in so many animals, in standard deviations of the change."""
    return _power(effect * math.sqrt(animals), animals - 1, alpha)


def two_groups(effect: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Animals in each of two groups."""
    return _least(lambda animals: power_two_groups(effect, animals, alpha), effect, power)


def paired(effect: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """Animals that are each their own control."""
    return _least(lambda animals: power_paired(effect, animals, alpha), effect, power)


def with_losses(animals: int, lost_part: float) -> int:
    """Animals to begin with, so that so many are left."""
    return math.ceil(animals / (1.0 - lost_part) - 1e-9)


@dataclass(frozen=True, slots=True)
class Design:
    """Animals for a study of two groups at several time points.

    Attributes
    ----------
    cross_sectional : int
        New animals at every time point, all together.
    longitudinal : int
        The same animals at every time point, compared by their change.
    """

    cross_sectional: int
    longitudinal: int

    @property
    def saved_part(self) -> float:
        """Part of the animals that following them saves."""
        return 1.0 - self.longitudinal / self.cross_sectional


def design(
    numbers: Numbers,
    difference: float,
    time_points: int,
    lost_part: float = 0.0,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Design:
    """Animals for a relative difference between two groups, both ways.

    Parameters
    ----------
    difference : float
        Between the groups, as a part of the mean: 0.25.
    time_points : int
    lost_part : float
        Animals that are lost or excluded.

    Notes
    -----
    The variability is the table's: between animals, and within one animal. A change of two scans varies by the square
    root of two times the latter. On the published values a comparison needs only a tenth to a fifth fewer; the
    saving is that the animals of the first time point serve for all others.
    """
    between, within = (numbers.value(f"studies.variability.{word}") for word in ("between", "within"))
    single = with_losses(two_groups(difference / between, power, alpha), lost_part)
    change = with_losses(two_groups(difference / (math.sqrt(2.0) * within), power, alpha), lost_part)
    return Design(2 * single * time_points, 2 * change)


def _power(shift: float, freedom: int, alpha: float) -> float:
    from scipy.special import stdtrit

    critical = float(stdtrit(freedom, 1.0 - alpha / 2.0))
    return 1.0 - _below(critical, freedom, shift) + _below(-critical, freedom, shift)


def _below(value: float, freedom: int, shift: float) -> float:
    """Probability that noncentral t is below a value; far in a tail, where the series ends in NaN, 0 or 1."""
    from scipy.special import nctdtr

    found = float(nctdtr(freedom, shift, value))
    return found if math.isfinite(found) else float(value > shift)


def _least(power_of: Callable[[int], float], effect: float, power: float) -> int:
    """The least number of animals with the power, by doubling and halving."""
    if not (effect > 0.0 and 0.0 < power < 1.0):
        raise DataError(f"an effect of {effect:g} with a power of {power:g}: the effect is positive, the power below 1")
    high = 2
    while power_of(high) < power:
        high *= 2
        if high > _MOST:
            raise DataError(f"an effect of {effect:g} standard deviations needs more than {_MOST} animals a group")
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_of(middle) >= power else (middle, high)
    return high
