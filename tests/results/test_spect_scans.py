"""Counts of single-photon scans of a run."""

import math

import pytest

from twin import api
from twin.errors import ScenarioError
from twin.physics import collimators, spect
from twin.sources import default_numbers

NUMBERS = default_numbers()


@pytest.fixture(scope="module")
def result():
    """Animals are injected on one day and scanned on others."""
    return api.simulate(api.load("theranostics_177lu", days=3))


def test_a_scan_counts_what_an_earlier_visit_injected(result):
    """Decayed since, and seen by the pinholes in the part of the animal that lies in their field."""
    table, visits = result.tables["spect_scans"], result.tables["visits"]
    assert len(table) > 3
    lambda_per_s = math.log(2) / (6.6443 * 86400)
    seen = spect.view(collimators.collimator(NUMBERS, "u_spect_ii_mouse_060"), NUMBERS, "Lu-177", (0, 0, 0), 0.0225)
    for row in table.head(3).itertuples():
        given = visits[(visits["animal"] == row.animal) & (visits["injected_bq"] > 0)].iloc[0]
        decayed = given["injected_bq"] * math.exp(-lambda_per_s * (row.start_s - given["injected_s"]))
        assert 0.3 * decayed < row.activity_bq <= decayed * 1.001
        in_field = math.pi / 6 * 1.2**3 / 25
        due = row.activity_bq * row.duration_s * seen.counts_per_decay * in_field
        assert row.counts == pytest.approx(due, rel=0.25)
        assert row.resolution_m == pytest.approx(seen.resolution_m)


def test_a_collimator_of_ones_own_choice():
    said = ["scanners.spect.collimator=u_spect_ii_mouse_035"]
    resolved = api.load("theranostics_177lu", said, check=False)
    assert resolved.scenario.scanners["spect"].collimator == "u_spect_ii_mouse_035"
    with pytest.raises(ScenarioError, match=r"scanners\.spect\.collimator.*did you mean 'u_spect_ii_mouse_035'"):
        api.load("theranostics_177lu", ["scanners.spect.collimator=u_spect_ii_mouse_053"])
