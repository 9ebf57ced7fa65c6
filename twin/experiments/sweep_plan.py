"""The plan of a sweep: every run that there will be, and all that they depend on, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from twin.errors import NewerError, Problem, ScenarioError, StoreError, nearest
from twin.experiments import designs
from twin.results import manifest, sweep_store
from twin.results.kpis import BY_ID
from twin.scenario import digest as digests
from twin.scenario.axes import Value, number_of, setting_text
from twin.scenario.sweep_file import SweepFile

VERSION = 1


@dataclass(frozen=True, slots=True)
class Column:
    """An axis as a column of the table: its name (with the unit of its numbers), the path that is set, the unit."""

    name: str
    path: str
    unit: str = ""

    @property
    def title(self) -> str:
        """Name of the column."""
        return f"{self.name}_{self.unit}" if self.unit.isidentifier() else self.name

    def shown(self, value: Value) -> Value:
        """The value as the column has it: a number where the name says the unit, else what was set."""
        number = number_of(value, self.unit) if self.unit.isidentifier() else None
        return value if number is None else number


@dataclass(frozen=True, eq=False)
class Plan:
    """All runs of a sweep.

    Attributes
    ----------
    name, question : str
    base : mapping
        The scenario that is varied, as resolved.
    columns : tuple of Column
        The axes.
    points : tuple of tuple
        Values of the axes.
    replications : int
        Of each point.
    kpis : tuple of str
        What is shown first.
    versions : mapping
        What else the runs depend on: the digests of code and base, numpy, numba.
    """

    name: str
    question: str
    base: Mapping[str, Any]
    columns: tuple[Column, ...]
    points: tuple[tuple[Value, ...], ...]
    replications: int
    kpis: tuple[str, ...]
    versions: Mapping[str, Any]

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.points) * self.replications

    @cached_property
    def identity(self) -> str:
        """Digest of all that the table depends on, but the versions."""
        said = self.as_data()
        return digests.of({key: said[key] for key in ("base", "axes", "points", "replications")})

    def point_of(self, run: int) -> int:
        """The point of a run; its replication is what is left."""
        return run // self.replications

    def sets(self, point: int) -> list[str]:
        """What is set at a point, as ``--set`` takes it."""
        return [setting_text(c.path, value) for c, value in zip(self.columns, self.points[point], strict=True)]

    def values(self, point: int) -> dict[str, Value]:
        """The columns of the axes at a point."""
        return {c.title: c.shown(value) for c, value in zip(self.columns, self.points[point], strict=True)}

    def shard(self, number: int, of: int) -> Iterator[int]:
        """The runs of a part of the points, from 1 of `of`."""
        return (run for run in range(self.runs) if self.point_of(run) % of == number - 1)

    def as_data(self) -> dict[str, Any]:
        """As plain data; it holds no clock time, path or host."""
        return {
            "plan_version": VERSION,
            "name": self.name,
            "question": self.question,
            "base": dict(self.base),
            "axes": [{"name": c.name, "path": c.path, "unit": c.unit} for c in self.columns],
            "points": [list(point) for point in self.points],
            "replications": self.replications,
            "kpis": list(self.kpis),
            "versions": dict(self.versions),
        }


def planned(sweep: SweepFile) -> Plan:
    """The plan of a sweep file.

    Raises
    ------
    ScenarioError
        When a figure is asked for that there is not, or an axis is called like another column of the table.
    """
    if problems := [*_unknown(sweep.kpis), *_taken([axis.name for axis in sweep.axes])]:
        raise ScenarioError(problems)
    return Plan(
        name=sweep.name,
        question=sweep.question,
        base=sweep.base.data,
        columns=tuple(Column(axis.name, axis.path, axis.unit) for axis in sweep.axes),
        points=designs.points(sweep),
        replications=sweep.replications,
        kpis=sweep.kpis,
        versions=versions(digests.digest(sweep.base)),
    )


def _unknown(kpis: Sequence[str]) -> Iterator[Problem]:
    for kpi in kpis:
        if (name := kpi.partition("[")[0]) not in BY_ID:
            yield Problem(
                "kpis", "there is no such figure; `twin list kpis` shows them", kpi, nearest=nearest(name, BY_ID)
            )


def _taken(axes: Sequence[str]) -> Iterator[Problem]:
    for name in axes:
        if name in sweep_store.HEAD or name.partition("[")[0] in BY_ID:
            yield Problem(f"axes.{name}", "the table has another column of this name; call the axis otherwise", name)


def versions(base: str) -> dict[str, Any]:
    """What the runs of a base depend on beside its own words."""
    known = manifest.versions()
    return {"base": base, "code": manifest.code_digest(), "twin": known["twin"]} | {
        name: known[name] for name in manifest.ADDRESSED
    }


def from_data(said: Mapping[str, Any], where: str) -> Plan:
    """The plan that a folder holds.

    Raises
    ------
    StoreError
        When it was written by a newer twin, or is none.
    """
    version = said.get("plan_version")
    if isinstance(version, int) and version > VERSION:
        by = said.get("versions", {}).get("twin", "a newer version")
        raise NewerError(
            f"{where}: its plan has version {version} (written by twin {by}), this twin reads up to {VERSION}; "
            "update preclinical-twin"
        )
    try:
        return Plan(
            name=said["name"],
            question=said["question"],
            base=said["base"],
            columns=tuple(Column(axis["name"], axis["path"], axis["unit"]) for axis in said["axes"]),
            points=tuple(map(tuple, said["points"])),
            replications=said["replications"],
            kpis=tuple(said["kpis"]),
            versions=said["versions"],
        )
    except (KeyError, TypeError) as error:
        raise StoreError(f"{where} is not the plan of a sweep ({error})") from None


def differences(old: Plan, new: Plan) -> list[str]:
    """What keeps the runs of one plan from belonging to another, in words."""
    said = []
    if old.identity != new.identity:
        named = (
            ("the scenario", old.base != new.base),
            ("the axes or their points", (old.columns, old.points) != (new.columns, new.points)),
            ("the number of replications", old.replications != new.replications),
        )
        said += [what for what, differs in named if differs] or ["the plan"]
    names: Sequence[str] = ("code", "twin", "numpy", "numba")
    said += [f"the version of {name}" for name in names if old.versions.get(name) != new.versions.get(name)]
    if not said and old.versions != new.versions:
        said.append("the tables of numbers")
    return said
