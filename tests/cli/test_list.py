"""``twin list`` and ``twin doctor``."""

import io
import re
import tomllib
from pathlib import Path

import pytest
from rich.console import Console

from twin.api.catalogues import CATALOGUES
from twin.cli import output
from twin.cli.catalogue import WHAT
from twin.cli.examination import REQUIRED

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "scenarios").rglob("*.yaml"))


def test_what_is_offered_is_there():
    assert tuple(CATALOGUES) == WHAT


@pytest.mark.parametrize("what", WHAT)
def test_a_list(twin, what):
    rows = twin("list", what, "--json").data[what]
    assert rows
    assert len({tuple(row) for row in rows}) == 1
    first = str(next(iter(rows[0].values())))
    page = twin("list", what)
    assert page.code == 0
    assert first in page.out


@pytest.fixture
def narrow(monkeypatch):
    """A screen of 80 columns."""
    monkeypatch.setattr(output, "console", lambda stream: Console(file=io.StringIO(), width=80, no_color=True))


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=pytest.mark.slow) if what == "numbers" else what for what in WHAT]
)
def test_a_list_fits_on_a_narrow_screen_and_can_be_read(twin, narrow, what):
    """No line is cut, and no word of a name is broken over lines."""
    said = twin("list", what)
    assert said.code == 0, said.err
    assert max(map(len, said.out.splitlines())) <= 80
    rows = list(CATALOGUES[what]())
    for row in rows:
        first, *others = map(str, row)
        assert str(row[first]) in said.out
        assert all(name in said.out for name in others if any(other[name] is not None for other in rows))


def test_without_a_name_it_says_what_can_be_listed_and_what_that_rests_on(twin):
    said = twin("list", "--json")
    assert said.code == 0, said.err
    rows = {row["catalogue"]: row for row in said.data["catalogues"]}
    assert tuple(rows) == WHAT
    numbers = twin("list", "numbers", "--json").data["numbers"]
    assert rows["numbers"]["rows"] == len(numbers)
    assert rows["numbers"]["assumed"] == sum(row["evidence"] == "assumed" for row in numbers)
    assert 0 < rows["scanners"]["sources"] <= rows["scanners"]["rows"]
    assert all(name in twin("list").out for name in WHAT)


def test_the_runs_of_the_store_are_listed_newest_first(twin):
    said = twin("list", "runs")
    assert (said.code, said.out) == (0, "")
    assert "no runs yet" in said.err
    assert twin("list", "runs", "--json").data == {"runs": []}
    for seed in ("3", "4"):
        assert twin("run", "theory/mm1", "--days", "1", "--seed", seed).code == 0
    rows = twin("list", "runs", "--json").data["runs"]
    assert [(row["scenario"], row["days"], row["seed"], row["replication"]) for row in rows] == [
        ("mm1", 1.0, 4, 0), ("mm1", 1.0, 3, 0),
    ]  # fmt: skip
    assert rows[0]["folder"] in twin("list", "runs").out
    wrong = twin("list", "runs", "--store", "mistaken")
    assert (wrong.code, wrong.out) == (3, "")
    assert "there is no folder mistaken" in wrong.err


def test_shipped_scenarios_are_listed_with_what_they_are_for(twin):
    rows = {row["name"]: row for row in twin("list", "scenarios", "--json").data["scenarios"]}
    names = {path.relative_to(ROOT / "scenarios").with_suffix("").as_posix() for path in SHIPPED}
    shipped = {name for name in names if not name.startswith(("sweeps/", "optimise/"))}  # what is run is listed
    assert rows.keys() == shipped
    assert (rows["baseline"]["kind"], rows["theory/mm1"]["kind"]) == ("facility", "theory")
    assert rows["calibration/hotel_static"]["kind"] == "calibration"
    assert all(row["question"] for row in rows.values())


def test_roles_and_skills_are_the_two_sides_of_one_thing(twin):
    roles = {row["role"]: row["skills"].split() for row in twin("list", "roles", "--json").data["roles"]}
    skills = {row["skill"]: row["roles"].split() for row in twin("list", "skills", "--json").data["skills"]}
    assert "anaesthesia" in roles["veterinarian"]
    assert {(role, skill) for role, has in roles.items() for skill in has} == {
        (role, skill) for skill, who in skills.items() for role in who
    }


@pytest.mark.parametrize("what", ["scanners", "tracers", "species", "numbers"])
def test_numbers_come_with_evidence_and_sources(twin, what):
    for row in twin("list", what, "--json").data[what]:
        assert row["evidence"]
        assert row["sources"]


def test_the_baseline_is_listed_and_its_scanner_known(twin):
    assert "baseline" in [row["name"] for row in twin("list", "scenarios", "--json").data["scenarios"]]
    assert "mediso_nanoscan_pet_ct" in twin("list", "scanners").out


def test_the_doctor_finds_all_well(twin):
    said = twin("doctor", "--json")
    assert said.code == 0, said.out
    found = {finding["name"]: finding for finding in said.data["findings"]}
    assert {
        "python",
        "twin",
        "numpy",
        "cores",
        "kernel cache",
        "luck",
        "scenarios",
        "store",
        "chromium",
    } <= found.keys()
    assert not found["chromium"]["needed"]


def test_the_doctor_sees_a_store_that_cannot_be(twin, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("TWIN_STORE", str(tmp_path / "file"))
    said = twin("doctor")
    assert said.code == 1
    assert "TWIN_STORE" in said.out


def test_the_doctor_tests_luck(twin, monkeypatch):
    monkeypatch.setattr("twin.cli.examination.KNOWN_WORDS", (0, 0, 0, 0))
    assert twin("doctor").code == 1


def test_the_doctor_looks_at_no_folder_it_would_make(twin, tmp_path):
    twin("doctor")
    assert not list(tmp_path.iterdir())


def test_the_doctor_knows_what_the_package_requires():
    said = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert [re.match(r"[A-Za-z0-9._-]+", line)[0] for line in said] == list(REQUIRED)
