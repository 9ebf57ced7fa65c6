"""From the fields to a patch: what has been changed, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.form import values
from dashboard.form.leaves import Leaf


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs from the scenario."""

    leaf: Leaf
    field: Any

    @property
    def text(self) -> str:
        """What stands in the field, as a link carries it."""
        if isinstance(self.field, bool):
            return "true" if self.field else "false"
        return "" if self.field is None else str(self.field)

    @property
    def words(self) -> str:
        """``technologist, count: 3 → 5``."""
        before, after = (_told(self.leaf, field) for field in (values.shown(self.leaf), self.field))
        return f"{self.leaf.words}: {before} → {after}"


def _told(leaf: Leaf, field: Any) -> str:
    if leaf.kind == "switch":
        return "yes" if field in {True, "true"} else "no"
    text = "" if field is None else str(field)
    return (text.replace("_", " ") if leaf.kind == "choice" else text) or "not set"


def changes(leaves: Iterable[Leaf], fields: Mapping[str, Any]) -> tuple[Change, ...]:
    """The fields (path -> what stands in it) that say something else than the scenario does."""
    return tuple(
        Change(leaf, fields[leaf.path]) for leaf in leaves if leaf.path in fields and not _same(leaf, fields[leaf.path])
    )


def _same(leaf: Leaf, field: Any) -> bool:
    shown = values.shown(leaf)
    if type(shown) is type(field) and shown == field:
        return True  # unread: a large facility has thousands of fields, and YAML takes long to read
    before, value = values.read(leaf, shown), values.read(leaf, field)
    return type(before) is type(value) and bool(before == value)


def patch(changed: Iterable[Change]) -> dict[str, Any]:
    """What a scenario file would say: maps by key, ``null`` where something is taken away."""
    result: dict[str, Any] = {}
    for change in changed:
        _put(result, change.leaf.keys, _patched(change.leaf, values.read(change.leaf, change.field)))
    return result


def _patched(leaf: Leaf, value: Any) -> Any:
    """A map is merged into the one below: what it no longer says is removed."""
    if isinstance(value, Mapping) and isinstance(leaf.set, Mapping):
        return {day: None for day in leaf.set if day not in value} | dict(value)
    return value


def _put(result: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    for key in keys[:-1]:
        result = result.setdefault(key, {})
    result[keys[-1]] = value


def fields(leaves: Iterable[Leaf], said: Mapping[str, str]) -> dict[str, Any]:
    """What stands in every field: what is said for it (text, as a link carries it), else the scenario's value."""
    return {leaf.path: _typed(leaf, said[leaf.path]) if leaf.path in said else values.shown(leaf) for leaf in leaves}


def _typed(leaf: Leaf, text: str) -> Any:
    value = values.read(leaf, text)
    return value if leaf.kind in {"count", "switch"} and value is not None else text


def messages(leaves: Iterable[Leaf], problems: Iterable[Mapping[str, str]]) -> tuple[dict[str, str], list[str]]:
    """Problems sorted to their fields: path -> message, and those that belong to none (``path: message``)."""
    paths = [leaf.path for leaf in leaves]
    found: dict[str, str] = {}
    rest = []
    for problem in problems:
        path = problem["path"]
        own = next((field for field in paths if path == field or path.startswith(f"{field}.")), None)
        if own is None:
            rest.append(f"{path}: {problem['message']}" if path else problem["message"])
        else:
            found.setdefault(own, problem["message"])
    return found, rest


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two patches as one: maps are merged by key, of all else the upper one holds."""
    both = dict(below)
    for key, value in above.items():
        lower = both.get(key)
        merges = isinstance(lower, Mapping) and isinstance(value, Mapping)
        both[key] = laid_over(lower, value) if merges and isinstance(lower, Mapping) else value
    return both


def without(data: Mapping[str, Any], known: Collection[tuple[str, ...]], at: tuple[str, ...] = ()) -> dict[str, Any]:
    """A patch without what stands at the known places."""
    left: dict[str, Any] = {}
    for key, value in data.items():
        here = (*at, str(key))
        if here in known:
            continue
        if isinstance(value, Mapping) and value:
            inside = without(value, known, here)
            left |= {key: inside} if inside else {}
        else:
            left[key] = value
    return left
