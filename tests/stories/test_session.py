"""Stories of a session from the template: the times are those that the design says, worked out by hand."""

SESSION = """
staff:
  ann: null
  bob: {role: technologist, injection_level: never_fails}
hot_lab:
  deliveries:
    fdg:
      {tracer: FDG, activity: 1 GBq, volume: 0.5 ml, days: daily, arrives: "07:00", reference: "07:00",
       expires: "18:00"}
protocols:
  scan:
    template: pet_static
    scanner: pet
    tracer: FDG
    activity: 5 MBq
    uptake: 60 min
    ct: true
    durations:
      {bring: 5 min, prepare: 2 min, draw: 3 min, induce: 2 min, inject: 5 min, wake: 3 min, induce_again: 2 min,
       position: 6 min, dock: 2 min, ct: 5 min, pet: 15 min, undock: 1 min, recover: 3 min, post_awakening: 20 min,
       clean: 5 min, reconstruct: 10 min, split_and_archive: 8 min}
"""
ONE = SESSION + 'studies: {mice: {protocol: scan, animals: 1, arrival: {dates: ["2026-01-05 08:00"]}}}\n'
TWO = (
    SESSION
    + 'studies: {mice: {protocol: scan, animals: 2, arrival: {dates: ["2026-01-05 08:00"]}}}\n'
    + "scanners: {pet: {hotel: 2}}\n"
)


def test_a_static_scan_of_one_animal(tell):
    """The PET begins 60 min after the end of the injection, 09:17; what lies before it takes 2 + 6 + 2 + 5 min.

    What happens in one instant side by side (cleaning, watching) has no order of its own.
    """
    expected = [
        "08:00 bring start by bob",
        "08:05 bring end",
        "08:05 prepare start mice-1 by bob",
        "08:07 prepare end mice-1",
        "08:07 draw start mice-1 by bob",
        "08:10 draw end mice-1",
        "08:10 attendance start by bob",
        "08:10 induce start mice-1 by bob",
        "08:12 induce end mice-1",
        "08:12 inject start mice-1 by bob",
        "08:17 inject end mice-1",
        "08:17 wake start mice-1",
        "08:20 wake end mice-1",
        "08:20 attendance end",
        "08:20 uptake start",
        "09:02 uptake end",
        "09:02 attendance start by bob",
        "09:02 induce_again start mice-1 by bob",
        "09:04 induce_again end mice-1",
        "09:04 position start mice-1 by bob",
        "09:10 position end mice-1",
        "09:10 dock start by bob",
        "09:12 dock end",
        "09:12 ct start",
        "09:17 ct end",
        "09:17 pet start",
        "09:32 pet end",
        "09:32 undock start by bob",
        "09:33 undock end",
        "09:33 to_recovery start",
        "09:33 to_recovery end",
        "09:33 recover start mice-1",
        "09:33 reconstruct start",
        "09:36 recover end mice-1",
        "09:36 attendance end",
        "09:36 post_awakening start mice-1",
        "09:36 clean start by bob",
        "09:41 clean end",
        "09:43 reconstruct end",
        "09:43 split_and_archive start by bob",
        "09:51 split_and_archive end",
        "09:56 post_awakening end mice-1",
    ]
    assert sorted(tell(ONE)) == sorted(expected)


def test_a_visit_from_request_to_end(tell):
    words = ("visit_requested", "injected", "fasting_start", "visit_completed")
    assert tell(ONE, *words) == [
        "08:00 visit_requested mice-1",
        "08:17 injected mice-1 (good)",
        "09:56 visit_completed mice-1",
    ]


def test_a_hotel_of_two_is_prepared_one_by_one_and_scanned_together(tell):
    """Injected at 08:17 and 08:32, so the PET is due at 09:24:30; before it 2 (2 + 6) + 2 + 5 min."""
    words = ("prepare", "injected", "uptake", "position", "dock", "pet", "recover", "clean", "visit_completed")
    assert tell(TWO, *words) == [
        "08:05 prepare start mice-1 by bob",
        "08:07 prepare end mice-1",
        "08:17 injected mice-1 (good)",
        "08:20 prepare start mice-2 by bob",
        "08:22 prepare end mice-2",
        "08:32 injected mice-2 (good)",
        "08:35 uptake start",
        "09:01:30 uptake end",
        "09:03:30 position start mice-1 by bob",
        "09:09:30 position end mice-1",
        "09:11:30 position start mice-2 by bob",
        "09:17:30 position end mice-2",
        "09:17:30 dock start by bob",
        "09:19:30 dock end",
        "09:24:30 pet start",
        "09:39:30 pet end",
        "09:40:30 recover start mice-1",
        "09:40:30 recover start mice-2",
        "09:43:30 recover end mice-1",
        "09:43:30 recover end mice-2",
        "09:43:30 clean start by bob",
        "09:48:30 clean end",
        "10:03:30 visit_completed mice-1",
        "10:03:30 visit_completed mice-2",
    ]


def test_one_attends_the_whole_hotel(tell):
    """From the first induction to the last recumbency, once before and once after the uptake for each stretch."""
    assert tell(TWO, "attendance") == [
        "08:10 attendance start by bob",
        "08:20 attendance end",
        "08:25 attendance start by bob",
        "08:35 attendance end",
        "09:01:30 attendance start by bob",
        "09:43:30 attendance end",
    ]


def test_a_fasted_animal_is_on_time_for_its_slot(tell):
    """From bringing to the injection 17 min, from there to the second induction 60 - 15: 62 min before the slot.

    Asked for at 08:00 with at least 4 h of fasting, so the first slot of the grid of 15 min is 13:15.
    """
    story = ONE.replace("uptake: 60 min", "uptake: 60 min\n    fasting: [4 h, 6 h]").replace(
        "{bring:", "{remove_food: 1 min, bring:"
    )
    words = ("remove_food", "fasting_start", "fasting", "injected", "induce_again", "pet", "fasting_end")
    assert tell(story + "policies: {booking: first_come}\n", *words) == [
        "08:12 remove_food start by bob",
        "08:13 remove_food end",
        "08:13 fasting_start mice-1",
        "08:13 fasting start",
        "12:13 fasting end",
        "12:30 injected mice-1 (good)",
        "13:15 induce_again start mice-1 by bob",
        "13:17 induce_again end mice-1",
        "13:30 pet start",
        "13:45 pet end",
        "13:49 fasting_end mice-1",
    ]


def weak(seen: int, nothing_injected: int, policy: str = "rebook: false") -> str:
    """The story of one animal whose every injection fails; what is seen of it, and what of that went nowhere [%]."""
    return (
        ONE.replace("never_fails", "weak")
        + f"""
policies: {{{policy}}}
numbers:
  injection.failure_probability.weak: {{value: "100 %"}}
  injection.failure_seen_fraction: {{value: "{seen} %"}}
  injection.seen_not_injected_fraction: {{value: "{nothing_injected} %"}}
"""
    )


INJECTION = ("inject", "injected", "wake_excluded", "pet", "visit_incomplete")


def test_an_injection_that_never_succeeds_is_tried_three_times(tell):
    assert tell(weak(100, 100), *INJECTION) == [
        "08:12 inject start mice-1 by bob",
        "08:17 inject end mice-1",
        "08:17 inject start mice-1 by bob",
        "08:22 inject end mice-1",
        "08:22 inject start mice-1 by bob",
        "08:27 inject end mice-1",
        "08:27 wake_excluded start mice-1",
        "08:30 wake_excluded end mice-1",
        "08:30 visit_incomplete mice-1 (not_injected)",
    ]


def test_a_paravenous_injection_that_is_seen_excludes_the_animal(tell):
    assert tell(weak(100, 0), *INJECTION) == [
        "08:12 inject start mice-1 by bob",
        "08:17 inject end mice-1",
        "08:17 injected mice-1 (paravenous_seen)",
        "08:17 wake_excluded start mice-1",
        "08:20 wake_excluded end mice-1",
        "08:20 visit_incomplete mice-1 (paravenous)",
    ]


def test_a_paravenous_injection_that_is_not_seen_is_found_on_the_image(tell):
    """The scan is done, cannot be used, and is asked for again: not today, what was injected must decay first."""
    words = ("injected", "pet", "visit_completed", "visit_requested")
    assert tell(weak(0, 0, "attempts: 2"), *words) == [
        "08:00 visit_requested mice-1",
        "08:17 injected mice-1 (paravenous_hidden)",
        "09:17 pet start",
        "09:32 pet end",
        "09:56 visit_completed mice-1 (image_unusable)",
        "09:56 visit_requested mice-1#2 (image_unusable)",
    ]


def test_asleep_during_uptake_all_lie_on_their_bed_and_every_syringe_is_drawn_before(tell):
    """Nobody leaves sleeping animals for the hot lab, and who sleeps on the bed has no place in the uptake room."""
    story = TWO.replace("uptake: 60 min", "uptake: 60 min\n    uptake_awake: false")
    assert tell(story, "draw", "induce", "inject", "attendance", "position") == [
        "08:07 draw start mice-1 by bob",
        "08:10 draw end mice-1",
        "08:12 draw start mice-2 by bob",
        "08:15 draw end mice-2",
        "08:15 attendance start by bob",
        "08:15 induce start mice-1 by bob",
        "08:17 induce end mice-1",
        "08:17 inject start mice-1 by bob",
        "08:22 inject end mice-1",
        "08:22 induce start mice-2 by bob",
        "08:24 induce end mice-2",
        "08:24 inject start mice-2 by bob",
        "08:29 inject end mice-2",
        "09:06:30 position start mice-1 by bob",
        "09:12:30 position end mice-1",
        "09:12:30 position start mice-2 by bob",
        "09:18:30 position end mice-2",
        "09:44:30 attendance end",
    ]


def test_a_repeat_inside_a_repeat_begins_anew(tell):
    """Twice two tries, because nothing ever goes well."""
    assert tell(
        """
protocols:
  stubborn:
    plan:
      - repeat:
          - repeat: [{step: try, task: other_service, duration: 10 min, outcome: {try: {bad: 1}}}]
            at_most: 2
            outcome: try
            value: bad
          - {step: look, task: other_service, duration: 5 min, outcome: {look: {bad: 1}}}
        at_most: 2
        outcome: look
        value: bad
studies: {mice: {protocol: stubborn, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}}
"""
    )[::2] == [
        "09:00 try start",
        "09:10 try start",
        "09:20 look start",
        "09:25 try start",
        "09:35 try start",
        "09:45 look start",
    ]
