"""``twin physics phantom`` and ``transmission``."""

import pytest

CYLINDER = (
    "physics",
    "phantom",
    "--shape",
    "cylinder",
    "--diameter",
    "25 mm",
    "--length",
    "70 mm",
    "--energy",
    "511 keV",
)


def test_phantom_has_the_promised_keys_and_the_known_numbers(twin):
    found = twin(*CYLINDER, "--precision", "0.3%", "--json").data
    assert {"unscattered", "escape_above", "deposit_kev_per_photon", "relative_error", "photons_per_second"} <= set(
        found
    )
    assert found["unscattered"] == pytest.approx(0.8475, abs=0.002)
    assert found["escape_above"]["350"] == pytest.approx(0.9135, abs=0.002)
    assert found["deposit_kev_per_photon"] == pytest.approx(28.83, rel=0.01)
    assert found["relative_error"] <= 0.003


def test_phantom_for_a_person(twin):
    said = twin(
        "physics", "phantom", "--diameter", "30 mm", "--energy", "140.5 keV", "--shape", "sphere", "--precision", "1%"
    )
    assert said.code == 0
    assert "leave unscattered" in said.out
    assert "Photons only" in said.out


def test_transmission_narrow(twin):
    found = twin(
        "physics", "transmission", "--energy", "511 keV", "--material", "lead", "--thickness", "10 mm", "--json"
    ).data
    assert found["narrow"] == pytest.approx(0.1699, rel=0.002)
    assert found["half_value_layer_m"] == pytest.approx(3.91e-3, rel=0.002)
    assert "broad_photons" not in found


def test_transmission_broad(twin):
    words = ("--energy", "511 keV", "--material", "water", "--thickness", "100 mm", "--broad", "--precision", "0.5 %")
    found = twin("physics", "transmission", *words, "--json").data
    assert found["narrow"] < found["broad_energy"] < found["broad_photons"] < 1.0
    assert found["relative_error"] <= 0.005
    assert "buildup" in twin("physics", "transmission", *words).out


def test_a_layer_too_thick_to_count_photons_is_told_so(twin):
    words = ("--energy", "140.5 keV", "--material", "lead", "--thickness", "20 mm", "--broad")
    assert twin("physics", "transmission", *words, "--json").data["broad_photons"] is None
    assert "not modelled" in twin("physics", "transmission", *words).out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("phantom", "--diameter", "25 mm", "--energy", "511"), 3, "no unit"),
        (("phantom", "--diameter", "25 mm", "--energy", "5 keV"), 3, "10 keV to 3 MeV"),
        (("phantom", "--diameter", "25 mm", "--energy", "nan keV"), 3, "finite number"),
        (("phantom", "--diameter", "0 mm", "--energy", "511 keV"), 3, "has a width"),
        (("phantom", "--diameter", "-1 mm", "--energy", "511 keV"), 3, "below"),
        (
            ("phantom", "--diameter", "25 mm", "--energy", "511 keV", "--shape", "cilinder"),
            2,
            "did you mean 'cylinder'",
        ),
        (("phantom", "--diameter", "25 mm", "--energy", "511 keV", "--material", "watr"), 3, "did you mean 'water'"),
        (("phantom", "--diameter", "25 mm", "--energy", "511 keV", "--precision", "0 %"), 2, "precision"),
        (("transmission", "--energy", "4 MeV", "--material", "lead", "--thickness", "1 mm"), 3, "10 keV to 3 MeV"),
        (("transmission", "--energy", "511 keV", "--material", "lead", "--thickness", "1 kg"), 3, "length"),
    ],
)
def test_wrong_words_are_told_plainly(twin, words, code, said):
    answered = twin("physics", *words)
    assert answered.code == code
    assert said in answered.err


def test_sensitivity_has_the_promised_keys(twin):
    found = twin("physics", "sensitivity", "siemens_inveon", "--json").data
    assert {"per_crystal_pct", "per_block_pct", "working_pct", "relative_error", "pairs", "seconds"} <= set(found)
    assert 0.9 * found["per_crystal_pct"] < 9.3 < 1.1 * found["per_block_pct"]
    assert found["relative_error"] <= 0.005
    assert "pet_geometry.siemens_inveon.pitch_around" in found["assumed"]


def test_sensitivity_beside_the_centre_in_another_window(twin):
    words = (
        "physics",
        "sensitivity",
        "siemens_inveon",
        "--window",
        "350-650 keV",
        "--at",
        "0,0,40 mm",
        "--precision",
        "2%",
    )
    found = twin(*words, "--json").data
    assert found["window_kev"] == [350.0, 650.0]
    assert found["at_m"] == [0.0, 0.0, 0.04]
    assert found["per_block_pct"] < 4.0
    assert "not published" in twin(*words).out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("siemens_invion",), 3, "did you mean 'siemens_inveon'"),
        (("nobody.yaml",), 3, "cannot be read"),
        (("siemens_inveon", "--window", "250"), 3, "such as '250-750 keV'"),
        (("siemens_inveon", "--window", "750-250 keV"), 3, "not below"),
        (("siemens_inveon", "--window", "nan-250 keV"), 3, "number"),
        (("siemens_inveon", "--window", "600-900 keV"), 3, "outside the spectrum"),
        (("siemens_inveon", "--at", "0,0 mm"), 3, "such as '0,0,20 mm'"),
        (("siemens_inveon", "--at", "0,0,x mm"), 3, "--at"),
        (("siemens_inveon", "--at", "100,0,0 mm"), 3, "the bore ends"),
        (("siemens_inveon", "--precision", "0"), 2, "precision"),
        (("siemens_inveon", "--precision", "1e-7"), 2, "at least 0.001%"),
        (("siemens_inveon", "--window", "0-1e9 keV"), 3, "no window reaches beyond 3000 keV"),
    ],
)
def test_wrong_words_for_a_scanner_are_told_plainly(twin, words, code, said):
    answered = twin("physics", "sensitivity", *words)
    assert answered.code == code
    assert said in answered.err


def test_nema(twin, tmp_path):
    words = ("physics", "nema", "siemens_inveon", "--window", "350-650 keV", "--precision", "3 %")
    found = twin(*words, "--json", "--plot", str(tmp_path / "rates.html")).data
    assert found["phantom"] == "mouse"
    assert found["peak_sensitivity_pct"]["per_crystal"] < found["peak_sensitivity_pct"]["per_block"]
    assert 5.0 < found["scatter_fraction_pct"] < found["scatter_fraction_true_pct"] < 15.0
    assert found["rates"][0]["necr_kcps"] == 0.0
    assert max(row["necr_kcps"] for row in found["rates"]) == pytest.approx(found["necr_peak_kcps"], rel=2e-3)
    assert "Noise-equivalent" in (tmp_path / "rates.html").read_text()
    assert "losses of the electronics" in twin(*words[:-1], "20 %").out


def test_hotel(twin):
    found = twin("physics", "hotel", "siemens_inveon", "--bed", "mouse_2", "--precision", "3 %", "--json").data
    assert [place["x_mm"] for place in found["places"]] == pytest.approx([0.0, 0.0], abs=21)
    assert all(0.8 < place["trues_to_alone"] < 1.0 for place in found["places"])
    assert "beds.mouse_2.radius" in found["assumed"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nema", "siemens_inveon", "--phantom", "monkey"), 2, "none of mouse, rat"),
        (("nema", "siemens_inveon", "--nuclide", "F-19"), 3, "F-18"),
        (("nema", "siemens_inveon", "--nuclide", "Lu-177"), 3, "Lu-177 emits no positrons"),
        (("nema", "siemens_inveon", "--nuclide", "Ge-68"), 3, "its progeny Ga-68 does"),
        (("nema", "siemens_inveon", "--highest", "1 Bq"), 3, "below"),
        (("nema", "siemens_inveon", "--precision", "9 %", "--plot", "no/such/folder.html"), 2, "cannot be written"),
        (("hotel", "siemens_inveon", "--bed", "mouse_9"), 3, "did you mean"),
        (("hotel", "sofie_g8", "--bed", "mouse_4"), 3, "the bore ends"),
    ],
)
def test_wrong_words_for_nema_and_hotel_are_told_plainly(twin, words, code, said):
    answered = twin("physics", *words)
    assert answered.code == code
    assert said in answered.err
