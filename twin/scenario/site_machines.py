"""The part of the site that says what its scanners are, and what keeps them fit."""

from __future__ import annotations

from dataclasses import dataclass

from twin.distributions import Distribution


@dataclass(frozen=True, slots=True)
class QualityControl:
    """A check that blocks its scanner; falls due at a time of day, or when the facility opens (None).

    ``every_days`` None: on each weekday named; else once in so many days. ``quantitative``: it blocks only sessions
    whose images are measured. ``valid_for_s`` None: it blocks when it falls due, else when it was passed so long ago.
    ``fails`` is how often it is not passed, ``service`` how long the service takes after a second failure.
    """

    name: str
    weekdays: frozenset[int]
    at_of_day_s: float | None
    warm_up: Distribution | None
    duration: Distribution
    skill: str
    every_days: int | None = None
    quantitative: bool = False
    valid_for_s: float | None = None
    fails: float = 0.0
    service: Distribution | None = None
    after_repair: bool = True

    @property
    def blocks_at_once(self) -> bool:
        """Whether every session waits for it as soon as it falls due."""
        return not self.quantitative and self.valid_for_s is None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Failures of a scanner and their repair [s]."""

    time_between_failures: Distribution
    repair_time: Distribution


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Planned maintenance: first at ``first_s``, then every ``every_s`` (None: once).

    ``revalidate``: the quality controls are due again after it.
    """

    name: str
    first_s: float
    every_s: float | None
    duration: Distribution
    revalidate: bool = False


@dataclass(frozen=True, slots=True)
class Scanner:
    """One scanner; ``beds`` are names such as ``pet/bed-1``, each for ``hotel`` animals."""

    name: str
    group: str
    model: str | None
    modality: str
    room: str
    beds: tuple[str, ...]
    hotel: int
    quality_control: tuple[QualityControl, ...]
    breakdown: Breakdown | None
    maintenance: tuple[Maintenance, ...]
    coils: int = 1
    collimator: str | None = None

    @property
    def luck_name(self) -> str:
        """By which its luck is addressed: the first of several has that of the one that it was without a count."""
        return self.group if self.name == f"{self.group}-1" else self.name
