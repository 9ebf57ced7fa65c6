"""Where positrons annihilate: against another code, and limits."""

import numpy as np
import pytest

from twin.errors import DataError
from twin.physics import positrons
from twin.physics.electrons import range_kg_per_m2
from twin.sources import default_numbers

NUMBERS = default_numbers()


@pytest.mark.parametrize(
    ("energy_kev", "distance_mm"), [(60.0, 0.0396), (250.0, 0.435), (800.0, 2.346), (2000.0, 7.33)]
)
def test_the_mean_distance_is_that_of_penred(energy_kev, distance_mm):
    """PenRed (PENELOPE 2018) followed 600 to 1700 positrons of each energy in water, to a standard error of 1 %.

    Along an axis the mean is half of the distance.
    """
    range_mm = float(range_kg_per_m2(NUMBERS, energy_kev))  # 1 kg/m2 of water is 1 mm
    depth = np.linspace(0.0, 1.3, 1301)
    beyond = 1.0 - positrons._of_energy(energy_kev, depth)
    mean_mm = range_mm * float(np.trapezoid(beyond, depth))
    assert mean_mm == pytest.approx(distance_mm / 2.0, rel=0.045)


def test_all_annihilate_somewhere():
    spread = positrons.line_spread(NUMBERS, "Rb-82", 1e-4, 240)
    assert spread.sum() == pytest.approx(1.0, abs=1e-6)
    assert (spread == spread[::-1]).all()
    assert int(spread.argmax()) == 240


def test_who_sends_out_no_positrons_has_no_way():
    with pytest.raises(DataError, match="Tc-99m emits no positrons"):
        positrons.within(NUMBERS, "Tc-99m", 1e-3)
