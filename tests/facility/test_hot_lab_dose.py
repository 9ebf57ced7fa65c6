"""Work of the hot lab gives doses, is foreseen, and is not begun by whoever would pass a budget by it."""

from __future__ import annotations

import math

import pytest

from twin import api
from twin.physics import exposures
from twin.results.tasks import happenings
from twin.sources import default_numbers

N = default_numbers()
MO99_PER_S = math.log(2) / (65.94 * 3600)
RECEIPT = "hot_lab.receipt={duration: {triangular: [3 min, 5 min, 10 min]}}"


def budget(at_most: str, then: str = "exclude") -> str:
    return f"dose.constraints={{own: {{quantity: extremity, at_most: {at_most}, period: day, then: {then}}}}}"


@pytest.fixture(scope="module")
def eluted():
    return api.simulate(api.load("generator_day", ["hot_lab.preparations.mdp.draws.activity=300 MBq"], days=1)).tables


def test_an_elution_costs_what_is_on_the_column(eluted):
    """15 GBq of 99Mo behind the generator's shield, for as long as it takes."""
    row = eluted["doses"].query("step == 'eluate'").iloc[0]
    lasted_s = row["time_s"] - row["start_s"]
    column = eluted["vial_levels"].query("nuclide == 'Mo-99'").iloc[0]
    there_bq = column["activity_bq"] * math.exp(-MO99_PER_S * (row["start_s"] - column["time_s"]))
    factors = exposures.factors(N, "generator", "Mo-99")["vial"]
    for name, factor in zip(exposures.QUANTITIES, factors, strict=True):
        assert row[name] == pytest.approx(factor * there_bq * lasted_s, rel=2e-3)


def test_a_column_that_came_before_the_run_has_grown_since(eluted):
    """It came on Saturday at 06:30, 6 GBq two days later; Bateman's 99mTc until Monday, by a yield of 80 to 95 %."""
    parent, daughter = MO99_PER_S, math.log(2) / (6.015 * 3600)
    first = eluted["vial_levels"].query("tracer == 'pertechnetate'").iloc[0]
    age_s = first["time_s"] + 41.5 * 3600
    came_bq = 6e9 * math.exp(parent * 48 * 3600)
    grown = math.exp(-parent * age_s) - math.exp(-daughter * age_s)
    on_column_bq = 0.877 * came_bq * daughter / (daughter - parent) * grown
    assert 0.80 * on_column_bq < first["activity_bq"] < 0.95 * on_column_bq


def test_a_kit_costs_what_it_was_given(eluted):
    row = eluted["doses"].query("step == 'mdp'").iloc[0]
    given_bq = 300e6
    per_s = math.log(2) / (6.015 * 3600)
    seconds = exposures.seconds(per_s, row["time_s"] - row["start_s"])
    assert row["hp10_sv"] == pytest.approx(
        exposures.factors(N, "kit", "Tc-99m")["vial"].hp10 * given_bq * seconds, rel=1e-3
    )


def test_what_was_not_foreseen_is_what_lasted_longer(eluted):
    """Of work that is foreseen by what is there, its mean time is what was expected."""
    rows = eluted["doses"].query("step == 'eluate' or step == 'mdp'")
    assert len(rows) >= 2
    for _, row in rows.iterrows():
        expected, beyond = row["expected_hp10_sv"], row["unpredicted_hp10_sv"]
        assert expected + beyond == pytest.approx(row["hp10_sv"], rel=1e-12)
        assert 0.0 <= beyond < 0.5 * row["hp10_sv"]


def test_a_vial_is_not_received_by_who_would_pass_a_budget():
    """Nothing can be drawn then; a budget that is only reported is passed."""
    kept, told = (
        api.simulate(api.load("baseline", [RECEIPT, budget("10 uSv", then)], days=1)) for then in ("exclude", "report")
    )
    assert "receipt" not in set(kept.tables["doses"]["step"].astype(str))
    assert kept.kpis["scans_completed"]["value"] == 0.0 < told.kpis["scans_completed"]["value"]
    assert kept.tables["dose_people"]["hp007_finger_sv"].sum() == 0.0
    assert told.tables["doses"].query("step == 'receipt'")["hp007_finger_sv"].min() > 10e-6


@pytest.mark.slow
def test_an_elution_that_is_put_off_keeps_its_distance_to_the_next():
    """Two of one column in an evening, neither within the budget of the day: both after midnight, four hours apart."""
    second = "{tracer: pertechnetate, generator: technetium, yield: 90 %, volume: 6 ml, days: mon-fri, at: '22:00', "
    sets = [
        budget("2.95 uSv"), "hot_lab.preparations.eluate.at=17:00", "hot_lab.preparations.eluate.shelf_life=20 h",
        f"hot_lab.preparations.second={second}duration: 10 min, shelf_life: 20 h}}", "opening.hours=always",
        "staff.technologist.shift=always", "hot_lab.preparations.mdp=null", "studies.metastasis=null",
    ]  # fmt: skip
    rows = api.simulate(api.load("generator_day", sets, days=2, check=False)).tables["tasks"]
    begun = rows[rows["step"].isin(["eluate", "second"])].sort_values("start_s")
    assert len(begun) >= 2
    assert (begun["start_s"].to_numpy()[1:] - begun["end_s"].to_numpy()[:-1] >= 4 * 3600.0 - 1e-3).all()


@pytest.mark.slow
@pytest.mark.parametrize("hours", ["always", '{mon-fri: ["07:00-11:00", "12:00-19:00"]}'])
def test_animals_are_cared_for_once_a_day_or_that_is_told(hours):
    """Whoever is put off by a budget makes one round on a day, or none and the log says so; no more on the next."""
    sets = [
        f"opening.hours={hours}", "staff.technologist.shift=always", "housing.care_skill=nursing",
        "housing.below=0.5 MBq", "housing.care=30 min", "staff.nurse={count: 3, skills: [nursing], shift: always}",
        "dose.constraints={own: {quantity: effective, at_most: 0.13 uSv, period: day, people: [nurse]}}",
    ]  # fmt: skip
    played = api.simulate(api.load("theranostics_177lu", sets, days=4, check=False), seed=3)
    tasks = played.tables["tasks"]
    rounds = [int(start_s // 86400) for start_s in tasks.loc[tasks["task"] == "animal_care", "start_s"]]
    missed = [
        int(at_s // 86400) for at_s in played.run.events["time_s"].to_numpy()[happenings(played.run, "care_missed")]
    ]
    assert len(set(rounds)) == len(rounds)
    assert not set(rounds) & set(missed)
    assert sorted(rounds + missed) == [1, 2, 3]


def over(name: str, at_most: str, seed: int, days: int) -> tuple[float, float]:
    """The most that somebody got in a day, and how far a budget was passed beyond what was not predicted [Sv]."""
    sets = [budget(at_most), *([RECEIPT] if name == "baseline" else [])]
    played = api.simulate(api.load(name, sets, days=days, check=False), seed)
    table = played.tables["dose_budgets"].query("budget == 'own'")
    return table["most_sv"].max(), (table["over_sv"] - table["unpredicted_sv"]).max()


def test_a_budget_is_passed_by_no_more_than_what_lasted_longer():
    most_sv, beyond_sv = over("baseline", "1 mSv", seed=3, days=2)
    assert beyond_sv <= 0.0
    assert 0.5e-3 < most_sv < 1.2e-3


@pytest.mark.slow
@pytest.mark.parametrize(("name", "at_most"), [("new_facility", "0.3 mSv"), ("theranostics_177lu", "5 uSv")])
def test_over_whole_facilities(name, at_most):
    """With receipts, elutions, kits, animals in the radioactive housing and what animals carry from visit to visit."""
    most_sv, beyond_sv = over(name, at_most, seed=1, days=2)
    assert beyond_sv <= 0.0 < most_sv
