"""Work of the hot lab gives doses, is foreseen, and is not begun by whoever would pass a budget by it."""

from __future__ import annotations

import math

import pytest

from twin import api
from twin.physics import exposures
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


def test_a_kit_costs_what_it_was_given(eluted):
    row = eluted["doses"].query("step == 'mdp'").iloc[0]
    given_bq = 300e6
    per_s = math.log(2) / (6.015 * 3600)
    seconds = exposures.seconds(per_s, row["time_s"] - row["start_s"])
    assert row["hp10_sv"] == pytest.approx(
        exposures.factors(N, "vial", "Tc-99m")["vial"].hp10 * given_bq * seconds, rel=1e-3
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
    most_sv, beyond_sv = over(name, at_most, seed=1, days=4)
    assert beyond_sv <= 0.0 < most_sv
