"""The best of several scenarios in one figure, by KN++ or OCBA, with shared luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from twin.errors import UsageError
from twin.experiments.playing import seeded
from twin.experiments.ranking import FIRST, Selected, kn_plus_plus, ocba
from twin.experiments.records import Record, record
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
    store: Path | None = None,
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
    store : path, optional
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
    race = _Race([seeded(scenario, seed) for scenario in scenarios], kpi, known.direction, store)
    if within is not None:
        found, method = kn_plus_plus(race.value, len(scenarios), within, confidence, FIRST, most), "KN++"
    else:
        assert budget is not None, "one of both was given"
        found, method = ocba(race.value, len(scenarios), budget), "OCBA"
    return _told(race, found, method, confidence, within)


class _Race:
    """The scenarios, and what they have shown so far."""

    def __init__(self, scenarios: Sequence[Resolved], kpi: str, direction: str, store: Path | None) -> None:
        self.scenarios, self.kpi, self.store = scenarios, kpi, store
        self.sign = 1.0 if direction == "higher" else -1.0

    def value(self, number: int, replication: int) -> float:
        """What a scenario shows in a replication; greater is better."""
        made: Record = record(self.scenarios[number], replication, self.store)
        require_kpis([self.kpi], made.figures)
        value = made.value(self.kpi)
        if value is None:
            name = self.scenarios[number].scenario.name
            raise UsageError(f"{self.kpi} is undefined in replication {replication} of {name}; choose another figure")
        return self.sign * value


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
