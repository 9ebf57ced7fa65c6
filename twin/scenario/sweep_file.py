"""A sweep file: what is varied, how, and how often; read and checked before anything is played."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, ValidationError

from twin import units
from twin.distributions import Distribution
from twin.errors import Problem, ScenarioError, UnitError, nearest
from twin.scenario import distribution_words, files, layers, loading, reading
from twin.scenario.loading import Resolved
from twin.scenario.model_base import Model, Name
from twin.scenario.reading import Path
from twin.scenario.validation import Help, Place, locate, problems, unique

NEWEST = 1
MOST_BYTES, MOST_POINTS = 5_000_000, 1_000_000
STEPS = 5
_QUANTITY = re.compile(r"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s*(.*)")

Value: TypeAlias = Any


class AxisModel(Model):
    """One thing that is varied: exactly one of values, range and distribution."""

    path: str
    """What is set, as ``--set`` has it: ``staff.technologist.count``."""
    values: Annotated[tuple[Any, ...], Field(min_length=1)] | None = None
    """A list."""
    range: Annotated[tuple[Any, ...], Field(min_length=2, max_length=2)] | None = None
    """Lowest and highest; two whole numbers give whole numbers."""
    steps: Annotated[int, Field(ge=2, le=1000, strict=True)] | None = None
    """How many values of a range a grid takes; none: 5."""
    distribution: dict[str, Any] | None = None
    """From which values are drawn, as in a scenario, of quantities in ``unit``."""
    unit: str | None = None
    """Of a distribution; none: bare numbers."""


class SweepModel(Model):
    """A sweep."""

    schema_: Annotated[int, Field(alias="schema", ge=1, strict=True)] = NEWEST
    kind: Literal["sweep"]
    name: Name
    question: str = ""
    base: str
    """The scenario that is varied: a bundled name, or a file beside this one."""
    set: dict[str, Any] = Field(default_factory=dict)
    """What is set in every run, by path."""
    axes: Annotated[dict[Name, AxisModel], Field(min_length=1)]
    design: Literal["grid", "latin_hypercube", "sobol", "csv"] = "grid"
    points: Annotated[int, Field(ge=1, le=MOST_POINTS, strict=True)] | None = None
    """Of latin_hypercube and sobol."""
    file: str | None = None
    """Of csv: one column for each axis, one row for each point."""
    replications: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 5
    kpis: tuple[str, ...] = ()
    """What is shown first."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that is varied, ready to be asked for values.

    Attributes
    ----------
    name, path : str
    levels : tuple or None
        The values of a list.
    low, high : float
        The ends of a range, in `unit`.
    unit : str
        What stands behind numbers; empty: bare numbers.
    whole : bool
        Whether a range has whole numbers.
    steps : int
        Values of a range in a grid.
    distribution : Distribution or None
    """

    name: str
    path: str
    levels: tuple[Value, ...] | None = None
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    whole: bool = False
    steps: int = STEPS
    distribution: Distribution | None = None

    def grid(self) -> tuple[Value, ...]:
        """The values of a grid."""
        if self.levels is not None:
            return self.levels
        if self.whole and self.high - self.low < self.steps:
            return tuple(range(int(self.low), int(self.high) + 1))
        return tuple(dict.fromkeys(self.at(k / (self.steps - 1)) for k in range(self.steps)))

    def at(self, uniform: float) -> Value:
        """The value at a place between 0 and 1."""
        if self.levels is not None:
            return self.levels[min(int(uniform * len(self.levels)), len(self.levels) - 1)]
        if self.whole:
            return int(self.low) + min(int(uniform * (self.high - self.low + 1)), int(self.high - self.low))
        number = self.low + uniform * (self.high - self.low)
        if self.distribution is not None:
            number = float(self.distribution.sample(min(max(uniform, 1e-12), 1.0 - 1e-12)))
        return self._written(number)

    def _written(self, number: float) -> Value:
        """Six digits, so that a file says the same everywhere."""
        short = float(f"{number:.6g}")
        return f"{short:.6g} {self.unit}" if self.unit else short


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


def bundled() -> dict[str, FilePath]:
    """The sweeps that are shipped, by name."""
    folder = FilePath(str(resources.files("scenarios"))) / "sweeps"
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
    path = _find(source)
    data, where = _read(path)
    try:
        model = SweepModel.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(unique(problems(error, data, where, _help))) from None
    return _Reading(model, path, where).made()


def _find(source: str | FilePath) -> FilePath:
    known = bundled()
    if str(source) in known:
        return known[str(source)]
    path = FilePath(source)
    if not path.is_file():
        near = nearest(path.stem, known)
        message = "there is no such sweep file, and no bundled sweep of this name"
        raise ScenarioError([Problem("", message, str(source), allowed=", ".join(known) or None, nearest=near)])
    return path


def _read(path: FilePath) -> tuple[dict[str, Any], dict[Path, Place]]:
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
        message = "this is no sweep file: its first keys are 'schema: 1' and 'kind: sweep'"
        raise ScenarioError([Problem("kind", message, file=name)])
    return data, {at: (name, line) for at, line in reading.lines(written)}


def _help(path: Path, detail: Any) -> Help:
    """What is allowed at a path, and the nearest name."""
    if detail["type"] == "extra_forbidden":
        model = AxisModel if path[:1] == ("axes",) else SweepModel
        known = [info.alias or key for key, info in model.model_fields.items()]
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
            return Axis(name, said.path, tuple(said.values), unit=_common_unit(said.values))
        return self._range(at, name, said) if said.range is not None else self._distribution(at, name, said)

    def _range(self, at: Path, name: str, said: AxisModel) -> Axis | None:
        assert said.range is not None
        low, high = (_quantity(value) for value in said.range)
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


def setting_text(path: str, value: Value) -> str:
    """``PATH=VALUE`` as ``--set`` takes it; JSON is YAML."""
    return f"{path}={json.dumps(value)}"


def _quantity(value: Value) -> tuple[float, str] | None:
    """Number and unit of a value; None: it is neither a number nor a quantity."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), ""
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None or not found[2]:
        return None
    try:
        return float(found[1]), found[2].strip()
    except ValueError:
        return None


def _common_unit(values: Sequence[Value]) -> str:
    """The unit that all quantities of a list have; empty: none."""
    found = {quantity[1] if (quantity := _quantity(value)) else None for value in values}
    unit = found.pop() if len(found) == 1 else None
    return unit or ""


def number_of(value: Value, unit: str) -> float | None:
    """The number of a value of an axis with a unit; None: it has none."""
    quantity = _quantity(value)
    return quantity[0] if quantity is not None and quantity[1] == unit else None
