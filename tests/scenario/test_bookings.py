"""Booking lists."""

from __future__ import annotations

import pytest

from twin.errors import ScenarioError
from twin.scenario import bookings
from twin.scenario.expand import site

GOOD = "animal,time_point,start,scanner\n1,t1,2026-03-02 09:00,pet\nm2,t1,2026-03-02 09:00,\n"
STUDY = "extends: sound.yaml\nstudies: {tumour: {animals: null, arrival: {dates: null, bookings: %s}}}\n"


def test_a_list_becomes_bookings(written, tmp_path):
    (tmp_path / "list.csv").write_text(GOOD)
    found = written(more=STUDY % "list.csv")
    study = site(found).studies["tumour"]
    assert [(b.animal.name, b.animal.number, b.animal.group, b.start_s, b.scanner) for b in study.bookings] == [
        ("tumour/1", 1, "control", 9 * 3600.0, "pet"),
        ("tumour/m2", 2, "treated", 9 * 3600.0, None),
    ]
    assert study.animals == 2
    assert found.data["studies"]["tumour"]["arrival"]["bookings"][0]["start"] == "2026-03-02 09:00"


def test_all_wrong_rows_come_at_once(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("animal,time_point,start\n1,t1,2026-03-02 09:00\n1,t1,2026-03-03\n,t1,soon\n2,t1\n")
    with pytest.raises(ScenarioError) as caught:
        bookings.read(path)
    assert [(p.line, p.path, p.value) for p in caught.value.problems] == [
        (4, "column animal", ""), (4, "column start", "soon"), (5, "row", None), (3, "row", "1 t1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line of column names"),
        ("animal,time_point,start\n", "1 to"),
        ("animal,timepoint,start\n1,t1,2026-03-02\n", "did you mean 'timepoint'"),
        ("animal,time_point,start,scaner\n1,t1,2026-03-02,x\n", "did you mean 'scanner'"),
        ('animal,time_point,start\n"1,t1,2026-03-02\n', "CSV"),
    ],
)
def test_wrong_lists(tmp_path, text, words):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        bookings.read(path)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("1,t2,2026-03-02 09:00,", "time point (row 1)"),
        ("1,t1,2026-03-02 09:00,pett", "scanner (row 1)"),
        ("1,t1,2026-03-07 09:00,", "no opening hour"),
        ("1,t1,soon,", "list.csv, line 2, column start"),
        (
            "1,t1,2026-03-02 09:00,\n2,t1,2026-02-28 09:00,",
            "'2026-02-28 09:00': row 2 (2, t1) is before the run starts",
        ),
        (
            "1,t1,2026-03-02 09:00,mri",
            "'mri': row 1 books a scanner that does not serve the protocol static; allowed: pet",
        ),
    ],
)
def test_wrong_rows_of_a_scenario(written, tmp_path, rows, words):
    (tmp_path / "list.csv").write_text(f"animal,time_point,start,scanner\n{rows}\n")
    with pytest.raises(ScenarioError) as caught:
        written(more=STUDY % "list.csv" + "scanners: {mri: {modality: mri, room: scan}}\n")
    assert words in str(caught.value)


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_animals_is_that_of_the_list(written, tmp_path, number):
    (tmp_path / "list.csv").write_text(GOOD)
    assert written(more=STUDY.replace("animals: null", "animals: 2") % "list.csv").scenario
    with pytest.raises(ScenarioError, match=rf"studies.tumour.animals: {number}: .* names 2 animals.*allowed: 2"):
        written(more=STUDY.replace("animals: null", f"animals: {number}") % "list.csv")


@pytest.mark.parametrize("start", ["2026-03-02 09:00", "2026-03-03 09:00"])
def test_rows_in_the_scenario_itself_name_a_visit_once(patched, start):
    rows = "{animal: x, time_point: t1, start: 2026-03-02 09:00}, {animal: y, time_point: t1, start: 2026-03-02 09:00}"
    patch = "studies: {tumour: {animals: null, arrival: {dates: null, bookings: [%s]}}}"
    assert patched(patch % rows).scenario.studies["tumour"].arrival.bookings is not None
    with pytest.raises(ScenarioError) as caught:
        patched(patch % f"{rows}, {{animal: x, time_point: t1, start: {start}}}")
    (problem,) = caught.value.problems
    assert problem.path == "studies.tumour.arrival.bookings"
    assert "row 3 books the same animal and time point as row 1" in str(problem)
    assert (problem.value, problem.allowed) == ("x t1", "one row for each animal and time point")


def test_no_such_list(written):
    with pytest.raises(ScenarioError, match=r"more\.yaml, line 2.*cannot be read"):
        written(more=STUDY % "nowhere.csv")


def test_fasting_before_a_booking(written, tmp_path):
    (tmp_path / "list.csv").write_text(GOOD)
    with pytest.raises(ScenarioError, match=r"nobody is in when the fasting before 2026-03-02 09:00"):
        written(more=STUDY % "list.csv" + "protocols: {static: {fasting: [4 h, 6 h]}}\n")
