"""Stories in which nothing moves for a while: what waits for time is no circle of waiting."""

import time

import pytest

from tests.laws.conftest import large_site
from tests.laws.running import site_of
from twin.errors import CircleError
from twin.facility.world import World

STUDIES = """
studies:
  a: {protocol: there, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}
  b: {protocol: back, animals: 1, arrival: {dates: ["2026-01-05 09:00"]}}
rooms: {recovery: {places: 1}}
"""


def test_one_thread_waits_for_the_other_session_and_one_for_the_next_shift(tell):
    """Bob comes at noon and gives the scanner back, for which the animal in the recovery room waits."""
    assert tell(
        STUDIES
        + """
staff: {bob: {role: other, skills: [undocking], shift: {daily: "12:00-18:00"}}}
protocols:
  there:
    plan:
      - {step: take, task: scan, scanner: pet, holds: {scanner: undock}, duration: 10 min}
      - parallel:
          - [{step: rest, task: other_service, place: recovery, duration: 5 min}]
          - [{step: undock, task: other_service, person: undocking, duration: 5 min}]
  back:
    plan:
      - {step: lie, task: other_service, place: recovery, duration: 10 min}
      - {step: look, task: scan, scanner: pet, duration: 5 min}
      - {step: go, task: other_service, effect: home, duration: 0 min}
"""
    ) == [
        "09:00 take start",
        "09:00 lie start",
        "09:10 take end",
        "09:10 lie end",
        "09:10 rest request",
        "09:10 undock request",
        "09:10 look request",
        "12:00 undock start (person) by bob",
        "12:05 undock end",
        "12:05 look start (scanner)",
        "12:10 look end",
        "12:10 go start",
        "12:10 go end",
        "12:10 rest start (place)",
        "12:15 rest end",
    ]


def test_another_scanner_serves_as_well_once_it_has_been_checked(tell):
    """Who has the first scanner waits for the place of the one who could have either; the second is checked at noon."""
    assert tell(
        STUDIES
        + """
scanners:
  spare:
    model: generic_pet_ct
    room: pet_room
    quality_control: {check: {days: daily, duration: 10 min, skill: checking}}
staff: {bob: {role: other, skills: [checking], shift: {daily: "12:00-18:00"}}}
protocols:
  there:
    plan:
      - {step: take, task: scan, scanner: pet, holds: {scanner: rest}, duration: 10 min}
      - {step: rest, task: other_service, place: recovery, duration: 5 min}
  back:
    plan:
      - {step: lie, task: other_service, place: recovery, duration: 10 min}
      - {step: look, task: scan, scanner: [pet, spare], bed: true, duration: 5 min}
      - {step: go, task: other_service, effect: home, duration: 0 min}
""",
        "take", "lie", "look", "rest",
    ) == [
        "09:00 take start",
        "09:00 lie start",
        "09:10 take end",
        "09:10 lie end",
        "09:10 rest request",
        "09:10 look request",
        "12:10 look start (bed)",
        "12:15 look end",
        "12:15 rest start (place)",
        "12:20 rest end",
    ]  # fmt: skip


def saturated(places: int) -> dict:
    """Open all night, one person by day; some forty requests an hour, and room for a few animals."""
    data = large_site(days=1)
    data["rooms"]["preparation"]["places"] = places
    data["staff"]["all"] |= {"count": 1, "shift": {"daily": "08:00-16:00"}}
    data["scanners"]["pet"] |= {"count": 1, "hotel": 1}
    data["studies"] = {"b": {"protocol": "static", "arrival": {"poisson": {"rate": "40/h"}}}}
    data["dose"] = {"limits_bind": False}
    return data


@pytest.mark.parametrize("places", [4, 1000])
def test_a_night_in_which_hundreds_wait_is_quick(places):
    """0.3 s; when at each request all of them were looked at for a circle, this took minutes."""
    world = World(site_of(saturated(places))).begin()
    begun = time.process_time()
    world.run()
    assert time.process_time() - begun < 5.0
    assert len(world.sessions) > 600
    assert not world.clock.anything_under_way()


def test_a_circle_is_named_in_the_instant_in_which_it_closes():
    """Also when the last link is what somebody lacks who waited for something else before."""
    data = large_site()
    data["opening"] = {"hours": "always"}
    data["rooms"]["uptake"]["places"] = data["rooms"]["recovery"]["places"] = 1
    data["scanners"], data["studies"] = {}, {}
    data["staff"] = {"late": {"role": "technologist", "shift": {"daily": "12:00-18:00"}}}
    minute = {"task": "other_service", "duration": "10 min"}
    there = [
        minute | {"step": "one", "place": "uptake"},
        minute | {"step": "two", "place": "recovery", "person": "imaging"},
    ]
    back = [
        minute | {"step": "one", "place": "recovery"},
        minute | {"step": "two", "place": "uptake", "person": "imaging"},
    ]
    data["protocols"] = {"there": {"plan": there}, "back": {"plan": back}}
    for name in ("there", "back"):
        data["studies"][name] = {"protocol": name, "animals": 1, "arrival": {"dates": ["2026-03-02 08:00"]}}
    world = World(site_of(data)).begin()
    with pytest.raises(CircleError, match="there/animal-001"):
        world.run()
