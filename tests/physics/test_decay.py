"""Decay against numbers computed elsewhere; where a number is from a publication, it is named."""

import math

import numpy as np
import pytest

from twin.errors import DataError
from twin.physics import decay
from twin.sources import default_numbers

N = default_numbers()
MIN, H, D = 60.0, 3600.0, 86400.0


def constant(nuclide: str) -> float:
    return decay.decay_constant_per_s(N, nuclide)


@pytest.mark.parametrize(
    ("nuclide", "minutes", "percent", "rounding"),
    [
        ("F-18", 60, 68.5, 0.05),
        ("F-18", 120, 46.9, 0.05),
        ("F-18", 150, 38.8, 0.05),
        ("Ga-68", 60, 54, 0.5),
        ("Ga-68", 120, 29, 0.5),
        ("Ga-68", 150, 21.5, 0.05),
        ("C-11", 60, 13, 0.5),
    ],
)
def test_what_is_kept_over_waiting(nuclide: str, minutes: float, percent: float, rounding: float) -> None:
    kept = 100 * decay.remaining(1.0, constant(nuclide), minutes * MIN)
    assert kept == pytest.approx(percent, abs=rounding)


def test_f18_after_two_hours() -> None:
    # Acceptance sheet of eucariota-git/radionuclides-main: 1000 MBq F-18 is 468.7 MBq after 2 h.
    assert decay.remaining(1000e6, constant("F-18"), 2 * H) / 1e6 == pytest.approx(468.7, abs=0.1)


def test_decay_corrected_draw() -> None:
    # 7.4 MBq F-18 wanted in 45 min; A exp(lambda t) with 109.77 min (ICRP-107).
    assert decay.remaining(7.4e6, constant("F-18"), -45 * MIN) == pytest.approx(9.831922e6, rel=1e-6)


@pytest.mark.parametrize(
    ("nuclide", "seconds"),
    [
        ("F-18", 9501.88),
        ("C-11", 1764.99),
        ("Ga-68", 5861.09),
        ("Tc-99m", 31240.1),
        ("Cu-64", 65960.0),
        ("Zr-89", 407238),
        ("I-124", 520534),
        ("I-131", 999771),
        ("Lu-177", 828541),
    ],
)
def test_time_integrated_activity(nuclide: str, seconds: float) -> None:
    # Half-life / ln 2, ICRP-107.
    assert decay.decays_between(1.0, constant(nuclide), 1e9) == pytest.approx(seconds, rel=1e-5)
    assert decay.atoms(1.0, constant(nuclide)) == pytest.approx(seconds, rel=1e-5)


@pytest.mark.parametrize(("minutes", "factor"), [(30, 0.9110), (60, 0.8324), (90, 0.7628)])
def test_decay_reduction_factor_of_tg_108(minutes: float, factor: float) -> None:
    # AAPM TG-108 prints 0.91, 0.83 and 0.76 for F-18.
    elapsed = minutes * MIN
    assert decay.decays_between(1.0, constant("F-18"), elapsed) / elapsed == pytest.approx(factor, rel=1e-3)


def test_ten_half_lives() -> None:
    half_life = decay.half_life_s(N, "F-18")
    assert 10 * half_life / H == pytest.approx(18.295)
    assert decay.remaining(1.0, constant("F-18"), 10 * half_life) == pytest.approx(9.765625e-4, rel=1e-12)


def test_ten_half_lives_is_not_clearance() -> None:
    # 100 MBq F-18 in 1 kg to the 10 Bq/g of StrlSchV, annex 4.
    elapsed = decay.elapsed_until_s(100e6, constant("F-18"), 1e4)
    assert elapsed / H == pytest.approx(24.31, rel=1e-3)
    assert elapsed / decay.half_life_s(N, "F-18") == pytest.approx(13.29, rel=1e-3)


def test_lutetium_waste() -> None:
    # Acceptance sheet of eucariota-git/radionuclides-main: 2 GBq in 10 kg to 100 Bq/g after 72.8 d.
    assert decay.elapsed_until_s(2e9, constant("Lu-177"), 1e6) / D == pytest.approx(72.89, rel=2e-3)
    assert decay.elapsed_until_s(1.0, constant("Lu-177"), 2.0) == 0


def test_effective_half_life() -> None:
    assert decay.effective_half_life_s(8.0207 * D, 4 * D) / D == pytest.approx(2.66896, rel=1e-5)


def test_technetium_generator() -> None:
    # Bateman equation, ICRP-107 half-lives and branching 0.8773; equal to radioactivedecay 0.6.1.
    parent, daughter = constant("Mo-99"), constant("Tc-99m")
    grown = [decay.ingrown(1.0, parent, daughter, 0.8773, hours * H) for hours in (6, 12, 23, 24)]
    assert grown == pytest.approx([0.422839, 0.608779, 0.689861, 0.689355], abs=1e-6)
    peak = decay.ingrowth_peak_s(parent, daughter)
    assert peak / H == pytest.approx(22.8646, rel=1e-4)
    ratio = decay.ingrown(1.0, parent, daughter, 0.8773, peak) / decay.remaining(1.0, parent, peak)
    assert ratio == pytest.approx(0.8773, abs=1e-9)
    late = 30 * D
    ratio = decay.ingrown(1.0, parent, daughter, 0.8773, late) / decay.remaining(1.0, parent, late)
    assert ratio == pytest.approx(0.965359, abs=1e-6)


def test_gallium_regrowth() -> None:
    parent, daughter = constant("Ge-68"), constant("Ga-68")
    hours = (0.5, 1, 2, 3, 4)
    full = daughter / (daughter - parent)
    grown = [
        decay.ingrown(1.0, parent, daughter, 1.0, h * H) / (full * decay.remaining(1.0, parent, h * H)) for h in hours
    ]
    assert grown == pytest.approx([0.264391, 0.458880, 0.707189, 0.841554, 0.914262], abs=1e-6)


def test_ingrowth_of_equal_half_lives() -> None:
    assert decay.ingrown(1.0, 1e-4, 1e-4, 1.0, 1e4) == pytest.approx(math.exp(-1))


def test_what_remains_and_what_decays_is_all() -> None:
    for elapsed in (1e-3, 1.0, 1e5):
        parts = (f(25e6, constant("F-18"), elapsed) for f in (decay.remaining, decay.decayed_between))
        assert math.fsum(parts) == pytest.approx(25e6, rel=1e-15)


def test_almost_nothing_decays_exactly() -> None:
    per_s = constant("Co-60")
    assert decay.decayed_between(1e6, per_s, 1e-3) == pytest.approx(1e6 * per_s * 1e-3, rel=1e-12)


def test_arrays_and_floats_agree() -> None:
    times = np.array([0.0, 60.0, 3600.0])
    per_s = constant("F-18")
    for function in (decay.remaining, decay.decayed_between, decay.decays_between):
        each = [function(1e6, per_s, float(t)) for t in times]
        assert function(np.full(3, 1e6), per_s, times) == pytest.approx(each)
    assert type(decay.remaining(1e6, per_s, 60.0)) is float


def test_moles_are_atoms_over_avogadro() -> None:
    # 37 MBq of carrier-free F-18 is 0.58 pmol.
    assert decay.moles_radioactive(37e6, constant("F-18")) == pytest.approx(5.838e-13, rel=1e-3)


@pytest.mark.parametrize("spelling", ["F-18", "F18", "18F", "f-18", " 18-F ", "F 18", "18 f"])
def test_spellings_of_fluorine(spelling: str) -> None:
    assert decay.canonical(N, spelling) == "F-18"


@pytest.mark.parametrize("spelling", ["Tc-99m", "Tc99m", "99mTc", "99m-Tc", "TC-99M", "tc99m"])
def test_spellings_of_technetium(spelling: str) -> None:
    assert decay.canonical(N, spelling) == "Tc-99m"


@pytest.mark.parametrize("nuclide", ["", "F", "F-19x", "unobtainium", "18F18"])
def test_unknown_nuclides_are_refused(nuclide: str) -> None:
    with pytest.raises(DataError, match="is not known"):
        decay.canonical(N, nuclide)


def test_the_nearest_nuclide_is_named() -> None:
    with pytest.raises(DataError, match="did you mean 'Tc-99m'"):
        decay.half_life_s(N, "Tc-98m")


def test_positron_branching() -> None:
    # Beta-plus yields printed beside the mean energies of ICRP-107.
    printed = {"F-18": 0.9673, "C-11": 0.99767, "Ga-68": 0.88911, "Zr-89": 0.22741, "I-124": 0.22862, "Rb-82": 0.95414}
    found = {nuclide: decay.positron_branching(N, nuclide) for nuclide in printed}
    assert found == pytest.approx(printed, abs=3e-4)
    assert decay.positron_branching(N, "Tc-99m") == 0


def test_every_nuclide_has_a_half_life_and_a_branching() -> None:
    asked = "F-18 C-11 N-13 O-15 Ga-68 Cu-64 Zr-89 Tc-99m In-111 I-123 I-124 I-125 I-131 Lu-177 Y-90 Ra-223 Ac-225"
    assert set(asked.split()) <= set(decay.nuclides(N))
    for nuclide in decay.nuclides(N):
        assert decay.half_life_s(N, nuclide) > 0
        assert 0 <= decay.positron_branching(N, nuclide) <= 1


def test_what_was_asked_for_is_remembered() -> None:
    numbers = default_numbers()
    decay.half_life_s(numbers, "18F")
    assert numbers.used == {"nuclides.F-18.half_life"}
