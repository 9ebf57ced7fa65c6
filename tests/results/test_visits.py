"""Visits of the story of conftest, and small ones beside it."""

from math import exp

import pytest

from twin.results.visits import animals, visits

H = 3600.0


def visit(run, name):
    table = visits(run).set_index("visit")
    return table.loc[name]


def test_a_good_visit(day):
    row = visit(day, "m1/t1")
    assert (row["animal"], row["study"], row["protocol"], row["session"], row["scanner"]) == (
        "m1", "onco", "fdg_static", "s1", "pet",
    )  # fmt: skip
    assert (row["status"], row["usable"], row["attempts"], row["first_pass"]) == ("completed", True, 1, True)
    assert (row["requested_s"], row["due_s"], row["booked_s"], row["started_s"]) == (0.0, 8 * H, 9 * H, 8 * H)
    assert (row["scan_start_s"], row["scan_end_s"], row["ended_s"]) == (9.25 * H, 8 * H + 5700, 10 * H)
    assert row["uptake_s"] == 69 * 60  # injected at 8:06, scanned at 9:15
    assert row["uptake_error_s"] == 9 * 60
    assert row["anaesthesia_s"] == 100 * 60
    assert row["fasting_s"] == 4 * H
    assert row["wait_s"] == row["wait_person_s"] == 180.0
    assert row["injected_bq"] == pytest.approx(0.9 * 12e6 * exp(-1e-4 * 240))
    assert row["within_10pct"]


def test_a_visit_with_a_bad_injection_and_a_bad_image(day):
    row = visit(day, "m2/t1")
    assert (row["status"], row["usable"], row["attempts"], row["first_pass"]) == ("completed", False, 2, False)
    assert row["scanned"]
    assert row["wait_s"] == 300.0
    assert not row["within_10pct"]


def test_a_visit_that_never_began(day):
    row = visit(day, "m3/t1")
    assert (row["status"], row["reason"], row["scanned"]) == ("cancelled", "no_slot", False)
    assert row[["started_s", "injected_bq", "anaesthesia_s", "fasting_s", "uptake_s"]].isna().all()


def test_a_visit_that_was_booked_again_waits(day):
    row = visit(day, "m2/t1#2")
    assert (row["status"], row["request_reason"]) == ("waiting", "image_unusable")


def test_animals(day):
    table = animals(day).set_index("animal")
    assert table["visits"].to_dict() == {"m1": 1, "m2": 2, "m3": 1}
    assert table["scans"].to_dict() == {"m1": 1, "m2": 1, "m3": 0}
    assert table["alive"].all()


def tell_visit(story, *, end="visit_completed", aborted=False):
    at = {"plan": "fdg_static", "visit": "m1/t1"}
    story.happen(0.0, "visit_requested", **at, animal="m1")
    story.start(10.0, "induce", "fdg_static", "s1", visit="m1/t1", animal="m1")
    story.end(20.0, "induce", "fdg_static", "s1", visit="m1/t1")
    story.start(30.0, "pet", "fdg_static", "s1", task="scan", animal="m1", scanner="pet")
    (story.abort if aborted else story.end)(60.0, "pet", "fdg_static", "s1", task="scan")
    story.happen(70.0, end, session="s1", visit="m1/t1", animal="m1")


@pytest.mark.parametrize(
    ("end", "status", "scanned"),
    [
        ("visit_completed", "completed", True),
        ("animal_killed", "killed", True),
        ("animal_dead", "dead", False),
        ("visit_incomplete", "incomplete", False),
        ("breakdown", "in_progress", False),
    ],
)
def test_only_visits_that_ended_well_count_a_scan(story, facts, end, status, scanned):
    tell_visit(story, end=end)
    row = visit(story.run(facts), "m1/t1")
    assert (row["status"], row["scanned"], row["usable"]) == (status, scanned, scanned)


def test_an_aborted_scan_is_none(story, facts):
    tell_visit(story, aborted=True)
    assert not visit(story.run(facts), "m1/t1")["scanned"]


def test_anaesthesia_lasts_to_the_end_of_the_visit_or_the_run(story, facts):
    tell_visit(story)
    assert visit(story.run(facts), "m1/t1")["anaesthesia_s"] == 60.0


def test_anaesthesia_without_an_end_lasts_to_the_horizon(story, facts):
    tell_visit(story, end="breakdown")
    assert visit(story.run(facts), "m1/t1")["anaesthesia_s"] == facts.horizon_s - 10.0


def test_a_scan_that_was_found_unusable(story, facts):
    tell_visit(story)
    story.happen(80.0, "scan_unusable", session="s1", visit="m1/t1", animal="m1")
    assert not visit(story.run(facts), "m1/t1")["usable"]


def test_a_log_without_visits(story, facts):
    story.happen(0.0, "opening")
    assert len(visits(story.run(facts))) == len(animals(story.run(facts))) == 0
