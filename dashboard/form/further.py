"""All other fields of a scenario, from the JSON Schema: whatever it can say of the things that it has.

They stand folded away, by part and thing, and are made when somebody opens them or looks for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dashboard.form.leaves import Leaf, Schema, choices_of, followed, leaf_of
from dashboard.form.parts import PARTS, WRITTEN, Part


def further(schema: Schema, data: Mapping[str, Any], shown: Iterable[Leaf]) -> tuple[Leaf, ...]:
    """All that a scenario can say of the things that it has and that has no field among those shown, part by part."""
    known = {leaf.path for leaf in shown}
    found: dict[str, list[Leaf]] = {part.name: [] for part in PARTS}
    for path, said, value, is_there in _below((), schema, data, schema):
        part = _part_of(path)
        if part is not None and ".".join(path) not in known:
            found[part.name].append(_further(part, path, said, value if is_there else None, is_there, schema))
    return tuple(leaf for part in PARTS for leaf in sorted(found[part.name], key=lambda leaf: leaf.item))


def _below(
    path: tuple[str, ...], said: Schema, value: Any, schema: Schema, is_there: bool = True
) -> Iterator[tuple[tuple[str, ...], Schema, Any, bool]]:
    """Each place that holds no map of its own: path, schema, value, whether what it belongs to is there."""
    meant = followed(said, schema)
    values = value if isinstance(value, Mapping) else {}
    if "properties" in meant and "maxProperties" not in meant:
        for key, inner in meant["properties"].items():
            there = is_there and (not path or bool(values) or said.get("default") is not None or "default" not in said)
            yield from _below((*path, key), inner, values.get(key), schema, there)
    elif member := _member(meant):
        for name, inside in values.items():
            yield from _below((*path, str(name)), member, inside, schema, is_there)
    else:
        yield path, said, value, is_there


def _member(meant: Schema) -> Schema | None:
    """What every name of a map holds; None: it is no map by name."""
    pattern = next(iter(meant.get("patternProperties", {}).values()), None)
    more = meant.get("additionalProperties")
    found: Schema | None = pattern if pattern is not None else more if isinstance(more, Mapping) else None
    return found


def _part_of(path: tuple[str, ...]) -> Part | None:
    """The part with the longest beginning of a path."""
    fitting = [part for part in PARTS if len(path) > len(part.path) and all(map(_fits, part.path, path))]
    return max(fitting, key=lambda part: len(part.path), default=None)


def _fits(step: str, key: str) -> bool:
    return step in {"*", key}


def _further(part: Part, path: tuple[str, ...], said: Schema, value: Any, is_there: bool, schema: Schema) -> Leaf:
    leaf = leaf_of(part, path, said, {path[-1]: value}, schema)
    steps = [key.replace("_", " ") for key in path[len(part.path) : -1]]
    label = ": ".join([*steps, leaf.label])
    default = leaf.default if is_there else None
    kind = leaf.kind if leaf.kind != "text" or _is_text(followed(said, schema)) else "yaml"
    unit = (leaf.unit if kind == leaf.kind else WRITTEN[kind]) or WRITTEN["share"]
    return replace(leaf, label=label[:1].upper() + label[1:], default=default, kind=kind, unit=unit, further=True)


def _is_text(meant: Schema) -> bool:
    """Whether a person writes plain text: a name, a price, a date."""
    return all(one.get("type") == "string" for one in (choices_of(meant) or [meant]))
