"""Theory: the twin reduced to queues whose mean wait is known, by scenario files through the public schema.

The interval is that of the means of 20 independent replications (Student's t, 99 %), of the visits that came after a
warm-up; it is never widened. Its relative half width is at most 5 % in the slow suite, and at most 20 % in the default
one, where a case takes a few seconds. That a test can fail is tested too: each case names a formula that is wrong (a
rate 5 % off, servers or classes mistaken), and its value must lie outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from math import factorial, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from twin.facility.log import Log
from twin.facility.world import play
from twin.scenario.expand import site
from twin.scenario.loading import load

CONFIDENCE = 0.99
#: What is left out of each replication: the first part of its arrivals (warm-up), and the last, not all yet begun.
WARM_UP, COOL_DOWN = 0.10, 0.05
REPLICATIONS = 20
MINUTES_A_DAY = 1440.0

Waits = dict[str, float]


# Formulas: means of the wait in the queue, in units of 1 / rate -------------------------------------------------------


def erlang_c(servers: int, load_: float) -> float:
    """Probability of waiting in M/M/c; load = lambda / mu."""
    last = load_**servers / factorial(servers) * servers / (servers - load_)
    return last / (sum(load_**k / factorial(k) for k in range(servers)) + last)


def mmc(arrivals: float, service: float, servers: int = 1) -> float:
    """Erlang; rates per minute."""
    return erlang_c(servers, arrivals / service) / (servers * service - arrivals)


def mg1(arrivals: float, mean: float, cv2: float) -> float:
    """Pollaczek and Khinchine."""
    return arrivals * mean**2 * (1.0 + cv2) / (2.0 * (1.0 - arrivals * mean))


def cobham(*classes: tuple[float, float, float]) -> list[float]:
    """Priority without interruption; (arrivals, mean service, squared coefficient of variation), the first first."""
    residual = sum(arrivals * mean**2 * (1.0 + cv2) for arrivals, mean, cv2 in classes) / 2.0
    busy = np.concatenate(([0.0], np.cumsum([arrivals * mean for arrivals, mean, _ in classes])))
    return [residual / ((1.0 - before) * (1.0 - after)) for before, after in pairwise(busy)]


def test_formulas_against_textbook_values():
    assert mmc(0.5, 1.0) == pytest.approx(1.0)
    assert mmc(0.8, 1.0) == pytest.approx(4.0)
    assert mmc(4.5, 1.0, 5) == pytest.approx(1.5250, abs=5e-5)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert mg1(0.8, 1.0, 0.0) == pytest.approx(2.0)
    assert mg1(0.8, 1.0, 1.0) == pytest.approx(mmc(0.8, 1.0))
    assert cobham((0.5, 1.0, 1.0)) == pytest.approx([1.0])
    first, second = cobham((0.25, 1.0, 1.0), (0.25, 1.0, 1.0))
    assert (first + second) / 2 == pytest.approx(mmc(0.5, 1.0))  # equal services: the order moves no mean


# The log as a queue ---------------------------------------------------------------------------------------------------


def simulated(name: str, sets: tuple[str, ...], days: float, replications: int):
    """The log of each replication of a file in scenarios/theory."""
    found = site(load(f"theory/{name}", sets, days=days))
    for k in range(replications):
        yield play(found, replication=k)


def waits_min(log: Log) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each study the times of arrival and the waits of its visits for their first step [min]; NaN: not begun."""
    events, *_ = log.columns()
    code = {word: log.codes.get(word, -2) for word in ("request", "start", "happening", "visit_requested")}
    arrived = times_of(
        log, events, (events["phase"] == code["happening"]) & (events["step"] == code["visit_requested"])
    )
    asked = times_of(log, events, events["phase"] == code["request"], "session")
    started = times_of(log, events, events["phase"] == code["start"], "session")
    wait = np.where(np.isnan(asked), 0.0, started - asked)
    assert np.all((wait > 0.0) | (started == arrived) | np.isnan(started)), "who does not ask starts on arrival"
    wait[np.isnan(started)] = np.nan
    study = np.full(len(log.names), -1)
    study[events["visit"][events["visit"] >= 0]] = events["study"][events["visit"] >= 0]
    return {log.names[s]: (arrived[study == s] / 60.0, wait[study == s] / 60.0) for s in np.unique(study[study >= 0])}


def times_of(log: Log, events: dict[str, np.ndarray], rows: np.ndarray, who: str = "visit") -> np.ndarray:
    """Time of the first of these rows for each name; NaN: none. A session of one animal has its visit's name."""
    result = np.full(len(log.names), np.nan)
    here = np.flatnonzero(rows)[::-1]
    result[events[who][here]] = events["time_s"][here]
    return result


def mean_waits(log: Log, horizon_min: float) -> tuple[Waits, int]:
    """Mean wait of those who came in the middle part of a run, by study, and how many they were."""
    means, count = {}, 0
    for study, (arrived, wait) in waits_min(log).items():
        chosen = wait[(arrived >= WARM_UP * horizon_min) & (arrived < (1.0 - COOL_DOWN) * horizon_min)]
        assert not np.isnan(chosen).any(), "everybody who is counted has begun"
        means[study], count = float(chosen.mean()), count + len(chosen)
    return means, count


@dataclass(frozen=True)
class Interval:
    """Mean of replications and half width of its interval."""

    mean: float
    half: float

    def __contains__(self, value: float) -> bool:
        return abs(value - self.mean) <= self.half

    @property
    def relative(self) -> float:
        return self.half / self.mean


def interval(means: list[float]) -> Interval:
    """Student's interval of independent replications."""
    quantile = stats.t.ppf(0.5 + CONFIDENCE / 2.0, len(means) - 1)
    return Interval(float(np.mean(means)), float(quantile * np.std(means, ddof=1) / sqrt(len(means))))


# Cases ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A scenario file, what theory says of each study's mean wait [min], and values that are wrong.

    ``quick`` and ``slow`` are the customers of all replications together in the two suites; 0: too long for it, or
    another case of its kind is in it.
    """

    name: str
    file: str
    rate: float
    theory: Waits
    wrong: Waits
    sets: tuple[str, ...] = ()
    quick: int = 25_000
    slow: int = 160_000


def one(name: str, file: str, rate_: float, theory: float, wrong: float, **more) -> Case:
    """A case with one study."""
    return Case(name, file, rate_, {"customers": theory}, {"customers": wrong}, **more)


def rate(value: float) -> str:
    return f"studies.customers.arrival.poisson.rate={value} /min"


def people(count: int) -> str:
    return f"staff.server.count={count}"


def scanners(count: int) -> str:
    return f"scanners.machine.count={count}"


def service(words: str) -> str:
    return f"protocols.service.plan=[{{step: serve, task: other_service, person: serving, duration: {words}}}]"


FIRST, SECOND, THIRD = cobham((0.2, 1.0, 1.0), (0.1, 2.0, 1.0), (0.2, 1.0, 0.0))
HIGH, LOW = cobham((0.3, 1.0, 1.0), (0.15, 2.0, 1.0))
IN_ORDER = LOW * (1.0 - 0.3)  # without priorities
BOTH = ("west", "east")

CASES = [
    one("M/M/1 rho 0.5", "mm1", 0.5, mmc(0.5, 1.0), mmc(0.5, 0.95)),
    one("M/M/1 rho 0.8", "mm1", 0.8, mmc(0.8, 1.0), mmc(0.8, 0.95), sets=(rate(0.8),), quick=0, slow=650_000),
    one("M/M/3", "mmc", 2.0, mmc(2.0, 1.0, 3), mmc(2.0, 0.95, 3), quick=40_000, slow=600_000),
    one(
        "M/M/5", "mmc", 3.5, mmc(3.5, 1.0, 5), mmc(3.5, 0.95, 5),
        sets=(rate(3.5), people(5)), quick=0, slow=800_000,
    ),
    one("M/G/1 gamma cv2 0.5", "mg1", 0.5, mg1(0.5, 1.0, 0.5), mmc(0.5, 1.0), quick=0),
    one(
        "M/G/1 gamma cv2 2", "mg1", 0.5, mg1(0.5, 1.0, 2.0), mmc(0.5, 1.0),
        sets=(service("{gamma: {mean: 60 s, sd: 84.8528 s}}"),), slow=200_000,
    ),
    one("M/D/1", "mg1", 0.5, mg1(0.5, 1.0, 0.0), mmc(0.5, 1.0), sets=(service("1 min"),)),
    Case(
        "priority, 2 classes", "priority", 0.45,
        {"first": HIGH, "second": LOW}, {"first": IN_ORDER, "second": IN_ORDER}, quick=0, slow=330_000,
    ),
    Case(
        "priority, 3 classes", "priority_three", 0.5,
        {"first": FIRST, "second": SECOND, "third": THIRD}, {"first": SECOND, "second": THIRD, "third": FIRST},
        slow=350_000,
    ),
    one("M/M/1 of a person with a scanner", "person_and_scanner", 0.5, mmc(0.5, 1.0), mmc(0.5, 0.95)),
    one(
        "M/M/3 of 5 people, 3 scanners", "person_and_scanner", 2.0, mmc(2.0, 1.0, 3), mmc(2.0, 1.0, 5),
        sets=(rate(2.0), people(5), scanners(3)), quick=0, slow=600_000,
    ),
    Case(
        "one person for two scanners", "shared_people", 0.5,
        dict.fromkeys(BOTH, mmc(0.5, 1.0)), {"west": mmc(0.2, 1.0), "east": mmc(0.3, 1.0)},
    ),
    Case(
        "two people for two scanners", "shared_people", 0.5,
        {"west": mmc(0.2, 1.0), "east": mmc(0.3, 1.0)}, dict.fromkeys(BOTH, mmc(0.5, 1.0, 2)), (people(2),),
        slow=500_000,
    ),
    one("hotel of one", "hotel_of_one", 0.5, mg1(0.5, 1.0, 0.2), mmc(0.5, 1.0), quick=20_000, slow=100_000),
]  # fmt: skip


def measure(case: Case, customers: int) -> dict[str, Interval]:
    """The interval of each study's mean wait."""
    days = customers / REPLICATIONS / case.rate / MINUTES_A_DAY
    runs = [mean_waits(log, days * MINUTES_A_DAY) for log in simulated(case.file, case.sets, days, REPLICATIONS)]
    found = {study: interval([means[study] for means, _ in runs]) for study in case.theory}
    for study, value in found.items():
        print(
            f"{case.name}, {study}: theory {case.theory[study]:.4f} min, simulated {value.mean:.4f} +- {value.half:.4f}"
            f" ({100 * value.relative:.1f} %), wrong {case.wrong[study]:.4f}, {sum(n for _, n in runs)} counted"
        )
    return found


def require(case: Case, customers: int, widest: float) -> None:
    """Theory lies inside, a wrong formula outside, and the interval is narrow."""
    for study, found in measure(case, customers).items():
        assert case.theory[study] in found
        assert case.wrong[study] not in found
        assert found.relative <= widest


@pytest.mark.parametrize("case", [case for case in CASES if case.quick], ids=lambda case: case.name)
def test_mean_wait_is_that_of_theory(case):
    require(case, case.quick, widest=0.20)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mean_wait_is_that_of_theory_tightly(case):
    require(case, case.slow, widest=0.05)


THREE_SERVERS = {
    "5 people, 3 scanners": ("person_and_scanner", (rate(2.0), people(5), scanners(3))),
    "3 people, 5 scanners": ("person_and_scanner", (rate(2.0), people(3), scanners(5))),
    "4 people, 3 beds": ("beds", ()),
}


@pytest.mark.parametrize("name", THREE_SERVERS)
def test_only_the_smaller_pool_counts(name):
    """Luck is addressed by visit, so every visit waits exactly as long as with three people and nothing else."""
    (plain,) = simulated("mmc", (), 1.0, 1)
    (paired,) = simulated(*THREE_SERVERS[name], 1.0, 1)
    assert waits_min(plain)["customers"][1].sum() > 0.0
    for expected, found in zip(waits_min(plain)["customers"], waits_min(paired)["customers"], strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_hotel_of_one_waits_for_nothing_once_it_has_its_bed():
    (log,) = simulated("hotel_of_one", (), 1.0, 1)
    events, *_ = log.columns()
    asked = events["step"][events["phase"] == log.codes["request"]]
    assert {log.names[code] for code in np.unique(asked)} == {"position"}


@pytest.mark.parametrize("file", sorted(path.stem for path in Path(str(files("scenarios")), "theory").glob("*.yaml")))
def test_littles_law(file):
    """L = lambda W and Lq = lambda Wq, exactly: on the left the number there over time, on the right visit by visit."""
    days = 0.3
    (log,) = simulated(file, (), days, 1)
    for came, went in (("visit_requested", "visit_completed"), ("request", "start")):
        arrived, left = moments(log, came), moments(log, went)
        there = ~np.isnan(arrived)
        arrived, left = arrived[there], np.nan_to_num(left[there], nan=days * 86400.0)
        assert area_s(arrived, left) == (left - arrived).sum() > 0.0


def moments(log: Log, word: str) -> np.ndarray:
    """When it first happened to each visit; NaN: not."""
    events, *_ = log.columns()
    column, who = ("step", "visit") if word.startswith("visit") else ("phase", "session")
    return times_of(log, events, events[column] == log.codes[word], who)


def area_s(arrived: np.ndarray, left: np.ndarray) -> float:
    """Integral of the number there over time; times are whole numbers of 2^-10 s, so the sums are exact."""
    times = np.concatenate((arrived, left))
    order = np.argsort(times)
    number = np.cumsum(np.repeat((1, -1), len(arrived))[order])
    return float((number[:-1] * np.diff(times[order])).sum())
