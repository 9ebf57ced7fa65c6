"""Collimators that do not fit what is injected."""

from twin.scenario.checks import examine
from twin.scenario.loading import load


def warned(collimator):
    problems, warnings = examine(load("theranostics_177lu", [f"scanners.spect.collimator={collimator}"], check=False))
    assert not problems
    return [str(one) for one in warnings if "walls of collimator" in str(one)]


def test_thin_walls_are_a_warning():
    """Of 177Lu the line at 208 keV comes through walls that are made for 99mTc."""
    (told,) = warned("low_energy_parallel")
    assert "Lu-177: the walls of collimator low_energy_parallel let 15 % of 208 keV through" in told
    assert warned("high_energy_parallel") == []
