"""What the twin says to each published number of the table of comparisons, in SI.

They are quick: the customers of the queues are as many as give an interval of a useful width. ``tests/theory`` has the
same with more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from twin.animals import injection
from twin.distributions import Distribution, from_dict
from twin.experiments.animal_measures import ANIMALS
from twin.experiments.imaging_measures import IMAGING, Bracket
from twin.experiments.physics_measures import PHYSICS
from twin.experiments.statistics import Interval, interval
from twin.facility.log import Log
from twin.facility.world import play
from twin.physics import decay
from twin.results import throughput
from twin.results.facts import facts
from twin.results.frames import run
from twin.results.run import Array, Run
from twin.results.visits import visits
from twin.scenario.expand import site
from twin.scenario.loading import load
from twin.sources import default_numbers

MINUTE_S, DAY_S = 60.0, 86400.0
REPLICATIONS = 20
#: What is left out of each replication: the first part of its time (warm-up), and the last, when not all have begun.
WARM_UP, COOL_DOWN = 0.10, 0.05


# Queues: scenarios of the folder ``theory`` --------------------------------------------------------------------------


@cache
def waits_s(name: str, customers: int, rate_per_min: float, *sets: str) -> dict[str, Interval]:
    """Mean wait of each study's requests, by replications that have so many customers together."""
    horizon_s = customers / REPLICATIONS / rate_per_min * MINUTE_S
    made = site(load(f"theory/{name}", sets, days=horizon_s / DAY_S))
    means = [mean_waits_s(play(made, k), horizon_s) for k in range(REPLICATIONS)]
    return {study: interval([mean[study] for mean in means]) for study in means[0]}


def mean_waits_s(log: Log, horizon_s: float) -> dict[str, float]:
    """By study, of those who came in the middle part of a run; straight from the log, because there are many runs.

    Sessions of one animal have the name of its visit.
    """
    events, *_ = log.columns()
    requested = (events["phase"] == log.codes["happening"]) & (events["step"] == log.codes["visit_requested"])
    came = _first_s(log, events, requested, "visit")
    asked = _first_s(log, events, events["phase"] == log.codes["request"], "session")
    began = _first_s(log, events, events["phase"] == log.codes["start"], "session")
    study = np.full(len(log.names), -1)
    study[events["visit"][requested]] = events["study"][requested]
    counted = (came >= WARM_UP * horizon_s) & (came < (1.0 - COOL_DOWN) * horizon_s)
    assert not np.isnan(began[counted]).any(), "everybody who is counted has begun"
    wait = np.where(np.isnan(asked), 0.0, began - asked)
    return {log.names[s]: float(wait[counted & (study == s)].mean()) for s in np.unique(study[counted])}


def _first_s(log: Log, events: dict[str, Any], rows: Array, who: str) -> Array:
    """When it first happened to each name; NaN: never."""
    first = np.full(len(log.names), np.nan)
    here = np.flatnonzero(rows)[::-1]
    first[events[who][here]] = events["time_s"][here]
    return first


def _mm1() -> Interval:
    return waits_s("mm1", 20_000, 0.5)["customers"]


def _mm5() -> Interval:
    sets = ("studies.customers.arrival.poisson.rate=4.5 /min", "staff.server.count=5")
    return waits_s("mmc", 130_000, 4.5, *sets)["customers"]


def _mg1() -> Interval:
    return waits_s("mg1", 12_000, 0.5)["customers"]


def _priority(study: str) -> Interval:
    return waits_s("priority", 24_000, 0.45)[study]


# The hotel: scenarios of the folder ``calibration`` ------------------------------------------------------------------


@cache
def hotel(name: str, animals: int) -> Run:
    """The run of a hotel of so many animals, every duration at its mean."""
    resolved = load(f"calibration/{name}", [f"scanners.pet.hotel={animals}"])
    made = site(resolved)
    return run(play(made), facts(made, resolved.scenario, resolved.numbers))


def _fall(name: str) -> float:
    """By which part a hotel of four shortens the time on the bed of each animal."""
    alone, together = (throughput.study_time_per_animal_min(hotel(name, animals)) for animals in (1, 4))
    assert alone is not None, "the single bed has scanned"
    assert together is not None, "the hotel has scanned"
    return 1.0 - together / alone


def _scans_fewer() -> float:
    alone, together = (hotel("hotel_static", animals) for animals in (1, 4))
    return _scans(alone) / _scans(together)


def _scans(played: Run) -> int:
    """Scans, each of all the animals on its bed."""
    table = visits(played)
    return int(np.unique(table.loc[table["scanned"], "session"].astype(str)).size)


# Numbers of the tables, as the model uses them -----------------------------------------------------------------------


def _failure(level: str) -> float:
    """Probability that an attempt fails."""
    return 1.0 - injection.outcome_probabilities(default_numbers(), level)["good"]


def _looks_bad(level: str) -> float:
    """Probability that an attempt looks failed to whoever injects: what a study by eye counts."""
    chances = injection.outcome_probabilities(default_numbers(), level)
    return chances["not_injected"] + chances["paravenous_seen"]


def _left_in_tail(levels: tuple[str, ...], most: float = 0.1) -> float:
    """Share of injections of such people, each as often, that leave more than a part of the dose in the tail."""
    numbers = default_numbers()
    bad = from_dict(numbers.distribution("injection.paravenous_residual_fraction"))
    found = []
    for level in levels:
        chances = injection.outcome_probabilities(numbers, level)
        good = from_dict(numbers.distribution(f"injection.good_residual_fraction.{level}"))
        failed = 1.0 - chances["good"]
        found.append(failed * _above(bad, most) + chances["good"] * _above(good, most))
    return sum(found) / len(found)


def _above(spread: Distribution, value: float) -> float:
    """Probability that a share is above a value."""
    numbers = (np.arange(1000) + 0.5) / 1000.0
    return float(np.mean([spread.sample(float(u)) > value for u in numbers]))


def _seen() -> float:
    """Part of the failures that is seen at once."""
    chances = injection.outcome_probabilities(default_numbers(), "ordinary")
    return 1.0 - chances["paravenous_hidden"] / (1.0 - chances["good"])


def _f18() -> float:
    """Part of the activity that is left."""
    return float(decay.remaining(1.0, decay.decay_constant_per_s(default_numbers(), "F-18"), 60.0 * MINUTE_S))


#: Name of a row of the table -> the twin's value, by calling it.
MEASURES: dict[str, Callable[[], float | Interval | Bracket]] = {
    "hotel_static_4": lambda: _fall("hotel_static"),
    "hotel_dynamic_4": lambda: _fall("hotel_dynamic"),
    "hotel_yagi": lambda: _fall("hotel_static"),
    "hotel_scans_fewer": _scans_fewer,
    "mm1": _mm1,
    "mm5": _mm5,
    "mg1": _mg1,
    "priority_first": lambda: _priority("first"),
    "priority_second": lambda: _priority("second"),
    "injection_competent": lambda: _failure("competent"),
    "injection_ordinary": lambda: _failure("ordinary"),
    "injection_weak": lambda: _failure("weak"),
    "injection_seen": _seen,
    "by_eye_vines": lambda: _looks_bad("competent"),
    "by_eye_chang": lambda: _looks_bad("ordinary"),
    "in_tail_groman": lambda: _left_in_tail(("competent", "ordinary", "weak")),
    "in_tail_groman_best": lambda: 10.0 * _left_in_tail(("competent",)),
    "in_tail_groman_middle": lambda: 10.0 * _left_in_tail(("ordinary",)),
    "in_tail_groman_weak": lambda: 10.0 * _left_in_tail(("weak",)),
    "f18_after_60_min": _f18,
    **ANIMALS,
    **PHYSICS,
    **IMAGING,
}
