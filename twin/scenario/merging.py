"""Patches: maps merge by key, ``null`` removes, lists and scalars are replaced whole.

Everything here is plain data and changes nothing that it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from twin.errors import Problem, nearest
from twin.scenario.reading import Path, dotted

Map: TypeAlias = Mapping[str, Any]


def merge(base: Map, patch: Map) -> dict[str, Any]:
    """``base`` with ``patch`` over it.

    Examples
    --------
    >>> merge({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"c": None}, "d": [2, 3]})
    {'a': {'b': 1}, 'd': [2, 3]}
    """
    result = dict(base)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            below = result.get(key)
            result[key] = merge(below if isinstance(below, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def removals(base: Map, patch: Map, path: Path = ()) -> Iterator[Problem]:
    """What ``patch`` removes although ``base`` does not have it."""
    for key, value in patch.items():
        below = base.get(key)
        if value is None and key not in base:
            message = "null removes a key, but nothing below sets this one; leave it out"
            yield Problem(dotted((*path, key)), message, nearest=nearest(key, base))
        elif isinstance(value, Mapping):
            yield from removals(below if isinstance(below, Mapping) else {}, value, (*path, key))


def leaves(patch: Map, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What a patch sets or removes: every value that is no map, with its path; an empty map is a value."""
    for key, value in patch.items():
        if isinstance(value, Mapping) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def overlaps(one: Map, other: Map) -> Iterator[tuple[Path, Any, Any]]:
    """Where two patches disagree: path and both values.

    They disagree where both say something about a key, at least one of them no map, and not the same.
    """
    for key in one.keys() & other.keys():
        first, second = one[key], other[key]
        if isinstance(first, Mapping) and isinstance(second, Mapping):
            yield from (((key, *path), a, b) for path, a, b in overlaps(first, second))
        elif not same(first, second):
            yield (key,), first, second


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same type: 1 is not true."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return type(one) is type(other) and bool(one == other)


def nested(path: Path, value: Any) -> dict[str, Any]:
    """``("a", "b"), 1`` -> ``{"a": {"b": 1}}``."""
    result = value
    for key in reversed(path):
        result = {str(key): result}
    assert isinstance(result, dict)
    return result
