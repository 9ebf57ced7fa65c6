"""Doses of animals against Monte Carlo of others, a voxel model and MIRD arithmetic."""

import math

import numpy as np
import pytest

from twin.errors import DataError
from twin.physics import animal_dose, bodies, decay
from twin.sources import default_numbers

N = default_numbers()
GRAM = 1e-3


def test_a_mouse_with_fluorine():
    # T19: Funk 2004, MCNP, 30 g ellipsoid 1 : 1 : 4: 15.0e-13 Gy for each decay.
    assert animal_dose.s_value(N, "F-18", 30 * GRAM) == pytest.approx(1.50e-12, rel=0.02)


def test_a_mouse_with_single_photon_emitters():
    # T20: Funk 2004 has 1.06e-13 to 2.77e-13 for these; the numbers are a model of the same kind.
    expected = {"Tc-99m": 1.13e-13, "Tl-201": 2.80e-13, "In-111": 2.97e-13, "I-123": 2.08e-13, "I-125": 1.53e-13}
    found = {nuclide: animal_dose.s_value(N, nuclide, 30 * GRAM) for nuclide in expected}
    assert found == pytest.approx(expected, rel=0.02)
    assert min(found.values()) == pytest.approx(1.06e-13, rel=0.1)
    assert max(found.values()) == pytest.approx(2.77e-13, rel=0.1)


def test_a_voxel_mouse():
    # T21: Stabin 2006, total body to total body, about 1.5e-3 mGy/(MBq s).
    assert animal_dose.s_value(N, "F-18", 30 * GRAM) == pytest.approx(1.5e-12, rel=0.05)


def test_a_rat_gets_a_tenth():
    mouse, rat = (animal_dose.s_value(N, "F-18", mass) for mass in (0.03, 0.3))
    assert mouse / rat == pytest.approx(8.7, rel=0.05)  # Funk 2004: about ten times lower


@pytest.mark.parametrize(("nuclide", "mass"), [("F-18", 1e-3), ("I-131", 0.03), ("Lu-177", 0.3), ("Tc-99m", 5.0)])
def test_a_body_absorbs_no_more_than_there_is(nuclide, mass):
    """Between the electrons alone and everything."""
    from twin.physics.emissions import ELECTRONS, PHOTONS, emitted

    electrons, photons = (emitted(N, nuclide, *words).energy_kev_per_decay for words in (ELECTRONS, PHOTONS))
    absorbed = animal_dose.s_value(N, nuclide, mass) * mass / 1.602176634e-16
    assert electrons < absorbed < electrons + photons


def test_the_absorbed_part_grows_with_the_body():
    parts = [float(bodies.absorbed_part(bodies.body(N, mass), 511.0)[0]) for mass in np.geomspace(1e-3, 100, 9)]
    assert np.all(np.diff(parts) > 0)
    # A point of water far smaller than a free path: mu_en times the mean way; large: near to all.
    assert parts[0] < 0.02
    assert 0.3 < parts[-1] < 0.8


def test_absorbed_part_of_a_small_ball_is_its_mean_way():
    # The mean way out of a ball from an even source is 3/4 of its radius.
    ball = bodies.Body((1e-4, 1e-4, 1e-4), 1000.0)
    per_m = 3.29  # 0.0329 cm2/g at 500 keV
    assert float(bodies.absorbed_part(ball, 500.0)[0]) == pytest.approx(per_m * 0.75e-4, rel=0.01)


def test_everything_stays_or_is_cleared():
    half_life = decay.half_life_s(N, "F-18")
    stays = animal_dose.whole_body_dose(N, "F-18", 1e6, 25 * GRAM)
    assert stays * 1000 == pytest.approx(17.0, rel=0.01)
    cleared = animal_dose.whole_body_dose(N, "F-18", 1e6, 25 * GRAM, biological_half_life_s=half_life)
    assert cleared == pytest.approx(stays / 2)
    assert animal_dose.time_integrated_bq_s(N, "F-18", np.array([0.0, 1.0]))[1] == pytest.approx(9501.88, rel=1e-6)


def test_organs_of_the_mouse():
    # Stabin 2006, table 3, the organ to itself, 18F [mGy/(MBq s)].
    printed = {"brain": 6.71e-2, "heart": 0.127, "kidneys": 9.68e-2, "liver": 1.82e-2, "lungs": 0.214, "spleen": 0.256}
    printed |= {"pancreas": 9.15e-2, "skeleton": 1.23e-2, "testes": 0.181, "thyroid": 1.93, "bladder": 0.459}
    found = {organ: animal_dose.organ_s_value(N, "F-18", organ) / 1e-9 for organ in printed}
    # The masses are implied by these numbers with electrons alone; photons add up to 9 %.
    assert found == pytest.approx(printed, rel=0.1)
    assert set(animal_dose.organs(N)) == {*printed, "whole_body"}


def test_mird_by_hand():
    # T18: EJNMMI Res 2011 1:29, table 1; 13 kBq of I-131 in four organs of a Balb/c mouse, 190 keV.
    integrated = np.array([161544, 313027, 217091, 49087])
    parts, masses = (0.919, 0.954, 0.85, 0.854), (0.34, 1.2, 0.15, 0.079)
    found = [
        float(animal_dose.mean_dose(total * 13, 190.0, part, mass * GRAM)) * 1000 / 1000
        for total, part, mass in zip(integrated, parts, masses, strict=True)
    ]
    assert found == pytest.approx([0.1728e-3, 0.0985e-3, 0.4868e-3, 0.2100e-3], rel=2e-3)


def test_what_is_refused():
    with pytest.raises(DataError, match="did you mean 'kidneys'"):
        animal_dose.organ_s_value(N, "F-18", "kidney")
    with pytest.raises(DataError, match="between 1 mg and 500 kg"):
        animal_dose.s_value(N, "F-18", -1.0)
    with pytest.raises(DataError, match="not negative"):
        animal_dose.whole_body_dose(N, "F-18", -1.0, 0.03)
    with pytest.raises(DataError, match="biological half-life of 0 s"):
        animal_dose.time_integrated_bq_s(N, "F-18", 1.0, 0.0)
    with pytest.raises(DataError, match="a mass of 0 kg"):
        animal_dose.mean_dose(1.0, 190.0, 1.0, 0.0)
    assert math.isfinite(animal_dose.s_value(N, "Y-90", 0.03))
