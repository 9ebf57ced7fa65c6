"""Between what stands in a field and what stands in a scenario.

What cannot be read goes through as it is: the twin says what is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from dashboard.form.leaves import Leaf

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"[A-Za-z]{3,5}(?:-[A-Za-z]{3})?"
_HOURS = r"(?:closed|\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2})"
_ENTRY = re.compile(rf"({_DAY})\s*:?\s+({_HOURS}(?:\s*,\s*{_HOURS})*)")


def shown(leaf: Leaf) -> Any:
    """What stands in the field when nothing has been changed: text, a whole number or a truth."""
    return written(leaf, leaf.now)


def written(leaf: Leaf, value: Any) -> Any:
    """A value of a scenario as it stands in a field."""
    if value is None:
        return "" if leaf.kind != "switch" else False
    if leaf.kind in {"switch", "count"}:
        return value
    if leaf.kind == "week":
        return _week_text(value)
    if leaf.kind == "yaml" or isinstance(value, Mapping):
        return flow(value)
    if leaf.kind == "days" and isinstance(value, list | tuple):
        return ", ".join(DAYS[day] if isinstance(day, int) else str(day) for day in value)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _week_text(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    entries = {day: hours if isinstance(hours, list | tuple) else [hours] for day, hours in value.items()}
    return "; ".join(f"{day} {', '.join(map(str, hours))}" for day, hours in entries.items())


def read(leaf: Leaf, field: Any) -> Any:
    """What a field says, as a scenario would hold it; None: nothing."""
    text = field.strip() if isinstance(field, str) else field
    if text is None or text == "":
        return None
    reader = {
        "count": _count, "week": _week, "days": _days, "share": _share, "switch": _switch, "yaml": _yaml,
    }.get(leaf.kind)  # fmt: skip
    if reader is None and isinstance(text, str) and text.startswith(("{", "[")):
        reader = _yaml  # a distribution where a plain quantity may stand too
    return reader(text) if reader else text


def _count(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return int(value) if isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value) else value


def _switch(value: Any) -> Any:
    return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


def _share(value: Any) -> Any:
    try:
        return float(value)
    except ValueError:
        return value


def flow(value: Any) -> str:
    """A value as YAML in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and not _MEANT.fullmatch(value) else json.dumps(value)
    return json.dumps(value) if value is None or isinstance(value, bool | int | float) else str(value)


#: Text that YAML reads as text without marks, and that which it reads as something else.
_PLAIN = re.compile(r"[A-Za-z0-9_./%][A-Za-z0-9_./% +-]*")
_MEANT = re.compile(r"(?i)true|false|yes|no|on|off|null|[+-]?[\d.][\d._]*(e[+-]?\d+)?|\d+-\d+-\d+.*")


def _yaml(value: Any) -> Any:
    """YAML as a scenario would hold it; what is none goes through, for the twin to say what is wrong."""
    from twin import api

    try:
        return api.read_patch(f"value: {value}").get("value") if isinstance(value, str) else value
    except api.TwinError:
        return value


def _days(value: Any) -> Any:
    return [day.strip() for day in value.split(",")] if "," in value else value


def _week(value: str) -> Any:
    entries = [entry.strip() for entry in value.split(";") if entry.strip()]
    found = [_ENTRY.fullmatch(entry) for entry in entries]
    if not all(found):
        return value
    return {match[1].lower(): _hours(match[2]) for match in found if match}


def _hours(text: str) -> str | list[str]:
    hours = [re.sub(r"\s", "", part) for part in text.split(",")]
    return hours[0] if len(hours) == 1 else hours
