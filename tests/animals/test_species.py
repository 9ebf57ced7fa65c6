import pytest

from twin.animals import species
from twin.errors import DataError
from twin.sources import default_numbers

N = default_numbers()
ML, UL = 1e-6, 1e-9
MIN = 60.0


def test_every_species_is_whole() -> None:
    assert {"mouse", "rat", "rabbit", "hamster", "guinea_pig", "zebrafish"} <= set(species.names(N))
    for name in species.names(N):
        animal = species.species(N, name)
        assert min(animal.mass_kg, animal.blood_volume_m3_per_kg, animal.heart_rate_per_s) > 0


def test_every_species_but_ours_has_limits_in_order() -> None:
    for name in set(species.names(N)) - {"human"}:
        for guide in ("diehl", "eanm"):
            limits = species.iv_volume_limits(N, name, guide)
            assert 0 < limits.good_practice <= limits.bolus <= limits.infusion
    with pytest.raises(DataError, match="no limit of injected volume"):
        species.iv_volume_limits(N, "human")


def test_a_mouse() -> None:
    mouse = species.species(N, "mouse")
    assert mouse.mass_kg == 0.025
    assert mouse.blood_volume_m3_per_kg == pytest.approx(58.5 * ML)
    assert mouse.heart_rate_per_s == 10
    assert species.iv_volume_limits(N, "mouse") == species.VolumeLimits(5e-6, 5e-6, 25e-6)
    assert species.iv_volume_limits(N, "mouse", "eanm").bolus == pytest.approx(10 * ML)
    assert species.iv_volume_limits(N, "rat", "eanm").bolus == pytest.approx(5 * ML)


@pytest.mark.parametrize(
    ("volume_ul", "mass_g", "verdict"),
    [
        (125, 25, "ok"),  # exactly the good practice of Diehl 2001
        (125.1, 25, "warn"),
        (170, 25, "warn"),  # the bolus of Vines 2011 breaks the stricter rule below 34 g
        (170, 34, "ok"),
        (250, 25, "warn"),
        (251, 25, "refuse"),
    ],
)
def test_volumes(volume_ul: float, mass_g: float, verdict: str) -> None:
    limits = species.iv_volume_limits(N, "mouse", "eanm")
    volume = volume_ul * UL / (mass_g / 1000)
    assert species.volume_verdict(volume, limits.good_practice, limits.bolus) == verdict


def test_an_unknown_species_names_the_nearest() -> None:
    with pytest.raises(DataError, match="did you mean 'mouse'"):
        species.species(N, "mose")


def test_a_mouse_of_25_g_filters_a_third_of_a_millilitre() -> None:
    # 5.265 and 150.4 ml/min/kg^0.75 (httk; Davies and Morris 1993) are 0.331 and 9.5 ml/min at 25 g.
    per_minute = ML / MIN
    assert species.gfr_m3_per_s(N, "mouse", 0.025) / per_minute == pytest.approx(0.331, abs=0.0005)
    assert species.cardiac_output_m3_per_s(N, "mouse", 0.025) / per_minute == pytest.approx(9.5, abs=0.05)


def test_the_printed_filtration_of_the_seed_paper_would_be_found_out() -> None:
    row = N.row("species.mouse.gfr_seed_as_printed")
    assert row.value == 24
    assert "never used" in row.note
    assert row.si > species.cardiac_output_m3_per_s(N, "mouse", 0.025)


def test_a_species_is_found_by_what_people_call_it() -> None:
    names = species.names(N)
    assert {species.called(name) for name in names} == set(names)
    assert set(species.ALSO_CALLED.values()) <= set(names)
    assert not set(species.ALSO_CALLED) & set(names)
    said = ("Mouse", " Guinea pig", "guinea-pig", "bird", "MACAQUE")
    assert [species.called(word) for word in said] == ["mouse", "guinea_pig", "guinea_pig", "chicken", "monkey"]
    assert species.called("unicorn") == "unicorn"
