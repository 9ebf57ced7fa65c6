"""The best of several scenarios in one figure, by KN++ or OCBA, with shared luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from twin.errors import UsageError
from twin.experiments.executors import Crew, Here
from twin.experiments.gathering import Done, records
from twin.experiments.playing import seeded
from twin.experiments.ranking import FIRST, Selected, kn_plus_plus, ocba
from twin.experiments.records import Record
from twin.experiments.replicate import require_ids, require_kpis
from twin.results.kpis import kpi_of, unit_of
from twin.scenario.loading import Resolved


@dataclass(frozen=True, slots=True)
class Selection:
    """The choice.

    Attributes
    ----------
    scenarios : tuple of str
    kpi, unit : str
    method : {"KN++", "OCBA"}
    best : str
    replications : tuple of int
    means : tuple of float
    sure : bool
        KN++: whether only one was left; OCBA gives no guarantee.
    sentence : str
    """

    scenarios: tuple[str, ...]
    kpi: str
    unit: str
    method: str
    best: str
    replications: tuple[int, ...]
    means: tuple[float, ...]
    sure: bool
    sentence: str

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def selected(
    scenarios: Sequence[Resolved],
    kpi: str,
    within: float | None = None,
    budget: int | None = None,
    confidence: float = 0.95,
    most: int = 1000,
    crew: Crew | None = None,
    store: Path | None = None,
    done: Done | None = None,
) -> Selection:
    """The best of several scenarios.

    Parameters
    ----------
    scenarios : sequence of Resolved
    kpi : str
        A figure that has a better direction.
    within : float, optional
        A smaller difference does not matter: KN++.
    budget : int, optional
        Runs altogether: OCBA.
    confidence : float
    most : int
        Most replications of a scenario by KN++.
    crew : Crew, optional
        Who plays; None: this process.
    store : path, optional
    done : callable, optional
        Is told how many runs are done, and how many there will be at the most.
    """
    require_ids([kpi])
    known = kpi_of(kpi)
    if known is None or known.direction == "none":
        raise UsageError(f"{kpi} has no better direction, so nothing is best in it")
    if (within is None) == (budget is None):
        raise UsageError("give --within (a smaller difference does not matter) or --budget (runs altogether)")
    if len(scenarios) < 2:
        raise UsageError("a choice needs at least two scenarios")
    seed = scenarios[0].scenario.seed
    whole = len(scenarios) * most if budget is None else budget
    with closing(crew or Here()) as who:
        race = _Race([seeded(scenario, seed) for scenario in scenarios], kpi, known.direction, who, store)
        race.tell = None if done is None else lambda count: done(count, whole)
        if within is not None:
            found = kn_plus_plus(race.value, len(scenarios), within, confidence, FIRST, most, race.expect)
        else:
            assert budget is not None, "one of both was given"
            found = ocba(race.value, len(scenarios), budget, expect=race.expect)
    return _told(race, found, "OCBA" if within is None else "KN++", confidence, within)


class _Race:
    """The scenarios, and what they have shown so far."""

    def __init__(self, scenarios: Sequence[Resolved], kpi: str, direction: str, crew: Crew, store: Path | None) -> None:
        self.scenarios, self.kpi, self.crew, self.store = scenarios, kpi, crew, store
        self.sign = 1.0 if direction == "higher" else -1.0
        self.seen: dict[tuple[int, int], float] = {}
        self.tell: Callable[[int], None] | None = None

    def expect(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Have these played."""
        before = len(self.seen)

        def told(count: int, _: int) -> None:
            if self.tell is not None:
                self.tell(before + count)

        for pair, made in zip(pairs, records(self.scenarios, pairs, self.crew, self.store, told), strict=True):
            self.seen[pair] = self._shown(made, self.scenarios[pair[0]].scenario.name)

    def _shown(self, made: Record, name: str) -> float:
        require_kpis([self.kpi], made.figures)
        value = made.value(self.kpi)
        if value is None:
            raise UsageError(
                f"{self.kpi} is undefined in replication {made.replication} of {name}; take another figure"
            )
        return self.sign * value

    def value(self, number: int, replication: int) -> float:
        """What a scenario shows in a replication that was expected; greater is better."""
        return self.seen[number, replication]


def _told(race: _Race, found: Selected, method: str, confidence: float, within: float | None) -> Selection:
    names = tuple(scenario.scenario.name for scenario in race.scenarios)
    unit = unit_of(race.kpi, race.scenarios[0].scenario.prices.currency)
    means = tuple(race.sign * mean for mean in found.means)
    best = names[found.best]
    if method == "OCBA":
        said = f"{best} looks best in {race.kpi} after {sum(found.replications)} runs (no guarantee)."
    elif found.sure:
        sure = f"with {100 * confidence:g} % confidence"
        said = f"{best} is best in {race.kpi}, or less than {within:g} worse than the best, {sure}."
    else:
        said = (
            f"{best} looks best in {race.kpi}, but {max(found.replications)} replications were not enough to be sure."
        )
    return Selection(
        names, race.kpi, unit, method, best, found.replications, means, found.sure and method == "KN++", said
    )
