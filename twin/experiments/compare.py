"""Scenarios that share their luck, compared figure by figure and replication by replication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from twin.errors import UsageError
from twin.experiments.executors import Crew
from twin.experiments.gathering import Done
from twin.experiments.playing import seeded
from twin.experiments.replicate import LEAST, REPLICATIONS, Replicated, all_replicated, require_ids, require_kpis
from twin.experiments.statistics import (
    SHOWN_CONFIDENCE,
    Share,
    deviation,
    differences,
    interval,
    share,
    shared_out,
    variance_ratio,
)
from twin.results.kpis import kpi_of
from twin.scenario.loading import Resolved

#: What a manager asks first; a sentence is said of each of them.
HEADLINES = ("animals_per_day", "lead_time_days", "wait_mean_min[all]", "overtime_min", "cost_total")


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two scenarios; what cannot be said is None.

    Attributes
    ----------
    kpi, unit : str
    scenario_a, scenario_b : str
    n : int
        Replications in which both are defined.
    a, b : float or None
        Means over these.
    difference, low, high : float or None
        B less A, and the interval of its mean.
    confidence : float
        Of this interval alone.
    variance_ratio : float or None
        (Var A + Var B) / Var(A - B): how many times more replications would be needed without shared luck; None where
        one of the three is 0.
    identical : bool
        Whether A and B differ by the same amount in every replication, so that Var(A - B) is 0.
    better, worse : Share or None
        Of the replications in which B is better (worse) than A; None for a figure that has no better.
    """

    kpi: str
    unit: str
    scenario_a: str
    scenario_b: str
    n: int
    confidence: float
    a: float | None = None
    b: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    variance_ratio: float | None = None
    identical: bool = False
    better: Share | None = None
    worse: Share | None = None

    @property
    def is_seen(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low is not None and self.high is not None and not self.low <= 0.0 <= self.high

    @property
    def verdict(self) -> str:
        """``"better"``, ``"worse"``, ``"different"`` (neither is better), ``"same"`` or ``"not seen"``."""
        if self.difference is None:
            return "undefined"
        if not self.is_seen:
            return "same" if self.identical else "not seen"
        kpi = kpi_of(self.kpi)
        direction = "none" if kpi is None else kpi.direction
        if direction == "none":
            return "different"
        return "better" if (self.difference > 0.0) == (direction == "higher") else "worse"

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        said = asdict(self) | {"verdict": self.verdict}
        for name in ("better", "worse"):
            found: Share | None = said.pop(name) and getattr(self, name)
            said[f"p_{name}"] = None if found is None else found.share
            said[f"p_{name}_low"] = None if found is None else found.low
            said[f"p_{name}_high"] = None if found is None else found.high
        return said


@dataclass(frozen=True, eq=False)
class Compared:
    """Scenarios that share their luck.

    Attributes
    ----------
    scenarios : tuple of Replicated
        The first is what the others are compared with.
    kpis : tuple of str
        The figures that were asked for; empty: all.
    confidence : float
        Of all statements together, if figures were asked for; else of each by itself.
    differences : tuple of Difference
    """

    scenarios: tuple[Replicated, ...]
    kpis: tuple[str, ...]
    confidence: float
    differences: tuple[Difference, ...]

    @property
    def sentences(self) -> list[str]:
        """What a person is told: of the figures asked for, else of those that a manager asks first."""
        told = self.kpis or HEADLINES
        return [sentence(found) for found in self.differences if found.kpi in told]

    @property
    def warnings(self) -> list[str]:
        """What makes the comparison unfair."""
        first, *others = (made.scenario.scenario for made in self.scenarios)
        said = []
        for other in others:
            if other.days != first.days:
                said.append(f"{other.name} plays {other.days:g} days, {first.name} {first.days:g}: sums do not compare")
            if other.start != first.start:
                said.append(f"{other.name} starts on another day than {first.name}")
            if other.prices.currency != first.prices.currency:
                said.append(f"{other.name} counts in {other.prices.currency}, {first.name} in {first.prices.currency}")
        return said

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "scenarios": [made.name for made in self.scenarios],
            "resolved": [dict(made.scenario.data) for made in self.scenarios],
            "seed": self.scenarios[0].seed,
            "replications": len(self.scenarios[0].records),
            "confidence": self.confidence,
            "warnings": self.warnings,
            "differences": [found.as_data() for found in self.differences],
            "sentences": self.sentences,
        }


def compared(
    scenarios: Sequence[Resolved],
    count: int = REPLICATIONS,
    kpis: Sequence[str] = (),
    confidence: float = SHOWN_CONFIDENCE,
    crew: Crew | None = None,
    store: Path | None = None,
    done: Done | None = None,
) -> Compared:
    """Play scenarios with the same luck and compare each with the first.

    Parameters
    ----------
    scenarios : sequence of Resolved
        At least two. All are played with the seed of the first.
    count : int
        Replications of each.
    kpis : sequence of str
        Figures to speak of; the intervals of several then hold together with `confidence` (Bonferroni).
    confidence : float
    crew : Crew, optional
        Who plays; None: this process.
    store : path, optional
    done : callable, optional
    """
    if len(scenarios) < 2:
        raise UsageError("a comparison needs at least two scenarios")
    require_ids(kpis)
    seed = scenarios[0].scenario.seed
    played = all_replicated([seeded(scenario, seed) for scenario in scenarios], count, confidence, crew, store, done)
    return _compared(played, tuple(kpis), confidence)


def _compared(scenarios: tuple[Replicated, ...], kpis: tuple[str, ...], confidence: float) -> Compared:
    first, *others = scenarios
    require_kpis(kpis, {name: None for made in scenarios for name in made.units})
    each = shared_out(confidence, len(kpis) * len(others))
    found = (_difference(first, other, kpi, each) for other in others for kpi in kpis or _all(first, other))
    return Compared(scenarios, kpis, confidence, tuple(found))


def _all(first: Replicated, other: Replicated) -> Iterator[str]:
    """Every figure of either, in the order of the first."""
    yield from first.units
    yield from (name for name in other.units if name not in first.units)


def _difference(first: Replicated, other: Replicated, kpi: str, confidence: float) -> Difference:
    unit = first.units.get(kpi) or other.units[kpi]
    pairs = [(a, b) for a, b in zip(first.values(kpi), other.values(kpi), strict=True) if None not in {a, b}]
    head: dict[str, Any] = {"kpi": kpi, "unit": unit, "confidence": confidence}
    head |= {"scenario_a": first.name, "scenario_b": other.name}
    if len(pairs) < LEAST or first.units[kpi] != other.units[kpi]:
        return Difference(**head, n=len(pairs), a=first.mean(kpi), b=other.mean(kpi))
    before, after = ([float(value) for value in values] for values in zip(*pairs, strict=True))
    return difference(before, after, **head)


def difference(a: Sequence[float], b: Sequence[float], *, confidence: float, kpi: str, **words: str) -> Difference:
    """The difference of two scenarios in one figure, from paired values."""
    apart = differences(a, b)
    found = interval(apart, confidence)
    better, worse = _shares(apart, kpi)
    return Difference(
        kpi=kpi,
        **words,
        n=len(apart),
        confidence=confidence,
        a=sum(a) / len(a),
        b=sum(b) / len(b),
        difference=found.mean,
        low=found.low,
        high=found.high,
        variance_ratio=variance_ratio(a, b),
        identical=deviation(apart) == 0.0,
        better=better,
        worse=worse,
    )


def _shares(apart: Sequence[float], kpi: str) -> tuple[Share | None, Share | None]:
    known = kpi_of(kpi)
    if known is None or known.direction == "none":
        return None, None
    sign = 1.0 if known.direction == "higher" else -1.0
    better, worse = (sum(sign * way * change > 0.0 for change in apart) for way in (1.0, -1.0))
    return share(better, len(apart)), share(worse, len(apart))


def sentence(found: Difference) -> str:
    """The difference in words."""
    if found.a is None or found.b is None or found.difference is None:
        return f"{found.kpi}: nothing can be said of {found.scenario_b} against {found.scenario_a}: undefined."
    unit = "" if found.unit == "1" else f" {found.unit}"
    means = f"{_digits(found.b)} against {_digits(found.a)}{unit}"
    if found.identical and found.difference == 0.0:
        return f"{found.kpi}: {found.scenario_b} is like {found.scenario_a} in each of {found.n} runs ({means})."
    said = f"{means}; {_span(found)}"
    if not found.is_seen:
        return f"{found.kpi}: no difference of {found.scenario_b} to {found.scenario_a} is seen ({said})."
    amount = f"{_digits(abs(found.difference))}{unit} {'higher' if found.difference > 0.0 else 'lower'}"
    verdict = "" if found.verdict == "different" else f", which is {found.verdict}"
    return f"{found.kpi}: {found.scenario_b} is {amount} than {found.scenario_a}{verdict} ({said})."


def _span(found: Difference) -> str:
    span = " to ".join(_digits(end) for end in (found.low, found.high) if end is not None)
    return f"{100.0 * found.confidence:.4g} % interval of the difference {span}, {found.n} pairs of runs"


def _digits(value: float) -> str:
    """Three digits, or all before the point."""
    return f"{value:.0f}" if abs(value) >= 100.0 else f"{value:.3g}"
