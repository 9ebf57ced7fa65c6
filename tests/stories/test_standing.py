"""Stories of what people may do: certificates that end and are renewed, learning at work, booked time."""

import pytest

WORK = """
protocols:
  job:
    plan: [{step: work, task: analysis, person: analysis, duration: 60 min}]
"""
DAILY = 'studies: {jobs: {protocol: job, animals: 2, arrival: {dates: ["2026-01-05 09:00", "2026-01-06 09:00"]}}}\n'


def test_a_certificate_ends_and_the_task_waits_until_it_is_renewed(tell):
    """Ann may analyse on Monday; on Tuesday she may not until her course, from 10:00 to 12:00, is over."""
    story = (
        WORK
        + DAILY
        + """
days: 2
staff:
  ann:
    certificates:
      informatics: {expires: 2026-01-05, skills: [analysis], renewal: {at: 2026-01-06 10:00, course: 2 h}}
"""
    )
    words = ("work", "informatics", "certificate_expired", "certificate_renewed")
    assert tell(story, *words) == [
        "09:00 work start by ann",
        "10:00 work end",
        "day 2 00:00 certificate_expired",
        "day 2 09:00 work request (certificate)",
        "day 2 10:00 informatics start by ann",
        "day 2 12:00 informatics end",
        "day 2 12:00 certificate_renewed",
        "day 2 12:00 work start (certificate) by ann",
        "day 2 13:00 work end",
    ]


def test_a_certificate_that_is_renewed_in_time_bars_nobody(tell):
    story = (
        WORK
        + DAILY
        + """
days: 2
staff:
  ann:
    certificates:
      informatics: {expires: 2026-01-05, skills: [analysis], renewal: {at: 2026-01-05 10:00, course: 2 h}}
"""
    )
    assert tell(story, "work", "informatics", "certificate_expired") == [
        "09:00 work start by ann",
        "10:00 work end",
        "10:00 informatics start by ann",
        "12:00 informatics end",
        "day 2 09:00 work start by ann",
        "day 2 10:00 work end",
    ]


def test_who_attends_keeps_a_certificate_until_the_animals_are_awake(tell):
    """It ends at midnight in the middle of a sleep; the second animal waits for ever."""
    story = """
days: 2
opening: {hours: always}
protocols:
  sleep:
    plan:
      - {step: induce, task: preparation, person: anaesthesia, effect: anaesthetise, duration: 10 min}
      - {step: rest, task: monitoring, duration: 60 min}
      - {step: wake, task: anaesthesia_recovery, person: anaesthesia, effect: wake, duration: 5 min}
studies: {mice: {protocol: sleep, animals: 2, arrival: {dates: ["2026-01-05 23:30", "2026-01-06 00:10"]}}}
staff: {ann: {certificates: {function_a: {expires: 2026-01-05}}}}
"""
    assert tell(story, "induce", "wake", "attendance", "certificate_expired") == [
        "23:30 attendance start by ann",
        "23:30 induce start by ann",
        "23:40 induce end",
        "day 2 00:10 induce request",
        "day 2 00:40 wake start by ann",
        "day 2 00:45 wake end",
        "day 2 00:45 attendance end",
        "day 2 00:45 certificate_expired",
    ]


LEARN = """
protocols:
  job: {plan: [{step: work, task: analysis, person: analysis, duration: 60 min}]}
studies:
  jobs:
    protocol: job
    animals: 4
    arrival: {dates: ["2026-01-05 09:00", "2026-01-05 11:00", "2026-01-05 13:00", "2026-01-05 15:00"]}
staff:
  ann: {shift: {daily: "08:00-14:00"}}
  bob: {role: animal_technician, training: {analysis: {supervised: 2}}}
"""


def test_two_tasks_under_supervision_and_somebody_is_signed_off(tell):
    """The tasks that Bob learns by take both and half as long again; at 15:00 he is alone and may."""
    assert tell(LEARN, "work", "signed_off") == [
        "09:00 work start by bob and ann",
        "10:30 work end",
        "11:00 work start by bob and ann",
        "12:30 work end",
        "12:30 signed_off",
        "13:00 work start by ann",
        "14:00 work end",
        "15:00 work start by bob",
        "16:00 work end",
    ]


def test_who_learns_does_nothing_alone(tell):
    story = LEARN.replace("supervised: 2", "supervised: 3").replace("08:00-14:00", "08:00-12:45")
    assert tell(story, "work", "signed_off") == [
        "09:00 work start by bob and ann",
        "10:30 work end",
        "11:00 work start by bob and ann",
        "12:30 work end",
        "13:00 work request (supervisor)",
        "15:00 work request (supervisor)",
    ]


def test_the_first_times_take_longer(tell):
    """A learning rate of 0.5 and a routine of 4: the first time takes four times, the second twice as long."""
    story = """
days: 1
protocols: {job: {plan: [{step: work, task: analysis, person: analysis, duration: 20 min}]}}
studies:
  jobs:
    protocol: job
    animals: 4
    arrival: {dates: ["2026-01-05 09:00", "2026-01-05 11:00", "2026-01-05 13:00", "2026-01-05 15:00"]}
staff: {ann: {experience: {analysis: 0}}}
numbers: {competences.experience.learning_rate: {value: 0.5}, competences.experience.routine: {value: 4}}
"""
    told = tell(story, "work")
    assert told[:4] == ["09:00 work start by ann", "10:20 work end", "11:00 work start by ann", "11:40 work end"]
    assert told[-1] == "15:20 work end"


@pytest.mark.parametrize(("done", "level"), [(0, "weak"), (20, "ordinary"), (200, "competent")])
def test_experience_decides_how_injections_go(done, level, patch_site):
    world = patch_site(f"staff: {{ann: {{injection_level: ordinary, experience: {{injection: {done}}}}}}}\n")
    worker = world.roster.workers["ann"]
    assert world.standing.level(worker, None, [worker]) == level


def test_booked_time_keeps_a_person(tell):
    story = (
        WORK
        + """
studies: {jobs: {protocol: job, animals: 1, arrival: {dates: ["2026-01-05 09:30"]}}}
staff:
  ann:
    education:
      congress: {days: daily, at: "09:00", duration: 4 h}
      audit: {task: audit, days: daily, at: "15:00", duration: 1 h}
"""
    )
    assert tell(story) == [
        "09:00 congress start by ann",
        "09:30 work request",
        "13:00 congress end",
        "13:00 work start (person) by ann",
        "14:00 work end",
        "15:00 audit start by ann",
        "16:00 audit end",
    ]
