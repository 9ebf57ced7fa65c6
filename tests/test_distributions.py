"""Distributions: one table, the same laws for all, scipy.stats as the oracle."""

import itertools
import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from twin import distributions as ds
from twin.errors import DataError
from twin.luck import Luck


def lognorm(mean, sd):
    variance = math.log1p((sd / mean) ** 2)
    return stats.lognorm(math.sqrt(variance), scale=mean * math.exp(-variance / 2))


TABLE = [
    (ds.Constant(7), None),
    (ds.Uniform(2, 5), stats.uniform(2, 3)),
    (ds.Uniform(-2, 5), stats.uniform(-2, 7)),
    (ds.Triangular(2, 3, 9), stats.triang(1 / 7, 2, 7)),
    (ds.Triangular(2, 2, 9), stats.triang(0, 2, 7)),
    (ds.Triangular(2, 9, 9), stats.triang(1, 2, 7)),
    (ds.Normal(10, 2), stats.truncnorm(-5, np.inf, 10, 2)),
    (ds.Normal(1, 2), stats.truncnorm(-0.5, np.inf, 1, 2)),
    (ds.Normal(0, 2), stats.truncnorm(0, np.inf, 0, 2)),
    (ds.LogNormal(8, 3), lognorm(8, 3)),
    (ds.LogNormal(8, 16), lognorm(8, 16)),
    (ds.Gamma(6, 2), stats.gamma(9, scale=6 / 9)),
    (ds.Gamma(6, 9), stats.gamma(4 / 9, scale=6 * 9 / 4)),
    (ds.Gamma(600, 1), stats.gamma(360_000, scale=600 / 360_000)),
    (ds.Weibull(1.5, 8), stats.weibull_min(1.5, scale=8)),
    (ds.Weibull(0.7, 8), stats.weibull_min(0.7, scale=8)),
    (ds.Exponential(4), stats.expon(scale=4)),
    (ds.BetaPert(2, 3, 9), stats.beta(1 + 4 / 7, 1 + 24 / 7, 2, 7)),
    (ds.BetaPert(2, 3, 9, 20), stats.beta(1 + 20 / 7, 1 + 120 / 7, 2, 7)),
    (ds.Discrete((3, 1, 2), (0.2, 0.3, 0.5)), None),
    (ds.Discrete((1, 2, 3), (0.5, 0.5, 0.0)), None),
    (ds.Empirical((4, 1, 7, 7, 2.5)), None),
]


def named(it):
    return str(it) if isinstance(it, ds.Distribution) else ""


each = pytest.mark.parametrize(("dist", "oracle"), TABLE, ids=named)
with_oracle = pytest.mark.parametrize(("dist", "oracle"), [pair for pair in TABLE if pair[1] is not None], ids=named)
FINE = [2.0**-53, 1e-12, 1e-6, 0.01, *np.linspace(0.05, 0.95, 37).tolist(), 0.99, 1 - 1e-6, 1 - 1e-12, 1 - 2.0**-53]


@with_oracle
def test_the_inverse_is_that_of_scipy(dist, oracle):
    for u in FINE:
        # beyond the middle the survival side is the precise one; the lattice of u makes 1 - u exact
        share, wanted = (oracle.cdf, u) if u < 0.5 else (oracle.sf, 1 - u)
        assert float(share(dist.sample(u))) == pytest.approx(wanted, rel=1e-9), u


@with_oracle
def test_the_mean_is_exact(dist, oracle):
    assert dist.mean == pytest.approx(float(oracle.mean()), rel=1e-12)


@each
def test_samples_on_an_even_grid_have_the_stated_mean(dist, oracle):
    n = 20_000
    samples = [dist.sample((i + 0.5) / n) for i in range(n)]
    assert math.fsum(samples) / n == pytest.approx(dist.mean, rel=3e-3)


@each
def test_samples_by_luck_have_the_stated_mean_and_shape(dist, oracle):
    n = 20_000
    u = Luck(11).block(np.full(n, 3, np.uint32), np.full(n, 5, np.uint64), np.arange(n, dtype=np.uint32))
    samples = np.array([dist.sample(x) for x in u.tolist()])
    assert abs(samples.mean() - dist.mean) <= 4 * samples.std() / math.sqrt(n) + 1e-12
    if oracle is not None:
        assert stats.kstest(samples, oracle.cdf).pvalue > 1e-3


@each
def test_samples_stay_in_the_support_and_never_fall(dist, oracle):
    samples = [dist.sample(u) for u in FINE]
    low, high = dist.support
    assert all(low <= x <= high for x in samples)
    assert all(a <= b for a, b in itertools.pairwise(samples))
    assert all(type(x) is float and math.isfinite(x) for x in samples)


@each
def test_scaling_scales_every_sample_and_the_mean(dist, oracle):
    scaled = dist.scaled(60)
    assert scaled.mean == pytest.approx(60 * dist.mean, rel=1e-12)
    for u in FINE:
        assert scaled.sample(u) == pytest.approx(60 * dist.sample(u), rel=1e-12)


@each
def test_a_distribution_is_plain_data(dist, oracle):
    text = json.dumps(dist.as_dict(), allow_nan=False)
    assert ds.from_dict(json.loads(text)) == dist
    assert pickle.loads(pickle.dumps(dist)) == dist
    assert hash(ds.from_dict(json.loads(text))) == hash(dist)


def test_every_kind_is_in_the_table():
    assert {dist.kind for dist, _ in TABLE} == set(ds.KINDS)
    assert len(ds.KINDS) == 11


def test_discrete_takes_each_value_as_often_as_stated():
    dist = ds.Discrete((3, 1, 2), (0.2, 0.3, 0.5))
    samples = [dist.sample((i + 0.5) / 1000) for i in range(1000)]
    assert [samples.count(v) for v in (1.0, 2.0, 3.0)] == [300, 500, 200]


def test_empirical_takes_each_observation_alike():
    dist = ds.Empirical((5, 1, 3, 3))
    assert [dist.sample((i + 0.5) / 8) for i in range(8)] == [1, 1, 3, 3, 3, 3, 5, 5]


@given(st.floats(0.1, 1e6), st.floats(1, 50))
def test_lognormal_by_median_and_95th_percentile(median, ratio):
    dist = ds.LogNormal.from_median_p95(median, median * ratio)
    assert dist.sample(0.5) == pytest.approx(median, rel=1e-9)
    assert dist.sample(0.95) == pytest.approx(median * ratio, rel=1e-9)


@pytest.mark.parametrize("kind", [ds.Normal, ds.LogNormal, ds.Gamma])
def test_no_spread_is_a_constant(kind):
    dist = kind(5, 0)
    assert {dist.sample(u) for u in FINE} == {5.0}
    assert dist.mean == 5
    assert dist.support == (5, 5)


IMPOSSIBLE = [
    (lambda: ds.Uniform(5, 1), r"low=5.0, high=1.0.*low is above high"),
    (lambda: ds.Triangular(1, 9, 3), r"mode=9.0"),
    (lambda: ds.BetaPert(1, 0, 3), r"mode=0.0"),
    (lambda: ds.BetaPert(1, 2, 3, -1), "weight"),
    (lambda: ds.Normal(5, -1), r"sd=-1.0"),
    (lambda: ds.Normal(-5, 1), r"centre=-5.0"),
    (lambda: ds.LogNormal(0, 1), r"mean=0.0"),
    (lambda: ds.LogNormal(1, 1e9), "100 times"),
    (lambda: ds.LogNormal.from_median_p95(5, 2), "median 5 and p95 2"),
    (lambda: ds.Gamma(1, -1), r"sd=-1.0"),
    (lambda: ds.Weibull(0, 1), r"shape=0.0"),
    (lambda: ds.Weibull(1, 0), r"scale=0.0"),
    (lambda: ds.Exponential(0), r"mean=0.0"),
    (lambda: ds.Discrete((1, 2), (0.5, 0.4)), "0.9, not to 1"),
    (lambda: ds.Discrete((1, 2), (1.5, -0.5)), "negative"),
    (lambda: ds.Discrete((1, 2), (1,)), "as many"),
    (lambda: ds.Discrete((), ()), "at least one"),
    (lambda: ds.Empirical(()), "at least one"),
    (lambda: ds.Empirical(3), "not a list"),
    (lambda: ds.Constant(math.nan), "nan is not a finite number"),
    (lambda: ds.Constant(10**400), "not a finite number"),
    (lambda: ds.Constant(True), "True is not"),
    (lambda: ds.Constant("3 min"), "'3 min' is not"),
    (lambda: ds.Uniform(0, math.inf), "inf is not"),
    (lambda: ds.Uniform(0, 1).scaled(0), "scaled by 0"),
    (lambda: ds.Uniform(0, 1).scaled(math.nan), "scaled by nan"),
    (lambda: ds.refuse_negative(ds.Uniform(-1, 1)), "never negative.*-1 s"),
    (lambda: ds.from_dict({"kind": "trianglar"}), "nearest: triangular"),
    (lambda: ds.from_dict({}), "unknown distribution None"),
    (lambda: ds.from_dict({"kind": "uniform", "lo": 1}), "takes low, high; given: lo"),
]


@pytest.mark.parametrize(("make", "text"), IMPOSSIBLE)
def test_impossible_parameters_are_refused_by_value(make, text):
    with pytest.raises(DataError, match=text):
        make()


def test_what_cannot_be_negative_is_a_duration():
    for dist, _ in TABLE:
        if dist.support[0] >= 0:
            assert ds.refuse_negative(dist) is dist


@given(st.lists(st.floats(0, 1e6), max_size=50))
def test_ticked_durations_add_up_exactly_in_any_order(durations):
    ticks = [ds.tick(d) for d in durations]
    assert all(abs(t - d) <= ds.TICK / 2 for t, d in zip(ticks, durations, strict=True))
    assert sum(ticks) == sum(reversed(ticks)) == math.fsum(ticks)
