"""A user's scanner: what it becomes, and what is wrong with it, all at once and by line."""

import json
from dataclasses import replace

import pytest

from twin import api
from twin.errors import ScenarioError
from twin.scanners import pet_geometry, response_store, responses
from twin.scenario import digest, expand, imaging, reading
from twin.scenario.loading import load, load_data
from twin.scenario.patching import patched
from twin.scenario.scanner_file import find_ring
from twin.sources import default_numbers

INVEON = """\
name: my-scanner
kind: pet
ring_diameter: 161 mm          # inner, crystal face to crystal face
axial_blocks: 4                # blocks along the axis
transaxial_blocks: 16          # blocks around the ring
block: {crystals: [20, 20], pitch: [1.59 mm, 1.59 mm], crystal: [1.51 mm, 1.51 mm, 10 mm], material: LSO}
axial_gap: 0 mm
energy_resolution: 14.6 %      # FWHM at 511 keV
energy_window: [250 keV, 625 keV]
coincidence_window: 3.432 ns   # full width
block_dead_time: 200 ns
"""


def read(tmp_path, text):
    (tmp_path / "mine.yaml").write_text(text)
    return find_ring(str(tmp_path / "mine.yaml"), default_numbers())


def problems(tmp_path, text):
    with pytest.raises(ScenarioError) as refused:
        read(tmp_path, text)
    return {problem.path: problem for problem in refused.value.problems}


def test_the_example_is_the_inveon_of_the_catalogue(tmp_path):
    mine, theirs = read(tmp_path, INVEON), pet_geometry.ring(default_numbers(), "siemens_inveon")
    assert mine.name == "my-scanner"
    assert {**vars(mine), "name": ""} == {**vars(theirs), "name": ""}


def test_layers_behind_each_other(tmp_path):
    block = """\
block:
  layers:
    - {crystals: [30, 60], pitch: [0.85 mm, 0.85 mm], crystal: [0.79 mm, 0.79 mm, 5 mm], material: LYSO}
    - crystals: [20, 40]
      pitch: [1.28 mm, 1.28 mm]
      crystal: [1.22 mm, 1.22 mm, 7.5 mm]
      material: BGO
      energy_resolution: 28.1 %
"""
    made = read(tmp_path, INVEON.replace(next(line for line in INVEON.splitlines(True) if line[:6] == "block:"), block))
    assert [layer.material.name for layer in made.layers] == ["LYSO", "BGO"]
    assert [layer.energy_resolution for layer in made.layers] == [0.146, 0.281]
    assert made.depth_m == pytest.approx(0.0125)


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        ("crystal: [1.51 mm,", "crystal: [1.65 mm,", "block.crystal", "overlap around the ring"),
        ("1.51 mm, 10 mm]", "1.65 mm, 10 mm]", "block.crystal", "overlap along the axis"),
        ("transaxial_blocks: 16", "transaxial_blocks: 17", "ring_diameter", "do not fit around"),
        ("transaxial_blocks: 16", "transaxial_blocks: 1", "transaxial_blocks", "at least two"),
        ("transaxial_blocks: 16", "transaxial_blocks: 3", "transaxial_blocks", "no two face each other"),
        ("161 mm", "1 km", "ring_diameter", "mind the unit"),
        ("1.51 mm, 10 mm]", "1.51 mm, 10 m]", "block.crystal", "mind the unit"),
        ("14.6 %", "0 %", "energy_resolution", "no crystal is so sharp"),
        ("material: LSO", "material: water", "block.material", "detects nothing"),
        ("3.432 ns", "0 ns", "coincidence_window", "above 0"),
        ("3.432 ns", "1 h", "coincidence_window", "at most 1 us"),
        ("[250 keV, 625 keV]", "[625 keV, 250 keV]", "energy_window", "lower and an upper end"),
        ("[250 keV, 625 keV]", "[600 keV, 900 keV]", "energy_window", "below 511 keV"),
        ("[250 keV, 625 keV]", "[250 keV, 1e6 keV]", "energy_window", "up to 3000 keV"),
        ("[250 keV, 625 keV]", "[nan keV, 625 keV]", "energy_window.0", "finite number"),
        ("material: LSO", "material: LS0", "block.material", "did you mean 'LSO'"),
        ("161 mm", "161", "ring_diameter", "bare number"),
        ("161 mm", "-161 mm", "ring_diameter", "below 0"),
        ("161 mm", "161 keV", "ring_diameter", "length"),
        ("14.6 %", "146 %", "energy_resolution", "between 0 and 1"),
        ("axial_blocks: 4 ", "axial_blocks: 4.5 ", "axial_blocks", "whole number"),
        ("[20, 20]", "[20]", "block.crystals", "too short"),
        ("kind: pet", "kind: spect", "kind", "none of the words allowed"),
        ("axial_gap", "axial_gaps", "axial_gaps", "unknown key"),
        (", material: LSO", "", "block", "a block has crystals"),
        ("block_dead_time: 200 ns\n", "", "block_dead_time", "missing"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, path, said):
    assert old in INVEON
    found = problems(tmp_path, INVEON.replace(old, new, 1))
    assert path in found, found
    assert said in str(found[path])
    assert found[path].file == "mine.yaml"
    assert found[path].line is not None


def test_all_mistakes_at_once(tmp_path):
    found = problems(tmp_path, INVEON.replace("161 mm", "161").replace("4 ", "four ").replace("[20, 20]", "[0, 20]"))
    assert {"ring_diameter", "axial_blocks", "block.crystals.0"} <= set(found)


@pytest.mark.parametrize("text", ["[1, 2]", "", "a: 1\n---\nb: 2", "a: [1", "name: mine"])
def test_nothing_speaks_of_a_scenario(tmp_path, text):
    with pytest.raises(ScenarioError) as refused:
        read(tmp_path, text)
    said = str(refused.value)
    assert "in the scanner file:" in said
    assert "scenario" not in said
    assert all(problem.file == "mine.yaml" for problem in refused.value.problems)


def test_no_file_and_no_scanner(tmp_path):
    with pytest.raises(ScenarioError, match="cannot be read"):
        find_ring(str(tmp_path / "nobody.yaml"), default_numbers())
    with pytest.raises(Exception, match="did you mean 'siemens_inveon'"):
        find_ring("siemens_invion", default_numbers())


# In a scenario -------------------------------------------------------------------------------------------------------


def scenario(tmp_path, geometry, **more):
    (tmp_path / "site.yaml").write_text(
        json.dumps({"extends": "baseline", "scanners": {"pet": {"geometry": geometry}}})
    )
    return load(tmp_path / "site.yaml", **more)


def test_a_scenario_names_the_file_of_a_scanner(tmp_path):
    """The file is put in its place, relative to the scenario, and is what the run sees; its digest follows it."""
    (tmp_path / "mine.yaml").write_text(INVEON.replace("name: my-scanner\n", ""))
    resolved = scenario(tmp_path, "mine.yaml")
    assert resolved.data["scanners"]["pet"]["geometry"]["ring_diameter"] == "161 mm"
    ring = imaging.ring_of(resolved, "pet")
    assert ring == replace(pet_geometry.ring(default_numbers(), "siemens_inveon"), name="mine")
    (tmp_path / "mine.yaml").write_text(INVEON.replace("200 ns", "300 ns"))
    changed = scenario(tmp_path, "mine.yaml")
    assert digest.digest(changed) != digest.digest(resolved)
    assert load_data(resolved.data).scenario.scanners["pet"].geometry == resolved.scenario.scanners["pet"].geometry


def test_its_measures_may_stand_in_the_scenario(tmp_path):
    said = {**reading.plain(reading.read_bytes(INVEON.encode(), "")), "block_dead_time": "300 ns"}
    resolved = scenario(tmp_path, said)
    assert imaging.ring_of(resolved, "pet").block_dead_time_s == 3e-7
    assert expand.modality(resolved, "pet") == "pet_ct"
    said["ring_diameter"], said["block"]["material"] = "100 mm", "LS0"
    with pytest.raises(ScenarioError, match=r"scanners\.pet\.geometry\.block\.material.*did you mean 'LSO'"):
        scenario(tmp_path, said)
    said["block"]["material"] = "LSO"
    with pytest.raises(ScenarioError, match=r"site\.yaml.*scanners\.pet\.geometry\.ring_diameter.*do not fit around"):
        scenario(tmp_path, said)


def test_animals_must_fit_into_a_ring_of_ones_own(tmp_path):
    said = {**reading.plain(reading.read_bytes(INVEON.encode(), "")), "ring_diameter": "40 mm", "transaxial_blocks": 4}
    with pytest.raises(ScenarioError, match=r"do not fit into the bore of pet: they need .*, and it has 4 cm"):
        scenario(tmp_path, said)


def test_a_file_that_is_none_and_a_patch_that_names_one(tmp_path):
    with pytest.raises(ScenarioError, match=r"scanners\.pet\.geometry.*none\.yaml.*No such file"):
        scenario(tmp_path, "none.yaml")
    with pytest.raises(ScenarioError, match="a patch cannot name files here"):
        patched("baseline", "scanners: {pet: {geometry: /etc/hostname}}")


def test_photons_are_followed_when_a_run_needs_them_and_never_silently(tmp_path, monkeypatch):
    """Not for a check; once for a run; and who listens is told."""
    catalogue = response_store.find(
        pet_geometry.ring(default_numbers(), "siemens_inveon"), "mouse_4", default_numbers()
    )
    monkeypatch.setattr(response_store, "folder", lambda: tmp_path / "responses")
    monkeypatch.setattr(responses, "computed", lambda *_: catalogue)
    (tmp_path / "mine.yaml").write_text(INVEON.replace("250 keV", "300 keV"))
    resolved = scenario(tmp_path, "mine.yaml")
    assert not (tmp_path / "responses").exists()
    told = []
    api.prepare(resolved, told.append)
    assert told == ["following photons once for scanner my-scanner, bed mouse_4"]
    assert [one[2:] for one in api.response_tables(resolved, told.append)] == [("mouse_4", True)] * 2
    assert expand.site(resolved, told.append).imaging.responses["tumour"]["pet"].scanner == "siemens_inveon"
    assert len(told) == 1
