"""``twin replicate`` and ``twin compare``."""

import pytest


def test_replicate_says_intervals(twin):
    said = twin("replicate", "baseline", "-n", "3", "--days", "1")
    assert said.code == 0
    assert "3 replications of 1 days, seed 2" in said.out
    assert "95 % interval" in said.out
    assert "animals_per_day" in said.out


def test_replicate_finds_how_many(twin):
    said = twin(
        "replicate", "baseline", "--days", "1", "--precision", "60%", "--kpi", "cost_total", "--max", "30", "--json"
    )
    assert said.code == 0
    assert said.data["precision"] == {"precision": 0.6, "kpis": ["cost_total"], "enough": 3}
    assert list(said.data["kpis"]) == ["cost_total"]


def test_compare_says_differences(twin):
    said = twin("compare", "baseline", "two_shifts", "-n", "2", "--days", "1", "--json")
    assert said.code == 0
    row = said.data["differences"][0]
    assert {"kpi", "a", "b", "difference", "low", "high", "variance_ratio", "identical", "p_better"} <= set(row)
    assert row["kpi"] == "scans_completed"
    assert row["difference"] == pytest.approx(row["b"] - row["a"])
    again = twin("compare", "baseline", "two_shifts", "-n", "2", "--days", "1", "--kpi", "cost_total")
    assert "cost_total: " in again.out.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("compare", "baseline"), 2, "at least two"),
        (("compare", "baseline", "second_scaner"), 3, "second_scanner"),
        (("compare", "baseline", "spare_bed", "-n", "1"), 2, "-n"),
        (("replicate", "baseline", "--precision", "5%"), 2, "--kpi"),
        (("replicate", "baseline", "--precision", "5", "--kpi", "cost_total"), 2, "such as 5%"),
        (("replicate", "baseline", "-n", "3", "--precision", "5%"), 2, "give one of them"),
        (("replicate", "baseline", "--max", "30"), 2, "--precision"),
        (("replicate", "baseline", "-n", "2", "--days", "1", "--kpi", "cost_totl"), 2, "did you mean 'cost_total'"),
        (("replicate", "baseline", "--confidence", "0"), 2, "such as 5%"),
    ],
)
def test_mistakes_are_told(twin, words, code, said):
    found = twin(*words)
    assert found.code == code
    assert said in found.err
