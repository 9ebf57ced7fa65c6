"""``twin sweep``."""

import csv
import io

import pytest

SWEEP = """\
schema: 1
kind: sweep
name: tiny
base: baseline
set: {days: 1}
axes:
  technologists: {path: staff.technologist.count, values: [1, 3]}
replications: 2
kpis: [animals_per_day, end_of_day]
"""


@pytest.fixture
def file(tmp_path):
    (tmp_path / "tiny.yaml").write_text(SWEEP)
    return "tiny.yaml"


def test_a_sweep_is_played_and_shown(twin, file, tmp_path):
    said = twin("sweep", "run", file, "--out", "out", "--workers", "1", "--json")
    assert said.code == 0
    assert {"state": "finished", "runs": 4, "finished": 4, "missing": 0}.items() <= said.data.items()
    shown = twin("sweep", "show", "out")
    assert "tiny: 4 finished." in shown.out
    rows = list(csv.DictReader(io.StringIO(twin("sweep", "show", "out", "--by", "technologists", "--csv").out)))
    data = twin("sweep", "show", "out", "--kpi", "end_of_day", "--json").data
    assert [row["technologists"] for row in rows] == ["1", "3"] == [str(row["technologists"]) for row in data["rows"]]
    for row, same in zip(rows, data["rows"], strict=True):
        assert float(row["end_of_day mean"]) == pytest.approx(same["end_of_day"]["mean"])
    drawn = twin("sweep", "show", "out", "--plot", "tiny.html")
    assert drawn.code == 0
    page = (tmp_path / "tiny.html").read_text()
    assert "animals_per_day: main effects" in page
    assert "<script src=" not in page  # it needs nothing else
    again = twin("sweep", "run", file, "--out", "out", "--workers", "1")
    assert (again.code, "--resume" in again.err) == (2, True)


def test_a_dry_run_plays_nothing(twin, file, tmp_path):
    said = twin("sweep", "run", file, "--dry-run")
    assert (said.code, "2 points, 2 replications each, 4 runs" in said.out) == (0, True)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "quik"), 3, "did you mean 'quick'"),
        (("run", "tiny.yaml", "--shard", "3/2"), 2, "such as 3/20"),
        (("show", "nowhere"), 3, "is not there"),
        (("show", "."), 1, "holds no sweep"),
        (("show", "nowhere", "--csv", "--json"), 2, "give one of them"),
    ],
)
def test_mistakes_are_told(twin, file, words, code, said):
    found = twin("sweep", *words)
    assert found.code == code
    assert said in found.err
