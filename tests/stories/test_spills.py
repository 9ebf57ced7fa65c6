"""Activity is spilt: what lies where, who gets what, how long the room is closed."""

import math

import pytest

from tests.scanners.sites import delivery, site
from twin import api
from twin.physics import beta_skin, decay, exposures, protection
from twin.sources import default_numbers

N = default_numbers()
SURE = {"dose.spill.on_skin": {"value": 1}, "dose.spill.skin_time": {"value": "10 min"}}
FDG = {"pet": {"template": "pet_static", "tracer": "FDG", "uptake": "45 min"}}
PET = {"pet": {"modality": "pet", "room": "suite"}}


def scenario(animals=1, numbers=SURE, dose=None, **spills):
    """A small day on which everything is spilt that can be."""
    said = {"clean_up": "20 min"} | spills
    made = site(FDG, PET, animals, **delivery("FDG"), days=1, dose={"spills": said} | (dose or {}))
    return made | {"numbers": made["numbers"] | numbers}


@pytest.fixture(scope="module")
def drawn():
    return api.simulate(scenario(drawing=1.0, injecting=0.0))


def test_a_spill_by_hand(drawn):
    """A hundredth of the syringe: a tenth of it on a square centimetre of skin for ten minutes."""
    (row,) = drawn.tables.dose_spills.itertuples()
    constant = decay.decay_constant_per_s(N, "F-18")
    events, involved = drawn.run.events, drawn.run.involved
    filled = events[events["step"] == "drawn"].iloc[0]
    held = involved[(involved["event"] == filled["event"]) & (involved["role"] == "syringe")]["activity_bq"].iloc[0]
    spilt = 0.01 * decay.remaining(held, constant, row.time_s - filled["time_s"])
    assert row.activity_bq == pytest.approx(spilt, rel=1e-9)
    assert (row.room, row.nuclide) == ("hot_lab", "F-18")
    rate = beta_skin.contamination_rate(N, "F-18", 0.1 * spilt / 1e-4).total
    assert row.skin_sv == pytest.approx(rate * (1.0 - math.exp(-600 * constant)) / constant, rel=1e-9)
    assert row.committed_sv == pytest.approx(float(protection.committed_dose(N, "F-18", 1e-4 * spilt, "ingestion")))
    assert drawn.kpis["dose_contaminated_skin_msv"]["value"] == pytest.approx(row.skin_sv * 1e3, rel=1e-9)
    assert drawn.kpis["dose_committed_msv"]["value"] == pytest.approx(row.committed_sv * 1e3, rel=1e-9)


def test_the_room_is_closed_until_a_wipe_finds_it_clean(drawn):
    """80 kBq on 300 cm2 and a tenth is left each time: 27, 2.7, 0.27 Bq/cm2 against 1; three times 20 min."""
    (row,) = drawn.tables.dose_spills.itertuples()
    tasks = drawn.tables.tasks
    cleanings = tasks[tasks["step"] == "clean_spill"]
    left, needed = row.activity_bq / 300.0, 0
    while left > 1.0:
        left, needed = left / 10.0, needed + 1
    assert len(cleanings) == needed
    assert row.open_s == cleanings["end_s"].max() == row.time_s + needed * 1200.0


def test_who_cleans_up_is_exposed_to_what_lies_there(drawn):
    (row,) = drawn.tables.dose_spills.itertuples()
    first = drawn.tables.doses.query("step == 'clean_spill'").iloc[0]
    factor = exposures.factors(N, "spill", "F-18")["spill"]
    decays = decay.decays_between(row.activity_bq, decay.decay_constant_per_s(N, "F-18"), 1200.0)
    assert first["hp10_sv"] == pytest.approx(factor.hp10 * decays, rel=1e-9)


def test_nothing_is_lost(drawn):
    (row,) = drawn.tables.activity_balance.itertuples()
    assert row.spilt_bq == drawn.tables.dose_spills["activity_bq"].sum() > 0.0
    assert abs(row.imbalance_bq) < 1e-9 * row.delivered_bq


def test_it_counts_in_a_budget_as_what_was_not_predicted():
    budget = {"constraints": {"own": {"quantity": "extremity", "at_most": "1 mSv", "period": "day"}}}
    result = api.simulate(scenario(dose=budget, drawing=1.0, injecting=0.0, numbers={**SURE}, animals=2))
    table = result.tables.dose_budgets.query("budget == 'own'")
    assert (table["over_sv"] <= table["unpredicted_sv"] + 1e-15).all()
    skin = result.tables.dose_spills.groupby("person", observed=True)["skin_sv"].sum()
    assert table["over_sv"].max() > 0.0
    assert (table.set_index("person")["unpredicted_sv"][skin.index] >= skin).all()


def test_iodine_is_breathed_too_and_what_is_not_known_is_not_nothing():
    from twin.scenario import expand
    from twin.scenario.loading import load_data

    made = scenario()
    iodine = {"tracer": "iodide", "nuclide": "I-131", "activity": "100 MBq", "volume": "5 ml", "days": "daily",
              "arrives": "07:10", "reference": "09:00", "expires": "20:00"}  # fmt: skip
    made["hot_lab"]["deliveries"]["iodide"] = iodine
    found = expand.site(load_data(made, check=False)).dose.spills
    swallowed = 1e-4 * N.value("protection.I-131.ingestion")
    breathed = 1e-3 * N.value("protection.I-131.inhalation")
    assert found.committed_sv["I-131"] == pytest.approx(swallowed + breathed)
    assert "N-13" not in found.committed_sv


def test_where_the_animal_is_when_it_is_injected():
    result = api.simulate(scenario(drawing=0.0, injecting=1.0))
    assert set(result.tables.dose_spills["room"]) == {"preparation"}
    nothing = api.simulate(scenario(drawing=0.0, injecting=0.0))
    injected = [r.tables.activity_balance["injected_bq"].iloc[0] for r in (result, nothing)]
    assert injected[0] == pytest.approx(0.99 * injected[1], rel=1e-6)
