"""What a patch says that has no field: something new, and the rest, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dashboard.form import new, patch

#: So many settings are said of something new, and so many characters of a value.
MOST_SAID, MOST_CHARACTERS = 5, 80


def told(below: Mapping[str, Any], rest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and words of each; what is new is one, however much is said of it."""
    known = set()
    for kind, name in new.added(below, rest):
        known.add((*kind.path, name))
        yield ".".join((*kind.path, name)), f"new {kind.word}: {name}{_brief(new.thing(rest, kind, name))}"
    yield from ((path, f"{path}: {_short(value)}") for path, value in _flat(patch.without(rest, known)))


def _flat(data: Mapping[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        here = (*at, str(key))
        if isinstance(value, Mapping) and value:
            yield from _flat(value, here)
        else:
            yield ".".join(here), value


def _brief(said: Mapping[str, Any]) -> str:
    """What can be said of a thing in a few words."""
    plain = [f"{key.replace('_', ' ')} {value}" for key, value in said.items() if isinstance(value, str | int | float)]
    return f" ({', '.join(plain[:MOST_SAID])}{', ...' if len(plain) > MOST_SAID else ''})" if plain else ""


def _short(value: Any) -> str:
    """A value in a list of changes."""
    text = "removed" if value is None else str(value)
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 3]}..."
