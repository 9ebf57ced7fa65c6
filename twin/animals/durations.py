"""How long a task takes, from the table ``tasks``."""

from __future__ import annotations

from twin.distributions import Distribution, from_dict
from twin.sources import Numbers


def names(numbers: Numbers) -> tuple[str, ...]:
    """The tasks of the table."""
    return tuple(numbers.tables["tasks"])


def duration(numbers: Numbers, name: str) -> Distribution:
    """The duration of a task [s]."""
    return from_dict(numbers.distribution(f"tasks.{name}"))


def mean_s(numbers: Numbers, name: str) -> float:
    """The mean duration of a task [s]."""
    return duration(numbers, name).mean
