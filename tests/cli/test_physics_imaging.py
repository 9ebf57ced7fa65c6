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
    slow, quick = (twin("physics", "mri", "--snr", "30", "--coil", c, "--json").data for c in ("volume", "cryogenic"))
    assert slow["time_s"] / quick["time_s"] == pytest.approx(6.25)
    assert "signal to noise" in twin("physics", "mri").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("spect", "inveon_singel_05"), "did you mean 'inveon_single_05'"),
        (("spect", "inveon_single_05", "--nuclide", "Y-90"), "no line"),
        (("ct", "--voltage", "5 kV"), "20 to 160 kV"),
        (("ct", "--filter", "lead"), "mm"),
        (("ct", "--noise", "0"), "above zero"),
        (("mri", "--coil", "volum"), "did you mean 'volume'"),
        (("optical", "--photons", "-1"), "not below zero"),
    ],
)
def test_mistakes_are_told(twin, words, said):
    found = twin("physics", *words)
    assert found.code == 3
    assert said in found.err


def test_nema_says_how_sharp(twin):
    said = twin("physics", "nema", "safir_prototype", "--precision", "10 %", "--json").data
    assert list(said["resolution_mm"]) == ["0", "5", "10", "15", "25"]
    assert said["resolution_mm"]["25"] > said["resolution_mm"]["0"]
    assert 0 < said["rod_recovery"]["1"] < said["rod_recovery"]["5"] < 1
