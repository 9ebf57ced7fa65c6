"""How many replications are enough, and where a warm-up ends."""

import numpy as np
import pytest

from twin.experiments.replications import enough, enough_of_all, look_ahead, relative_half_widths
from twin.experiments.statistics import interval
from twin.experiments.warm_up import mser, welch


def stepwise(values, precision):
    """The published algorithm as it is written: find, look ahead, go on if it does not hold."""
    reached = [interval(values[:count], 0.95).relative <= precision for count in range(3, len(values) + 1)]
    for count in range(3, len(values) + 1):
        last = count + look_ahead(count)
        if last > len(values):
            return None
        if all(reached[count - 3 : last - 3 + 1]):
            return count
    return None


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("precision", [0.05, 0.1, 0.3])
def test_the_algorithm_is_the_published_one(seed, precision):
    values = np.random.default_rng(seed).gamma(4.0, 2.5, 160).tolist()
    assert enough(values, precision) == stepwise(values, precision)


def test_half_widths_are_those_of_the_intervals():
    values = (1e6 + np.random.default_rng(1).normal(size=50)).tolist()
    due = [interval(values[:count], 0.9).relative for count in range(3, 51)]
    assert relative_half_widths(values, 0.9) == pytest.approx(due, rel=1e-6)


def test_a_constant_is_known_at_once():
    assert enough([4.0] * 8, 0.01) == 3
    assert enough([0.0] * 8, 0.01) == 3
    assert enough([4.0] * 7, 0.01) is None  # five further ones must be seen


def test_a_mean_of_0_is_never_precise():
    assert enough([-1.0, 1.0] * 40, 0.05) is None


def test_the_greatest_number_wins():
    rng = np.random.default_rng(3)
    calm, wild = rng.normal(10.0, 0.1, 200).tolist(), rng.normal(10.0, 3.0, 200).tolist()
    assert enough_of_all([calm, wild], 0.1) == enough(wild, 0.1) > enough(calm, 0.1)
    assert enough_of_all([calm, [-1.0, 1.0] * 40], 0.1) is None


def test_mser_is_the_least_marginal_standard_error():
    rng = np.random.default_rng(5)
    values = 10.0 - 9.0 * np.exp(-np.arange(400) / 15.0) + rng.normal(0.0, 0.5, 400)
    batches = values.reshape(-1, 5).mean(axis=1)
    errors = [np.var(batches[d:]) / len(batches[d:]) for d in range(len(batches) - 1)]
    assert mser(values) == 5 * int(np.argmin(errors))
    assert 20 <= mser(values) <= 100


def test_mser_says_when_a_series_is_too_short():
    assert mser(np.arange(100.0)) is None  # it never levels out
    assert mser([1.0, 2.0]) is None
    assert mser([3.0] * 50) == 0


def test_welch_averages_over_replications_and_neighbours():
    series = [[1.0, 2.0, 3.0, 10.0, 5.0, 6.0], [3.0, 4.0, 5.0, 12.0, 7.0, 8.0, 99.0]]
    mean = [2.0, 3.0, 4.0, 11.0, 6.0, 7.0]
    due = [2.0, np.mean(mean[:3]), np.mean(mean[:5]), np.mean(mean[1:6])]
    assert welch(series, 2) == pytest.approx(due)
