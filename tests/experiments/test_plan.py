"""The plan of a day: feasible without luck, and never more purchased activity than first come, first served."""

import csv
import datetime as dt
import io

import pytest

from twin import api
from twin.cli.plan import csv_text, ical_text
from twin.errors import UsageError
from twin.experiments import steady
from twin.experiments.day_scenario import wanted
from twin.scenario import expand

THURSDAY = dt.date(2026, 3, 5)


@pytest.fixture(scope="module")
def scenario():
    return api.load("baseline")


@pytest.fixture(scope="module")
def plan(scenario):
    return api.plan(scenario, THURSDAY, n=2)


def test_everybody_is_planned_once(plan, scenario):
    rows = plan.rows()
    assert len({(row["study"], row["animal"]) for row in rows}) == len(rows)
    assert len(rows) == sum(wanted(scenario, THURSDAY).values()) > 8
    assert all(row["start"].startswith("2026-03-05 ") for row in rows)


def test_it_is_feasible_without_luck(plan):
    assert plan.feasible
    found = expand.site(plan.scenario)
    assert (
        steady.play_steady(found).columns()[0]["time_s"].tolist()
        == steady.play_steady(found).columns()[0]["time_s"].tolist()
    )


def test_it_buys_no_more_than_first_come(plan):
    assert 0.0 < plan.purchased_bq["plan"] <= plan.purchased_bq["first_come"]
    assert plan.status in {"optimal", "feasible", "first_come"}


def test_it_is_held_against_the_rules(plan):
    assert [made.name for made in plan.comparison.scenarios] == [
        "first_come",
        "plan",
        "earliest_due",
        "batch_by_tracer",
    ]
    assert all(found.n == 2 for found in plan.comparison.differences if found.kpi == "animals_imaged")


def test_it_is_written_for_others(plan):
    rows = list(csv.DictReader(io.StringIO(csv_text(plan))))
    assert rows == plan.rows()
    text = ical_text(plan)
    assert text.count("BEGIN:VEVENT") == len(plan.booked)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert "DTSTART:20260305T" in text


def test_without_luck_nothing_depends_on_the_seed(scenario):
    site = expand.site(scenario)
    assert steady.without_luck(site).scanners["pet"].breakdown is None
    assert {outcome for level in steady.without_luck(site).injection.levels.values() for outcome in level} == {
        ("good", 1.0)
    }


@pytest.mark.parametrize(
    ("date", "said"),
    [(dt.date(2026, 4, 1), "the scenario plays 2026-03-02 to 2026-03-08"), (dt.date(2026, 3, 7), "nobody is booked")],
)
def test_a_day_without_animals_is_refused(scenario, date, said):
    with pytest.raises(UsageError, match=said):
        api.plan(scenario, date)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 3, 5])
@pytest.mark.parametrize("day", [3, 4, 5, 6])
def test_other_days_too(seed, day):
    scenario, date = api.load("baseline", [f"seed={seed}"]), dt.date(2026, 3, day)
    try:
        wanted(scenario, date)
    except UsageError:
        pytest.skip("nobody is booked on that day")
    plan = api.plan(scenario, date, n=0)
    assert plan.feasible
    assert plan.purchased_bq["plan"] <= plan.purchased_bq["first_come"]
