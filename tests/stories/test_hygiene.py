"""Stories of hygiene: a dirty room, people who stay away, a contamination."""

from __future__ import annotations

#: One room in which animals are handled; two studies, the dirty one first.
TWO = """
protocols:
  look:
    plan:
      - {step: handle, task: preparation, person: animal_handling, place: preparation, duration: 30 min}
      - {step: home, task: transport, duration: 5 min, effect: home}
studies:
  dirty: {hygiene: conventional, protocol: look, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}
  pure: {hygiene: barrier, protocol: look, animals: 1, arrival: {dates: ["2026-01-05 09:10"]}}
"""
WORDS = ("handle", "home", "decontaminate", "clean_up", "room_closed", "room_open", "contamination", "visit_cancelled")


def test_a_room_is_decontaminated_when_it_is_empty(tell):
    """Nobody else may come in while the dirty animal is there, and nobody clean before the work is done."""
    assert tell(TWO + "hygiene: {stay_away: 0 h, decontamination: 20 min}\n", *WORDS) == [
        "09:00 handle start by ann",
        "09:10 handle request",
        "09:30 handle end",
        "09:30 home start",
        "09:35 home end",
        "09:35 room_closed",
        "09:35 decontaminate start by ann",
        "09:55 decontaminate end",
        "09:55 room_open",
        "09:55 handle start (hygiene) by ann",
        "10:25 handle end",
        "10:25 home start",
        "10:30 home end",
    ]


def test_who_worked_with_dirty_animals_stays_away_from_others(tell):
    """Until 2 h after 9:30: bob would do it at once, ann alone may at 11:30."""
    patch = TWO + "hygiene: {stay_away: 2 h, decontamination: 20 min}\n"
    rows = tell(patch, "handle")
    assert rows[3] == "11:30 handle start (person) by ann"
    assert tell(patch + "staff: {bob: {role: technologist}}\n", "handle")[3] == "09:55 handle start (hygiene) by bob"


def test_a_contamination_closes_its_room_until_the_samples_are_clean(tell):
    """Who is in the room stays; it is cleaned when they have left, and opened 1 h after that."""
    found = (
        "hygiene: {contaminations: {found: {room: preparation, at: 2026-01-05 09:20, clean_up: 40 min, closed: 1 h}}}"
    )
    late = TWO.replace("conventional", "barrier").replace('05 09:10"', '05 09:25"')
    assert tell(late + found, *WORDS)[:9] == [
        "09:00 handle start by ann",
        "09:20 contamination",
        "09:20 room_closed (contamination)",
        "09:25 handle request",
        "09:30 handle end",
        "09:30 home start",
        "09:35 home end",
        "09:35 clean_up start by ann",
        "10:15 clean_up end",
    ]
    assert "11:15 handle start (hygiene) by ann" in tell(late + found, *WORDS)


def test_an_animal_is_looked_over_before_it_comes_near_a_magnet(tell):
    """By somebody with the skill that the room asks for."""
    zone = """
rooms: {pet_room: {access: [mri_safety], ferrous_check: true}}
staff: {ann: {skills: [animal_handling, anaesthesia]}, eve: {skills: [anaesthesia, imaging, mri_safety]}}
protocols:
  look:
    plan:
      - {step: lay, task: positioning, person: imaging, scanner: pet, place: scanner, duration: 5 min}
studies: {mice: {protocol: look, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}}
numbers: {tasks.ferrous_gear_check: {distribution: 2 min}}
"""
    assert tell(zone, "ferrous_check", "lay") == [
        "09:00 ferrous_check start by eve",
        "09:02 ferrous_check end",
        "09:02 lay start by eve",
        "09:07 lay end",
    ]


def test_a_session_that_needs_no_scanner_has_no_room_to_wait_for():
    """It has a slot of its own day all the same."""
    from twin import api

    infected = api.load("biodistribution_day", ("studies.organs.hygiene=infected",), days=3)
    visits = api.simulate(infected).tables["visits"]
    assert (visits["status"] == "killed").sum() == 15
