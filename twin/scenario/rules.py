"""The part of a scenario that says what is allowed, wanted and paid: models, with every unit already SI."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from twin.scenario.animals_model import Severity, TracerName, Warming
from twin.scenario.model_base import Count, Model, Name
from twin.scenario.quantities import Activity, Day, Fraction, Seconds, StepSeconds, VolumePerMass


class Authorisation(Model):
    """What a project may do."""

    animals: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
    procedures: tuple[Name, ...] | None = None
    """Protocols allowed; none: all."""
    severity: Severity = "mild"
    expires: Day
    spacing: Seconds = 0.0
    """Least time between two anaesthesias of an animal."""
    anaesthesias: Count | None = None
    """Most anaesthesias of an animal."""
    volume: VolumePerMass | None = None
    """The most that may be injected into a vein; none: by the species (``policies.bolus``, and ``infusion`` of the
    protocol)."""


class SourceLicence(Model):
    """Most activity of a nuclide, animals and waste included."""

    site: Activity | None = None
    rooms: dict[Name, Activity] = {}
    expires: Day | None = None
    """Its last day; afterwards nothing is delivered or drawn. None: it has no end."""


class FacilityPermit(Model):
    """What the whole facility holds: as a user of animals, for ionising radiation, for a biosafety level."""

    expires: Day
    """Its last day; afterwards no visit begins that needs it."""
    protocols: tuple[Name, ...] | None = None
    """What it is needed for; none: every protocol."""


class Authorisations(Model):
    """Project authorisations, the source licence, and what the facility holds."""

    facility: dict[Name, FacilityPermit] = {}
    projects: dict[Name, Authorisation] = {}
    sources: dict[str, SourceLicence] = {}
    """By nuclide."""


class Policies(Model):
    """The rules by which the facility is run: what a manager would test.

    No default is measured: where none of a table stands in, it is an assumption of ours, to be set to what is done.
    """

    booking: Literal["walk_in", "first_come", "earliest_due", "batch_by_tracer", "given"] = "first_come"
    """How visits get slots; walk_in: none, they start when they are due."""
    slot_minimum: StepSeconds = 1800.0
    """Shortest slot in the book, at least a second; 30 min is an assumption of ours."""
    slot_step: StepSeconds = 900.0
    """Longer slots, and their beginnings, go by this step, at least a second; 15 min is an assumption of ours."""
    planned_share: Annotated[Fraction, Field(ge=0.1)] = 0.9
    """Share of a vial's activity, and of the volume and mass of one injection, that the book plans for, from 0.1 to 1;
    the rest is for lateness and failed injections (0.9 is an assumption of ours)."""
    hotel_wait: Seconds = 3600.0
    """How long a request waits for others of its study and time point before its session is booked (1 h is an
    assumption of ours)."""
    overbooking: Annotated[int, Field(ge=0, le=20, strict=True)] = 0
    """Sessions that each scanner is given on a day beyond its free slots, because some will not come; who comes all the
    same waits."""
    urgent_reserve: Seconds = 0.0
    """Time at the end of each day that is kept for studies that are ``urgent``."""
    urgent_release: Seconds | None = None
    """How long before it begins such a time is given to everybody; none: table ``housekeeping``."""
    allocation: Literal["as_booked", "randomised", "counterbalanced"] = "as_booked"
    """Groups over hotel places, injection order and day."""
    queue: Literal["pass_over", "reserve"] = "pass_over"
    """Whether a request that cannot be met is passed over or keeps what it needs free."""
    shift_end: Literal["finish", "preempt", "ignore"] = "finish"
    """What becomes of a task when the person's shift ends: it is finished in overtime, handed over or left, or shifts
    bind only new starts."""
    late_delivery: Literal["wait", "swap", "scale", "rebook", "cancel"] = "wait"
    """What becomes of animals for whom there is not enough tracer yet, while more is to come today: they wait; they
    wait and a session with another tracer is begun in their place (``swap``); they get what there is (``scale``); they
    are fed and booked again (``rebook``); they are not imaged (``cancel``)."""
    least_activity: Annotated[Fraction, Field(ge=0.05)] = 0.5
    """Under ``scale``, the least share of the prescribed activity that is still worth an injection (0.5 is an
    assumption of ours)."""
    breakdown: Literal["wait", "rebook"] = "wait"
    """Animals on a broken scanner: wait within the anaesthesia limit, or recover and book again."""
    analysis: Literal["none", "by_hand", "automatic"] = "none"
    """What becomes of archived images: they are left as they are, or processed and segmented by a person, or by the
    computers and looked over by a person."""
    reading: Literal["none", "single", "double"] = "none"
    """Who reads them after that: nobody, one person, or two together."""
    rebook: bool = True
    """Whether a visit that failed is booked again."""
    attempts: Count = 3
    """How often a visit is booked at the most (3 is an assumption of ours)."""
    repeat_unusable: bool = True
    """Whether a scan that cannot be used is done again."""
    below_target: Literal["accept", "prolong", "repeat"] = "accept"
    """A PET scan that would not reach its protocol's ``count_target``: accepted as it is, prolonged until the counts
    are reached, or done again on another day."""
    prolong_to: Annotated[float, Field(ge=1, le=20)] = 2.0
    """The longest that a scan is prolonged to, in planned scan times (2 is an assumption of ours)."""
    anaesthesia_limit: Seconds | None = None
    """Time asleep after which animals are not kept waiting: a session that then waits, for a person, a place or a
    scanner, goes on at its way out, wakes them, and is booked again if ``rebook``. A step that is under way is not
    broken off, so that sleep can be longer than this (``anaesthesia_max_min``). None: table ``injection``."""
    rotation: Literal["fixed", "least_dose", "least_busy"] = "fixed"
    """Who of several that could do a step does it: the first of the scenario's order, whoever's fingers have had least
    in the run, or whoever has worked least in it."""
    anaesthesia_soft_limit: Seconds | None = None
    """Time under anaesthesia that should not be passed: what is longer is counted. None: table ``injection``."""
    warming: Warming = "blanket"
    """What anaesthetised animals lie on away from the scanner; ``probe``: a bed that follows the animal's own probe."""
    warming_scanner: Warming = "bed"
    """What they lie on in the scanner room."""
    fasting: Literal["as_protocol", "none"] = "as_protocol"
    """Whether food is taken away as the protocols say, or never."""
    anaesthesia_wait: Literal["until_warm", "none"] = "until_warm"
    """Whether an animal that is still hypothermic waits for its next anaesthesia."""
    bolus: Literal["diehl", "eanm"] = "diehl"
    """Whose limit holds for what is injected into a vein at once: 5 ml/kg in mice and rats (Diehl 2001), or 10 ml/kg in
    mice and 5 in rats (EANM 2015). What passes it is refused."""
    animals_per_attendant: Count | None = None
    """Anaesthetised animals that one person attends; none: table ``injection``."""
    stay_for_committed: Seconds = 4 * 3600.0
    """How long after their shift people stay for animals that are injected or anaesthetised (4 h is an assumption of
    ours)."""


class Budget(Model):
    """A figure that must not be passed; ``--check`` ends with exit code 4 if it is."""

    kpi: str
    """For instance ``overtime_min`` or ``utilisation_pct[pet]``."""
    at_most: str | float | None = None
    at_least: str | float | None = None


class Prices(Model):
    """Money. None: not in the cost."""

    currency: Literal["EUR", "USD", "GBP", "CHF", "CAD", "SEK", "DKK", "NOK", "JPY", "AUD"] = "EUR"
    staff_hour: dict[Name, str] = {}
    """By role, e.g. ``"45 EUR/h"``."""
    overtime_factor: Annotated[float, Field(ge=0, le=10)] = 1.5
    """What an hour of overtime costs, in hours of ordinary pay (1.5 is an assumption of ours)."""
    scanner_hour: str | None = None
    room_day: str | None = None
    delivery: dict[TracerName, str] = {}
    """By tracer, for each delivery."""
    tracer_activity: dict[TracerName, str] = {}
    """By tracer, for the activity delivered at the reference time, e.g. ``"0.1 EUR/MBq"``."""
    consumables_per_animal: str | None = None
    recharge_per_scan: str | None = None
    """Income for each usable scan of an animal."""
    recharge_hour: dict[Name, str] = {}
    """Income for each hour in which a session has a scanner, by the service of its study, e.g. ``"120 EUR/h"``."""
    out_of_hours_factor: Annotated[float, Field(ge=0, le=10)] = 1.0
    """What such an hour costs outside the opening hours, in hours at the usual price."""


class Override(Model):
    """Another value for a row of the tables; key ``table.row``."""

    value: str | float | None = None
    distribution: Any = None
    note: str = ""
