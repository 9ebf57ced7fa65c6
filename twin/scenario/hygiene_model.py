"""Hygiene as models: who may follow whom into a room, what it takes to make a room clean again."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from twin.scenario.model_base import Model, Name
from twin.scenario.quantities import Duration, Fraction, Instant, IntervalDuration, Seconds, TimeOfDay

#: Health of the animals, the cleanest first.
Status: TypeAlias = Literal["immunodeficient", "barrier", "conventional", "quarantined", "infected"]
#: Containment, from 1 (none) to 4: of work with genetically modified or infected animals, and of rooms.
BiosafetyLevel = Annotated[int, Field(ge=1, le=4, strict=True)]


class Spread(Model):
    """How a contamination spreads between rooms and animals until it is found; ``{}``: as the table has it."""

    undetected: Duration | None = None
    """How long it is there before it is found; none: table ``housekeeping``."""
    to_animals: Fraction | None = None
    """Chance that an animal that comes into such a room catches it; none: table ``housekeeping``."""
    to_rooms: Fraction | None = None
    """Chance that an animal that has caught it brings it into another room; none: table ``housekeeping``."""


class Contamination(Model):
    """A room turns out to be contaminated: at a date, or at random."""

    room: Name
    at: Instant | None = None
    """When it is found; instead of ``time_between``."""
    time_between: IntervalDuration | None = None
    """From the moment at which the room is open again to the next time, on average at least a minute."""
    clean_up: Duration | None = None
    """Working time once the room is empty; none: table ``tasks``."""
    closed: Duration | None = None
    """From then on until the samples say that the room may be used; none: table ``housekeeping``."""
    studies: tuple[Name, ...] = ()
    """Their animals count as infected from then on."""
    spread: Spread | None = None
    """Whether it spreads before it is found: then the other rooms are closed too, and the studies of infected animals
    count as infected. None: it stays where it is."""


class Hygiene(Model):
    """Rules between animals of different health. They apply to the studies that say their ``hygiene``."""

    order: Literal["as_booked", "clean_first"] = "as_booked"
    """Under ``clean_first`` the cleaner animals go before the others: when slots are given in rounds, and in every
    queue."""
    dirty_from: TimeOfDay | None = None
    """Animals that are not of the barrier get no slot that begins earlier in the day; none: no such rule."""
    stay_away: Seconds | None = None
    """How long people stay away from cleaner animals after work with others; none: table ``housekeeping``."""
    decontamination: Duration | None = None
    """Working time to make a room fit for cleaner animals than were in it; none: table ``tasks``."""
    after_last_visit: Seconds = 0.0
    """How long animals that may not go back keep their place in a room of kind ``return_housing`` after the last time
    point of their study."""
    contaminations: dict[Name, Contamination] = {}
