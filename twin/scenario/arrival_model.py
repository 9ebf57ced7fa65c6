"""When animals of a study come, and when each is visited, as models."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, WithJsonSchema

from twin.scenario.model_base import Count, Model, Name
from twin.scenario.quantities import (
    Frequency,
    Instant,
    Seconds,
    Weekdays,
)


class TimePoint(Model):
    """When a visit is due, counted from the arrival of the request."""

    at: Seconds = 0.0
    window: Seconds | None = None
    """Earliest and latest: ``at`` plus or minus the window; none: as soon as possible after ``at``."""
    protocol: Name | None = None
    """None: the study's."""


class Poisson(Model):
    """Requests that come at random with a constant rate."""

    rate: Frequency
    """At most one a second."""


class Hourly(Model):
    """Requests that come at random with a rate for each hour of the day."""

    rates: tuple[Frequency, ...] = Field(min_length=24, max_length=24)
    days: Weekdays = (0, 1, 2, 3, 4)


class BookingRow(Model):
    """One visit of a booking list."""

    animal: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    time_point: Name
    start: Instant
    scanner: Name | None = None


Bookings = Annotated[
    tuple[BookingRow, ...],
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "object"}}]}),
]


class Arrival(Model):
    """How requests come in: exactly one of the four."""

    dates: tuple[Instant, ...] | None = None
    bookings: Bookings | None = None
    """A CSV file with columns animal, time_point, start and, optionally, scanner; resolved: its rows."""
    poisson: Poisson | None = None
    hourly: Hourly | None = None
    batch: Count | None = None
    """Animals per request; none: the study's animals divided evenly over the dates, one for streams."""
