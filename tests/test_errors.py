"""Errors speak plainly, know their exit code, and survive the way back from a worker process."""

import pickle
import subprocess
import sys

import pytest

from twin import errors
from twin.errors import CircleError, Problem, ScenarioError, TwinError, nearest

PROBLEM = Problem(
    "staff.anna.role", "unknown role", "tecnologist", 12, "week.yaml", "technologist, vet", "technologist"
)
ALL = [
    errors.UsageError("no such command"),
    errors.UnitError("no unit"),
    errors.DataError("no source"),
    errors.LimitError("licence"),
    errors.StoreError("not empty"),
    ScenarioError([PROBLEM, Problem("days", "is missing")]),
    CircleError(["bed-1", "recovery"], "The run stopped"),
]


def test_a_problem_says_where_what_why_allowed_and_nearest():
    assert str(PROBLEM) == (
        "week.yaml, line 12, staff.anna.role: 'tecnologist': unknown role; allowed: technologist, vet; "
        "did you mean 'technologist'?"
    )


@pytest.mark.parametrize("error", ALL, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.__dict__ == error.__dict__
    assert isinstance(again, TwinError)


def test_an_error_can_be_read_in_another_process(tmp_path):
    file = tmp_path / "error"
    file.write_bytes(pickle.dumps(ALL[-2]))
    code = f"import pickle; print(pickle.load(open({str(file)!r}, 'rb')).problems[0].nearest)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "technologist\n"


def test_exit_codes_are_those_of_the_manual():
    assert [error.exit_code for error in ALL] == [2, 3, 3, 4, 1, 3, 1]


def test_all_problems_are_shown_at_once():
    assert str(ALL[-2]).count("\n  - ") == 2


def test_a_circle_is_shown_closed():
    assert str(ALL[-1]) == "The run stopped: bed-1 -> recovery -> bed-1"


@pytest.mark.parametrize(
    ("given", "found"), [("tecnologist", "technologist"), ("PET", "pet"), ("zebra", None), ("", None), (None, None)]
)
def test_nearest_name(given, found):
    assert nearest(given, ["technologist", "pet", "spect"]) == found


def test_a_huge_value_is_cut():
    assert len(str(Problem("x", "too long", "y" * 10_000))) < 100
    assert "bits" in str(Problem("x", "too large", 10**10_000))


def test_another_file_is_named_also_after_a_journey():
    error = pickle.loads(pickle.dumps(ScenarioError([PROBLEM], "scanner file")))
    assert str(error).startswith("1 problem in the scanner file:")
    assert error.problems == (PROBLEM,)
