"""Every table of the package as one set of numbers that a scenario can override."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from twin.errors import DataError, nearest
from twin.sources.reading import bibliography, read_table
from twin.sources.rows import Row, Table

FILES = {
    "tasks": "animals/data/task_durations.csv",
    "species": "animals/data/species.csv",
    "physiology": "animals/data/physiology.csv",
    "tissues": "animals/data/tissues.csv",
    "kinetics": "animals/data/kinetics.csv",
    "studies": "animals/data/studies.csv",
    "injection": "animals/data/injection.csv",
    "housekeeping": "animals/data/housekeeping.csv",
    "tracers": "animals/data/tracers.csv",
    "nuclides": "physics/data/nuclides.csv",
    "dose": "physics/data/dose.csv",
    "exposure": "physics/data/exposure.csv",
    "limits": "physics/data/limits.csv",
    "protection": "physics/data/protection.csv",
    "mouse_organs": "physics/data/mouse_organs.csv",
    "materials": "physics/data/materials.csv",
    "phantoms": "physics/data/phantoms.csv",
    "collimators": "physics/data/collimators.csv",
    "imaging": "physics/data/imaging.csv",
    "catalogue": "scanners/data/catalogue.csv",
    "beds": "scanners/data/beds.csv",
    "pet_geometry": "scanners/data/pet_geometry.csv",
    "reliability": "scanners/data/reliability.csv",
    "quality_control": "scanners/data/quality_control.csv",
    "data_volumes": "scanners/data/data_volumes.csv",
    "prices": "scanners/data/prices.csv",
    "presets": "scanners/data/presets.csv",
    "roles": "scenario/data/roles.csv",
    "competences": "scenario/data/competences.csv",
}


class Numbers:
    """Every table, with a scenario's overrides on top.

    Attributes
    ----------
    used : set of str
        Keys of the rows that were asked for.
    """

    def __init__(self, tables: Mapping[str, Table], overrides: Mapping[str, Row] | None = None) -> None:
        self.tables = dict(tables)
        self.overrides = dict(overrides or {})
        self.used: set[str] = set()
        self._subjects: dict[tuple[str, str], tuple[str, ...]] = {}
        #: What was asked for before.
        self._si: dict[str, float] = {}
        for key in self.overrides:
            self._stored(key)

    def with_overrides(self, overrides: Mapping[str, Row]) -> Numbers:
        """The same tables with more rows replaced; nothing is used yet."""
        return Numbers(self.tables, {**self.overrides, **overrides})

    def row(self, key: str) -> Row:
        """The row of a key; unknown keys are refused with the nearest."""
        found = self.overrides.get(key) or self._stored(key)
        self.used.add(key)
        return found

    def value(self, key: str) -> float:
        """The number of a key in SI."""
        known = self._si.get(key)
        if known is None:
            known = self._si[key] = self.row(key).si
        return known

    def text(self, key: str) -> str:
        """The word of a key."""
        return self.row(key).text

    def distribution(self, key: str) -> dict[str, Any]:
        """The distribution of a key as plain data in SI."""
        return self.row(key).distribution()

    def has(self, key: str) -> bool:
        """Whether a row of that key is shipped; asking does not use it."""
        table, _, name = key.partition(".")
        return name in self.tables.get(table, {})

    def subjects(self, table: str, quantity: str) -> tuple[str, ...]:
        """What has a row of that quantity: ``subjects("species", "body_mass") == ("mouse", "rat", ...)``."""
        found = self._subjects.get((table, quantity))
        if found is None:
            ending = f".{quantity}"
            found = tuple(name.removesuffix(ending) for name in self.tables[table] if name.endswith(ending))
            self._subjects[table, quantity] = found
        return found

    def used_rows(self) -> tuple[Row, ...]:
        """The rows that were asked for, by key."""
        return tuple(self.overrides.get(key) or self._stored(key) for key in sorted(self.used))

    def assumed_used(self) -> tuple[Row, ...]:
        """The assumed rows among the used ones: what a result leans on."""
        return tuple(row for row in self.used_rows() if row.kind == "assumed")

    def sources_used(self) -> dict[str, dict[str, str]]:
        """The entries of the bibliography that the used rows come from."""
        keys = sorted({key for row in self.used_rows() for key in row.sources})
        return {key: bibliography()[key] for key in keys}

    def _stored(self, key: str) -> Row:
        table, _, name = key.partition(".")
        if table not in self.tables:
            raise DataError(_unknown("table", table, self.tables))
        if name not in self.tables[table]:
            raise DataError(_unknown(f"row of table {table!r}", name, self.tables[table]))
        return self.tables[table][name]


def default_numbers() -> Numbers:
    """The shipped tables, read once; what is used is counted afresh for each call."""
    return Numbers(_shipped())


def all_tables() -> dict[str, Table]:
    """Every data table of the package, by name."""
    return dict(_shipped())


def _unknown(what: str, name: str, options: Iterable[str]) -> str:
    """The sentence for a key that is not there."""
    near = nearest(name, options)
    return f"numbers: no {what} is called {name!r}" + (f"; did you mean {near!r}?" if near else "")


@cache
def _shipped() -> dict[str, Table]:
    root = files("twin")
    return {name: read_table(root.joinpath(path), name=name) for name, path in FILES.items()}
