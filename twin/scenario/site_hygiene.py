"""The part of the site that is about hygiene: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.distributions import Constant, Distribution

#: Health of the animals, the cleanest first; a number is a place in it.
STATUSES = ("immunodeficient", "barrier", "conventional", "quarantined", "infected")
BARRIER, INFECTED = STATUSES.index("barrier"), STATUSES.index("infected")
#: Kind of the rooms in which animals live that may not go back into the barrier.
RETURN_HOUSING = "return_housing"
#: Kinds of rooms in which animals are in their own cages: who is there with them does not matter.
CAGED = frozenset(("recovery", "housing", RETURN_HOUSING, "radioactive_housing"))


@dataclass(frozen=True, slots=True)
class Spread:
    """How a contamination spreads until it is found.

    ``undetected``: how long it is there before [s]; ``to_animals`` and ``to_rooms``: the chance that an animal that
    comes into such a room catches it, and that one that has it brings it into another.
    """

    undetected: Distribution
    to_animals: float
    to_rooms: float


@dataclass(frozen=True, slots=True)
class Contamination:
    """A room turns out to be contaminated at ``at_s``, or at random; the animals of ``studies`` are infected then.

    ``spread`` None: it stays where it is.
    """

    name: str
    room: str
    at_s: float | None
    time_between: Distribution | None
    clean_up: Distribution
    closed: Distribution
    studies: tuple[str, ...]
    spread: Spread | None = None


@dataclass(frozen=True, slots=True)
class Hygiene:
    """All of it.

    Attributes
    ----------
    status : mapping of study to int
        Of the studies that say it: a place in `STATUSES`.
    biosafety : mapping of study to int
    levels : mapping of room to int
        Biosafety level.
    barrier_rooms : frozenset of str
        Rooms of the barrier, which take only its animals, and from which these may go back.
    contained : bool
        Whether any study needs more than level 1.
    stay_away_s : float
    dirty_from_of_day_s : float or None
    """

    status: Mapping[str, int] = field(default_factory=dict)
    biosafety: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    barrier_rooms: frozenset[str] = frozenset()
    clean_first: bool = False
    dirty_from_of_day_s: float | None = None
    stay_away_s: float = 0.0
    decontamination: Distribution = field(default_factory=lambda: Constant(0.0))
    after_last_visit_s: float = 0.0
    contaminations: Mapping[str, Contamination] = field(default_factory=dict)

    @property
    def on(self) -> bool:
        """Whether there is anything that the clock must look after."""
        return bool(self.status or self.contaminations) or any(level > 1 for level in self.biosafety.values())

    def admits(self, room: str, study: str) -> bool:
        """Whether a room is for animals of a study at all: its level suffices, and the barrier is for its own."""
        if self.biosafety.get(study, 1) > self.levels.get(room, 1):
            return False
        return room not in self.barrier_rooms or study not in self.status or self.status[study] <= BARRIER

    def returns(self, room: str, study: str) -> bool:
        """Whether animals of a study may go back to where they live after they were in a room."""
        return self.status.get(study, INFECTED) > BARRIER or room in self.barrier_rooms
