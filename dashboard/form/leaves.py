"""Fields from the JSON Schema and a scenario: what can be changed, what it is called, and its value now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dashboard.form.parts import COUNTED, PARTS, UNSET, WRITTEN, Part

Kind = Literal["count", "quantity", "share", "choice", "switch", "week", "days", "time", "text", "yaml"]
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One field.

    Attributes
    ----------
    path : str
        As problems name it, ``staff.technologist.count``.
    keys : tuple of str
        The same, key by key.
    part, item : str
        Part of the form, and the thing within it (``technologist``; empty if the part has no names).
    label, description, unit : str
        What a person reads; a unit for every kind of field.
    kind : str
        How it is written.
    set : Any
        Its value in the scenario as a person wrote it; None: not set.
    default : Any
        What holds when it is not set; None: something that the description says.
    options : tuple of str
        The values allowed, if they are few.
    minimum, maximum : float or None
    example : str
    further : bool
        Whether it stands folded away under all settings of its part or thing.
    """

    path: str
    keys: tuple[str, ...]
    part: str
    item: str
    label: str
    description: str
    unit: str
    kind: Kind
    set: Any = None
    default: Any = None
    options: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    example: str = ""
    further: bool = False

    @property
    def words(self) -> str:
        """``technologist, count``."""
        return f"{self.item}, {self.label.lower()}" if self.item else self.label

    @property
    def group(self) -> str:
        """Part and thing: what is folded away together."""
        return f"{self.part}:{self.item}"

    @property
    def now(self) -> Any:
        """The value that holds."""
        return self.default if self.set is None else self.set


def leaves(schema: Schema, data: Mapping[str, Any]) -> tuple[Leaf, ...]:
    """All fields for a scenario (merged data), part by part."""
    return tuple(leaf for part in PARTS if not part.folded for leaf in _of_part(part, schema, data))


def _of_part(part: Part, schema: Schema, data: Mapping[str, Any]) -> Iterator[Leaf]:
    for path, said, values in _places((), schema, data, part.path, schema):
        model = followed(said, schema)
        for key in part.keys or model["properties"]:
            yield leaf_of(part, (*path, key), model["properties"][key], values, schema)


def _places(
    path: tuple[str, ...], said: Schema, data: Any, steps: tuple[str, ...], schema: Schema
) -> Iterator[tuple[tuple[str, ...], Schema, Mapping[str, Any]]]:
    """Where a part's keys stand: path, schema and values of each map that has them."""
    values = data if isinstance(data, Mapping) else {}
    if not steps:
        yield path, said, values
        return
    model, step = followed(said, schema), steps[0]
    if step != "*":
        yield from _places((*path, step), model["properties"][step], values.get(step), steps[1:], schema)
        return
    member = next(iter(model["patternProperties"].values()))
    for name, below in values.items():
        yield from _places((*path, name), member, below, steps[1:], schema)


def followed(said: Schema, schema: Schema) -> Schema:
    """What is said once references and "or nothing" are followed."""
    while True:
        if "$ref" in said:
            said = schema["definitions"][said["$ref"].rsplit("/", 1)[1]]
        elif "allOf" in said:
            said = said["allOf"][0]
        elif (choices := choices_of(said)) and len(choices) == 1:
            said = choices[0]
        else:
            return said


def choices_of(said: Schema) -> list[Schema]:
    """What may stand there, but for nothing."""
    return [one for one in said.get("anyOf", ()) if one.get("type") != "null"]


def leaf_of(part: Part, path: tuple[str, ...], said: Schema, values: Mapping[str, Any], schema: Schema) -> Leaf:
    """The field of a key of a part, among the values of its map."""
    key, meant = path[-1], followed(said, schema)
    kind = _kind(meant)
    found = next((one for one in (meant, *choices_of(meant)) if "examples" in one), meant)
    example = str((found.get("examples") or [""])[0])
    return Leaf(
        path=".".join(path),
        keys=path,
        part=part.name,
        item=path[part.path.index("*")] if "*" in part.path else "",
        label=_label(said.get("title", key)),
        description=_prose(said.get("description", "")),
        unit=_unit(kind, path, example, part),
        kind=kind,
        set=values.get(key),
        default=UNSET.get(key, said.get("default")),
        options=tuple(meant.get("enum", ())),
        minimum=meant.get("minimum"),
        maximum=meant.get("maximum"),
        example=example,
    )


def _kind(meant: Schema) -> Kind:
    tests: tuple[tuple[Kind, bool], ...] = (
        ("quantity", "x-unit" in meant),
        ("choice", "enum" in meant),
        ("switch", meant.get("type") == "boolean"),
        ("count", meant.get("type") == "integer"),
        ("time", "pattern" in meant and ":" in str((meant.get("examples") or [""])[0])),
        ("days", meant.get("type") == ["string", "array"]),
        ("week", any("propertyNames" in one for one in choices_of(meant))),
        ("share", any(one.get("type") == "number" for one in choices_of(meant))),
    )
    return next((kind for kind, holds in tests if holds), "text")


def _unit(kind: Kind, path: tuple[str, ...], example: str, part: Part) -> str:
    if kind == "count":
        return COUNTED.get((part.path[0], path[-1]), "number")
    return example.split(" ", 1)[-1] if kind == "quantity" else WRITTEN[kind]


def _label(title: str) -> str:
    """``Injection Level`` -> ``Injection level``."""
    return title[:1] + title[1:].lower()


def _prose(description: str) -> str:
    """A description of the schema without the marks of its language, beginning with a capital."""
    text = re.sub(r"\s+", " ", description.replace("``", "")).strip()
    return text[:1].upper() + text[1:]
