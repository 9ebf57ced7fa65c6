"""Bodies of every species: laws that hold for all, and what the papers print."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.animals import body, species
from twin.errors import DataError
from twin.sources import default_numbers

N = default_numbers()
ALL = species.names(N)
TABLE = N.tables["species"]
ML, PER_MIN = 1e-6, 1 / 60.0
SIX = ("mouse", "rat", "rabbit", "monkey", "dog", "human")


@pytest.fixture(params=ALL)
def animal(request):
    return body.body(N, request.param)


def test_the_species_of_the_brief_are_there() -> None:
    asked = "mouse rat zebrafish rabbit hamster guinea_pig chicken marmoset monkey pig dog human"
    assert set(asked.split()) <= set(ALL)


def test_filtration_is_a_small_part_of_cardiac_output(animal) -> None:
    """The class of error behind the seed paper's 24 ml/min and two rows of httk."""
    assert 0 < animal.gfr_m3_per_s < 0.2 * animal.cardiac_output_m3_per_s


def test_blood_goes_round_in_seconds_to_minutes_and_is_part_of_the_water(animal) -> None:
    round_s = animal.blood_volume_m3 / animal.cardiac_output_m3_per_s
    assert 5 < round_s < 150
    assert animal.blood_volume_m3 < 0.2 * animal.body_water_m3
    assert animal.body_water_m3 < 1.05e-3 * animal.mass_kg


def test_the_stroke_of_a_heart_is_a_small_part_of_the_blood(animal) -> None:
    stroke_m3 = animal.cardiac_output_m3_per_s / animal.heart_rate_per_s
    assert 0.002 < stroke_m3 / animal.blood_volume_m3 < 0.05


def test_a_breath_is_that_of_a_lung(animal) -> None:
    """Stahl's tidal volume is 7.7 ml/kg in mammals of all sizes."""
    if animal.ventilation_m3_per_s is not None:
        tidal_ml_per_kg = animal.ventilation_m3_per_s / animal.respiration_rate_per_s / animal.mass_kg / ML
        assert 3 < tidal_ml_per_kg < 20


def test_temperatures(animal) -> None:
    assert animal.ectotherm == (animal.species == "zebrafish")
    assert animal.ectotherm or 36 < animal.temperature_degc < 42


def test_masses_of_the_sexes_lie_within_the_species(animal) -> None:
    least, most = (TABLE[f"{animal.species}.mass_{word}"].si for word in ("least", "most"))
    for sex in ("female", "male"):
        if f"{animal.species}.body_mass_{sex}" in TABLE:
            assert least < TABLE[f"{animal.species}.body_mass_{sex}"].si < most
    assert TABLE[f"{animal.species}.birth_mass"].si < least <= animal.mass_kg <= most


@pytest.mark.parametrize("quantity", ["litter_size", "gestation"])
def test_breeding_is_known_of_every_species(quantity: str) -> None:
    assert {f"{name}.{quantity}" for name in ALL} <= set(TABLE)


def test_rows_of_a_law_are_that_law() -> None:
    """A row that no source gives is the law's value at the default mass, and says that it is derived."""
    ruled = [row for row in TABLE.values() if "law" in row.extra]
    assert len(ruled) > 30
    for row in ruled:
        name, _, quantity = row.name.partition(".")
        assert row.kind == "derived"
        if f"law.{quantity}" in N.tables["physiology"]:
            due = body.law(N, quantity, species.species(N, name).mass_kg)
        else:
            values = [TABLE[f"{one}.{quantity}"].si for one in SIX]
            flow = quantity.endswith("_at_1kg")
            due = math.exp(sum(map(math.log, values)) / 6) if flow else sum(values) / 6
        assert row.si == pytest.approx(due, rel=0.006), row.name


def test_wests_law_says_of_the_measured_hearts_what_was_measured() -> None:
    """Rows that are measured set nothing in the law: mouse 600, rat 355, hamster 390, dog 115, human 65 /min."""
    measured = [name for name in ALL if TABLE[f"{name}.heart_rate"].kind == "measured"]
    assert {"mouse", "hamster", "gerbil", "guinea_pig", "rabbit", "dog", "human"} <= set(measured)
    for name in measured:
        ratio = TABLE[f"{name}.heart_rate"].si / body.law(N, "heart_rate", species.species(N, name).mass_kg)
        assert 0.55 < ratio < 1.45, name


def test_a_mouse_of_25_g() -> None:
    mouse = body.body(N, "mouse")
    assert mouse.heart_rate_per_s * 60 == 600
    assert mouse.gfr_m3_per_s / ML / PER_MIN == pytest.approx(0.331, abs=0.0005)
    limits = body.sample_limits_m3(N, mouse)
    # NC3Rs says below 0.14, 0.21 and 0.01 ml for 25 g.
    assert [round(limits[word] / ML, 2) for word in ("single", "in_28_d", "daily")] == [0.15, 0.22, 0.01]


def test_a_larger_animal_of_a_species_is_slower() -> None:
    small, large = body.body(N, "mouse", 0.0125), body.body(N, "mouse", 0.05)
    assert small.heart_rate_per_s / large.heart_rate_per_s == pytest.approx(4**0.25)
    assert large.gfr_m3_per_s / small.gfr_m3_per_s == pytest.approx(4**0.75)
    assert large.blood_volume_m3 == pytest.approx(4 * small.blood_volume_m3)


@pytest.mark.parametrize(
    ("name", "mass_kg", "words"), [("mouse", 2.5, "2.5 kg"), ("rat", 0.01, "10 g"), ("dog", 500, "500 kg")]
)
def test_a_mass_outside_the_species_is_refused(name: str, mass_kg: float, words: str) -> None:
    with pytest.raises(DataError, match=f"a {name} of {words} does not exist; the mass of a {name} is"):
        body.body(N, name, mass_kg)


@given(st.sampled_from(ALL), st.floats(0, 400 * 86400))
def test_bodies_grow_from_birth_to_adult(name: str, age_s: float) -> None:
    birth, adult = TABLE[f"{name}.birth_mass"].si, species.species(N, name).mass_kg
    assert birth * 0.999 <= body.mass_at_age_kg(N, name, age_s) <= adult * 1.001
    assert body.mass_at_age_kg(N, name, age_s) <= body.mass_at_age_kg(N, name, age_s + 86400)


def test_a_mouse_is_grown_at_eight_weeks() -> None:
    assert body.mass_at_age_kg(N, "mouse", 0) == pytest.approx(1.3e-3)
    assert 0.6 < body.mass_at_age_kg(N, "mouse", 56 * 86400) / 0.025 < 1


def test_volumes_by_route() -> None:
    mouse = body.body(N, "mouse")
    assert body.check_route_volume(N, mouse, "ip", 0.5 * ML) == "ok"
    assert body.check_route_volume(N, mouse, "ip", 0.6 * ML) == "warn"
    with pytest.raises(DataError, match=r"3 ml by route 'ip' is too much for a mouse of 25 g; at most 2 ml"):
        body.check_route_volume(N, mouse, "ip", 3 * ML)
    with pytest.raises(DataError, match="no limit of volume is known for route 'oral' in the hamster; known: iv"):
        body.check_route_volume(N, body.body(N, "hamster"), "oral", ML)


def test_the_seed_paper_stands_beside_as_printed() -> None:
    printed = [row for row in TABLE.values() if "seed_as_printed" in row.name]
    assert len(printed) >= 15
    assert all(row.source == "dillenseger2020" and "as printed" in row.note for row in printed)
    assert TABLE["mouse.filtration_seed_as_printed"].value == 12
