"""The JSON Schema of a scenario file, in words of draft-07, so that editors complete and check it."""

from __future__ import annotations

from typing import Any

from twin import units
from twin.scenario.model import Scenario

DRAFT = "http://json-schema.org/draft-07/schema#"
TITLE = "Preclinical Twin scenario"


def json_schema() -> dict[str, Any]:
    """The schema; what a file inherits by ``extends`` need not stand in it, and ``null`` removes."""
    made = Scenario.model_json_schema(by_alias=True, mode="validation", ref_template="#/definitions/{model}")
    made["definitions"] = made.pop("$defs", {})
    made = _patchable(_draft_07(made))
    return {"$schema": DRAFT, **made, "title": TITLE}


def _draft_07(value: Any) -> Any:
    """The words that draft-07 does not have, in those that it has."""
    if isinstance(value, list):
        return [_draft_07(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _draft_07(item) for key, item in value.items() if key != "discriminator"}
    if isinstance(result.get("prefixItems"), list):
        result["items"] = result.pop("prefixItems")
        result.setdefault("additionalItems", False)
    if "$ref" in result and len(result) > 1:
        result = {"allOf": [{"$ref": result.pop("$ref")}], **result}
    return result


def _patchable(schema: dict[str, Any]) -> dict[str, Any]:
    """Nothing is required, because a file may be a patch, and every value may be ``null``, which removes it."""
    for model in (schema, *schema["definitions"].values()):
        model.pop("required", None)
        for name, said in model.get("properties", {}).items():
            model["properties"][name] = _nullable(said)
    return schema


def _nullable(said: dict[str, Any]) -> dict[str, Any]:
    """The same, or null; members of a map by name too. The default of a quantity is text with its unit."""
    if isinstance(said.get("default"), int | float) and "x-unit" in said:
        said = {**said, "default": _written(said["default"], said["x-unit"])}
    members = said.get("additionalProperties")
    if isinstance(members, dict):
        said = {**said, "additionalProperties": _or_null(members)}
    if "patternProperties" in said:
        by_name = {pattern: _or_null(member) for pattern, member in said["patternProperties"].items()}
        said = {**said, "patternProperties": by_name, "additionalProperties": False}
    about: dict[str, Any] = {key: said[key] for key in ("title", "description", "default") if key in said}
    kept = {key: item for key, item in said.items() if key not in about}
    return {**about, **_or_null(kept)}


def _or_null(said: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [said, {"type": "null"}]}


def _written(value: float, unit: str) -> str:
    """A quantity as a person would write it, without loss."""
    texts = (units.fmt(value, unit, digits=digits) for digits in range(3, 17))
    return next(text for text in texts if units.parse(text, unit) == value)
