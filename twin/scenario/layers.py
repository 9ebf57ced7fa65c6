"""The files that a scenario is made of: itself and what it extends, each read once, parents first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from twin.errors import Problem, ScenarioError, nearest
from twin.scenario import files, merging
from twin.scenario.embedding import embed
from twin.scenario.reading import MOST_BYTES, Path, dotted, lines, plain, read_bytes
from twin.scenario.validation import Place

NEWEST_SCHEMA = 1
OWN_KEYS = ("schema", "extends", "name", "question")
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Layer:
    """One patch: a file without the keys that are its own, or what was set on the command line.

    ``ancestors`` are the names of all the layers that it builds on.
    """

    name: str
    data: Mapping[str, Any]
    own: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)
    ancestors: frozenset[str] = frozenset()
    base: FilePath = field(default_factory=FilePath)

    def problem(self, path: Path, message: str, value: object = None) -> Problem:
        """A mistake in this layer, with its line as far as it is known."""
        return Problem(dotted(path), message, value, line_of(path, self.lines), self.name)


def line_of(path: Path, known: Mapping[Path, int]) -> int | None:
    """The line of a path or of the nearest path above it."""
    for length in range(len(path), 0, -1):
        if path[:length] in known:
            return known[path[:length]]
    return None


def bundled() -> dict[str, FilePath]:
    """The scenarios that are shipped, by name."""
    return {path.stem: path for path in sorted(_folder().glob("*.yaml"))}


def shipped() -> dict[str, FilePath]:
    """All of them, those in folders as ``theory/mm1``: what tests of theory and calibration play.

    Sweeps and optimisations are none.
    """
    folder = _folder()
    found = {path.relative_to(folder).with_suffix("").as_posix(): path for path in sorted(folder.rglob("*.yaml"))}
    return {name: path for name, path in found.items() if not name.startswith(("sweeps/", "optimise/"))}


def find(source: str | FilePath, base: FilePath) -> FilePath:
    """The file that a name or a path means; a path is relative to ``base``."""
    text = str(source)
    names = bundled()
    is_path = isinstance(source, FilePath) or text.endswith(SUFFIXES) or "/" in text or "\\" in text
    if not is_path and text in names:
        return names[text]
    for path in (base / text, _folder() / f"{text}.yaml"):
        if (found := _file(path)) is not None:
            return found
    if _is_there(base / text) and (reason := files.refusal(base / text)):
        raise ScenarioError([Problem("", reason, text)])
    close = nearest(FilePath(text).stem, names)
    if is_path:
        raise ScenarioError([Problem("", "there is no such file", text, nearest=close)])
    message = "there is no bundled scenario of this name (`twin list scenarios` shows them) and no such file"
    raise ScenarioError([Problem("", message, text, nearest=close)])


def _folder() -> FilePath:
    """Where the bundled scenarios are; those in its folders are found as ``theory/mm1``."""
    return FilePath(str(resources.files("scenarios")))


def _file(path: FilePath) -> FilePath | None:
    """The whole path of a file, or None if there is none."""
    try:
        whole = path.resolve()
        return whole if whole.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _is_there(path: FilePath) -> bool:
    """Whether something is there, of whatever kind."""
    try:
        return path.exists()
    except (OSError, ValueError, RuntimeError):
        return False


def collect(source: str | FilePath) -> list[Layer]:
    """The layers of a scenario, each after all that it builds on; the last is the scenario itself."""
    return _collect(find(source, FilePath()), (), {})


def _collect(path: FilePath, trail: tuple[FilePath, ...], seen: dict[FilePath, list[Layer]]) -> list[Layer]:
    """The layers of one file; ``trail`` are the files that extend it."""
    if path in trail:
        circle = " -> ".join(file.stem for file in (*trail[trail.index(path) :], path))
        message = f"the files extend each other in a circle: {circle}"
        raise ScenarioError([Problem("extends", message, file=_shown(path))])
    if path in seen:
        return seen[path]
    seen[path] = stacked(read_layer(path), (*trail, path), seen)
    return seen[path]


def stacked(
    layer: Layer, trail: tuple[FilePath, ...] = (), seen: dict[FilePath, list[Layer]] | None = None
) -> list[Layer]:
    """A layer after all that it builds on."""
    found = {} if seen is None else seen
    below: dict[str, Layer] = {}
    for parent in _parents(layer):
        below.update({other.name: other for other in _collect(parent, trail, found)})
    return [*below.values(), replace(layer, ancestors=frozenset(below))]


def read_layer(path: FilePath) -> Layer:
    """One file, with the files that it names (bookings, empirical values) put in their place."""
    name = _shown(path)
    try:
        content = files.read(path, MOST_BYTES)
    except ValueError as error:
        raise ScenarioError([Problem("", str(error), str(path), file=name)]) from None
    written = read_bytes(content, name)
    data = plain(written)
    where = dict(lines(written))
    own = {key: data.pop(key) for key in OWN_KEYS if key in data}
    layer = Layer(name, data, {"name": path.stem} | own, where, base=path.parent)
    problems = [layer.problem(at, message, value) for at, message, value in _embedded(layer)]
    if problems := [*schema_problems(layer), *problems]:
        raise ScenarioError(problems)
    return layer


def _embedded(layer: Layer) -> list[tuple[Path, str, object]]:
    """Embed in place (the data are the layer's own copy); what went wrong."""
    assert isinstance(layer.data, dict)
    return list(embed(layer.data, layer.base))


def _shown(path: FilePath) -> str:
    """A path as a person knows it: relative to the working folder if it lies there."""
    try:
        return str(path.relative_to(FilePath.cwd()))
    except ValueError:
        return path.name if path in bundled().values() else str(path)


def schema_problems(layer: Layer) -> Iterator[Problem]:
    """A newer schema is refused. There is no older one yet, so nothing to migrate."""
    schema = layer.own.get("schema", NEWEST_SCHEMA)
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        yield layer.problem(("schema",), f"the schema is a whole number from 1 to {NEWEST_SCHEMA}", schema)
    elif schema > NEWEST_SCHEMA:
        message = f"this file has a newer schema than this version reads ({NEWEST_SCHEMA}); update preclinical-twin"
        yield layer.problem(("schema",), message, schema)


def _parents(layer: Layer) -> Iterator[FilePath]:
    """The files that a layer extends."""
    said = layer.own.get("extends")
    listed = [] if said is None else said if isinstance(said, list) else [said]
    for name in listed:
        if not isinstance(name, str) or not name:
            message = "extends takes the name of a bundled scenario, a path, or a list of them"
            raise ScenarioError([layer.problem(("extends",), message, name)])
        try:
            yield find(name, layer.base)
        except ScenarioError as error:
            found = error.problems[0]
            line = line_of(("extends",), layer.lines)
            problem = Problem("extends", found.message, name, line, layer.name, nearest=found.nearest)
            raise ScenarioError([problem]) from None


def conflicts(layers: Sequence[Layer]) -> Iterator[Problem]:
    """Where two layers, neither built on the other, disagree and none above them decides."""
    told: set[Path] = set()
    for number, later in enumerate(layers):
        for earlier in layers[:number]:
            if earlier.name in later.ancestors:
                continue
            for path, first, second in merging.overlaps(earlier.data, later.data):
                if path not in told and not _decided(path, earlier, later, layers):
                    told.add(path)
                    yield _conflict(path, (earlier, first), (later, second))


def _decided(path: Path, earlier: Layer, later: Layer, layers: Sequence[Layer]) -> bool:
    """Whether a layer that builds on both says the last word."""
    above = (layer for layer in layers if {earlier.name, later.name} <= layer.ancestors)
    return any(path[: len(set_)] == set_ for layer in above for set_, _ in merging.leaves(layer.data))


def _conflict(path: Path, one: tuple[Layer, Any], other: tuple[Layer, Any]) -> Problem:
    said = [f"{layer.name} (line {line_of(path, layer.lines)}) {_says(value)}" for layer, value in (one, other)]
    message = f"{said[0]}, {said[1]}, and neither extends the other; set it in the file that extends both"
    return Problem(dotted(path), message)


def _says(value: Any) -> str:
    return "removes it" if value is None else f"says {str(value)[:40]!r}"


def combine(layers: Sequence[Layer]) -> tuple[dict[str, Any], dict[Path, Place], list[Problem]]:
    """What the layers make together: data, where each value was set, and what is wrong."""
    data: dict[str, Any] = {}
    where: dict[Path, Place] = {}
    problems = list(conflicts(layers))
    for layer in layers:
        below = _below(layer, layers)
        for problem in merging.removals(below, layer.data):
            line = line_of(tuple(problem.path.split(".")), layer.lines)
            problems.append(Problem(problem.path, problem.message, None, line, layer.name, nearest=problem.nearest))
        data = merging.merge(data, layer.data)
        where.update({path: (layer.name, line) for path, line in layer.lines.items()})
    return data, where, problems


def _below(layer: Layer, layers: Sequence[Layer]) -> dict[str, Any]:
    """What a layer finds: its ancestors, merged."""
    data: dict[str, Any] = {}
    for other in layers:
        if other.name in layer.ancestors:
            data = merging.merge(data, other.data)
    return data
