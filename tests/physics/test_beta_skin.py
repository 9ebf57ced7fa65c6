"""Electrons in water against ESTAR; skin and fingers against published factors and against their limits."""

import numpy as np
import pytest

from twin.errors import DataError
from twin.physics import beta_skin, dose_rate, electrons, emissions
from twin.physics.emissions import Spectrum
from twin.physics.shielding import Layer
from twin.sources import default_numbers

N = default_numbers()
#: mSv/h in Sv/s.
MSV_PER_H = 1e-3 / 3600
ML = 1e-6


def test_stopping_power_and_range_of_estar():
    # NIST ESTAR, liquid water: MeV cm2/g and g/cm2 (CSDA). Without the density effect, 1.5 % too much at 1 MeV.
    energies = [10, 50, 100, 200, 500, 1000]
    found = electrons.stopping_power(N, energies) / 100
    assert found == pytest.approx([22.56, 6.603, 4.115, 2.793, 2.034, 1.849], rel=0.015)
    ranges = electrons.range_kg_per_m2(N, energies) / 10
    assert ranges == pytest.approx([2.515e-4, 4.320e-3, 1.431e-2, 4.488e-2, 0.1766, 0.4367], rel=0.02)


def test_electrons_leave_their_energy():
    """The dose over all depths on one side is half the energy."""
    spectrum = Spectrum(np.array([500.0]), np.array([1.0]))
    farthest = float(electrons.range_kg_per_m2(N, 500.0))
    depths = np.geomspace(1e-6 * farthest, farthest, 4000)
    dose = electrons.plane_dose(N, spectrum, depths)
    absorbed_kev = np.trapezoid(dose, depths) / 1.602176634e-16
    assert absorbed_kev == pytest.approx(250, rel=0.01)
    assert electrons.plane_dose(N, spectrum, 1.01 * farthest)[0] == 0


def test_a_wide_cylinder_is_in_equilibrium():
    """At the surface of half a space of activity the dose is half of that inside."""
    spectrum = Spectrum(np.array([100.0, 300.0]), np.array([0.5, 0.5]))
    found = electrons.cylinder_dose(N, spectrum, 1e-6, 1e4, 1e4)
    assert found == pytest.approx(200 * 1.602176634e-16 / 2, rel=0.05)


def test_a_narrow_cylinder_by_luck():
    """Points strewn in the bore and a point kernel made from the plane's dose, for the betas of 90Y."""
    wall, radius, half = 0.88, 2.35, 4.3
    spectrum = emissions.electrons(N, "Y-90")
    found = electrons.cylinder_dose(N, spectrum, wall, radius, 2 * half)
    dice = np.random.default_rng(1)
    angle, away = dice.uniform(0, 2 * np.pi, 200_000), radius * np.sqrt(dice.uniform(0, 1, 200_000))
    along = dice.uniform(-half, half, 200_000)
    ways = np.sqrt((wall + radius - away * np.cos(angle)) ** 2 + (away * np.sin(angle)) ** 2 + along**2)
    edges = np.linspace(wall, 12.0, 2000)
    plane = electrons.plane_dose(N, spectrum, edges)
    middles = (edges[1:] + edges[:-1]) / 2
    kernel = -np.diff(plane) / np.diff(edges) / (2 * np.pi * middles)
    mean = np.interp(ways, middles, kernel).mean() * np.pi * radius**2 * 2 * half
    assert found == pytest.approx(mean, rel=0.02)
    assert found < 0.6 * electrons.cylinder_dose(N, spectrum, wall, 1e4, 1e4)  # a wide layer has nearly twice as much


def test_soft_photons_count_on_the_skin():
    """Printed of 51Cr as of beta rays: its electrons do not reach 70 um, what counts are its X rays of 5 keV."""
    assert printed("Cr-51") == pytest.approx(0.015, rel=0.2)
    soft = beta_skin.contamination_rate(N, "Cr-51", 1e7)
    assert soft.photons > 10 * soft.electrons
    assert printed("Co-57") > 1.4 * beta_skin.contamination_rate(N, "Co-57", 1e7).electrons / MSV_PER_H


def printed(nuclide):
    return beta_skin.contamination_rate(N, nuclide, 1e7).total / MSV_PER_H


@pytest.mark.parametrize("nuclide", ["Tc-99m", "In-111", "Tl-201"])
def test_skin_under_activity(nuclide):
    # VARSKIN, OSTI 7006442 (Health Phys. 58): about 1 cGy/h for each uCi/cm2 from these three; In-111 is 32 % above.
    found = beta_skin.contamination_rate(N, nuclide, 3.7e4 * 1e4).total / MSV_PER_H
    assert found == pytest.approx(10, rel=0.4)


def test_skin_under_hard_betas():
    # 1 to 2 mSv/h for each kBq/cm2 is the rule for beta emitters.
    for nuclide in ("F-18", "I-131", "P-32", "Y-90", "Re-188", "Ho-166"):
        found = beta_skin.contamination_rate(N, nuclide, 1e7)
        assert 1.0 < found.electrons / MSV_PER_H < 2.6, nuclide
        assert found.photons < 0.1 * found.electrons


def test_fingers_on_an_unshielded_syringe():
    # doi:10.1007/s002590050464: 20 to 22 mSv from an unshielded syringe of 3 GBq, which is 9 s at this rate.
    found = beta_skin.finger_rate(N, "F-18", 3e9, 5 * ML, "syringe_5ml")
    assert 2 < 21e-3 / found.total < 30
    # ORAMED (Carnicer 2011), maximum skin dose of an administration: F-18 930, Tc-99m 230 uSv/GBq.
    ratio = found.total / beta_skin.finger_rate(N, "Tc-99m", 3e9, 5 * ML, "syringe_5ml").total
    assert 930 / 230 < ratio < 15


def test_what_a_shield_does():
    bare = beta_skin.finger_rate(N, "F-18", 1e6, ML)
    shielded = beta_skin.finger_rate(N, "F-18", 1e6, ML, shield=[Layer("tungsten", 0.005)])
    assert shielded.electrons == 0
    # Attenuation and the greater distance together; a factor of 3 to 8 is said of 5 to 8 mm.
    assert 3 < bare.photons / shielded.photons < 8
    flange = beta_skin.finger_rate(N, "F-18", 1e6, ML, grip="flange")
    assert flange.electrons == 0
    assert flange.photons < bare.photons / 4
    assert beta_skin.finger_rate(N, "F-18", 1e6, ML, grip="flange", shield=[Layer("tungsten", 0.005)]) == flange


def test_a_pure_beta_emitter_in_a_syringe_is_not_nothing():
    found = beta_skin.finger_rate(N, "Y-90", 1e6, ML)
    assert found.electrons > 100 * found.photons > 0


def test_both_parts_are_linear_in_activity():
    one, two = (beta_skin.finger_rate(N, "I-131", activity, ML) for activity in (1e6, 2e6))
    assert np.array(two) == pytest.approx(2 * np.array(one))
    assert one.total == one.electrons + one.photons


def test_progeny_add_their_electrons():
    whole, alone = (beta_skin.contamination_rate(N, "Ge-68", 1e7, progeny) for progeny in (True, False))
    gallium = beta_skin.contamination_rate(N, "Ga-68", 1e7)
    assert whole.electrons == pytest.approx(gallium.electrons, rel=0.01)
    assert alone.electrons < 0.01 * whole.electrons
    assert emissions.electrons(N, "Ge-68").energy_kev.max() > 1000


def test_a_ring_reads_less():
    assert beta_skin.ring_reading(N, np.array([4.3e-3, 8.6e-3])) == pytest.approx([1e-3, 2e-3])
    row = N.row("dose.ring_ratio")
    assert (row.low, row.high) == (1.4, 7)
    assert beta_skin.ring_reading(N, 1.0, ratio=2.0) == 0.5


def test_a_task_in_contact():
    rate = beta_skin.finger_rate(N, "F-18", 3e6, ML)
    held = beta_skin.finger_dose(N, "F-18", rate, 120.0, contact_part=0.25)
    assert held.total == pytest.approx(rate.total * 30, rel=0.01)  # 0.6 % decay meanwhile
    assert held.total < rate.total * 30
    with pytest.raises(DataError, match=r"a contact part of 1\.5"):
        beta_skin.finger_dose(N, "F-18", rate, 120.0, contact_part=1.5)


def test_fingers_on_an_animal():
    """At its surface half of what its inside gets; hard betas come through, those of 18F hardly, of 177Lu none."""
    inside = emissions.electrons(N, "Y-90").energy_kev_per_decay * 1.602176634e-16 / 0.025
    at_surface, through = (beta_skin.animal_rate(N, "Y-90", 0.025, between_m) for between_m in (0.0, 1e-3))
    assert 0.35 * inside < at_surface < 0.5 * inside
    assert 0.3 * at_surface < through < 0.6 * at_surface
    assert beta_skin.animal_rate(N, "Lu-177", 0.025, 2e-3) == 0.0
    for nuclide, least, most in (("F-18", 0.02, 0.1), ("Ga-68", 3.0, 12.0), ("Y-90", 100.0, 1e4)):
        photons = float(dose_rate.animal_rate_per_s(N, nuclide, 1.0, 0.025, 3e-3, "hp007"))
        assert least < beta_skin.animal_rate(N, nuclide, 0.025, 1e-3) / photons < most


def test_what_is_refused():
    with pytest.raises(DataError, match="did you mean 'syringe_1ml'"):
        beta_skin.vessel(N, "syringe1ml")
    with pytest.raises(DataError, match="grip 'thumb'"):
        beta_skin.finger_rate(N, "F-18", 1e6, ML, grip="thumb")
    with pytest.raises(DataError, match="a volume of 0 m3"):
        beta_skin.finger_rate(N, "F-18", 1e6, 0.0)
    with pytest.raises(DataError, match="not negative"):
        beta_skin.finger_rate(N, "F-18", -1e6, ML)
    with pytest.raises(DataError, match="not negative"):
        beta_skin.contamination_rate(N, "F-18", -1.0)
    with pytest.raises(DataError, match="above zero"):
        beta_skin.ring_reading(N, 1.0, ratio=0.0)
