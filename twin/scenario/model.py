"""The scenario as frozen models: what a YAML file may say, with every unit already SI.

Everything named is a map by name. ``count: n`` expands to name-1 ... name-n (`expand`).
"""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from twin.scenario.animals_model import (
    Comparison,
    Reuse,
    Severity,
    SpeciesName,
    TracerName,
    Treatment,
    Tumour,
    Wasting,
)
from twin.scenario.answers_model import Archive
from twin.scenario.arrival_model import Arrival, BookingRow, Hourly, Poisson, TimePoint
from twin.scenario.dose_model import (
    Area,
    Constraint,
    Door,
    DosePerson,
    DoseRules,
    Dosimeter,
    FloorPlan,
    Point,
    Wall,
)
from twin.scenario.hot_lab_model import Delivery, HotLab
from twin.scenario.housing_model import Housing
from twin.scenario.hygiene_model import BiosafetyLevel, Hygiene, Status
from twin.scenario.imaging_model import Measurement
from twin.scenario.machine_model import Breakdown, Maintenance, QualityControl, Scanner
from twin.scenario.model_base import Count, Model, Name
from twin.scenario.people_model import Service, Standing
from twin.scenario.procurement_model import Procurement
from twin.scenario.quantities import (
    PAIR_OF_FASTING,
    AmountPerMass,
    Day,
    Duration,
    Fraction,
    Instant,
    Mass,
    PositiveActivity,
    Seconds,
    Temperature,
    TimeOfDay,
    Volume,
    VolumePerMass,
    Weekdays,
    WeekField,
)
from twin.scenario.rules import (
    Authorisation,
    Authorisations,
    Budget,
    FacilityPermit,
    Override,
    Policies,
    Prices,
    SourceLicence,
)
from twin.scenario.waste_model import DecayStore, Freezer, WasteRules

__all__ = [
    "Area",
    "Arrival",
    "Authorisation",
    "Authorisations",
    "BookingRow",
    "Break",
    "Breakdown",
    "Budget",
    "Comparison",
    "Compute",
    "Constraint",
    "DecayStore",
    "Delivery",
    "Door",
    "DosePerson",
    "DoseRules",
    "Dosimeter",
    "Duty",
    "FacilityPermit",
    "FloorPlan",
    "Freezer",
    "HotLab",
    "Hourly",
    "Hygiene",
    "Maintenance",
    "Measurement",
    "Opening",
    "Override",
    "Point",
    "Poisson",
    "Policies",
    "Prices",
    "Protocol",
    "QualityControl",
    "Room",
    "Scanner",
    "Scenario",
    "SourceLicence",
    "Staff",
    "Study",
    "TimePoint",
    "Treatment",
    "Tumour",
    "Wall",
    "WasteRules",
]


class Opening(Model):
    """When the facility is open."""

    hours: WeekField
    """Opening hours of a week: ``always``, or a map such as ``{mon-fri: "08:00-18:00"}``."""
    holidays: tuple[Day, ...] = ()
    """Days on which it stays closed."""


class Room(Model):
    """A room, or several of a kind."""

    kind: Name
    """What it is for: preparation, hot_lab, uptake, scanner, recovery, housing, radioactive_housing, ..."""
    places: Count = 1
    """How many animals may be in it at once; for rooms of kind hot_lab and scanner it is not counted."""
    temperature: Temperature | None = None
    """Of its air; none: table ``physiology``. Awake animals below 30 degC burn for warmth."""
    barrier: bool = False
    """Whether it lies within the barrier: it takes no animals of a dirtier status, and its own may go back."""
    biosafety: BiosafetyLevel = 1
    """Up to which level it may be used."""
    scavenging: bool = True
    """Whether waste anaesthetic gas is carried off; without, nobody is anaesthetised with a gas there."""
    access: tuple[Name, ...] = ()
    """Skills that everybody has who works at a scanner in it, such as ``mri_safety`` for the zone of a magnet."""
    ferrous_check: bool = False
    """Whether each animal is looked over for ferrous gear before it is laid on a bed in it."""


class Break(Model):
    """A break; it starts when the person is free and nobody is left unattended."""

    at: TimeOfDay
    duration: Seconds


class Staff(Standing):
    """A person, or several alike. Role codes only, never people's names."""

    role: Name = "technologist"
    """What they are; it decides what they may do and what an hour costs."""
    skills: tuple[Name, ...] | None = None
    """What they may do; none: what the role usually may (``twin list roles``)."""
    injection_level: Literal["never_fails", "competent", "ordinary", "weak"] = "ordinary"
    """How often injections fail (table ``injection``)."""
    shift: WeekField | None = None
    """Working times; none: the opening hours."""
    breaks: dict[Name, Break] = {}
    leave: tuple[Day, ...] = ()
    count: Count | None = None
    """How many such people, called name-1 to name-n; none: one."""


class Compute(Model):
    """The computers on which images are reconstructed."""

    jobs: Count = 1
    """How many jobs run at once; the others wait in order."""


class Duty(Model):
    """When a plan without animals is done by itself: cleaning, an audit, training, a wipe test."""

    days: Weekdays | None = None
    """On which days of the week, but not on holidays."""
    dates: tuple[Day, ...] = ()
    """On which dates; instead of days."""
    at: TimeOfDay
    """When it falls due; it begins when everything that it needs is there."""
    priority: Annotated[int, Field(strict=True, ge=0, le=1000)] = 5
    """Lower goes first; studies have theirs."""


class Protocol(Model):
    """What is done: a template of the catalogue with its settings, or a tree of steps of your own."""

    template: Name | None = None
    """``twin list protocols``; none: ``plan`` is given."""
    scanner: Name | None = None
    """A scanner (or group) of this scenario; none: any of the template's modality."""
    second_scanner: Name | None = None
    """The one to which the animals are moved on their bed (``pet_then_mri``); none: any of its modality."""
    tracer: TracerName | None = None
    activity: PositiveActivity | None = None
    """Prescribed, of one animal; none: the usual one of the tracer, in rats three times that of mice."""
    uptake: Seconds | None = None
    """From injection to the start of the scan."""
    uptake_awake: bool = True
    """False: the animals stay anaesthetised during uptake."""
    draw_ahead: bool = False
    """Prepare all animals of a session and draw all their syringes before the first is injected (where the template
    injects outside); false: one animal after another."""
    fasting: Annotated[tuple[Seconds, Seconds], PAIR_OF_FASTING] | None = None
    """Least and longest time without food before the injection."""
    warming: Duration | None = None
    ct: bool | None = None
    """A CT on the same bed before the PET scan; none: if all the scanners that serve have one."""
    scan: Duration | None = None
    """Scan time; none: the template's row in the table ``tasks``."""
    durations: dict[Name, Duration] = {}
    """Durations of the template's steps by their names, instead of the tables' rows."""
    injectors: Count = 1
    """How many people inject at once (where the injection is on the bed)."""
    agent: TracerName | None = None
    """What is injected without a radioactive label: contrast agent, luciferin, dye (``twin list tracers``)."""
    agent_volume: VolumePerMass | None = None
    """Volume of the agent per body mass; none: table ``tracers``."""
    route: Literal["iv", "ip", "sc"] | None = None
    """Into a vein, the belly, or under the skin; none: as the table ``tracers`` has it, else into a vein."""
    sides: Annotated[int, Field(ge=1, le=2, strict=True)] = 1
    """Views of an optical image; the animals are turned in between."""
    simultaneous: bool = False
    """Whether a PET/MRI scans with both at once; else MRI first, while the tracer is taken up."""
    attempts: Annotated[int, Field(ge=1, le=10, strict=True)] | None = None
    """Injection attempts; none: table ``injection``."""
    infusion: Duration | None = None
    """How long a slow injection into the vein goes on once the needle is set, 5 min to 4 h; it may be of more volume.
    None: a bolus."""
    flush: Volume | None = None
    catheter_dead_volume: Volume | None = None
    contrast: Volume = 0.0
    anaesthetic: Literal["isoflurane", "ketamine_xylazine", "pentobarbital", "ms222"] | None = None
    """None: the usual one of the species."""
    isoflurane: Fraction | None = None
    """In the gas during the scan; none: table ``physiology``."""
    target: Name | None = None
    """Tissue that the scan is for; none: the tumour if the tracer goes to one, else bone, brain or heart."""
    background: Name = "muscle"
    """Tissue that it is compared with."""
    mass_limit: AmountPerMass | None = None
    """Most injected amount of substance per body mass."""
    count_target: Annotated[float, Field(gt=0, le=1e12)] | None = None
    """Noise-equivalent counts that the PET scan of each animal must reach; none: not asked."""
    quantitative: bool | None = None
    """Whether images are measured and wait for a valid calibration; none: PET and SPECT templates are."""
    reconstruction: bool = True
    """Reconstruction, splitting and archiving off the bed."""
    uses: dict[Name, Count] = {}
    """Supplies of the hot lab that each animal takes, such as one catheter; without animals, what the plan takes."""
    plan: tuple[dict[str, Any], ...] | None = None
    """A tree of steps of your own (docs/protocols.md)."""
    way_out: Name | None = None
    """Step of ``plan`` from which a session that is given up goes on."""
    first_out: Name | None = None
    """The same at the first of two machines, where the bed has not been moved yet; it lies before ``way_out``."""
    duty: Duty | None = None
    """The plan needs no animal and is done at these times; none: studies use it."""


class Study(Service):
    """Animals that are to be imaged."""

    species: SpeciesName = "mouse"
    strain: Name | None = None
    """A row of the table ``studies``, such as ``C57BL_6``; it gives the body mass."""
    sex: Literal["female", "male", "both"] | None = None
    age: Seconds | None = None
    """At arrival; the animals then grow between their visits. None: their mass stays."""
    mass: Mass | None = None
    """Mean body mass at arrival; none: that of strain and sex, else the species' row."""
    mass_spread: Annotated[Fraction, Field(le=0.3)] = 0.0
    """How much the animals' masses vary (coefficient of variation)."""
    health: Literal["healthy", "sick"] | None = None
    """Sick animals die more often; none: sick with a tumour."""
    tumour: Tumour | None = None
    attrition: Fraction = 0.0
    """Share of the animals that is lost before each visit after the first."""
    wasting: Wasting | None = None
    """Loss of weight; none: animals lose none."""
    severity: Severity = "mild"
    """What the experiment itself does to its animals, beside imaging and anaesthesia (2010/63/EU, Annex VIII)."""
    reused: Reuse | None = None
    """What its animals went through in another study; none: they were in none. Scans of one study are no re-use."""
    comparison: Comparison = Comparison()
    """What the study is to show: how many animals that would take is a figure of its own."""
    animals: Annotated[int, Field(ge=1, le=1_000_000, strict=True)] | None = None
    """None (streams only): no end."""
    groups: Annotated[tuple[Name, ...], Field(min_length=1)] = ("all",)
    time_points: Annotated[dict[Name, TimePoint], Field(min_length=1)] = {"t1": TimePoint()}
    protocol: Name
    priority: Annotated[int, Field(strict=True, ge=0, le=1000)] = 5
    """Lower goes first."""
    arrival: Arrival
    procurement: Procurement | None = None
    """How its animals come once they are asked for; none: they are there and have settled."""
    authorisation: Name | None = None
    """None: not checked."""
    measurement: Measurement | None = None
    """What is measured in its PET images; none: it is in no figure of powered comparisons."""
    hotel: Annotated[int, Field(ge=1, le=20, strict=True)] | None = None
    """Most animals on one bed in this study; none: what the scanner takes."""
    urgent: bool = False
    """Whether it may have the time that is kept for urgent studies (``policies.urgent_reserve``)."""
    cancellation: Fraction = 0.0
    """Share of its booked sessions that are cancelled ``notice`` before their slot, which is free again then."""
    notice: Seconds | None = None
    """How long before its slot a session is cancelled; none: table ``housekeeping``."""
    no_show: Fraction = 0.0
    """Share of its sessions whose animals are not brought: their slot is lost."""
    hygiene: Status | None = None
    """Health of its animals; none: rules of hygiene do not apply to it."""
    biosafety: BiosafetyLevel = 1
    """Level that every room needs in which its animals are."""


class Scenario(Model):
    """An ordinary week, or any other span, of one facility."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    extends: str | tuple[str, ...] | None = None
    name: Name
    question: str = ""
    start: Instant
    days: Annotated[float, Field(gt=0, le=36525)] = 7
    opening: Opening
    rooms: dict[Name, Room] = {}
    scanners: dict[Name, Scanner] = {}
    staff: dict[Name, Staff] = {}
    hot_lab: HotLab = HotLab()
    compute: Compute | None = None
    """Computers for reconstruction; none: every job begins at once."""
    archive: Archive | None = None
    """Where raw data and images are kept; none: without end."""
    protocols: dict[Name, Protocol] = {}
    studies: dict[Name, Study] = {}
    authorisations: Authorisations = Authorisations()
    policies: Policies = Policies()
    hygiene: Hygiene = Hygiene()
    housing: Housing = Housing()
    waste: WasteRules = WasteRules()
    dose: DoseRules = DoseRules()
    floor_plan: FloorPlan = FloorPlan()
    budgets: dict[Name, Budget] = {}
    prices: Prices = Prices()
    numbers: dict[str, Override] = {}
    seed: Annotated[int, Field(ge=0, le=2**63 - 1, strict=True)] = 1
