"""The JSON Schema takes what loads, and refuses what an editor should mark."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft7Validator

from twin.scenario import merging, reading
from twin.scenario.loading import bundled
from twin.scenario.schema import json_schema

SCHEMA = json_schema()
NEWER = {
    "$defs",
    "prefixItems",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "$dynamicRef",
    "minContains",
}


def words(value):
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from words(item)
    elif isinstance(value, list):
        for item in value:
            yield from words(item)


def errors(data):
    return [error.message for error in Draft7Validator(SCHEMA).iter_errors(data)]


def test_it_is_draft_07():
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert not NEWER & set(words(SCHEMA))
    json.dumps(SCHEMA, allow_nan=False)


def test_the_sound_scenario_fits(patched):
    assert errors(patched().data) == []


@pytest.mark.parametrize("name", sorted(bundled()))
def test_every_bundled_scenario_fits(name):
    assert errors(reading.plain(reading.read_bytes(bundled()[name].read_bytes(), name))) == []


@pytest.mark.parametrize(
    "text",
    [
        "extends: baseline",
        "extends: [a, b]",
        "staff: {technologist: null}",
        "opening: {hours: {mon-fri: ['08:00-12:00', '13:00-18:00'], sat: closed}}",
        "opening: {hours: 24/7}",
        "protocols: {p: {scan: {lognormal: {median: 1 min, p95: 3 min}}, fasting: [1 h, 2 h]}}",
        "protocols: {p: {scan: {empirical: {file: x.csv, column: c, unit: min}}}}",
        "studies: {s: {arrival: {bookings: list.csv}}}",
        "numbers: {tasks.pet_static: {value: 5 min}}",
        "hot_lab: {residual: 5 %}",
        "hot_lab: {residual: 0.05}",
    ],
)
def test_what_may_be_written(text):
    assert errors(reading.plain(reading.read_text(text, "x"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "staf: {}",
        "staff: {technologist: {rol: x}}",
        "staff: {technologist: {count: two}}",
        "policies: {queue: x}",
        "hot_lab: {deliveries: {fdg: {activity: 500}}}",
        "protocols: {p: {scan: 15}}",
        "protocols: {p: {scan: {triangle: [1 min, 2 min, 3 min]}}}",
        "opening: {hours: {monday: closed}}",
    ],
)
def test_what_an_editor_marks(text):
    assert errors(reading.plain(reading.read_text(text, "x"))) != []


def test_fields_are_explained():
    count = SCHEMA["definitions"]["Scanner"]["properties"]["count"]
    assert "name-1" in count["description"]
    assert merging.same(SCHEMA["title"], "Preclinical Twin scenario")
