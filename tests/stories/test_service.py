"""Stories of whose hands: users of their own studies, and people who are called in out of hours."""

JOB = """
protocols:
  job: {plan: [{step: work, task: analysis, person: analysis, duration: 60 min}]}
studies:
  jobs: {protocol: job, animals: 1, service: %s, arrival: {dates: ["2026-01-05 09:00"]}}
  other: {protocol: job, animals: 2, arrival: {dates: ["2026-01-05 09:00"]}}
staff:
  guest: {role: researcher, studies: [jobs]}
"""


def test_trained_users_do_their_own_study_and_nothing_else(tell):
    assert tell(JOB % "self_service") == [
        "09:00 work start by guest",
        "09:00 work start by ann",
        "09:00 work request",
        "10:00 work end",
        "10:00 work end",
        "10:00 work start (person) by ann",
        "11:00 work end",
    ]


def test_an_assisted_study_takes_whoever_is_free(tell):
    """Ann comes first in the scenario's order; the other study has to do without the guest."""
    told = tell(JOB % "assisted")
    assert told[0] == "09:00 work start by ann"
    assert [line for line in told if "guest" in line] == []


def test_the_staff_does_what_no_user_can(tell):
    work = "{step: work, task: analysis, person: analysis, duration: 60 min}"
    story = (JOB % "self_service").replace(work, work + ", {step: fill, task: hot_lab, person: hot_lab, duration: 1 h}")
    told = [line for line in tell(story, "work", "fill") if "start" in line]
    assert told[0] == "09:00 work start by guest"
    assert len([line for line in told if "fill start" in line and line.endswith("by ann")]) == 3


URGENT = """
days: 2
protocols:
  job: {plan: [{step: work, task: analysis, person: analysis, duration: 60 min}]}
studies:
  urgent: {protocol: job, animals: 1, out_of_hours: %s, arrival: {dates: ["2026-01-05 22:00"]}}
staff:
  ann: {on_call: {daily: "20:00-24:00"}, response: 30 min}
"""


def test_who_is_on_call_is_called_for_a_study_out_of_hours(tell):
    assert tell(URGENT % "true", "work", "called", "call_start", "call_end") == [
        "22:00 called",
        "22:00 work request",
        "22:30 call_start",
        "22:30 work start (person) by ann",
        "23:30 work end",
        "23:30 call_end",
    ]


def test_for_other_studies_nobody_is_called(tell):
    assert tell(URGENT % "false", "work", "called") == [
        "22:00 work request",
        "day 2 08:00 work start (person) by ann",
        "day 2 09:00 work end",
    ]


def test_a_call_waits_until_somebody_is_on_call(tell):
    assert tell((URGENT % "true").replace("20:00", "23:00"), "work", "called") == [
        "22:00 work request",
        "23:00 called",
        "23:30 work start (person) by ann",
        "day 2 00:30 work end",
    ]


ENDS = """
days: 2
policies: {booking: walk_in}
protocols:
  job: {plan: [{step: work, task: analysis, person: analysis, duration: 60 min}]}
studies:
  jobs: {protocol: job, animals: 2, arrival: {dates: ["2026-01-05 09:00", "2026-01-06 09:00"]}}
authorisations: {facility: {establishment: {expires: 2026-01-05}}}
"""


def test_what_the_facility_holds_ends_and_no_visit_begins(tell):
    assert tell(ENDS, "visit_completed", "visit_cancelled") == [
        "10:00 visit_completed jobs-1",
        "day 2 09:00 visit_cancelled jobs-2 (authorisation)",
    ]
