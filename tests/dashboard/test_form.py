"""The form is the schema, and the patch is what was changed in it and nothing else."""

from __future__ import annotations

import json

import pytest

from dashboard.form import further, leaves, parts, patch, values
from twin import api

SCHEMA = api.schema()


def form(name="baseline", sets=()):
    resolved = api.load(name, sets, check=False)  # other tests check them
    return all_leaves(resolved.data), resolved


def all_leaves(data):
    shown = leaves.leaves(SCHEMA, data)
    return (*shown, *further.further(SCHEMA, data, shown))


@pytest.fixture(scope="module")
def found():
    return form()[0]


def by_path(found):
    return {leaf.path: leaf for leaf in found}


def test_every_leaf_has_a_label_a_unit_and_a_help(found):
    for leaf in found:
        assert leaf.label, leaf.path
        assert leaf.unit, leaf.path
        assert "``" not in leaf.description
        assert leaf.further or leaf.unit != "number", leaf.path
        assert leaf.further or leaf.description, leaf.path


def test_every_key_of_a_scenario_has_one_field(found):
    """All that the baseline says, but for what is said beside the form, is the value of a field or within one."""
    paths = [leaf.path for leaf in found]
    assert len(paths) == len(set(paths)) > 300
    data = api.load("baseline", []).data
    beside = {"schema", "extends", "name", "question", "start", "days", "seed"}
    for path in flat({key: value for key, value in data.items() if key not in beside}):
        assert any(path == one or path.startswith(f"{one}.") for one in paths), path


def flat(data, at=()):
    if not isinstance(data, dict):
        return [".".join(at)]
    return [path for key, value in data.items() for path in flat(value, (*at, str(key)))]


def test_every_part_is_there(found):
    absent = {"targets", "numbers"}  # of the baseline
    assert {leaf.part for leaf in found} == {part.name for part in parts.PARTS} - absent
    assert {"technologist", "animal_technician"} == {leaf.item for leaf in found if leaf.part == "people"}


def test_the_kinds_come_from_the_schema(found):
    kinds = {path: leaf.kind for path, leaf in by_path(found).items()}
    assert kinds["staff.technologist.count"] == "count"
    assert kinds["staff.technologist.shift"] == kinds["opening.hours"] == "week"
    assert kinds["hot_lab.deliveries.fdg.activity"] == kinds["policies.hotel_wait"] == "quantity"
    assert kinds["hot_lab.deliveries.fdg.arrives"] == "time"
    assert kinds["hot_lab.deliveries.fdg.days"] == "days"
    assert kinds["policies.booking"] == "choice"
    assert kinds["policies.rebook"] == "switch"
    assert kinds["policies.planned_share"] == "share"
    hotel = by_path(found)["scanners.pet.hotel"]
    assert (hotel.minimum, hotel.maximum, hotel.unit) == (1, 20, "animals per bed")


def test_what_is_shown_is_what_holds(found):
    shown = {leaf.path: values.shown(leaf) for leaf in found}
    assert shown["staff.technologist.count"] == 3
    assert shown["staff.animal_technician.count"] == 1  # not set: one
    assert shown["staff.animal_technician.shift"] == "mon-fri 06:00-14:30"
    assert shown["hot_lab.deliveries.fdg.activity"] == "2 GBq"
    assert shown["policies.slot_minimum"] == "30 min"  # a default of the model
    assert shown["policies.stay_for_committed"] == "4 h"


@pytest.mark.parametrize("name", sorted(api.bundled()))
def test_an_untouched_form_changes_nothing(name):
    found, _ = form(name)
    fields = {leaf.path: values.shown(leaf) for leaf in found}
    assert patch.changes(found, fields) == ()


CHANGES = {
    "staff.technologist.count": 5,
    "staff.technologist.shift": "mon-fri 07:00-15:00; sat 08:00-12:00",
    "staff.animal_technician.shift": "mon-thu 06:00-14:00",
    "staff.animal_technician.injection_level": "competent",
    "scanners.pet.hotel": 2,
    "scanners.pet.count": 2,
    "hot_lab.deliveries.fdg.activity": "3 GBq",
    "hot_lab.deliveries.fdg.days": "mon, wed, fri",
    "hot_lab.deliveries.fdg.arrives": "10:00",
    "opening.hours": "mon-fri 06:00-20:00; sat-sun closed",
    "policies.booking": "earliest_due",
    "policies.planned_share": "80 %",
    "policies.hotel_wait": "2 h",
    "policies.rebook": False,
    "policies.attempts": 2,
    "policies.anaesthesia_limit": "90 min",
    "scanners.pet.quality_control.daily_check.duration": "{uniform: [5 min, 9 min]}",
    "scanners.pet.breakdown.repair_time": "8 h",
    "studies.tumour.comparison.power": "0.9",
    "studies.tumour.groups": "[a, b, c]",
    "studies.tumour.sex": "female",
    "rooms.uptake.barrier": True,
    "protocols.fdg.scan": "20 min",
    "authorisations.projects.tumour_model.animals": 500,
    "dose.dosimeter.every": "14 d",
    "floor_plan.rooms.uptake.x": "4.5",
}


@pytest.mark.parametrize("path", CHANGES)
def test_one_change_changes_one_thing(path, tmp_path):
    """Form -> patch -> file -> load: the resolved data differ at this path alone."""
    found, before = form()
    changed = patch.changes(found, {path: CHANGES[path]})
    assert [change.leaf.path for change in changed] == [path]
    after = load(patch.patch(changed), before, tmp_path)
    assert differing(before.data, after.data) == [path]
    again = by_path(all_leaves(after.data))[path]
    assert values.read(again, values.shown(again)) == values.read(again, CHANGES[path])


def test_all_changes_at_once_come_back_from_the_file(tmp_path):
    found, before = form()
    changed = patch.changes(found, CHANGES)
    after = load(patch.patch(changed), before, tmp_path)
    assert sorted(differing(before.data, after.data)) == sorted(CHANGES)
    shown = {leaf.path: values.shown(leaf) for leaf in all_leaves(after.data)}
    back = patch.changes(found, shown)
    assert patch.patch(back) == patch.patch(changed)


def load(made, before, folder):
    """A patch as a file over the baseline, loaded; name and question belong to a file, not to what it extends."""
    file = folder / "what_if.yaml"
    own = {name: before.data[name] for name in ("name", "question")}
    file.write_text(json.dumps({"extends": "baseline", **own, **made}), encoding="utf-8")  # JSON is YAML
    return api.load(file)


def differing(one, other, path=""):
    """Paths of leaves of the form at which two scenarios differ (a week is one leaf)."""
    found, (first, second) = [], (dict(one), dict(other))
    for key in first.keys() | second.keys():
        here = f"{path}.{key}" if path else key
        a, b = first.get(key), second.get(key)
        deeper = isinstance(a, dict) and isinstance(b, dict) and here not in CHANGES
        new = isinstance(b, dict) and a is None and here not in CHANGES
        if deeper or new:
            found += differing(a or {}, b, here)
        elif a != b:
            found.append(here)
    return found


def test_what_is_emptied_is_removed():
    found, _ = form()
    made = patch.patch(patch.changes(found, {"staff.animal_technician.shift": ""}))
    assert made == {"staff": {"animal_technician": {"shift": None}}}


def test_what_was_not_set_and_is_not_changed_is_not_written():
    found, _ = form()
    same = {"staff.animal_technician.count": 1, "policies.hotel_wait": "60 min", "staff.technologist.shift": ""}
    assert patch.changes(found, same) == ()


def test_a_change_is_told_in_words(found):
    told = [change.words for change in patch.changes(found, {"staff.technologist.count": 5, "policies.rebook": False})]
    assert told == ["technologist, count: 3 → 5", "Rebook: yes → no"]


@pytest.mark.parametrize(
    ("path", "written", "said"),
    [
        ("hot_lab.deliveries.fdg.activity", "2 Gy", "activity is due"),
        ("hot_lab.deliveries.fdg.activity", "2", "no unit"),
        ("staff.technologist.count", 0, "at least 1"),
        ("scanners.pet.hotel", 50, "at most 20"),
        ("staff.technologist.shift", "mornings", "not a week"),
        ("staff.animal_technician.shift", "mon-fri 25:00-26:00", ""),
        ("hot_lab.deliveries.fdg.arrives", "noon", "time of day"),
        ("policies.hotel_wait", "-1 h", "below 0"),
        ("opening.hours", "", ""),
    ],
)
def test_a_mistake_stands_beside_its_field(path, written, said, tmp_path):
    found, _ = form()
    file = tmp_path / "what_if.yaml"
    made = patch.patch(patch.changes(found, {path: written}))
    file.write_text(json.dumps({"extends": "baseline", **made}), encoding="utf-8")
    problems = [{"path": problem.path, "message": str(problem)} for problem in api.check(file)]
    messages, rest = patch.messages(found, problems)
    assert path in messages, (messages, rest)
    assert said in messages[path]


def test_a_mistake_without_a_field_is_told_too(found):
    messages, rest = patch.messages(found, [{"path": "protocols.new.scanner", "message": "there is none"}])
    assert (messages, rest) == ({}, ["protocols.new.scanner: there is none"])


def test_fields_from_a_link(found):
    said = {"staff.technologist.count": "5", "policies.rebook": "false", "policies.hotel_wait": "2 h", "no.such": "1"}
    fields = patch.fields(found, said)
    assert fields["staff.technologist.count"] == 5
    assert fields["policies.rebook"] is False
    assert fields["policies.hotel_wait"] == "2 h"
    assert fields["scanners.pet.hotel"] == 4
    assert set(fields) == set(by_path(found))


@pytest.mark.parametrize("text", ["mon-fri 08:00-12:00, 13:00-17:00", "always", "daily 06:00-22:00; sun closed"])
def test_a_week_is_read_as_it_is_written(found, text):
    leaf = by_path(found)["opening.hours"]
    assert values.written(leaf, values.read(leaf, text)) == text
