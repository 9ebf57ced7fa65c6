"""Intervals of replications, shares, variance ratios, and that intervals hold what they say."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from twin.experiments.compare import difference
from twin.experiments.statistics import (
    Interval,
    deviation,
    differences,
    interval,
    share,
    shared_out,
    variance_ratio,
)

EXPERIMENTS, REPLICATIONS, CUSTOMERS = 1000, 20, 600


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_it_is_students(confidence):
    values = [3.0, 4.5, 2.0, 7.25, 4.0]
    low, high = stats.t.interval(confidence, len(values) - 1, np.mean(values), stats.sem(values))
    made = interval(values, confidence)
    assert (made.low, made.high) == pytest.approx((low, high), rel=1e-12)


def test_what_lies_inside():
    assert 1.0 in Interval(1.5, 0.5)
    assert 0.999 not in Interval(1.5, 0.5)
    assert interval([2.0, 2.0]) == Interval(2.0, 0.0)
    assert interval([0.1] * 7).half_width == 0.0  # whatever the mean of seven tenths rounds to


def test_one_run_proves_nothing():
    with pytest.raises(AssertionError):
        interval([1.0])


@pytest.mark.parametrize(("count", "of"), [(0, 20), (1, 20), (13, 20), (20, 20), (3, 1000)])
def test_a_share_has_wilsons_interval(count, of):
    made = share(count, of)
    assert (made.low, made.high) == pytest.approx(proportion_confint(count, of, method="wilson"), abs=1e-12)
    assert made.share == count / of


def test_several_statements_share_their_doubt():
    assert shared_out(0.95, 1) == pytest.approx(0.95)
    assert shared_out(0.95, 5) == pytest.approx(0.99)
    assert shared_out(0.95, 0) == 0.95


def test_the_variance_ratio_counts_what_unpaired_luck_would_need():
    a, b = [1.0, 2.0, 4.0, 7.0], [2.0, 2.5, 5.5, 8.5]
    apart = np.subtract(b, a)
    assert variance_ratio(a, b) == pytest.approx((np.var(a, ddof=1) + np.var(b, ddof=1)) / np.var(apart, ddof=1))


@pytest.mark.parametrize(("a", "b"), [([1.0, 2.0], [3.0, 4.0]), ([1.0, 1.0], [2.0, 3.0]), ([1.0, 2.0], [5.0, 5.0])])
def test_it_is_none_where_a_variance_is_0(a, b):
    assert variance_ratio(a, b) is None


def test_rounding_is_no_difference():
    a = [0.1 + 0.7 * k for k in range(20)]
    b = [value + 1e6 - 1e6 + 0.3 for value in a]
    assert deviation(differences(a, [value + 0.1 + 0.2 - 0.3 for value in a])) == 0.0
    assert deviation(differences(a, [3.0 * (value / 3.0) for value in a])) == 0.0
    assert differences(a, [value + 1e-15 for value in a]) == [0.0] * len(a)
    assert deviation(differences(a, b)) > 0.0  # that much is none of rounding


# Coverage on exact stationary samples of the waits of M/M/1 -----------------------------------------------------------


def waits(luck, load, service):
    """Mean waits of customers by Lindley's recursion, begun with the exact stationary distribution."""
    first, between, served = luck
    arrivals = load / service
    gap = -np.log(between) / arrivals
    work = -np.log(served) * service
    wait = np.maximum(0.0, -np.log(first / load) * service / (1.0 - load))  # 0 with 1 - load, else exponential
    total = np.zeros_like(wait)
    for number in range(between.shape[0]):
        total += wait
        wait = np.maximum(0.0, wait + work[number] - gap[number])
    return total / between.shape[0]


@pytest.fixture(scope="module")
def luck():
    generator = np.random.Generator(np.random.Philox(20))
    shape = (CUSTOMERS, EXPERIMENTS, REPLICATIONS)
    return generator.random(shape[1:]), generator.random(shape, np.float32), generator.random(shape, np.float32)


@pytest.fixture(scope="module")
def slow_server(luck):
    return waits(luck, 0.4, 1.0)


@pytest.fixture(scope="module")
def quick_server(luck):
    return waits(luck, 0.36, 0.9)


def exact(load, service):
    return load * service / (1.0 - load)


def test_intervals_hold_the_exact_mean_wait_as_often_as_they_say(slow_server):
    held = sum(exact(0.4, 1.0) in interval(values, 0.95) for values in slow_server.tolist())
    print(f"95 % intervals hold the exact wait in {held} of {EXPERIMENTS} experiments")
    assert 930 <= held <= 970


def test_paired_intervals_hold_the_exact_difference_as_often_as_they_say(slow_server, quick_server):
    due, held, paired, alone = exact(0.36, 0.9) - exact(0.4, 1.0), 0, [], []
    for a, b in zip(slow_server.tolist(), quick_server.tolist(), strict=True):
        found = difference(a, b, confidence=0.95, kpi="wait_mean_min", unit="min", scenario_a="a", scenario_b="b")
        held += found.low <= due <= found.high
        paired.append(found.high - found.low)
        alone.append(interval(a, 0.95).half_width)
    print(f"95 % intervals of the paired difference hold the exact one in {held} of {EXPERIMENTS} experiments")
    assert 930 <= held <= 970
    assert np.mean(paired) < np.mean(alone)  # because the luck is shared
