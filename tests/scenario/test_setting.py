"""``--set PATH=VALUE`` and overrides."""

from __future__ import annotations

import pytest

from twin.errors import ScenarioError


@pytest.mark.parametrize(
    ("text", "look", "value"),
    [
        ("days=2", lambda s: s.days, 2),
        ("staff.technologist.count=3", lambda s: s.staff["technologist"].count, 3),
        ("protocols.static.warming=10 min", lambda s: s.protocols["static"].warming.mean, 600.0),
        ("protocols.static.durations.induce=1 min", lambda s: s.protocols["static"].durations["induce"].mean, 60.0),
        ("protocols.static.scan={uniform: [1 min, 3 min]}", lambda s: s.protocols["static"].scan.mean, 120.0),
        ("opening.holidays=[2026-03-03]", lambda s: len(s.opening.holidays), 1),
        ("rooms.extra={kind: uptake}", lambda s: s.rooms["extra"].places, 1),
        ("policies.rebook=false", lambda s: s.policies.rebook, False),
        ("numbers.tasks.pet_static.value=9 min", lambda s: s.numbers["tasks.pet_static"].value, "9 min"),
        ("numbers.injection.failure_probability.weak.value=0.5", lambda s: len(s.numbers), 1),
        ("studies.tumour.groups=[a]", lambda s: s.studies["tumour"].groups, ("a",)),
        ("protocols.static.uptake=null", lambda s: s.protocols["static"].uptake, None),
        ("question=a=b", lambda s: s.question, "a=b"),
    ],
)
def test_a_value_is_set(written, text, look, value):
    assert look(written(text).scenario) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("days", "PATH=VALUE"),
        ("=3", "PATH=VALUE"),
        ("dayz=3", "did you mean 'days'"),
        ("staff.technologst.count=3", "did you mean 'staff.technologist'"),
        ("staff.technologist.cuont=3", "did you mean 'staff.technologist.count'"),
        ("staff.technologist.count.x=3", "nothing called 'x'"),
        ("staff.newcomer=3", "nothing called 'newcomer'"),
        ("staff..count=3", "nothing called ''"),
        ("days=[", "YAML"),
        ("days=!!int 3", "tag"),
        ("protocols.static.warming=null", "null removes"),
        ("days=x", "number is due"),
    ],
)
def test_a_path_that_is_not_there(written, text, words):
    with pytest.raises(ScenarioError) as caught:
        written(text)
    assert words in str(caught.value)


def test_several_mistakes_at_once(written):
    with pytest.raises(ScenarioError) as caught:
        written("dayz=3", "sead=4")
    assert len(caught.value.problems) == 2


def test_later_settings_win_and_are_told(written):
    found = written("days=2", "days=3")
    assert found.scenario.days == 3
    assert found.layers[-2:] == ("days=2", "days=3")
