r"""What becomes of one attempt at an intravenous injection.

With the failure probability :math:`f` of a skill level, the share :math:`s` of failures that are seen at once and the
share :math:`q` of these that put nothing into the animal:

.. math::
    P(\text{good}) = 1-f,\quad P(\text{not injected}) = f s q,\quad
    P(\text{seen}) = f s (1-q),\quad P(\text{hidden}) = f (1-s)
"""

from __future__ import annotations

from collections.abc import Mapping

from twin.errors import DataError, instead
from twin.sources import Numbers

#: In the order of the inverse transform: a lower failure probability never turns a good injection of the same luck bad.
OUTCOMES = ("good", "not_injected", "paravenous_seen", "paravenous_hidden")


def skill_levels(numbers: Numbers) -> tuple[str, ...]:
    """The skill levels of the table, best first."""
    beginning = "failure_probability."
    return tuple(name.removeprefix(beginning) for name in numbers.tables["injection"] if name.startswith(beginning))


def outcome_probabilities(numbers: Numbers, skill_level: str) -> dict[str, float]:
    """The probability of each outcome of one attempt, in the order of `OUTCOMES`."""
    failure = _failure(numbers, skill_level)
    seen = failure * numbers.value("injection.failure_seen_fraction")
    not_injected = seen * numbers.value("injection.seen_not_injected_fraction")
    return dict(zip(OUTCOMES, (1 - failure, not_injected, seen - not_injected, failure - seen), strict=True))


def outcome(numbers: Numbers, u: float, skill_level: str) -> str:
    """The outcome of one attempt, from a uniform `u` in (0, 1)."""
    return outcome_at(u, outcome_probabilities(numbers, skill_level))


def outcome_at(u: float, probabilities: Mapping[str, float]) -> str:
    """The outcome at `u` by inverse transform, from probabilities that are known already."""
    reached = 0.0
    for name, probability in probabilities.items():
        reached += probability
        if u < reached:
            return name
    return [name for name, probability in probabilities.items() if probability > 0][-1]


def _failure(numbers: Numbers, skill_level: str) -> float:
    levels = skill_levels(numbers)
    if skill_level in levels:
        return numbers.value(f"injection.failure_probability.{skill_level}")
    raise DataError(f"skill level {skill_level!r} of injection is not known; {instead(skill_level, levels)}")
