"""The part of a scenario that says where activity comes from, and what is kept in the hot lab."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated

from pydantic import Field

from twin.scenario.animals_model import TracerName
from twin.scenario.model_base import Count, Model, Name
from twin.scenario.quantities import (
    Activity,
    Day,
    Duration,
    Fraction,
    Instant,
    IntervalSeconds,
    MolarActivity,
    ResidualShare,
    Seconds,
    ShareDistribution,
    TimeOfDay,
    Volume,
    Weekdays,
)

__all__ = [
    "CalibratorCheck",
    "Delivery",
    "Drawn",
    "Generator",
    "HotLab",
    "Preparation",
    "Receipt",
    "ReleaseTest",
    "Start",
    "Supply",
]


class Delivery(Model):
    """A vial that arrives once or on given days. Arriving before the reference time is normal."""

    tracer: TracerName
    """What the vial holds (``twin list numbers`` shows the table ``tracers``)."""
    nuclide: str | None = None
    """None: that of the tracer in the table ``tracers``."""
    activity: Activity
    """At the reference time."""
    volume: Volume
    """Of the vial."""
    molar_activity: MolarActivity | None = None
    """At the reference time; none: mass is not modelled."""
    days: Weekdays | None = None
    """On which days of the week; needs times of day below."""
    dates: tuple[Day, ...] = ()
    """On which dates; instead of days."""
    arrives: TimeOfDay
    """When the vial is in the hot lab."""
    reference: TimeOfDay
    """For which the activity is stated."""
    expires: TimeOfDay
    """Use after expiry is refused; at or below ``arrives`` means on the next day."""
    delay: Duration | None = None
    """How much later than planned it comes; none: it is on time."""
    short: ShareDistribution | None = None
    """Share of the stated activity that is in the vial; none: all."""
    fails: Fraction = 0.0
    """Chance that it does not come. The hot lab learns of it when it should have come."""


class Receipt(Model):
    """Survey and paperwork before a vial that has arrived may be used."""

    duration: Duration
    skill: Name = "radiation_protection"


class CalibratorCheck(Model):
    """A check of the dose calibrator: until it is passed, no activity is measured and so none is drawn."""

    days: Weekdays | None = None
    """On which days of the week, but not on holidays."""
    dates: tuple[Day, ...] = ()
    """On which dates; instead of days."""
    at: TimeOfDay
    """When it falls due."""
    duration: Duration
    skill: Name = "hot_lab"
    fails: Fraction = 0.0
    """Chance that it is not passed; then it is done again at once."""


class Generator(Model):
    """A column with a long-lived parent whose daughter is eluted again and again."""

    parent: str
    daughter: str
    activity: Activity
    """Of the parent at the calibration time."""
    first: Instant
    """When the first one comes, just eluted."""
    calibration: Seconds = 0.0
    """From its coming to the time for which the activity is stated."""
    every: IntervalSeconds | None = None
    """A new one takes its place after this time; none: there is one."""
    life: Seconds
    """How long one may be used."""
    least_interval: Seconds = 0.0
    """Least time between two elutions."""
    elutions: Count | None = None
    """Most elutions of one generator; none: no limit."""


class Drawn(Model):
    """Activity that a preparation takes out of a vial of another tracer."""

    tracer: TracerName
    activity: Activity


class Start(Model):
    """Activity at the start of a synthesis, such as from a cyclotron's target."""

    nuclide: str
    activity: Activity


class ReleaseTest(Model):
    """What is tested before a preparation may be used (breakthrough, radiochemical purity)."""

    duration: Duration
    skill: Name = "hot_lab"
    fails: Fraction = 0.0
    """Chance that it is not passed; then the vial is waste."""


class Preparation(Model):
    """A vial that is made in the house: an elution, a kit that is labelled, a synthesis. One of the three is given."""

    tracer: TracerName
    """What is made."""
    generator: Name | None = None
    """It is eluted from this generator."""
    draws: Drawn | None = None
    """A kit is labelled with activity from another vial."""
    start: Start | None = None
    """It is synthesised from this activity."""
    uses: dict[Name, Count] = {}
    """Supplies that it takes, such as one kit."""
    yield_: ShareDistribution | None = Field(default=None, alias="yield")
    """Share of the activity that is in the product, apart from decay; none: all."""
    fails: Fraction = 0.0
    """Chance that nothing comes of it."""
    volume: Volume
    molar_activity: MolarActivity | None = None
    """When it is done; none: mass is not modelled."""
    days: Weekdays | None = None
    """On which days of the week, but not on holidays."""
    dates: tuple[Day, ...] = ()
    """On which dates; instead of days."""
    at: TimeOfDay
    """When it falls due; it begins when everything that it needs is there."""
    duration: Duration
    """Working time of the people."""
    people: Annotated[int, Field(ge=1, le=5, strict=True)] = 1
    skill: Name = "hot_lab"
    test: ReleaseTest | None = None
    """Release quality control; none: it may be used at once."""
    shelf_life: Seconds
    """From its end on."""


class Supply(Model):
    """Things on a shelf that are used up, and ordered again when few are left."""

    stock: Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
    """How many there are at the start."""
    reorder_at: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] = 0
    """As soon as so few are left, more are ordered."""
    order: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] = 1
    """How many are ordered."""
    lead_time: Duration
    """From order to arrival."""


class HotLab(Model):
    """Where activity comes in and is drawn."""

    room: Name | None = None
    deliveries: dict[Name, Delivery] = {}
    receipt: Receipt | None = None
    """What is done with each vial that arrives, before it may be used; none: nothing."""
    checks: dict[Name, CalibratorCheck] = {}
    """Of the dose calibrator (constancy, linearity, accuracy, geometry)."""
    generators: dict[Name, Generator] = {}
    preparations: dict[Name, Preparation] = {}
    supplies: dict[Name, Supply] = {}
    residual: ResidualShare | None = None
    """Share that stays in the syringe; none: table ``injection``."""
