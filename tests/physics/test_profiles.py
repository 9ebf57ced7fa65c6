"""What a line-spread function says: against closed formulas of Gaussians, and against points that are counted."""

import math

import numpy as np
import pytest
from scipy.special import k1

from twin.physics import profiles

BIN_M, BINS, FWHM_M = 1e-4, 240, 1.5e-3
SIGMA_M = FWHM_M / profiles.FWHM
GAUSSIAN = profiles.of(profiles.gaussian(FWHM_M, BIN_M, BINS), BIN_M)


def z(diameter_m):
    return diameter_m / (2.0 * math.sqrt(2.0) * SIGMA_M)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0, 4.0])
def test_of_a_gaussian_recoveries_are_the_closed_formulas(ratio):
    """The rod's is 1 - exp(-z2); of the sphere points are counted that stay inside."""
    diameter_m = ratio * FWHM_M
    assert GAUSSIAN.rod_recovery(diameter_m) == pytest.approx(-math.expm1(-(z(diameter_m) ** 2)), abs=0.003)
    luck = np.random.default_rng(1)
    points = luck.normal(size=(200_000, 3))
    inside = points / np.linalg.norm(points, axis=1)[:, None] * diameter_m / 2 * luck.random((200_000, 1)) ** (1 / 3)
    stays = np.linalg.norm(inside + luck.normal(scale=SIGMA_M, size=inside.shape), axis=1) < diameter_m / 2
    assert GAUSSIAN.mean_recovery(diameter_m) == pytest.approx(stays.mean(), abs=0.004)


@pytest.mark.parametrize("level", [0.5, 0.1])
def test_of_a_gaussian_a_line_is_as_wide_as_the_profile(level):
    wide_m = 2.0 * SIGMA_M * math.sqrt(-2.0 * math.log(level))
    assert profiles.width_m(profiles.gaussian(FWHM_M, BIN_M, BINS), BIN_M, level) == pytest.approx(wide_m, rel=0.003)
    assert GAUSSIAN.line_source_m(level) == pytest.approx(wide_m, rel=0.01)


def test_of_what_is_peaked_a_line_is_sharper_than_the_profile():
    """Of exp(-r/a) in the plane the projection is 2 r K1(r/a): 1.8 times as wide at half as the line itself."""
    scale_m = 1e-3
    x = np.abs(BIN_M * np.arange(-BINS, BINS + 1))
    seen = np.where(x > 0.0, x / scale_m * k1(np.maximum(x, 1e-12) / scale_m), 1.0)
    found = profiles.of(seen, BIN_M)
    assert found.line_source_m() == pytest.approx(2.0 * math.log(2.0) * scale_m, rel=0.05)
    assert profiles.width_m(seen, BIN_M) > 1.7 * found.line_source_m()
    assert found.rod_recovery(4e-3) == pytest.approx(1.0 - 3.0 * math.exp(-2.0), abs=0.01)


def test_a_profile_that_leans_is_taken_about_its_mean():
    leaning = np.convolve(profiles.gaussian(FWHM_M, BIN_M, BINS), np.array([0.6, 0.3, 0.1, 0.0, 0.0]))
    found = profiles.of(leaning, BIN_M)
    assert sum(found.parts) == pytest.approx(1.0, abs=1e-5)
    assert found.line_source_m() == pytest.approx(FWHM_M, rel=0.02)


def test_recovery_goes_from_nothing_to_all():
    sizes = np.array([0.05, 0.1, 1.0, 2.0, 5.0, 20.0, 2000.0]) * 1e-3
    for recovery in (GAUSSIAN.rod_recovery, GAUSSIAN.mean_recovery):
        found = [recovery(size) for size in sizes]
        assert found == sorted(found)
        assert 0.0 <= found[0] < 0.01
        assert found[-1] > 0.998
    assert GAUSSIAN.spill_over(8e-3) == pytest.approx(0.0, abs=1e-3)
