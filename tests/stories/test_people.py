"""Stories of people: shifts that end, breaks, attendance, and who waits for whom."""

import pytest

WORK = """
protocols:
  job:
    plan: [{step: work, task: analysis, person: analysis, duration: 60 min}]
studies: {jobs: {protocol: job, animals: 1, arrival: {dates: ["2026-01-05 15:30"]}}}
staff:
  ann: {shift: {daily: "08:00-16:00"}}
"""
ASLEEP = """
protocols:
  sleep:
    plan:
      - {step: induce, task: preparation, person: anaesthesia, effect: anaesthetise, duration: 10 min}
      - {step: rest, task: monitoring, duration: 60 min}
      - {step: wake, task: anaesthesia_recovery, effect: wake, duration: 5 min}
"""
ATTENDED = ("attendance", "break_start", "break_end", "shift_end")


@pytest.mark.parametrize("policy", ["finish", "ignore"])
def test_a_shift_ends_and_the_task_goes_on(tell, policy):
    assert tell(WORK + f"policies: {{shift_end: {policy}}}\n", "work", "shift_end") == [
        "15:30 work start by ann",
        "16:00 shift_end",
        "16:30 work end",
    ]


def test_a_shift_ends_and_the_rest_of_the_task_waits_for_the_next_morning(tell):
    assert tell(WORK + "policies: {shift_end: preempt}\ndays: 2\n", "work") == [
        "15:30 work start by ann",
        "16:00 work abort (shift_end)",
        "16:00 work request",
        "day 2 08:00 work start (person) by ann",
        "day 2 08:30 work end",
    ]


def test_a_shift_ends_and_somebody_takes_over(tell):
    late = '  zoe: {role: technologist, shift: {daily: "10:00-18:00"}}\n'
    assert tell(WORK + late + "policies: {shift_end: preempt}\n", "work") == [
        "15:30 work start by ann",
        "16:00 work abort (shift_end)",
        "16:00 work start by zoe",
        "16:30 work end",
    ]


@pytest.mark.parametrize("policy", ["finish", "preempt", "ignore"])
def test_nobody_starts_after_the_shift(tell, policy):
    late = WORK.replace("15:30", "16:00")
    assert tell(late + f"policies: {{shift_end: {policy}}}\n", "work") == ["16:00 work request"]


def test_a_break_hands_over_first(tell):
    """Two people: whoever has a break is relieved at once."""
    story = (
        ASLEEP
        + """
studies: {mice: {protocol: sleep, animals: 1, arrival: {dates: ["2026-01-05 11:30"]}}}
staff:
  ann: {breaks: {lunch: {at: "12:00", duration: 30 min}}}
  bob: {role: technologist}
"""
    )
    assert tell(story, *ATTENDED) == [
        "11:30 attendance start by ann",
        "12:00 attendance end",
        "12:00 attendance start by bob",
        "12:00 break_start",
        "12:30 break_end",
        "12:45 attendance end",
        "18:00 shift_end",
        "18:00 shift_end",
    ]


def test_a_break_waits_until_the_animal_is_sternal(tell):
    """One person: asleep until 12:45, so the break is then, and as long as ever."""
    story = (
        ASLEEP
        + """
studies: {mice: {protocol: sleep, animals: 1, arrival: {dates: ["2026-01-05 11:30"]}}}
staff:
  ann: {breaks: {lunch: {at: "12:00", duration: 30 min}}}
"""
    )
    assert tell(story, *ATTENDED) == [
        "11:30 attendance start by ann",
        "12:45 attendance end",
        "12:45 break_start",
        "13:15 break_end",
        "18:00 shift_end",
    ]


def test_a_shift_ends_in_a_break_and_no_other_break_follows(tell):
    """Both breaks fell due while the animal slept; the first begins at 12:45, the shift ends in it."""
    story = (
        ASLEEP
        + """
studies: {mice: {protocol: sleep, animals: 1, arrival: {dates: ["2026-01-05 11:30"]}}}
staff:
  ann:
    shift: {daily: "08:00-13:00"}
    breaks: {lunch: {at: "12:00", duration: 30 min}, coffee: {at: "12:15", duration: 20 min}}
"""
    )
    assert tell(story, *ATTENDED) == [
        "11:30 attendance start by ann",
        "12:45 attendance end",
        "12:45 break_start",
        "13:00 break_end",
        "13:00 shift_end",
    ]


@pytest.mark.parametrize("policy", ["finish", "preempt", "ignore"])
def test_a_shift_ends_and_who_attends_stays(tell, policy):
    story = (
        ASLEEP
        + f"""
studies: {{mice: {{protocol: sleep, animals: 1, arrival: {{dates: ["2026-01-05 17:30"]}}}}}}
policies: {{shift_end: {policy}}}
"""
    )
    assert tell(story, *ATTENDED, "wake") == [
        "17:30 attendance start by ann",
        "18:00 shift_end",
        "18:40 wake start",
        "18:45 wake end",
        "18:45 attendance end",
    ]


def test_a_shift_ends_and_the_successor_takes_over_animal_and_task(tell):
    """Ann leaves at 16:00 in the middle of a task on a sleeping animal; 40 of its 60 min are left for Bob."""
    story = (
        ASLEEP.replace("task: monitoring, duration", "task: monitoring, person: anaesthesia, duration")
        + """
studies: {mice: {protocol: sleep, animals: 1, arrival: {dates: ["2026-01-05 15:30"]}}}
policies: {shift_end: preempt}
staff:
  ann: {shift: {daily: "08:00-16:00"}}
  bob: {role: technologist}
"""
    )
    assert tell(story, "attendance", "rest", "wake") == [
        "15:30 attendance start by ann",
        "15:40 rest start by ann",
        "16:00 attendance end",
        "16:00 attendance start by bob",
        "16:00 rest abort (shift_end)",
        "16:00 rest start by bob",
        "16:40 rest end",
        "16:40 wake start",
        "16:45 wake end",
        "16:45 attendance end",
    ]


TEAM = """
staff:
  bob: {role: technologist}
protocols:
  long: {plan: [{step: long_job, task: analysis, person: analysis, duration: 60 min}]}
  both: {plan: [{step: joint_job, task: analysis, people: [[analysis], [analysis]], duration: 30 min}]}
  other: {plan: [{step: other_job, task: analysis, person: analysis, duration: 60 min}]}
studies:
  first: {protocol: long, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}
  second: {protocol: both, animals: 1, arrival: {dates: ["2026-01-05 09:10"]}}
  third: {protocol: other, animals: 1, arrival: {dates: ["2026-01-05 09:20"]}}
"""


def test_pass_over_lets_go_first_who_can(tell):
    """Two people. The joint job needs both: it is passed over until both are free, at 10:20."""
    assert tell(TEAM + "policies: {queue: pass_over}\n") == [
        "09:00 long_job start by ann",
        "09:10 joint_job request",
        "09:20 other_job start by bob",
        "10:00 long_job end",
        "10:20 other_job end",
        "10:20 joint_job start (person) by ann and bob",
        "10:50 joint_job end",
    ]


def test_reserve_keeps_free_what_the_first_in_line_needs(tell):
    """Bob is kept for the joint job; it begins at 10:00, and the third after it."""
    assert tell(TEAM + "policies: {queue: reserve}\n") == [
        "09:00 long_job start by ann",
        "09:10 joint_job request",
        "09:20 other_job request",
        "10:00 long_job end",
        "10:00 joint_job start (person) by ann and bob",
        "10:30 joint_job end",
        "10:30 other_job start (person) by ann",
        "11:30 other_job end",
    ]


def test_the_more_urgent_study_goes_first_and_nobody_is_interrupted(tell):
    story = """
protocols:
  job: {plan: [{step: work, task: analysis, person: analysis, duration: 30 min}]}
studies:
  early: {protocol: job, animals: 2, priority: 5, arrival: {dates: ["2026-01-05 09:00"]}}
  urgent: {protocol: job, animals: 1, priority: 1, arrival: {dates: ["2026-01-05 09:10"]}}
"""
    assert tell(story, "visit_completed") == [
        "09:30 visit_completed early-1",
        "10:00 visit_completed urgent-1",
        "10:30 visit_completed early-2",
    ]


def sleep_in(place: str, then: str = "", beds: str = "") -> str:
    """Ann puts a mouse to sleep at 11:30 in a room, where it sleeps until 12:45; she is alone unless somebody comes."""
    return f"""
protocols:
  sleep:
    plan:
      - step: induce
        task: preparation
        person: anaesthesia
        effect: anaesthetise
        place: {place}
        duration: 10 min
        {beds}
      - parallel:
        - [{{step: rest, task: monitoring, duration: 60 min}}]
        - [{then}]
      - {{step: wake, task: anaesthesia_recovery, effect: wake, duration: 5 min}}
studies: {{mice: {{protocol: sleep, animals: 1, arrival: {{dates: ["2026-01-05 11:30"]}}}}}}
"""


CHECK = "scanners: {pet: {quality_control: {check: {at: '12:00', days: daily, duration: 20 min}}}}\n"
ON_BED = "scanner: pet, bed: true, uses_scanner: false, holds: {bed: wake}".replace(", ", "\n        ")


def test_who_attends_does_not_check_a_scanner_elsewhere(tell):
    assert tell(sleep_in("preparation") + CHECK, "attendance", "check") == [
        "11:30 attendance start by ann",
        "12:00 check request",
        "12:45 attendance end",
        "12:45 check start (person) by ann",
        "13:05 check end",
    ]


def test_who_attends_may_check_the_scanner_beside_which_the_animals_sleep(tell):
    assert tell(sleep_in("scanner", beds=ON_BED) + CHECK, "attendance", "check") == [
        "11:30 attendance start by ann",
        "12:00 check start by ann",
        "12:20 check end",
        "12:45 attendance end",
    ]


def test_who_holds_a_bed_but_sleeps_elsewhere_is_not_left_for_its_scanner(tell):
    assert tell(sleep_in("preparation", beds=ON_BED) + CHECK, "check") == [
        "12:00 check request",
        "12:45 check start (person) by ann",
        "13:05 check end",
    ]


@pytest.mark.parametrize(
    "job", ["task: reading", "task: other_service, workplace: uptake", "task: hot_lab, workplace: hot_lab"]
)
def test_who_attends_does_nothing_at_a_desk_or_in_another_room(tell, job):
    """Ann stays with the mouse; Bob comes at 12:00 and does it."""
    story = sleep_in("preparation", f"{{step: job, {job}, person: imaging, duration: 10 min}}")
    bob = "staff: {bob: {role: technologist, skills: [imaging], shift: {daily: '12:00-18:00'}}}\n"
    assert tell(story + bob, "job") == ["11:40 job request", "12:00 job start (person) by bob", "12:10 job end"]


@pytest.mark.parametrize(
    "job", ["task: monitoring", "task: reading, place: uptake", "task: cleaning, workplace: preparation"]
)
def test_who_attends_works_on_the_animals_and_beside_them(tell, job):
    story = sleep_in("preparation", f"{{step: job, {job}, person: imaging, duration: 10 min}}")
    assert tell(story, "job") == ["11:40 job start by ann", "11:50 job end"]
