"""Files that a scenario names: what never ends, what blocks, what is no file."""

from __future__ import annotations

import os

import pytest

from twin.errors import ScenarioError
from twin.scenario import files
from twin.scenario.loading import load

BOOKINGS = "extends: sound.yaml\nstudies: {tumour: {animals: null, arrival: {dates: null, bookings: %s}}}\n"
COLUMN = (
    "extends: sound.yaml\nprotocols: {static: {scan: {empirical: {file: %s, column: scan_min, unit: min}}}}\n"
)  # fmt: skip


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    return "pipe.csv"


@pytest.mark.parametrize("text", [BOOKINGS, COLUMN])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/dev/zero", "no regular file"),
        ("pipe.csv", "no regular file"),
        (".", "it is a folder"),
        ("nowhere.csv", "No such file"),
        ("sound.yaml/x.csv", "cannot be read"),
        ('"a\\0b"', "cannot be read"),
        ("huge.csv", "more than 50000000 bytes"),
        ("latin.csv", "not UTF-8"),
        ("wide.csv", "field larger"),
    ],
)
@pytest.mark.usefixtures("pipe")
def test_a_file_that_cannot_be_read(written, tmp_path, text, name, words):
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(10**12)
    (tmp_path / "latin.csv").write_bytes(b"scan_min\n\xe4\n")
    (tmp_path / "wide.csv").write_text("scan_min\n" + "5" * 200_000)
    with pytest.raises(ScenarioError) as caught:
        written(more=text % name)
    assert words in str(caught.value)
    assert "more.yaml, line 2" in str(caught.value)


@pytest.mark.parametrize(("name", "words"), [("pipe.csv", "no regular file"), ("folder.yaml", "it is a folder")])
def test_a_scenario_that_is_no_file(tmp_path, pipe, name, words):
    (tmp_path / "folder.yaml").mkdir()
    assert pipe == "pipe.csv"
    with pytest.raises(ScenarioError, match=words):
        load(tmp_path / name)
    (tmp_path / "more.yaml").write_text(f"extends: ./{name}\n")
    with pytest.raises(ScenarioError, match=rf"more\.yaml, line 1, extends.*{words}"):
        load(tmp_path / "more.yaml")


def test_the_most_may_be_read(tmp_path):
    (tmp_path / "x").write_bytes(b"12345")
    assert files.read(tmp_path / "x", 5) == b"12345"
    with pytest.raises(ValueError, match="more than 4 bytes"):
        files.read(tmp_path / "x", 4)
