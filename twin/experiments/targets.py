"""Targets of sizing: what a figure must be, on average or day by day, and whether runs show that it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Literal

import numpy as np

from twin.errors import UsageError, nearest
from twin.experiments.records import Record
from twin.experiments.statistics import ROUNDING, deviation
from twin.results.days import DAILY
from twin.results.kpis import BY_ID

Verdict = Literal["met", "missed", "undecided"]

_FORM = re.compile(
    r"\s*(?P<kpi>[A-Za-z_0-9]+(?:\[[^\]]*\])?)\.(?P<of>mean|p95|share\s*\(\s*(?P<inner><=|>=)\s*(?P<bound>[-+0-9.eE]+)\s*\))"
    r"\s*(?P<sign><=|>=)\s*(?P<limit>[-+0-9.eE]+)\s*(?P<percent>%?)\s*"
)
_EXAMPLES = "'animals_per_day.mean >= 40', 'overtime_min.p95 <= 15' or 'end_of_day.share(<= 19) >= 90%'"
P95 = 0.95


@dataclass(frozen=True, slots=True)
class Target:
    """One target.

    Attributes
    ----------
    text : str
        As it was written.
    kpi : str
    kind : {"mean", "share"}
        A mean over replications, or a share of all simulated days.
    sign : {"<=", ">="}
        Of the mean.
    limit : float
        Of the mean, or the least share.
    day_sign, day_limit : str, float
        What a day must be to count; of a share.
    """

    text: str
    kpi: str
    kind: Literal["mean", "share"]
    sign: str
    limit: float
    day_sign: str = ""
    day_limit: float = 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """A target, held against runs.

    Attributes
    ----------
    verdict : {"met", "missed", "undecided"}
        With the confidence that was asked.
    estimate, low, high : float or None
        The mean, or the share of days, and its bounds, each one-sided.
    p95 : float or None
        95th percentile over all days, for a person to see.
    """

    verdict: Verdict
    estimate: float | None
    low: float | None
    high: float | None
    p95: float | None = None


def target(text: str) -> Target:
    """The target that a person wrote.

    Raises
    ------
    UsageError
        When it cannot be read, or there is no such figure, or it has no days.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise UsageError(f"--target {text!r}: write FIGURE.mean, .p95 or .share(...), such as {_EXAMPLES}")
    kpi = found["kpi"]
    if kpi.partition("[")[0] not in BY_ID:
        near = nearest(kpi.partition("[")[0], BY_ID)
        raise UsageError(
            f"--target {text!r}: there is no figure {kpi!r}" + (f"; did you mean {near!r}?" if near else "")
        )
    limit = _number(text, found["limit"]) / (100.0 if found["percent"] else 1.0)
    if found["of"] == "mean":
        return Target(text.strip(), kpi, "mean", found["sign"], limit)
    if kpi not in DAILY:
        raise UsageError(f"--target {text!r}: only these figures have days: {', '.join(DAILY)}")
    if found["of"] == "p95":
        return _percentile(text, kpi, found["sign"], limit)
    if found["sign"] != ">=" or not 0.0 < limit < 1.0:
        raise UsageError(f"--target {text!r}: a share is at least a number above 0 and below 1, such as >= 90%")
    return Target(text.strip(), kpi, "share", ">=", limit, found["inner"], _number(text, found["bound"]))


def _percentile(text: str, kpi: str, sign: str, limit: float) -> Target:
    """At most a limit at the 95th percentile: so are 95 of 100 days; at least it: not more than 95 are below."""
    if sign == "<=":
        return Target(text.strip(), kpi, "share", ">=", P95, "<=", limit)
    return Target(text.strip(), kpi, "share", ">=", 1.0 - P95, ">=", limit)


def _number(text: str, words: str) -> float:
    try:
        return float(words)
    except ValueError:
        raise UsageError(f"--target {text!r}: {words!r} is no number") from None


def refuse_contradictions(targets: Sequence[Target]) -> None:
    """Raise UsageError for two targets that nothing can meet both.

    Shares of days that exclude each other and are 1 together could be met only exactly, which no number of runs shows.
    """
    for one, other in combinations(targets, 2):
        if (one.kpi, one.kind) != (other.kpi, other.kind):
            continue
        if one.kind == "mean" and _crossed(one.sign, one.limit, other.sign, other.limit):
            raise UsageError(f"nothing can be both {one.text!r} and {other.text!r}")
        disjoint = _crossed(one.day_sign, one.day_limit, other.day_sign, other.day_limit)
        if one.kind == "share" and disjoint and one.limit + other.limit > 1.0 - ROUNDING:
            raise UsageError(
                f"no day counts for both {one.text!r} and {other.text!r}, and together they need all or more"
            )


def _crossed(sign: str, limit: float, other_sign: str, other_limit: float) -> bool:
    """Whether one asks for at least more than the other allows."""
    low, high = (limit, other_limit) if sign == ">=" else (other_limit, limit)
    return {sign, other_sign} == {">=", "<="} and low > high


def held(wanted: Target, records: Sequence[Record], confidence: float) -> Held:
    """A target against replications, with a one-sided confidence."""
    if wanted.kind == "mean":
        known = [value for record in records if (value := record.value(wanted.kpi)) is not None]
        return _judged(wanted, known, confidence)
    days = [[value for value in record.days.get(wanted.kpi, ()) if value is not None] for record in records]
    days = [values for values in days if values]
    shares = [sum(_counts(value, wanted) for value in values) / len(values) for values in days]
    every = [value for values in days for value in values]
    p95 = float(np.percentile(every, 95)) if every else None
    return _judged(wanted, shares, confidence, len(every), p95)


def _counts(value: float, wanted: Target) -> bool:
    return value <= wanted.day_limit if wanted.day_sign == "<=" else value >= wanted.day_limit


def _judged(
    wanted: Target, values: Sequence[float], confidence: float, days: int = 0, p95: float | None = None
) -> Held:
    """Student's one-sided bounds; those of a share are at least as wide as Wilson's of its days."""
    from scipy.special import stdtrit

    if len(values) < 2:
        return Held("undecided", None, None, None, p95)
    mean = float(np.mean(values))
    half = float(stdtrit(len(values) - 1, confidence)) * deviation(values) / sqrt(len(values))
    low, high = mean - half, mean + half
    if days:
        wilson = _wilson(mean, days, confidence)
        low, high = min(low, wilson[0]), max(high, wilson[1])
    above = wanted.sign == ">="
    met = low >= wanted.limit if above else high <= wanted.limit
    missed = high < wanted.limit if above else low > wanted.limit
    return Held("met" if met else "missed" if missed else "undecided", mean, low, high, p95)


def _wilson(share: float, of: int, confidence: float) -> tuple[float, float]:
    """Wilson's one-sided bounds of a share."""
    from scipy.special import ndtri

    squared = float(ndtri(confidence)) ** 2
    middle = (share * of + squared / 2.0) / (of + squared)
    half = sqrt(squared) / (of + squared) * sqrt(share * (1.0 - share) * of + squared / 4.0)
    return middle - half, middle + half


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """What targets together are."""
    said = set(verdicts)
    return "missed" if "missed" in said else "undecided" if "undecided" in said else "met"
