"""Planned times, and the checks that lean on them."""

from __future__ import annotations

import pytest

from twin.distributions import Constant
from twin.errors import ScenarioError
from twin.plan import ForEachAnimal, Plan, Sequence, Step, Until
from twin.scenario.planned import up_to_s

MIN = 60.0


def step(name, minutes, effect=None):
    return Step(name, "other_service", Constant(minutes * MIN), effect=effect)


BODY = Sequence(
    (
        Step("fasting", "preparation", Until("booked", 0.0, "lift")),
        step("bring", 5),
        ForEachAnimal(Sequence((step("weigh", 2), step("draw", 3, "draw"), step("inject", 4, "inject")))),
        Step("uptake", "uptake", Until("injection", 0.0, "scan")),
        step("scan", 10, "scan"),
        step("clean", 7),
    )
)


@pytest.mark.parametrize(
    ("effect", "animals", "minutes"),
    [("draw", 1, 10), ("draw", 4, 25), ("inject", 4, 41), ("scan", 4, 111), ("wake", 4, 118)],
)
def test_planned_time(effect, animals, minutes):
    assert up_to_s(Plan("p", BODY), effect, animals, until_s=60 * MIN) == minutes * MIN


LATE = """
hot_lab: {deliveries: {fdg: {arrives: "%s", reference: "%s", expires: "%s"}}}
studies: {tumour: {arrival: {dates: ["2026-03-02 12:00"]}, time_points: {t1: {window: 30 min}}}}
"""


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (("08:00", "08:00", "08:05"), "after its expiry"),
        (("08:00", "08:00", "09:00"), None),
        (("12:10", "12:10", "13:00"), None),
        (("13:40", "13:40", "14:00"), "before it comes"),
    ],
)
def test_a_vial_is_there_when_the_session_can_draw(patched, times, words):
    """Up to four animals: 3.5 h from the first step to the end of the scan, 23 min to the last draw."""
    if words is None:
        patched(LATE % times)
        return
    with pytest.raises(ScenarioError, match=words):
        patched(LATE % times)


def test_the_share_that_is_planned(patched):
    from twin.scenario.expand import site

    assert site(patched()).policies.planned_share == 0.9
    assert site(patched("policies: {planned_share: 75 %}")).policies.planned_share == 0.75
