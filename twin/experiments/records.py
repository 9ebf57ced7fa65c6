"""What is kept of a run in an experiment, and the one function that gives it: from a store, or by playing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from twin.experiments.playing import played
from twin.results import kept, manifest
from twin.results.days import daily
from twin.results.kpis import Figure
from twin.results.result import Result
from twin.scenario import digest as digests
from twin.scenario.loading import Resolved


@dataclass(frozen=True, slots=True)
class Record:
    """One run of an experiment.

    Attributes
    ----------
    replication : int
    figures : mapping
        Every KPI with its unit.
    days : mapping
        Figures of single days, by `twin.results.days`.
    """

    replication: int
    figures: Mapping[str, Figure]
    days: Mapping[str, Sequence[float | None]] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return {"replication": self.replication, "figures": dict(self.figures), "days": dict(self.days)}

    def value(self, kpi: str) -> float | None:
        """Value of a figure; None: undefined, or there is none."""
        figure = self.figures.get(kpi)
        return None if figure is None else figure["value"]


def record(scenario: Resolved, replication: int, store: Path | None = None) -> Record:
    """The record of a run: that of the store if it has one, else the scenario is played and the store keeps it.

    A store that cannot be written stops nobody: the run is then played again the next time.
    """
    if (known := kept_record(scenario, replication, store)) is not None:
        return known
    made = recorded(played(scenario, replication))
    if store is not None:
        with suppress(OSError):
            kept.write(store, _address(scenario, replication), made.as_data())
    return made


def kept_record(scenario: Resolved, replication: int, store: Path | None) -> Record | None:
    """The record that a store keeps of a run; None: it has none."""
    known = None if store is None else kept.read(store, _address(scenario, replication))
    return None if known is None else Record(**known)


def _address(scenario: Resolved, replication: int) -> str:
    return manifest.address(_digest(scenario), scenario.scenario.seed, replication)


@lru_cache(maxsize=8)
def _digest(scenario: Resolved) -> str:
    """The digest of a scenario that is played again and again."""
    return digests.digest(scenario)


def recorded(result: Result) -> Record:
    """What is kept of a run that was played."""
    return Record(result.replication, result.kpis, daily(result.run))
