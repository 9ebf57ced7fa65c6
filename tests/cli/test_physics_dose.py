"""``twin physics dose-rate`` and ``shield``: the numbers, the keys, and what is refused."""

import pytest

FLUORINE = ("physics", "dose-rate", "--nuclide", "F-18", "--activity", "37 MBq", "--distance", "30 cm")


def test_the_object_has_these_keys(twin):
    said = twin(*FLUORINE, "--time", "2 min", "--json")
    assert (said.code, said.err) == (0, "")
    assert set(said.data) == {"air_kerma_uGy_per_h", "h10_uSv_per_h", "h10_uSv", "method"}
    # T26; 165.5 and 134.5 uSv and uGy m2/(GBq h).
    assert said.data["h10_uSv"] == pytest.approx(2.2537, rel=1e-3)
    assert said.data["h10_uSv_per_h"] == pytest.approx(165.5 * 0.037 / 0.09, rel=1e-3)
    assert said.data["air_kerma_uGy_per_h"] == pytest.approx(134.51 * 0.037 / 0.09, rel=1e-3)
    assert "from 20 keV" in said.data["method"]
    assert "photons only" in said.data["method"]


def test_without_a_time_there_is_no_dose(twin):
    assert twin(*FLUORINE, "--json").data["h10_uSv"] is None


def test_a_page_names_all_quantities(twin):
    page = twin(*FLUORINE, "--time", "2 min").out
    for words in ("air kerma", "H*(10)", "Hp(10)", "Hp(0.07)", "Hp(3)", "68.0", "2.254 uSv", "photons only"):
        assert words in page


def test_a_wall_is_named_with_its_method(twin):
    bare, walled = (twin(*FLUORINE, *wall, "--json").data for wall in ((), ("--shield", "lead 16 mm")))
    # T09: 0.0990 of 511 keV.
    assert walled["h10_uSv_per_h"] / bare["h10_uSv_per_h"] == pytest.approx(0.0990, abs=5e-5)
    assert "lead 16 mm: Archer, AAPM TG-108" in walled["method"]
    other = twin(*FLUORINE, "--shield", "tungsten 5 mm", "--json").data
    assert "point kernel" in other["method"]
    assert 0.3 < other["h10_uSv_per_h"] / bare["h10_uSv_per_h"] < 0.5


def test_progeny_come_along_unless_told(twin):
    words = ("physics", "dose-rate", "--nuclide", "Ac-225", "--activity", "1 GBq", "--distance", "1 m", "--json")
    whole, alone = twin(*words).data, twin(*words, "--no-progeny").data
    assert whole["h10_uSv_per_h"] == pytest.approx(35.3, rel=0.03)
    assert alone["h10_uSv_per_h"] < 0.1 * whole["h10_uSv_per_h"]
    assert "Bi-213" in whole["method"]
    assert "no progeny" in alone["method"]


def test_a_beta_emitter_is_not_nothing(twin):
    said = twin("physics", "dose-rate", "--nuclide", "Y-90", "--activity", "1 GBq", "--distance", "1 m", "--json").data
    assert said["h10_uSv_per_h"] == pytest.approx(0.94, rel=0.5)
    assert "bremsstrahlung" in said["method"]
    assert "photons only" in said["method"]


def test_nothing_is_null(twin):
    words = ("physics", "dose-rate", "--nuclide", "Ge-68", "--activity", "1 GBq", "--distance", "1 m", "--no-progeny")
    assert twin(*words, "--json").data["h10_uSv_per_h"] is None
    assert "not modelled" in twin(*words).out


def test_how_thick(twin):
    said = twin("physics", "shield", "--nuclide", "F-18", "--material", "Lead", "--transmission", "0.1", "--json").data
    assert said["thickness_mm"] == pytest.approx(15.94, rel=1e-3)
    assert "TG-108" in said["method"]
    assert said["by_method_mm"]["oumano2025"] == pytest.approx(15.4, rel=0.01)
    assert said["value_layers_mm"]["hvl"] == pytest.approx(5.31, rel=1e-3)
    percent = twin("physics", "shield", "--nuclide", "F-18", "--material", "lead", "--transmission", "10 %")
    assert "15.94 mm" in percent.out
    assert "15.43 mm" in percent.out


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("dose-rate", "--nuclide", "F-81", "--activity", "1 MBq", "--distance", "1 m"), 3, "did you mean 'F-18'"),
        (("dose-rate", "--nuclide", "F-18", "--activity", "1 MBq", "--distance", "-1 m"), 3, "below 0"),
        (("dose-rate", "--nuclide", "F-18", "--activity", "1 MBq", "--distance", "0 m"), 3, "between 1 mm and 10 km"),
        (("dose-rate", "--nuclide", "F-18", "--activity", "1 MBq", "--distance", "1e9 km"), 3, "above"),
        (("dose-rate", "--nuclide", "F-18", "--activity", "-1 MBq", "--distance", "1 m"), 3, "below 0"),
        (
            ("dose-rate", "--nuclide", "F-18", "--activity", "1 MBq", "--distance", "1 m", "--shield", ""),
            3,
            "no layers",
        ),
        (
            ("dose-rate", "--nuclide", "F-18", "--activity", "1 MBq", "--distance", "1 m", "--shield", "leed 1 mm"),
            3,
            "did you mean 'lead'",
        ),
        (("dose-rate", "--nuclide", "F-18", "--activity", "1 MBq"), 2, "Missing option"),
        (("shield", "--nuclide", "F-18", "--material", "lead", "--transmission", "2"), 3, "and at most 1"),
        (("shield", "--nuclide", "F-18", "--material", "lead", "--transmission", "0"), 3, "and at most 1"),
        (("shield", "--nuclide", "F-18", "--material", "cheese", "--transmission", "0.1"), 3, "'cheese'"),
        (("shield", "--nuclide", "F-18", "--material", "lead", "--transmission", "half"), 3, "'half'"),
    ],
)
def test_what_is_no_question(twin, words, code, why):
    said = twin("physics", *words)
    assert said.code == code, said.err
    assert why in said.err


def test_skin_that_electrons_reach_is_not_told_by_photons_alone(twin):
    """118 mSv/h of a bare gigabecquerel at 30 cm are usual in tables for 32P."""
    words = ("physics", "dose-rate", "--nuclide", "P-32", "--activity", "1 GBq", "--distance")
    near = twin(*words, "30 cm", "--time", "1 min").out
    skin, eyes = (next(line.split() for line in near.splitlines() if name in line) for name in ("Hp(0.07)", "Hp(3)"))
    assert float(skin[1]) == pytest.approx(118e3, rel=0.2)
    assert float(skin[3]) == pytest.approx(float(skin[1]) / 60.0, rel=0.01)
    assert eyes[1:] == ["not", "modelled", "not", "modelled"]
    assert "electrons of up to" in near
    thin = twin(*words, "30 cm", "--shield", "PMMA 1 mm").out
    assert thin.count("not modelled") >= 2
    assert "behind a wall" in thin
    far = twin(*words, "20 m").out
    assert "not modelled" not in far
    assert "electrons" not in far


def test_acrylic_stops_the_electrons_of_phosphorus(twin):
    """Range of the endpoint, 1710 keV, by ESTAR: 0.80 g/cm2 of acrylic; its hardest group is some per cent softer."""
    said = twin("physics", "shield", "--nuclide", "P-32", "--material", "acrylic", "--transmission", "0.1", "--json")
    assert 0.9 * 0.80 / 1.19 * 10.0 < said.data["electrons_stopped_by_mm"] < 0.80 / 1.19 * 10.0
