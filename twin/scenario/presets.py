"""Presets: a template with the settings that are usual for a tracer, from the table ``presets``.

``template: fdg`` is filled in before anything else is read. What a protocol says itself goes before its preset.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin import sources
from twin.sources import Numbers, Row

#: What a preset says for people only.
FOR_PEOPLE = ("time_points",)
TABLE = "presets"


def names(numbers: Numbers) -> tuple[str, ...]:
    """The presets of the table."""
    return numbers.subjects(TABLE, "template")


def filled(data: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The data with every preset filled in, and the keys of the rows that were used."""
    protocols = data.get("protocols")
    if not isinstance(protocols, Mapping):
        return dict(data), set()
    numbers, used = sources.default_numbers(), set[str]()
    known = names(numbers)
    made = dict(protocols)
    for name, said in protocols.items():
        if isinstance(said, Mapping) and said.get("template") in known:
            found, rows = settings(numbers, said["template"], data.get("numbers"))
            made[name] = {**found, **{key: value for key, value in said.items() if key != "template"}}
            used |= rows
    return {**data, "protocols": made}, used


def settings(numbers: Numbers, preset: str, overrides: Any = None) -> tuple[dict[str, Any], set[str]]:
    """What a preset sets, as a person would write it, and the keys of its rows."""
    beginning = f"{preset}."
    rows = [row for name, row in numbers.tables[TABLE].items() if name.startswith(beginning)]
    said = {row.name.removeprefix(beginning): _written(row, overrides) for row in rows}
    least, most = said.pop("fasting_least", None), said.pop("fasting_most", None)
    fasting = {} if least is None else {"fasting": [least, most]}
    return {key: value for key, value in said.items() if key not in FOR_PEOPLE} | fasting, {row.key for row in rows}


def _written(row: Row, overrides: Any) -> Any:
    """A row as a person would write it; the scenario's own value for it goes before."""
    own = overrides.get(row.key) if isinstance(overrides, Mapping) else None
    if isinstance(own, Mapping) and own.get("value") is not None:
        return own["value"]
    return row.text if row.unit == "text" else f"{row.value:g} {row.unit}"
