"""Dead time, randoms and noise-equivalent counts against streams of events and against what must hold."""

import math
from dataclasses import replace

import numpy as np
import pytest

from twin.physics import countrate, pile_up
from twin.physics.countrate import Electronics, Response
from twin.scanners import pet_geometry
from twin.sources import default_numbers

RNG = np.random.default_rng(5)
START = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def same_luck():
    """Whatever ran before a test, it throws the same."""
    RNG.bit_generator.state = START


def stream(rate_per_s, seconds):
    """Instants of a Poisson process."""
    return np.sort(RNG.uniform(0.0, seconds, RNG.poisson(rate_per_s * seconds)))


@pytest.mark.parametrize("load", [0.05, 0.5, 1.0, 2.0])
def test_paralysable_dead_time(load):
    """Counted is what comes at least the dead time after the last hit, counted or not."""
    dead_s, seconds = 200e-9, 0.1
    rate = load / dead_s
    gaps = np.diff(stream(rate, seconds))
    counted = (gaps > dead_s).sum() / seconds
    assert countrate.paralysable(rate, dead_s) == pytest.approx(counted, rel=4 / math.sqrt(counted * seconds))


@pytest.mark.parametrize("load", [0.05, 0.5, 2.0])
def test_non_paralysable_dead_time(load):
    dead_s, seconds = 200e-9, 0.02
    rate = load / dead_s
    counted, awake_s = 0, 0.0
    for instant in stream(rate, seconds):
        if instant >= awake_s:
            counted, awake_s = counted + 1, instant + dead_s
    found = countrate.non_paralysable(rate, dead_s) * seconds
    assert found == pytest.approx(counted, rel=4 / math.sqrt(counted))


def test_a_paralysable_detector_counts_most_at_one_over_its_dead_time():
    rates = np.linspace(1.0, 5.0e7, 200_001)
    counted = countrate.paralysable(rates, 200e-9)
    assert rates[counted.argmax()] == pytest.approx(1 / 200e-9, rel=1e-3)
    assert counted.max() == pytest.approx(1 / (math.e * 200e-9), rel=1e-6)


def test_randoms_are_the_full_window_times_both_rates():
    """Two independent streams; a coincidence within the half window on either side."""
    window_s, seconds = 20e-9, 20.0
    first, second = stream(2e5, seconds), stream(3e5, seconds)
    near = np.searchsorted(second, first + window_s / 2) - np.searchsorted(second, first - window_s / 2)
    due = float(countrate.randoms_per_s(2e5, 3e5, window_s)) * seconds
    assert near.sum() == pytest.approx(due, abs=4 * math.sqrt(due))


def test_lines_that_pass_the_centre():
    angles = RNG.uniform(0.0, 2 * math.pi, (2, 200_000))
    distance = np.abs(np.cos((angles[0] - angles[1]) / 2))
    assert countrate.passing_part(0.25, 1.0) == pytest.approx((distance < 0.25).mean(), abs=0.004)
    assert countrate.passing_part(2.0, 1.0) == 1.0


QUIET = Response(0.05, 0.005, 0.4, 0.9, 0.17, Electronics(64, 3.4e-9, 0.0, multiples="keep"))
BLIND = replace(QUIET, electronics=replace(QUIET.electronics, block_dead_time_s=200e-9))
ACTIVITY = np.geomspace(1e3, 5e11, 200)


def test_without_dead_time_the_noise_equivalent_rate_never_falls():
    """It rises towards a^2 / (k r), with trues a and randoms r A^2."""
    found = countrate.rates(QUIET, ACTIVITY)
    assert found.peak is None
    assert (np.diff(found.necr) > 0.0).all()
    randoms = 0.17 * 0.5 * (1 - 1 / 64) * 3.4e-9 * 0.4**2
    assert found.necr[-1] == pytest.approx(0.05**2 / randoms, rel=0.1)


def test_with_dead_time_there_is_a_peak():
    found = countrate.rates(BLIND, ACTIVITY)
    assert found.peak is not None
    activity_bq, necr_per_s = found.peak
    close = countrate.rates(BLIND, np.geomspace(0.9 * activity_bq, 1.1 * activity_bq, 4001))
    assert activity_bq == pytest.approx(close.activity_bq[close.necr.argmax()], rel=5e-3)
    assert necr_per_s == pytest.approx(close.necr.max(), rel=1e-4)
    assert 0.0 < np.interp(activity_bq, ACTIVITY, found.live) < 1.0


@pytest.mark.parametrize("multiples", ["reject", "keep"])
def test_a_gamma_with_a_pair_is_as_three_photons_thrown(multiples):
    first = RNG.random(2_000_000) < 0.3  # 2 % are five standard errors
    second, gamma = RNG.random(first.size) < np.where(first, 0.5, 0.2), RNG.random(first.size) < 0.1
    of_both, with_one = first & second, first.astype(int) + second
    stays, false = countrate.accompanied(of_both.mean(), with_one.mean(), 0.1, multiples)
    kept = multiples == "keep"
    assert stays * of_both.mean() == pytest.approx((of_both & (kept | ~gamma)).mean(), rel=0.01)
    assert false == pytest.approx((gamma * np.where(kept, with_one, with_one == 1)).mean(), rel=0.02)


def test_noisy_randoms_cost_more():
    clean, noisy = (countrate.rates(QUIET, ACTIVITY, noise).necr for noise in (1.0, 2.0))
    assert (noisy < clean).all()
    assert noisy[0] == pytest.approx(clean[0], rel=1e-3)


def test_crystals_that_count_themselves_are_there_without_a_source():
    lit = replace(QUIET, background_singles_per_s=1e5, background_hits_per_s=2e5, background_coincidences_per_s=500.0)
    found = countrate.rates(lit, np.array([0.0, 1e6]))
    assert found.trues[0] == found.necr[0] == 0.0
    assert found.scattered[0] == 500.0
    assert found.randoms[0] > 0.0
    assert found.necr[1] < countrate.rates(QUIET, np.array([0.0, 1e6])).necr[1]


# Hits that add up, and third photons ----------------------------------------------------------------------------------


@pytest.mark.parametrize("load", [0.1, 0.5, 1.5])
def test_hits_of_a_block_add_up(load):
    """A stream of hits of 250 or 511 keV; the window is 400 to 600 keV. What begins after a pause is measured."""
    dead_s, seconds = 200e-9, 0.05
    instants = stream(load / dead_s, seconds)
    energy = np.where(RNG.uniform(size=instants.size) < 0.5, 250.0, 511.0)
    begins = np.append(True, np.diff(instants) > dead_s)
    end = np.searchsorted(instants, instants + dead_s)
    summed = np.append(0.0, np.cumsum(energy))
    total = summed[end] - summed[np.arange(instants.size)]
    inside = begins & (total > 400.0) & (total < 600.0)
    alone = 0.5 * load / dead_s * seconds
    block = Electronics(1, 0.0, dead_s, dead_s, clean=(1.0, 0.0, 0.0), whole=(1.0, 0.5, 0.0))
    clean, whole = block.measured(load / dead_s)
    assert whole == pytest.approx(inside.sum() / alone, abs=5 * math.sqrt(inside.sum()) / alone)
    unharmed = (inside & (energy > 400.0)).sum()
    assert clean == pytest.approx(unharmed / alone, abs=5 * math.sqrt(unharmed) / alone)


def test_the_spectrum_says_what_further_hits_do():
    """All deposits 250 or 511 keV, perfectly measured: one more hit of 250 keV lifts one of 250 keV into the window."""
    numbers = default_numbers()
    sharp = pet_geometry.ring(numbers, "siemens_inveon")
    layers = (replace(sharp.layers[0], energy_resolution=1e-6),)
    sharp = replace(sharp, layers=layers, energy_window_kev=(400.0, 600.0), block_dead_time_s=1e-7)
    deposits = np.zeros(1024)
    deposits[[10, 250, 511]] = 5.0, 1.0, 1.0
    found = pile_up.electronics(sharp, numbers, deposits)
    assert found.clean == pytest.approx((1.0, 0.0, 0.0, 0.0))
    assert found.whole == pytest.approx((1.0, 0.5, 0.0, 0.0))
    assert pile_up.hits_part(numbers, deposits) == 2.0  # 10 keV are not noticed
    assert found.integration_s == 1e-7
    assert pile_up.electronics(replace(sharp, energy_sum="crystal"), numbers, deposits).integration_s == 0.0


def test_a_third_photon_spoils_a_coincidence():
    """Pairs at random instants; a single within half the window on either side makes it more than two."""
    window_s, seconds, rate = 20e-9, 0.1, 1e7
    pairs, singles = stream(1e6, seconds), stream(rate, seconds)
    near = np.searchsorted(singles, pairs + window_s / 2) > np.searchsorted(singles, pairs - window_s / 2)
    found = Electronics(64, window_s, 0.0).unique(rate)
    assert found == pytest.approx(1.0 - near.mean(), abs=4 / math.sqrt(pairs.size))
    assert Electronics(64, window_s, 0.0, multiples="keep").unique(rate) == 1.0
