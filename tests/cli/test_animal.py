"""``twin animal``: a course for a person and for a program, and clear words for what cannot be."""

import pytest


@pytest.fixture(scope="module")
def fdg():
    """Asked for once: the brief's own command."""
    import json

    from typer.testing import CliRunner

    from twin.cli.app import app

    words = "animal mouse --mass 25g --isoflurane 1.5% --warming none --minutes 60 --tracer FDG --json"
    done = CliRunner().invoke(app, words.split())
    assert done.exit_code == 0
    return json.loads(done.stdout)


def test_the_course_is_that_of_the_model(fdg):
    course = fdg["course"]
    assert [row["time_min"] for row in course[:3]] == [0, 5, 10]
    assert (course[0]["temperature_C"], course[0]["heart_rate_bpm"], course[0]["respiration_per_min"]) == (37, 600, 160)
    cold = [row["temperature_C"] for row in course]
    assert cold == sorted(cold, reverse=True)
    assert course[-1]["time_min"] == pytest.approx(fdg["summary"]["wakes_s"] / 60)
    assert fdg["summary"]["hypothermia_s"] > 0.7 * 3600
    assert fdg["summary"]["recovery_s"] > 300


def test_activity_decays_and_uptake_does_not(fdg):
    row = next(row for row in fdg["course"] if row["time_min"] == 60)
    # 10 MBq of 18F keep 68.46 % for an hour: 1 %/g is 68.46 kBq/g.
    assert row["tumour_kBq_per_g"] / row["tumour_pct_per_g"] == pytest.approx(68.46, abs=0.01)
    assert fdg["course"][0]["tumour_kBq_per_g"] == 0


def test_what_it_leans_on_is_said(fdg):
    assert fdg["numbers_used"] > 100
    assert "physiology.temperature.specific_heat" in fdg["assumed"]
    assert "kinetics.mouse.FDG.brain.influx" not in fdg["assumed"]


def test_a_page_for_a_person(twin):
    said = twin("animal", "rat", "--warming", "pad", "--every", "15 min")
    assert said.code == 0
    assert "temperature_C" in said.out
    assert "glucose_mmol_per_l" in said.out
    assert "glucose" not in twin("animal", "rabbit", "--every", "1 h").out  # known of mice and rats only
    assert "Wakes after" in said.out
    drawn = twin("animal", "mouse", "--plot", "--tracer", "MDP")
    assert drawn.out.count("*") > 300
    assert "bone_kBq_per_g" in drawn.out
    assert "pct_per_g" not in drawn.out


def test_a_tracer_without_label_has_no_activity(twin):
    said = twin("animal", "mouse", "--tracer", "ferumoxytol", "--json")
    row = said.data["course"][-1]
    assert "liver_pct_per_g" in row
    assert not any("kBq" in name for name in row)


def test_what_is_carried_over_from_another_species_is_said(twin):
    said = twin("animal", "rat", "--tracer", "FDG", "--every", "1 h")
    assert "The kinetics of FDG were not measured in this species: those of the mouse are carried over" in said.out
    assert twin("animal", "rat", "--tracer", "FES", "--every", "1 h", "--json").data["summary"]["kinetics_of"] is None


def test_a_volume_past_good_practice_is_said(twin):
    """170 ul, the published bolus of PET, is more than 5 ml/kg in a mouse under 34 g."""
    said = [twin("animal", "mouse", "--volume", "170ul", "--every", "1 h", "--mass", mass) for mass in ("25g", "35g")]
    assert "170 ul by route iv is more than good practice (125 ul; at most 625 ul)" in said[0].out
    assert "170 ul by route iv is within good practice (175 ul" in said[1].out
    bolus = [twin("animal", "mouse", "--every", "1 h", "--volume", volume).out for volume in ("250ul", "260ul")]
    words = "It is more than a bolus may be, 250 ul (EANM 2015)"
    assert [words in one for one in bolus] == [False, True]
    cold = [
        twin("animal", "mouse", "--every", "1 h", "--json", "--warming", w).data["summary"] for w in ("none", "bed")
    ]
    assert cold[0]["risk_of_death"] > 2 * cold[1]["risk_of_death"] == pytest.approx(2 * 0.002)


def test_too_deep_to_breathe_is_said(twin):
    deep = twin("animal", "mouse", "--isoflurane", "5%", "--minutes", "30", "--every", "1 h")
    assert "It stops breathing: isoflurane reaches 2.5 times the minimum alveolar" in deep.out
    assert "Dies in 100 % of such sessions" in deep.out
    usual = twin("animal", "mouse", "--isoflurane", "2%", "--minutes", "30", "--every", "1 h")
    assert "breathing:" not in usual.out
    brief = twin("animal", "mouse", "--isoflurane", "5%", "--minutes", "1", "--every", "1 h")
    assert "breathing:" not in brief.out


def test_too_long_is_said(twin):
    said = twin("animal", "mouse", "--minutes", "150", "--warming", "blanket", "--every", "30 min")
    assert "longer than the soft limit" in said.out
    assert "hard limit" not in said.out


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("mose", 3, "species 'mose' is not known; did you mean 'mouse'?"),
        ("mouse --mass 2.5kg", 3, "a mouse of 2.5 kg does not exist; the mass of a mouse is 8 g to 60 g"),
        ("mouse --mass 25", 3, "'25' has no unit"),
        ("mouse --strain nude", 3, "there is no strain 'nude' of the mouse"),
        ("mouse --isoflurane 10%", 3, "isoflurane 10 %: a vaporizer gives 0 to 5 %"),
        ("mouse --warming sun", 3, "warming 'sun' is not known; choose from none, blanket, pad, bed, probe"),
        ("mouse --minutes nan", 3, "asleep for nan s"),
        ("mouse --minutes 20000", 3, "a session is shorter than a week"),
        ("rabbit --tracer FDG", 3, "the kinetics of FDG in the rabbit are not known; known in: mouse"),
        ("mouse --tracer FGD", 3, "tracer 'FGD' is not known; did you mean 'FDG'?"),
        ("zebrafish --minutes 60", 3, "60 min in ms222 is too long"),
        ("mouse --room 200degC", 3, "a room of 200 C is none for an animal; its air has 0 to 45 C"),
        ("mouse --room 1e308degC", 3, "is none for an animal"),
        ("mouse --isoflurane 0%", 3, "isoflurane 0 % keeps no mouse asleep: it wakes at"),
        ("mouse --volume 1ml", 3, "1 ml by route 'iv' is too much for a mouse of 25 g; at most 625 ul"),
        ("mouse --volume 1ml --route nose", 3, "no limit of volume is known for route 'nose' in the mouse"),
        ("mouse --volume 5", 3, "'5' has no unit"),
        ("rat --mass 2g", 3, "a rat of 2 g does not exist"),
        ("mouse --every 0s", 3, "makes no table"),
        ("mouse --every 1ms", 3, "at most 5000 rows"),
    ],
)
def test_what_cannot_be(twin, words, code, why):
    said = twin("animal", *words.split())
    assert said.code == code
    assert why in said.err
    assert twin("animal", *words.split(), "--json").data["error"]["exit_code"] == code
