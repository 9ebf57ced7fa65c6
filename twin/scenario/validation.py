"""Plain data to models: every mistake at once, in sentences for the person who wrote the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError

from twin.errors import Problem, ScenarioError, nearest
from twin.scenario import merging, shape
from twin.scenario.model import Scenario
from twin.scenario.model_base import LABEL_PATTERN
from twin.scenario.reading import Path, dotted

#: File and line; a value that was set from outside has no line.
Place: TypeAlias = tuple[str, int | None]
Where: TypeAlias = Mapping[Path, Place]
#: What is allowed, and the nearest name.
Help: TypeAlias = tuple[str | None, str | None]

_SENTENCES = {
    "bool_type": "true or false is due",
    "bool_parsing": "true or false is due",
    "int_type": "a whole number is due",
    "int_parsing": "a whole number is due",
    "int_from_float": "a whole number is due",
    "float_type": "a number is due",
    "float_parsing": "a number is due",
    "finite_number": "a finite number is due",
    "string_type": "text is due",
    "dict_type": "a map of names is due",
    "model_type": "a map of keys to values is due",
    "tuple_type": "a list is due",
    "missing": "this key is missing",
    "extra_forbidden": "unknown key",
    "string_too_long": "this name is too long; the most is {max_length} characters",
    "greater_than": "this must be greater than {gt}",
    "greater_than_equal": "this must be at least {ge}",
    "less_than": "this must be less than {lt}",
    "less_than_equal": "this must be at most {le}",
    "too_short": "the list is too short: {actual_length} entries, at least {min_length} are due",
    "too_long": "the list is too long: {actual_length} entries, at most {max_length} are due",
    "string_pattern_mismatch": "this is not a name; a name is a letter, then letters, digits, '_', '-' or '.'",
    "literal_error": "this is none of the words allowed",
}
_DATES = re.compile("^(date|datetime|timezone)_")


def validate(data: Mapping[str, Any], where: Where) -> Scenario:
    """The scenario that the data say.

    Parameters
    ----------
    data : mapping
        Plain data, merged.
    where : mapping
        File and line of each path.

    Raises
    ------
    ScenarioError
        With all mistakes.
    """
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(unique(problems(error, data, where, _help))) from None


def unique(problems: Iterator[Problem]) -> list[Problem]:
    """One problem for each path, in the order of the lines."""
    first: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.path, problem.file or ""), problem)
    return list(first.values())


def locate(path: Path, where: Where) -> tuple[str | None, int | None]:
    """File and line of a path; of a map that was only set, of what was set in it; else of the nearest path above."""
    below = None if path in where else next((place for key, place in where.items() if key[: len(path)] == path), None)
    if below is not None:
        return below
    for length in range(len(path), 0, -1):
        if path[:length] in where:
            return where[path[:length]]
    return None, None


def relocate(where: dict[Path, Place], patch: Mapping[str, Any], name: str) -> None:
    """Note that the values of a patch, and all that stood in their place, come from ``name``."""
    for path, _ in list(merging.leaves(patch)):
        for known in [other for other in where if other[: len(path)] == path]:
            del where[known]
        where[path] = (name, None)
        where[_value_path(path)] = (name, None)


def _value_path(path: Path) -> Path:
    """The value that a path lies in: of ``opening.hours.sat`` it is ``opening.hours``."""
    whole = (path[:length] for length in range(1, len(path)) if shape.at(path[:length]).is_value)
    return next(whole, path)


def problems(
    error: ValidationError, data: Mapping[str, Any], where: Where, help_with: Callable[[Path, Any], Help]
) -> Iterator[Problem]:
    """The mistakes of a file; ``help_with`` says of a path and a detail what is allowed, and the nearest name."""
    for detail in error.errors(include_url=False):
        path, value = _real(detail["loc"], data, detail["type"])
        file, line = locate(path, where)
        shown = None if detail["type"] == "missing" or isinstance(value, dict) else value
        allowed, near = help_with(path, detail)
        yield Problem(dotted(path), _sentence(detail), shown, line, file, allowed, near)


def _real(loc: tuple[str | int, ...], data: Any, kind: str) -> tuple[Path, Any]:
    """The path in the data (a location also names branches of unions), and the value there."""
    path: list[str | int] = []
    value = data
    for part in loc:
        if _holds(value, part):
            value = value[part]
        elif kind == "missing" and part == loc[-1]:
            value = None
        else:
            continue
        path.append(part)
    return tuple(path), value


def _holds(value: Any, part: str | int) -> bool:
    """Whether a map or a list has something there."""
    inside = isinstance(value, list) and isinstance(part, int) and part < len(value)
    return inside or (isinstance(value, dict) and part in value)


def _sentence(detail: Any) -> str:
    """What is wrong, without the words of the library that found it."""
    kind = detail["type"]
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if _DATES.match(kind):
        return "a date such as 2026-03-02 is due"
    if kind == "string_pattern_mismatch" and detail["ctx"]["pattern"] == LABEL_PATTERN:
        return "this holds characters that cannot be seen, or none at all"
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**detail.get("ctx", {}))
    return str(detail["msg"]).replace("Input should", "this should")


def _help(path: Path, detail: Any) -> Help:
    if detail["type"] == "extra_forbidden":
        known = list(shape.names(shape.at(path[:-1])))
        return ", ".join(known), nearest(path[-1], known)
    if detail["type"] == "literal_error":
        words = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return detail["ctx"]["expected"].replace("'", ""), nearest(detail["input"], words)
    return None, None
