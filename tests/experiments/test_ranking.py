"""Ranking and selection, against sim-tools, and that the best is chosen as often as promised."""

import numpy as np
import pytest

from twin import api
from twin.errors import UsageError
from twin.experiments import selection
from twin.experiments.ranking import kn_plus_plus, ocba, ocba_shares
from twin.experiments.records import Record

MEANS, DEVIATION = (10.0, 10.4, 12.0, 11.0), 1.0


@pytest.fixture
def luck():
    return np.random.default_rng(4)


def normal(seed, means=MEANS, shared=0.0):
    """Samples by address; ``shared`` is the share of the variance that all have in common."""

    def sample(design, replication):
        own = np.random.default_rng((seed, design, replication)).normal()
        common = np.random.default_rng((seed, 99, replication)).normal()
        return means[design] + DEVIATION * (np.sqrt(1.0 - shared) * own + np.sqrt(shared) * common)

    return sample


def test_kn_chooses_the_best_and_says_so():
    found = kn_plus_plus(normal(1), 4, within=0.5)
    assert (found.best, found.sure) == (2, True)
    assert found.replications[2] == max(found.replications)


def test_shared_luck_makes_it_quicker():
    alone, shared = (kn_plus_plus(normal(1, shared=share), 4, within=0.3) for share in (0.0, 0.9))
    assert shared.best == alone.best == 2
    assert sum(shared.replications) < sum(alone.replications)


def test_it_is_right_as_often_as_promised():
    """The best is better by just what matters."""
    means = (10.0, 10.0, 10.5, 10.0)
    right = sum(kn_plus_plus(normal(seed, means), 4, within=0.5).best == 2 for seed in range(40))
    assert right >= 36


def test_it_stops_at_the_most():
    found = kn_plus_plus(normal(1, (10.0, 10.0)), 2, within=0.01, most=12)
    assert (found.sure, found.replications) == (False, (12, 12))


def test_shares_are_those_of_the_formula():
    """Chen 2000: N_i / N_j = (s_i / d_i)^2 / (s_j / d_j)^2, N_b = s_b sqrt(sum (N_i / s_i)^2)."""
    means, variances = np.array([1.0, 2.0, 4.0]), np.array([1.0, 4.0, 2.0])
    raw = np.array([1.0 / 9.0, 4.0 / 4.0])
    best = np.sqrt(2.0) * np.sqrt(raw[0] ** 2 / 1.0 + raw[1] ** 2 / 4.0)
    assert ocba_shares(means, variances) == pytest.approx(np.array([*raw, best]) / (raw.sum() + best))


def test_a_budget_is_spent_where_it_tells_most():
    found = ocba(normal(1), 4, budget=200)
    assert found.best == 2
    assert sum(found.replications) == 200
    assert found.replications[3] > found.replications[0]  # 11 is harder to tell from 12 than 10 is


@pytest.mark.slow
def test_sim_tools_agrees():
    from sim_tools.ovs.fixed_budget import OCBA
    from sim_tools.ovs.indifference_zone import KNPlusPlus

    class Model:
        def __init__(self, seed):
            self.sample, self.count = normal(seed), [0] * 4

        def register_observer(self, observer):
            self.observer = observer

        def simulate(self, design):
            value = self.sample(design, self.count[design])
            self.count[design] += 1
            self.observer.feedback(self, design, value)

    ours, theirs = [], []
    for seed in range(5):
        model = Model(seed)
        assert KNPlusPlus(model, 4, 0.5, 0.05, n_0=10).solve().tolist() == [kn_plus_plus(normal(seed), 4, 0.5).best]
        model = Model(seed)
        OCBA(model, 4, 200, 10, n_0=10, obj="max").solve()
        theirs.append(model.count)
        ours.append(ocba(normal(seed), 4, 200).replications)
    assert np.mean(ours, axis=0) == pytest.approx(np.mean(theirs, axis=0), rel=0.35)


def test_the_cheapest_scenario_is_chosen(monkeypatch):
    """From a table of costs, so that nothing is played; tests/experiments/test_gathering.py plays."""
    asked = []

    def records(scenarios, pairs, crew, store, done):
        asked.extend(pairs)
        for place, k in pairs:
            yield Record(k, {"cost_total": {"value": 900.0 + 300.0 * (1 - place) + k % 3, "unit": "USD"}})

    monkeypatch.setattr(selection, "records", records)
    scenarios = [api.load(name, days=1) for name in ("second_scanner", "baseline")]
    found = api.select(*scenarios, kpi="cost_total", within=100.0)
    assert (found.best, found.method, found.sure) == ("baseline", "KN++", True)
    assert found.means == pytest.approx((1200.9, 900.9))
    assert "is best in cost_total" in found.sentence
    assert asked == [(place, k) for place in range(2) for k in range(10)]  # all at once


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"kpi": "utilisation_pct[pet]", "within": 1.0}, "no better direction"),
        ({"kpi": "cost_total"}, "--within"),
        ({"kpi": "cost_totl", "within": 1.0}, "did you mean 'cost_total'"),
        ({"kpi": "cost_total", "within": -1.0}, "above 0"),
    ],
)
def test_wrong_words(words, said):
    with pytest.raises(UsageError, match=said):
        api.select("baseline", "two_shifts", **words)
