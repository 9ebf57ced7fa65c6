"""Photons of a point source through walls; against Monte Carlo of others it stands in `twin validate`."""

import numpy as np
import pytest

from twin.errors import DataError
from twin.physics import attenuation, point_kernel, slab
from twin.physics.materials import material
from twin.sources import default_numbers

N = default_numbers()
LEAD, CONCRETE = material(N, "lead"), material(N, "concrete")


def played(of, thicknesses_m, photons=1 << 13, **more):
    return slab.passing(of, 511.0, thicknesses_m, photons=photons, **more)


def test_almost_no_wall_lets_almost_all_pass():
    found = played(CONCRETE, [1e-5], photons=1 << 15)
    assert found.transmission[0] == pytest.approx(1.0, abs=4 * found.relative_error[0])
    assert found.relative_error[0] < 0.02


def test_more_passes_than_what_never_interacts():
    depths = np.array([0.1, 0.3])
    found = played(CONCRETE, depths)
    narrow = np.exp(-attenuation.linear_per_m(CONCRETE, 511.0)[0] * depths)
    assert np.all(found.transmission > 1.5 * narrow)
    assert np.all(np.diff(found.transmission) < 0)


def test_soft_photons_of_concrete_count_more_in_tissue_than_in_air():
    tissue, air = (played(CONCRETE, [0.3], quantity=quantity).transmission[0] for quantity in ("h10", "air_kerma"))
    assert 1.05 < tissue / air < 1.2


def test_a_narrow_beam_lets_pass_what_never_interacts():
    """A beam of a centimetre, seen from 3 m behind: what is scattered misses the point."""
    found = played(CONCRETE, [0.05], beam_m=0.01, behind_m=3.0)
    direct = np.exp(-attenuation.linear_per_m(CONCRETE, 511.0)[0] * 0.05)
    assert found.transmission[0] == pytest.approx(direct, rel=0.08)
    assert found.transmission[0] < played(CONCRETE, [0.05], behind_m=3.0).transmission[0] / 1.2


def test_the_luck_is_addressed():
    once, again, other = (
        played(LEAD, [0.01], 1 << 11, seed=seed, threads=1 + seed).transmission[0] for seed in (0, 0, 1)
    )
    assert once == again != other


def test_threads_cannot_be_seen(monkeypatch):
    from twin.physics import histories

    whole = played(LEAD, [0.01], 1 << 11, threads=1).transmission
    monkeypatch.setattr(histories, "CHUNK", 500)
    assert played(LEAD, [0.01], 1 << 11, threads=2).transmission == pytest.approx(whole, rel=0)


@pytest.mark.parametrize("thicknesses", [[], [0.0], [-0.1], [0.2, 0.1]])
def test_walls_that_cannot_be(thicknesses):
    with pytest.raises(DataError, match="above 0 and ascend"):
        played(LEAD, thicknesses)


def test_places_and_energies_that_cannot_be():
    with pytest.raises(DataError, match="a source 0 m before a wall"):
        played(LEAD, [0.01], distance_m=0.0)
    with pytest.raises(DataError, match="a beam of 0 m"):
        played(LEAD, [0.01], beam_m=0.0)
    with pytest.raises(DataError, match="10 keV to 3 MeV"):
        slab.passing(LEAD, 5.0, [0.01])


def test_layers_of_one_material_are_one():
    whole = played(CONCRETE, [0.2], photons=1 << 14)
    parts = slab.passing_layers([(CONCRETE, 0.12), (CONCRETE, 0.08)], 511.0, photons=1 << 14)
    error = np.hypot(whole.relative_error[0], parts.relative_error[0])
    assert parts.transmission[0] == pytest.approx(whole.transmission[0], rel=4 * error)


@pytest.mark.parametrize("lead_first", [True, False])
def test_the_rule_for_layers_is_on_the_safe_side(lead_first):
    """Of 511 keV behind a free path of lead and two of concrete: up to twice too much, and less than before."""
    wall = [(LEAD, 5.6e-3), (CONCRETE, 0.1)]
    wall = wall if lead_first else wall[::-1]
    found = slab.passing_layers(wall, 511.0, photons=1 << 14)
    true, error = found.transmission[0], found.relative_error[0]
    named = [(of.name, thickness_m) for of, thickness_m in wall]
    ours = float(point_kernel.layered(N, named, 511.0))
    alone = np.prod([float(point_kernel.transmission(N, name, thickness_m, 511.0)) for name, thickness_m in named])
    assert error < 0.06
    assert true * (0.95 - 2 * error) < ours < true * (1.25 if lead_first else 1.9)
    assert ours <= alone


def test_a_wall_has_layers():
    with pytest.raises(DataError, match="thicker than 0"):
        slab.passing_layers([], 511.0)
