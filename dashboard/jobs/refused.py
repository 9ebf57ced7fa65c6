"""What is not done, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

#: A mistake beside its field: ``{"path": "staff.anna.role", "message": "..."}``.
Mistake: TypeAlias = Mapping[str, str]


class Refused(Exception):  # noqa: N818 - it is no error of ours
    """What is asked for is not done; the text is a sentence for the person who asked.

    Attributes
    ----------
    problems : tuple of mapping
        ``path`` and ``message`` of each mistake that has a field.
    """

    def __init__(self, message: str, problems: Iterable[Mistake] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(dict(problem) for problem in problems)
