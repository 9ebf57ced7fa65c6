"""PET rings: solid angle, absorption, the published sensitivities, and the laws of counting."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad

from twin.errors import DataError
from twin.physics import attenuation, detection, histories, ring_kernels
from twin.physics import ring as rings
from twin.physics.materials import material
from twin.physics.ring import Layer, Ring
from twin.physics.scene import Body, Emitter
from twin.scanners import pet_geometry
from twin.sources import default_numbers

NUMBERS = default_numbers()
LSO, WATER = material(NUMBERS, "LSO"), material(NUMBERS, "water")
INVEON = pet_geometry.ring(NUMBERS, "siemens_inveon")


CENTRE = Emitter()


def counted(ring, bodies=(), emitters=(CENTRE,), pairs=1 << 18, **more):
    """What exactly so many annihilations give."""
    work = detection.chunks(ring, list(bodies), list(emitters), **more)
    return detection.counts(histories.exactly(work, pairs), pairs, len(emitters))


def annulus(density=1.0, depth_m=0.010):
    """The Inveon's measures as a filled ring without wedges: 360 tapered monoliths around."""
    side_m = 0.161 * math.tan(math.pi / 360)
    crystal = replace(LSO, density_kg_m3=density * LSO.density_kg_m3)
    layer = Layer((1, 1), (side_m, 0.127), (side_m, 0.127), depth_m, crystal, 0.146)
    return Ring("annulus", 0.161, 1, 360, (layer,), 0.0, (250.0, 625.0), 3e-9, 0.0, tapered=True)


# Closed forms --------------------------------------------------------------------------------------------------------


def test_pairs_that_meet_a_black_ring():
    exact = 0.127 / math.hypot(0.127, 0.161)
    assert exact == pytest.approx(0.61933, abs=1e-5)
    found = counted(annulus(density=1e6)).any_both[0]
    assert found == pytest.approx(exact, abs=3 * math.sqrt(exact * (1 - exact) / (1 << 18)))


def test_pairs_that_meet_a_black_ring_from_beside_the_centre():
    reach, radius = 0.127 / 2 - 0.030, 0.161 / 2
    exact = reach / math.hypot(reach, radius)
    found = counted(annulus(density=1e6), emitters=[Emitter(centre_m=(0.0, 0.0, -0.030))]).any_both[0]
    assert found == pytest.approx(exact, abs=3 * math.sqrt(exact * (1 - exact) / (1 << 18)))


def test_pairs_and_singles_that_a_filled_annulus_absorbs():
    """Coherent scattering left out, as in the closed form; packing 0.9019 as density."""
    found = attenuation.coefficients(LSO, 511.0)
    mu = 0.9019 * LSO.density_kg_m3 * float(found.total[0] - found.coherent[0])
    radius_m, depth_m, half_m = 0.0805, 0.010, 0.0635

    def absorbed(c):
        s = math.sqrt(1.0 - c * c)
        path_m = min(depth_m / s, (half_m - radius_m * c / s) / c if c > 0.0 else math.inf)
        return 1.0 - math.exp(-mu * path_m) if path_m > 0.0 else 0.0

    end = half_m / math.hypot(half_m, radius_m)
    pair, single = (quad(lambda c, n=n: absorbed(c) ** n, 0.0, end, limit=200)[0] for n in (2, 1))
    assert (pair, single) == pytest.approx((0.17699, 0.32799), abs=2e-4)
    made = counted(annulus(density=0.9019), pairs=1 << 20, coherent=False, singles=True)
    assert made.any_both[0] == pytest.approx(pair, abs=3 * math.sqrt(pair * (1 - pair) / (1 << 20)))
    assert made.any_one[0] / 2 == pytest.approx(single, abs=3 * math.sqrt(single * (1 - single) / (1 << 20)))


def test_wedges_between_straight_blocks_cost_seven_per_cent():
    """As given for rectangular blocks of the Inveon: 0.1649 beside 0.17699."""
    block = Layer((1, 1), (0.0318, 0.1272), (0.0318, 0.1272), 0.010, replace(LSO, density_kg_m3=0.9019 * 7400.0), 0.146)
    straight = replace(INVEON, axial_blocks=1, layers=(block,))
    assert counted(straight, pairs=1 << 20, coherent=False).any_both[0] == pytest.approx(0.1649, rel=0.01)


# Crystals and gaps ---------------------------------------------------------------------------------------------------


def test_every_point_of_a_block_is_in_the_crystal_that_the_grid_says():
    _, blocks = rings.prepared(INVEON)
    inner, pitch = 0.0805, 0.00159
    layer, block, crystal = ring_kernels.locate(blocks, inner + 0.005, 0.5 * pitch, 0.5 * pitch)
    assert (layer, block) == (0, 2)  # the first sector, third row of four
    assert divmod(crystal - block * 400, 20) == (10, 0)
    assert ring_kernels.locate(blocks, inner + 0.005, 0.0, 0.0)[0] == -1  # the gap between four crystals
    assert ring_kernels.locate(blocks, inner - 1e-6, 0.5 * pitch, 0.5 * pitch)[0] == -1
    assert ring_kernels.locate(blocks, inner + 0.0101, 0.5 * pitch, 0.5 * pitch)[0] == -1
    turned = [math.cos(2 * math.pi / 16), math.sin(2 * math.pi / 16)]
    x, y = inner + 0.005, 0.5 * pitch
    there = (x * turned[0] - y * turned[1], x * turned[1] + y * turned[0])
    assert ring_kernels.locate(blocks, *there, -0.06)[1] == 4  # next sector, first row


def test_the_packing_is_the_part_of_points_in_crystals():
    _, blocks = rings.prepared(INVEON)
    places = np.arange(10_000)[:, None] * (0.7548776662, 0.5698402910) % 1.0 * 0.0318
    inside = [ring_kernels.locate(blocks, 0.083, y - 0.0159, z)[0] >= 0 for y, z in places]
    assert np.mean(inside) == pytest.approx((1.51 / 1.59) ** 2, abs=0.005)


# Published sensitivities (validation.csv has the verdicts) ----------------------------------------------------------


@pytest.mark.parametrize(("name", "published"), [("siemens_inveon", 0.093), ("micropet_focus_220", 0.034)])
def test_the_published_sensitivity_lies_in_the_bracket_or_beside_it(name, published):
    found = detection.sensitivity(pet_geometry.ring(NUMBERS, name))
    assert found.relative_error <= 0.005
    assert found.per_block / found.per_crystal <= 1.4
    assert 0.9 * found.per_crystal <= published <= 1.1 * found.per_block


@pytest.mark.parametrize("name", pet_geometry.names(NUMBERS))
def test_every_ring_of_the_catalogue_detects(name):
    ring = pet_geometry.ring(NUMBERS, name)
    found = detection.sensitivity(ring, precision=0.02)
    assert 0.005 < found.per_crystal <= found.per_block < 0.2
    assert found.working == (found.per_block if ring.energy_sum == "block" else found.per_crystal)


def test_a_monolith_has_no_bracket():
    found = detection.sensitivity(pet_geometry.ring(NUMBERS, "molecubes_beta_cube"), precision=0.02)
    assert found.per_crystal == found.per_block


def test_sensitivity_falls_towards_the_ends_like_the_solid_angle():
    emitters = [Emitter(centre_m=(0.0, 0.0, z)) for z in (-0.04, 0.0, 0.04)]
    left, middle, right = 3 * counted(INVEON, emitters=emitters, pairs=3 << 18).prompts[:, 1]
    assert left == pytest.approx(right, rel=0.03)
    assert 0.25 < left / middle < 0.45
    assert middle == pytest.approx(detection.sensitivity(INVEON).per_block, rel=0.02)


# Counting ------------------------------------------------------------------------------------------------------------


def test_acceptance_of_the_photopeak():
    """A window of one full width around the peak takes 76 % of it; half of an edge's energy is on either side."""
    half = 0.146 * 511.0 / 2
    accepting = detection.acceptance(INVEON, (511.0 - half, 511.0 + half))
    assert accepting[0, 511] == pytest.approx(0.7610, abs=1e-3)
    assert detection.acceptance(INVEON, (300.0, 1000.0))[0, 300] == pytest.approx(0.5, abs=1e-6)


def test_without_a_body_nothing_is_scattered():
    made = counted(INVEON)
    assert made.scattered.sum() == 0.0
    assert made.trues[0, 1] > 0.09


def test_water_takes_trues_and_gives_scatter():
    mouse = Body("cylinder", (0.0125, 0.0125, 0.035), WATER)
    air, made = counted(INVEON), counted(INVEON, [mouse], pairs=1 << 19)
    weaker = math.exp(-2 * 9.6 * 0.0125)  # straight out; oblique pairs have a longer way
    assert 0.85 * weaker < made.trues[0, 1] / air.trues[0, 1] < weaker
    assert 0.02 < made.scattered[0, 1] / made.prompts[0, 1] < 0.15


def test_animals_attenuate_for_each_other():
    """A hotel of two: the other animal takes some of this one's trues, and only that animal's emitter counts for it."""
    places = [(-0.0126, 0.0, 0.0), (0.0126, 0.0, 0.0)]
    bodies = [Body("cylinder", (0.0125, 0.0125, 0.035), WATER, place) for place in places]
    emitters = [Emitter("cylinder", (0.0125, 0.0125, 0.03), place) for place in places]
    together = counted(INVEON, bodies, emitters, pairs=1 << 20)
    alone = counted(INVEON, bodies[:1], emitters[:1], pairs=1 << 19)
    first, second = 2 * together.trues[:, 1]
    assert first == pytest.approx(second, rel=0.03)
    assert 0.85 < first / alone.trues[0, 1] < 0.97


def test_singles_of_both_photons_are_counted():
    lazy, whole = counted(INVEON), counted(INVEON, singles=True)
    assert whole.prompts == pytest.approx(lazy.prompts)
    assert whole.singles[0, 1] > 1.2 * lazy.singles[0, 1]
    assert whole.singles[0, 1] > 2 * whole.prompts[0, 1]


def test_neither_threads_nor_chunks_can_be_seen(monkeypatch):
    bodies = [Body("cylinder", (0.0125, 0.0125, 0.035), WATER)]
    work = detection.chunks(INVEON, bodies, [Emitter(), Emitter(centre_m=(0.01, 0.0, 0.0))], singles=True)
    once = histories.exactly(work, 40_003, threads=1)
    assert (histories.exactly(work, 40_003, threads=2) == once).all()
    monkeypatch.setattr(histories, "CHUNK", 777)
    assert (histories.exactly(work, 40_003, threads=2) == once).all()


def test_the_error_is_that_of_repeated_runs():
    work, size = detection.chunks(INVEON, [], [Emitter()]), 1 << 11
    runs = [detection.counts(work(number * size, size), size) for number in range(300)]
    values = np.array([run.prompts[0, 1] for run in runs])
    assert values.std() == pytest.approx(np.mean([run.error[0, 1] for run in runs]), rel=0.15)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda: detection.sensitivity(INVEON, (0.09, 0.0, 0.0)), "reaches 90 mm from the axis"),
        (lambda: counted(INVEON, [Body("cylinder", (0.09, 0.09, 0.1), WATER)]), "the bore ends at 80.5 mm"),
        (lambda: detection.sensitivity(replace(INVEON, transaxial_blocks=20)), "do not fit around"),
        (lambda: detection.sensitivity(INVEON, precision=1e-9), "cannot be reached"),
        (lambda: detection.sensitivity(replace(INVEON, energy_window_kev=(600.0, 700.0))), "below 511 keV"),
    ],
)
def test_what_cannot_be_is_refused_before_any_photon_flies(what, said):
    with pytest.raises(DataError, match=said):
        what()
