"""The part of the door that plays a few scenarios many times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from twin.api.scenarios import Source, resolved
from twin.experiments import playing

if TYPE_CHECKING:
    from twin.experiments.compare import Compared
    from twin.experiments.day_plan import DayPlan
    from twin.experiments.finishing import Chance
    from twin.experiments.gathering import Done
    from twin.experiments.replicate import Replicated

#: What the plan of a day is compared in.
PLANNED = ("animals_imaged", "wait_mean_min[all]", "end_of_day", "overtime_min")


def replicate(
    scenario: Source,
    n: int = 20,
    *,
    precision: float | None = None,
    kpis: Sequence[str] = (),
    most: int = 500,
    seed: int | None = None,
    confidence: float = 0.95,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Replicated:
    """Play a scenario many times with other luck; every figure gets its interval.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    n : int
        Replications; not used with `precision`.
    precision : float, optional
        As many replications as it takes until the half widths of `kpis` are at most this share of their means.
    kpis : sequence of str
        The figures of which `precision` is asked.
    most : int
        Most replications for `precision`.
    seed : int, optional
        Instead of the scenario's.
    confidence : float
        Of the intervals.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept; None: every run is played.
    done : callable, optional
        Is told how many runs are done, and of how many at the most.

    Returns
    -------
    Replicated
        With ``kpis`` (id -> mean, low, high ...), ``table`` (one row a replication) and ``as_data()``.
    """
    from twin.experiments import replicate as experiment
    from twin.experiments.executors import growing

    made = playing.seeded(resolved(scenario, check=True), seed)
    who, kept = growing(workers), None if store is None else Path(store)
    if precision is None:
        return experiment.replicated(made, n, confidence, who, kept, done)
    return experiment.precise(made, precision, kpis, most, confidence, who, kept, done)


def finished_by(
    scenario: Source,
    moment: dt.datetime,
    n: int = 20,
    *,
    confidence: float = 0.95,
    workers: int | None = 1,
    done: Done | None = None,
) -> tuple[Chance, ...]:
    """How likely every study, and every visit that all replications have, is finished by a moment.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    moment : datetime
        In the scenario's local time.
    n : int
        Replications.
    confidence : float
        Of Wilson's intervals.
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    done : callable, optional
        Is told how many runs are done.
    """
    from twin.experiments import finishing
    from twin.experiments.executors import growing

    return finishing.finished_by(resolved(scenario, check=True), moment, n, confidence, growing(workers), done)


def compare(
    *scenarios: Source,
    n: int = 20,
    kpis: Sequence[str] = (),
    seed: int | None = None,
    confidence: float = 0.95,
    workers: int | None = 1,
    store: str | Path | None = None,
    done: Done | None = None,
) -> Compared:
    """Play scenarios with the same luck and compare each with the first, figure by figure.

    Parameters
    ----------
    *scenarios : str, Path, mapping or Resolved
        At least two.
    n : int
        Replications of each.
    kpis : sequence of str
        Figures to speak of; the intervals of several hold together with `confidence` (Bonferroni). None: all, each
        interval by itself.
    seed : int, optional
        Of all; None: that of the first scenario.
    confidence : float
    workers : int, optional
        Processes; None: one for each core, if that is worth it. One is this process itself.
    store : path, optional
        Where runs are looked up and kept; None: every run is played.
    done : callable, optional
        Is told how many runs are done, and of how many.

    Returns
    -------
    Compared
        With ``differences``, ``sentences`` and ``as_data()``.
    """
    from twin.experiments import compare as experiment
    from twin.experiments.executors import growing

    place = None if store is None else Path(store)
    made = [resolved(scenario, check=True) for scenario in scenarios]
    made[:1] = [playing.seeded(first, seed) for first in made[:1]]
    return experiment.compared(made, n, kpis, confidence, growing(workers), place, done)


def plan(scenario: Source, date: dt.date, *, n: int = 10, kpis: Sequence[str] = PLANNED) -> DayPlan:
    """A plan of one day by CP-SAT, and how it does beside the rules under the same luck.

    Parameters
    ----------
    scenario : str, Path, mapping or Resolved
    date : date
        A day that the scenario plays. Its animals are those that the scenario's own rule books for that day.
    n : int
        Replications of the comparison; 0: none.
    kpis : sequence of str
        What is compared.

    Returns
    -------
    DayPlan
        With ``booked``, ``rows()``, ``purchased_bq``, ``feasible`` and ``comparison``.
    """
    from twin.experiments.day_plan import planned

    return planned(resolved(scenario, check=True), date, n, kpis)
