"""What people may do: certificates that end, training at work, experience, booked time, on-call duty: models, in SI."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.scenario.model_base import Count, Model, Name
from twin.scenario.quantities import Day, Duration, Instant, IntervalSeconds, Seconds, TimeOfDay, Weekdays, WeekField

#: Whose hands a study has.
ServiceMode = Literal["full", "assisted", "self_service"]


class Renewal(Model):
    """A course that renews a certificate: booked time of the person."""

    at: Instant
    """From when on; it begins when the person is there and free."""
    course: Duration | None = None
    """How long it takes; none: table ``competences``."""
    valid_for: IntervalSeconds | None = None
    """How long the certificate is good for after it; none: table ``competences``, else a year."""


class Certificate(Model):
    """Something that somebody needs for some of their skills, and that ends."""

    expires: Day
    """Its last day."""
    skills: tuple[Name, ...] | None = None
    """What the person may not do without it; none: table ``competences``, by its name (``twin list certificates``)."""
    renewal: Renewal | None = None


class Training(Model):
    """A skill that somebody is learning at work: done only beside somebody who has it, until signed off."""

    supervised: Count | None = None
    """How many tasks under supervision before they are signed off; none: table ``competences``."""


class Booked(Model):
    """Booked time of each person of the group: a course, continuing education, an audit."""

    task: Literal["training", "audit"] = "training"
    days: Weekdays | None = None
    """On which days of the week, but not on holidays."""
    dates: tuple[Day, ...] = ()
    """On which dates; instead of days."""
    at: TimeOfDay
    """When it falls due; it begins when the person is there and free."""
    duration: Duration


class Service(Model):
    """The part of a study that says whose hands it needs, and when."""

    service: ServiceMode = "full"
    """Done by the staff; by staff and the users of the study, whoever is free; or by trained users, who do all that
    one of them can."""
    out_of_hours: bool = False
    """Whether its sessions begin when they are due, without a slot and at any hour: users come, and staff is called."""


class Standing(Model):
    """The part of a member of staff that says what they may do now, and how well."""

    certificates: dict[Name, Certificate] = {}
    """What they hold; what has ended bars them from the skills that it is needed for."""
    training: dict[Name, Training] = {}
    """Skills that they are learning, beside those that they have."""
    experience: dict[Name, Annotated[int, Field(ge=0, le=1_000_000, strict=True)]] = {}
    """How often they have done a task (a word of ``twin list tasks``, or ``injection``) before the run: it decides how
    long the task takes and how often injections fail, and grows. A task that is not named is routine."""
    education: dict[Name, Booked] = {}
    """Booked time."""
    on_call: WeekField | None = None
    """When they can be called outside their shifts, for studies that are done out of hours."""
    response: Seconds | None = None
    """From a call to the work; none: table ``competences``."""
    studies: tuple[Name, ...] | None = None
    """They are users who work for these studies only; none: they are staff."""
