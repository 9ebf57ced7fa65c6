"""Scenarios that are compared are changed by fields: the text of their patch says what was picked, and nothing else."""

from __future__ import annotations

import pytest

from dashboard.desk.forms import Forms
from dashboard.desk.variants import Variants, without
from dashboard.form import new
from dashboard.jobs import Refused
from dashboard.jobs.shelf import Shelf
from twin import api


@pytest.fixture(scope="module")
def variants(tmp_path_factory):
    return Variants(Forms(Shelf(tmp_path_factory.mktemp("scenarios"))))


def test_a_setting_is_set_and_taken_back(variants):
    text = variants.set("baseline", "", "staff.technologist.count", 2)
    assert variants.told("baseline", text).changes == (("staff.technologist.count", "technologist, count: 3 → 2"),)
    text = variants.set("baseline", text, "scanners.pet.hotel", 2)
    assert dict(api.changes(text)) == {"staff.technologist.count": 2, "scanners.pet.hotel": 2}
    assert dict(api.changes(without(text, "staff.technologist.count"))) == {"scanners.pet.hotel": 2}


@pytest.mark.parametrize(
    "source", ["scanners/pet", "model/generic_spect_ct", "template/fdg", "studies/tumour", "rooms/uptake"]
)
def test_what_is_new_can_be_played_and_has_settings(variants, source):
    text = variants.added("baseline", "", source, "another")
    told = variants.told("baseline", text)
    assert told.problems == ()
    assert any(words.startswith("new ") and "another" in words for _, words in told.changes)
    assert any(leaf.item == "another" for leaf in variants.settings("baseline", text))


def test_a_scanner_like_another_has_a_room_and_shares_its_protocols(variants):
    text = variants.added("baseline", "", "scanners/pet", "")
    data = api.patched("baseline", text, check=False).data
    assert data["scanners"]["pet_2"] == data["scanners"]["pet"] | {"room": "pet_2_room"}
    assert "scanner" not in data["protocols"]["fdg"], "else it would stand idle"
    changed = variants.set("baseline", text, "scanners.pet_2.beds", 1)
    assert "beds 1" in dict(variants.told("baseline", changed).changes)["scanners.pet_2"]


@pytest.mark.parametrize(
    ("source", "name", "said"),
    [
        ("scanners/pet", "pet", "there is already a scanners.pet"),
        ("scanners/nosuch", "", "pick what it is to be like"),
        ("prices/currency", "", "pick what it is to be like"),
        ("model/nosuch", "", "no such machine"),
        ("", "", "pick what it is to be like"),
    ],
)
def test_what_cannot_be_added_is_told(variants, source, name, said):
    with pytest.raises(Refused, match=said):
        variants.added("baseline", "", source, name)


def test_a_hostile_name_or_path_is_told_and_changes_nothing(variants):
    text = variants.added("baseline", "", "rooms/uptake", "../../etc: {x}\n- y")
    assert variants.told("baseline", text).problems
    for path in ("nosuch.path", "__class__", ""):
        with pytest.raises(Refused, match="pick a setting"):
            variants.set("baseline", "", path, 1)
    with pytest.raises(Refused, match="mend what is wrong"):
        without("a: [", "a")
    with pytest.raises(Refused):
        variants.set("/etc/passwd", "", "days", 1)


def test_a_study_of_the_library_needs_one_to_be_like():
    assert not any(one.group.startswith("A study") for one in new.sources({"studies": {}}, {}, {"fdg": "fdg"}))
    with pytest.raises(ValueError, match="no study"):
        new.made({}, "template/fdg", "mine", {})
