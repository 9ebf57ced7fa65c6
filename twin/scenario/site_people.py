"""The part of the site that says what people may do: what the clock gets, plain frozen values in SI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.distributions import Distribution
from twin.scenario.weeks import Week

#: Before the names of the plans of booked time: ``people/PERSON/ITEM``.
PLANS = "people"
#: What decides how injections go, beside the words of tasks.
INJECTION = "injection"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What somebody needs for some skills up to a moment; a course of the plan ``people/PERSON/NAME`` renews it."""

    name: str
    skills: frozenset[str]
    expiry_s: float
    valid_for_s: float
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Booked:
    """Booked time of one person: ``certificate`` says whether it renews the one of its name."""

    name: str
    task: str
    moments_s: tuple[float, ...]
    duration: Distribution
    certificate: bool = False


@dataclass(frozen=True, slots=True)
class Practice:
    """How doing a thing again changes it.

    ``exponent`` is that of the learning curve, so that a task takes ``(n / routine) ** exponent`` times as long the
    n-th time, up to ``routine``; ``slower`` times as long under supervision. From ``ordinary_from`` and
    ``competent_from`` injections on, somebody is of that level.
    """

    exponent: float = 0.0
    routine: float = 1.0
    slower: float = 1.0
    ordinary_from: float = 0.0
    competent_from: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person holds, learns, has done before and has booked; ``training`` is skill -> tasks until signed off."""

    certificates: tuple[Certificate, ...] = ()
    training: Mapping[str, int] = field(default_factory=dict)
    experience: Mapping[str, int] = field(default_factory=dict)
    booked: tuple[Booked, ...] = ()
    on_call: Week | None = None
    response_s: float = 0.0
    studies: frozenset[str] | None = None

    @property
    def plain(self) -> bool:
        """Whether there is nothing to keep account of."""
        return not (self.certificates or self.training or self.experience or self.booked)
