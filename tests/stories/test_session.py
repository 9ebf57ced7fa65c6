"""Stories of a session from the template: the times are those that the design says, worked out by hand."""

SESSION = """
staff:
  ann: null
  bob: {role: technologist, injection_level: never_fails}
hot_lab:
  deliveries:
    fdg:
      {tracer: FDG, activity: 1 GBq, volume: 10 ml, days: daily, arrives: "07:00", reference: "07:00", expires: "18:00"}
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
    """The PET begins 60 min after the end of the injection, 09:17; what lies before it takes 2 + 6 + 2 + 5 min."""
    assert tell(ONE) == [
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
