"""``twin list`` and ``twin doctor``."""

import re
import tomllib
from pathlib import Path

import pytest

from twin.cli.catalogue import WHAT
from twin.cli.catalogues import CATALOGUES
from twin.cli.examination import REQUIRED

ROOT = Path(__file__).resolve().parents[2]


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
