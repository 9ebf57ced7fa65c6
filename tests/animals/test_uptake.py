"""Tracers in animals: published uptakes come back, nothing is made or lost, and what is not known is said."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from twin.animals import body, excretion, handling, species, timing, tracers, uptake
from twin.errors import DataError
from twin.physics import kinetics
from twin.sources import default_numbers

N = default_numbers()
MOUSE = body.body(N, "mouse")
MIN, HOUR, PER_G = 60.0, 3600.0, 10.0
ALL = [(name, tracer) for tracer in tracers.names(N) for name in uptake.known_in(N, tracer)]
MADE = {pair: uptake.kinetics(N, body.body(N, pair[0]), pair[1]) for pair in ALL}
FDG = MADE["mouse", "FDG"]
TIMES = np.geomspace(5 * MIN, 20 * 24 * HOUR, 60)
TABLE = N.tables["kinetics"]


#: Agents of presets, whose courses in tissues are not modelled.
WITHOUT = {"FET", "OsteoSense", "Ra-223-dichloride", "Tc-99m-colloid", "fluciclovine", "gadolinium"}
SIZES = ("mouse", "rat")
WITHOUT |= {"indocyanine-green", "iodinated-contrast", "microbubbles"}


def test_every_other_tracer_has_kinetics_in_some_species():
    assert {tracer for _, tracer in ALL} == set(tracers.names(N)) - WITHOUT


@pytest.mark.parametrize("tracer", sorted(WITHOUT))
def test_a_tracer_without_kinetics_is_refused(tracer):
    with pytest.raises(DataError, match="known in no species"):
        uptake.kinetics(N, MOUSE, tracer)


@pytest.mark.parametrize(
    "row", [row for row in TABLE.values() if row.name.endswith(".uptake")], ids=lambda row: row.name
)
def test_published_uptakes_come_back_at_their_time(row):
    name, tracer, tissue, _ = row.name.split(".")
    time_s = TABLE[f"{name}.{tracer}.{tissue}.uptake_time"].si
    assert MADE[name, tracer].uptake_per_kg(tissue, time_s) == pytest.approx(row.si, rel=1e-9)


@pytest.mark.parametrize("pair", ALL, ids="-".join)
def test_nothing_is_made(pair):
    """Tissues, any one lesion and what has left are no more than what was injected, from minutes to weeks."""
    made = MADE[pair]
    held = {name: uptake.organ_mass_kg(N, made.animal, name) * made.uptake_per_kg(name, TIMES) for name in made.tissues}
    lesions = [name for name in held if name.startswith(uptake.LESIONS)]
    for lesion in (None, *lesions):
        inside = sum(amount for name, amount in held.items() if name == lesion or name not in lesions)
        gone = excretion.excreted(N, made, TIMES, lesion)
        assert (inside > -1e-9).all()
        assert (np.diff(gone) >= -1e-12).all()
        assert (inside + gone <= 1.0 + 1e-9).all()


@pytest.mark.parametrize("pair", ALL, ids="-".join)
def test_blood_begins_with_the_whole_dose_in_it(pair):
    made = MADE[pair]
    held = 1000 * made.animal.blood_volume_m3 * made.uptake_per_kg("blood", 20.0)
    assert 0 < held < 1


def test_a_tissue_equals_its_differential_equation():
    brain, blood = FDG.tissues["brain"], FDG.blood
    k1, k2, k3, k4 = kinetics.rate_constants(brain.answer)

    def change(t, c):
        return [k1 * blood.at(t) - (k2 + k3) * c[0] + k4 * c[1], k3 * c[0] - k4 * c[1]]

    times = np.linspace(0, 60, 13) * MIN
    found = solve_ivp(change, (0, times[-1]), [0.0, 0.0], "DOP853", times, rtol=1e-11, atol=1e-12).y.sum(axis=0)
    expected = found + brain.blood_fraction * blood.at(times)
    assert np.max(np.abs(FDG.uptake_per_kg("brain", times) - expected)) / expected.max() < 1e-8


def test_uptake_goes_down_as_the_mass_goes_up():
    heavy = uptake.kinetics(N, body.body(N, "mouse", 0.05), "FDG")
    for tissue in ("blood", "brain", "tumour"):
        ratio = heavy.uptake_per_kg(tissue, HOUR) / FDG.uptake_per_kg(tissue, HOUR)
        assert ratio == pytest.approx(0.5, rel=0.01)


def test_activity_decays_besides():
    now = FDG.activity_bq_per_kg("tumour", 109.77 * MIN, 10e6)
    assert now == pytest.approx(0.5 * 10e6 * FDG.uptake_per_kg("tumour", 109.77 * MIN))
    iron = MADE["mouse", "ferumoxytol"]
    assert iron.activity_bq_per_kg("liver", HOUR, 1.0) == iron.uptake_per_kg("liver", HOUR)


def test_luciferin_from_the_belly_peaks_after_8_min():
    """Khalil 2013: 8 min."""
    signal = MADE["mouse", "D-luciferin"].curve("tumour")
    assert kinetics.peak_s(signal) / MIN == pytest.approx(8, abs=0.1)


def test_what_lies_beside_the_vein_comes_late():
    late, times = FDG.extravasated(N, 0.4), np.array([5, 30, 60]) * MIN
    assert (late.uptake_per_kg("tumour", times) < FDG.uptake_per_kg("tumour", times)).all()
    assert late.blood.area() == pytest.approx(FDG.blood.area(), rel=1e-6)
    assert FDG.extravasated(N, 0.0).uptake_per_kg("brain", HOUR) == pytest.approx(FDG.uptake_per_kg("brain", HOUR))


def of_fdg(fasted_h=0.0, awake=0.0, room=22.0, anaesthetic="isoflurane", inspired=0.015):
    how = handling.Handling(fasted_h * HOUR, awake, room, anaesthetic, inspired, HOUR)
    return handling.handled(N, FDG, how)


def test_the_table_is_that_of_a_fed_sleeping_animal():
    plain = handling.factors(N, FDG, handling.Handling(0.0, 0.0, 20.0, "isoflurane", 0.015, HOUR))
    assert plain == pytest.approx(dict.fromkeys(FDG.tissues, 1.0), rel=1e-9)


def test_waiting_awake_in_the_cool_feeds_brown_fat_and_muscle():
    cool, warm = of_fdg(awake=1.0, room=20.0), of_fdg(awake=1.0, room=31.0)
    for tissue in ("brown_fat", "muscle"):
        assert cool.uptake_per_kg(tissue, HOUR) > 1.5 * warm.uptake_per_kg(tissue, HOUR)
    assert cool.uptake_per_kg("tumour", HOUR) < warm.uptake_per_kg("tumour", HOUR)
    asleep_cool, asleep_warm = of_fdg(room=20.0), of_fdg(room=31.0)
    assert asleep_cool.uptake_per_kg("brown_fat", HOUR) == pytest.approx(asleep_warm.uptake_per_kg("brown_fat", HOUR))


@pytest.mark.parametrize("tracer", ["MDP", "NaF", "FLT"])
def test_kidneys_hold_what_is_on_its_way(tracer):
    """In the end what leaves the blood has passed them, with a half-life of 3 min."""
    made = MADE["mouse", tracer]
    kidney, part = made.tissues["kidney"], N.value(f"kinetics.mouse.{tracer}.excreted")
    held = kidney.specific(made.blood).scaled(uptake.organ_mass_kg(N, MOUSE, "kidney"))
    assert held.area() * math.log(2) / (3 * MIN) == pytest.approx(part)
    assert made.uptake_per_kg("kidney", HOUR) > made.uptake_per_kg("blood", HOUR)


def test_without_fur_a_mouse_makes_more_heat():
    """At rest it makes what it loses: the bare one 55 % more in the same air, and more of that on purpose."""
    normal, rest = MOUSE.temperature_degc, N.value("physiology.temperature.thermoneutral")
    nude = body.body(N, "mouse", strain="BALB_c_nude")
    for room in (15.0, 22.0):
        furred, bare = (
            float(handling.coolness(N, room, one)) * 10.0 + normal - rest for one in (1.0, nude.bare)
        )  # fmt: skip
        assert bare / furred == pytest.approx(1.55)
    assert handling.coolness(N, 31.0) == 0.0 < handling.coolness(N, 31.0, nude.bare)


def test_fasting_and_warming_show_the_tumour():
    """Hesketh 2024: fasting raises tumour uptake and suppresses the heart; Fueger 2006: contrast grows."""
    before, after = of_fdg(awake=1.0, room=20.0), of_fdg(12.0, 1.0, 30.0)
    assert after.uptake_per_kg("tumour", HOUR) > 2 * before.uptake_per_kg("tumour", HOUR)
    assert after.uptake_per_kg("heart", HOUR) < before.uptake_per_kg("heart", HOUR)
    for tissue in ("muscle", "brown_fat", "heart"):
        assert timing.contrast(after, "tumour", tissue, HOUR) > 2 * timing.contrast(before, "tumour", tissue, HOUR)


def test_more_substance_leaves_less_uptake():
    made = MADE["mouse", "DCFPyL"]
    how = handling.Handling(0.0, 0.0, 22.0, "isoflurane", 0.015, HOUR, 30e-9)
    half = made.handled(handling.factors(N, made, how))
    specific = [made.uptake_per_kg("tumour", HOUR), half.uptake_per_kg("tumour", HOUR)]
    specific -= made.tissues["tumour"].nonspecific(made.blood).at(HOUR)
    assert specific[1] == pytest.approx(specific[0] / 2)


@given(st.floats(0, 24), st.floats(0, 1), st.floats(5, 31), st.sampled_from(["isoflurane", "ketamine_xylazine"]))
def test_factors_are_positive_and_bounded(fasted_h, awake, room, anaesthetic):
    how = handling.Handling(fasted_h * HOUR, awake, room, anaesthetic, 0.015, HOUR)
    assert all(0.01 < factor < 100 for factor in handling.factors(N, FDG, how).values())
    made = handling.handled(N, FDG, how)
    assert made.blood.rates_per_s.min() > 0.0


@pytest.mark.parametrize(("fasted_h", "awake", "room"), [(0.0, 1.0, 20.0), (10.0, 0.0, 22.0), (4.0, 0.5, 25.0)])
def test_what_tissues_take_up_more_is_gone_from_blood(fasted_h, awake, room):
    """The free sugar in its volume, and what clears it, by hand: nothing is made or lost."""
    how = handling.Handling(fasted_h * HOUR, awake, room, "isoflurane", 0.015, HOUR)
    factors, made = handling.factors(N, FDG, how), handling.handled(N, FDG, how)
    own = {name: tissue for name, tissue in FDG.tissues.items() if not name.startswith(uptake.LESIONS)}
    kilograms = {name: uptake.organ_mass_kg(N, MOUSE, name) for name in own}
    free = uptake.organ_mass_kg(N, MOUSE, "blood") + sum(
        kilograms[k] * t.answer.fast / t.answer.fast_per_s for k, t in own.items()
    )
    more = sum(kilograms[k] * t.answer.slow * (factors[k] - 1.0) for k, t in own.items())
    times = np.array([10.0, 60.0, 120.0]) * MIN
    assert made.blood.at(times) == pytest.approx(FDG.blood.at(times) * np.exp(-more / free * times))
    assert (more > 0.0) == (float(made.blood.at(HOUR)) < float(FDG.blood.at(HOUR)))


@pytest.mark.parametrize("pair", [pair for pair in ALL if MADE[pair].decay_constant_per_s], ids="-".join)
def test_decays_in_all_organs_are_those_of_the_dose(pair):
    made = MADE[pair]
    residence = excretion.residence_s(N, made, voids=False)
    assert min(residence.values()) >= 0
    assert math.fsum(residence.values()) == pytest.approx(1 / made.decay_constant_per_s, rel=1e-6)
    voided = excretion.residence_s(N, made)
    assert voided["bladder"] < residence["bladder"]
    assert {k: v for k, v in voided.items() if k != "bladder"} == {k: v for k, v in residence.items() if k != "bladder"}


def test_residence_equals_quadrature():
    weight = uptake.organ_mass_kg(N, MOUSE, "heart")
    area, _ = quad(
        lambda t: weight * float(FDG.activity_bq_per_kg("heart", t, 1.0)),
        0,
        4 * HOUR,
        points=[30, 300, 3600],
        limit=200,
    )
    assert excretion.residence_s(N, FDG, until_s=4 * HOUR)["heart"] == pytest.approx(area, rel=1e-6)


def test_a_bladder_fills_while_the_animal_sleeps():
    """The closed form against a solver, through three phases."""
    filling, empties = excretion.leaving_per_s(N, FDG), math.log(2) / N.value("kinetics.voiding.half_life")
    times = np.arange(0.0, 200.0, 10.0) * MIN

    def change(t, inside):
        return filling.at(t) - (0.0 if 60 * MIN < t < 120 * MIN else empties) * inside

    found = solve_ivp(change, (0, times[-1]), [0.0], t_eval=times, rtol=1e-8, atol=1e-12, max_step=30.0).y[0]
    inside = excretion.bladder(N, FDG, times, 60 * MIN, 120 * MIN)
    assert inside == pytest.approx(found, abs=1e-5)
    outside = excretion.bedding(N, FDG, times, 60 * MIN, 120 * MIN)
    assert inside + outside == pytest.approx(excretion.excreted(N, FDG, times))


def test_scan_at_60_or_at_147_min():
    """Contrast of a fasted mouse is better late, counts are better early: the answer weighs both."""
    fasted = of_fdg(10.0)
    early, late = (timing.contrast(fasted, "tumour", "muscle", minutes * MIN) for minutes in (60, 147))
    assert late > early
    left = timing.counts_left(fasted, np.array([60, 147]) * MIN)
    assert left[1] / left[0] == pytest.approx(0.577, abs=0.001)  # 42 % fewer
    best = timing.best_s(fasted, "tumour", "muscle")
    worth = timing.detectability(fasted, "tumour", "muscle", np.array([best, 147 * MIN, 12 * MIN]))
    assert worth[0] == worth.max()


def test_many_animals_are_one_call():
    times = np.linspace(45, 90, 10_000) * MIN
    found = FDG.uptake_per_kg("tumour", times)
    assert found[::999] == pytest.approx([float(FDG.uptake_per_kg("tumour", t)) for t in times[::999]])


@pytest.mark.parametrize(
    ("name", "tracer", "words"),
    [
        ("rabbit", "FDG", "the kinetics of FDG in the rabbit are not known; known in: mouse"),
        ("mouse", "FES", "the kinetics of FES in the mouse are not known; known in: rat"),
        ("mouse", "FGD", "tracer 'FGD' is not known; did you mean 'FDG'"),
    ],
)
def test_a_tracer_without_kinetics_says_so(name, tracer, words):
    with pytest.raises(DataError, match=words):
        uptake.kinetics(N, body.body(N, name), tracer)


def test_what_is_carried_over_goes_by_mass_and_flow_and_is_told():
    mouse, rat = (body.body(N, name) for name in ("mouse", "rat"))
    made = MADE["rat", "FDG"]
    assert (made.rows_of, FDG.rows_of, MADE["rat", "FES"].rows_of) == ("mouse", "mouse", "rat")
    pace = (rat.cardiac_output_m3_per_s / rat.mass_kg) / (mouse.cardiac_output_m3_per_s / mouse.mass_kg)
    assert 0.5 < pace < 1.0
    standardised = FDG.blood.at(pace * TIMES) * mouse.mass_kg
    assert made.blood.at(TIMES) * rat.mass_kg == pytest.approx(standardised)
    per_g = {name: N.value(f"tissues.{name}.brain.flow") / N.value(f"tissues.{name}.brain.volume") for name in SIZES}
    ratio = per_g["rat"] / per_g["mouse"] * (rat.mass_kg / mouse.mass_kg) ** -0.25
    found, source = made.tissues["brain"].answer, FDG.tissues["brain"].answer
    assert found.slow / source.slow == pytest.approx(ratio)
    assert MADE["rat", "MDP"].tissues["tumour"].diluted_per_s == MADE["mouse", "MDP"].tissues["tumour"].diluted_per_s


def test_a_growing_tumour_dilutes_what_it_keeps():
    tumour = MADE["mouse", "Lu-177-L8A4-antibody"].tissues["tumour"]
    assert tumour.diluted_per_s == pytest.approx(math.log(2) / (6 * 24 * HOUR))
    assert tumour.diluted_per_s < tumour.answer.slow_per_s
    assert MADE["mouse", "FDG"].tissues["brain"].diluted_per_s == 0.0


def test_kidneys_have_given_a_ligand_back_on_the_next_day_and_the_tumour_has_not():
    """177Lu-PSMA-617: what it has after 1 h is lutetium's own; the kidneys after 24 h are calibrated (from memory)."""
    made = MADE["mouse", "Lu-177-PSMA-617"]
    kidney, tumour = (made.uptake_per_kg(name, [HOUR, 24 * HOUR]) / PER_G for name in ("kidney", "tumour"))
    assert kidney == pytest.approx([137.2, 2.13], rel=0.01)
    assert tumour[1] > 3 * kidney[1]
    assert tumour[0] == pytest.approx(11.2)
    assert tumour[1] > 0.6 * tumour[0]


def test_a_tissue_that_takes_the_intact_tracer_alone_is_fed_less():
    made = MADE["rat", "FES"]
    uterus, all_of_it = made.tissues["uterus"], replace(made.tissues["uterus"], broken_down_per_s=0.0)
    assert uterus.broken_down_per_s == pytest.approx(math.log(2) / (10 * MIN))
    assert uterus.specific(made.blood).at(HOUR) < 0.5 * all_of_it.specific(made.blood).at(HOUR)


def test_a_tissue_without_uptake_says_so():
    with pytest.raises(DataError, match="no uptake of FDG is known in tissue 'uterus' of the mouse; known: blood"):
        FDG.curve("uterus")


def test_volumes_of_tissues_fit_into_the_body():
    for name in ("mouse", "rat", "rabbit", "monkey", "dog", "human"):
        rows = [
            row.si
            for row in N.tables["tissues"].values()
            if row.name.startswith(f"{name}.") and row.name.endswith(".volume")
        ]
        assert 0.6e-3 < sum(rows) < 1e-3, name
    assert species.species(N, "mouse").mass_kg == 0.025


@pytest.mark.parametrize("terms", [
    [(3.0, 1e-5), (5.0, 2e-4), (0.5, 3e-6)],
    [(1e4, 1e-3), (1e-4, 1e-9)],
    [(4.0, 1e-5), (-2.5, 3e-4)],
])  # fmt: skip
def test_an_animal_is_clear_when_what_is_left_is_one(terms):
    left = excretion.until_one(terms)
    assert sum(height * math.exp(-rate * left) for height, rate in terms) == pytest.approx(1.0, rel=1e-9)
    assert excretion.until_one([(height / 20.0, rate) for height, rate in terms if height < 9.0]) == 0.0
