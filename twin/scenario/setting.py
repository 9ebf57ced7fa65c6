"""``--set PATH=VALUE``: one value of a scenario set from outside, by a path that exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from twin.errors import Problem, ScenarioError, nearest
from twin.scenario import merging
from twin.scenario.reading import Path, dotted, plain, read_text
from twin.scenario.shape import ROOT, Shape, child, names

#: How YAML writes nothing.
NULLS = ("~", "null", "Null", "NULL")


def patch(text: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The patch that ``staff.technologist.count=3`` means for these data.

    Parameters
    ----------
    text : str
        A dotted path, an equals sign, a value in YAML.
    data : mapping
        The merged scenario, which says what names there are.

    Raises
    ------
    ScenarioError
        When the form is wrong or the path is unknown.
    """
    words, equals, value = text.partition("=")
    if not equals or not words.strip():
        raise ScenarioError([Problem("--set", "write PATH=VALUE, e.g. staff.technologist.count=3", text)])
    if words.strip() == "extends":
        message = "what a scenario extends is read before anything is set; write it in a file"
        raise ScenarioError([Problem("extends", message, value, None, "--set")])
    given = None if value.strip() in NULLS else plain(read_text(value, "--set"))
    if given == {} and not value.strip().startswith("{"):
        message = "there is no value; write null to remove what is set, or '\"\"' for an empty text"
        raise ScenarioError([Problem(words.strip(), message, text, None, "--set")])
    return _with_its_distribution(path_of(words.strip(), data, given), given, data)


def _with_its_distribution(path: Path, given: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """The patch for a path; one that leads into a distribution of that word holds the rest of it too."""
    here: Any = data
    for length, key in enumerate(path[:-1]):
        if merging.is_distribution(here, path[:length]) and key in here:
            return merging.nested(path[:length], merging.merge(here, merging.nested(path[length:], given)))
        here = here.get(key) if isinstance(here, Mapping) else None
    return merging.nested(path, given)


def path_of(words: str, data: Mapping[str, Any], value: object) -> Path:
    """The path that a dotted text means; a name may hold dots itself."""
    parts = words.split(".")
    found = next(_paths(parts, ROOT, data, value), None)
    if found is None:
        raise ScenarioError([_unknown(parts, data, words)])
    return found


def _paths(parts: list[str], shape: Shape, data: Any, value: object) -> Iterator[Path]:
    """Every way to read the parts, the longest names first."""
    if not parts:
        yield ()
        return
    for length in range(len(parts), 0, -1):
        key, rest = ".".join(parts[:length]), parts[length:]
        below = _below(shape, key, data)
        if below is not None and _may(key, rest, shape, below, data, value):
            inner = data.get(key) if isinstance(data, dict) else None
            yield from ((key, *path) for path in _paths(rest, below, inner, value))


def _below(shape: Shape, key: str, data: Any) -> Shape | None:
    """What a key leads to; a value that is a map, such as hours by day, has keys of its own."""
    return child(shape, key) or (Shape() if shape.is_value and isinstance(data, dict) else None)


def _may(key: str, rest: list[str], shape: Shape, below: Shape, data: Any, value: object) -> bool:
    """Whether a key may be set: a model knows it, the data have it, or it is a new name with all that belongs to it."""
    if shape.model is not None or (isinstance(data, dict) and key in data):
        return True
    if shape.is_value:
        return "." not in key and not rest and value is not None
    if below.model is not None and below.model.__name__ == "Override":
        row = "." in key and key.rpartition(".")[2] not in below.model.model_fields
        return row and (bool(rest) or isinstance(value, dict))
    return "." not in key and not rest and value is not None and (below.model is None or isinstance(value, dict))


def _unknown(parts: list[str], data: Mapping[str, Any], words: str) -> Problem:
    """Where a path leaves what is known, and the nearest name there."""
    shape, here = ROOT, dict(data)
    path: list[str] = []
    for part in parts:
        known = list(names(shape)) if shape.model is not None else list(here)
        below = child(shape, part)
        if part not in known or below is None:
            near = nearest(part, known)
            hint = dotted((*path, near)) if near else None
            allowed = ", ".join(known) or None
            return Problem(words, f"there is nothing called {part!r} {_in(path)}", None, None, "--set", allowed, hint)
        path.append(part)
        inner = here.get(part)
        shape, here = below, inner if isinstance(inner, dict) else {}
    return Problem(words, "this path cannot be set", None, None, "--set")


def _in(path: list[str]) -> str:
    return f"in {'.'.join(path)}" if path else "in a scenario"
