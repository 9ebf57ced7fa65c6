"""Collimators and cameras: edges integrated, distances, fields, windows."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad

from twin.errors import DataError
from twin.physics import collimators, septa, spect
from twin.physics.attenuation import linear_per_m
from twin.sources import default_numbers

NUMBERS = default_numbers()
SINGLE = collimators.collimator(NUMBERS, "inveon_single_05")
FOCUSED = collimators.collimator(NUMBERS, "u_spect_ii_mouse_060")
PARALLEL = collimators.collimator(NUMBERS, "low_energy_parallel")


def test_the_effective_diameter_is_the_edge_integrated():
    """Rays along the axis: through the hole, and through the knife edge on both sides of its rim."""
    mu, slope = float(linear_per_m(SINGLE.material, 140.5)[0]), math.tan(SINGLE.opening / 2)
    rim = SINGLE.diameter_m / 2
    through = quad(lambda r: 2 * math.pi * r * math.exp(-2 * mu * (r - rim) / slope), rim, 20 * rim)[0]
    area = math.pi * rim**2 + through
    assert SINGLE.effective_square_m2(140.5) == pytest.approx(4 * area / math.pi, rel=1e-6)


def test_half_passes_the_edge_at_the_resolution_effective_diameter():
    mu, slope = float(linear_per_m(SINGLE.material, 140.5)[0]), math.tan(SINGLE.opening / 2)
    beyond = math.log(2) * slope / mu / 2  # of the diameter, on each side
    assert math.exp(-2 * mu * beyond / slope) == pytest.approx(0.5)
    larger = SINGLE.to_detector_m / SINGLE.distance_m
    sharp = SINGLE.diameter_m + 2 * beyond
    blind = replace(SINGLE, camera=replace(SINGLE.camera, intrinsic_m=0.0))
    assert blind.resolution_m(140.5) == pytest.approx(sharp * (1 + 1 / larger))


def test_an_impenetrable_hole_sees_its_solid_angle():
    """At a distance of many diameters: d2 / 16 h2 is that of a disc, to (d / h)2."""
    black = replace(SINGLE, material=replace(SINGLE.material, density_kg_m3=1e9))
    disc = (1 - SINGLE.distance_m / math.hypot(SINGLE.distance_m, SINGLE.diameter_m / 2)) / 2
    assert black.sensitivity(140.5) == pytest.approx(disc, rel=1e-3)
    assert black.sensitivity(140.5) == pytest.approx(black.geometric, rel=1e-3)


def test_sine_cubed_beside_the_axis():
    wide = replace(SINGLE, field_m=1.0)
    hole = next(iter(wide.holes_m()))
    away = np.array(hole) + 0.025 * np.array([0.0, 0.0, 1.0]) * math.tan(math.radians(30))
    away -= np.array(hole)  # seen from the hole 30 degrees beside its axis, in the plane of the common point
    there = wide.sensitivity(140.5, tuple(away))
    assert there / wide.sensitivity(140.5) == pytest.approx(math.cos(math.radians(30)) ** 5, rel=1e-6)


def test_many_holes_see_the_focus_and_less_beside_it():
    single = replace(FOCUSED, number=1, rings=1)
    assert FOCUSED.sensitivity(140.5) == pytest.approx(75 * single.sensitivity(140.5))
    along = [FOCUSED.sensitivity(140.5, (0.0, 0.0, z * 1e-3)) for z in (0, 4, 6, 9)]
    assert along[0] >= along[1] > along[2] > along[3]


def test_every_hole_is_at_its_distance():
    holes = np.array(list(FOCUSED.holes_m()))
    assert len(holes) == 75
    assert np.linalg.norm(holes, axis=1) == pytest.approx(FOCUSED.distance_m)
    assert np.abs(holes.mean(axis=0)).max() < 1e-9


def test_published_geometric_sensitivities():
    """U-SPECT-II: 0.07 and 0.18 %; the distance of the holes is from memory."""
    fine = collimators.collimator(NUMBERS, "u_spect_ii_mouse_035")
    assert fine.geometric == pytest.approx(0.0007, rel=0.2)
    assert FOCUSED.geometric == pytest.approx(0.0018, rel=0.25)


def test_parallel_holes_by_anger():
    """Rays that are followed through holes and walls give what his formula has, where walls are thick enough."""
    mu = float(linear_per_m(PARALLEL.material, 140.5)[0])
    length = 0.024 - 2 / mu
    whole = PARALLEL.sensitivity(140.5) + PARALLEL.through_walls(140.5)
    assert whole == pytest.approx((0.26 * 1.2e-3**2 / (length * 1.4e-3)) ** 2, rel=0.04)
    assert PARALLEL.resolution_m(140.5) == pytest.approx(math.hypot(1.2e-3 * (length + 0.04) / length, 3.5e-3))
    with pytest.raises(DataError, match="too short to collimate"):
        replace(PARALLEL, length_m=0.001).resolution_m(364.5)


def test_walls_that_are_black_leave_the_holes():
    """Their part is (area of a hole) squared over that of its cell and over 4 pi L squared."""
    black = septa.passing(1.2e-3, 0.2e-3, 0.024, 1.5, 1e9)
    hole, cell = (math.sqrt(0.75) * across**2 for across in (1.2e-3, 1.4e-3))
    assert black.whole == pytest.approx(hole**2 / cell / (4 * math.pi * 0.024**2))
    assert black.through_septa == 0.0


def test_without_walls_all_that_flies_to_the_camera_passes():
    clear = septa.passing(1.2e-3, 0.2e-3, 0.024, 1.5, 1e-9)
    assert clear.whole == pytest.approx((1 - 1 / math.hypot(1, 1.5)) / 2, rel=0.02)


def test_thin_walls_are_told():
    """131I behind walls for 99mTc: the shortest way lets half of it pass, and next to nothing is collimated."""
    assert PARALLEL.warning(140.5) is None
    told = PARALLEL.warning(364.5)
    assert told is not None
    assert "let 56 % of 364 keV through" in told
    assert PARALLEL.passing(364.5).through_septa > 0.98
    assert PARALLEL.sensitivity(364.5) == PARALLEL.sensitivity(140.5)  # no thinner wall makes more image
    assert collimators.collimator(NUMBERS, "high_energy_parallel").warning(364.5) is None
    assert FOCUSED.warning(208.4) is None
    assert "89 % comes through the edges" in str(FOCUSED.warning(511.0))


@pytest.mark.parametrize(
    ("nuclide", "energies"),
    [
        ("Tc-99m", [140.5]),
        ("In-111", [171.3, 245.4]),
        ("Lu-177", [113.0, 208.4]),
        ("I-125", [28.3]),
        ("Tl-201", [72.3, 167.4]),
        ("I-123", [159.0]),
    ],
)
def test_windows_are_those_that_people_set(nuclide, energies):
    found = [sum(e * n for e, n in group) / sum(n for _, n in group) for group in spect.lines(NUMBERS, nuclide)]
    assert found == pytest.approx(energies, abs=0.3)


def test_a_window_takes_most_of_the_peak_and_a_crystal_less_at_higher_energies():
    view = spect.view(SINGLE, NUMBERS, "Tc-99m")
    window = view.windows[0]
    assert 0.75 < window.detected < 1 - math.exp(-10e-3 * float(linear_per_m(SINGLE.camera.crystal, 140.5)[0]))
    assert view.counts_per_decay == pytest.approx(0.8906 * window.passed * window.detected, rel=1e-3)
    indium = spect.view(SINGLE, NUMBERS, "In-111").windows
    assert indium[1].detected < indium[0].detected


def test_an_animal_takes_what_its_tissue_attenuates():
    air, mouse = (spect.view(SINGLE, NUMBERS, "Tc-99m", body_diameter_m=d) for d in (0.0, 0.025))
    assert mouse.counts_per_decay / air.counts_per_decay == pytest.approx(math.exp(-15.24 * 0.0125), rel=1e-3)


def test_a_nuclide_without_lines_and_an_unknown_collimator_are_refused():
    with pytest.raises(DataError, match="no line"):
        spect.view(SINGLE, NUMBERS, "Y-90")
    with pytest.raises(DataError, match="did you mean 'inveon_single_05'"):
        collimators.collimator(NUMBERS, "inveon_singel_05")
