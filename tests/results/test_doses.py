"""Doses of people: rows of the log, sums, budgets that bind, and what the bundled scenarios ask."""

import dataclasses
import json
import math

import numpy as np
import pytest

from tests.scanners.sites import delivery, site
from twin import api
from twin.errors import ScenarioError
from twin.results import ambient, doses
from twin.results.dose_animals import dose_animals
from twin.sources import default_numbers

DAYS = {"days": 5}
COLUMNS = ["hp10_sv", "hp007_finger_sv", "hp007_ring_sv", "hp3_sv"]


@pytest.fixture(scope="module")
def week():
    return api.simulate(api.load("baseline", days=5))


def fingers(result):
    rows = result.tables["doses"]
    return rows.groupby("person", observed=True)["hp007_finger_sv"].sum()


def test_the_rows_of_the_log_are_the_figures(week):
    """By handling, on the ends of steps; by being near, on rows of their own."""
    involved, near = week.run.involved, ambient.nearby(week.run)
    people = week.tables["dose_people"].set_index("person")
    for name, kpi in zip(COLUMNS, ("whole_body", "fingertip", "ring", "eye"), strict=True):
        log = involved.loc[involved[name].notna()].groupby("thing", observed=True)[name].sum()
        for person, dose in log.items():
            beside = sum(people.loc[person, name.replace("_sv", f"_{kind}_sv")] for kind in ambient.KINDS.values())
            figure = week.kpis[f"dose_{kpi}_msv[{person}]"]["value"]
            assert figure + beside * 1e3 == pytest.approx(dose * 1e3, rel=1e-9)
    injected_mbq = week.kpis["activity_injected_mbq[F-18]"]["value"]
    total = week.tables["doses"]["hp007_finger_sv"].sum() * 1e6
    assert week.kpis["dose_fingertip_per_mbq_usv"]["value"] == pytest.approx(total / injected_mbq, rel=1e-9)
    assert len(week.tables["doses"]) == involved["hp10_sv"].notna().sum() - len(near) > 100


def test_an_injection_is_factor_times_decays_of_the_syringe(week):
    """By hand: the drawn activity decays to the step's beginning, then through the step."""
    from twin.physics import decay, exposures

    numbers = default_numbers()
    constant = decay.decay_constant_per_s(numbers, "F-18")
    factor = exposures.factors(numbers, "syringe", "F-18")["syringe"]
    rows = week.tables["doses"]
    row = rows[(rows["step"] == "inject") & (rows["visit"] == rows["visit"].iloc[0])].iloc[0]
    events, involved = week.run.events, week.run.involved
    drawn = events[(events["step"] == "drawn") & (events["visit"] == row["visit"])].iloc[0]
    held = involved[(involved["event"] == drawn["event"]) & (involved["role"] == "syringe")]["activity_bq"].iloc[0]
    at_start = held * math.exp(-constant * (row["start_s"] - drawn["time_s"]))
    decays = at_start * (1.0 - math.exp(-constant * (row["time_s"] - row["start_s"]))) / constant
    assert row["hp10_sv"] == pytest.approx(factor.hp10 * decays, rel=1e-9)
    assert row["hp007_ring_sv"] == pytest.approx(factor.ring * decays, rel=1e-9)


def test_walls_weaken_what_comes_from_the_next_room():
    """By hand: of vials in the hot lab 4 m from the middle of the preparation, through the pot and 2 cm of lead."""
    from twin.physics import exposures, shielding

    plan = {"hot_lab": {"x": 0, "y": 0, "width": "4 m", "depth": "3 m"},
            "preparation": {"x": 4, "y": 0, "width": "4 m", "depth": "3 m"}}  # fmt: skip
    walls = {"between": {"from": [4, -1], "to": [4, 4], "layers": "lead 20 mm"}}
    nothing = ["floor_plan=null"]
    sets = [*nothing, f"floor_plan={json.dumps({'rooms': plan})}"]
    none, open_plan, walled = (
        api.simulate(api.load("baseline", more, days=1))
        for more in (nothing, sets, [*sets, f"floor_plan.walls={json.dumps(walls)}"])
    )
    near = [run.tables["dose_people"]["hp10_ambient_sv"].sum() for run in (none, open_plan, walled)]
    assert near[0] < near[2] < near[1]
    numbers = default_numbers()
    pot = shielding.wall(numbers, numbers.text("exposure.vial.vial.shield"))
    bare, weak = (exposures.beside(numbers, "F-18", "vial", 4.0, (*pot, *more)).hp10
                  for more in ((), shielding.wall(numbers, "lead 20 mm")))  # fmt: skip
    assert walled.run.facts.dose.near["F-18"]["room_vials/hot_lab/preparation"][0] == pytest.approx(weak)
    assert open_plan.run.facts.dose.near["F-18"]["room_vials/hot_lab/preparation"][0] == pytest.approx(bare)
    share = (near[2] - near[0]) / (near[1] - near[0])
    assert 0.9 * weak / bare < share < 0.2  # of the pot's hard photons and of what comes from animals, unshielded


def test_who_handles_nothing_has_no_row_and_may_still_be_near(week):
    people = week.tables["dose_people"].set_index("person")
    assert people.loc["animal_technician", "hp007_finger_sv"] == 0.0
    assert people["hp10_ambient_sv"].sum() > 0.0
    assert (people["hp10_total_sv"] >= people["hp10_sv"]).all()


def test_a_stay_costs_the_integral_of_what_decays():
    """1000 Bq come at 10 s and half of what is left goes at 30 s; constant 0.1 /s."""
    left = 1000.0 * math.exp(-2.0)
    held = ambient.content(np.array([30.0, 10.0]), np.array([-left / 2.0, 1000.0]), 0.1)
    first = 1000.0 * (1.0 - math.exp(-2.0)) / 0.1
    assert held.between(np.array([0.0]), np.array([30.0]))[0] == pytest.approx(first)
    then = left / 2.0 * (1.0 - math.exp(-1.0)) / 0.1
    assert held.between(np.array([10.0]), np.array([40.0]))[0] == pytest.approx(first + then)


def test_a_budget_binds_and_is_passed_by_no_more_than_was_not_predicted():
    """Over three seeds; the same luck in both, so that the difference is the budget's."""
    done = []
    for seed in (2, 3, 4):
        free, bound = (api.simulate(api.load(name, days=5), seed=seed) for name in ("baseline", "dose_constraint"))
        table = bound.tables["dose_budgets"]
        own = table[table["budget"] == "fingers"]
        assert (own["over_sv"] <= own["unpredicted_sv"]).all()
        assert fingers(free).max() > 3e-3 >= fingers(bound).max() - own["unpredicted_sv"].max()
        done.append([run.kpis["scans_completed"]["value"] for run in (free, bound)])
        refused = bound.kpis["dose_days_to_refusal"]["value"]
        assert refused is None if bound.kpis["dose_not_done"]["value"] == 0.0 else 0.0 < refused < 5.0
        assert free.kpis["dose_days_to_refusal"]["value"] is None
    assert all(bound <= free for free, bound in done)
    assert sum(free - bound for free, bound in done) > 5


def test_lifting_the_budget_restores_everything(week):
    free = week
    lifted = api.simulate(api.load("dose_constraint", ["dose.constraints.fingers.at_most=4 Sv"], days=5))
    same = [name for name in free.kpis if not name.startswith("dose_")]
    assert {name: lifted.kpis[name] for name in same} == {name: free.kpis[name] for name in same}


LOW = {
    "fingers": {"quantity": "extremity", "at_most": "1 mSv", "period": "day"},
    "body": {"quantity": "effective", "at_most": "60 uSv", "period": "week"},
}


@pytest.mark.slow
def test_low_budgets_bind_over_seeds_and_lifted_they_are_as_none():
    """With what people get who are near: none is passed by more than was not predicted, and that is reported."""
    cost = 0.0
    for seed in range(5, 9):
        free, bound, lifted = (
            api.simulate(api.load("baseline", [f"dose.constraints={json.dumps(_all_with(more))}"]), seed=seed)
            for more in ({"then": "report"}, {}, {"at_most": "9 Sv"})
        )
        rows, unbound = (run.tables["dose_budgets"].query("use == 'constraint'") for run in (bound, free))
        assert len(rows) == 8
        assert (rows["over_sv"] <= rows["unpredicted_sv"]).all()
        assert (unbound.groupby("budget")["over_sv"].max() > 0.0).all()
        cost += free.kpis["scans_completed"]["value"] - bound.kpis["scans_completed"]["value"]
        same = [name for name in free.kpis if not name.startswith("dose_over") and name != "dose_days_to_constraint"]
        assert {name: lifted.kpis[name] for name in same} == {name: free.kpis[name] for name in same}
    assert cost > 4 * 5


def _all_with(more):
    return {name: said | more for name, said in LOW.items()}


def test_a_constraint_that_is_only_reported_changes_nothing():
    sets = ["dose.constraints.fingers.at_most=1 mSv", "dose.constraints.fingers.then=report"]
    told = api.simulate(api.load("dose_constraint", sets, days=2))
    assert told.kpis["scans_completed"] == api.simulate(api.load("baseline", days=2)).kpis["scans_completed"]
    assert told.kpis["dose_over_msv"]["value"] > 0.5
    assert told.tables["dose_budgets"].set_index("budget").loc["fingers", "passed_s"].min() > 0.0


def test_who_decides_by_late_readings_passes_the_budget():
    sets = ["dose.decide_by=dosimeter"]
    late = api.simulate(api.load("dose_constraint", sets, days=5))
    assert late.kpis["dose_over_msv"]["value"] > 1.0


def test_pregnancy_keeps_from_open_activity_and_from_attending():
    result = api.simulate(api.load("pregnancy_declared", days=3))
    rows = result.tables["doses"]
    mine = set(rows[rows["person"] == "technologist-1"]["step"].astype(str))
    assert not mine & {"draw", "inject", "clean"}
    from twin.results.tasks import attendance

    assert "technologist-1" not in set(attendance(result.run)["person"].astype(str))
    budgets = result.tables["dose_budgets"]
    assert budgets.loc[budgets["quantity"] == "unborn", "allowed_sv"].tolist() == [1e-3]
    weeks = result.tables["dose_pregnancy"]
    own = result.tables["dose_people"].set_index("person").loc["technologist-1"]
    assert weeks["near_sv"].sum() > 0.0
    assert weeks["near_sv"].sum() == pytest.approx(own["hp10_ambient_sv"] + own["hp10_attending_sv"], rel=1e-9)
    assert weeks["sum_sv"].iloc[-1] == pytest.approx(own["hp10_total_sv"], rel=1e-9)
    assert weeks["left_sv"].iloc[-1] == pytest.approx(1e-3 - own["hp10_total_sv"], rel=1e-9)


def test_pregnancy_counts_from_its_declaration():
    result = api.simulate(
        api.load("pregnancy_declared", ["dose.people.technologist-1.pregnancy_declared=2026-03-04"], days=4)
    )
    rows = result.tables["doses"]
    mine = rows[(rows["person"] == "technologist-1") & rows["step"].isin(["draw", "inject"])]
    assert 0.0 < mine["time_s"].max() < 2.6 * 86400.0


def test_an_automatic_injector_takes_dose_off_hands_and_body():
    hand, machine = (api.simulate(api.load(name, days=3)) for name in ("baseline", "auto_injector"))
    by_step = [r.tables["dose_tasks"].set_index("step") for r in (hand, machine)]
    for column, least in (("hp10_sv", 0.9), ("hp007_finger_sv", 0.85)):
        injecting = [table.loc["inject", column] / table.loc["inject", "times"] for table in by_step]
        assert 1.0 - injecting[1] / injecting[0] > least
    assert machine.kpis["dose_fingertip_per_scan_usv"]["value"] < hand.kpis["dose_fingertip_per_scan_usv"]["value"]
    assert machine.kpis["scans_completed"] == hand.kpis["scans_completed"]


def test_rotation_by_dose_evens_it_out():
    fixed, least = (
        api.simulate(api.load("baseline", [f"policies.rotation={rule}"], days=5)) for rule in ("fixed", "least_dose")
    )
    assert fingers(least).max() < 0.7 * fingers(fixed).max()


def test_a_year_so_far_counts():
    sets = ["dose.people={technologist: {so_far: {extremity: 499.9 mSv}}}"]
    result = api.simulate(api.load("baseline", sets, days=2))
    assert result.kpis["scans_completed"]["value"] == 0.0
    assert result.kpis["dose_not_done"]["value"] > 0.0


def test_five_years_of_the_agency_leave_what_is_left():
    sets = ["dose.jurisdiction=IAEA", "dose.people={technologist: {years_before: {effective: 95 mSv}}}"]
    budgets = api.simulate(api.load("baseline", sets, days=1)).tables["dose_budgets"]
    own = budgets[(budgets["budget"] == "limit_effective")].set_index("person")["allowed_sv"]
    assert own["technologist-1"] == pytest.approx(5e-3)
    assert own["animal_technician"] == pytest.approx(50e-3)


def test_the_uterus_has_a_limit_of_a_month_in_germany():
    told = "dose.people={technologist-1: {can_bear_children: true}}"
    german, other = (
        api.simulate(api.load("baseline", [told, f"dose.jurisdiction={of}"], days=1)) for of in ("DE", "EU")
    )
    own = german.tables["dose_budgets"].query("budget == 'limit_uterus'")
    assert own[["person", "period", "allowed_sv"]].to_numpy().tolist() == [["technologist-1", "month", 2e-3]]
    assert "limit_uterus" not in set(other.tables["dose_budgets"]["budget"])


TWO_NUCLIDES = site(
    {
        "first": {"template": "pet_static", "tracer": "FDG", "uptake": "45 min"},
        "second": {"template": "pet_static", "tracer": "N-13-ammonia", "uptake": "5 min"},
    },
    {"pet": {"modality": "pet", "room": "suite"}},
    hot_lab={
        "deliveries": delivery("FDG")["hot_lab"]["deliveries"]
        | {"ammonia": {"tracer": "N-13-ammonia", "activity": "20 GBq", "volume": "1 ml", "days": "daily",
                       "arrives": "09:50", "reference": "10:00", "expires": "20:00"}}
    },
    studies={"mice": {"animals": 1, "protocol": "first", "arrival": {"dates": ["2026-03-02 08:00"]},
                      "time_points": {"a": {}, "b": {"at": "2 h", "protocol": "second"}}}},
    days=1,
)  # fmt: skip


def test_an_animal_carries_every_nuclide_that_it_was_injected_with():
    """By hand: in the second session what is left of 18F counts beside 13N, in the animal's dose and in a handler's."""
    from twin.animals import excretion
    from twin.physics import decay, exposures

    result = api.simulate(TWO_NUCLIDES)
    rows = ambient.carried(result.run).sort_values("time_s")
    assert rows["nuclide"].tolist() == ["F-18", "N-13"]
    assert rows["animal"].nunique() == 1
    handled = result.tables["doses"]
    later = handled[(handled["protocol"] == "second") & (handled["step"] == "position")].iloc[0]
    numbers, expected = default_numbers(), 0.0
    voided = excretion.known_per_s(numbers, "mouse", "FDG")  # what it voided at home is not in it when it comes again
    came_s = result.tables["visits"].set_index("protocol").loc["second", "started_s"]
    stays = [1.0 - float(voided.integral(came_s - rows["time_s"].iloc[0])), 1.0]
    assert 0.4 < stays[0] < 0.9
    for row, part in zip(rows.itertuples(), stays, strict=True):
        factor = exposures.factors(numbers, "injected_animals", row.nuclide)["animals"]
        left = part * decay.remaining(row.activity_bq, row.decay, later["start_s"] - row.time_s)
        expected += factor.hp10 * decay.decays_between(left, row.decay, later["time_s"] - later["start_s"])
    assert later["hp10_sv"] == pytest.approx(expected, rel=1e-9)
    (animal,) = result.tables["dose_animals"].itertuples()
    assert animal.injections == 2
    assert animal.hold_until_s == pytest.approx(rows["time_s"].iloc[0] + 10 * 109.77 * 60, rel=1e-6)


def _part_within(tracer):
    """Of all decays those in a mouse that voids, organ by organ."""
    from twin.animals import body, excretion, uptake

    numbers = default_numbers()
    kinetics = uptake.kinetics(numbers, body.body(numbers, "mouse"), tracer)
    return math.fsum(excretion.residence_s(numbers, kinetics).values()) * kinetics.decay_constant_per_s


def test_an_animal_gets_what_decays_before_it_voids_it():
    """Where it is not known what is voided everything decays within, and the table says of how many injections."""
    made = site({"dose": {"template": "tracer_injection", "tracer": "Lu-177-PSMA-617", "activity": "20 MBq"}}, {},
                animals=1, days=1, **delivery("Lu-177-PSMA-617", "1 GBq"))  # fmt: skip
    result = api.simulate(made)
    (animal,) = result.tables["dose_animals"].itertuples()
    injected = ambient.carried(result.run)["activity_bq"].sum()
    most = injected * result.run.facts.dose.absorbed_gy[animal.study]["Lu-177"] * 6.6443 * 86400.0 / math.log(2.0)
    assert animal.all_within == 0
    assert animal.injected_gy == pytest.approx(_part_within("Lu-177-PSMA-617") * most, rel=1e-3)
    assert animal.injected_gy < 0.2 * most
    assert not animal.above_sublethal
    unknown = dataclasses.replace(result.run.facts.dose, retained={})
    other = dataclasses.replace(result.run, facts=dataclasses.replace(result.run.facts, dose=unknown), memo={})
    (animal,) = dose_animals(other).itertuples()
    assert (animal.all_within, animal.injections) == (1, 1)
    assert animal.injected_gy == pytest.approx(most, rel=1e-3)
    assert animal.above_sublethal


def test_animals_waste_and_licence(week):
    animals = week.tables["dose_animals"]
    stays = _part_within("FDG")
    assert 0.5 < stays < 0.95
    assert animals["injected_gy"].median() == pytest.approx(stays * 8e6 * 17.0e-3 / 1e6, rel=0.15)  # 17.0 mGy/MBq, 25 g
    assert (animals["all_within"] == 0).all()
    assert not animals["above_sublethal"].any()
    waste = week.tables["dose_waste"]
    day = waste.iloc[0]
    left = day["activity_bq"] * 2.0 ** (-(day["clearance_s"] - day["day_s"] - 86400.0) / (109.77 * 60.0))
    assert left == pytest.approx(10e3, rel=1e-6)  # 10 Bq/g in 1 kg
    assert day["clearance_s"] > day["ten_half_lives_s"]
    assert week.tables["dose_licence"].set_index("nuclide").loc["F-18", "share_pct"] < 100.0


def test_a_working_week_is_a_week_of_the_year(week):
    """Five opening days from a Monday on stand for a week of seven, not for five of 365."""
    people, year = week.tables["dose_people"].set_index("person"), week.tables["dose_year"]
    own = year[year["quantity"] == "hp10_sv"].set_index("person")["year_sv"]
    assert own.max() == pytest.approx(people["hp10_total_sv"].max() * 365.25 / 7.0, rel=1e-9)


def test_a_year_needs_three_weeks_for_an_interval(week):
    assert week.tables["dose_year"]["low_sv"].isna().all()
    assert doses._half_width(np.array([1.0, 2.0, 3.0])) == pytest.approx(4.3027 / math.sqrt(3.0), rel=1e-4)


def test_what_animals_void_is_what_the_tracer_says(week):
    """By hand: what one mouse with FDG voids in the first hour; a day of the site is all of its animals."""
    from twin.animals import body, excretion, uptake
    from twin.results.dose_effluent import dose_effluent

    numbers = default_numbers()
    kinetics = uptake.kinetics(numbers, body.body(numbers, "mouse"), "FDG")
    curve = excretion.voided_per_s(numbers, kinetics)
    # All that leaves is voided in the end; much later than the bladder empties both are the same.
    assert curve.area() == pytest.approx(0.396, rel=0.02)
    times = np.linspace(0.0, 3600.0, 20_001)
    constant = math.log(2.0) / (109.77 * 60.0)
    by_hand = np.trapezoid(curve.at(times) * np.exp(-constant * times), times)
    assert curve.decaying(constant).integral(3600.0) == pytest.approx(by_hand, rel=1e-6)
    table = dose_effluent(week.run)
    assert set(table["nuclide"]) == {"F-18"}
    injected = ambient.carried(week.run)["activity_bq"].sum()
    assert 0.05 * injected < table["excreted_bq"].sum() < 0.6 * injected
    air = week.tables["dose_exhaust"].iloc[0]
    assert air["opened_bq"] > 8e6  # of each animal
    assert air["concentration_bq_per_m3"] == pytest.approx(1e-3 * air["opened_bq"] / 24000.0, rel=1e-9)
    assert air["limit_bq_per_m3"] == pytest.approx(5e3)  # 500 Bq/m3, tenfold
    row = table.iloc[0]
    rinsed = 1e-3 * air["opened_bq"]  # down the sink of the hot lab
    assert row["concentration_bq_per_m3"] == pytest.approx(0.1 * row["excreted_bq"] + rinsed)  # in a cubic metre
    assert row["limit_bq_per_m3"] == pytest.approx(2e7)  # 2e6 Bq/m3, tenfold
    mean = table["concentration_bq_per_m3"].sum() / 5.0 / 2e7  # five days; the limit is of a year's mean
    assert week.kpis["sewage_pct"]["value"] == pytest.approx(100.0 * mean, rel=1e-9)


def test_radioiodine_is_breathed_when_it_is_handled():
    """By hand: a millionth of what is injected, a tenth of that of what is drawn under the hood."""
    plan = {"template": "tracer_injection", "tracer": "I-131-SGMIB-antibody", "activity": "10 MBq"}
    made = site({"dose": plan}, {}, animals=3, days=1, **delivery("I-131-SGMIB-antibody", "1 GBq"))
    result = api.simulate(made)
    table = result.tables["dose_intake"]
    doers = set(result.tables["doses"].query("step == 'inject'")["person"].astype(str))
    assert set(table["person"]) >= doers
    events, involved = result.run.events, result.run.involved
    total = 0.0
    for step, role, part in (("drawn", "syringe", 1e-7), ("injected", "animal", 1e-6)):
        rows = involved[
            involved["event"].isin(events.loc[events["step"] == step, "event"]) & (involved["role"] == role)
        ]
        assert len(rows) == 3
        total += part * rows["activity_bq"].sum()
    assert table["breathed_bq"].sum() == pytest.approx(total, rel=1e-9)
    each = default_numbers().value("protection.I-131.inhalation")
    assert table["committed_sv"].sum() == pytest.approx(each * total, rel=1e-9)
    assert result.kpis["dose_breathed_msv"]["value"] == pytest.approx(table["committed_sv"].max() * 1e3, rel=1e-9)


def test_a_design_goal_is_the_dose_of_a_week():
    with pytest.raises(ScenarioError, match="the goal is the dose of a week"):
        api.load("baseline", ["floor_plan.points={desk: {x: 1, y: 2, design_goal: 1 mSv/a}}"])
