"""Plain data as YAML that every reader takes the same way: what could be misread is quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_./ -]*[A-Za-z0-9_]|[A-Za-z]")
#: Words that some readers take for something else.
_TAKEN = frozenset("null true false yes no on off y n nan inf".split())


def lines(value: dict[str, Any], indent: str = "", *, ascii_only: bool = False) -> Iterator[str]:
    """The lines of a map; a map or a list that holds maps opens a new level, everything else stands on one line."""
    for key, item in value.items():
        name = f"{indent}{_text(key, ascii_only)}:"
        if isinstance(item, dict) and item:
            yield name
            yield from lines(item, indent + "  ", ascii_only=ascii_only)
        elif isinstance(item, list) and any(isinstance(part, dict | list) for part in item):
            yield name
            yield from (f"{indent}  - {inline(part, ascii_only)}" for part in item)
        else:
            yield f"{name} {inline(item, ascii_only)}"


def inline(value: Any, ascii_only: bool = False) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(k, ascii_only)}: {inline(v, ascii_only)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(item, ascii_only) for item in value) + "]"
    if isinstance(value, str):
        return _text(value, ascii_only)
    return json.dumps(value)


def _text(text: str, ascii_only: bool) -> str:
    if _BARE.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if _plain(char, ascii_only) else _escaped(char) for char in quoted)


def _plain(char: str, ascii_only: bool) -> bool:
    return char.isprintable() and (char.isascii() or not ascii_only)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
