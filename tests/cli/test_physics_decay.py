"""``twin physics decay``: what is left, what has grown in, and what is no question."""

import pytest


def test_fluorine_after_two_hours(twin):
    said = twin("physics", "decay", "18F", "--activity", "1000 MBq", "--after", "2 h", "--json")
    assert (said.code, said.err) == (0, "")
    # Acceptance sheet of eucariota-git/radionuclides-main: 468.7 MBq.
    assert said.data["remaining_bq"] == pytest.approx(468.7e6, abs=0.1e6)
    assert [member["nuclide"] for member in said.data["members"]] == ["F-18"]
    assert set(said.data["sources"]) == {"icrp107", "radioactivedecay"}


def test_a_generator_with_progeny(twin):
    words = ("physics", "decay", "Mo-99", "--activity", "1 GBq", "--after", "24 h")
    members = {member["nuclide"]: member for member in twin(*words, "--json").data["members"]}
    # Bateman, equal to radioactivedecay 0.6.1: Tc-99m for each initial becquerel of Mo-99.
    assert members["Tc-99m"]["activity_bq"] == pytest.approx(0.689355e9, rel=1e-6)
    assert members["Mo-99"]["decays"] == pytest.approx(
        (1e9 - members["Mo-99"]["activity_bq"]) / (0.693147 / 237384), rel=1e-5
    )
    page = twin(*words).out
    assert "1 GBq of Mo-99, 1440 min later" in page or "1 GBq of Mo-99, 24 h later" in page
    assert "689.3" in page


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("F-81", "--activity", "1 MBq", "--after", "1 h"), 3, "did you mean 'F-18'"),
        (("F-18", "--activity", "-1 MBq", "--after", "1 h"), 3, "below 0 Bq"),
        (("F-18", "--activity", "1 MBq", "--after", "-1 h"), 3, "below 0 s"),
        (("F-18", "--activity", "1 MBq", "--after", "1e30 s"), 3, "above"),
        (("F-18", "--activity", "1e30 GBq", "--after", "1 s"), 3, "above"),
        (("F-18", "--activity", "1", "--after", "1 h"), 3, "has no unit"),
        (("F-18", "--activity", "1 mSv", "--after", "1 h"), 3, "activity"),
        (("F-18", "--after", "1 h"), 2, "Missing option"),
        ((), 2, "Missing argument"),
    ],
)
def test_what_is_no_question(twin, words, code, why):
    said = twin("physics", "decay", *words)
    assert said.code == code
    assert why in said.err
    assert said.out == ""


def test_a_mistake_is_an_object_too(twin):
    said = twin("physics", "decay", "F-81", "--activity", "1 MBq", "--after", "1 h", "--json")
    assert said.code == 3
    assert said.data["error"]["kind"] == "DataError"
