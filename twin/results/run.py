"""A run as ``results`` sees it: the two tables of the log, and the facts that the log cannot know.

`Facts` is plain data (it travels in the manifest), so that a run folder can be opened without its scenario.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import wraps
from typing import Any, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from twin.animals.warmth import Heater, Warmth
from twin.facility.log import Known
from twin.plan import Plan, Until, steps
from twin.results.compliance_facts import ComplianceFacts, compliance_from_json
from twin.results.dose_facts import DoseFacts, dose_from_json
from twin.scenario import site_imaging
from twin.scenario.overriding import overridden
from twin.scenario.site_imaging import Imaging
from twin.sources import Numbers

Array: TypeAlias = NDArray[Any]
Span: TypeAlias = tuple[float, float]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person: role, the group (key of the scenario's staff) and the shifts within the run [s].

    ``guest``: a user, who costs the facility nothing.
    """

    role: str
    group: str
    shifts: tuple[Span, ...]
    guest: bool = False


@dataclass(frozen=True, slots=True)
class ScannerFacts:
    """One scanner: its group, its beds, what it costs (None: not in the cost), its collimator if it is a SPECT."""

    group: str
    beds: tuple[str, ...] = ()
    price: float | None = None
    lifetime_s: float | None = None
    service_per_s: float | None = None
    collimator: str | None = None


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """One room; ``places`` None: its places are not counted (hot lab, scanner room)."""

    kind: str
    places: int | None = None
    temperature_degc: float = 22.0


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What a plan says of a step and the log does not.

    ``place`` says whether its animals move into its room, ``holds`` what is kept until the end of which later step,
    ``emission`` whether a scan sees what a tracer sends out.
    """

    effect: str | None = None
    place: bool = False
    holds: tuple[tuple[str, str], ...] = ()
    emission: bool = True


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The steps of a plan by name, what is injected, and what is aimed at (None: no aim).

    ``target`` (None: by itself) and ``background`` are the tissues that a scan compares; ``uptake_s`` lasts up to the
    start of ``uptake_step``; ``fasting_s`` is the least and the longest time without food;
    ``data_gb`` is what the scans of one animal leave in the archive; ``mass_limit_mol_per_kg`` is the most substance of
    one injection.
    """

    steps: Mapping[str, StepFacts]
    uptake_s: float | None = None
    uptake_step: str | None = None
    fasting_s: Span | None = None
    tracer: str | None = None
    target: str | None = None
    background: str = "muscle"
    anaesthetic: str | None = None
    inspired: float = 0.015
    data_gb: float = 0.0
    answers: bool = False
    mass_limit_mol_per_kg: float | None = None


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """What the archive holds at the start [GB], which share of it was taken, and what is bought each time [GB]."""

    capacity_gb: float
    filled: float
    more_gb: float = 0.0


@dataclass(frozen=True, slots=True)
class AnimalFacts:
    """The animals of a study: what they are, under which project, and what the study is to show."""

    species: str
    warmth: Warmth
    severity: str = "mild"
    project: str | None = None
    difference: float = 0.25
    power: float = 0.8
    alpha: float = 0.05
    #: What the experiment itself does to them, and what they went through in another study before (null: nothing).
    experiment: str = "mild"
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """Money in ``currency`` and SI: per second, per becquerel. What is missing or None is not in the cost."""

    currency: str = "EUR"
    staff_per_s: Mapping[str, float] = field(default_factory=dict)
    overtime_factor: float = 1.5
    scanner_per_s: float | None = None
    room_per_s: float | None = None
    delivery: Mapping[str, float] = field(default_factory=dict)
    tracer_per_bq: Mapping[str, float] = field(default_factory=dict)
    consumables_per_animal: float | None = None
    recharge_per_scan: float | None = None
    recharge_per_s: Mapping[str, float] = field(default_factory=dict)
    out_of_hours_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What cannot be read from the log.

    Attributes
    ----------
    start : str
        Time zero as an ISO date and time.
    horizon_s : float
        Time at which the run stopped [s].
    opening : tuple of (start, end)
        Opening times within the run [s].
    people, scanners, rooms : mapping of name to facts
    plans : mapping of plan to `PlanFacts`
        Every plan that was played: protocols, and ``SCANNER/quality_control`` and the like.
    decay_per_s : mapping of nuclide to decay constant [1/s]
    reference_s : mapping of vial to the reference time of its activity [s]
    prices : Prices
    overtime_counted : bool
        False under the policy ``ignore``.
    dose : DoseFacts
    stores : mapping of store of waste to its places
    archive : ArchiveFacts or None
        Where raw data and images are kept.
    imaging : Imaging
    compliance : ComplianceFacts
    """

    start: str
    horizon_s: float
    opening: tuple[Span, ...]
    people: Mapping[str, PersonFacts] = field(default_factory=dict)
    scanners: Mapping[str, ScannerFacts] = field(default_factory=dict)
    rooms: Mapping[str, RoomFacts] = field(default_factory=dict)
    plans: Mapping[str, PlanFacts] = field(default_factory=dict)
    decay_per_s: Mapping[str, float] = field(default_factory=dict)
    reference_s: Mapping[str, float] = field(default_factory=dict)
    prices: Prices = field(default_factory=Prices)
    overtime_counted: bool = True
    dose: DoseFacts = field(default_factory=DoseFacts)
    animals: Mapping[str, AnimalFacts] = field(default_factory=dict)
    approved: Mapping[str, int] = field(default_factory=dict)
    anaesthesia_soft_s: float = 7200.0
    warming: Heater = None
    warming_scanner: Heater = None
    #: The scenario's own rows of the tables, as it says them.
    overrides: Mapping[str, Any] = field(default_factory=dict)
    imaging: Imaging = field(default_factory=Imaging)
    compliance: ComplianceFacts = field(default_factory=ComplianceFacts)
    #: Skills that need a certificate or are being learned.
    limited: tuple[str, ...] = ()
    archive: ArchiveFacts | None = None
    stores: Mapping[str, int] = field(default_factory=dict)
    #: The service of each study.
    services: Mapping[str, str] = field(default_factory=dict)


def plan_facts(plan: Plan, fasting_s: Span | None = None) -> PlanFacts:
    """What `results` must know of a plan, with the limits of fasting of its protocol."""
    nodes = tuple(steps(plan.body))
    known = {s.name: StepFacts(s.effect, s.place is not None, s.holds, s.emission) for s in nodes}
    aims = [s.duration for s in nodes if isinstance(s.duration, Until) and s.duration.event == "injection"]
    if not aims:
        return PlanFacts(known, fasting_s=fasting_s)
    return PlanFacts(known, aims[0].offset_s, aims[0].lead_to, fasting_s)


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """The facts as plain data for JSON."""
    return asdict(facts)


def facts_from_json(data: Mapping[str, Any]) -> Facts:
    """The facts that `facts_to_json` wrote."""
    return Facts(
        **{
            **data,
            "opening": _spans(data["opening"]),
            "people": {k: PersonFacts(**{**v, "shifts": _spans(v["shifts"])}) for k, v in data["people"].items()},
            "scanners": {k: ScannerFacts(**{**v, "beds": tuple(v["beds"])}) for k, v in data["scanners"].items()},
            "rooms": {k: RoomFacts(**v) for k, v in data["rooms"].items()},
            "plans": {k: _plan(v) for k, v in data["plans"].items()},
            "prices": Prices(**data["prices"]),
            "dose": dose_from_json(data.get("dose", {})),
            "animals": {
                k: AnimalFacts(**{**v, "warmth": Warmth(**{**_unprobed(v["warmth"]), **v["warmth"]})})
                for k, v in data.get("animals", {}).items()
            },
            "archive": ArchiveFacts(**data["archive"]) if data.get("archive") else None,
            "imaging": site_imaging.from_json(data["imaging"]) if "imaging" in data else Imaging(),
            "compliance": compliance_from_json(data.get("compliance", {})),
            "limited": tuple(data.get("limited", ())),
        }
    )


def _unprobed(warmth: Mapping[str, float]) -> dict[str, float]:
    """What runs did not say that were written before beds could follow a probe."""
    unprobed = {"probe_degc": warmth["normal_degc"], "probe_gain": 0.0, "heater_most_degc": math.inf}
    return unprobed | {"shell_k": 0.0, "mixing_per_s": 0.0}


def _plan(data: Mapping[str, Any]) -> PlanFacts:
    known = {k: StepFacts(**{**v, "holds": _spans(v["holds"])}) for k, v in data["steps"].items()}
    limits = data.get("fasting_s")
    return PlanFacts(**{**data, "steps": known, "fasting_s": limits and (limits[0], limits[1])})


def _spans(pairs: Any) -> tuple[Any, ...]:
    return tuple((first, second) for first, second in pairs)


@dataclass(frozen=True)
class Run:
    """The log of one run as tables, with its facts.

    Attributes
    ----------
    events, things : DataFrame
        Rows in the order of the log, all names of one categorical type; ``things`` is ``involved`` without quantities.
    known : mapping of quantity to (rows, values)
        The quantities of ``involved``, where they are known: most are of few rows.
    facts : Facts
    memo : dict
        Tables that were already made.
    """

    events: pd.DataFrame
    things: pd.DataFrame
    known: Known
    facts: Facts
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def names(self) -> pd.Index[str]:
        """Every name of the log, sorted; codes are positions in it."""
        categories: pd.Index[str] = self._kept("names", lambda: self.events["phase"].array.categories)
        return categories

    @property
    def numbers(self) -> Numbers:
        """The tables with the scenario's own rows."""
        found: Numbers = self._kept("numbers", lambda: overridden(self.facts.overrides))
        return found

    def code(self, name: str) -> int:
        """Code of a name; -2 if the log does not know it, which no row has."""
        codes: dict[str, int] = self._kept("code", lambda: {name: i for i, name in enumerate(self.names)})
        return codes.get(name, -2)

    def column(self, name: str) -> Array:
        """Codes of a name column of ``events``; -1 is null."""
        codes: Array = self._kept(("column", name), lambda: codes_of(self.events, name))
        return codes

    @property
    def involved(self) -> pd.DataFrame:
        """Who and what took part, with all quantities (NaN: null)."""
        return with_quantities(self.things, self.known)

    def quantity(self, name: str) -> Array:
        """A quantity of ``involved`` for each of its rows; NaN where it is not known."""
        return dense(self.known[name], 0, len(self.things))

    def _kept(self, key: object, make: Callable[[], Any]) -> Any:
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def named(self, codes: Array) -> pd.Categorical[Any]:
        """Codes as names."""
        dtype: Any = self.events["phase"].dtype
        return pd.Categorical.from_codes(codes.astype(np.int32), dtype=dtype)

    def positions(self, names: list[str]) -> Array:
        """For each code its position in `names`, or -1; used as ``positions[code]``, with code -1 giving -1."""
        result = np.full(len(self.names) + 1, -1)
        for position, name in enumerate(names):
            if (code := self.code(name)) >= 0:
                result[code] = position
        return result

    def which(self, table: pd.DataFrame, column: str, *words: str) -> Array:
        """Where a name column of a table has one of these words."""
        values = table[column].array
        code: Callable[[str], int] = self.code if values.categories is self.names else _code_in(values.categories)
        if len(words) == 1:
            found: Array = values.codes == code(words[0])
            return found
        return np.isin(values.codes, [code(word) for word in words])

    def mapped(self, table: pd.DataFrame, column: str, known: Mapping[str, float | None]) -> Array:
        """Numbers for the names of a column of the log's names; NaN for those that have none."""
        result = np.full(len(self.names) + 1, np.nan)
        for name, value in known.items():
            if (code := self.code(name)) >= 0 and value is not None:
                result[code] = value
        return result[codes_of(table, column)]


def _code_in(words: pd.Index[str]) -> Callable[[str], int]:
    """As `Run.code`, for a column with few words of its own."""
    listed = words.tolist()
    return lambda word: listed.index(word) if word in listed else -2


def dense(known: tuple[Array, Array], first: int, last: int) -> Array:
    """A quantity in these rows of ``involved``; NaN where it is not known."""
    rows, values = known
    here = slice(*np.searchsorted(rows, (first, last)))
    result = np.full(last - first, np.nan)
    result[rows[here] - first] = values[here]
    return result


def with_quantities(things: pd.DataFrame, known: Known) -> pd.DataFrame:
    """``involved`` as one table."""
    columns = {name: dense(own, 0, len(things)) for name, own in known.items()}
    return pd.concat([things, pd.DataFrame(columns, index=things.index, copy=False)], axis=1)


def codes_of(table: pd.DataFrame, column: str) -> Array:
    """Codes of a name column of a table of a run."""
    codes: Array = table[column].array.codes
    return codes


def once(table: Callable[[Run], Result]) -> Callable[[Run], Result]:
    """A pure function of a run whose result is kept in the run's memo."""

    @wraps(table)
    def kept(run: Run) -> Result:
        key = (table.__module__, table.__name__)
        if key not in run.memo:
            run.memo[key] = table(run)
        result: Result = run.memo[key]
        return result

    return kept
