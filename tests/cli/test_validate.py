"""``twin validate``: every published comparison, also those that are missed."""

from __future__ import annotations

import csv
import time
from importlib.resources import files

import pytest

from twin.cli.progress import Waiting
from twin.experiments import comparisons, measures
from twin.experiments.animal_measures import ANIMALS
from twin.experiments.comparisons import ROLES, comparison, published
from twin.experiments.imaging_measures import IMAGING, Bracket
from twin.experiments.physics_measures import PHYSICS
from twin.experiments.statistics import Interval
from twin.facility.world import play
from twin.results.facts import facts
from twin.results.frames import run
from twin.results.visits import visits
from twin.scenario.expand import site
from twin.scenario.loading import load
from twin.sources import bibliography

QUICK = {name: measure for name, measure in measures.MEASURES.items() if not name.startswith(("mm", "mg", "priority"))}
DAY_S = 86400.0
MISSED = """
    concrete_20cm lead_33mm skin_in111
    task_administration_f18 task_preparation_f18 task_administration_tc99m
    task_preparation_tc99m staff_ring
    animal_heart_fall_cooled animal_heart_jcmr animal_fdg_brain_influx
    animal_fdg_brain_fasted animal_fdg_brain_kx animal_glucose_use_wu animal_fdg_heart_organ animal_fdg_heart_fed
    animal_fdg_blood_kx animal_fdg_heart_awake animal_fes_120
    animal_law_heart_gerbil animal_zr_organs animal_tc_muscle_6h
    animal_tc_heart_2h animal_tc_kidney_6h animal_tc_stomach_6h animal_tc_spleen_2h animal_ab_spleen_48h
    animal_lu_ab_tumour_96h animal_lu_ab_blood_192h animal_lu_ab_muscle_192h animal_lu_ab_tumour_192h
    resolution_focus resolution_safir resolution_inveon_18f positron_o15_half positron_o15_tenth positron_f18_tenth
    bgo_penred
""".split()
SHOWN = """
    inveon_350_650 s_pet g8 beta_cube safir_prototype nanoscan_250_750 resolution_nanoscan
    necr_inveon_mouse_at necr_inveon_mouse necr_inveon_rat_at necr_inveon_rat necr_s_pet necr_g8 necr_beta_cube
    necr_beta_cube_rat nu4_inveon nu4_g8 nu4_nanoscan
    necr_safir_mouse necr_safir_rat scatter_s_pet scatter_g8 scatter_nanoscan_mouse scatter_nanoscan_rat
    necr_nanoscan_mouse necr_nanoscan_rat r4_250_750 resolution_r4 necr_r4_mouse necr_r4_rat
    spect_inveon spect_inveon_resolution septa_lehr_tc septa_lehr_resolution septa_he_iodine
    spect_u_035 spect_u_060 ct_quantum_gx
    animal_psma11_tumour animal_psma11_kidney
    animal_rat_blanket animal_rat_pad animal_dog_60_min animal_dog_120_min animal_dog_180_min animal_dog_mri
    animal_pig_hour
    animal_human_loss animal_glucose_rat
""".split()
TIGHT = {"mm1": 60.0, "mm5": 91.5, "mg1": 45.0, "priority_first": 77.142, "priority_second": 192.858}


@pytest.fixture
def quick(monkeypatch):
    """Theory without its replications, which take half a minute."""
    theory = {name: lambda mean=mean: Interval(mean, 1.0) for name, mean in TIGHT.items()}
    monkeypatch.setattr(measures, "MEASURES", QUICK | theory)


@pytest.fixture
def rows(twin, quick):
    said = twin("validate", "--json")
    assert (said.code, said.err) == (0, "")
    return {row["id"]: row for row in said.data["rows"]}


def test_every_row_of_the_table_has_its_comparison(rows):
    with files("twin").joinpath("experiments/data/validation.csv").open() as file:
        ids = [row["name"] for row in csv.DictReader(file)]
    assert list(rows) == ids == [row.name for row in published()]
    assert set(measures.MEASURES) == set(ids)


def test_what_a_row_says(rows):
    assert rows["hotel_static_4"] == {
        "id": "hotel_static_4",
        "quantity": "a hotel of four shortens the time on the bed of each animal, static scan",
        "published": 62.6,
        "low": pytest.approx(61.1),
        "high": pytest.approx(64.1),
        "unit": "%",
        "source": "project; yagi2014",
        "sources": ["project", "yagi2014"],
        "role": "calibration",
        "kind": "calibration",
        "tolerance": 1.5,
        "twin": pytest.approx(62.97, abs=0.01),
        "half_width": None,
        "bracket": None,
        "note": rows["hotel_static_4"]["note"],
        "verdict": "within",
    }
    assert rows["hotel_dynamic_4"]["twin"] == pytest.approx(69.1, abs=0.1)
    assert rows["hotel_scans_fewer"]["twin"] == 4
    assert rows["f18_after_60_min"]["twin"] == pytest.approx(68.46, abs=0.01)
    assert (rows["mm5"]["published"], rows["mm5"]["unit"], rows["mm5"]["half_width"]) == (1.525, "min", 1 / 60)


def test_roles_and_sources(rows):
    for row in rows.values():
        assert row["role"] in ROLES
        assert row["kind"] in {"validation", "calibration", "identity"}
        assert set(row["sources"]) <= set(bibliography())
        assert row["low"] is None or row["low"] <= row["published"] <= row["high"]
        assert (row["low"] is None) == (row["verdict"] == "shown")
        assert row["verdict"] != "shown" or row["note"].startswith("shown")
    assert {name for name, row in rows.items() if row["role"] == "theory"} == set(TIGHT)
    evidence = {name for name, row in rows.items() if row["role"] == "validation"}
    set_dead_times = {name for name, row in rows.items() if row["role"] == "calibration" and name.startswith("necr_")}
    assert set(PHYSICS) | set(IMAGING) <= evidence | set_dead_times
    assert all(name.endswith("_at") or name == "necr_focus" for name in set_dead_times)
    assert len(evidence & set(ANIMALS)) == 128
    shown = {name for name, row in rows.items() if row["verdict"] == "shown"}
    assert shown == set(SHOWN)


def test_a_bracket_is_judged_by_its_edges(rows):
    for name in ("inveon_250_625", "focus_250_750"):
        low, high = rows[name]["bracket"]
        assert rows[name]["verdict"] == "within"
        assert low < rows[name]["twin"] <= high <= 1.4 * low
    row = next(row for row in published() if row.name == "focus_250_750")
    verdicts = [comparison(row, Bracket(low, 0.05, 0.05)).verdict for low in (0.033, 0.0373, 0.0376)]
    assert verdicts == ["within", "within", "outside"]


def test_what_is_missed_is_shown_as_missed(rows, twin):
    assert [name for name, row in rows.items() if row["verdict"] == "outside"] == MISSED
    assert twin("validate", "--check", "--json").code == 4
    said = twin("validate")
    assert said.code == 0
    assert all(name in said.out for name in rows)
    missed = [line.split()[0] for line in said.out.splitlines() if " missed " in line]
    assert missed == MISSED
    counted = f"{len(rows)} comparisons, {len(SHOWN)} of them only shown; missed: {', '.join(MISSED)}."
    assert counted in " ".join(said.out.split())
    evidence = [row for row in rows.values() if row["role"] == "validation" and row["verdict"] != "shown"]
    held = sum(row["verdict"] == "within" for row in evidence)
    assert f"evidence about the world: {held} of {len(evidence)} within." in said.out
    assert "None is of role validation" not in said.out


def test_a_fault_is_no_verdict(twin, quick, monkeypatch):
    def broken() -> float:
        raise RuntimeError("no value")

    monkeypatch.setitem(measures.MEASURES, "f18_after_60_min", broken)
    said = twin("validate", "--json")
    assert (said.code, said.out) == (1, "")
    assert "no value" in said.err


@pytest.mark.parametrize(
    ("mean", "half_width", "verdict"),
    [(1.5, 0.1, "within"), (1.4, 0.1, "outside"), (1.5, 0.4, "outside"), (1.3, 0.3, "within")],
)
def test_an_interval_must_hold_the_number_and_be_narrow(mean, half_width, verdict):
    row = next(row for row in published() if row.name == "mm5")
    assert comparison(row, Interval(60 * mean, 60 * half_width)).verdict == verdict


def test_without_a_tolerance_the_published_bounds_count():
    row = next(row for row in published() if row.name == "by_eye_chang")
    made = [comparison(row, value) for value in (0.069, 0.07, 0.37, 0.371)]
    assert [one.verdict for one in made] == ["outside", "within", "within", "outside"]
    assert {(one.low, one.high, one.tolerance) for one in made} == {(7, 37, None)}


@pytest.mark.parametrize("name", ["mmc", "priority"])
def test_waits_from_the_log_are_those_of_the_visits(name):
    resolved = load(f"theory/{name}", days=0.5)
    made = site(resolved)
    log = play(made)
    table = visits(run(log, facts(made, resolved.scenario, resolved.numbers)))
    table = table[table["requested_s"].between(0.05 * DAY_S, 0.475 * DAY_S, inclusive="left")]
    expected = table.groupby("study", observed=True)["wait_s"].mean()
    assert expected.min() > 0
    assert measures.mean_waits_s(log, 0.5 * DAY_S) == pytest.approx(expected.to_dict(), rel=1e-12)


def test_progress_is_told(quick):
    told = []
    assert len(list(comparisons.compared(lambda *words: told.append(words)))) == len(published())
    assert [done for done, _, _ in told] == list(range(len(published()) + 1))
    assert told[3] == (3, len(published()), "hotel_scans_fewer")


def test_progress_goes_to_a_terminal_only(capsys):
    with Waiting("comparing") as waiting:
        waiting.told("1 of 17 comparisons done; now mm1")
        assert waiting.status is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
def test_the_whole_is_quick_and_theory_holds(process):
    began = time.monotonic()
    said = process("validate", "--json")
    print(time.monotonic() - began, "s")
    theory = {row["id"]: row for row in said.data["rows"] if row["role"] == "theory"}
    assert set(theory) == set(TIGHT)
    assert {row["verdict"] for row in theory.values()} == {"within"}
