"""NEMA NU 4 predicted: against an independent prediction, against itself, and 176Lu and prompt gammas."""

import math
from dataclasses import replace

import numpy as np
import pytest

from twin.errors import DataError
from twin.physics import detection, histories, intrinsic, nema, prompts
from twin.physics.materials import material
from twin.physics.scene import Emitter
from twin.scanners import beds, pet_geometry
from twin.sources import default_numbers

NUMBERS = default_numbers()
INVEON = pet_geometry.ring(NUMBERS, "siemens_inveon")
NARROW = replace(INVEON, energy_window_kev=(350.0, 650.0))


@pytest.mark.parametrize(("name", "banded", "true"), [("mouse", 7.3, 9.5), ("rat", 20.6, 20.9)])
def test_scatter_fraction_like_another_prediction(name, banded, true, monkeypatch):
    """detection.md, energy summed per block; that prototype had its own crystals and phantom, no bed and no cover."""
    monkeypatch.setattr(nema, "surroundings", lambda _, __, phantom: [phantom.body])
    one = nema.phantom(NUMBERS, name)
    counts, lines = nema.scattering(NARROW, NUMBERS, one, 0.01)
    assert 100 * nema.by_the_band(lines) == pytest.approx(banded, rel=0.15)
    assert 100 * counts.scattered[0, 1] / counts.prompts[0, 1] == pytest.approx(true, rel=0.05)


def test_the_band_takes_what_is_scattered():
    """Trues on the line, a flat floor of scatter: the band's recipe gives the floor's part exactly."""
    lines = np.zeros((2, 160))
    lines[0, :3] = 100.0
    lines[1, :80] = 1.0
    assert nema.by_the_band(lines) == pytest.approx(80.0 / 380.0)


def test_the_profile_holds_every_coincidence_near_the_phantom():
    one = nema.phantom(NUMBERS, "mouse")
    counts, lines = nema.scattering(INVEON, NUMBERS, one, 0.02)
    assert lines[0].sum() == pytest.approx(counts.trues[0, 1], rel=0.02)
    assert lines[1].sum() < counts.scattered[0, 1]
    assert lines[0, :10].sum() > 0.95 * lines[0].sum()  # trues point at the source


def test_the_sensitivity_profile_is_a_tent():
    at_m, profile = nema.along_the_axis(INVEON, 0.02)
    assert at_m[np.argmax(profile[:, 1])] == pytest.approx(0.0, abs=0.012)
    middle = np.abs(at_m) < 0.004
    assert profile[middle, 1].mean() == pytest.approx(detection.sensitivity(INVEON).per_block, rel=0.04)
    assert profile[0, 1] < 0.15 * profile[:, 1].max()
    assert profile[:, 1] == pytest.approx(profile[::-1, 1], rel=0.35)


def test_a_report_hangs_together():
    found = nema.report(INVEON, NUMBERS, "mouse", precision=0.03)
    low = (found.rates.trues[1] + found.rates.scattered[1]) / found.rates.activity_bq[1]
    assert 0.85 < low / (0.9675 * found.counts.prompts[0, 1]) < 1.0  # lines that miss the phantom do not count
    assert 0.83 < found.as_measured / detection.sensitivity(INVEON).per_block < 0.92
    assert found.centre.per_block == pytest.approx(detection.sensitivity(INVEON).per_block, rel=0.045)  # three errors
    assert found.rates.peak is not None
    assert found.prompt_singles == 0.0


def test_a_phantom_that_is_none():
    with pytest.raises(DataError, match="did you mean 'mouse'"):
        nema.phantom(NUMBERS, "mouze")


# 176Lu and prompt gammas ---------------------------------------------------------------------------------------------


def test_lutetium_oxyorthosilicate_has_about_three_hundred_becquerels_a_millilitre():
    assert intrinsic.activity_bq_per_m3(INVEON.layers[0], NUMBERS) * 1e-6 == pytest.approx(290.0, rel=0.05)
    bgo = replace(INVEON.layers[0], material=material(NUMBERS, "BGO"))
    assert intrinsic.activity_bq_per_m3(bgo, NUMBERS) == 0.0


def test_betas_of_lutetium_carry_a_third_of_the_endpoint():
    """182 keV on average (from memory); the decay is forbidden, the shape that of an allowed one."""
    energies, weights = intrinsic.beta_spectrum(593.0)
    assert float(energies @ weights / weights.sum()) == pytest.approx(182.0, rel=0.1)


def test_crystals_count_themselves():
    found = intrinsic.background(NARROW, NUMBERS, 0.0205)
    crystals_cm3 = 25600 * 0.151**2 * 1.0
    assert found.activity_bq == pytest.approx(290.0 * crystals_cm3, rel=0.05)
    for k in range(2):
        assert 0.2 < found.singles_per_s[k] / found.activity_bq < 1.0
        assert 0.0 < found.coincidences_per_s[k] < 0.01 * found.activity_bq
    assert found.activity_bq < found.hits_per_s < 3 * found.activity_bq
    wide = intrinsic.background(INVEON, NUMBERS, 0.0205)
    assert wide.coincidences_per_s[1] > 5 * found.coincidences_per_s[1]  # 307 keV is inside 250-625 keV
    assert intrinsic.background(pet_geometry.ring(NUMBERS, "sofie_g8"), NUMBERS, 0.02).activity_bq == 0.0


def test_prompt_gammas_are_singles():
    centre = [Emitter()]
    assert prompts.prompt_singles(INVEON, NUMBERS, "F-18", [], centre).hits == 0.0
    zirconium = prompts.prompt_singles(INVEON, NUMBERS, "Zr-89", [], centre)
    solid_angle = 0.127 / math.hypot(0.127, 0.161)
    assert 0.2 * solid_angle < zirconium.hits < 0.7 * solid_angle  # 909 keV, once a decay
    assert 0.0 < zirconium.singles[1] < zirconium.hits
    iodine = prompts.prompt_singles(INVEON, NUMBERS, "I-124", [], centre)
    assert iodine.singles[1] > 0.3 * iodine.hits  # 603 keV is in the window
    assert zirconium.with_positron == (0.0, 0.0)  # its gamma comes seconds later
    of_a_positron = iodine.with_positron[1] / (0.53 * iodine.singles[1] / 0.63)
    assert of_a_positron == pytest.approx(1.0, abs=0.15)  # of its gammas in the window, 603 keV is most


def test_single_photons_of_511_kev_are_the_singles_of_pairs():
    work = detection.photon_chunks(INVEON, [], [Emitter()], np.array([510.99895]), np.array([1.0]))
    alone = detection.counts(histories.exactly(work, 1 << 18), 1 << 18)
    pairs = detection.chunks(INVEON, [], [Emitter()], singles=True)
    both = detection.counts(histories.exactly(pairs, 1 << 18), 1 << 18)
    assert alone.singles == pytest.approx(both.singles / 2, rel=0.01)


# Beds ----------------------------------------------------------------------------------------------------------------


def test_places_of_a_hotel_see_less_than_the_centre():
    found = beds.places(INVEON, beds.bed(NUMBERS, "mouse_4"), NUMBERS, 0.02)
    assert found.in_air / found.in_air_at_centre == pytest.approx(np.full(4, 0.91), abs=0.05)
    assert (found.trues / found.trues_alone < 0.95).all()
    assert found.trues.std() / found.trues.mean() < 0.04  # four equal places
    alone = beds.places(INVEON, beds.bed(NUMBERS, "mouse_1"), NUMBERS, 0.02)
    scattered = [float((p.scattered / (p.trues + p.scattered)).mean()) for p in (alone, found)]
    assert scattered[0] < scattered[1]


@pytest.mark.parametrize("name", beds.names(NUMBERS))
def test_tubes_hold_their_animals_and_do_not_overlap(name):
    bed = beds.bed(NUMBERS, name)
    assert bed.animal_m[0] <= bed.tube_m[1] < bed.tube_m[0]
    for n, (x, y) in enumerate(bed.places_m):
        for other_x, other_y in bed.places_m[:n]:
            assert math.hypot(x - other_x, y - other_y) >= bed.tube_m[0]
    assert len(bed.bodies) == 3 * len(bed.emitters) == 3 * len(bed.places_m)


def test_a_bed_that_is_none_or_does_not_fit():
    with pytest.raises(DataError, match="did you mean 'mouse_4'"):
        beds.bed(NUMBERS, "mouse4")
    with pytest.raises(DataError, match="the bore ends at 25 mm"):
        beds.places(pet_geometry.ring(NUMBERS, "sofie_g8"), beds.bed(NUMBERS, "mouse_4"), NUMBERS)
