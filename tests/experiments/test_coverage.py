"""Intervals hold the exact value with the engine, too: M/M/1, 50 experiments."""

import pytest

from twin.experiments.compare import difference
from twin.experiments.measures import mean_waits_s
from twin.experiments.playing import played
from twin.experiments.statistics import interval
from twin.scenario.loading import load

EXPERIMENTS, REPLICATIONS, DAYS, LOAD = 50, 8, 0.6, 0.4
QUICK_MIN = 0.9

pytestmark = pytest.mark.slow


def waits_min(service_min):
    """Mean waits: experiment by experiment, replication by replication; the same luck for any service."""
    step = f"step: serve, task: other_service, person: serving, duration: {{exponential: {60 * service_min} s}}"
    plan = f"protocols.service.plan=[{{{step}}}]"
    scenario = load("theory/mm1", (f"studies.customers.arrival.poisson.rate={LOAD} /min", plan), days=DAYS)
    runs = [
        mean_waits_s(played(scenario, number).log, DAYS * 86400.0)["customers"] / 60.0
        for number in range(EXPERIMENTS * REPLICATIONS)
    ]
    return [runs[k : k + REPLICATIONS] for k in range(0, len(runs), REPLICATIONS)]


@pytest.fixture(scope="module")
def slow_server():
    return waits_min(1.0)


def exact_min(service_min):
    return LOAD * service_min**2 / (1.0 - LOAD * service_min)


def test_intervals_hold_the_exact_wait(slow_server):
    held = sum(exact_min(1.0) in interval(values, 0.95) for values in slow_server)
    print(f"held in {held} of {EXPERIMENTS}")
    assert held >= 43


def test_paired_intervals_hold_the_exact_difference(slow_server):
    due, held = exact_min(QUICK_MIN) - exact_min(1.0), 0
    for a, b in zip(slow_server, waits_min(QUICK_MIN), strict=True):
        found = difference(a, b, confidence=0.95, kpi="wait_mean_min", unit="min", scenario_a="a", scenario_b="b")
        held += found.low <= due <= found.high
    print(f"held in {held} of {EXPERIMENTS}")
    assert held >= 43
