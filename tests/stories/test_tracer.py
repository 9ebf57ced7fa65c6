"""Stories of tracers: a late vial, a volume past its limit, a licence."""

from math import exp, log

import pytest

INJECT = """
protocols:
  give:
    tracer: FDG
    activity: 10 MBq
    flush: 0 ml
    plan:
      - {step: draw, task: hot_lab, person: hot_lab, effect: draw, duration: 5 min}
      - {step: inject, task: injected_products, person: injection, effect: inject, duration: 5 min}
studies: {mice: {protocol: give, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}}
"""


def vial(arrives: str, volume: str = "2 ml", activity: str = "1 GBq", name: str = "fdg") -> str:
    days = f'days: daily, arrives: "{arrives}", reference: "{arrives}", expires: "18:00"'
    return f"    {name}: {{tracer: FDG, activity: {activity}, volume: {volume}, {days}}}\n"


def deliveries(*said: str) -> str:
    return "hot_lab:\n  deliveries:\n" + "".join(said)


VISIT = ("draw", "inject", "injected", "volume_warning", "visit_cancelled", "visit_completed")


def test_a_late_vial(tell):
    assert tell(INJECT + deliveries(vial("10:15")), "delivery", *VISIT) == [
        "09:00 draw request",
        "10:15 delivery",
        "10:15 draw start (tracer) by ann",
        "10:20 draw end",
        "10:20 inject start by ann",
        "10:25 inject end",
        "10:25 injected mice-1 (good)",
        "10:25 visit_completed mice-1",
    ]


def test_no_vial_comes_any_more(tell):
    """The vial of 07:00 holds too little, and no other comes today."""
    story = INJECT + deliveries(vial("07:00", activity="5 MBq")) + "policies: {rebook: false}\n"
    assert tell(story, *VISIT) == [
        "09:00 visit_cancelled mice-1 (no_activity)",
    ]


def test_no_vial_comes_any_more_and_the_next_comes_tomorrow(tell):
    story = INJECT.replace("09:00", "13:00") + deliveries(vial("08:30").replace('"18:00"', '"12:00"')) + "days: 2\n"
    assert tell(story, "visit_requested", *VISIT) == [
        "13:00 visit_requested mice-1",
        "13:00 visit_cancelled mice-1 (no_activity)",
        "13:00 visit_requested mice-1#2 (no_activity)",
        "day 2 08:00 draw request",
        "day 2 08:30 draw start (tracer) by ann",
        "day 2 08:35 draw end",
        "day 2 08:35 inject start by ann",
        "day 2 08:40 inject end",
        "day 2 08:40 injected mice-1#2 (good)",
        "day 2 08:40 visit_completed mice-1#2",
    ]


@pytest.mark.parametrize(
    ("flush", "expected"),
    [
        ("0.05 ml", ["10:10 injected mice-1 (good)"]),
        ("0.15 ml", ["10:00 volume_warning mice-1", "10:10 injected mice-1 (good)"]),
        ("0.25 ml", ["10:05 visit_cancelled mice-1 (volume_limit)"]),
    ],
)
def test_an_injection_may_be_too_much(tell, flush, expected):
    """25 g: good practice up to 0.125 ml, nothing past 0.25 ml; the tracer itself is 0.05 ml, the flush counts."""
    story = INJECT.replace("flush: 0 ml", f"flush: {flush}").replace("09:00", "10:00")
    words = ("injected", "volume_warning", "visit_cancelled")
    white_paper = "policies: {bolus: eanm}\n"
    assert tell(story + deliveries(vial("10:00", volume="5 ml")) + white_paper, *words) == expected
    at_once = tell(story + deliveries(vial("10:00", volume="5 ml")), *words)
    assert at_once == (expected if flush == "0.05 ml" else ["10:05 visit_cancelled mice-1 (volume_limit)"])


def test_a_licence_refuses_a_delivery(tell):
    """0.8 GBq each; at 09:00 0.55 are left of the first and the second would make 1.35; at 12:00 0.18 are left."""
    left = [0.8 * exp(-log(2) * minutes / 109.77) for minutes in (60.0, 240.0)]
    assert left[0] + 0.8 > 1.0 > left[1] + 0.8
    times = {"a": "08:00", "b": "09:00", "c": "12:00"}
    vials = [vial(time, activity="0.8 GBq", name=name) for name, time in times.items()]
    licence = "authorisations: {sources: {F-18: {site: 1 GBq}}}\n"
    assert tell(deliveries(*vials) + licence, "delivery", "delivery_refused") == [
        "08:00 delivery",
        "09:00 delivery_refused (licence)",
        "12:00 delivery",
    ]


def test_nothing_is_drawn_that_would_be_injected_after_the_expiry(tell):
    """Expires at 12:01. Drawn at 11:50 it is injected by 12:00; drawn at 11:56 it would be 12:06."""
    story = INJECT.replace("animals: 1", "animals: 2").replace(
        '"2026-01-05 09:00"', '"2026-01-05 11:50", "2026-01-05 11:56"'
    )
    fresh = vial("07:00", volume="1 ml").replace('"18:00"', '"12:01"')
    assert tell(story + deliveries(fresh) + "policies: {rebook: false}\n", *VISIT, "vial_wasted") == [
        "11:50 draw start by ann",
        "11:55 draw end",
        "11:55 inject start by ann",
        "11:56 visit_cancelled mice-2 (no_activity)",
        "12:00 inject end",
        "12:00 injected mice-1 (good)",
        "12:00 visit_completed mice-1",
        "12:01 vial_wasted",
    ]


SCAN_ROOM = """
scanners: {pet: {beds: 2}}
protocols:
  give:
    tracer: FDG
    activity: 10 MBq
    flush: 0 ml
    plan:
      - {step: draw, task: hot_lab, person: hot_lab, effect: draw, duration: 5 min}
      - {step: inject, task: injected_products, person: injection, effect: inject, duration: 5 min}
      - {step: lie, task: uptake, scanner: pet, bed: true, uses_scanner: false, place: scanner, duration: 2 h}
studies: {mice: {protocol: give, animals: 2, arrival: {dates: ["2026-01-05 09:00"]}}}
"""


NO_RESIDUAL = "  residual: '0 %'\n"


def test_a_licence_limits_the_room_of_a_scanner(tell):
    """10 MBq each, meant for 09:10 and 09:15; at 09:20 the second may not come until both have decayed to 12 MBq."""
    licence = "authorisations: {sources: {F-18: {rooms: {pet_room: 12 MBq}}}}\n"
    decay_per_min = log(2) / 109.77
    both_at_0910 = 10.0 * (1.0 + exp(decay_per_min * 5.0))
    allowed = 9 * 60 + 10 + log(both_at_0910 / 12.0) / decay_per_min
    told = tell(SCAN_ROOM + deliveries(vial("07:00")) + NO_RESIDUAL + licence, "lie")
    assert told[:2] == ["09:15 lie start", "09:20 lie request"]
    hours, minutes, seconds = told[2].split()[0].split(":")
    assert told[2].endswith("lie start (licence)")
    assert 60 * int(hours) + int(minutes) + float(seconds) / 60 == pytest.approx(allowed, abs=0.01)


def test_a_room_that_may_not_hold_a_syringe_never_gets_one(tell):
    """One animal's syringe alone would pass the limit of the room in which the animal is: nothing is waited for."""
    placed = INJECT.replace(
        "plan:\n", "plan:\n      - {step: bring, task: transport, place: uptake, duration: 5 min}\n"
    )
    licence = "authorisations: {sources: {F-18: {rooms: {uptake: 9 MBq}}}}\npolicies: {rebook: false}\n"
    assert tell(placed + deliveries(vial("07:00")) + licence, *VISIT) == ["09:05 visit_cancelled mice-1 (licence)"]


def test_who_waits_for_a_room_goes_there_when_another_leaves_it(tell):
    """The first animal leaves the scanner's room at 09:45, long before enough has decayed."""
    short = SCAN_ROOM.replace("duration: 2 h", "duration: 30 min")
    licence = "authorisations: {sources: {F-18: {rooms: {pet_room: 12 MBq}}}}\n"
    assert tell(short + deliveries(vial("07:00")) + licence, "lie") == [
        "09:15 lie start",
        "09:20 lie request",
        "09:45 lie end",
        "09:45 lie start (licence)",
        "10:15 lie end",
    ]


PAUSE = "staff: {ann: {breaks: {pause: {at: '11:55', duration: %s min}}}}\n"
SHORT_LIVED = INJECT.replace('"2026-01-05 09:00"', '"2026-01-05 11:50"')
AGAIN = """
      - repeat: [{step: inject, task: injected_products, person: injection, effect: inject, duration: 5 min}]
        at_most: 3
        outcome: injection
        value: not_injected
"""


@pytest.mark.parametrize(
    ("pause", "start", "end"),
    [(3, "11:58", "12:03"), (30, "12:25", "12:30")],
)
def test_what_expires_before_it_is_injected_is_waste(tell, pause, start, end):
    """Drawn at 11:50 for 12:00 of a vial that expires at 12:01; Ann has a break. There is no second attempt."""
    story = (
        SHORT_LIVED[: SHORT_LIVED.index("      - {step: inject")]
        + AGAIN[1:]
        + SHORT_LIVED[SHORT_LIVED.index("studies") :]
    )
    fresh = deliveries(vial("07:00", volume="1 ml").replace('"18:00"', '"12:01"'))
    words = ("draw", "inject", "injected", "vial_wasted", "visit_incomplete", "visit_cancelled")
    told = tell(story + fresh + PAUSE % pause + "policies: {rebook: false}\n", *words)
    assert [line for line in told if line != "12:01 vial_wasted"] == [
        "11:50 draw start by ann",
        "11:55 draw end",
        "11:55 inject request",
        f"{start} inject start (person) by ann",
        f"{end} inject end",
        f"{end} vial_wasted mice-1",
        f"{end} visit_incomplete mice-1 (not_injected)",
    ]


def test_a_tracer_that_would_have_decayed_to_nothing_is_not_drawn(tell):
    """Eight days are 1155 half-lives of N-13: no activity is enough, and no number is large enough to say how much."""
    ammonia = INJECT.replace("FDG", "N-13-ammonia").replace(
        "      - {step: inject", "      - {step: wait, task: other_service, duration: 8 d}\n      - {step: inject"
    )
    vials = deliveries(vial("07:00")).replace("FDG", "N-13-ammonia")
    assert tell(ammonia + vials + "policies: {rebook: false}\n", *VISIT) == [
        "09:00 visit_cancelled mice-1 (no_activity)"
    ]


def test_a_tracer_that_nobody_delivers_is_no_crash(tell):
    """`check` refuses it; a run that is made all the same says what is missing."""
    told = tell(INJECT + "policies: {rebook: false}\n", *VISIT, check=False)
    assert told == ["09:00 visit_cancelled mice-1 (no_activity)"]


def test_an_attempt_that_fails_injects_nothing(tell):
    """Every attempt of a weak injector fails here, and is seen to have gone nowhere."""
    story = INJECT.replace("give:", "give:\n    attempts: 1") + deliveries(vial("07:00"))
    story += """
staff: {ann: {injection_level: weak}}
policies: {rebook: false}
numbers:
  injection.failure_probability.weak: {value: "100 %"}
  injection.failure_seen_fraction: {value: "100 %"}
  injection.seen_not_injected_fraction: {value: "100 %"}
"""
    assert tell(story, "inject", "injection_failed", "injected", "vial_wasted", "visit_incomplete") == [
        "09:05 inject start by ann",
        "09:10 inject end",
        "09:10 injection_failed mice-1 (not_injected)",
        "09:10 vial_wasted mice-1",
        "09:10 visit_incomplete mice-1 (not_injected)",
        "18:00 vial_wasted",
    ]


THERE_AND_BACK = """
protocols:
  there: {tracer: FDG, activity: 10 MBq, flush: 0 ml, plan: [
    {step: draw, task: hot_lab, person: hot_lab, effect: draw, duration: 5 min},
    {step: inject, task: injected_products, person: injection, effect: inject, duration: 5 min},
    {step: here, task: uptake, place: uptake, duration: 10 min},
    {step: there, task: uptake, place: preparation, duration: 10 min}]}
  back: {tracer: FDG, activity: 10 MBq, flush: 0 ml, plan: [
    {step: draw, task: hot_lab, person: hot_lab, effect: draw, duration: 5 min},
    {step: inject, task: injected_products, person: injection, effect: inject, duration: 5 min},
    {step: there, task: uptake, place: preparation, duration: 10 min},
    {step: here, task: uptake, place: uptake, duration: 10 min}]}
studies:
  one: {protocol: there, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}
  two: {protocol: back, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}
authorisations: {sources: {F-18: {rooms: {uptake: 12 MBq, preparation: 12 MBq}}}}
"""


def test_who_waits_for_activity_to_decay_does_not_wait_in_a_circle(tell):
    """Each wants to go where the other is, and there is room for both, but not for both activities yet."""
    told = tell(THERE_AND_BACK + deliveries(vial("07:00")) + NO_RESIDUAL, "here", "there", check=False)
    assert told[:2] == ["09:15 here start", "09:20 there start"]
    waited = [line for line in told if "(licence)" in line]
    assert len(waited) == 2
    assert all(line.startswith("10:3") for line in waited)
