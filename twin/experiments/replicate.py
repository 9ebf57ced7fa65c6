"""Many runs of one scenario that differ in their luck alone, and the interval of every figure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from twin.errors import UsageError, nearest
from twin.experiments import replications
from twin.experiments.executors import Crew, Here
from twin.experiments.gathering import Done, records
from twin.experiments.records import Record
from twin.experiments.statistics import SHOWN_CONFIDENCE, deviation, interval
from twin.results.kpis import BY_ID
from twin.scenario import digest as digests
from twin.scenario.loading import Resolved

if TYPE_CHECKING:
    import pandas as pd

REPLICATIONS, MOST = 20, 500
#: One run proves nothing.
LEAST = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure over replications; what cannot be said is None.

    Attributes
    ----------
    unit : str
    n : int
        In how many replications it was defined.
    mean, low, high : float or None
        Mean, and Student's interval of it.
    deviation, median, least, greatest : float or None
        Of single runs; where a few are far off (the cost of a scan in a week of a breakdown), the median says more than
        the mean.
    """

    unit: str
    n: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    deviation: float | None = None
    median: float | None = None
    least: float | None = None
    greatest: float | None = None


def estimate(values: Sequence[float | None], unit: str, confidence: float = SHOWN_CONFIDENCE) -> Estimate:
    """The estimate of a figure from its values, replication by replication."""
    known = [value for value in values if value is not None]
    if not known:
        return Estimate(unit, 0)
    if len(known) == 1:
        return Estimate(unit, 1, known[0], median=known[0], least=known[0], greatest=known[0])
    found = interval(known, confidence)
    return Estimate(
        unit, len(known), found.mean, found.low, found.high, deviation(known), median(known), min(known), max(known)
    )


@dataclass(frozen=True, slots=True)
class Precision:
    """What was asked of the number of replications, and what came of it.

    Attributes
    ----------
    precision : float
        Half width as a share of the mean.
    kpis : tuple of str
    enough : int or None
        The number of replications that is enough; None: not reached.
    """

    precision: float
    kpis: tuple[str, ...]
    enough: int | None


@dataclass(frozen=True, eq=False)
class Replicated:
    """Replications of one scenario.

    Attributes
    ----------
    scenario : Resolved
    records : tuple of Record
        In the order of their replications, from 0.
    confidence : float
    precision : Precision or None
        If the number of replications was to be found.
    """

    scenario: Resolved
    records: tuple[Record, ...]
    confidence: float = SHOWN_CONFIDENCE
    precision: Precision | None = None

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.scenario.name

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return self.scenario.scenario.seed

    @cached_property
    def units(self) -> dict[str, str]:
        """Every figure that a run has, with its unit."""
        return {name: figure["unit"] for made in self.records for name, figure in made.figures.items()}

    def values(self, kpi: str) -> list[float | None]:
        """Values of a figure, replication by replication."""
        return [made.value(kpi) for made in self.records]

    @cached_property
    def kpis(self) -> dict[str, Estimate]:
        """Every figure with its interval."""
        return {name: estimate(self.values(name), unit, self.confidence) for name, unit in self.units.items()}

    def mean(self, kpi: str) -> float | None:
        """Mean of a figure; None: undefined in every run, or there is none."""
        return self.kpis[kpi].mean if kpi in self.kpis else None

    @property
    def table(self) -> pd.DataFrame:
        """One row for each replication, one column for each figure."""
        import pandas as pd

        index = pd.Index([made.replication for made in self.records], name="replication")
        return pd.DataFrame({name: self.values(name) for name in self.units}, index=index, dtype=float)

    def as_data(self, kpis: Sequence[str] = ()) -> dict[str, Any]:
        """As plain data; `kpis`: these figures only."""
        said = None if self.precision is None else asdict(self.precision)
        return {
            "scenario": self.name,
            "digest": digests.digest(self.scenario),
            "seed": self.seed,
            "replications": len(self.records),
            "confidence": self.confidence,
            "precision": said,
            "kpis": {name: asdict(self.kpis[name]) for name in kpis or self.kpis},
        }


def replicated(
    scenario: Resolved,
    count: int = REPLICATIONS,
    confidence: float = SHOWN_CONFIDENCE,
    crew: Crew | None = None,
    store: Path | None = None,
    done: Done | None = None,
) -> Replicated:
    """A scenario, played so often."""
    return all_replicated([scenario], count, confidence, crew, store, done)[0]


def all_replicated(
    scenarios: Sequence[Resolved],
    count: int = REPLICATIONS,
    confidence: float = SHOWN_CONFIDENCE,
    crew: Crew | None = None,
    store: Path | None = None,
    done: Done | None = None,
) -> tuple[Replicated, ...]:
    """Scenarios, each played so often, by a crew or else by this process."""
    _refuse_confidence(confidence)
    if count < LEAST:
        raise UsageError(f"{count} replications: one run proves nothing; at least {LEAST} are needed")
    pairs = [(place, number) for place in range(len(scenarios)) for number in range(count)]
    with closing(crew or Here()) as who:
        found = list(records(scenarios, pairs, who, store, done))
    starts = range(0, len(pairs), count)
    return tuple(
        Replicated(scenario, tuple(found[start : start + count]), confidence)
        for scenario, start in zip(scenarios, starts, strict=True)
    )


def precise(
    scenario: Resolved,
    precision: float,
    kpis: Sequence[str],
    most: int = MOST,
    confidence: float = SHOWN_CONFIDENCE,
    crew: Crew | None = None,
    store: Path | None = None,
    done: Done | None = None,
) -> Replicated:
    """A scenario, played as often as it takes until the intervals of some figures are narrow enough.

    Parameters
    ----------
    scenario : Resolved
    precision : float
        Half width as a share of the mean.
    kpis : sequence of str
        The figure that needs most replications decides.
    most : int
        Stop there, whatever was reached.
    confidence : float
    crew : Crew, optional
        Who plays; None: this process.
    store : path, optional
    done : callable, optional
    """
    _refuse_precision(precision, kpis, most)
    require_ids(kpis)
    _refuse_confidence(confidence)
    made: list[Record] = []
    enough = None
    with closing(crew or Here()) as who:
        while enough is None and len(made) < most:
            goal = min(replications.forecast(_known(made, kpis), precision, confidence), most)
            for one in records([scenario], [(0, number) for number in range(len(made), goal)], who, store):
                require_kpis(kpis, one.figures)
                made.append(one)
                if done is not None:
                    done(len(made), most)
                enough = replications.enough_of_all(_known(made, kpis), precision, confidence)
                if enough is not None:
                    break
    return Replicated(scenario, tuple(made), confidence, Precision(precision, tuple(kpis), enough))


def _known(records: Sequence[Record], kpis: Sequence[str]) -> list[list[float]]:
    """The defined values of each figure."""
    return [[value for made in records if (value := made.value(kpi)) is not None] for kpi in kpis]


def _refuse_precision(precision: float, kpis: Sequence[str], most: int) -> None:
    if not kpis:
        raise UsageError("say of which figures the precision is asked, such as --kpi animals_per_day")
    if not 0.0 < precision < 1.0:
        raise UsageError(f"precision {precision:g}: a share of the mean above 0 and below 1, such as 5%")
    if most < replications.FIRST:
        raise UsageError(f"at most {most} replications: at least {replications.FIRST} are needed")


def _refuse_confidence(confidence: float) -> None:
    if not 0.5 <= confidence < 1.0:
        raise UsageError(f"confidence {confidence:g}: a share from 50 % to below 100 %, such as 95%")


def require_ids(kpis: Sequence[str]) -> None:
    """Raise UsageError for a figure that there is in no scenario, before anything is played."""
    require_kpis([kpi.partition("[")[0] for kpi in kpis], BY_ID)


def require_kpis(kpis: Sequence[str], known: Collection[str]) -> None:
    """Raise UsageError for a figure that these runs do not have."""
    for kpi in kpis:
        if kpi not in known:
            members = [name for name in known if name.partition("[")[0] == kpi]
            near = members[0] if members else nearest(kpi, known)
            hint = f"; did you mean {near!r}?" if near else "; `twin list kpis` shows them"
            raise UsageError(f"there is no figure {kpi!r} in this scenario{hint}")
