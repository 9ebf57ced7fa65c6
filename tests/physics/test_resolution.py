"""How sharp a PET image is: limits, and what was published."""

import math
from dataclasses import replace

import numpy as np
import pytest

from twin.physics import profiles, resolution
from twin.scanners import pet_geometry
from twin.sources import default_numbers

NUMBERS = default_numbers()
INVEON = pet_geometry.ring(NUMBERS, "siemens_inveon")


def circle(crystal_m, depth_m=0.010, density=1.0):
    """A ring of so many narrow crystals that it is a circle, each read by itself."""
    layer = INVEON.layers[0]
    around = round(math.pi * 0.161 / crystal_m)
    own = replace(layer.material, density_kg_m3=density * layer.material.density_kg_m3)
    side_m = 0.161 * math.tan(math.pi / around)
    made = replace(layer, crystals=(1, 80), pitch_m=(side_m, 1.59e-3), crystal_m=(side_m, 1.59e-3), depth_m=depth_m)
    layers = (replace(made, material=own),)
    return replace(INVEON, layers=layers, axial_blocks=1, transaxial_blocks=around, energy_sum="crystal", tapered=True)


def blur(nuclide):
    found = resolution.profile(INVEON, NUMBERS, 0.0, nuclide)
    assert found is not None
    return found


def width_mm(spread):
    sharp = profiles.gaussian(0.3e-3, resolution.BIN_M, resolution.BINS)
    return 1e3 * profiles.width_m(np.convolve(spread, sharp), resolution.BIN_M)


def test_black_crystals_draw_lines_as_wide_as_half_of_them():
    """Each photon stops where it enters: the spread is the triangle of two even widths, d/2 at half."""
    spread = resolution.line_spread(circle(4e-3, depth_m=1e-4, density=1e4), 0.0)
    assert width_mm(spread) == pytest.approx(2.0, rel=0.08)
    at_mm = 0.1 * (np.arange(resolution.BINS) + 0.5 - resolution.BINS / 2)
    assert spread @ at_mm**2 == pytest.approx(4.0**2 / 24.0, rel=0.06)


def test_scatter_between_crystals_widens_the_lines():
    black, real = (resolution.line_spread(circle(1.6e-3, density=one), 0.0) for one in (1e4, 1.0))
    assert 1.02 < width_mm(real) / width_mm(black) < 1.6
    tails = [float(spread[: resolution.BINS // 2 - 30].sum()) for spread in (black, real)]
    assert tails[0] < 1e-3
    assert 0.005 < tails[1] < 0.1  # further off than 3 mm on one side


def test_light_that_is_shared_is_located_less_well():
    alone = replace(INVEON, energy_sum="crystal")
    assert width_mm(resolution.line_spread(INVEON)) > 1.05 * width_mm(resolution.line_spread(alone))


def test_parallax_of_long_crystals_is_that_of_moses():
    """12.5 mm r / sqrt(r2 + R2) for crystals of 20 to 30 mm; nothing was fitted to it."""
    ring, at_m, radius_m = circle(1.6e-3, depth_m=0.025), 0.04, 0.0805
    centre, away = (resolution.radial_m(ring, NUMBERS, r) for r in (0.0, at_m))
    parallax_m = math.sqrt(away**2 - centre**2) / (at_m / math.hypot(at_m, radius_m))
    assert parallax_m == pytest.approx(0.0125, rel=0.3)


def test_blur_grows_away_from_the_axis_and_with_the_positron():
    at = [resolution.radial_m(INVEON, NUMBERS, r) for r in (0.0, 0.01, 0.02, 0.04)]
    assert at == sorted(at)
    blurs = [blur(n) for n in ("F-18", "Zr-89", "Ga-68", "Rb-82")]
    for level in (0.5, 0.1):
        assert (widths := [one.line_source_m(level) for one in blurs]) == sorted(widths)
    assert (kept := [one.mean_recovery(4e-3) for one in blurs]) == sorted(kept, reverse=True)


def test_a_positron_from_far_away_leaves_a_sharp_image_with_tails():
    """A Gaussian of the same width at half would hide that: its width at a tenth is 1.82 times that at half."""
    near, far = (blur(n) for n in ("F-18", "Rb-82"))
    assert near.line_source_m(0.1) / near.line_source_m() == pytest.approx(1.9, abs=0.15)
    assert far.line_source_m(0.1) / far.line_source_m() > 3.0


def test_a_monolith_says_nothing_of_its_resolution():
    ring = pet_geometry.ring(NUMBERS, "molecubes_beta_cube")
    assert math.isnan(resolution.radial_m(ring, NUMBERS))
    assert resolution.profile(ring, NUMBERS) is None
