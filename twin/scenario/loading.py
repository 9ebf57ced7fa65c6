"""From a name or a path to a resolved scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from twin.errors import Problem, ScenarioError
from twin.scenario import layers, merging, overriding, presets, setting, validation
from twin.scenario.embedding import embed
from twin.scenario.layers import Layer
from twin.scenario.model import Scenario
from twin.scenario.reading import Path, dotted
from twin.sources import Numbers

__all__ = ["Resolved", "bundled", "load", "load_data", "resolve"]

bundled = layers.bundled

#: Where a value comes from that no file says.
SET, GIVEN = "--set", "argument"


@dataclass(frozen=True, eq=False)
class Resolved:
    """A scenario that needs nothing else.

    Attributes
    ----------
    scenario : Scenario
        The models, in SI.
    data : mapping
        The merged data as a person would write them, without ``extends``; files that they named are put in place.
    layers : tuple of str
        Names of the files that were merged, and what was set on top, in order.
    base : Path
        Folder of the scenario file.
    numbers : Numbers
        The tables with the scenario's overrides.
    warnings : tuple of Problem
        What is allowed but looks like a mistake.
    where : mapping
        File and line in which each path was set.
    """

    scenario: Scenario
    data: Mapping[str, Any]
    layers: tuple[str, ...]
    base: FilePath
    numbers: Numbers
    where: Mapping[Path, validation.Place]
    warnings: tuple[Problem, ...] = ()

    def problem(
        self, path: Path, message: str, value: object = None, allowed: str | None = None, nearest: str | None = None
    ) -> Problem:
        """A mistake at a path, with its file and line."""
        file, line = validation.locate(path, self.where)
        return Problem(dotted(path), message, value, line, file, allowed, nearest)


def load(source: str | FilePath, sets: Sequence[str] = (), *, check: bool = True, **overrides: Any) -> Resolved:
    """Read a scenario with all that it extends.

    Parameters
    ----------
    source : str or Path
        A path, or the name of a bundled scenario.
    sets : sequence of str
        ``PATH=VALUE`` with a dotted path and a value in YAML, such as ``staff.technologist.count=3``.
    check : bool
        Whether the meaning is checked too; without it only the form is.
    **overrides
        Values of top-level keys, such as ``days=2``; maps are merged.

    Raises
    ------
    ScenarioError
        With all mistakes at once.
    """
    found = layers.collect(source)
    return resolve(found, sets, overrides, check)


def load_data(
    data: Mapping[str, Any],
    name: str = "data",
    base: FilePath | None = None,
    sets: Sequence[str] = (),
    *,
    check: bool = True,
) -> Resolved:
    """A scenario from plain data, such as those of a manifest, or a patch that says what it ``extends``.

    ``sets`` are set on top, as by `load`.
    """
    copied = _plain(dict(data), ())
    assert isinstance(copied, dict)
    own = {key: copied.pop(key) for key in layers.OWN_KEYS if key in copied}
    layer = Layer(name, copied, {"name": name} | own, base=base or FilePath())
    return resolve(layers.stacked(layer), sets, {}, check)


def resolve(found: list[Layer], sets: Sequence[str], overrides: Mapping[str, Any], check: bool) -> Resolved:
    """Merge, validate, apply the numbers, check the meaning."""
    data, where, problems = layers.combine(found)
    if problems:
        raise ScenarioError(problems)
    own = {key: found[-1].own[key] for key in ("name", "question") if found[-1].own.get(key) is not None}
    data = {"schema": layers.NEWEST_SCHEMA, **own, **data}
    data, extra = _set(data, where, sets, overrides)
    data, preset_rows = presets.filled(data)
    scenario = validation.validate(data, where)
    names = (*(layer.name for layer in found), *extra)
    numbers = overriding.numbers(scenario, where)
    for key in sorted(preset_rows):
        numbers.row(key)
    resolved = Resolved(scenario, data, names, found[-1].base, numbers, where)
    return _checked(resolved) if check else resolved


def _set(
    data: dict[str, Any], where: dict[Path, validation.Place], sets: Sequence[str], overrides: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Put on top what the caller sets, and say so; ``where`` is told."""
    problems: list[Problem] = []
    patches = [(GIVEN, _given(overrides))] if overrides else []
    for text in sets:
        try:
            patches.append((SET, setting.patch(text, data)))
        except ScenarioError as error:
            problems += error.problems
    for name, patch in patches:
        mistakes = embed(patch, FilePath())
        problems += [Problem(dotted(path), message, value, file=name) for path, message, value in mistakes]
        problems += [replace(problem, file=name) for problem in merging.removals(data, patch)]
        data = merging.merge(data, patch)
        validation.relocate(where, patch, name)
    if problems:
        raise ScenarioError(problems)
    return data, [*(f"{key}=..." for key in overrides), *sets]


def _given(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Keys that a caller gives beside the scenario, as a patch."""
    if "extends" in overrides:
        message = "what a scenario extends is read before anything is set; write it in the scenario"
        raise ScenarioError([Problem("extends", message, overrides["extends"], file=GIVEN)])
    return {key: _plain(value, (key,)) for key, value in overrides.items()}


def _plain(value: Any, path: Path) -> Any:
    """Python values as YAML would hold them; keys of maps are text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item, (*path, str(key))) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, (*path, number)) for number, item in enumerate(value)]
    if isinstance(value, dt.date | dt.datetime | FilePath):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise ScenarioError([Problem(dotted(path), "only plain data can be set: text, numbers, lists, maps", value)])


def _checked(resolved: Resolved) -> Resolved:
    """The same with its warnings; its mistakes of meaning raise."""
    from twin.scenario import checks

    return replace(resolved, warnings=tuple(checks.require(resolved)))
