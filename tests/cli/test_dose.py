"""``twin dose`` and ``twin shield``."""

import pytest

PLAN = """
extends: baseline
name: walls
floor_plan:
  rooms:
    hot_lab: {x: 0, y: 0, width: 4 m, depth: 3 m, walls: concrete 20 cm}
    uptake: {x: 4, y: 0, width: 4 m, depth: 3 m, walls: concrete 10 cm}
  points:
    office: {x: 2, y: 5}
    bench: {x: 2.5, y: 1.5, design_goal: 10 uSv}
"""


def test_dose_says_everything(process):
    said = process("dose", "baseline", "--days", "2", "--json")
    assert said.code == 0
    data = said.data
    assert {"people", "year", "tasks", "budgets", "rooms", "animals", "waste", "licence", "jurisdiction"} <= data.keys()
    assert {row["person"] for row in data["people"]} == {
        "technologist-1",
        "technologist-2",
        "technologist-3",
        "animal_technician",
    }
    assert all(row["low_sv"] is None for row in data["year"])


def test_shield_is_a_planning_aid(process, tmp_path):
    file = tmp_path / "walls.yaml"
    file.write_text(PLAN)
    said = process("shield", str(file), "--days", "1", "--json")
    assert said.code == 0
    assert said.data["heading"] == "planning aid, not an approval"
    points = {row["point"]: row for row in said.data["points"]}
    assert points["bench"]["week_sv"] > points["office"]["week_sv"] > 0.0
    assert points["bench"]["area"] in ("supervised", "controlled")
    assert any("Archer" in name for name in points["office"]["methods"])
    walls = {row["wall"]: row for row in said.data["walls"]}
    assert walls.keys() >= {"hot_lab/north", "uptake/west"}
    assert (walls["hot_lab/east"]["point"], walls["hot_lab/east"]["source"]) == ("bench", "uptake (animals)")
    assert walls["hot_lab/east"]["distance_m"] == pytest.approx(3.5)
    assert all((row["point"] is None) == (row["points"] == 0) for row in walls.values())


def test_shield_shows_the_walls_that_are_needed_first(twin, tmp_path):
    file = tmp_path / "walls.yaml"
    file.write_text(PLAN.replace("{x: 2, y: 5}", "{x: 2, y: 5, design_goal: 0.02 uSv}"))
    short, long = (twin("shield", str(file), "--days", "1", *more) for more in ([], ["--all"]))
    assert "walls need no first layer" in short.out
    assert "nothing behind it" not in short.out
    assert "hot_lab/north" in short.out
    assert "uptake/south" not in short.out
    names = [line.split()[0] for line in long.out.splitlines() if line.strip().startswith(("hot_lab/", "uptake/"))]
    assert len(names) == 8
    assert names.index("hot_lab/north") < names.index("uptake/south")


@pytest.mark.parametrize("words", [("shield", "optical_core"), ("dose", "no_such_scenario")])
def test_what_cannot_be_said_is_refused(process, words):
    said = process(*words)
    assert said.code in (2, 3)
    assert "Traceback" not in said.err
