"""Plans without animals that are done by themselves."""

from __future__ import annotations

import pytest

from twin.errors import ScenarioError
from twin.scenario.expand import site

HOUR = 3600.0
DAY = 24 * HOUR
WEEKLY = """
days: 14
opening: {holidays: [2026-03-09]}
protocols:
  big_cleaning:
    duty: {days: [mon, thu], at: "16:00"}
    plan:
      - {step: empty, task: waste, duration: 10 min, person: cleaning, workplace: preparation}
      - {step: wipe, task: cleaning, duration: 50 min, person: cleaning, scanner: pet, bed: true}
  audit:
    duty: {dates: [2026-03-04, 2026-04-04], at: "09:30", priority: 1}
    plan:
      - {step: audit, task: audit, duration: {uniform: [1 h, 2 h]}, people: [analysis, analysis]}
"""


def test_a_duty_falls_due(patched):
    found = site(patched(WEEKLY))
    weekly, audit = found.duties
    assert (weekly.name, weekly.plan, weekly.priority) == ("big_cleaning", "big_cleaning", 5)
    assert weekly.moments_s == tuple(day * DAY + 16 * HOUR for day in (0, 3, 10))
    assert (audit.moments_s, audit.priority) == ((2 * DAY + 9.5 * HOUR,), 1)
    assert [step.name for step in found.plans["audit"].body.nodes] == ["audit"]
    assert not found.protocols["audit"].scans
    assert site(patched()).duties == ()


OWN = """
protocols:
  own:
    duty: {%s at: "16:00"}
    plan:
      - %s
"""
STEP = "{step: a, task: audit, duration: 5 min}"


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        (OWN % ("", STEP), "either days"),
        (OWN % ("days: mon, dates: [2026-03-02],", STEP), "either days"),
        (OWN % ("days: mon,", f"for_each_animal: [{STEP}]"), "for_each_animal"),
        (OWN % ("days: mon,", STEP[:-1] + ", place: uptake}"), "a `workplace`"),
        (OWN % ("days: mon,", STEP[:-1] + ", effect: scan}"), "the effect scan"),
        (OWN % ("days: mon,", "{step: a, task: audit, duration: {until: booked, lead_to: a}}"), "only visits have"),
        ("protocols: {static: {duty: {days: mon, at: '16:00'}}}", "instead of a template"),
    ],
)
def test_a_duty_has_no_animal(patched, patch, words):
    with pytest.raises(ScenarioError) as caught:
        patched(patch)
    found = [problem for problem in caught.value.problems if words in str(problem)]
    assert found
    assert found[0].path.endswith(".duty")


def test_skills_and_people_of_a_duty_are_looked_for(patched):
    with pytest.raises(ScenarioError, match="needs 2 people at once"):
        patched(WEEKLY + "staff: {technologist: {count: 1}}")


@pytest.mark.parametrize(
    ("days", "words"),
    [("days: sat,", "only falls due while the site is closed"), ("dates: [2026-06-01],", "never falls due")],
)
def test_a_duty_that_is_never_done_warns(patched, days, words):
    (warning,) = patched(OWN % (days, STEP) + "days: 7").warnings
    assert (warning.path, words in str(warning)) == ("protocols.own.duty", True)


def test_duties_can_close_a_circle(patched):
    """It has the scanner and waits for a bed; all beds are had by those who wait for the scanner."""
    patch = """
    protocols:
      service:
        duty: {days: mon, at: "09:00"}
        plan:
          - {step: open, task: other_service, duration: 5 min, scanner: pet, holds: {scanner: close}}
          - {step: look, task: other_service, duration: 5 min, scanner: pet, bed: %s}
          - {step: close, task: other_service, duration: 5 min}
    """
    patched(patch % "false")
    with pytest.raises(ScenarioError, match="bed of pet -> scanner pet"):
        patched(patch % "true")
