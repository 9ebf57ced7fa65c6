"""YAML text to plain data with line numbers: the small, harmless part of YAML.

Tags, directives, duplicate keys and keys that are no plain words are refused. An alias may repeat an anchored value,
within a budget. Keys are always text. Dates and times stay text; the models read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from twin.errors import Problem, ScenarioError

MOST_BYTES = 5_000_000
MOST_VALUES = 200_000
DEEPEST = 60

Path: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = Any

#: What the parser lets escape on text that is no YAML.
_FAILURES = (ValueError, TypeError, LookupError, AttributeError, AssertionError, NotImplementedError, RecursionError)

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,4000}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(slots=True)
class Written:
    """A value as it stands in a file: its line and what it holds."""

    line: int
    content: dict[str, Written] | list[Written] | str | int | float | bool | None
    size: int = 1


@dataclass(slots=True)
class _Builder:
    """Puts the events of the parser together."""

    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, Written | None] = field(default_factory=dict)
    values: int = 0


def dotted(path: Path) -> str:
    """``("staff", "anna", "breaks", 0)`` -> ``staff.anna.breaks.0``."""
    return ".".join(str(part) for part in path)


def read_bytes(data: bytes, name: str) -> Written:
    """The mapping that a file holds.

    Parameters
    ----------
    data : bytes
        UTF-8.
    name : str
        Of the file, for messages.

    Raises
    ------
    ScenarioError
        When it is too large, not text, not YAML, empty, no mapping, or uses what is refused.
    """
    if len(data) > MOST_BYTES:
        raise _fatal(name, f"the file has {len(data)} bytes; the most is {MOST_BYTES}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fatal(name, f"the file is not UTF-8 text (byte {error.start})") from None
    written = read_text(text, name)
    if not isinstance(written.content, dict):
        raise _fatal(name, "the file is no map of keys to values, such as 'name: mine'", line=written.line)
    if not written.content:
        raise _fatal(name, "the file is empty")
    return written


@lru_cache(maxsize=64)
def read_text(text: str, name: str) -> Written:
    """One YAML document; the result is shared and must not be changed."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    builder = _Builder()
    try:
        written = _document(iter(YAML(typ="safe", pure=True).parse(text)), builder)
    except YAMLError as error:
        raise _syntax(error, name) from None
    except _FAILURES as error:
        raise _fatal(name, f"this cannot be read as YAML ({type(error).__name__})") from None
    except _StopReading as stop:
        builder.problems.append(Problem("", stop.message, line=stop.line))
        written = Written(stop.line, None)
    if builder.problems:
        raise ScenarioError(Problem(p.path, p.message, p.value, p.line, name, p.allowed) for p in builder.problems)
    return written


class _StopReading(Exception):  # noqa: N818 - never leaves this file
    """What follows cannot be read."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message, line)
        self.message, self.line = message, line


def _document(events: Iterator[Any], builder: _Builder) -> Written:
    """The only document of the stream; an empty mapping when there is none."""
    result: Written | None = None
    for event in events:
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            if event.version or event.tags:
                raise _StopReading("YAML directives (%YAML, %TAG) are refused", _line(event))
            if result is not None:
                raise _StopReading("a second document begins here; a file holds one document", _line(event))
            result = _value(next(events), events, builder, 0)
    if result is None or result.content is None:
        return Written(1, {})
    return result


def _value(event: Any, events: Iterator[Any], builder: _Builder, depth: int) -> Written:
    """The value that begins with an event."""
    line = _line(event)
    kind = type(event).__name__
    if depth > DEEPEST:
        raise _StopReading(f"this is nested more than {DEEPEST} deep", line)
    if kind == "AliasEvent":
        return _spend(_alias(event, builder), builder)
    _refuse_tag(event, builder)
    if event.anchor is not None:
        builder.anchors[event.anchor] = None
    written = Written(line, None)
    if kind == "MappingStartEvent":
        written.content = _mapping(events, builder, depth)
        written.size += sum(child.size for child in written.content.values())
    elif kind == "SequenceStartEvent":
        written.content = _list(events, builder, depth)
        written.size += sum(child.size for child in written.content)
    else:
        written.content = _scalar(event)
        builder.values += 1
    if event.anchor is not None:
        builder.anchors[event.anchor] = written
    return written


def _spend(written: Written, builder: _Builder) -> Written:
    """Count what an alias repeats, so that a few lines cannot mean a billion values."""
    builder.values += written.size
    if builder.values > MOST_VALUES:
        raise _StopReading(f"the aliases of this file stand for more than {MOST_VALUES} values", written.line)
    return written


def _alias(event: Any, builder: _Builder) -> Written:
    if event.anchor not in builder.anchors:
        raise _StopReading(f"alias *{event.anchor} has no anchor above it", _line(event))
    written = builder.anchors[event.anchor]
    if written is None:
        raise _StopReading(f"alias *{event.anchor} stands inside the value that it repeats", _line(event))
    return Written(_line(event), written.content, written.size)


def _refuse_tag(event: Any, builder: _Builder) -> None:
    tag = getattr(event, "tag", None)
    if tag is not None:
        shown = str(tag).replace("tag:yaml.org,2002:", "!!")
        builder.problems.append(Problem("", f"YAML tag {shown!r} is refused; write plain values", line=_line(event)))


def _mapping(events: Iterator[Any], builder: _Builder, depth: int) -> dict[str, Written]:
    content: dict[str, Written] = {}
    for event in events:
        if type(event).__name__ == "MappingEndEvent":
            break
        key = _key(event, builder)
        value = _value(next(events), events, builder, depth + 1)
        if key in content:
            message = f"key {key!r} stands here twice; first on line {content[key].line}"
            builder.problems.append(Problem(key, message, line=_line(event)))
        content[key] = Written(_line(event), value.content, value.size)
    return content


def _key(event: Any, builder: _Builder) -> str:
    if type(event).__name__ != "ScalarEvent":
        raise _StopReading("a key must be a plain word", _line(event))
    _refuse_tag(event, builder)
    key = str(event.value)
    if key == "<<" and event.implicit[0]:
        builder.problems.append(Problem("<<", "YAML merge keys are refused; use 'extends'", line=_line(event)))
    return key


def _list(events: Iterator[Any], builder: _Builder, depth: int) -> list[Written]:
    content: list[Written] = []
    for event in events:
        if type(event).__name__ == "SequenceEndEvent":
            break
        content.append(_value(event, events, builder, depth + 1))
    return content


def _scalar(event: Any) -> str | int | float | bool | None:
    """A plain scalar by the core schema of YAML 1.2; what is quoted is text."""
    text = str(event.value)
    if not event.implicit[0] or getattr(event, "style", None) in {"'", '"', "|", ">"}:
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def plain(written: Written) -> Plain:
    """The value without its lines; a fresh copy."""
    content = written.content
    if isinstance(content, dict):
        return {key: plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [plain(value) for value in content]
    return content


def lines(written: Written, path: Path = ()) -> Iterator[tuple[Path, int]]:
    """The line of every value, by its path."""
    yield path, written.line
    content = written.content
    if isinstance(content, dict):
        for key, value in content.items():
            yield from lines(value, (*path, key))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from lines(value, (*path, number))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _syntax(error: Any, name: str) -> ScenarioError:
    """The parser's complaint in one sentence."""
    mark = getattr(error, "problem_mark", None)
    words = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    line = None if mark is None else mark.line + 1
    return _fatal(name, f"this cannot be read as YAML: {words}", line=line)


def _fatal(name: str, message: str, line: int | None = None) -> ScenarioError:
    return ScenarioError([Problem("", message, line=line, file=name)])
