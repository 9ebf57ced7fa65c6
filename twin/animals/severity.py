"""Welfare over a study: severity by Directive 2010/63/EU, re-use, end points and deaths.

The actual severity of an animal is the highest class of what was done to it. Rules that we state, not the directive,
raise that of imaging by one: more anaesthesias within a span, or (from the third on) closer together, than were shown
to be mild; an anaesthesia beyond its hard limit. Repeated scans in one study are continued use; the conditions of
Article 16 are for re-use in another.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from twin.sources import Numbers

#: In order; the first two of a living animal are mild and moderate.
CLASSES = ("non_recovery", "mild", "moderate", "severe")


def worst(classes: Iterable[str]) -> str:
    """The highest of some classes; nothing done is mild."""
    return max(classes, key=CLASSES.index, default="mild")


def raised(severity: str) -> str:
    """The class above; none is above severe, and an animal that does not wake stays what it is."""
    return severity if severity in {"non_recovery", "severe"} else CLASSES[CLASSES.index(severity) + 1]


def actual(
    numbers: Numbers, planned: Iterable[str], begun_s: Sequence[float], asleep_s: Sequence[float], died: bool = False
) -> str:
    """The actual severity of one animal.

    Parameters
    ----------
    planned : iterable of str
        Classes of the procedures that were done.
    begun_s, asleep_s : sequence of float
        When each anaesthesia began, in order, and how long it lasted.
    died : bool
        Whether it died other than by plan.
    """
    if died:
        return "severe"
    severity = worst(planned)
    return raised(severity) if strained(numbers, begun_s, asleep_s) else severity


def strained(numbers: Numbers, begun_s: Sequence[float], asleep_s: Sequence[float]) -> bool:
    """Whether anaesthesias were more, closer or longer than what was shown to be mild."""
    many, spacing_s, span_s = (
        numbers.value(f"studies.severity.{word}") for word in ("mild_anaesthesias", "mild_spacing", "window")
    )
    hard_s = numbers.value("injection.anaesthesia_hard_limit")
    close = any(later - sooner < spacing_s for sooner, later in pairwise(begun_s))
    crowded = any(sum(0.0 <= other - first < span_s for other in begun_s) > many for first in begun_s)
    return (close and len(begun_s) > 2) or crowded or any(length > hard_s for length in asleep_s)


def counts(severities: Iterable[str]) -> dict[str, int]:
    """How many animals are of each class."""
    found = list(severities)
    return {severity: found.count(severity) for severity in CLASSES}


def reuse_refused(
    previous: str,
    planned: str,
    restored: bool,
    advised: bool,
    severe_procedures: int | None = None,
    authority: bool = False,
) -> tuple[str, ...]:
    """Why Article 16 of Directive 2010/63/EU refuses another study of an animal; nothing if it may be used again.

    Parameters
    ----------
    previous : str
        Actual severity of what was done before.
    planned : str
        Class of the new procedures.
    restored : bool
        Health and well-being are shown to be fully restored.
    advised : bool
        By a veterinarian, with the experience of the animal's whole life in view.
    severe_procedures : int, optional
        Severe ones in its life; none: one if `previous` is severe.
    authority : bool
        The competent authority allowed the exception of paragraph 2.
    """
    lived = severe_procedures if severe_procedures is not None else int(previous == "severe")
    refused = []
    if previous == "non_recovery":
        refused.append("an animal of a procedure without recovery is not alive")
    if previous == "severe" and not authority:
        refused.append("what was done before was severe, and the authority has not allowed an exception")
    if lived > 1:
        refused.append("the animal was in more than one severe procedure, for which there is no exception")
    if not restored:
        refused.append("its general health and well-being are not shown to be fully restored")
    if planned == "severe":
        refused.append("the new procedures are severe")
    if not advised:
        refused.append("no veterinarian advises it with the experience of its whole life in view")
    return tuple(refused)


def survival(numbers: Numbers, anaesthesias: int, days: float, sick: bool) -> float:
    """Probability that an animal lives through so many anaesthesias and days; the rates are assumed."""
    each = numbers.value("injection.mortality_per_anaesthesia" + ("_sick" if sick else ""))
    hazard = numbers.value("studies.mortality.disease") * 86400.0 if sick else 0.0
    return float((1.0 - each) ** anaesthesias * math.exp(-hazard * days))
