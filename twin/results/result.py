"""One run that was just played: its log, and all that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.results import kpis as kpi_list
from twin.results import limits, manifest, store
from twin.results.kpis import Figure
from twin.results.run import Run
from twin.results.tables import Tables
from twin.scenario import digest as digests
from twin.scenario.loading import Resolved

if TYPE_CHECKING:
    from twin.facility.log import Log
    from twin.sources import Row


@dataclass(frozen=True, eq=False)
class Result:
    """One run: what was simulated, its log, and all that follows from the log.

    Attributes
    ----------
    scenario : Resolved
    replication : int
    log : Log
        Everything that happened.
    run : Run
        The log as two DataFrames, with the facts that it cannot know.
    """

    scenario: Resolved
    replication: int
    log: Log
    run: Run

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.scenario.name

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return self.scenario.scenario.seed

    @cached_property
    def digest(self) -> str:
        """Digest of the resolved scenario and of every table."""
        return digests.digest(self.scenario)

    @cached_property
    def tables(self) -> Tables:
        """The tables: visits, tasks, animals, people, scanners, beds, rooms, batches ..."""
        return Tables(self.run)

    @cached_property
    def kpis(self) -> dict[str, Figure]:
        """Every KPI by its ID: ``{"value": ..., "unit": ...}``; the value of what is undefined is None."""
        return kpi_list.compute(self.run)

    @cached_property
    def bottleneck(self) -> str:
        """One sentence that names what limits throughput."""
        return kpi_list.bottleneck(self.run)

    @property
    def used(self) -> tuple[Row, ...]:
        """The numbers of the tables that this run used."""
        return self.scenario.numbers.used_rows()

    @property
    def assumed(self) -> tuple[Row, ...]:
        """The assumed ones among them."""
        return self.scenario.numbers.assumed_used()

    def broken(self) -> list[limits.Breach]:
        """The budgets, licences and authorisations that this run broke."""
        return limits.broken(self.run, self.scenario.scenario.budgets, self.kpis)

    def as_manifest(self, command: Iterable[str] = ()) -> dict[str, Any]:
        """Everything that the run folder says of itself."""
        return _manifest(self, command)

    def save(self, out: Path | str | None = None, store: Path | str | None = None, command: Iterable[str] = ()) -> Path:
        """Write the run folder.

        Parameters
        ----------
        out : path, optional
            The folder itself, new or empty.
        store : path, optional
            Where a folder is made if `out` is not given; ``$TWIN_STORE`` or ``./runs`` by default.
        command : iterable of str
            The command line, for the manifest.

        Returns
        -------
        Path
            The run folder.
        """
        return _save(self, out, store, command)

    def _repr_html_(self) -> str:
        heads = {name: figure for name, figure in self.kpis.items() if "[" not in name and figure["value"] is not None}
        rows = "".join(_row(name, figure) for name, figure in heads.items())
        title = escape(f"{self.name}, seed {self.seed}, replication {self.replication}")
        table = f"<table><tr><th>KPI</th><th>value</th><th>unit</th></tr>{rows}</table>"
        return f"<p><b>{title}</b></p><p>{escape(self.bottleneck)}</p>{table}"


def _row(name: str, figure: Figure) -> str:
    return f"<tr><td>{escape(name)}</td><td>{figure['value']:.4g}</td><td>{escape(figure['unit'])}</td></tr>"


def _save(result: Result, out: Path | str | None, folder: Path | str | None, command: Iterable[str]) -> Path:
    return store.save(result.run, _manifest(result, command), out, folder, result.kpis)


def _manifest(result: Result, command: Iterable[str]) -> dict[str, Any]:
    scenario = result.scenario
    return manifest.manifest(
        scenario=scenario.data,
        digest=result.digest,
        facts=result.run.facts,
        seed=result.seed,
        replication=result.replication,
        sources=scenario.numbers.sources_used(),
        assumed=[_plain(row) for row in result.assumed],
        bottleneck=result.bottleneck,
        command=command,
    )


def _plain(row: Row) -> dict[str, Any]:
    """A row of a table as the manifest lists it."""
    columns = ("key", "value", "unit", "low", "high", "source", "kind", "note")
    return {column: getattr(row, column) for column in columns}
