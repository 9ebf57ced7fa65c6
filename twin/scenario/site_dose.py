"""The part of the site that is about dose to people, plain frozen values in SI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.distributions import Distribution
from twin.physics.exposures import Factors


@dataclass(frozen=True, slots=True)
class DoseBudget:
    """A dose that each of some people should not pass in a period.

    ``column`` is a place in `Factors`; ``allowed_sv`` is by person, ``spent_sv`` what they had in the period before the
    run. ``period`` is a calendar word, or ``pregnancy`` from ``from_s`` on. ``use`` is ``limit``, ``constraint`` or
    ``investigation``; if it ``binds``, nobody begins what would pass it.
    """

    name: str
    quantity: str
    column: int
    allowed_sv: Mapping[str, float]
    spent_sv: Mapping[str, float]
    period: str
    use: str
    binds: bool
    provision: str = ""
    from_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a person is expected to get from a step: of the hot lab's own sources, and for each animal [Sv]."""

    fixed: Factors
    per_animal: Factors


@dataclass(frozen=True, slots=True)
class Waste:
    """What the three rules of release need of each nuclide.

    ``clearance_bq_per_kg`` lacks what has no value; ``h10_sv_per_bq_s`` is at the distance of a survey; ``rules`` are
    those that bind in the jurisdiction, empty where none is known; ``half_life_s`` is by nuclide.
    """

    half_life_s: Mapping[str, float]
    clearance_bq_per_kg: Mapping[str, float]
    h10_sv_per_bq_s: Mapping[str, float]
    mass_kg: float
    background_sv_per_s: float
    rules: tuple[str, ...]
    licence_bq: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Spills:
    """What is spilt how often, and what that costs.

    Attributes
    ----------
    chance : mapping of str to float
        Of ``drawing`` and ``injecting`` a syringe.
    share : float
        Part of the syringe.
    removed : float
        Part of what lies there that is taken off each time it is cleaned.
    area_m2 : float
        Over which it lies.
    limit_bq_per_m2 : mapping of nuclide to float
        Surface contamination with which a room may be used.
    on_skin, skin_share, skin_s : float
        How often somebody has it on the skin, how much of it on one square centimetre, for how long.
    skin_sv : mapping of nuclide to float
        Dose of that square centimetre for each becquerel on it and each second [Sv/(Bq s)].
    committed_sv : mapping of nuclide to float
        For each becquerel spilt, by what is swallowed, and breathed of radioiodine; lacks what is not modelled [Sv/Bq].
    clean_up : Distribution
    skill : str
    """

    chance: Mapping[str, float]
    share: float
    removed: float
    area_m2: float
    limit_bq_per_m2: Mapping[str, float]
    on_skin: float
    skin_share: float
    skin_s: float
    skin_sv: Mapping[str, float]
    committed_sv: Mapping[str, float]
    clean_up: Distribution
    skill: str


@dataclass(frozen=True, slots=True)
class Dose:
    """All of it.

    ``factors`` are by word of exposure and nuclide, then by source; ``decay_per_s`` is by nuclide; ``open_words`` are
    those with a risk of intake, ``kept_from_open`` says since when which people do none of them. ``predicted`` is by
    plan and step; ``near`` is what people get who handle nothing, by nuclide and source. ``boundaries_s`` are the
    moments at which a calendar period begins anew, by its word. ``absorbed_gy`` is what an animal of a study gets for
    each decay of a nuclide, ``ct_gy`` for each CT scan; more than ``sublethal_gy`` is told. ``retained`` is by study
    and protocol what of an injection stays in the animal: heights and rates [1/s] of exponentials; it lacks what is
    not known.
    """

    jurisdiction: str = "EU"
    factors: Mapping[tuple[str, str], tuple[tuple[str, Factors], ...]] = field(default_factory=dict)
    decay_per_s: Mapping[str, float] = field(default_factory=dict)
    open_words: frozenset[str] = frozenset()
    kept_from_open: Mapping[str, float] = field(default_factory=dict)
    budgets: tuple[DoseBudget, ...] = ()
    boundaries_s: tuple[tuple[float, str], ...] = ()
    decide_by: str = "ledger"
    reading_every_s: float = 0.0
    reading_delay_s: float = 0.0
    reading_threshold_sv: float = 0.0
    predicted: Mapping[str, Mapping[str, Predicted]] = field(default_factory=dict)
    near: Mapping[str, Mapping[str, Factors]] = field(default_factory=dict)
    absorbed_gy: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    ct_gy: Mapping[str, float] = field(default_factory=dict)
    sublethal_gy: float = 0.0
    retained: Mapping[str, Mapping[str, tuple[tuple[float, float], ...]]] = field(default_factory=dict)
    waste: Waste | None = None
    spills: Spills | None = None
