"""Resolution and recovery: limits, integrals, and what was published."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad

from twin.physics import resolution
from twin.scanners import pet_geometry
from twin.sources import default_numbers

NUMBERS = default_numbers()
INVEON = pet_geometry.ring(NUMBERS, "siemens_inveon")


def with_depth(depth_m):
    return replace(INVEON, layers=(replace(INVEON.layers[0], depth_m=depth_m),))


def test_parallax_of_long_crystals_is_that_of_moses():
    """12.5 mm r / sqrt(r2 + R2) for crystals of 20 to 30 mm; nothing was fitted to it."""
    at_m, radius_m = 0.04, 0.0805
    for depth_m in (0.02, 0.03):
        centre, away = (resolution.radial_m(with_depth(depth_m), NUMBERS, r) for r in (0.0, at_m))
        parallax_m = math.sqrt(away**2 - centre**2) / 1.25 / (at_m / math.hypot(at_m, radius_m))
        assert parallax_m == pytest.approx(0.0125, rel=0.3)


def test_short_crystals_blur_by_their_depth_alone():
    """Without attenuation to speak of, depths are even: 2.355 d / sqrt(12) for one photon."""
    layer = replace(INVEON.layers[0], depth_m=1e-4)
    assert resolution._depth_spread_m(layer) == pytest.approx(1e-4 / math.sqrt(12.0), rel=1e-3)


def test_depth_spread_is_that_of_the_cut_exponential():
    layer, mu = INVEON.layers[0], 100.0 * 0.8682
    weight = quad(lambda z: math.exp(-mu * z), 0, layer.depth_m)[0]
    mean = quad(lambda z: z * math.exp(-mu * z), 0, layer.depth_m)[0] / weight
    square = quad(lambda z: z * z * math.exp(-mu * z), 0, layer.depth_m)[0] / weight
    assert resolution._depth_spread_m(layer) == pytest.approx(math.sqrt(square - mean**2), rel=1e-3)


def test_blur_grows_away_from_the_axis_and_with_the_positron():
    at = [resolution.radial_m(INVEON, NUMBERS, r) for r in (0.0, 0.01, 0.02, 0.04)]
    assert at == sorted(at)
    by_nuclide = [resolution.positron_blur_m(NUMBERS, n) for n in ("F-18", "C-11", "N-13", "O-15", "Rb-82")]
    assert by_nuclide == sorted(by_nuclide)
    assert 0.3e-3 < resolution.positron_blur_m(NUMBERS, "Cu-64") < 0.7e-3  # softer positrons than fluorine's
    assert 0.85e-3 < resolution.positron_blur_m(NUMBERS, "Zr-89") < 1.2e-3  # much like carbon's


def test_a_monolith_says_nothing_of_its_resolution():
    assert math.isnan(resolution.radial_m(pet_geometry.ring(NUMBERS, "molecubes_beta_cube"), NUMBERS))


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0, 4.0])
def test_recovery_is_the_integral_of_the_blur(ratio):
    fwhm = 1.5e-3
    diameter, sigma = ratio * fwhm, fwhm / 2.354820045
    norm = (2 * math.pi * sigma**2) ** 1.5
    peak = quad(lambda r: 4 * math.pi * r * r * math.exp(-r * r / 2 / sigma**2) / norm, 0, diameter / 2)[0]
    assert resolution.peak_recovery(diameter, fwhm) == pytest.approx(peak, rel=1e-6)
    rng = np.random.default_rng(1)
    points = rng.normal(size=(400_000, 3))
    inside = points / np.linalg.norm(points, axis=1)[:, None] * diameter / 2 * rng.random((400_000, 1)) ** (1 / 3)
    stays = np.linalg.norm(inside + rng.normal(scale=sigma, size=inside.shape), axis=1) < diameter / 2
    assert resolution.mean_recovery(diameter, fwhm) == pytest.approx(stays.mean(), abs=0.003)


def test_recovery_goes_from_nothing_to_all():
    sizes = np.array([0.1, 1.0, 2.0, 5.0, 20.0, 2000.0]) * 1e-3
    for recovery in (resolution.peak_recovery, resolution.rod_recovery, resolution.mean_recovery):
        found = [recovery(size, 1.5e-3) for size in sizes]
        assert found == sorted(found)
        assert found[0] < 0.01
        assert found[-1] > 0.998
    assert resolution.spill_over(8e-3, 1.5e-3) == pytest.approx(0.0, abs=1e-3)
