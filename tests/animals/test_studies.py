"""Growth, severity and sample sizes: closed forms against solvers and another library, rules by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from statsmodels.stats.power import TTestIndPower, TTestPower

from twin.animals import growth, sample_size, severity
from twin.errors import DataError
from twin.sources import default_numbers

N = default_numbers()
DAY, MM3 = 86400.0, 1e-9
TIMES = np.linspace(0, 40, 9) * DAY
RATE, SLOWING, MOST, GAIN, LOSS = 0.5 / DAY, 0.08 / DAY, 2e-6, 1.2e-3 / DAY, 0.1 / DAY
LAWS = {
    "exponential": (lambda v: RATE * v, lambda t: growth.exponential(MM3, RATE, t)),
    "logistic": (lambda v: RATE * v * (1 - v / MOST), lambda t: growth.logistic(MM3, RATE, MOST, t)),
    "bertalanffy": (
        lambda v: GAIN * np.cbrt(v) ** 2 - LOSS * v, lambda t: growth.von_bertalanffy(MM3, GAIN, LOSS, t)
    ),
}  # fmt: skip


@pytest.mark.parametrize("law", LAWS)
def test_growth_equals_its_equation(law):
    change, closed = LAWS[law]
    found = solve_ivp(lambda _, v: change(v), (0, TIMES[-1]), [MM3], "DOP853", TIMES, rtol=1e-11, atol=1e-22)
    assert closed(TIMES) == pytest.approx(found.y[0], rel=1e-7)


def test_gompertz_equals_its_equation_and_its_worked_example():
    found = solve_ivp(
        lambda t, v: RATE * math.exp(-SLOWING * t) * v, (0, TIMES[-1]), [MM3], "DOP853", TIMES, rtol=1e-11, atol=1e-22
    )
    assert growth.gompertz(MM3, RATE, SLOWING, TIMES) == pytest.approx(found.y[0], rel=1e-7)
    # Laird: W = W0 exp[(0.788/0.142)(1 - e^(-0.142 t))]
    laird = growth.line(N, "laird")
    due = math.exp(0.788 / 0.142 * (1 - math.exp(-0.142 * 10)))
    assert laird.volume_m3(10 * DAY) / laird.first_m3 == pytest.approx(due / math.exp(0), rel=0.06)
    assert growth.gompertz(1.0, laird.rate_per_s, laird.slowing_per_s, 10 * DAY) == pytest.approx(due)


@given(st.floats(0.01, 0.99), st.sampled_from(growth.lines(N)), st.floats(2, 12))
def test_a_volume_is_reached_when_it_is_reached(uniform, name, diameter_mm):
    line, limit = growth.line(N, name), growth.volume_m3(diameter_mm * 1e-3)
    when = line.reaches_s(limit, uniform)
    if np.isfinite(when):
        assert line.volume_m3(when, uniform) == pytest.approx(limit, rel=1e-9)
    else:
        assert line.volume_m3(1e12, uniform) <= limit


def test_animals_of_a_line_differ_by_its_spread():
    line = growth.line(N, "lung")
    rates = line.rates_per_s((np.arange(20_000) + 0.5) / 20_000)
    assert rates.mean() == pytest.approx(line.rate_per_s, rel=1e-3)
    assert rates.std() / rates.mean() == pytest.approx(line.spread, rel=0.01)


def test_end_points_and_treatment():
    days = growth.endpoint_s(N, "lung") / DAY
    assert 10 < days < 40
    assert growth.diameter_m(growth.volume_m3(0.012)) == pytest.approx(0.012)
    slower = growth.treated_s(20 * DAY, 10 * DAY, 0.6)
    assert slower == 14 * DAY
    assert growth.treated_s(5 * DAY, 10 * DAY, 0.6) == 5 * DAY
    with pytest.raises(DataError, match="did you mean 'lung'"):
        growth.line(N, "lungs")


@pytest.mark.parametrize("power", [0.8, 0.9])
@pytest.mark.parametrize("effect", [0.2, 0.5, 0.714, 0.8, 1.0, 1.19, 1.5, 2.5, 4.0])
def test_sample_sizes_equal_statsmodels_to_the_integer(effect, power):
    both = TTestIndPower().power(effect, np.arange(2, 700), 0.05)
    assert sample_size.two_groups(effect, power) == 2 + int(np.argmax(both >= power))
    one = TTestPower().power(effect, np.arange(2, 700), 0.05)
    assert sample_size.paired(effect, power) == 2 + int(np.argmax(one >= power))


@given(st.floats(0.1, 3), st.integers(2, 300))
def test_power_equals_statsmodels(effect, animals):
    pairs = (sample_size.power_two_groups, TTestIndPower()), (sample_size.power_paired, TTestPower())
    for ours, theirs in pairs:
        expected = theirs.power(effect, animals, 0.05)
        due = 1.0 if math.isnan(expected) else expected  # far in the tail its series ends, too
        assert ours(effect, animals) == pytest.approx(due, abs=1e-9)


@pytest.mark.parametrize(
    ("difference", "groups", "change", "pairs"),
    [(0.15, 32, 29, 16), (0.20, 19, 17, 10), (0.25, 13, 11, 8), (0.30, 9, 8, 6), (0.40, 6, 6, 5)],
)
def test_the_published_variability_gives_these_sizes(difference, groups, change, pairs):
    """On 14 % within and 21 % between animals."""
    assert sample_size.two_groups(difference / 0.21) == groups
    assert sample_size.two_groups(difference / (math.sqrt(2) * 0.14)) == change
    assert sample_size.paired(difference / (math.sqrt(2) * 0.14)) == pairs


def test_both_savings_are_stated():
    """A comparison needs little less; the animals need not be new at every time point."""
    single, five = (sample_size.design(N, 0.25, points) for points in (1, 5))
    assert (single.cross_sectional, single.longitudinal) == (26, 22)
    assert single.saved_part == pytest.approx(0.15, abs=0.01)
    assert (five.cross_sectional, five.longitudinal) == (130, 22)
    assert sample_size.with_losses(13, 0.14) == 16
    assert sample_size.design(N, 0.25, 1, lost_part=0.14).cross_sectional == 32


def test_hopeless_designs_are_refused():
    with pytest.raises(DataError, match="needs more than 100000 animals"):
        sample_size.two_groups(0.001)
    with pytest.raises(DataError, match="the effect is positive"):
        sample_size.paired(-1.0)


def sleeps(number, spacing_d=3.5, minutes=45.0):
    return [n * spacing_d * DAY for n in range(number)], [minutes * 60.0] * number


def test_six_anaesthesias_every_three_to_four_days_are_mild():
    """Hohlbaum 2017."""
    assert severity.actual(N, ["mild"], *sleeps(6)) == "mild"


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        (sleeps(7), "moderate"),
        (sleeps(3, 1.0), "moderate"),
        (sleeps(2, 1.0), "mild"),
        (sleeps(1, 1.0, 300.0), "moderate"),
        (sleeps(12, 8.0), "mild"),
    ],
)
def test_more_closer_or_longer_is_raised(begun, expected):
    assert severity.actual(N, ["mild"], *begun) == expected


def test_the_highest_class_counts():
    assert severity.worst(["mild", "moderate", "mild"]) == "moderate"
    assert severity.actual(N, ["mild", "severe"], *sleeps(7)) == "severe"
    assert severity.actual(N, ["non_recovery"], *sleeps(1)) == "non_recovery"
    assert severity.actual(N, ["mild"], *sleeps(1), died=True) == "severe"
    assert severity.counts(["mild", "severe", "mild"]) == {"non_recovery": 0, "mild": 2, "moderate": 0, "severe": 1}


def test_re_use_is_another_matter_than_continued_use():
    fine = {"restored": True, "planned": "mild", "advised": True}
    assert severity.reuse_refused("moderate", **fine) == ()
    assert severity.reuse_refused("severe", **fine, authority=True) == ()
    for before, change, why in (
        ("severe", {}, "the authority has not allowed"),
        ("severe", {"authority": True, "severe_procedures": 2}, "more than one severe procedure"),
        ("mild", {"severe_procedures": 2}, "more than one severe procedure"),
        ("non_recovery", {}, "is not alive"),
        ("mild", {"planned": "severe"}, "the new procedures are severe"),
        ("mild", {"restored": False}, "fully restored"),
        ("mild", {"advised": False}, "no veterinarian advises it"),
    ):
        (reason,) = severity.reuse_refused(before, **{**fine, **change})
        assert why in reason
    everything = {"restored": False, "planned": "severe", "advised": False, "severe_procedures": 2}
    assert len(severity.reuse_refused("severe", **everything)) == 5


def test_survival():
    assert severity.survival(N, 10, 0.0, sick=False) == pytest.approx(0.998**10)
    assert severity.survival(N, 6, 30.0, sick=True) < severity.survival(N, 6, 30.0, sick=False) < 1
