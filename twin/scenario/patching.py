"""A scenario with a patch that somebody typed: text from anywhere, so that it reads no file but those it may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from twin.errors import Problem, ScenarioError
from twin.scenario import layers, loading, merging
from twin.scenario.embedding import embed, named
from twin.scenario.layers import Layer
from twin.scenario.loading import Resolved
from twin.scenario.reading import Written, dotted, lines, plain, read_text

PATCH = "patch"


def read_patch(text: str) -> dict[str, Any]:
    """The plain data of a patch; nothing written is an empty one.

    Raises
    ------
    ScenarioError
        When it is no YAML, no map, or says what only a file may say.
    """
    data = plain(_written(text))
    assert isinstance(data, dict)
    if "extends" in data:
        message = "a patch lies over the scenario that was picked; only a file says what it extends"
        raise ScenarioError([Problem("extends", message, data["extends"], file=PATCH)])
    return data


def _written(text: str) -> Written:
    written = read_text(text, PATCH)
    if not isinstance(written.content, dict):
        message = "a patch is a map of keys to values, such as 'days: 7'"
        raise ScenarioError([Problem("", message, line=written.line, file=PATCH)])
    return written


def changes(text: str) -> list[tuple[str, Any]]:
    """What a patch sets: dotted path and value; None removes."""
    return [(dotted(path), value) for path, value in merging.leaves(read_patch(text))]


def patched(
    source: str | FilePath, text: str, folder: FilePath | None = None, *, check: bool = True, **overrides: Any
) -> Resolved:
    """A scenario with a patch over it, as a file with this text that extends it would be.

    Parameters
    ----------
    source : str or Path
        A bundled name or a path.
    text : str
        YAML; may be empty.
    folder : path, optional
        The only folder whose files the patch may name; None: no files.
    check : bool
        Whether the meaning is checked too.
    **overrides
        Values of top-level keys, such as ``days=2``.

    Raises
    ------
    ScenarioError
        With all mistakes at once.
    """
    found = layers.collect(source)
    data = read_patch(text)
    if data:
        found = [*found, _layer(data, text, folder, found)]
    return loading.resolve(found, (), overrides, check)


def _layer(data: dict[str, Any], text: str, folder: FilePath | None, below: list[Layer]) -> Layer:
    """The patch as the last layer; it is called what the scenario is called unless it says otherwise."""
    own = {key: data.pop(key) for key in layers.OWN_KEYS if key in data}
    names = {key: below[-1].own[key] for key in ("name", "question") if key in below[-1].own}
    ancestors = frozenset(layer.name for layer in below)
    layer = Layer(PATCH, data, names | own, dict(lines(_written(text))), ancestors, below[-1].base)
    problems = [layer.problem(*mistake) for mistake in _file_mistakes(data, folder)]
    problems += layers.schema_problems(layer)
    if problems:
        raise ScenarioError(problems)
    return layer


def _file_mistakes(data: dict[str, Any], folder: FilePath | None) -> Iterator[tuple[Any, str, object]]:
    """Files outside the folder are not looked at; those inside are put in their place."""
    refused = [(path, _outside(folder), name) for path, name in named(data) if not _lies_in(name, folder)]
    yield from refused or embed(data, folder or FilePath())


def _outside(folder: FilePath | None) -> str:
    return "a patch cannot name files here" if folder is None else "a patch names only files of the scenarios' folder"


def _lies_in(name: object, folder: FilePath | None) -> bool:
    if folder is None or not isinstance(name, str):
        return False
    try:
        return (folder / name).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
