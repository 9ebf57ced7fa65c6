"""``twin size``, ``select``, ``sensitivity``, ``optimise``, ``report``."""

import json
import shutil

import pytest

from twin.cli.examination import BROWSERS


def test_size(twin):
    words = ("--target", "animals_per_day.mean >= 1", "--vary", "staff.technologist.count=1..2", "--max", "3")
    said = twin("size", "baseline", "--days", "1", "--workers", "1", *words, "--json")
    assert said.code == 0
    assert said.data["best"]["values"] == {"staff.technologist.count": 1}
    shown = twin("size", "baseline", "--days", "1", "--workers", "1", *words)
    assert "staff.technologist.count = 1 is the cheapest that meets all targets" in shown.out


def test_sensitivity(twin):
    words = ("--kpi", "end_of_day", "--vary", "protocols.fdg.uptake=30 min..90 min", "-n", "2", "--replications", "1")
    said = twin("sensitivity", "baseline", "--days", "1", "--workers", "1", *words)
    assert said.code == 0
    assert "what drives end_of_day (morris, 4 runs)" in said.out


def test_report(twin, tmp_path):
    folder = twin("run", "baseline", "--days", "1", "--json").data["run_dir"]
    assert twin("report", folder, "--html", "week.html").code == 0
    assert "STRESS-DES" in (tmp_path / "week.html").read_text()
    (tmp_path / "differences.json").write_text(
        twin("compare", "baseline", "spare_bed", "-n", "2", "--days", "1", "--json").out
    )
    assert twin("report", "differences.json", "--html", "differences.html").code == 0
    assert "spare_bed against baseline" in (tmp_path / "differences.html").read_text()
    said = json.loads((tmp_path / "differences.json").read_text())
    (tmp_path / "damaged.json").write_text(json.dumps(said | {"resolved": [], "differences": 3}))
    damaged = twin("report", "damaged.json", "--html", "x.html")
    assert (damaged.code, "is not a comparison" in damaged.err) == (3, True)


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="there is no Chromium")
def test_a_report_is_printed(twin, tmp_path):
    folder = twin("run", "baseline", "--days", "1", "--json").data["run_dir"]
    assert twin("report", folder, "--pdf", "week.pdf").code == 0
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("size", "baseline"), 2, "what must be met"),
        (("size", "baseline", "--target", "x", "--vary", "a=1"), 2, "FIGURE.mean"),
        (("size", "baseline", "--vary", "a=3..1"), 2, "the range is empty"),
        (("size", "baseline", "--vary", "a=1", "--vary", "a=2"), 2, "--vary a is given twice"),
        (("sensitivity", "baseline", "--vary", "a=1..2", "--vary", "a=2..3"), 2, "--vary a is given twice"),
        (
            ("size", "baseline", "--vary", "staff.technologist.count=1", "--target", "animals_per_day.mean >= 9",
             "--target", "animals_per_day.mean <= 8"),
            2, "nothing can be both 'animals_per_day.mean >= 9' and 'animals_per_day.mean <= 8'",
        ),
        (("select", "baseline", "spare_bed", "--kpi", "cost_total"), 2, "--within"),
        (("sensitivity", "baseline", "--kpi", "cost_total", "--method", "x", "--assumed"), 2, "morris or sobol"),
        (("sensitivity", "baseline", "--kpi", "cost_total", "--vary", "a"), 2, "LOW..HIGH"),
        (("optimise", "stafing"), 3, "did you mean 'staffing'"),
        (("report", "nowhere"), 2, "--html FILE or --pdf FILE"),
        (("report", "nowhere", "--html", "x.html"), 3, "is not there"),
    ],
)  # fmt: skip
def test_mistakes_are_told(twin, words, code, said):
    found = twin(*words)
    assert found.code == code
    assert said in found.err
