"""What can go wrong, in words for the person who can put it right.

Every error is a `TwinError`, knows its exit code, and survives pickling, so that a worker process can hand it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: object, options: Iterable[str], least: float = 0.6) -> str | None:
    """The option that looks most like `name` (at least so much alike, 0 to 1), or None; letter case counts last."""
    lowered: dict[str, str] = {}
    for option in options:
        lowered.setdefault(option.lower(), option)
    close = get_close_matches(str(name)[:80].lower(), lowered, n=1, cutoff=least)
    return lowered[close[0]] if close else None


def as_word(text: str) -> str:
    """A name that a person writes as tables have it: small letters, words joined by ``_``."""
    return text.strip().lower().replace(" ", "_").replace("-", "_")


def instead(name: object, options: Iterable[str]) -> str:
    """What to say after a name that is not known: the nearest option, or all of them."""
    known = list(options)
    near = nearest(name, known)
    return f"did you mean {near!r}?" if near else f"known: {', '.join(known)}"


def shorten(value: object, width: int = 60) -> str:
    """`value` as Python writes it, cut at `width` characters; a huge integer by its size."""
    if isinstance(value, int) and value.bit_length() > 200:
        return f"an integer of {value.bit_length()} bits"
    text = repr(value)
    return text if len(text) <= width else text[: width - 3] + "..."


class TwinError(Exception):
    """The parent of every error that the twin raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(TwinError):
    """Wrong words on the command line: a command, an option, a choice or a plain number that only it knows.

    A quantity with its unit or a name of the tables, which a file could say as well, is a `DataError` or `UnitError`.
    """

    exit_code = 2


class UnitError(TwinError, ValueError):
    """A quantity that cannot be read: its unit is missing, unknown or of another dimension."""

    exit_code = 3


class DataError(TwinError, ValueError):
    """A table or a parameter, of ours or of the user, is wrong."""

    exit_code = 3


class LimitError(TwinError):
    """A licence, an authorisation or a budget is broken."""

    exit_code = 4


class StoreError(TwinError):
    """A run folder cannot be written or read."""


class NewerError(StoreError):
    """A store was written by a newer twin than this one."""

    exit_code = 3


class MissingError(StoreError):
    """There is no run or sweep of this name."""

    exit_code = 3


class TakenError(StoreError):
    """The place of a run folder is somebody else's; nothing there was touched."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a scenario: where, which value, why, what is allowed, the nearest name."""

    path: str
    message: str
    value: object | None = None
    line: int | None = None
    file: str | None = None
    allowed: str | None = None
    nearest: str | None = None

    @property
    def where(self) -> str:
        """``file, line 12, staff.anna.role``, as far as it is known."""
        line = None if self.line is None else f"line {self.line}"
        return ", ".join(part for part in (self.file, line, self.path) if part) or "scenario"

    def __str__(self) -> str:
        value = "" if self.value is None else shorten(self.value)
        shown = f"{value}: " if value and not self.message.startswith(value) else ""
        text = f"{self.where}: {shown}{self.message.rstrip('.')}"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.nearest:
            text += f"; did you mean {self.nearest!r}?"
        return text if text.endswith("?") else text + "."


class ScenarioError(TwinError):
    """All the mistakes of a scenario, at once; or of another file in the same language, which `what` names."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem], what: str = "scenario") -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.what = what
        super().__init__(self.problems, what)

    def __str__(self) -> str:
        count = len(self.problems)
        head = "1 problem" if count == 1 else f"{count} problems"
        return "\n".join([f"{head} in the {self.what}:", *(f"  - {problem}" for problem in self.problems)])


class CircleError(TwinError):
    """A run in which nothing can move: each waits for what the next one holds."""

    def __init__(self, circle: Iterable[str], message: str = "") -> None:
        self.circle: tuple[str, ...] = tuple(circle)
        self.message = message
        super().__init__(self.circle, message)

    def __str__(self) -> str:
        loop = " -> ".join((*self.circle, *self.circle[:1]))
        return f"{self.message or 'Nothing can move, a circle of waiting has closed'}: {loop}"
