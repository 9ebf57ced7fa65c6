"""Rules of radiation protection that mean nothing: clear mistakes, all at once."""

import pytest

from twin import api
from twin.errors import ScenarioError

WRONG = {
    "dose.people.bob={breast_feeding: true}": ("no such person or group", "dose.people.bob"),
    "dose.constraints.x={quantity: extremity, at_most: 1 mSv, people: []}": ("a constraint for nobody", "people"),
    "dose.constraints.x={quantity: extremity, at_most: 1 mSv, people: [tecnologist]}": ("technologist", "people"),
    "dose.constraints.x={quantity: extremity, at_most: 0 mSv}": ("above 0", "at_most"),
    "dose.constraints.x={quantity: fingers, at_most: 1 mSv}": ("extremity", "quantity"),
    "dose.constraints.x={quantity: lens, at_most: -1 mSv}": ("below 0", "at_most"),
    "dose.equipment.syringe=syringe_automtic": ("syringe_automatic", "equipment"),
    "dose.spills={skill: hot_lap}": ("nobody has the skill", "spills.skill"),
    "dose.spills={drawing: 1.5}": ("1", "drawing"),
    "dose.jurisdiction=FR": ("EU", "jurisdiction"),
    "floor_plan.walls.w={from: [0, 0], to: [1, 0], layers: ''}": ("wall of no layers", "layers"),
    "floor_plan.walls.w={from: [0, 0], to: [1, 0], layers: led 2 mm}": ("lead", "layers"),
    "floor_plan.walls.w={from: [1, 0], to: [1, 0], layers: lead 2 mm}": ("no length", "walls.w"),
    "floor_plan.rooms.cellar={x: 0, y: 0, width: 2 m, depth: 2 m}": ("no such room", "cellar"),
    "floor_plan.points.p={x: 0, y: 0, occupancy: 2}": ("1", "occupancy"),
    "numbers.exposure\\.syringe\\.syringe\\.contact={value: 2}": ("from 0 to 1", "numbers"),
}


@pytest.mark.parametrize("setting", [key for key in WRONG if not key.startswith("numbers")])
def test_a_mistake_is_named(setting):
    with pytest.raises(ScenarioError) as caught:
        api.load("baseline", [setting])
    said, where = WRONG[setting]
    assert said in str(caught.value)
    assert where in str(caught.value)


def test_a_contact_beyond_the_whole_task_is_refused(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("extends: baseline\nnumbers:\n  exposure.syringe.syringe.contact: {value: 2}\n")
    with pytest.raises(ScenarioError, match="from 0 to 1"):
        api.load(file)


def test_an_unknown_exposure_of_a_step_is_refused(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "extends: baseline\nprotocols:\n  look:\n    plan:\n"
        "      - {step: a, task: waste, duration: 1 min, person: cleaning, exposure: wast}\n"
    )
    with pytest.raises(ScenarioError, match="waste"):
        api.load(file)
