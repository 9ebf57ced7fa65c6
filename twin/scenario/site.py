"""The site: what the clock gets of a scenario, plain frozen values in SI, nothing optional left unresolved.

Times end in ``_s`` and count from ``start``, except times of day, which end in ``_of_day_s`` and count from midnight.
`twin.scenario.expand.site` makes it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from twin.animals.species import VolumeLimits
from twin.animals.warmth import Heater
from twin.distributions import Distribution
from twin.plan import Plan
from twin.scenario.site_animals import Physiology
from twin.scenario.site_archive import Archive
from twin.scenario.site_dose import Dose
from twin.scenario.site_hot_lab import Radiopharmacy, Vial
from twin.scenario.site_housing import Housing
from twin.scenario.site_hygiene import Hygiene
from twin.scenario.site_imaging import Imaging
from twin.scenario.site_machines import Scanner
from twin.scenario.site_people import Practice, Standing
from twin.scenario.site_procurement import Procurement
from twin.scenario.site_waste import Stores
from twin.scenario.weeks import Week


@dataclass(frozen=True, slots=True)
class Break:
    """A break of a person, every day on which they work at that time."""

    name: str
    start_of_day_s: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class Person:
    """One person (``group-1``, or the group's name if it has no count); nobody works on the site's holidays.

    ``injection_level`` is a key of `Injection.levels`.
    """

    name: str
    group: str
    role: str
    skills: frozenset[str]
    injection_level: str
    shift: Week
    breaks: tuple[Break, ...]
    leave: frozenset[dt.date]
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True, slots=True)
class Room:
    """A room; ``places`` animals may be in it at once (not counted for kinds hot_lab and scanner)."""

    name: str
    kind: str
    places: int
    temperature_degc: float = 22.0


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the clock must know of a protocol beside its plan.

    ``scanners`` are the scanners any of which serves (empty: none is needed), ``second`` those to any of which the bed
    is moved; ``goes_home`` says whether animals leave alive after a tracer, ``labelled`` whether it
    scans the tracer of an earlier visit; ``activity_bq`` is what is prescribed
    for one animal; ``fasting_s`` is the least and the longest time without food before the injection; ``scans`` says
    whether the plan holds a scan, ``anaesthesia`` whether it anaesthetises.
    """

    name: str
    tracer: str | None
    nuclide: str | None
    decay_constant_per_s: float
    activity_bq: float | None
    uptake_s: float | None
    fasting_s: tuple[float, float] | None
    scanners: tuple[str, ...]
    attempts: int
    flush_m3: float
    dead_volume_m3: float
    contrast_m3: float
    mass_limit_mol_per_kg: float | None
    scans: bool
    anaesthesia: bool
    inspired: float = 0.015
    second: tuple[str, ...] = ()
    goes_home: bool = False
    labelled: bool = False
    infused: bool = False


@dataclass(frozen=True, slots=True)
class TimePoint:
    """When a visit is due after its request; ``window_s`` None: as soon as possible from then on."""

    name: str
    at_s: float
    window_s: float | None
    protocol: str

    def due_s(self, request_s: float) -> float:
        """The time aimed at [s]."""
        return request_s + self.at_s

    def earliest_s(self, request_s: float) -> float:
        """Not before this time [s]."""
        return max(request_s, self.due_s(request_s) - (self.window_s or 0.0))

    def latest_s(self, request_s: float) -> float | None:
        """Not after this time [s]; None: no end."""
        return None if self.window_s is None else self.due_s(request_s) + self.window_s


class Animal(NamedTuple):
    """One animal of a study, ``study/animal-007``; ``number`` counts from 1."""

    name: str
    study: str
    number: int
    group: str
    mass_kg: float


@dataclass(frozen=True, slots=True)
class Request:
    """Animals that come at a known time; each has all time points of its study."""

    time_s: float
    animals: tuple[Animal, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """Requests at random: a rate for each hour of the day on these weekdays, ``batch`` animals each."""

    rates_per_s: tuple[float, ...]
    weekdays: frozenset[int]
    batch: int

    @property
    def constant(self) -> bool:
        """Whether the rate never changes."""
        return len(set(self.rates_per_s)) == 1 and len(self.weekdays) == 7


@dataclass(frozen=True, slots=True)
class Booking:
    """One visit of a given booking list; scanner None: any that serves."""

    animal: Animal
    time_point: str
    start_s: float
    scanner: str | None


@dataclass(frozen=True, slots=True)
class Study:
    """A study; exactly one of ``requests``, ``bookings`` and ``stream`` says when its animals come.

    ``animals`` is their number, None for a stream without end. ``hotel`` is the most animals on one bed, None: what
    the scanner takes. ``volumes`` are limits of one injection per body mass.
    """

    name: str
    species: str
    mass_kg: float
    groups: tuple[str, ...]
    animals: int | None
    priority: int
    authorisation: str | None
    hotel: int | None
    time_points: tuple[TimePoint, ...]
    requests: tuple[Request, ...]
    bookings: tuple[Booking, ...]
    stream: Stream | None
    volumes: VolumeLimits
    physiology: Physiology
    service: str = "full"
    out_of_hours: bool = False
    procurement: Procurement | None = None
    urgent: bool = False
    cancellation: float = 0.0
    notice_s: float = 0.0
    no_show: float = 0.0

    def volume_limit_m3_per_kg(self, protocol: Protocol) -> float:
        """The most of one injection of a protocol."""
        return self.volumes.infusion if protocol.infused else self.volumes.bolus

    def animal(self, number: int) -> Animal:
        """The animal with this number, from 1 up."""
        name = f"{self.name}/animal-{number:03d}"
        return Animal(name, self.name, number, self.group(number), self.mass_kg)

    def group(self, number: int) -> str:
        """Its group: blocks of equal size one after another; in turn when there is no end."""
        if self.animals is None:
            return self.groups[(number - 1) % len(self.groups)]
        return self.groups[(number - 1) * len(self.groups) // max(self.animals, number)]


@dataclass(frozen=True, slots=True)
class Duty:
    """Work without animals: the plan named is played once from each of these moments on, in order [s]."""

    name: str
    plan: str
    moments_s: tuple[float, ...]
    priority: int


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What a project may do; ``procedures`` None: every protocol; expires at ``expiry_s``."""

    name: str
    animals: int
    procedures: frozenset[str] | None
    severity: str
    expiry_s: float
    spacing_s: float
    anaesthesias: int | None


@dataclass(frozen=True, slots=True)
class FacilityPermit:
    """What the facility holds up to a moment [s]; ``protocols`` None: every protocol needs it."""

    name: str
    expiry_s: float
    protocols: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class SourceLicence:
    """Most activity of a nuclide on the site (None: no limit) and in rooms [Bq]."""

    site_bq: float | None
    rooms_bq: Mapping[str, float]
    expiry_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Policies:
    """The rules by which the facility is run; the words are those of `twin.scenario.rules.Policies`."""

    booking: str
    slot_minimum_s: float
    slot_step_s: float
    planned_share: float
    hotel_wait_s: float
    allocation: str
    queue: str
    shift_end: str
    late_delivery: str
    least_activity: float
    breakdown: str
    rebook: bool
    attempts: int
    repeat_unusable: bool
    anaesthesia_limit_s: float
    animals_per_attendant: int
    stay_for_committed_s: float
    rotation: str = "fixed"
    warming: Heater = None
    warming_scanner: Heater = None
    waits_until_warm: bool = True
    anaesthesia_soft_s: float = 7200.0
    overbooking: int = 0
    urgent_reserve_s: float = 0.0
    urgent_release_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Injection:
    """How injections go.

    ``levels`` gives the probabilities of ``twin.vocabulary.OUTCOMES["injection"]`` for each injection level;
    ``residual`` is the share of the drawn activity that stays in the syringe, ``good_residual`` (by level) and
    ``paravenous_residual`` the share of a good and of a paravenous injection that stays at the site of the needle,
    ``draw_cv`` the coefficient of variation of drawn over asked activity.
    """

    levels: Mapping[str, tuple[tuple[str, float], ...]]
    residual: Distribution
    paravenous_residual: Distribution
    good_residual: Mapping[str, Distribution]
    draw_cv: float
    mortality_per_anaesthesia: float


@dataclass(frozen=True, slots=True)
class Site:
    """All of it. Maps are by name, in the order in which the scenario has them.

    ``holidays`` are the dates on which the site stays closed; ``hot_lab`` is the room of the hot lab; ``licences`` are
    by nuclide; ``vials`` are in order of arrival; ``duties`` name plans that need no animal; ``compute_jobs`` run at
    once, None: all. ``answers`` are played, by protocol, for the images of each usable visit.
    """

    name: str
    start: dt.datetime
    horizon_s: float
    seed: int
    opening: Week
    holidays: frozenset[dt.date]
    rooms: Mapping[str, Room]
    scanners: Mapping[str, Scanner]
    people: Mapping[str, Person]
    hot_lab: str | None
    vials: tuple[Vial, ...]
    radiopharmacy: Radiopharmacy
    plans: Mapping[str, Plan]
    protocols: Mapping[str, Protocol]
    studies: Mapping[str, Study]
    duties: tuple[Duty, ...]
    authorisations: Mapping[str, Authorisation]
    licences: Mapping[str, SourceLicence]
    policies: Policies
    injection: Injection
    dose: Dose
    imaging: Imaging = field(default_factory=Imaging)
    housing: Housing = field(default_factory=Housing)
    compute_jobs: int | None = None
    hygiene: Hygiene = field(default_factory=Hygiene)
    practice: Practice = field(default_factory=Practice)
    answers: Mapping[str, Plan] = field(default_factory=dict)
    stores: Stores = field(default_factory=Stores)
    permits: tuple[FacilityPermit, ...] = ()
    archive: Archive | None = None
