"""A plan of one's own may move its bed to a second machine: it is played like a template's, and mistakes are named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.laws import laws
from tests.laws.log_view import View
from tests.laws.running import passes_check
from tests.scanners.sites import site
from twin.errors import ScenarioError
from twin.facility.world import play
from twin.scenario import expand, merging, reading
from twin.scenario.loading import load_data

OWN = """
way_out: take_out
first_out: undock
plan:
  - {step: bring, task: transport, duration: 5 min, person: animal_handling, place: preparation}
  - {step: induce, task: preparation, duration: 2 min, person: anaesthesia, scanner: ct, bed: true,
     uses_scanner: false, place: scanner, holds: {bed: clean}, effect: anaesthetise}
  - {step: dock, task: positioning, duration: 2 min, person: imaging, scanner: ct, holds: {scanner: undock}}
  - {step: ct, task: scan, duration: 5 min, scanner: ct, effect: part_scan}
  - {step: undock, task: positioning, duration: 1 min, person: imaging, scanner: ct}
  - {step: move, task: transport, duration: 2 min, person: imaging, scanner: camera, second: true,
     place: scanner, holds: {second: take_out}}
  - {step: picture, task: scan, duration: {triangular: [4 min, 5 min, 9 min]}, scanner: camera, second: true, effect: scan}
  - {step: take_out, task: positioning, duration: 1 min, person: imaging, scanner: camera, second: true, place: recovery}
  - {step: recover, task: anaesthesia_recovery, duration: 3 min, effect: wake}
  - {step: home, task: post_awakening, duration: 10 min, effect: home}
  - {step: clean, task: cleaning, duration: 5 min, person: cleaning, always: true}
"""  # noqa: E501 - a step on a line
FAILS = {"time_between_failures": {"exponential": {"mean": "40 min"}}, "repair_time": "1 h"}
MACHINES = {
    "ct": {"modality": "ct", "room": "suite", "hotel": 2, "beds": 2},
    "camera": {"modality": "optical", "room": "dark_room", "hotel": 2},
}


def own(change: tuple[str, str] = ("", ""), **more: Any) -> dict[str, Any]:
    """A site with this plan, in whose text something was changed."""
    plan = reading.plain(reading.read_bytes(OWN.replace(*change).encode(), "plan.yaml"))
    made = site({"both": plan}, MACHINES, animals=12)
    made["rooms"]["dark_room"] = {"kind": "scanner"}
    return merging.merge(made, more)


def test_a_bed_is_moved_by_a_plan_of_ones_own() -> None:
    view = View(made := expand.site(load_data(own())), play(made))
    for law in laws.LAWS:
        law(view)
    pictures = [task for task in view.tasks if task.first.step == "picture"]
    assert len(pictures) == 6
    assert {(task.first.names("scanner")[0], task.first.names("bed")[0][:2]) for task in pictures} == {("camera", "ct")}
    assert [row for row in view.rows if row.step == "visit_completed"]


def test_who_is_given_up_at_either_machine_gets_out() -> None:
    failing = {name: {"breakdown": FAILS} for name in MACHINES}
    data = own(scanners=failing, policies={"breakdown": "rebook"}, days=4)
    assert passes_check(data)
    view = View(made := expand.site(load_data(data)), play(made))
    for law in laws.LAWS:
        law(view)
    assert "breakdown" in {row.reason for row in view.rows if row.step == "visit_incomplete"}


MISTAKES = {
    "the machine is not named": ("scanner: camera, second: true, effect", "second: true, effect", "name the second"),
    "a bed of the second machine": ("second: true, effect", "second: true, bed: true, effect", "bed of the first"),
    "the same machine": ("scanner: camera", "scanner: ct", "this is the first machine of the plan too"),
    "no bed": ("bed: true,", "", "no earlier step takes the bed that is moved"),
    "a bed that is given back": ("holds: {bed: clean}", "holds: {bed: move}", "the bed is given back before take_out"),
    "animals left behind": ("place: scanner, holds: {second", "holds: {second", "stay in the room of the first"),
    "one way out": ("first_out: undock", "", "has a way out of each"),
    "a way out too late": ("first_out: undock", "first_out: recover", "lies before move"),
    "a way out that scans": ("first_out: undock", "first_out: ct", "a session that is given up goes on at ct"),
    "an end that is none": ("{second: take_out}", "{second: take_off}", "a step that does not come later"),
    "another word": ("second: true", "second: camera", "true or false is due"),
    "held but not taken": ("holds: {scanner: undock}", "holds: {second: undock}", "a second that it does not take"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_with_two_machines_is_named(name: str) -> None:
    before, after, says = MISTAKES[name]
    with pytest.raises(ScenarioError) as told:
        load_data(own((before, after)))
    assert says in str(told.value)


def test_two_ways_out_are_for_two_machines() -> None:
    plan = {"plan": [{"step": "look", "task": "monitoring", "duration": "5 min"}], "first_out": "look"}
    with pytest.raises(ScenarioError, match="only a plan that moves its bed to a second machine has two ways out"):
        load_data(site({"one": plan}, {}))
