"""Patches: maps merge by key, ``null`` removes; lists, scalars and distributions are replaced whole.

A distribution is a map of one word where the models hold one value: with another word in it, it would be none. All
patches begin at the top of a scenario. Everything here is plain data and changes nothing that it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from twin.errors import Problem, nearest
from twin.scenario import shape
from twin.scenario.distribution_words import FORMS
from twin.scenario.reading import Path, dotted

Map: TypeAlias = Mapping[str, Any]


def merge(base: Map, patch: Map, path: Path = ()) -> dict[str, Any]:
    """``base`` with ``patch`` over it; both stand at ``path`` of a scenario.

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
            if not isinstance(below, Mapping) or is_distribution(value, (*path, key)):
                below = {}
            result[key] = merge(below, value, (*path, key))
        else:
            result[key] = value
    return result


def is_distribution(value: Any, path: Path) -> bool:
    """Whether a map at this path of a scenario is a distribution, such as ``{constant: 5 min}``."""
    one_word = isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in FORMS
    return one_word and shape.at(path).is_value


def removals(base: Map, patch: Map, path: Path = ()) -> Iterator[Problem]:
    """What ``patch`` removes although ``base`` does not have it."""
    for key, value in patch.items():
        below = base.get(key)
        if value is None and key not in base:
            message = "null removes a key, but nothing below sets this one; leave it out"
            yield Problem(dotted((*path, key)), message, nearest=nearest(key, base))
        elif isinstance(value, Mapping) and not is_distribution(value, (*path, key)):
            yield from removals(below if isinstance(below, Mapping) else {}, value, (*path, key))


def leaves(patch: Map, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What a patch sets or removes: every value, with its path; an empty map and a distribution are values."""
    for key, value in patch.items():
        if isinstance(value, Mapping) and value and not is_distribution(value, (*path, key)):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def overlaps(one: Map, other: Map, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Where two patches disagree: path and both values.

    They disagree where both say something about a key, at least one of them no map, and not the same.
    """
    for key in one.keys() & other.keys():
        first, second = one[key], other[key]
        here = (*path, key)
        maps = isinstance(first, Mapping) and isinstance(second, Mapping)
        if maps and not (is_distribution(first, here) or is_distribution(second, here)):
            yield from overlaps(first, second, here)
        elif not same(first, second):
            yield here, first, second


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
