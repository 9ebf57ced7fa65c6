"""The hot lab of a site: where activity comes from, and what is checked there; plain frozen values in SI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.distributions import Distribution


@dataclass(frozen=True, slots=True)
class Mishaps:
    """What may go wrong with a delivery: how late it is [s], the share in it, the chance that none comes [1]."""

    delay: Distribution | None = None
    short: Distribution | None = None
    fails: float = 0.0


@dataclass(frozen=True, slots=True)
class Vial:
    """One vial as planned (``fdg/2026-03-02``); activity at the reference time, which may lie after the arrival.

    ``amount_mol`` is the amount of substance, labelled or not, and does not decay; None: not modelled. ``made`` says
    whether it is made in the house: then it comes when its preparation ends, with what that yields.
    """

    name: str
    delivery: str
    tracer: str
    nuclide: str
    decay_constant_per_s: float
    activity_bq: float
    volume_m3: float
    amount_mol: float | None
    arrival_s: float
    reference_s: float
    expiry_s: float
    made: bool = False
    mishaps: Mishaps | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is done with each vial that arrives, before it may be used [s]."""

    duration: Distribution
    skill: str


@dataclass(frozen=True, slots=True)
class CalibratorCheck:
    """A check of the dose calibrator, at these moments [s]; nothing is drawn until it is passed."""

    name: str
    moments_s: tuple[float, ...]
    duration: Distribution
    skill: str
    fails: float


@dataclass(frozen=True, slots=True)
class Generator:
    """A column: its vials, in order of arrival, hold the parent; ``branching``: share of decays to the daughter."""

    name: str
    vials: tuple[str, ...]
    parent_per_s: float
    daughter_per_s: float
    branching: float
    least_interval_s: float
    elutions: int | None


@dataclass(frozen=True, slots=True)
class ReleaseTest:
    """What is tested before a vial that was made may be used."""

    duration: Distribution
    skill: str
    fails: float


@dataclass(frozen=True, slots=True)
class Preparation:
    """How vials are made in the house.

    Attributes
    ----------
    vials : tuple of (float, str)
        When each falls due [s], and the vial that it makes.
    generator : str or None
        It is eluted from it.
    drawn : (str, float) or None
        Tracer and activity [Bq] that it takes from another vial.
    start_bq : float or None
        Activity of a synthesis at the moment at which it falls due.
    uses : tuple of (str, int)
        Supplies that it takes.
    share : Distribution
        Of the activity that is in the product, apart from decay [1].
    fails : float
        Chance that nothing comes of it.
    molar_activity_bq_per_mol : float or None
        When it is done.
    """

    name: str
    vials: tuple[tuple[float, str], ...]
    generator: str | None
    drawn: tuple[str, float] | None
    start_bq: float | None
    uses: tuple[tuple[str, int], ...]
    share: Distribution
    fails: float
    volume_m3: float
    molar_activity_bq_per_mol: float | None
    duration: Distribution
    people: int
    skill: str
    test: ReleaseTest | None
    shelf_life_s: float


@dataclass(frozen=True, slots=True)
class Supply:
    """Things that are used up: how many there are, when so many more are ordered, how long they take [s]."""

    name: str
    stock: int
    reorder_at: int
    order: int
    lead_time: Distribution


@dataclass(frozen=True, slots=True)
class Radiopharmacy:
    """What is done in the hot lab beside drawing syringes. Maps are by name."""

    receipt: Receipt | None = None
    checks: tuple[CalibratorCheck, ...] = ()
    generators: Mapping[str, Generator] = field(default_factory=dict)
    preparations: Mapping[str, Preparation] = field(default_factory=dict)
    supplies: Mapping[str, Supply] = field(default_factory=dict)
