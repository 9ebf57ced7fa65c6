"""Every KPI of the story of conftest, by hand."""

import json
from dataclasses import replace
from math import exp

import pytest

from twin import api, units
from twin.animals import body, handling, uptake
from twin.experiments import playing
from twin.results import cost, kpis, throughput, utilisation, waiting, welfare
from twin.results.run import PersonFacts, PlanFacts, Prices, RoomFacts, StepFacts
from twin.sources import default_numbers

H, DAY = 3600.0, 86400.0
TRACER = 100 + 100 * exp(-0.1)
COSTS = {
    "staff": 12 * 36.0,
    "overtime": 0.5 * 36.0 * 1.5,
    "scanner": 41 / 60 * 60.0,
    "capital": 1.0,
    "service": 2.0,
    "rooms": 3 * 24.0,
    "tracer": TRACER,
    "consumables": 10.0,
}
INJECTED = 0.9 * (12 * exp(-0.024) + 20 * exp(-0.036))
STOCK = 100 * exp(-5.76) - 12 * exp(-5.748) - 20 * exp(-5.736)
#: m1 is usable: without food from 4:00 to its injection at 8:06, asleep in the room's air until its scan at 9:15.
MOUSE = body.body(default_numbers(), "mouse")
BARE = uptake.kinetics(default_numbers(), MOUSE, "FDG")
HOW = handling.Handling(4.1 * H, 0.0, 22.0, "isoflurane", 0.015, 69 * 60.0)
M1 = handling.handled(default_numbers(), BARE, HOW)
TUMOUR = 0.1 * float(M1.uptake_per_kg("tumour", 69 * 60.0))
CONTRAST = float(M1.uptake_per_kg("tumour", 69 * 60.0) / M1.uptake_per_kg("muscle", 69 * 60.0))

EXPECTED = {
    **dict.fromkeys(
        (
            "dose_whole_body_msv",
            "dose_fingertip_msv",
            "dose_ring_msv",
            "dose_eye_msv",
            "dose_near_msv",
            "dose_over_msv",
            "dose_collective_msv",
            "dose_fingertip_per_scan_usv",
            "dose_whole_body_per_scan_usv",
            "dose_fingertip_per_mbq_usv",
            "dose_whole_body_per_mbq_usv",
            "dose_unpredicted_msv",
            "dose_not_done",
        ),
        0.0,
    ),
    "dose_days_to_constraint": None,
    "dose_days_to_refusal": None,
    "scans_completed": 2,
    "scans_usable": 1,
    "animals_imaged": 2,
    "animals_per_day": 2,
    "study_time_per_animal_min": 20.5,
    "wait_mean_min[person]": 4,
    "wait_mean_min[scanner]": 0,
    "wait_mean_min[bed]": 0,
    "wait_mean_min[place]": 0,
    "wait_mean_min[tracer]": 0,
    "wait_mean_min[licence]": 0,
    "wait_mean_min[all]": 4,
    "wait_p95_min[person]": 4.9,
    "wait_p95_min[all]": 4.9,
    "lead_time_days": 9.25 / 24,
    "backlog": 1,
    "cancelled[no_slot]": 1,
    "cancelled[day_over]": 0,
    "rebooked[paravenous]": 0,
    "repeated[image_unusable]": 1,
    "deliveries_refused": 0,
    "vials_failed[not_delivered]": 0,
    "anaesthesia_mean_min": 99,
    "anaesthesia_max_min": 100,
    "unattended_min": 0,
    "fasting_max_h": 4,
    "fasting_broken[shorter]": 0,
    "fasting_broken[longer]": 0,
    "deaths[died]": 0,
    "deaths[killed_early]": 0,
    "anaesthesia_over_limit_pct": 50,
    "lowest_temperature_c": None,
    "hypothermia_mean_min": None,
    "hyperthermia_mean_min": None,
    "animals_excluded": 1,
    "animals_excluded[no_slot]": 1,
    "animals_excluded[died]": 0,
    "severity[mild]": 2,
    "severity[severe]": 0,
    "animals_used_pct[tumours]": 20,
    "animals_per_comparison[onco]": None,
    "target_to_background[fdg_static]": CONTRAST,
    "target_uptake_pct_per_g[fdg_static]": TUMOUR,
    "limit_violations_prevented": 0,
    "failed_injections[paravenous_hidden]": 0,
    "failed_injections[not_injected]": 0,
    "failed_injections_pct": 0,
    "uptake_error_mean_min": 7,
    "injected_within_10pct": 50,
    "first_pass_injection_rate": 50,
    "utilisation_pct[tech]": 100 * (130 + 13) / (450 + 240),
    "utilisation_pct[tech-1]": 100 * 130 / 450,
    "utilisation_pct[tech-2]": 100 * 13 / 240,
    "utilisation_pct[pet]": 100 * 41 / 480,
    "utilisation_pct[pet/bed-1]": 100 * 52 / 480,
    "utilisation_pct[prep]": 100 * 120 / 1920,
    "scanner_time_pct[pet/imaging]": 100 * 20 / 480,
    "scanner_time_pct[pet/down]": 12.5,
    "overtime_min": 30,
    "end_of_day": 16.5,
    "activity_delivered_mbq": 100,
    "activity_delivered_mbq[F-18]": 100,
    "activity_injected_mbq": INJECTED,
    "activity_residual_mbq": INJECTED / 9,
    "activity_wasted_mbq": 0,
    "activity_spilt_mbq": 0,
    "spills": 0,
    "dose_contaminated_skin_msv": 0,
    "dose_committed_msv": 0,
    "dose_breathed_msv": 0,
    "exhaust_pct": 100 * 1e-3 * 32e6 / 24000 / 5000,  # two syringes; 500 Bq/m3, tenfold
    "activity_in_stock_mbq": STOCK,
    "activity_decayed_mbq": 100 - INJECTED / 0.9 - STOCK,
    "nec_per_animal": None,
    "scans_below_target": None,
    "powered_comparisons_per_week": None,
    "data_volume_gb": 3.0,
    "answer_time_h": None,
    "answers_open": None,
    "archive_filled_pct": 50.0 + 100 * 3.0 / 1000.0,
    "archive_full_in_d": 497.0 / 3.0,
    "reconstruction_wait_mean_min": None,
    "acquisitions[pet]": 2,
    "radioactive_housing_most_pct": None,
    "radioactive_housing_days": None,
    "residual_activity_max_pct": 0,
    "animals_ready_days": None,
    "checks_failed": 0,
    "calibration_blocked_h[pet]": 0,
    "room_closed_h[prep]": 0,
    "return_housing_most_pct": None,
    "animals_infected": 0,
    "compliance_overdue": 0,
    "compliance_overdue[quality_control]": 0,
    "compliance_in_time_pct": None,
    "not_qualified": 0,
    "qualified_wait_mean_min": None,
    "supervised_pct": 0,
    "booked_time_h[training]": 0,
    "booked_time_h[audit]": 0,
    "decay_store_most_pct": None,
    "decay_store_blocked_h": None,
    "waste_pick_ups": 0,
    "freezer_most_pct": None,
    "calls_out_of_hours": 0,
    "cost_total": sum(COSTS.values()),
    "cost_per_usable_scan": sum(COSTS.values()),
    "recharge_income": 150,
    "recharge[scans]": 150,
    "recharge[self_service]": None,
    "cost_recovery_pct": 100 * 150 / sum(COSTS.values()),
} | {f"cost[{part}]": value for part, value in COSTS.items()}


@pytest.mark.parametrize("name", EXPECTED)
def test_by_hand(day, name):
    value, expected = kpis.compute(day)[name]["value"], EXPECTED[name]
    assert value == (None if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-9))


def test_every_kpi_is_tested_by_hand():
    elsewhere = {
        "quantification_cv_pct",
        "animals_needed_per_group",
        "sewage_pct",
    }  # see test_counts.py, test_doses.py
    assert {name.partition("[")[0] for name in EXPECTED} | elsewhere == set(kpis.BY_ID)


def test_kpis_are_described():
    for kpi in kpis.KPIS:
        assert kpi.definition.endswith(".")
        assert kpi.direction in {"higher", "lower", "none"}
        assert kpi.unit == kpis.CURRENCY or units.factor(kpi.unit, kpi.unit) == 1.0
    assert len(kpis.BY_ID) == len(kpis.KPIS)


def test_an_empty_run_has_every_kpi_and_never_nan(story, facts):
    story.happen(0.0, "opening")
    figures = kpis.compute(story.run(facts))
    json.dumps(figures, allow_nan=False)
    undefined = {"study_time_per_animal_min", "lead_time_days", "anaesthesia_mean_min", "anaesthesia_max_min"}
    undefined |= {"fasting_max_h", "uptake_error_mean_min", "injected_within_10pct", "first_pass_injection_rate"}
    undefined |= {"wait_mean_min[all]", "wait_p95_min[all]", "end_of_day", "cost_per_usable_scan"}
    undefined |= {"reconstruction_wait_mean_min"}
    assert all(figures[name]["value"] is None for name in undefined)
    assert figures["scans_completed"]["value"] == figures["unattended_min"]["value"] == 0.0


def test_members_do_not_depend_on_what_happened(day, story, facts):
    story.happen(0.0, "opening")
    quiet = {name for name in kpis.compute(story.run(facts)) if not name.startswith("activity")}
    assert quiet == {name for name in kpis.compute(day) if not name.startswith("activity")}


def test_the_entries_of_a_scenario_are_known_before_it_is_played():
    """But for figures of scans that need response tables; of two nuclides, one of which comes of a generator."""
    scenario = api.load("generator_day", days=1)
    known, found = playing.entries(scenario, kpis.BY_ID), set(api.simulate(scenario).kpis)
    assert known <= found
    assert {name.partition("[")[0] for name in found - known} <= {"quantification_cv_pct", "animals_needed_per_group"}
    assert "activity_wasted_mbq[Tc-99m]" in known


def test_scanner_shares_sum_to_100(day):
    shares = [f["value"] for name, f in kpis.compute(day).items() if name.startswith("scanner_time_pct")]
    assert sum(shares) == pytest.approx(100.0)


def test_unit_and_kpi_of_an_entry():
    assert kpis.kpi_of("wait_mean_min[person]").id == "wait_mean_min"
    assert kpis.kpi_of("nonsense") is None
    assert (kpis.unit_of("wait_mean_min[all]"), kpis.unit_of("cost[staff]", "CHF")) == ("min", "CHF")


def test_money_has_the_currency_of_the_prices(day, facts):
    run = replace(day, facts=replace(facts, prices=Prices(currency="CHF")), memo={})
    figures = kpis.compute(run)
    assert figures["cost_total"] == {"value": 3.0, "unit": "CHF"}  # the scanner's capital and service
    assert figures["cost[staff]"] == {"value": None, "unit": "CHF"}


def test_no_price_no_cost(day, facts):
    unpriced = {name: replace(s, price=None, service_per_s=None) for name, s in facts.scanners.items()}
    run = replace(day, facts=replace(facts, prices=Prices(), scanners=unpriced), memo={})
    assert cost.cost_total(run) is None
    assert set(cost.cost(run).values()) == {None}
    assert cost.recharge_income(run) is None


def test_only_priced_roles_are_in_the_cost(day, facts):
    people = facts.people | {"vet": PersonFacts("veterinarian", "vet", ((8 * H, 16 * H),))}
    run = replace(day, facts=replace(facts, people=people), memo={})
    assert cost.cost(run)["staff"] == pytest.approx(432.0)


def test_unattended_time_shows(story, facts):
    story.happen(0.0, "visit_requested", plan="fdg_static", visit="m1/t1", animal="m1")
    story.row(0.0, "start", "monitoring", "attendance", "fdg_static", "s1", attendant="tech-1", animal="m1")
    story.start(0.0, "induce", "fdg_static", "s1", visit="m1/t1", animal="m1")
    story.row(600.0, "end", "monitoring", "attendance", "fdg_static", "s1", attendant="tech-1")
    story.end(900.0, "induce", "fdg_static", "s1", visit="m1/t1")
    story.start(900.0, "recover", "fdg_static", "s1", visit="m1/t1", animal="m1")
    story.end(1200.0, "recover", "fdg_static", "s1", visit="m1/t1")
    assert welfare.unattended_min(story.run(facts)) == 10.0


def test_who_is_killed_sleeps_and_fasts_no_longer(story, facts):
    """Killed at 15 min; what is done with the body lasts an hour more, and only then the visit ends."""
    plan = PlanFacts({"induce": StepFacts("anaesthetise"), "kill": StepFacts("kill"), "dissect": StepFacts()})
    at = {"session": "s1", "visit": "m1/t1"}
    story.happen(0.0, "visit_requested", plan="last", visit="m1/t1", animal="m1")
    story.happen(0.0, "fasting_start", **at, animal="m1")
    story.row(0.0, "start", "monitoring", "attendance", "last", "s1", attendant="tech-1", animal="m1")
    story.start(0.0, "induce", "last", **at, animal="m1")
    story.end(600.0, "induce", "last", **at)
    story.start(600.0, "kill", "last", **at, animal="m1")
    story.end(900.0, "kill", "last", **at)
    story.happen(900.0, "fasting_end", **at, animal="m1")
    story.row(900.0, "end", "monitoring", "attendance", "last", "s1", attendant="tech-1")
    story.start(900.0, "dissect", "last", **at, animal="m1")
    story.end(4500.0, "dissect", "last", **at)
    story.happen(4500.0, "animal_killed", **at, animal="m1")
    run = story.run(replace(facts, plans={"last": plan}))
    assert welfare.unattended_min(run) == 0.0
    assert welfare.anaesthesia_max_min(run) == 15.0
    assert welfare.fasting_max_h(run) == 0.25


@pytest.mark.parametrize(
    ("hours", "expected"), [(1.9, (1, 0)), (2.0, (0, 0)), (6.0, (0, 0)), (6.1, (0, 1)), (None, (0, 0))]
)
def test_limits_of_fasting(story, facts, hours, expected):
    """At least 2 h and at most 6 h without food, up to the injection; who is not injected breaks no limit."""
    at = {"session": "s1", "visit": "m1/t1"}
    story.happen(0.0, "visit_requested", plan="hungry", visit="m1/t1", animal="m1")
    story.happen(H, "fasting_start", **at, animal="m1")
    story.start(H, "induce", "hungry", **at, animal="m1")
    if hours is not None:
        story.happen(H + hours * H, "injected", reason="good", **at, animal=("m1", {"activity_bq": 1.0}))
    plan = PlanFacts({"induce": StepFacts("anaesthetise")}, fasting_s=(2 * H, 6 * H))
    broken = welfare.fasting_broken(story.run(replace(facts, plans={"hungry": plan})))
    assert (broken["shorter"], broken["longer"]) == expected


def test_deaths(story, facts):
    """One dies; two are killed: one at its last visit, one before a visit that is then cancelled."""
    for visit in ("a/t1", "b/t1", "b/t2", "c/t1", "c/t2"):
        story.happen(0.0, "visit_requested", plan="fdg_static", visit=visit, animal=visit[0])
    for visit, word in (("b/t1", "visit_completed"), ("a/t1", "animal_dead"), ("c/t1", "animal_killed")):
        story.happen(H, word, session=visit, visit=visit, animal=visit[0])
    story.happen(2 * H, "animal_killed", session="b", visit="b/t2", animal="b")
    story.happen(3 * H, "visit_cancelled", visit="c/t2", animal="c", reason="died")
    assert welfare.deaths(story.run(facts)) == {"died": 1.0, "killed_early": 1.0}


def test_attending_another_session_is_not_enough(story, facts):
    story.happen(0.0, "visit_requested", plan="fdg_static", visit="m1/t1", animal="m1")
    story.row(0.0, "start", "monitoring", "attendance", "fdg_static", "s2", attendant="tech-1", animal="m9")
    story.start(0.0, "induce", "fdg_static", "s1", visit="m1/t1", animal="m1")
    assert welfare.unattended_min(story.run(facts)) == DAY / 60


def test_opening_days(story, facts):
    story.happen(0.0, "opening")

    def days(*opening, start="2026-03-02T00:00:00"):
        return throughput.opening_days(story.run(replace(facts, opening=opening, start=start)))

    assert days() == 0
    assert days((8 * H, 12 * H), (13 * H, 16 * H)) == 1
    assert days((0.0, 7 * DAY)) == 7
    assert days((22 * H, 30 * H), (46 * H, 54 * H)) == 2
    assert days((0.0, 4 * H), (20 * H, 28 * H), start="2026-03-02T12:00:00") == 2


def test_end_of_a_night(story, facts):
    story.start(23 * H, "work", "office", "o1", person="tech-1")
    story.end(26 * H, "work", "office", "o1")
    story.start(30 * H, "machine", "office", "o2", scanner="pet")
    story.end(40 * H, "machine", "office", "o2")
    assert throughput.end_of_day(story.run(replace(facts, horizon_s=2 * DAY))) == 26.0


def test_members_of_utilisation_are_told_apart(facts):
    rooms = {"pet": RoomFacts("scanner")}
    people = {"boss": PersonFacts("manager", "boss", ()), **facts.people}
    site = replace(facts, rooms=rooms, people=people)
    members = utilisation.members(site)
    assert members["pet"] == ("scanner_group", "pet")
    assert members["room/pet"] == ("room", "pet")
    assert members["tech"][0] == "group"
    assert members["tech-1"][0] == "person"
    assert [m for m in members if utilisation.personal(site, m)] == ["boss", "tech-1", "tech-2"]


def test_where_nothing_is_busy_it_is_the_demand_unless_many_are_turned_away(day, monkeypatch):
    assert waiting.bottleneck(day) == (
        "It is not the demand that limits throughput: 1 of 4 visits were not done: 1 because no slot could be found "
        "in the window of the time point. Nothing is more than 21 % busy."
    )
    monkeypatch.setattr(waiting, "SHARE_WORTH_NAMING", 0.3)
    assert waiting.bottleneck(day) == (
        "The demand limits throughput: nothing is more than 21 % busy, and of a visit's 4.0 min of waiting "
        "4.0 min is for staff group tech. 1 of 4 visits found no slot."
    )


def test_who_is_never_begun_is_not_done_either(story, facts):
    """A week in which one of two visits waits from the first day on, for a time at which it could be."""
    for name in ("m0", "m1"):
        due = {"animal": (name, {"moment_s": 8 * H})}
        story.happen(8 * H, "visit_requested", plan="fdg_static", visit=f"{name}/t1", **due)
    story.start(8 * H, "pet", "fdg_static", "s0", task="scan", visit="m0/t1", animal="m0", scanner="pet")
    story.end(9 * H, "pet", "fdg_static", "s0", task="scan", visit="m0/t1")
    said = waiting.bottleneck(story.run(replace(facts, horizon_s=7 * DAY)))
    assert said.startswith(
        "It is not the demand that limits throughput: 1 of 2 visits were not done: 1 because no time"
    )


def test_bottleneck_names_a_scanner(story, facts):
    for i in range(2):
        story.happen(8 * H, "visit_requested", plan="fdg_static", visit=f"m{i}/t1", animal=f"m{i}")
    story.start(8 * H, "pet", "fdg_static", "s0", task="scan", visit="m0/t1", animal="m0", scanner="pet")
    story.request(8 * H, "pet", "fdg_static", "s1", task="scan", visit="m1/t1")
    story.end(12 * H, "pet", "fdg_static", "s0", task="scan", visit="m0/t1")
    story.start(
        12 * H, "pet", "fdg_static", "s1", task="scan", visit="m1/t1", reason="scanner", animal="m1", scanner="pet"
    )
    story.end(16 * H, "pet", "fdg_static", "s1", task="scan", visit="m1/t1")
    said = "Scanner pet limits throughput: 100 % busy, and 120 min of a visit's 120 min of waiting is for it."
    assert waiting.bottleneck(story.run(facts)) == said


@pytest.mark.parametrize(
    ("cause", "named"), [("tracer", "Tracer from the hot lab"), ("bed", "A bed of pet"), ("place", "Room prep")]
)
def test_bottleneck_names_other_things(story, facts, cause, named):
    story.happen(0.0, "visit_requested", plan="fdg_static", visit="m1/t1", animal="m1")
    story.request(8 * H, "x", "fdg_static", "s1", visit="m1/t1")
    story.start(9 * H, "x", "fdg_static", "s1", visit="m1/t1", reason=cause, animal="m1", bed="pet/bed-1", room="prep")
    assert waiting.bottleneck(story.run(facts)).startswith(f"{named} limits throughput:")


def test_bottleneck_of_a_quiet_site(story, facts):
    story.happen(0.0, "opening")
    assert waiting.bottleneck(story.run(facts)) == "No visit has started, so nothing limits throughput yet."


def test_bottleneck_without_waiting(story, facts):
    story.happen(0.0, "visit_requested", plan="fdg_static", visit="m1/t1", animal="m1")
    story.start(8 * H, "x", "fdg_static", "s1", visit="m1/t1", animal="m1", person="tech-2")
    story.end(10 * H, "x", "fdg_static", "s1", visit="m1/t1")
    said = "Nothing limits throughput much: a visit waits 0.0 min in all. The busiest is staff group tech, 17 % busy."
    assert waiting.bottleneck(story.run(facts)) == said
