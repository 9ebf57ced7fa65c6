"""Stories of animals that are killed: how their visits end, and what is still done with them."""

KILL = """
days: 2
staff: {ann: {shift: {daily: "08:00-17:00"}}}
protocols:
  last:
    plan:
      - {step: hunger, task: preparation, effect: fast, duration: 5 min}
      - {step: kill, task: killing, effect: kill, duration: 10 min}
      - {step: dissect, task: dissection, person: imaging, duration: 30 min}
"""
ONE = 'studies: {mice: {protocol: last, animals: 1, arrival: {dates: ["2026-01-05 17:15"]}}}\n'
WORDS = ("kill", "dissect", "fasting_end", "animal_killed", "visit_cancelled", "visit_completed")


def test_a_visit_that_killed_its_animal_is_not_cancelled_in_the_evening(tell):
    """Nobody is in to dissect after 17:00; the facility closes at 18:00, and nobody stays for a dead animal."""
    assert tell(KILL + ONE + "policies: {booking: first_come, stay_for_committed: 0 h}\n", *WORDS) == [
        "17:20 kill start",
        "17:30 kill end",
        "17:30 fasting_end mice-1",
        "17:30 dissect request",
        "18:00 animal_killed mice-1",
    ]


def test_without_slots_it_is_dissected_the_next_morning(tell):
    assert tell(KILL + ONE + "policies: {booking: walk_in, stay_for_committed: 0 h}\n", *WORDS) == [
        "17:20 kill start",
        "17:30 kill end",
        "17:30 fasting_end mice-1",
        "17:30 dissect request",
        "day 2 08:00 dissect start (person) by ann",
        "day 2 08:30 dissect end",
        "day 2 08:30 animal_killed mice-1",
    ]


def test_no_animal_is_killed_twice(tell):
    story = KILL.replace("days: 2", "days: 1") + ONE.replace("17:15", "09:00").replace(
        "animals: 1,", "animals: 1, time_points: {first: {}, second: {at: 2 h}},"
    )
    assert tell(story, "kill", "animal_killed", "visit_cancelled") == [
        "09:05 kill start",
        "09:15 kill end",
        "09:45 animal_killed mice-1first",
        "11:00 visit_cancelled mice-1second (died)",
    ]
