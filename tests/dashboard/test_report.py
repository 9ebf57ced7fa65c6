"""Reports: one file that needs nothing else, of a run, replications, a comparison, a sweep."""

import re

import pytest

from dashboard import report
from dashboard.figures.comparison import Compared
from dashboard.pages import first
from twin import api


@pytest.fixture(scope="module")
def run():
    return api.simulate(api.load("baseline", days=2))


def requires_nothing(page):
    assert page.startswith("<!doctype html>")
    assert not re.findall(r"<(?:script|img|link)[^>]+(?:src|href)=", page)


def test_the_report_of_a_run_says_everything(run, tmp_path):
    page = report.html(run)
    requires_nothing(page)
    assert "How many animals does an ordinary week image" in page  # the question
    assert run.bottleneck in page
    assert "It has no intervals" in page
    assert "<th class=group colspan=4>Waiting and hours</th>" in page
    for title in (
        "A day",
        "Use by hour of the day",
        "Activity",
        "Dose of the fingertips",
        "What it leans on",
        "Sources",
    ):
        assert f"<h2>{title}" in page
    assert "tasks.draw_and_assay_one_syringe" in page
    assert "Philox 4x32-10" in page
    kept = report.html(api.open(run.save(store=tmp_path)))
    assert len(kept) == pytest.approx(len(page), rel=0.05)


def test_the_report_of_a_comparison(run):
    made = api.compare(run.scenario, api.load("two_shifts", days=2), n=2)
    page = report.html(made)
    requires_nothing(page)
    assert "What do two shifts, early and late, change" in page
    assert made.sentences[0] in page
    assert "shared by all scenarios" in page
    for title in ("What it leans on", "Sources", "STRESS-DES"):
        assert f"<h2>{title}" in page
    just, from_file = report.report(made), report.report(made.as_data())  # what the file says is enough
    assert (just.answer, just.figures, just.stress) == (from_file.answer, from_file.figures, from_file.stress)


def test_the_report_of_replications(run):
    page = report.html(api.replicate(run.scenario, 2))
    assert "2 replications" in page
    assert "Student" in page


def test_the_report_of_a_sweep(tmp_path):
    path = tmp_path / "tiny.yaml"
    axes = "{technologists: {path: staff.technologist.count, values: [1, 3]}}"
    path.write_text(
        f"schema: 1\nkind: sweep\nname: tiny\nbase: baseline\nset: {{days: 1}}\naxes: {axes}\nreplications: 1\n"
    )
    made = api.sweep(path, tmp_path / "out", workers=1, store=tmp_path / "store")
    page = report.html(made)
    requires_nothing(page)
    assert "cost_total is best" in page
    assert "Means of 1 replications of each point" in page
    for title in ("What it leans on", "Sources", "STRESS-DES"):
        assert f"<h2>{title}" in page
    assert "technologists 1" in page


def test_a_script_in_a_name_is_text():
    script = "<script>alert(1)</script>"
    rows = report.Table(("figure", script), [(script, script)])
    made = report.Report(script, script, (script,), rows, (), rows, (script,), {script: script})
    assert script not in report.page(made)
    one = Compared(script, script, script, script, "none", 1.0, 2.0, paired=True)
    assert script not in first.sight(script, script, [one])
