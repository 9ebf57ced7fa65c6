"""Limits as the rules print them; committed doses; three rules for waste that are not the same."""

import math

import numpy as np
import pytest

from twin.errors import DataError
from twin.physics import decay, protection, waste
from twin.sources import default_numbers

N = default_numbers()
H, D = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("jurisdiction", "person", "quantity", "msv"),
    [
        ("EU", "worker", "effective", 20),
        ("EU", "apprentice", "effective", 6),
        ("EU", "public", "effective", 1),
        ("DE", "worker", "lens", 20),
        ("DE", "worker", "extremity", 500),
        ("DE", "minor", "effective", 1),
        ("ES", "worker", "skin", 500),
        ("US", "worker", "effective", 50),
        ("US", "worker", "lens", 150),
        ("IAEA", "worker", "effective", 50),
    ],
)
def test_annual_limits(jurisdiction, person, quantity, msv):
    assert protection.annual_limit(N, jurisdiction, person, quantity) == pytest.approx(msv / 1000)


def test_a_five_year_mean_is_a_limit_of_its_own():
    found = {limit.period: limit.value for limit in protection.limits(N, "IAEA", "worker", "effective")}
    assert found == {"five_year_mean": pytest.approx(0.02), "year": pytest.approx(0.05)}


def test_limit_constraint_and_investigation_are_three_things():
    found = {
        use: [limit.value for limit in protection.limits(N, where, "worker", "effective", use)]
        for where, use in (
            ("US", "limit"),
            ("site", "constraint"),
            ("US", "investigation_1"),
            ("US", "investigation_2"),
        )
    }
    assert found == {"limit": [0.05], "constraint": [0.002], "investigation_1": [0.00125], "investigation_2": [0.00375]}
    assert N.row("limits.site.worker.effective.constraint").kind == "assumed"


def test_the_unborn_from_declaration_on():
    (german,) = protection.limits(N, "DE", "pregnant", "unborn")
    (american,) = protection.limits(N, "US", "pregnant", "unborn")
    assert (german.value, german.period, american.value) == (0.001, "pregnancy", 0.005)
    assert german.provision == "StrlSchG 78(4)"


def test_areas():
    (exclusion,) = protection.limits(N, "DE", "exclusion", "rate", "area")
    assert exclusion.value * H == pytest.approx(3e-3)
    (controlled,) = protection.limits(N, "DE", "controlled", "effective", "area")
    (occupancy,) = protection.limits(N, "DE", "area", "occupancy", "area")
    assert controlled.value / (occupancy.value / H) == pytest.approx(3e-6)  # 3 uSv/h is the edge


def test_where_a_rule_is_silent():
    assert protection.limits(N, "US", "apprentice", "lens") == ()
    assert protection.annual_limit(N, "EU", "worker", "uterus") is None
    for words, near in (
        (("DEE", "worker", "lens"), "DE"),
        (("DE", "workers", "lens"), "worker"),
        (("DE", "worker", "lense"), "lens"),
    ):
        with pytest.raises(DataError, match=f"did you mean '{near}'"):
            protection.limits(N, *words)


def test_a_site_overrides_its_constraint():
    ours = N.with_overrides(
        {"limits.site.worker.effective.constraint": N.row("limits.site.worker.effective.constraint").replaced("1 mSv")}
    )
    (found,) = protection.limits(ours, "site", "worker", "effective", "constraint")
    assert found.value == pytest.approx(1e-3)


def test_committed_dose():
    # ICRP 119, workers: I-131 vapour 2.0e-8 Sv/Bq, F-18 by mouth 4.9e-11 Sv/Bq.
    assert protection.committed_dose(N, "131I", np.array([1e4, 1e6]), "inhalation") == pytest.approx([2e-4, 2e-2])
    assert protection.committed_dose(N, "F-18", 1e6, "ingestion") == pytest.approx(4.9e-5)
    with pytest.raises(DataError, match="inhalation of F-18 is not modelled"):
        protection.committed_dose(N, "F-18", 1e6, "inhalation")
    with pytest.raises(DataError, match="did you mean 'ingestion'"):
        protection.committed_dose(N, "F-18", 1e6, "injestion")
    with pytest.raises(DataError, match="not negative"):
        protection.committed_dose(N, "I-131", -1.0, "ingestion")


def test_ten_half_lives_is_not_clearance():
    # T28, T29: 100 MBq F-18 in 1 kg to 10 Bq/g.
    fixed, cleared = waste.ten_half_lives_s(N, "F-18"), waste.cleared_after_s(N, {"F-18": 100e6}, 1.0)
    assert fixed / H == pytest.approx(18.295)
    assert cleared / H == pytest.approx(24.31, rel=1e-3)
    assert cleared / decay.half_life_s(N, "F-18") == pytest.approx(13.29, rel=1e-3)
    # The other way round: 10 MBq Lu-177 in 1 kg need 6.6.
    lutetium = waste.cleared_after_s(N, {"Lu-177": 10e6}, 1.0)
    assert lutetium / decay.half_life_s(N, "Lu-177") == pytest.approx(6.64, rel=2e-3)


def test_lutetium_waste():
    # T17: 2 GBq in 10 kg to 100 Bq/g; acceptance sheet 72.8 d.
    assert waste.cleared_after_s(N, {"Lu-177": 2e9}, 10.0) / D == pytest.approx(72.89, rel=2e-3)


def test_the_sum_rule():
    mixed = {"F-18": 5e3, "Tc-99m": 50e3}  # 10 and 100 Bq/g: half and half in a kilogram
    assert waste.clearance_sum(N, mixed, 1.0) == pytest.approx(1.0)
    assert waste.cleared_after_s(N, mixed, 1.0) == pytest.approx(0.0, abs=1e-3)
    double = {name: 2 * amount for name, amount in mixed.items()}
    after = waste.cleared_after_s(N, double, 1.0)
    assert waste.clearance_sum(N, double, 1.0, after) == pytest.approx(1.0)
    assert waste.cleared_after_s(N, {"F-18": 1.0}, 1.0) == 0


def test_a_survey_is_a_third_rule():
    # 100 MBq F-18 at 10 cm: 1655 uSv/h; to 0.1 uSv/h it takes log2(16553) half-lives.
    found = waste.surveyed_after_s(N, {"F-18": 100e6}, 0.1, 0.1e-6 / H)
    assert found / decay.half_life_s(N, "F-18") == pytest.approx(math.log2(16553), rel=1e-4)


def test_which_rule_binds():
    assert waste.binding(N, "DE") == ("clearance",)
    assert waste.binding(N, "US") == ("survey",)
    assert waste.binding(N, "US_institution") == ("ten_half_lives", "survey")
    assert waste.binding(N, "EU") == waste.binding(N, "ES") == waste.binding(N, "IAEA") == ("clearance",)
    assert set(waste.RULES) == {rule for where in ("DE", "US", "US_institution") for rule in waste.binding(N, where)}
    with pytest.raises(DataError):
        waste.binding(N, "FR")


def test_what_is_refused():
    with pytest.raises(DataError, match="waste of 0 kg"):
        waste.clearance_sum(N, {"F-18": 1.0}, 0.0)
    with pytest.raises(DataError, match="no clearance value of Rb-82"):
        waste.clearance_sum(N, {"Rb-82": 1.0}, 1.0)
    with pytest.raises(DataError, match="an activity is not negative"):
        waste.clearance_sum(N, {"F-18": -1.0}, 1.0)
    with pytest.raises(DataError, match="a background of 0 Sv/s"):
        waste.surveyed_after_s(N, {"F-18": 1.0}, 0.1, 0.0)
