"""Decay with progeny against radioactivedecay 0.6.1 (its high-precision inventory) and against laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import DataError
from twin.physics import chains, decay, generators
from twin.sources import default_numbers

N = default_numbers()
H, D = 3600.0, 86400.0

#: Activity and decays for each becquerel of a pure parent: radioactivedecay 0.6.1, InventoryHP.
ORACLE = {
    ("Ac-225", 0.5 * D): {"Po-213": (0.9489416959925557, None), "Pb-209": (None, 23393.898410483613)},
    ("Ra-223", H): {"Po-211": (0.001828405800283639, None), "Tl-207": (None, 1079.092445224956)},
    ("Th-227", 10 * D): {"Po-211": (0.0010269879562107632, None), "Tl-207": (None, 188709.38134375325)},
    ("Mo-99", 6 * H): {"Tc-99": (8.035982755635385e-10, 7.014026101471713e-06)},
    ("Pb-212", 1000.0): {"Bi-212": (0.1720838756359554, None), "Po-212": (None, 57.05262561092012)},
    ("Ra-224", 60.0): {"Tl-208": (2.5773502440246274e-08, None), "Po-216": (None, 17.641592795425016)},
    ("Bi-213", 1.0): {"Tl-209": (0.00011141671011750665, 5.5760349124655646e-05)},
}


@pytest.mark.parametrize(("start", "expected"), ORACLE.items(), ids=lambda value: str(value)[:20])
def test_progeny_equal_the_oracle(start, expected):
    activity, decayed = chains.activities_bq(N, start[0], 1.0, start[1]), chains.decays(N, start[0], 1.0, start[1])
    for nuclide, (oracle_bq, oracle_decays) in expected.items():
        # Half-lives of years are printed to seven digits in our table.
        rel = 1e-7 if nuclide == "Tc-99" else 1e-13
        assert oracle_bq is None or activity[nuclide] == pytest.approx(oracle_bq, rel=rel)
        assert oracle_decays is None or decayed[nuclide] == pytest.approx(oracle_decays, rel=rel)


def test_actinium_after_half_a_day():
    # T30: for each becquerel of Ac-225 that is left.
    there = chains.activities_bq(N, "Ac-225", 1.0, 0.5 * D)
    ratios = {name: value / there["Ac-225"] for name, value in there.items()}
    printed = {
        "Fr-221": 1.0003,
        "At-217": 1.0003,
        "Bi-213": 1.0034,
        "Po-213": 0.9824,
        "Pb-209": 0.9083,
        "Tl-209": 0.0210,
    }
    assert ratios == pytest.approx({"Ac-225": 1.0, **printed}, rel=1e-3, abs=5e-5)


def test_members_come_after_their_parents():
    for nuclide in decay.nuclides(N):
        order = chains.members(N, nuclide)
        assert order[0] == nuclide
        for name in order:
            later = [child for child, _ in chains.progeny(N, name) if child in order]
            assert all(order.index(child) > order.index(name) for child in later)


def test_branchings_add_up_to_one():
    # At-217 and Tc-99m have ways that ICRP-107 lists with less than all; nothing has more than all.
    for nuclide in decay.nuclides(N):
        assert math.fsum(share for _, share in chains.progeny(N, nuclide)) == pytest.approx(1.0, abs=2e-4)


@settings(max_examples=30, deadline=None)
@given(
    rates=st.lists(st.floats(1e-8, 1e6), min_size=2, max_size=8),
    repeats=st.integers(0, 7),
    elapsed=st.floats(1e-6, 1e8),
)
def test_a_path_keeps_its_atoms(rates, repeats, elapsed):
    """Any half-lives, some equal: no activity is negative, and what decays is what goes on or is still there."""
    rates = np.array([*rates, rates[repeats % len(rates)], rates[repeats % len(rates)] * (1 + 1e-9)])
    elapsed = np.array(elapsed)
    decayed = [float(chains._along(rates[:n], elapsed, True)) for n in range(1, len(rates) + 1)]
    atoms = [float(chains._along(rates[:n], elapsed, False)) / rates[n - 1] for n in range(1, len(rates) + 1)]
    assert min(decayed) >= 0
    assert min(atoms) >= 0
    arrived = [1 / rates[0], *decayed]
    for came, went, there in zip(arrived, decayed, atoms, strict=False):
        assert went + there == pytest.approx(came, rel=1e-9)


def test_equal_half_lives_are_the_gamma_law():
    rates, elapsed = np.full(4, 1e-3), np.array([0.0, 1.0, 500.0, 20_000.0])
    expected = (1e-3 * elapsed) ** 3 / 6 * np.exp(-1e-3 * elapsed)
    assert chains._along(rates, elapsed, False) == pytest.approx(expected, rel=1e-12)


def test_arrays_and_floats_agree():
    times = np.array([0.0, 60.0, H, 3 * D])
    whole = chains.activities_bq(N, "Ra-223", 2e6, times)
    each = [chains.activities_bq(N, "Ra-223", 2e6, float(time)) for time in times]
    assert all(whole[name] == pytest.approx([one[name] for one in each], rel=1e-14) for name in whole)
    assert type(each[1]["Pb-211"]) is float
    doses = chains.activities_bq(N, "F-18", np.array([1e6, 2e6]), 0.0)
    assert doses["F-18"].tolist() == [1e6, 2e6]


def test_a_nuclide_without_progeny_decays_as_it_does():
    per_s = decay.decay_constant_per_s(N, "F-18")
    assert chains.decays(N, "F-18", 25e6, 7200.0)["F-18"] == pytest.approx(decay.decays_between(25e6, per_s, 7200.0))


def test_nothing_is_told_of_the_time_before():
    with pytest.raises(DataError, match="before the beginning: -1 s"):
        chains.activities_bq(N, "Mo-99", 1.0, -1.0)


def test_equilibrium_is_where_the_chain_goes():
    for nuclide in ("Ac-225", "Ra-223", "Mo-99", "Ge-68", "Sr-82", "Cs-137", "Pb-212", "W-188", "Ra-224", "At-211"):
        found = chains.equilibrium(N, nuclide)
        assert len(found) > 1
        late = 9 * decay.half_life_s(N, nuclide)
        there = chains.activities_bq(N, nuclide, 1.0, late)
        assert {name: there[name] / there[nuclide] for name in found} == pytest.approx(found, rel=2e-3)
    # T03.
    assert chains.equilibrium(N, "Mo-99")["Tc-99m"] == pytest.approx(0.965359, abs=1e-6)


@pytest.mark.parametrize("nuclide", ["F-18", "Tc-99m", "I-131", "I-123", "Th-227", "Tb-149", "Zr-89"])
def test_slow_daughters_are_in_no_equilibrium(nuclide):
    assert chains.equilibrium(N, nuclide) == {nuclide: 1.0}


def test_a_generator_is_milked():
    hours = np.array([23.0, 46.0])
    whole = generators.eluted_bq(N, "Mo-99", "Tc-99m", 1e9, hours * H)
    # T04 for the first; the second is the same of what is left of the parent.
    assert whole[0] / 1e9 == pytest.approx(0.689861, abs=1e-6)
    left = decay.remaining(1.0, decay.decay_constant_per_s(N, "Mo-99"), 23 * H)
    assert whole[1] / whole[0] == pytest.approx(left, rel=1e-9)


def test_what_an_elution_leaves_is_there_for_the_next():
    early, late = generators.eluted_bq(N, "Ge-68", "Ga-68", 1e9, [0.5 * D, 0.5 * D], efficiency=0.6)
    assert late / early == pytest.approx(0.4)
    with pytest.raises(DataError, match=r"part between 0 and 1 .*1\.2"):
        generators.eluted_bq(N, "Ge-68", "Ga-68", 1e9, [1.0], efficiency=1.2)
    with pytest.raises(DataError, match="ascend"):
        generators.eluted_bq(N, "Ge-68", "Ga-68", 1e9, [2.0, 1.0])
    with pytest.raises(DataError, match="Ge-68 does not decay into Tc-99m, but into Ga-68"):
        generators.eluted_bq(N, "Ge-68", "Tc-99m", 1e9, [1.0])
