"""Body temperature: the closed form against a solver, laws, and what stops an animal from being anaesthetised again."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from twin.animals import body, species, temperature, warmth
from twin.errors import DataError
from twin.sources import default_numbers

N = default_numbers()
MOUSE = body.body(N, "mouse")
MIN = 60.0
WARM = [name for name in species.names(N) if name != "zebrafish"]


def test_a_nude_mouse_cools_further():
    """It loses 1.55 times as much and makes as much: its balance is nearer to the air by that."""
    nude = body.body(N, "mouse", 0.025, "BALB_c_nude")
    air = N.value("physiology.temperature.room")
    rises = [temperature.asleep(N, one, "none").balance_degc - air for one in (MOUSE, nude)]
    assert rises[0] / rises[1] == pytest.approx(1.55)
    assert temperature.asleep(N, nude, "none").at(37.0, 1800.0) < temperature.asleep(N, MOUSE, "none").at(37.0, 1800.0)


def power_w(animal, warming, room_degc, now_degc):
    """The heat balance as it stands in the docstring, from the table."""
    row = {name: N.value(f"physiology.temperature.{name}") for name in (
        "residual_heat", "conductance", "conductance_mass", "conductance_exponent", "heater_conductance",
        "heater_exponent", "blanket", "pad", "bed", "probe_below_normal", "probe_gain",
    )}  # fmt: skip
    ratio = animal.mass_kg / row["conductance_mass"]
    bare = f"physiology.temperature.{animal.species}_bare"
    loss = row["conductance"] * ratio ** row["conductance_exponent"] * (N.value(bare) if N.has(bare) else 1.0)
    made = min(row["residual_heat"] * animal.metabolic_power_w, loss * (animal.temperature_degc - room_degc))
    lost = loss * (now_degc - room_degc)
    if warming == "none":
        return made - lost
    contact = row["heater_conductance"] * ratio ** row["heater_exponent"]
    if warming == "probe":  # a controller: what holds the set point, and more for each degree that is missing
        aim = animal.temperature_degc - row["probe_below_normal"]
        row["probe"] = aim + (loss * (aim - room_degc) - made) / contact + row["probe_gain"] * (aim - now_degc)
    return made - lost - contact * (now_degc - row[warming])


@pytest.mark.parametrize("warming", temperature.WARMING)
@pytest.mark.parametrize("name", ["mouse", "rat", "rabbit", "pig"])
def test_the_closed_form_equals_the_solver(name, warming):
    animal = body.body(N, name)
    capacity = 3470 * animal.mass_kg
    shell, mixing = warmth.of(N, animal).redistribution(animal.mass_kg)
    times = np.linspace(0, 90, 7) * MIN
    found = solve_ivp(  # the mean of the body, and by how much the core is warmer
        lambda _, t: [power_w(animal, warming, 22.0, t[0]) / capacity, -mixing * t[1]], (0, times[-1]),
        [animal.temperature_degc - shell, shell], "DOP853", times, rtol=1e-12, atol=1e-12,
    )  # fmt: skip
    course = temperature.asleep(N, animal, warming, 22.0)
    assert course.at(animal.temperature_degc, times) == pytest.approx(found.y.sum(axis=0), abs=1e-8)


@given(
    st.sampled_from(WARM), st.sampled_from(temperature.WARMING), st.floats(15, 32), st.floats(0, 1), st.floats(0, 1e4)
)
def test_two_spells_are_one(name, warming, room_degc, share, whole_s):
    animal = body.body(N, name)
    course, start = temperature.asleep(N, animal, warming, room_degc), animal.temperature_degc
    between = course.at(start, share * whole_s)
    second = course.later(share * whole_s).at(between, whole_s - share * whole_s)
    assert second == pytest.approx(course.at(start, whole_s), abs=1e-9)


@given(st.sampled_from(WARM), st.floats(15, 32), st.floats(0, 240 * MIN))
def test_no_animal_grows_colder_than_its_room_and_the_warmer_the_heater_the_warmer(name, room_degc, asleep_s):
    animal = body.body(N, name)
    courses = [temperature.asleep(N, animal, warming, room_degc) for warming in ("bed", "blanket", "pad")]
    after = [float(course.at(animal.temperature_degc, asleep_s)) for course in courses]
    assert after == sorted(after)
    assert after[-1] < 42
    bare = temperature.asleep(N, animal, "none", room_degc)
    assert room_degc < bare.at(animal.temperature_degc, asleep_s)
    assert bare.balance_degc < animal.temperature_degc + 1e-9


def test_the_smaller_the_animal_the_faster_it_cools():
    falls = []
    for name in ("mouse", "rat", "rabbit", "dog"):
        animal = body.body(N, name)
        start = animal.temperature_degc
        falls.append(start - float(temperature.asleep(N, animal).at(start, 60 * MIN)))
    assert falls == sorted(falls, reverse=True)
    assert falls[0] > 9
    assert falls[-1] < 2


@given(st.floats(22, 41), st.floats(20, 41), st.floats(-3, 3), st.floats(0, 200 * MIN), st.floats(23, 40))
def test_time_below_a_limit_is_that_of_a_fine_grid(start, balance, shell, elapsed_s, limit):
    course = temperature.Course(balance, 6e-4, shell, 2e-3)
    grid = (np.arange(4000) + 0.5) / 4000 * elapsed_s
    along = course.at(start, grid)
    expected = np.mean(along < limit) * elapsed_s
    assert course.below_s(start, limit, elapsed_s) == pytest.approx(expected, abs=2 * elapsed_s / 1999 + 1e-6)
    turn = float(course.at(start, course.turns_s(start, elapsed_s)))
    assert min(turn, start, along[-1]) <= along.min() + 1e-3
    assert max(turn, start, along[-1]) >= along.max() - 1e-3


def test_a_large_animal_cools_in_its_first_hour_by_redistribution():
    """A human by 1.6 C, of which 81 % by redistribution; large mammals by 0.5 to 2 C; the shell of a mouse is thin."""
    falls, shells = {}, {}
    for name in ("mouse", "rat", "monkey", "dog", "pig", "human"):
        animal = body.body(N, name)
        course, start = temperature.asleep(N, animal), animal.temperature_degc
        falls[name] = start - course.at(start, np.array([60, 180]) * MIN)
        shells[name] = course.shell_k * (1.0 - np.exp(-course.mixing_per_s * 60 * MIN))
    assert falls["human"] == pytest.approx([1.6, 2.8], abs=0.1)
    assert shells["human"] == pytest.approx(0.81 * 1.6, abs=1e-3)
    assert all(0.5 < falls[name][0] < 2.2 for name in ("monkey", "dog", "pig"))
    assert shells["mouse"] < 0.1 < shells["rat"] < 0.25
    assert all(later > first for first, later in falls.values())


def test_re_anaesthesia_waits_only_while_the_animal_is_cold():
    low, high = temperature.limits_degc(N, MOUSE)
    assert (low, high) == (35.0, 38.5)
    assert temperature.until_fit_s(N, MOUSE, [34.999, 35.0, 36.0]) == pytest.approx([0.0, 0.0, 0.0], abs=2)
    waits = temperature.until_fit_s(N, MOUSE, np.array([34.0, 30.0, 27.0]))
    assert (np.diff(waits) > 0).all()
    assert temperature.awake(N, MOUSE).at(27.0, waits[2]) == pytest.approx(35.0)


@pytest.mark.parametrize("name", ["mouse", "rat", "rabbit"])
def test_a_bed_that_follows_the_probe_keeps_every_animal_at_its_own_temperature(name):
    """Where a bed of one temperature is too cold for one species and too warm for another."""
    animal = body.body(N, name)
    for room_degc in (18.0, 22.0, 26.0):
        course = temperature.asleep(N, animal, "probe", room_degc)
        assert course.at(animal.temperature_degc - 3.0, 600 * MIN) == pytest.approx(
            animal.temperature_degc - 0.2, abs=0.01
        )
    plain = temperature.asleep(N, animal, "bed")
    assert temperature.asleep(N, animal, "probe").rate_per_s > plain.rate_per_s
    mouse = float(temperature.asleep(N, MOUSE, "probe").at(37.0, 60 * MIN))
    assert 36.4 <= mouse <= 37.2  # Greenwood 2020: 36.8 +- 0.4 C


def test_a_bed_that_follows_the_probe_is_no_hotter_than_allowed_and_cools_nobody():
    warm = warmth.of(N, MOUSE)
    cold = replace(warm, heater_most_degc=38.0)
    assert cold.asleep(0.025, 15.0, "probe") == cold.asleep(0.025, 15.0, 38.0)
    assert warm.asleep(0.025, 40.0, "probe") == warm.asleep(0.025, 40.0, 40.0)


def test_a_fish_has_the_temperature_of_its_water():
    fish = body.body(N, "zebrafish")
    assert temperature.asleep(N, fish).at(28.0, [0, 600, 6000]) == pytest.approx([28.0] * 3)


def test_what_cannot_be():
    with pytest.raises(
        DataError, match="warming 'blankett' is not known; choose from none, blanket, pad, bed, probe; did"
    ):
        temperature.asleep(N, MOUSE, "blankett")
    with pytest.raises(DataError, match="a heater of 50 degC burns the skin; at most 45 degC"):
        temperature.asleep(N, MOUSE, "pad", heater_degc=50)
