"""The cheapest configuration that meets all targets, with a confidence that counts every look at the runs.

All configurations share their luck. They are played in stages of ever more replications; a configuration that is still
undecided, and would be cheaper than the cheapest that meets the targets, is played on. The doubt is shared out among
targets and stages (Bonferroni), so that looking again does not make it larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from twin.errors import UsageError
from twin.experiments.batches import Variant
from twin.experiments.executors import Crew
from twin.experiments.gathering import Done, outcomes
from twin.experiments.records import Record
from twin.experiments.replicate import require_kpis
from twin.experiments.statistics import SHOWN_CONFIDENCE, shared_out
from twin.experiments.targets import Held, Target, Verdict, all_of, held, refuse_contradictions
from twin.scenario import loading
from twin.scenario.axes import Value, setting_text
from twin.scenario.loading import Resolved

#: Replications after each stage; the last is the most.
STAGES = (10, 20, 40, 80)
MOST_CONFIGURATIONS = 2000
COST = "cost_total"


@dataclass(frozen=True, slots=True)
class Configuration:
    """One choice.

    Attributes
    ----------
    values : mapping
        Path -> value.
    cost : float or None
        Mean of ``cost_total``; None: nothing has a price, or no run was finished.
    verdict : {"met", "missed", "undecided"}
        Of all targets together.
    targets : tuple of Held
    replications : int
    frontier : bool
        Whether nothing else is cheaper and at least as good in every target.
    error : str or None
        Why it could not be played.
    """

    values: Mapping[str, Value]
    cost: float | None
    verdict: Verdict
    targets: tuple[Held, ...]
    replications: int
    frontier: bool = False
    error: str | None = None


@dataclass(frozen=True, eq=False)
class Sized:
    """The answer.

    Attributes
    ----------
    name : str
        Of the scenario.
    targets : tuple of Target
    confidence : float
    currency : str
    configurations : tuple of Configuration
        The cheapest first.
    """

    name: str
    targets: tuple[Target, ...]
    confidence: float
    currency: str
    configurations: tuple[Configuration, ...]

    @property
    def best(self) -> Configuration | None:
        """The cheapest that meets all targets; None: none does."""
        return next((one for one in self.configurations if one.verdict == "met"), None)

    def binding(self, configuration: Configuration) -> list[str]:
        """The targets that a configuration does not meet."""
        pairs = zip(self.targets, configuration.targets, strict=False)
        return [target.text for target, found in pairs if found.verdict != "met"]

    @property
    def binds(self) -> list[str]:
        """What keeps cheaper configurations from being enough."""
        best = self.best
        cheaper = self.configurations if best is None else self.configurations[: self.configurations.index(best)]
        return list(dict.fromkeys(text for one in cheaper for text in self.binding(one)))

    @property
    def sentence(self) -> str:
        """The answer in words."""
        best, sure = self.best, f"{100 * self.confidence:g} % confidence"
        if best is None:
            return f"No configuration meets all targets with {sure}; what binds: {', '.join(self.binds) or 'nothing'}."
        words = ", ".join(f"{path} = {value}" for path, value in best.values.items())
        cheaper = self.configurations[: self.configurations.index(best)]
        open_ = sum(one.verdict == "undecided" for one in cheaper)
        said = f"{words} is the cheapest that meets all targets with {sure}: {best.cost:.0f} {self.currency}"
        if open_:
            said += f"; of {open_} cheaper it cannot be said with so many replications"
        return said + (f"; what binds: {', '.join(self.binds)}." if self.binds else "; nothing is cheaper.")

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "scenario": self.name,
            "confidence": self.confidence,
            "targets": [target.text for target in self.targets],
            "best": None if self.best is None else self._data(self.best),
            "binds": self.binds,
            "sentence": self.sentence,
            "frontier": [self._data(one) for one in self.configurations if one.frontier],
            "configurations": [self._data(one) for one in self.configurations],
        }

    def _data(self, one: Configuration) -> dict[str, Any]:
        said = asdict(one) | {"values": dict(one.values), "currency": self.currency, "binding": self.binding(one)}
        said["targets"] = [{"target": t.text} | asdict(h) for t, h in zip(self.targets, one.targets, strict=False)]
        return said


def sized(
    scenario: Resolved,
    targets: Sequence[Target],
    vary: Mapping[str, Sequence[Value]],
    crew: Crew,
    confidence: float = SHOWN_CONFIDENCE,
    most: int = STAGES[-1],
    store: Path | None = None,
    done: Done | None = None,
) -> Sized:
    """The cheapest configuration that meets all targets.

    Parameters
    ----------
    scenario : Resolved
    targets : sequence of Target
    vary : mapping
        Path -> the values that it may have.
    crew : Crew
        Who plays.
    confidence : float
        That the answer meets all targets.
    most : int
        Most replications of a configuration.
    store : path, optional
    done : callable, optional
        Is told how many runs are done.
    """
    _refuse(targets, vary)
    search = _Search(
        scenario, targets, vary, crew, shared_out(confidence, len(targets) * len(stages(most))), store, done
    )
    with closing(crew):
        search.play(1)
        search.require_figures()
        for count in stages(most):
            search.play(count)
    currency = scenario.scenario.prices.currency
    return Sized(scenario.scenario.name, tuple(targets), confidence, currency, search.configurations())


def stages(most: int) -> tuple[int, ...]:
    """The replications after each stage."""
    return (*(count for count in STAGES if count < most), most)


def _refuse(targets: Sequence[Target], vary: Mapping[str, Sequence[Value]]) -> None:
    if not targets:
        raise UsageError("say what must be met, such as --target 'animals_per_day.mean >= 12'")
    if not vary:
        raise UsageError("say what may be varied, such as --vary staff.technologist.count=2..4")
    refuse_contradictions(targets)
    count = 1
    for values in vary.values():
        count *= len(values)
    if count > MOST_CONFIGURATIONS:
        raise UsageError(f"these are {count} configurations; the most is {MOST_CONFIGURATIONS}")


class _Search:
    """The configurations and what is known of them."""

    def __init__(
        self,
        scenario: Resolved,
        targets: Sequence[Target],
        vary: Mapping[str, Sequence[Value]],
        crew: Crew,
        confidence: float,
        store: Path | None,
        done: Done | None,
    ) -> None:
        self.scenario, self.targets, self.crew, self.confidence, self.store = scenario, targets, crew, confidence, store
        self.choices = [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]
        self.records: list[list[Record]] = [[] for _ in self.choices]
        self.errors: dict[int, str] = {}
        self.told, self.played = done, 0
        self._try_paths(vary)

    def _try_paths(self, vary: Mapping[str, Sequence[Value]]) -> None:
        """Every value alone, before anything is played; a path that is not there raises."""
        for path, values in vary.items():
            for value in values:
                loading.load_data(
                    self.scenario.data, base=self.scenario.base, sets=[setting_text(path, value)], check=False
                )

    def play(self, count: int) -> None:
        """Have so many replications of all that are worth it."""
        pairs = [(k, r) for k in self._worth_playing() for r in range(len(self.records[k]), count)]
        told, before = self.told, self.played
        variants: list[Variant] = [
            (self.scenario.data, [setting_text(*pair) for pair in one.items()], True) for one in self.choices
        ]

        def tell(so_far: int, whole: int) -> None:
            if told is not None:
                told(before + so_far, before + whole)

        for found in outcomes(variants, pairs, self.crew, self.store, tell):
            self.played += 1
            if found.record is None:
                self.errors[found.place] = found.error or ""
            else:
                self.records[found.place].append(found.record)

    def require_figures(self) -> None:
        """Raise UsageError for a target whose figure no run has, and if nothing has a price."""
        known = {name: None for found in self.records for record in found for name in record.figures}
        if known:
            require_kpis([target.kpi for target in self.targets], known)
        if known and all(record.figures["cost_total"]["value"] is None for own in self.records for record in own):
            raise UsageError(
                "nothing has a price in this scenario, so nothing is cheapest; set prices (docs/scenario.md)"
            )

    def _worth_playing(self) -> Iterator[int]:
        """At first all; then those that are undecided and could be the cheapest."""
        found = [self._configuration(place) for place in range(len(self.choices))]
        costs = [one.cost for one in found if one.verdict == "met" and one.cost is not None]
        for place, one in enumerate(found):
            first = not self.records[place]
            cheap = one.cost is None or not costs or one.cost < min(costs)
            if place not in self.errors and (first or (one.verdict == "undecided" and cheap)):
                yield place

    def _configuration(self, place: int) -> Configuration:
        records = self.records[place]
        found = tuple(held(target, records, self.confidence) for target in self.targets)
        costs = [value for record in records if (value := record.value(COST)) is not None]
        error = self.errors.get(place)
        verdict: Verdict = "missed" if error else all_of(one.verdict for one in found)
        cost = sum(costs) / len(costs) if costs else None
        return Configuration(self.choices[place], cost, verdict, found, len(records), error=error)

    def configurations(self) -> tuple[Configuration, ...]:
        """All, the cheapest first."""
        found = [self._configuration(place) for place in range(len(self.choices))]
        found.sort(key=lambda one: (one.cost is None, one.cost or 0.0))
        return tuple(Configuration(**_fields(one) | {"frontier": self._is_frontier(one, found)}) for one in found)

    def _is_frontier(self, one: Configuration, all_: Sequence[Configuration]) -> bool:
        return one.cost is not None and not any(self._dominates(other, one) for other in all_ if other is not one)

    def _dominates(self, other: Configuration, one: Configuration) -> bool:
        """Whether another is at least as cheap and as good in every target, and better in something."""
        if other.cost is None or one.cost is None:
            return False
        pairs = [(one.cost, other.cost)]
        for target, mine, others in zip(self.targets, one.targets, other.targets, strict=True):
            if mine.estimate is None or others.estimate is None:
                return False
            sign = -1.0 if target.sign == ">=" else 1.0
            pairs.append((sign * mine.estimate, sign * others.estimate))
        return all(theirs <= mine for mine, theirs in pairs) and any(theirs < mine for mine, theirs in pairs)


def _fields(one: Configuration) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}
