"""Counts of a scan from the response of a bed."""

import math
from dataclasses import replace

import numpy as np
import pytest

from twin.physics import counts
from twin.physics.countrate import Electronics
from twin.physics.counts import BedResponse, Decaying

F18 = Decaying(math.log(2) / 6586.0, 0.967, "F-18")
BED = BedResponse(
    "ring", "bed", 0.03, 0.025, 0.07, 0.028, (0.04, 0.039, 0.039, 0.04), (0.01,) * 4, (0.4,) * 4, (0.5,) * 4, 0.05,
    0.008, 0.13, Electronics(64, 3.4e-9, 2e-7), 1e4, 2e4, 50.0, {"Zr-89": (0.07, 0.2, 0.0)}, {"F-18": 2e-3},
)  # fmt: skip
QUIET = replace(
    BED, electronics=Electronics(64, 0.0, 0.0), background_singles_per_s=0.0, background_hits_per_s=0.0,
    background_coincidences_per_s=0.0,
)  # fmt: skip


def test_without_losses_counts_are_decays_times_response():
    decays = 5e6 / F18.decay_per_s * -math.expm1(-F18.decay_per_s * 900.0)
    found = counts.scanned(QUIET, [5e6], 900.0, F18)
    assert found.trues[0] == pytest.approx(0.967 * decays * 0.05, rel=1e-9)
    assert found.nec[0] == pytest.approx(found.trues[0] * 0.05 / 0.058, rel=1e-9)
    assert found.live == pytest.approx(1.0)


def test_neighbours_attenuate_scatter_blind_and_make_randoms():
    alone, four = counts.scanned(BED, [5e6], 900.0, F18), counts.scanned(BED, [5e6] * 4, 900.0, F18)
    assert four.trues[0] < alone.trues[0]
    assert four.live < alone.live
    assert four.randoms[0] > 10 * alone.randoms[0]
    assert four.nec[0] < alone.nec[0]


def test_the_integral_over_the_scan_is_that_of_many_steps():
    edges = np.linspace(0.0, 3600.0, 2001)
    steps = [counts.scanned(BED, np.array([5e6, 3e6]) * math.exp(-F18.decay_per_s * t), 1.8, F18) for t in edges[:-1]]
    whole = counts.scanned(BED, [5e6, 3e6], 3600.0, F18)
    for name in ("trues", "scattered", "randoms"):
        assert getattr(whole, name) == pytest.approx(sum(getattr(one, name) for one in steps), rel=1e-4)


def test_many_scans_at_once_are_each_of_them():
    activity, lasts_s = np.array([[5e6, 4e6], [2e6, 1e6], [9e6, 9e6]]), np.array([600.0, 900.0, 1200.0])
    together = counts.scanned(BED, activity, lasts_s, F18)
    for n in range(3):
        one = counts.scanned(BED, activity[n], lasts_s[n], F18)
        assert together.nec[n] == pytest.approx(one.nec)
        assert together.live[n] == pytest.approx(one.live)


def test_prompt_gammas_are_singles_and_blind():
    zirconium = Decaying(1e-7, 0.23, "Zr-89")
    with_gammas, without = (counts.scanned(BED, [5e6], 900.0, replace(zirconium, nuclide=n)) for n in ("Zr-89", ""))
    assert with_gammas.live < without.live
    assert with_gammas.randoms[0] > 1.5 * without.randoms[0]


def test_a_prompt_gamma_makes_false_coincidences_and_spoils_true_ones():
    iodine = Decaying(1e-7, 0.23, "I-124")
    found = counts.scanned(replace(QUIET, prompts={"I-124": (0.0, 0.0, 0.06)}), [5e6], 900.0, iodine)
    plain = counts.scanned(QUIET, [5e6], 900.0, iodine)
    assert found.trues[0] == pytest.approx(0.94 * plain.trues[0])
    false = found.scattered[0] - 0.94 * plain.scattered[0]
    assert false == pytest.approx(5e6 * 900.0 * 0.23 * 0.13 * 0.06 * (0.4 - 2 * 0.058), rel=1e-3)


def test_a_scan_lasts_until_the_poorest_has_its_counts():
    activity = np.array([5e6, 2e6])
    lasts_s = counts.time_to_s(BED, activity, 2e7, 7200.0, F18)
    assert counts.scanned(BED, activity, lasts_s, F18).nec.min() == pytest.approx(2e7, rel=0.002)
    assert counts.time_to_s(BED, activity, 1e12, 7200.0, F18) == 7200.0


def test_counting_error_falls_with_the_root_of_the_counts_and_with_contrast():
    one, more = counts.target_cv(BED, [1e6, 4e6], 1.2, 0.005, 1.0)
    assert one == pytest.approx(2 * more)
    assert one == pytest.approx(1.2 * 25**0.75 / math.sqrt(1e6 * 5 / 70))
    assert counts.target_cv(BED, 1e6, 1.2, 0.005, 3.0) == pytest.approx(one / 3)
    assert math.isinf(counts.target_cv(BED, 0.0, 1.2, 0.005, 1.0))
