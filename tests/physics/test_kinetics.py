"""Closed forms of tracer kinetics against a solver of differential equations, and their laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from twin.physics import kinetics
from twin.physics.kinetics import exponentials, response

MIN = 60.0
TIMES = np.linspace(0.0, 120.0, 25) * MIN
BLOOD = kinetics.input_function([40.0, 8.0, 1.5], [1.2 / MIN, 0.09 / MIN, 0.006 / MIN], 7.0 / MIN)
positive = st.floats(1e-4, 1.0).map(lambda rate: rate / MIN)
rates = st.tuples(positive, positive, positive, st.one_of(st.just(0.0), positive))


def solved(k1, k2, k3, k4, blood=BLOOD):
    """Free and bound by an explicit solver of order eight."""

    def change(t, c):
        into = k1 * blood.at(t)
        return [into - (k2 + k3) * c[0] + k4 * c[1], k3 * c[0] - k4 * c[1]]

    found = solve_ivp(change, (0, TIMES[-1]), [0.0, 0.0], "DOP853", TIMES, rtol=1e-12, atol=1e-14)
    return found.y.sum(axis=0)


@pytest.mark.parametrize(
    "per_min",
    [
        (0.328, 0.55, 0.079, 0.0),  # "typical" rodent brain, FDG
        (0.328, 0.55, 0.079, 0.01),
        (0.1, 0.3, 0.0, 0.0),  # one tissue
        (0.02, 0.01, 0.4, 0.4),
        (0.5, 0.09, 0.0, 0.0),  # the rate of the tissue is one of the blood's
        (1.0, 1.2, 1e-3, 1e-4),
    ],
)
def test_compartments_equal_the_solver(per_min):
    constants = [rate / MIN for rate in per_min]
    found = response(*constants).curve(BLOOD).at(TIMES)
    expected = solved(*constants)
    assert np.max(np.abs(found - expected)) / np.max(expected) < 1e-8


@given(rates)
def test_compartments_equal_the_matrix_exponential(constants):
    """Hypothesis seeks rates that lie badly; a bolus that is an instant has no solver's error at all."""
    from scipy.linalg import expm

    k1, k2, k3, k4 = constants
    answer = response(*constants)
    matrix = np.array([[-(k2 + k3), k4], [k3, -k4]])
    for t in (1.0, 300.0, 7200.0):
        expected = (expm(matrix * t) @ [k1, 0.0]).sum()
        found = answer.fast * math.exp(-answer.fast_per_s * t) + answer.slow * math.exp(-answer.slow_per_s * t)
        assert found == pytest.approx(expected, rel=1e-9)


@given(rates)
def test_constants_come_back_from_the_response(constants):
    assert kinetics.rate_constants(response(*constants)) == pytest.approx(constants, rel=1e-6, abs=1e-12)


def test_without_release_the_slow_part_is_the_net_influx():
    answer = response(0.328, 0.55, 0.079)
    assert answer.slow == pytest.approx(kinetics.net_influx(0.328, 0.55, 0.079), rel=1e-12)
    assert answer.slow == pytest.approx(0.0412, abs=5e-5)
    assert answer.slow_per_s == 0


@given(st.floats(1e-6, 1e-1), st.floats(0.9999, 1.0001))
def test_equal_rates_make_no_fault(rate, ratio):
    """Where both rates are one the convolution is t e^(-rate t)."""
    made = exponentials([1.0], [rate]).convolved(rate * ratio)
    times = np.array([0.1, 1.0, 3.0]) / rate
    mean = rate * (1 + ratio) / 2
    near = times * np.exp(-mean * times) * (1 + ((ratio - 1) * rate * times) ** 2 / 24)
    assert made.at(times) == pytest.approx(near, rel=1e-8)


def test_a_chain_of_three_equal_rates():
    twice = exponentials([1.0], [0.01]).convolved(0.01).convolved(0.01)
    times = np.array([50.0, 100.0, 400.0])
    assert twice.at(times) == pytest.approx(times**2 / 2 * np.exp(-0.01 * times), rel=1e-6)


def test_integrals_equal_quadrature():
    curve = kinetics.tissue(BLOOD, response(0.3 / MIN, 0.5 / MIN, 0.05 / MIN, 0.01 / MIN), 0.04)
    area, _ = quad(lambda t: float(curve.at(t)), 0, 90 * MIN, points=[10, 60, 600], limit=200, epsrel=1e-11)
    assert curve.integral(90 * MIN) == pytest.approx(area, rel=1e-9)
    assert curve.area() == pytest.approx(float(curve.integral(1e7)), rel=1e-9)


def test_what_stays_for_ever_has_no_end():
    assert response(0.3, 0.5, 0.05).curve(BLOOD).area() == math.inf
    assert response(0.3, 0.5, 0.05).curve(BLOOD).decaying(1e-4).area() < math.inf
    assert kinetics.NOTHING.area() == 0


def test_a_curve_begins_at_nothing_and_nothing_is_before_it():
    curve = kinetics.tissue(BLOOD, response(0.3, 0.5, 0.05, 0.01), 0.04)
    assert curve.at([-1.0, 0.0]) == pytest.approx([0.0, 0.0], abs=1e-12)
    assert (BLOOD.at(TIMES[1:]) > 0).all()


@given(rates)
def test_a_tissue_never_holds_more_than_it_was_offered(constants):
    curve = response(*constants).curve(BLOOD)
    assert (curve.at(TIMES) <= constants[0] * BLOOD.integral(TIMES) + 1e-9).all()
    assert (curve.at(TIMES) >= -1e-9).all()


def test_patlak_finds_the_influx_of_a_tissue_that_traps():
    answer = response(0.328 / MIN, 0.55 / MIN, 0.045 / MIN)
    times = np.arange(15.0, 61.0, 5.0) * MIN
    slope, intercept = kinetics.patlak(times, kinetics.tissue(BLOOD, answer, 0.04).at(times), BLOOD)
    assert slope == pytest.approx(answer.slow, rel=0.02)
    assert intercept > 0


def test_a_peak_is_where_the_slope_is_zero():
    # t e^(-t/1000) is largest at 1000 s; its ratio to e^(-t/500) rises for ever.
    curve = exponentials([1.0], [1e-3]).convolved(1e-3)
    assert kinetics.peak_s(curve) == pytest.approx(1000, abs=1)
    assert kinetics.peak_s(curve, exponentials([1.0], [2e-3]), until_s=5000.0) == pytest.approx(5000, abs=40)
