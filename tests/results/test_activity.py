"""Every becquerel is accounted for."""

from dataclasses import replace
from math import exp, expm1

import pytest

from twin.results.activity import activity_balance, batches, custody, megabecquerel

LAMBDA = 1.0e-4


def test_balance_by_hand(story, facts):
    """100 MBq for 1000 s; 40 drawn, held 500 s, 30 of it injected; the vial is thrown away."""
    filled = 40e6
    left_in_vial = (100e6 * exp(-0.1) - filled) * exp(-0.05)
    in_syringe = filled * exp(-0.05)
    at = {"nuclide": "F-18"}
    story.happen(0.0, "delivery", vial=("v", {"activity_bq": 100e6}), tracer="fdg", **at)
    vial, syringe = ("v", {"activity_bq": filled}), ("s", {"activity_bq": filled})
    story.happen(1000.0, "drawn", vial=vial, syringe=syringe, **at)
    story.happen(1500.0, "injected", animal=("m", {"activity_bq": 30e6}), syringe="s", **at)
    story.happen(1500.0, "residual", syringe=("s", {"activity_bq": in_syringe - 30e6}), **at)
    story.happen(1500.0, "vial_wasted", vial=("v", {"activity_bq": left_in_vial}), **at)
    (row,) = activity_balance(story.run(facts)).to_dict("records")
    assert row["delivered_bq"] == 100e6
    assert row["injected_bq"] == 30e6
    assert row["residual_bq"] == pytest.approx(in_syringe - 30e6, rel=1e-12)
    assert row["wasted_bq"] == pytest.approx(left_in_vial, rel=1e-12)
    decayed = -100e6 * expm1(-0.1) - (100e6 * exp(-0.1) - filled) * expm1(-0.05) - filled * expm1(-0.05)
    assert row["decayed_bq"] == pytest.approx(decayed, rel=1e-12)
    assert abs(row["imbalance_bq"]) < 1e-9 * 100e6


def test_the_day_closes(day):
    table = activity_balance(day)
    assert (table["imbalance_bq"].abs() <= 1e-9 * table["delivered_bq"]).all()
    assert table["in_stock_bq"].item() > 0


def test_a_lie_in_the_log_shows(story, facts):
    story.happen(0.0, "delivery", vial=("v", {"activity_bq": 100e6}), tracer="fdg", nuclide="F-18")
    story.happen(1000.0, "stock", vial=("v", {"activity_bq": 95e6}), nuclide="F-18")
    assert activity_balance(story.run(facts))["imbalance_bq"].item() == pytest.approx(100e6 * exp(-0.1) - 95e6)


def test_nuclides_are_apart(story, facts):
    story.happen(0.0, "delivery", vial=("v", {"activity_bq": 10e6}), tracer="fdg", nuclide="F-18")
    story.happen(0.0, "delivery", vial=("w", {"activity_bq": 7e6}), tracer="psma", nuclide="Ga-68")
    run = story.run(replace(facts, decay_per_s={"F-18": LAMBDA, "Ga-68": 1.7e-4}))
    assert megabecquerel(run, "delivered") == {None: 17.0, "F-18": 10.0, "Ga-68": 7.0}


def test_an_unused_syringe_is_waste(story, facts):
    at = {"nuclide": "F-18"}
    story.happen(0.0, "delivery", vial=("v", {"activity_bq": 10e6}), tracer="fdg", **at)
    story.happen(0.0, "drawn", vial=("v", {"activity_bq": 10e6}), syringe=("s", {"activity_bq": 10e6}), **at)
    story.happen(100.0, "vial_wasted", syringe=("s", {"activity_bq": 10e6 * exp(-0.01)}), **at)
    (row,) = activity_balance(story.run(facts)).to_dict("records")
    assert row["wasted_bq"] == pytest.approx(10e6 * exp(-0.01))
    assert abs(row["imbalance_bq"]) < 0.01


def test_custody_holds_what_is_left(day):
    table = custody(day)
    assert table.loc[table["piece"] == "syringe/m1/t1", "held_bq"].tolist()[-1] == pytest.approx(0.0, abs=1e-6)
    assert (table["decayed_bq"] >= 0).all()


def test_batches(day):
    (row,) = batches(day).to_dict("records")
    assert (row["vial"], row["tracer"], row["nuclide"], row["syringes"]) == ("v1", "fdg", "F-18", 2)
    assert row["drawn_bq"] == 32e6
    assert row["reference_bq"] == pytest.approx(100e6 * exp(-0.1))
    assert row["left_bq"] == pytest.approx(0.0, abs=1e-3)
    flows = row["drawn_bq"] + row["decayed_bq"] + row["wasted_bq"] + row["in_stock_bq"]
    assert flows == pytest.approx(row["delivered_bq"])


def test_no_activity_at_all(story, facts):
    story.happen(0.0, "opening")
    run = story.run(facts)
    assert len(activity_balance(run)) == len(batches(run)) == 0
    assert megabecquerel(run, "delivered") == {None: 0.0}
