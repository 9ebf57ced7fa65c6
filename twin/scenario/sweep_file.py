"""A sweep file: what is varied, how, and how often; read and checked before anything is played."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from twin import units
from twin.errors import Problem, ScenarioError, UnitError, nearest
from twin.scenario import distribution_words, files, layers, loading, reading
from twin.scenario.axes import STEPS, Axis, Value, common_unit, quantity, setting_text
from twin.scenario.loading import Resolved
from twin.scenario.model_base import Model
from twin.scenario.reading import Path
from twin.scenario.sweep_model import MOST_POINTS, NEWEST, AxisModel, OptimiseModel, SweepModel, VariedModel
from twin.scenario.validation import Help, Place, locate, problems, unique

MOST_BYTES = 5_000_000


@dataclass(frozen=True, eq=False)
class SweepFile:
    """A sweep file that was read.

    Attributes
    ----------
    name, question : str
    base : Resolved
        The scenario that is varied.
    axes : tuple of Axis
    design : str
    points : int
        Of latin_hypercube and sobol.
    rows : tuple of tuple
        Of csv: the values of each point.
    replications : int
    kpis : tuple of str
    """

    name: str
    question: str
    base: Resolved
    axes: tuple[Axis, ...]
    design: str
    points: int
    rows: tuple[tuple[Value, ...], ...]
    replications: int
    kpis: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class OptimiseFile:
    """An optimisation file that was read.

    Attributes
    ----------
    name, question : str
    base : Resolved
        The scenario that is varied.
    axes : tuple of Axis
    objectives : mapping
        Figure -> ``lower`` or ``higher``, which is better.
    trials, replications : int
    """

    name: str
    question: str
    base: Resolved
    axes: tuple[Axis, ...]
    objectives: Mapping[str, str]
    trials: int
    replications: int


def bundled(folder_name: str = "sweeps") -> dict[str, FilePath]:
    """The sweeps that are shipped, by name; with ``optimise`` the optimisations."""
    folder = FilePath(str(resources.files("scenarios"))) / folder_name
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load(source: str | FilePath) -> SweepFile:
    """Read a sweep file.

    Parameters
    ----------
    source : str or Path
        A path, or the name of a bundled sweep.

    Raises
    ------
    ScenarioError
        With all mistakes of the file at once; else with all of its base.
    """
    path = _find(source, "sweeps")
    data, where = _read(path, "sweep")
    try:
        model = SweepModel.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(unique(problems(error, data, where, _help)), "sweep file") from None
    return _Reading(model, path, where).made()


def load_optimise(source: str | FilePath) -> OptimiseFile:
    """Read an optimisation file; as `load`."""
    path = _find(source, "optimise")
    data, where = _read(path, "optimise")
    try:
        model = OptimiseModel.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(unique(problems(error, data, where, _help)), "optimisation file") from None
    drawn = {"kind": "sweep", "design": "latin_hypercube", "points": model.trials}
    shared = {info.alias or key: getattr(model, key) for key, info in VariedModel.model_fields.items()}
    read = _Reading(SweepModel.model_validate(shared | drawn), path, where).made()
    return OptimiseFile(
        read.name, read.question, read.base, read.axes, model.objectives, model.trials, read.replications
    )


def _find(source: str | FilePath, folder: str) -> FilePath:
    known = bundled(folder)
    if str(source) in known:
        return known[str(source)]
    path = FilePath(source)
    if not path.is_file():
        near = nearest(path.stem, known)
        message = "there is no such file, and none of this name is shipped"
        raise ScenarioError([Problem("", message, str(source), allowed=", ".join(known) or None, nearest=near)])
    return path


def _read(path: FilePath, kind: str) -> tuple[dict[str, Any], dict[Path, Place]]:
    """Plain data, and where each value stands."""
    name = path.name
    try:
        written = reading.read_bytes(files.read(path, MOST_BYTES), name)
    except ValueError as error:
        raise ScenarioError([Problem("", str(error), file=name)]) from None
    data = reading.plain(written)
    if isinstance(version := data.get("schema"), int) and version > NEWEST:
        message = f"this file has a newer schema than this version reads ({NEWEST}); update preclinical-twin"
        raise ScenarioError([Problem("schema", message, version, file=name)])
    if "kind" not in data:
        message = f"this is not such a file: its first keys are 'schema: 1' and 'kind: {kind}'"
        raise ScenarioError([Problem("kind", message, file=name)])
    return data, {at: (name, line) for at, line in reading.lines(written)}


def _help(path: Path, detail: Any) -> Help:
    """What is allowed at a path, and the nearest name."""
    if detail["type"] == "extra_forbidden":
        models: list[type[Model]] = [AxisModel] if path[:1] == ("axes",) else [SweepModel, OptimiseModel]
        known = [info.alias or key for model in models for key, info in model.model_fields.items()]
        return ", ".join(known), nearest(path[-1], known)
    if detail["type"] == "literal_error":
        return str(detail["ctx"]["expected"]).replace("'", ""), None
    return None, None


class _Reading:
    """From the model to the sweep file; collects all mistakes of meaning."""

    def __init__(self, model: SweepModel, path: FilePath, where: Mapping[Path, Place]) -> None:
        self.model, self.path, self.where = model, path, where
        self.found: list[Problem] = []

    def made(self) -> SweepFile:
        """The sweep file; raises with all mistakes."""
        model = self.model
        base = self._base()
        axes = tuple(axis for name, said in model.axes.items() if (axis := self._axis(name, said)) is not None)
        self._refuse_twice()
        rows = self._rows(axes) if model.design == "csv" else ()
        self._refuse_design(axes)
        if not self.found:
            self._try_values(base, axes, rows)
        if self.found:
            raise ScenarioError(self.found)
        return SweepFile(
            model.name, model.question, base, axes, model.design, model.points or 0, rows, model.replications,
            model.kpis,
        )  # fmt: skip

    def _refuse_twice(self) -> None:
        """A path that two axes set, and a value that an axis has twice."""
        first: dict[str, str] = {}
        for name, said in self.model.axes.items():
            if (other := first.setdefault(said.path, name)) != name:
                self._problem(("axes", name, "path"), f"the axis {other} sets this too", said.path)
            written = list(map(json.dumps, said.values or ()))
            if twice := [value for place, value in enumerate(written) if value in written[:place]]:
                self._problem(("axes", name, "values"), "this value stands here twice", json.loads(twice[0]))

    def _problem(self, path: Path, message: str, value: object = None, **more: Any) -> None:
        file, line = locate(path, self.where)
        self.found.append(Problem(reading.dotted(path), message, value, line, file or self.path.name, **more))

    def _base(self) -> Resolved:
        """The scenario, by the same rules as ``extends``."""
        try:
            source = layers.find(self.model.base, self.path.parent)
            sets = [setting_text(path, value) for path, value in self.model.set.items()]
            return loading.load(source, sets)
        except ScenarioError as error:
            if len(error.problems) == 1 and not error.problems[0].path:
                first = error.problems[0]
                self._problem(("base",), first.message, self.model.base, nearest=first.nearest)
                raise ScenarioError(self.found) from None
            raise

    def _axis(self, name: str, said: AxisModel) -> Axis | None:
        at: Path = ("axes", name)
        given = [key for key in ("values", "range", "distribution") if getattr(said, key) is not None]
        if len(given) != 1:
            self._problem(at, "an axis has exactly one of values, range and distribution")
            return None
        if said.values is not None:
            return Axis(name, said.path, tuple(said.values), unit=common_unit(said.values))
        return self._range(at, name, said) if said.range is not None else self._distribution(at, name, said)

    def _range(self, at: Path, name: str, said: AxisModel) -> Axis | None:
        assert said.range is not None
        low, high = (quantity(value) for value in said.range)
        if low is None or high is None:
            self._problem(
                (*at, "range"), "a range is two numbers, or two quantities such as '30 min'", list(said.range)
            )
            return None
        try:
            top = units.convert(high[0], high[1], low[1]) if high[1] != low[1] else high[0]
        except UnitError as error:
            self._problem((*at, "range"), str(error), list(said.range))
            return None
        if not low[0] < top:
            self._problem(
                (*at, "range"), "the second is greater than the first, else the axis is empty", list(said.range)
            )
            return None
        whole = all(isinstance(value, int) and not isinstance(value, bool) for value in said.range)
        return Axis(name, said.path, None, low[0], top, low[1], whole, said.steps or STEPS)

    def _distribution(self, at: Path, name: str, said: AxisModel) -> Axis | None:
        unit = said.unit or ""
        try:
            found = distribution_words.parse(said.distribution, unit or "1")
        except ValueError as error:
            self._problem((*at, "distribution"), str(error))
            return None
        if self.model.design in {"grid", "csv"}:
            self._problem((*at, "distribution"), "a distribution needs design latin_hypercube or sobol")
            return None
        return Axis(name, said.path, unit=unit, distribution=found)

    def _refuse_design(self, axes: Sequence[Axis]) -> None:
        """What does not go with the design."""
        drawn = self.model.design in {"latin_hypercube", "sobol"}
        if drawn and self.model.points is None:
            self._problem(("points",), f"{self.model.design} needs points: how many")
        if not drawn and self.model.points is not None:
            self._problem(("points",), f"{self.model.design} takes its points from the axes; leave this out")
        if self.model.design == "grid" and not self.found:
            count = 1
            for axis in axes:
                count *= len(axis.grid())
            if count > MOST_POINTS:
                self._problem(("axes",), f"this grid has {count} points; the most is {MOST_POINTS}")

    def _rows(self, axes: Sequence[Axis]) -> tuple[tuple[Value, ...], ...]:
        """The points of a CSV file."""
        if self.model.file is None:
            self._problem(("file",), "design csv needs a file: one column for each axis, one row for each point")
            return ()
        try:
            text = files.read(self.path.parent / self.model.file, MOST_BYTES).decode("utf-8-sig")
            read = csv.DictReader(io.StringIO(text))
            columns, lines = list(read.fieldnames or ()), list(read)
        except (ValueError, csv.Error) as error:
            self._problem(("file",), str(error), self.model.file)
            return ()
        if missing := [axis.name for axis in axes if axis.name not in columns]:
            self._problem(
                ("file",), f"there is no column {missing[0]!r}", self.model.file, nearest=nearest(missing[0], columns)
            )
            return ()
        if not lines:
            self._problem(("file",), "there is no row, so there is no point", self.model.file)
        return tuple(
            tuple(reading.plain(reading.read_text(row[axis.name] or "", "csv")) for axis in axes) for row in lines
        )

    def _try_values(self, base: Resolved, axes: Sequence[Axis], rows: Sequence[Sequence[Value]]) -> None:
        """Whether the path of an axis exists and may have its values, each set alone."""
        for number, axis in enumerate(axes):
            tried = [row[number] for row in rows] or list(_tried(axis))
            for value in dict.fromkeys(map(json.dumps, tried)):
                try:
                    loading.load_data(base.data, base=base.base, sets=[f"{axis.path}={value}"], check=False)
                except ScenarioError as error:
                    for problem in error.problems[:1]:
                        key = "path" if problem.file == "--set" and "nothing called" in problem.message else _key(axis)
                        near = None if problem.nearest is None else str(problem.nearest)
                        shown = axis.path if key == "path" else json.loads(value)
                        at: Path = ("axes", axis.name, key)
                        self._problem(at, problem.message, shown, allowed=problem.allowed, nearest=near)
                    break


def _key(axis: Axis) -> str:
    return "values" if axis.levels is not None else "distribution" if axis.distribution is not None else "range"


def _tried(axis: Axis) -> Iterator[Value]:
    """The values that stand for all of an axis."""
    if axis.levels is not None:
        yield from axis.levels
    elif axis.distribution is not None:
        yield from (axis.at(0.001), axis.at(0.5), axis.at(0.999))
    else:
        yield from (axis.at(0.0), axis.at(1.0))
