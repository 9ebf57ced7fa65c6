"""Stories of scanners: quality control, breakdowns, and what a session holds."""

SCAN = """
protocols:
  scan:
    plan:
      - {step: induce, task: preparation, person: anaesthesia, effect: anaesthetise, duration: 5 min}
      - {step: scan, task: scan, scanner: pet, effect: scan, duration: 30 min}
      - {step: wake, task: anaesthesia_recovery, effect: wake, duration: 5 min}
    way_out: wake
studies: {mice: {protocol: scan, animals: 1, arrival: {dates: ["2026-01-05 11:40"]}}}
"""
#: The scanner fails 12 h after the start of the run and 12 h after each repair.
FAILS = """
scanners: {pet: {breakdown: {time_between_failures: 12 h, repair_time: 1 h}}}
"""
WORDS = ("induce", "scan", "repair", "breakdown", "wake", "visit_requested", "visit_completed", "visit_incomplete")


def test_a_breakdown_and_the_animal_waits(tell):
    """The scan is done again from its beginning; the animal sleeps from 11:40 to 13:35, which is allowed."""
    assert tell(SCAN + FAILS + "policies: {breakdown: wait, anaesthesia_limit: 4 h}\n", *WORDS) == [
        "11:40 visit_requested mice-1",
        "11:40 induce start by ann",
        "11:45 induce end",
        "11:45 scan start",
        "12:00 breakdown",
        "12:00 repair start",
        "12:00 scan abort (breakdown)",
        "12:00 scan request",
        "13:00 repair end",
        "13:00 scan start (scanner)",
        "13:30 scan end",
        "13:30 wake start",
        "13:35 wake end",
        "13:35 visit_completed mice-1",
    ]


def test_a_breakdown_and_the_animal_cannot_wait(tell):
    """Asleep since 11:40 and at most an hour: woken at 12:40, before the scanner works again."""
    assert tell(SCAN + FAILS + "policies: {breakdown: wait, anaesthesia_limit: 1 h, rebook: false}\n", *WORDS) == [
        "11:40 visit_requested mice-1",
        "11:40 induce start by ann",
        "11:45 induce end",
        "11:45 scan start",
        "12:00 breakdown",
        "12:00 repair start",
        "12:00 scan abort (breakdown)",
        "12:00 scan request",
        "12:40 wake start",
        "12:45 wake end",
        "12:45 visit_incomplete mice-1 (anaesthesia_limit)",
        "13:00 repair end",
    ]


def test_who_has_slept_too_long_is_not_kept_waiting(tell):
    """Asleep since 11:40 and at most 20 min; at 12:00 nothing is waited for, at 12:10 the scanner is broken."""
    rest = "      - {step: rest, task: monitoring, duration: 25 min}\n      - {step: scan"
    story = SCAN.replace("      - {step: scan", rest) + FAILS
    assert tell(story + "policies: {breakdown: wait, anaesthesia_limit: 20 min, rebook: false}\n", *WORDS) == [
        "11:40 visit_requested mice-1",
        "11:40 induce start by ann",
        "11:45 induce end",
        "12:00 breakdown",
        "12:00 repair start",
        "12:10 scan request",
        "12:10 wake start",
        "12:15 wake end",
        "12:15 visit_incomplete mice-1 (anaesthesia_limit)",
        "13:00 repair end",
    ]


def test_a_breakdown_and_the_animal_is_booked_again(tell):
    """It recovers at once, and comes again when it is back: the bed of a scanner that is down is not given."""
    bed = SCAN.replace("effect: anaesthetise,", "effect: anaesthetise, scanner: pet, bed: true, uses_scanner: false,")
    bed = bed.replace(
        "duration: 5 min}\n      - {step: scan", "holds: {bed: wake}, duration: 5 min}\n      - {step: scan"
    )
    assert tell(bed + FAILS + "policies: {breakdown: rebook}\n", *WORDS) == [
        "11:40 visit_requested mice-1",
        "11:40 induce start by ann",
        "11:45 induce end",
        "11:45 scan start",
        "12:00 breakdown",
        "12:00 repair start",
        "12:00 scan abort (breakdown)",
        "12:00 wake start",
        "12:05 wake end",
        "12:05 visit_incomplete mice-1 (breakdown)",
        "12:05 visit_requested mice-1#2 (breakdown)",
        "12:05 induce request",
        "13:00 repair end",
        "13:00 induce start (bed) by ann",
        "13:05 induce end",
        "13:05 scan start",
        "13:35 scan end",
        "13:35 wake start",
        "13:40 wake end",
        "13:40 visit_completed mice-1#2",
    ]


CHECKED = """
scanners:
  pet:
    quality_control: {daily_check: {days: daily, warm_up: 10 min, duration: 20 min}}
"""
BREAKS = "    breakdown: {time_between_failures: 12 h, repair_time: 1 h}\n"
PLAIN = """
protocols:
  scan: {plan: [{step: scan, task: scan, scanner: pet, effect: scan, duration: 30 min}]}
"""


def test_quality_control_blocks_the_scanner_in_the_morning(tell):
    """It falls due at the opening; nobody is needed for the warm-up, and a scan waits for both."""
    story = PLAIN + 'studies: {mice: {protocol: scan, animals: 1, arrival: {dates: ["2026-01-05 08:00"]}}}\n'
    assert tell(CHECKED + story) == [
        "08:00 warm_up start",
        "08:00 scan request",
        "08:10 warm_up end",
        "08:10 daily_check start by ann",
        "08:30 daily_check end",
        "08:30 scan start (scanner)",
        "09:00 scan end",
    ]


def test_after_a_repair_the_scanner_is_checked(tell):
    """Repaired at 13:00, checked until 13:30; the scan that asked at 12:10 follows."""
    story = PLAIN + 'studies: {mice: {protocol: scan, animals: 1, arrival: {dates: ["2026-01-05 12:10"]}}}\n'
    assert tell(CHECKED + BREAKS + story) == [
        "08:00 warm_up start",
        "08:10 warm_up end",
        "08:10 daily_check start by ann",
        "08:30 daily_check end",
        "12:00 repair start",
        "12:10 scan request",
        "13:00 repair end",
        "13:00 warm_up start",
        "13:10 warm_up end",
        "13:10 daily_check start by ann",
        "13:30 daily_check end",
        "13:30 scan start (scanner)",
        "14:00 scan end",
    ]


TWO = 'studies: {mice: {protocol: scan, animals: 2, arrival: {dates: ["2026-01-05 09:00"]}}}\n'


def test_a_scanner_that_is_held_blocks_the_next_animal(tell):
    """Held from docking to undocking, so the second docks when the first has undocked."""
    story = """
protocols:
  scan:
    plan:
      - {step: dock, task: acquisition_programming, scanner: pet, holds: {scanner: undock}, duration: 5 min}
      - {step: pause, task: other_service, duration: 10 min}
      - {step: undock, task: positioning, duration: 5 min}
      - {step: rest, task: other_service, duration: 10 min}
"""
    assert tell(story + TWO, "dock", "undock", "visit_completed") == [
        "09:00 dock start",
        "09:00 dock request",
        "09:05 dock end",
        "09:15 undock start",
        "09:20 undock end",
        "09:20 dock start (scanner)",
        "09:25 dock end",
        "09:30 visit_completed mice-1",
        "09:35 undock start",
        "09:40 undock end",
        "09:50 visit_completed mice-2",
    ]


def test_a_scanner_that_is_not_held_is_free_after_each_step(tell):
    """The first step holds it until its second step; the third takes it again for itself alone."""
    story = """
protocols:
  scan:
    plan:
      - {step: dock, task: acquisition_programming, scanner: pet, holds: {scanner: undock}, duration: 5 min}
      - {step: undock, task: positioning, duration: 5 min}
      - {step: rescan, task: scan, scanner: pet, duration: 10 min}
      - {step: rest, task: other_service, duration: 60 min}
"""
    assert tell(story + TWO, "dock", "rescan") == [
        "09:00 dock start",
        "09:00 dock request",
        "09:05 dock end",
        "09:10 dock start (scanner)",
        "09:10 rescan request",
        "09:15 dock end",
        "09:20 rescan start (scanner)",
        "09:20 rescan request",
        "09:30 rescan end",
        "09:30 rescan start (scanner)",
        "09:40 rescan end",
    ]


HELD = """
scanners:
  pet:
    quality_control: {check: {at: "07:00", days: daily, duration: 20 min}}
    breakdown: {time_between_failures: 12 h, repair_time: 1 h}
protocols:
  scan:
    plan:
      - {step: induce, task: preparation, person: anaesthesia, effect: anaesthetise, duration: 5 min, place: scanner}
      - {step: dock, task: acquisition_programming, scanner: pet, holds: {scanner: undock}, duration: 5 min}
      - {step: scan, task: scan, scanner: pet, effect: scan, duration: 30 min}
      - {step: undock, task: positioning, scanner: pet, duration: 5 min}
      - {step: wake, task: anaesthesia_recovery, effect: wake, duration: 5 min}
    way_out: undock
studies: {mice: {protocol: scan, animals: 1, arrival: {dates: ["2026-01-05 11:40"]}}}
"""
HELD_WORDS = ("check", "dock", "scan", "undock", "repair", "wake")


def test_after_a_repair_the_scanner_is_checked_within_the_hold_of_who_waits_for_it(tell):
    """The animal lies in the scanner since 11:45; its attendant checks the scanner before the scan goes on."""
    told = tell(HELD + "policies: {breakdown: wait, anaesthesia_limit: 4 h}\n", *HELD_WORDS)
    assert told[told.index("12:00 repair start") :] == [
        "12:00 repair start",
        "12:00 scan abort (breakdown)",
        "12:00 scan request",
        "13:00 repair end",
        "13:00 check start by ann",
        "13:20 check end",
        "13:20 scan start (scanner)",
        "13:50 scan end",
        "13:50 undock start",
        "13:55 undock end",
        "13:55 wake start",
        "14:00 wake end",
    ]


def test_who_can_wait_no_longer_leaves_the_scanner_before_it_is_checked(tell):
    """Asleep since 11:40, at most 90 min: at 13:10 the check stops for the undocking, and begins again after it."""
    told = tell(HELD + "policies: {breakdown: wait, anaesthesia_limit: 90 min, rebook: false}\n", *HELD_WORDS)
    assert told[told.index("13:00 repair end") :] == [
        "13:00 repair end",
        "13:00 check start by ann",
        "13:10 check abort (anaesthesia_limit)",
        "13:10 undock start",
        "13:10 check request",
        "13:15 undock end",
        "13:15 wake start",
        "13:20 wake end",
        "13:20 check start (person) by ann",
        "13:40 check end",
    ]


def test_a_check_that_was_left_takes_the_scanner_again(tell):
    """Bob leaves at 13:10; at 13:20 the animal can wait no longer; Zoe comes at 13:30 and does the other half."""
    story = (
        HELD
        + """
policies: {breakdown: wait, anaesthesia_limit: 100 min, rebook: false, shift_end: preempt}
staff:
  ann: {skills: [anaesthesia]}
  bob: {role: technologist, skills: [quality_control], shift: {daily: "06:00-13:10"}}
  zoe: {role: technologist, skills: [quality_control], shift: {daily: "13:30-18:00"}}
"""
    )
    told = tell(story, *HELD_WORDS)
    assert told[told.index("13:00 repair end") :] == [
        "13:00 repair end",
        "13:00 check start by bob",
        "13:10 check abort (shift_end)",
        "13:10 check request",
        "13:20 undock start",
        "13:25 undock end",
        "13:25 wake start",
        "13:30 wake end",
        "13:30 check start (person) by zoe",
        "13:40 check end",
    ]


def test_a_service_that_a_failure_broke_off_is_not_interrupted_for_the_check(tell):
    """It has the scanner, begins again after the repair, and the check follows it."""
    story = """
scanners:
  pet:
    quality_control: {check: {at: "07:00", days: daily, duration: 20 min}}
    breakdown: {time_between_failures: 12 h, repair_time: 1 h}
    maintenance: {service: {first: "2026-01-05 11:30", duration: 50 min}}
"""
    told = tell(story, "service", "repair", "check")
    assert told[told.index("11:30 service start") :] == [
        "11:30 service start",
        "12:00 repair start",
        "12:00 service abort (breakdown)",
        "12:00 service request",
        "13:00 repair end",
        "13:00 service start (scanner)",
        "13:00 check request",
        "13:50 service end",
        "13:50 check start (scanner) by ann",
        "14:10 check end",
    ]
