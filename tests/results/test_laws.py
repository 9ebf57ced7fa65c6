"""Laws that hold for the log of a facility, whatever happened in it."""

import pytest

from twin.facility.world import play
from twin.results import frames, kpis, tables
from twin.results.facts import facts
from twin.results.resources import STATES
from twin.scenario import expand, loading

PRICES = ("prices.staff_hour={technologist: 45 USD/h, animal_technician: null}", "prices.recharge_per_scan=200 USD")


@pytest.fixture(scope="module", params=["finish", "preempt", "ignore"])
def run(request):
    busy = ("seed=1", "days=14")  # weeks with more requests than usual: people stay longer
    resolved = loading.load("baseline", (f"policies.shift_end={request.param}", *busy, *PRICES))
    site = expand.site(resolved)
    return frames.run(play(site), facts(site, resolved.scenario, resolved.numbers))


def test_activity_closes(run):
    table = tables.activity_balance(run)
    assert len(table) > 0
    assert (table["imbalance_bq"].abs() <= 1e-9 * table["delivered_bq"]).all()


def test_scanner_states_sum_to_the_opening_time(run):
    table = tables.scanners(run)
    sums = table[[f"{state}_s" for state in STATES]].sum(axis=1)
    assert (sums - table["opening_s"]).abs().max() <= 1e-6


def test_nothing_is_used_more_than_it_can_be(run):
    for name in ("people", "scanners", "beds", "rooms"):
        used = tables.TABLES[name](run)["utilisation_pct"].dropna()
        assert used.between(0, 100).all(), name
    room = tables.rooms(run)
    assert (room["most_animals"] <= room["places"])[room["places"].notna()].all()


def test_every_animal_asleep_is_attended(run):
    assert kpis.compute(run)["unattended_min"]["value"] == 0.0


def test_every_visit_is_counted_once(run):
    table = tables.visits(run)
    assert table["visit"].is_unique
    open_ = table["status"].isin(["waiting", "in_progress"])
    assert (table["ended_s"].isna() == open_).all()
    assert (table["scanned"] >= table["usable"]).all()


def test_waits_by_cause_make_up_the_wait(run):
    table = tables.visits(run)
    causes = [f"wait_{cause}_s" for cause in ("person", "scanner", "bed", "place", "tracer", "licence")]
    assert (table["wait_s"] - table[causes].sum(axis=1)).abs().max() <= 1e-6


def test_steps_have_their_times_in_order(run):
    table = tables.tasks(run)
    started = table[table["start_s"].notna()]
    assert (started["wait_s"] >= 0).all()
    ended = started[~started["open"]]
    assert (ended["end_s"] >= ended["start_s"]).all()


def test_overtime_is_counted_unless_it_is_ignored(run):
    overtime = kpis.compute(run)["overtime_min"]["value"]
    assert (overtime > 0) == run.facts.overtime_counted


def test_money_and_the_sentence_are_there(run):
    figures = kpis.compute(run)
    hours = tables.people(run).query("role == 'technologist'")["shift_s"].sum() / 3600
    assert figures["cost[staff]"]["value"] == pytest.approx(45 * hours)
    assert kpis.bottleneck(run).endswith(".")
