"""Scenarios that build on others."""

from __future__ import annotations

import pytest

from twin.errors import ScenarioError
from twin.scenario.loading import bundled, load


def problems(caught):
    return [(problem.path, str(problem)) for problem in caught.value.problems]


def test_a_small_patch(written):
    found = written(
        more="""
        extends: sound.yaml
        staff: {technologist: {count: 3}}
        rooms: {lab: null, lab2: {kind: hot_lab}}
        hot_lab: {room: lab2}
        """
    )
    assert found.scenario.staff["technologist"].count == 3
    assert list(found.scenario.rooms) == ["prep", "scan", "uptake", "recovery", "lab2"]
    assert [name.rpartition("/")[2] for name in found.layers] == ["sound.yaml", "more.yaml"]


def test_the_name_is_the_files_own(written):
    found = written(more="extends: sound.yaml\nquestion: why?\n", most="extends: more.yaml\n")
    assert (found.scenario.name, found.scenario.question) == ("most", "")
    assert "extends" not in found.data


def test_two_parents_that_do_not_disagree(written):
    found = written(
        one="extends: sound.yaml\nstaff: {technologist: {count: 3}}\n",
        two="extends: sound.yaml\ndays: 2\n",
        both="extends: [one.yaml, two.yaml]\n",
    )
    assert (found.scenario.staff["technologist"].count, found.scenario.days) == (3, 2)
    assert len(found.layers) == 4


def test_two_parents_that_say_the_same(written):
    found = written(
        one="extends: sound.yaml\ndays: 2\n",
        two="extends: sound.yaml\ndays: 2\n",
        both="extends: [one.yaml, two.yaml]\n",
    )
    assert found.scenario.days == 2


@pytest.mark.parametrize(
    ("one", "two", "path"),
    [
        ("days: 2", "days: 3", "days"),
        ("staff: {technologist: {count: 3}}", "staff: {technologist: {count: 4}}", "staff.technologist.count"),
        ("staff: {technologist: null}", "staff: {technologist: {count: 4}}", "staff.technologist"),
        ("days: 1", "days: true", "days"),
    ],
)
def test_two_parents_that_disagree(written, one, two, path):
    with pytest.raises(ScenarioError) as caught:
        written(
            one=f"extends: sound.yaml\n{one}\n",
            two=f"extends: sound.yaml\n{two}\n",
            both="extends: [one.yaml, two.yaml]\n",
        )
    ((found, text),) = problems(caught)
    assert found == path
    assert "one.yaml (line 2)" in text
    assert "two.yaml (line 2)" in text


def test_the_file_above_may_decide(written):
    found = written(
        one="extends: sound.yaml\ndays: 2\n",
        two="extends: sound.yaml\ndays: 3\n",
        both="extends: [one.yaml, two.yaml]\ndays: 4\n",
    )
    assert found.scenario.days == 4


def test_a_circle_is_named(written):
    with pytest.raises(ScenarioError) as caught:
        written(a="extends: c.yaml\n", b="extends: a.yaml\n", c="extends: b.yaml\n")
    assert "c -> b -> a -> c" in str(caught.value)


def test_a_file_that_extends_itself(written):
    with pytest.raises(ScenarioError, match="circle: a -> a"):
        written(a="extends: a.yaml\n")


def test_a_key_that_nobody_had_cannot_be_removed(written):
    with pytest.raises(ScenarioError) as caught:
        written(more="extends: sound.yaml\nstaff:\n  technologst: null\n")
    ((path, text),) = problems(caught)
    assert path == "staff.technologst"
    assert "line 3" in text
    assert "did you mean 'technologist'" in text


@pytest.mark.parametrize("value", ["5", "[]5", "{a: 1}", "[1]", "nowhere.yaml", "basline", '""'])
def test_what_cannot_be_extended(written, value):
    with pytest.raises(ScenarioError):
        written(more=f"extends: {value}\n")


def test_a_bundled_name_that_is_not_there():
    with pytest.raises(ScenarioError) as caught:
        load("basselin")
    assert "twin list scenarios" in str(caught.value)
    assert caught.value.exit_code == 3
    if "baseline" in bundled():
        assert "did you mean 'baseline'" in str(caught.value)


def test_a_bundled_scenario_in_a_folder():
    assert load("theory/mm1").scenario.name


def test_no_such_file(tmp_path):
    with pytest.raises(ScenarioError, match="no such file"):
        load(tmp_path / "x.yaml")


@pytest.mark.parametrize("name", ["", "/", ".", "\x00", "a" * 5000, "..", "~"])
def test_names_that_are_no_files(name):
    with pytest.raises(ScenarioError):
        load(name)


@pytest.mark.parametrize(
    ("schema", "words"), [("2", "update"), ("0", "whole number"), ("one", "whole number"), ("true", "whole number")]
)
def test_other_schemas_are_refused(written, schema, words):
    with pytest.raises(ScenarioError, match=words):
        written(more=f"schema: {schema}\nextends: sound.yaml\n")


@pytest.mark.parametrize("name", sorted(bundled()))
def test_every_bundled_scenario_loads(name):
    assert load(name).scenario.name == name
