"""``twin physics spect``, ``ct``, ``optical``, ``mri``."""

import pytest


def test_spect_counts_windows(twin):
    said = twin("physics", "spect", "u_spect_ii_mouse_060", "--nuclide", "In-111", "--activity", "2 MBq", "--json").data
    assert [round(window["low_kev"]) for window in said["windows"]] == [154, 221]
    assert said["cps_per_mbq"] == pytest.approx(sum(window["cps_per_mbq"] for window in said["windows"]))
    assert said["counts"] == pytest.approx(said["cps_per_mbq"] * 2 * 1800)
    assert "collimators.u_spect_ii_mouse_060.distance" in said["assumed"]


def test_ct_finds_the_dose_of_a_noise(twin):
    said = twin("physics", "ct", "--filter", "aluminium 0.5 mm", "--noise", "100", "--json").data
    assert said["noise_hu"] == pytest.approx(100)
    finer = twin("physics", "ct", "--filter", "aluminium 0.5 mm", "--noise", "100", "--voxel", "50 um", "--json").data
    assert finer["dose_mgy"] == pytest.approx(16 * said["dose_mgy"])


def test_optical_and_mri(twin):
    assert twin("physics", "optical", "--after", "12 min", "--json").data["signal_of_peak_pct"] > 99
    night, ages = (twin("physics", "optical", "--time", time, "--json").data["counts"] for time in ("100 h", "1000 a"))
    assert ages > 0.0
    assert night == pytest.approx(ages)
    slow, quick = (twin("physics", "mri", "--snr", "30", "--coil", c, "--json").data for c in ("volume", "cryogenic"))
    assert slow["time_s"] / quick["time_s"] == pytest.approx(6.25)
    assert "signal to noise" in twin("physics", "mri").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("spect", "inveon_singel_05"), 3, "did you mean 'inveon_single_05'"),
        (("spect", "inveon_single_05", "--nuclide", "Y-90"), 3, "no line"),
        (("ct", "--voltage", "5 kV"), 3, "20 to 160 kV"),
        (("ct", "--filter", "lead"), 3, "such as 'aluminium 0.5 mm'"),
        (("ct", "--filter", "lead 100 mm"), 3, "nothing passes"),
        (("ct", "--voxel", "1 m"), 3, "micro-CT has at most 2 mm"),
        (("ct", "--animal", "30 m"), 3, "does not fit"),
        (("spect", "inveon_single_05", "--animal", "30 m"), 3, "at most 1 m wide"),
        (("ct", "--noise", "1e-9"), 3, "no tube stands"),
        (("ct", "--noise", "0"), 2, "above zero"),
        (("ct", "--noise", "100", "--time", "5 s"), 2, "leave --current and --time out"),
        (("mri", "--snr", "10", "--time", "5 min"), 2, "leave --time out"),
        (("mri", "--coil", "volum"), 2, "did you mean 'volume'"),
        (("mri", "--voxel", "1 m"), 3, "at most 20 mm"),
        (("mri", "--field", "0 T"), 3, "0.01 to 30 T"),
        (("mri", "--snr", "nan"), 2, "above zero"),
        (("optical", "--photons", "-1"), 2, "not below zero"),
        (("optical", "--photons", "nan"), 2, "finite"),
        (("optical", "--depth", "1 m"), 3, "no light is seen"),
    ],
)
def test_mistakes_are_told(twin, words, code, said):
    found = twin("physics", *words)
    assert found.code == code
    assert said in found.err


def test_thin_walls_are_told(twin):
    words = ("physics", "spect", "low_energy_parallel", "--nuclide", "I-131")
    said = twin(*words, "--json").data
    assert said["through_walls_cps_per_mbq"] > 50 * said["cps_per_mbq"] > 0.0
    assert "55 % of 359 keV" in said["warnings"][0]
    assert "Mind: the walls of collimator low_energy_parallel" in twin(*words).out
    outside = twin("physics", "spect", "low_energy_parallel", "--at", "0,0,500 mm", "--json").data
    assert (outside["cps_per_mbq"], outside["through_walls_cps_per_mbq"]) == (0.0, 0.0)
    model, own = (
        twin("physics", "spect", name, "--json").data for name in ("milabs_u_spect6_ct", "u_spect_ii_mouse_060")
    )
    assert model["cps_per_mbq"] == own["cps_per_mbq"]


def test_nema_says_how_sharp(twin):
    said = twin("physics", "nema", "safir_prototype", "--precision", "10 %", "--json").data
    assert list(said["resolution_mm"]) == ["0", "5", "10", "15", "25"]
    assert said["resolution_mm"]["25"] > said["resolution_mm"]["0"]
    assert 0 < said["rod_recovery"]["1"] < said["rod_recovery"]["5"] < 1
    assert said["tenth_mm"]["0"] > 1.8 * said["resolution_mm"]["0"]
    assert said["line_source_mm"]["half"] < said["resolution_mm"]["0"]
