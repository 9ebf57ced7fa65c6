"""``--set PATH=VALUE`` and overrides."""

from __future__ import annotations

import pytest

from twin.errors import ScenarioError
from twin.scenario.loading import load, load_data


@pytest.mark.parametrize(
    ("text", "look", "value"),
    [
        ("days=2", lambda s: s.days, 2),
        ("staff.technologist.count=3", lambda s: s.staff["technologist"].count, 3),
        ("protocols.static.warming=10 min", lambda s: s.protocols["static"].warming.mean, 600.0),
        ("protocols.static.durations.induce=1 min", lambda s: s.protocols["static"].durations["induce"].mean, 60.0),
        ("protocols.static.scan={uniform: [1 min, 3 min]}", lambda s: s.protocols["static"].scan.mean, 120.0),
        ("hot_lab.residual={constant: 0.2}", lambda s: s.hot_lab.residual.mean, 0.2),
        ("hot_lab.residual.constant=0.2", lambda s: s.hot_lab.residual.mean, 0.2),
        ("hot_lab.residual.uniform=[0, 1]", lambda s: s.hot_lab.residual.mean, 0.5),
        ("hot_lab.residual.uniform=[0, 0.4]", lambda s: round(s.hot_lab.residual.mean, 9), 0.2),
        ("protocols.static.scan.lognormal.mean=4 min", lambda s: round(s.protocols["static"].scan.mean, 6), 240.0),
        ('question=""', lambda s: s.question, ""),
        ("opening.holidays=[2026-03-03]", lambda s: len(s.opening.holidays), 1),
        ("opening.hours.mon-fri=09:00-10:00", lambda s: s.opening.hours[0], ((32400.0, 36000.0),)),
        ("opening.hours.sat=09:00-10:00", lambda s: s.opening.hours[5], ((32400.0, 36000.0),)),
        ("rooms.extra={kind: uptake}", lambda s: s.rooms["extra"].places, 1),
        ("policies.rebook=false", lambda s: s.policies.rebook, False),
        ("numbers.tasks.pet_static.value=9 min", lambda s: s.numbers["tasks.pet_static"].value, "9 min"),
        ("numbers.injection.failure_probability.weak.value=0.5", lambda s: len(s.numbers), 1),
        (
            "numbers.tasks.pet_static.distribution={uniform: [1 min, 3 min]}",
            lambda s: s.numbers["tasks.pet_static"].distribution,
            {"uniform": ["1 min", "3 min"]},
        ),
        ("numbers.tasks.pet_static={value: 9 min, note: ours}", lambda s: s.numbers["tasks.pet_static"].note, "ours"),
        ("studies.tumour.groups=[a]", lambda s: s.studies["tumour"].groups, ("a",)),
        ("protocols.static.uptake=null", lambda s: s.protocols["static"].uptake, None),
        ("question=a=b", lambda s: s.question, "a=b"),
    ],
)
def test_a_value_is_set(written, text, look, value):
    scan = "protocols: {static: {scan: {lognormal: {mean: 2 min, sd: 1 min}}}}"
    residual = "hot_lab: {residual: {uniform: [0, 0.1]}}"
    assert look(written(text, more=f"extends: sound.yaml\n{scan}\n{residual}\n").scenario) == value


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
        ("opening.hours.satt=closed", "did you mean 'sat'"),
        ("opening.hours.sat=null", "nothing called 'sat'"),
        ("opening.hours.mon.tue=closed", "nothing called 'mon'"),
        ("days=[", "YAML"),
        ("days=!!int 3", "tag"),
        ("protocols.static.warming=null", "null removes"),
        ("days=x", "number is due"),
        ("days=", "there is no value; write null"),
        ("question= ", "there is no value; write null"),
        ("staff.technologist.count=# three", "there is no value; write null"),
        ("protocols.static.scan={lognormal: {mean: 2 min}}", "lognormal takes mean and sd or median and p95"),
    ],
)
def test_a_path_that_is_not_there(written, text, words):
    with pytest.raises(ScenarioError) as caught:
        written(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("staff.technologist.count=-1", "staff.technologist.count", "at least 1"),
        ("staff.technologist={role: x, cout: 1}", "staff.technologist.cout", "did you mean 'count'"),
        ("opening.holidays=[2026-03-02, Easter]", "opening.holidays.1", "not a date"),
        ("studies.tumour.protocol=statik", "studies.tumour.protocol", "did you mean 'static'"),
        ("numbers.injection.draw_accuracy_cv.value=-1", "numbers.injection.draw_accuracy_cv", "never negative"),
        ("protocols.static.warming=null", "protocols.static.warming", "null removes"),
        ("extends=baseline", "extends", "write it in a file"),
        ("hot_lab.deliveries.fdg.activity=0 MBq", "hot_lab.deliveries.fdg.activity", "a vial holds some activity"),
        ("protocols.static.scan=-1 min", "protocols.static.scan", "reaches down to -60 s"),
        ("opening.hours.satt=closed", "opening.hours", "did you mean 'sat'"),
        ("days=[", "", "YAML"),
    ],
)
def test_a_mistake_says_that_it_was_set(written, text, path, words):
    with pytest.raises(ScenarioError) as caught:
        written(text, more="extends: sound.yaml\n\nopening:\n  holidays:\n  - 2026-03-03\n  - 2026-03-04\n")
    found = {p.path: p for p in caught.value.problems}
    assert (found[path].file, words in str(found[path])) == ("--set", True), str(caught.value)
    assert found[path].line is None or path == ""


def test_a_mistake_of_an_argument():
    with pytest.raises(ScenarioError, match="argument, days: 'x': a number is due"):
        load("baseline", days="x")
    with pytest.raises(ScenarioError, match="argument, extends: 'y'"):
        load("baseline", extends="y")


def test_data_may_extend():
    found = load_data({"extends": "baseline", "days": 2, "staff": {"technologist": {"count": 5}}})
    assert (found.scenario.days, found.scenario.staff["technologist"].count) == (2, 5)
    assert (found.layers[1:], found.scenario.name) == (("data",), "data")
    with pytest.raises(ScenarioError, match="did you mean 'baseline'"):
        load_data({"extends": "baselin"})


def test_several_mistakes_at_once(written):
    with pytest.raises(ScenarioError) as caught:
        written("dayz=3", "sead=4")
    assert len(caught.value.problems) == 2


def test_later_settings_win_and_are_told(written):
    found = written("days=2", "days=3")
    assert found.scenario.days == 3
    assert found.layers[-2:] == ("days=2", "days=3")
