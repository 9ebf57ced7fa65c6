"""Intervals of replications."""

import numpy as np
import pytest
from scipy import stats

from twin.experiments.statistics import Interval, interval


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.99])
def test_it_is_students(confidence):
    values = [3.0, 4.5, 2.0, 7.25, 4.0]
    low, high = stats.t.interval(confidence, len(values) - 1, np.mean(values), stats.sem(values))
    made = interval(values, confidence)
    assert (made.mean - made.half_width, made.mean + made.half_width) == pytest.approx((low, high), rel=1e-12)


def test_what_lies_inside():
    assert 1.0 in Interval(1.5, 0.5)
    assert 0.999 not in Interval(1.5, 0.5)
    assert interval([2.0, 2.0]) == Interval(2.0, 0.0)


def test_one_run_proves_nothing():
    with pytest.raises(AssertionError):
        interval([1.0])
