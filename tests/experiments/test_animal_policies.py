"""The same study with warming and fasting, and without: animals, contrast, comparison, each with a paired interval."""

import pytest

from twin import api

#: The baseline's other work is left out, so that a run takes a second.
ALONE = ("studies.metastasis=null", "studies.tumour=null")
N = 16


@pytest.mark.slow
def test_warmth_and_fasting_save_animals():
    kpis = ["animals_excluded", "target_to_background[fdg]", "animals_per_comparison[follow_up]"]
    kpis += ["hypothermia_mean_min", "deaths[died]"]
    kept, bare = (api.load(name, ALONE) for name in ("longitudinal_oncology", "unwarmed"))
    found = {one.kpi: one for one in api.compare(kept, bare, n=N, kpis=kpis).differences}
    for name in ("animals_excluded", "animals_per_comparison[follow_up]", "hypothermia_mean_min", "deaths[died]"):
        assert found[name].low > 0, name
    assert found["target_to_background[fdg]"].high < 0


#: What is switched off alone -> figure: whether it must rise (1) or fall (-1).
LEVERS = {
    "fasting": (("policies.fasting=none",), {"target_to_background[fdg]": -1, "target_uptake_pct_per_g[fdg]": -1}),
    "warming": (
        ("policies.warming=none", "policies.warming_scanner=none"),
        {"hypothermia_mean_min": 1, "anaesthesia_mean_min": 1},
    ),
    "warm room": (("rooms.uptake.temperature=20 degC",), {"target_to_background[fdg]": -1}),
    "hotel": (
        ("studies.follow_up.hotel=1",),
        {"animals_excluded": 1, "anaesthesia_mean_min": -1},
    ),
    "skilled hand": (
        ("staff.technologist.injection_level=weak",),
        {"animals_excluded": 1, "animals_per_comparison[follow_up]": 1},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("lever", LEVERS)
def test_each_lever_alone_moves_its_figures(lever):
    """With paired intervals of five replications: no lever is idle, and none hides behind another."""
    sets, expected = LEVERS[lever]
    kept, bare = (api.load("longitudinal_oncology", (*ALONE, *more)) for more in ((), sets))
    found = {one.kpi: one for one in api.compare(kept, bare, n=5, kpis=list(expected)).differences}
    for name, sign in expected.items():
        assert (found[name].low if sign > 0 else -found[name].high) > 0, name


@pytest.mark.slow
def test_a_hotel_makes_the_first_wait_for_the_last():
    kpis = ["hypothermia_mean_min", "anaesthesia_mean_min"]
    alone, hotel = (api.load("unwarmed", (*ALONE, f"studies.follow_up.hotel={size}")) for size in (1, 4))
    found = {one.kpi: one for one in api.compare(alone, hotel, n=4, kpis=kpis).differences}
    assert all(found[name].low > 0 for name in kpis)


def test_the_scenario_moves_what_its_question_names():
    """More animals of more reasons are excluded than in the baseline, whose animals have no tumour that grows."""
    figures = api.simulate(api.load("longitudinal_oncology", ALONE)).kpis
    assert "animals_excluded" in api.load("longitudinal_oncology", ALONE).scenario.question
    reasons = [
        name for name in ("endpoint", "no_tumour", "tumour_size") if figures[f"animals_excluded[{name}]"]["value"]
    ]
    assert reasons == ["endpoint", "no_tumour", "tumour_size"]
    assert figures["animals_per_comparison[follow_up]"]["value"] > 14
