"""What is injected without a label, and by other ways than into a vein."""

from __future__ import annotations

import pytest

from tests.scanners.sites import delivery, site
from twin import api
from twin.errors import ScenarioError
from twin.scenario.loading import load_data

CAMERA = {"camera": {"modality": "optical", "room": "suite", "hotel": 5}}
LUCIFERIN = {"template": "bioluminescence", "agent": "D-luciferin"}


def told(data):
    with pytest.raises(ScenarioError) as caught:
        load_data(data)
    return [str(problem) for problem in caught.value.problems]


def test_luciferin_is_logged_with_its_volume_and_no_activity() -> None:
    run = api.simulate(load_data(site({"one": LUCIFERIN}, CAMERA, animals=5), check=False))
    given = run.run.involved.merge(run.run.events, on="event")
    given = given[(given["step"] == "injected") & (given["role"] == "animal")]
    assert len(given) == 5
    assert given["activity_bq"].isna().all()
    assert given["volume_m3"].tolist() == pytest.approx([0.25e-6] * 5), "10 ml/kg of a mouse of 25 g"


def test_the_image_is_taken_at_the_peak_of_the_light() -> None:
    """Khalil 2013: 8 (5 to 8) min after an injection into the belly; the table's wait is 10 (5 to 15) min.

    Five animals are injected one after another, so that the first waits longer than the last.
    """
    run = api.simulate(load_data(site({"one": LUCIFERIN}, CAMERA, animals=5), check=False))
    uptake_min = api.tables(run)["visits"]["uptake_s"] / 60.0
    assert uptake_min.between(5.0, 16.0).all()


def test_what_misses_the_belly_spoils_the_image() -> None:
    numbers = {"injection.ip_failure_fraction": {"value": 1}}
    staff = {"person": {"role": "technologist", "count": 3, "injection_level": "competent"}}
    made = site({"one": LUCIFERIN}, CAMERA, animals=5, numbers=numbers, staff=staff)
    figures = api.kpis(api.simulate(load_data(made, check=False)))
    assert figures["scans_completed"]["value"] >= 5.0
    assert figures["scans_usable"]["value"] == 0.0


@pytest.mark.parametrize(
    ("protocol", "said"),
    [
        (LUCIFERIN | {"agent_volume": "100 ml/kg"}, "more than may be given to a mouse by ip"),
        (LUCIFERIN | {"agent": "luciferine"}, "did you mean 'D-luciferin'"),
        (LUCIFERIN | {"tracer": "FDG"}, "injects no tracer; what has no label is an `agent`"),
        ({"template": "bioluminescence"}, "needs an agent"),
    ],
)
def test_agents_that_cannot_be(protocol, said) -> None:
    (problem,) = told(site({"one": protocol}, CAMERA))
    assert said in problem


def test_nothing_is_left_of_a_tracer_after_ten_half_lives() -> None:
    pet = {"pet": {"modality": "pet", "room": "suite", "hotel": 2}}
    late = {"template": "pet_static", "tracer": "FDG", "uptake": "24 h"}
    (problem,) = told(site({"one": late}, pet, **delivery("FDG")))
    assert "13 half-lives of F-18" in problem
