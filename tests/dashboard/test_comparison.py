"""Cards say what is better and worse in words, and never NaN."""

from __future__ import annotations

import pytest

from dashboard.figures import comparison, differences, words
from dashboard.figures.comparison import Compared
from twin import api

DEFINITIONS = api.kpi_definitions()


def one(value, baseline, direction="higher", unit="min"):
    return Compared("x", "X", unit, "What it is.", direction, value, baseline, paired=True)


@pytest.mark.parametrize(
    ("value", "baseline", "direction", "verdict", "text"),
    [
        (5.0, 3.0, "higher", "better", "▲ 2 min more, better"),
        (3.0, 5.0, "higher", "worse", "▼ 2 min less, worse"),
        (3.0, 5.0, "lower", "better", "▼ 2 min less, better"),
        (5.0, 3.0, "lower", "worse", "▲ 2 min more, worse"),
        (5.0, 5.0, "lower", "same", "same as the baseline"),
        (5.0, 3.0, "none", "changed", "▲ 2 min more"),
        (None, 3.0, "higher", "unknown", "no difference can be told"),
        (3.0, None, "higher", "unknown", "no difference can be told"),
    ],
)
def test_what_a_difference_means(value, baseline, direction, verdict, text):
    compared = one(value, baseline, direction)
    assert (compared.verdict, compared.difference_text) == (verdict, text)


def test_percentages_differ_by_points():
    assert one(50.0, 40.0, "none", "%").difference_text == "▲ 10 points more"


def test_what_is_undefined_is_said_so():
    assert one(None, 1.0).value_text == "not defined"
    assert words.number(float("nan")) == words.number(None) == "not defined"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (67.0, "67"),
        (13.4, "13.4"),
        (0.7777, "0.778"),
        (32136.98, "32\u202f137"),
        (-2.5, "−2.5"),
        (1e-4, "0.0001"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert words.number(value) == text


def test_every_headline_is_a_figure_of_a_run(baseline):
    cards = comparison.headlines(baseline.kpis, None, DEFINITIONS, ["pet"])
    assert len(cards) == len(comparison.HEADLINES)
    for card in cards:
        assert baseline.kpis[card.key]["value"] == card.value
        assert card.definition == DEFINITIONS[card.key.partition("[")[0]]["definition"]


def test_a_run_against_itself_differs_in_nothing(baseline):
    rows = comparison.compared(baseline.kpis, baseline.kpis, DEFINITIONS)
    assert {row.verdict for row in rows} <= {"same", "unknown"}
    assert {row.key for row in rows if row.verdict == "unknown"} == {
        row.key for row in rows if baseline.kpis[row.key]["value"] is None
    }


def test_all_figures_are_told_but_counts_of_nothing(baseline, changed):
    rows = {row.key for row in comparison.compared(changed.kpis, baseline.kpis, DEFINITIONS)}
    left_out = changed.kpis.keys() - rows
    assert all("[" in key and not changed.kpis[key]["value"] for key in left_out)
    assert "wait_mean_min[all]" in rows


def test_labels_are_words():
    assert comparison.label_of("wait_mean_min[person]") == "Waiting of a visit, person"
    assert comparison.label_of("cost_per_usable_scan") == "Cost of a usable scan"


def said(kpi, before, after, low, high, verdict, unit="min"):
    head = {"scenario_a": "A", "scenario_b": "B", "n": 10, "confidence": 0.95}
    means = {"a": before, "b": after, "difference": after - before}
    return {"kpi": kpi, "unit": unit, "low": low, "high": high, "verdict": verdict, **head, **means}


ANSWER = {
    "scenarios": ["A", "B"],
    "replications": 10,
    "confidence": 0.95,
    "differences": [
        said("wait_mean_min[all]", 5.0, 26.0, 18.0, 24.0, "worse"),
        said("scans_usable", 56.0, 55.4, -3.8, 2.6, "not seen", "1"),
        said("overtime_min", 0.0, 0.0, 0.0, 0.0, "same"),
        said("uptake_mean_min", 60.0, 61.0, 0.5, 1.5, "different"),
    ],
}


def test_a_conclusion_says_what_can_and_what_cannot_be_said():
    (text,) = differences.conclusions(ANSWER)
    assert "B differs from A: waiting of a visit 18 to 24 min more, worse." in text
    assert "Nothing can be concluded about usable scans (−3.8 to +2.6)" in text
    assert "The same in every run: overtime." in text
    assert "10 repetitions" in text


def test_a_picture_of_differences_has_each_interval():
    drawn = differences.figure(ANSWER)
    worse = next(trace for trace in drawn.data if trace.name == "worse")
    assert list(worse.x) == [420.0]
    assert (worse.error_x.array[0], worse.error_x.arrayminus[0]) == (60.0, 60.0)
    assert not any("Overtime" in y for trace in drawn.data for y in trace.y), "nothing is no share of nothing"
    assert differences.caption(ANSWER).startswith(
        "Of 3 figures: 1 worse, 1 the same in every run, 1 no difference seen."
    )
    assert len(differences.table(ANSWER)) == len(ANSWER["differences"])
