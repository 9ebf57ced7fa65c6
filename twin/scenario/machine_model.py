"""A scanner of the site and what keeps it fit, as models."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.scenario.model_base import Count, Model, Name
from twin.scenario.quantities import (
    Duration,
    Fraction,
    Instant,
    IntervalDuration,
    IntervalSeconds,
    PositiveLength,
    StepSeconds,
    TimeOfDay,
    Weekdays,
)
from twin.scenario.scanner_model import ScannerModel


class Breakdown(Model):
    """Failures and repairs of a scanner."""

    time_between_failures: IntervalDuration
    """Calendar time from one repair to the next failure, on average at least a minute."""
    repair_time: Duration
    """From failure to working again."""


class QualityControl(Model):
    """A quality control that blocks a scanner until it is passed."""

    days: Weekdays = (0, 1, 2, 3, 4)
    """On which days of the week."""
    at: TimeOfDay | None = None
    """When it falls due; none: when the facility first opens on a day, at midnight if it is open then."""
    warm_up: Duration | None = None
    """Machine time before it, without a person."""
    duration: Duration
    """Working time of a person at the scanner."""
    skill: Name = "quality_control"
    every: IntervalSeconds | None = None
    """With it the check falls due once in each such interval, on the first of ``days``; none: on each of ``days``."""
    blocks: Literal["all", "quantitative"] = "all"
    """What waits until it is passed: every session, or only those whose images are measured."""
    valid_for: IntervalSeconds | None = None
    """How long a passed check is good for: only after that time it blocks; none: it blocks as soon as it falls due."""
    fails: Fraction = 0.0
    """How often it is not passed; it is repeated once, then the service comes."""
    service: Duration | None = None
    """How long the service takes after a second failure; none: as a repair."""
    after_repair: bool = True
    """Whether it is due after a repair and a software update."""
    source: str | None = None
    """Phantom or source, for people to read."""


class Maintenance(Model):
    """Planned maintenance: the scanner is away."""

    first: Instant
    every: IntervalSeconds | None = None
    """Interval, at least a minute; none: once."""
    duration: Duration
    revalidate: bool = False
    """Whether quality controls are due again after it, as after a software update."""


class Scanner(Model):
    """A scanner with its beds."""

    model: str | None = None
    """A machine of the catalogue (``twin list scanners``); none: a machine of your own."""
    modality: Name | None = None
    """pet, ct, mri, ...; none: that of the model."""
    room: Name
    beds: Count = 1
    """Imaging cells, so that one can be loaded while another is scanned."""
    hotel: Annotated[int, Field(ge=1, le=20, strict=True)] = 1
    """Animals on one bed."""
    coils: Count = 1
    """Receive coils of an MRI: so many animals of a bed are scanned at once."""
    count: Count | None = None
    """How many such scanners, called name-1 to name-n; none: one."""
    geometry: ScannerModel | None = None
    """The measures of a PET ring of your own, or the path of a file that has them; none: those of the model."""
    collimator: Name | None = None
    """Of a SPECT, such as u_spect_ii_mouse_060 (``twin list collimators``); none: that of the model."""
    bore: PositiveLength | None = None
    """Free for the animals, who must fit; none: that of the model, if the catalogue has it."""
    as_catalogue: bool = False
    """What the scanner does not say itself comes from the tables: quality control, breakdowns, maintenance, prices."""
    quality_control: dict[Name, QualityControl] = {}
    breakdown: Breakdown | None = None
    maintenance: dict[Name, Maintenance] = {}
    price: str | None = None
    """Purchase price, e.g. ``"600000 EUR"``; none: not in the cost."""
    lifetime: StepSeconds = 10 * 365.25 * 86400.0
    """Time over which the price is written off (10 a is an assumption of ours)."""
    service_per_year: str | None = None
    """Service contract, e.g. ``"50000 EUR/year"``."""
