"""The digest is the same in every process and for every order of keys, and differs when a result can differ."""

from __future__ import annotations

import subprocess
import sys

import pytest

from twin.scenario.digest import ORDERED, canonical, digest, of
from twin.scenario.loading import load, load_data

CODE = """
import sys
from twin.scenario.digest import digest
from twin.scenario.loading import load
print(digest(load(sys.argv[1])))
"""


def test_two_processes_agree(written, tmp_path):
    here = digest(written())
    for seed in ("0", "1"):
        command = [sys.executable, "-c", CODE, str(tmp_path / "sound.yaml")]
        done = subprocess.run(
            command, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == here


def reverse(value):
    return {key: reverse(value[key]) for key in reversed(value)} if isinstance(value, dict) else value


def test_the_order_of_keys_does_not_matter(patched):
    found = patched()
    changed = {key: reverse(found.data[key]) for key in reversed(found.data)}
    for key in ORDERED:
        changed[key] = {name: reverse(found.data[key][name]) for name in found.data[key]}
    assert digest(load_data(changed)) == digest(found)


@pytest.mark.parametrize("key", ["staff", "rooms"])
def test_who_is_named_first_matters(patched, key):
    found = patched("staff: {second: {role: technologist}}")
    changed = {**found.data, key: dict(reversed(found.data[key].items()))}
    assert len(changed[key]) > 1
    assert digest(load_data(changed)) != digest(found)


@pytest.mark.parametrize(
    "patch", ["seed: 2", "days: 4", "numbers: {tasks.pet_static: {value: 16 min}}", "policies: {rebook: false}"]
)
def test_what_changes_a_result_changes_the_digest(patched, patch):
    assert digest(patched(patch)) != digest(patched())


def test_a_patch_and_the_whole_have_one_digest(written, patched):
    assert digest(written(more="extends: sound.yaml\ndays: 4\n")) == digest(patched("days: 4"))


def test_name_and_question_do_not_matter(patched):
    assert digest(patched("{name: other, question: why}")) == digest(patched())


def test_an_empirical_file_counts_by_what_it_holds(written, tmp_path):
    text = "extends: sound.yaml\nprotocols: {static: {scan: {empirical: {file: %s.csv, column: c, unit: min}}}}\n"
    (tmp_path / "a.csv").write_text("c,d\n5,1\n7,1\n")
    (tmp_path / "b.csv").write_text("c\n5.0\n7.0\n")
    (tmp_path / "z.csv").write_text("c\n5\n8\n")
    a, b, z = (digest(written(**{f"x{name}": text % name})) for name in "abz")
    assert a == b != z


def test_a_manifest_gives_the_same_scenario(written):
    found = written()
    assert digest(load_data(found.data)) == digest(found)
    assert load(found.base / "sound.yaml").scenario == load_data(found.data).scenario


def test_canonical_json():
    assert canonical({"b": 1, "a": [0.1, "ä"]}) == '{"a":[0.1,"\\u00e4"],"b":1}'
    assert len(of({})) == 32
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))
