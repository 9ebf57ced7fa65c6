"""``twin run baseline``: figures, folder, the same bytes in every process."""

import errno
import hashlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from twin.cli import figures, progress
from twin.cli.figures import THEMES, by_theme

FILES = {"manifest.json", "events.parquet", "involved.parquet", "kpis.json"}


def test_one_object(twin, tmp_path):
    said = twin("run", "baseline", "--days", "2", "--seed", "5", "--json")
    assert said.code == 0, said.err
    assert list(said.data) == ["scenario", "digest", "seed", "kpis", "run_dir"]
    assert (said.data["scenario"], said.data["seed"]) == ("baseline", 5)
    assert all(figure.keys() == {"value", "unit"} for figure in said.data["kpis"].values())
    folder = tmp_path / said.data["run_dir"]
    assert {path.name for path in folder.iterdir()} == FILES
    assert json.loads((folder / "kpis.json").read_text()) == said.data["kpis"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["digest"] == said.data["digest"]
    assert (manifest["seed"], manifest["scenario"]["days"]) == (5, 2)
    assert manifest["bottleneck"].endswith(".")
    assert manifest["sources"]
    assert all(row["kind"] == "assumed" for row in manifest["assumed"])
    assert manifest["command"][0] == "twin"


def test_a_page_for_a_person(twin):
    said = twin("run", "baseline")
    assert said.code == 0, said.err
    for word in (*list(THEMES)[:-1], "animals_per_day", "1/d", "limits throughput", "assumed", "Run folder"):
        assert word in said.out
    assert "nan" not in said.out.lower().split()


def test_every_kpi_has_a_theme():
    from twin.results.kpis import KPIS

    shown = by_theme({kpi.id: {"value": 1.0, "unit": kpi.unit} for kpi in KPIS})
    assert list(shown) == list(THEMES)


def test_of_many_members_the_greatest_are_shown():
    values = {"scans_completed": 3.0} | {f"utilisation_pct[room_{n}]": float(n) for n in range(40)}
    lines = list(figures._lines({name: {"value": value, "unit": "%"} for name, value in values.items()}))
    members = [f"  utilisation_pct[room_{n}]" for n in range(40 - figures.MOST_MEMBERS, 40)]
    assert [line[0] for line in lines] == ["  scans_completed", *members, "  utilisation_pct: 28 smaller ones"]


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (0.00041, "0.00041"), (0.5, "0.50"), (-12.34, "-12.3"), (1234.5, "1234")]
)
def test_small_values_keep_two_digits(value, text):
    assert figures.number(value) == text


def test_out_is_the_folder_itself(twin, tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("new/deep", "empty"):
        said = twin("run", "baseline", "--days", "1", "--out", name, "--json")
        assert said.code == 0, said.err
        assert said.data["run_dir"] == name
        assert {path.name for path in (tmp_path / name).iterdir()} == FILES
    assert not (tmp_path / "runs").exists()


def test_a_patch_and_its_digest(twin):
    runs = [
        twin("run", "baseline", "--days", "1", "--json", *more).data
        for more in ([], ["--set", "seed=3"], ["--seed", "3"])
    ]
    assert runs[0]["digest"] != runs[1]["digest"] == runs[2]["digest"]
    assert runs[1]["kpis"] == runs[2]["kpis"]


def test_two_processes_write_the_same_bytes(process, tmp_path):
    """Whatever the hash seed, and whether or not a run is told how far it is."""
    found = set()
    for number, seed in enumerate(("1", "424242")):
        said = process("run", "baseline", "--out", f"run{number}", PYTHONHASHSEED=seed)
        assert said.code == 0, said.err
        assert not said.err
        contents = ((tmp_path / f"run{number}" / name).read_bytes() for name in ("events.parquet", "involved.parquet"))
        found.add(tuple(hashlib.sha256(content).hexdigest() for content in contents))
    assert len(found) == 1


def test_slices_of_time_change_nothing():
    from twin import api

    told = []
    told_of = api.simulate("baseline", progress=lambda now, whole: told.append((now, whole)))
    assert told[-1][0] == told[-1][1]
    assert sorted(told) == told
    quiet = api.simulate("baseline")
    assert told_of.run.events.equals(quiet.run.events)
    assert told_of.run.involved.equals(quiet.run.involved)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("budgets={late: {kpi: 'utilisation_pct[pet]', at_most: 1 %}}", "Budget late"),
        ("authorisations.sources.F-18.site=1.5 GBq", "source licence"),
        ("authorisations.projects.tumour_model.animals=4", "project authorisation"),
    ],
)
def test_what_is_broken_is_told_under_check_only(twin, text, words):
    checked = twin("run", "baseline", "--set", text, "--check", "--json")
    assert checked.code == 4
    assert words in checked.err
    assert any(words in sentence for sentence in checked.data["broken"])
    unchecked = twin("run", "baseline", "--set", text, "--json")
    assert unchecked.code == 0
    assert "broken" not in unchecked.data


def test_nothing_is_broken_in_the_baseline(twin):
    said = twin("run", "baseline", "--check", "--json")
    assert (said.code, said.data["broken"]) == (0, [])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_nothing(tmp_path, number, code):
    command = [sys.executable, "-m", "twin", "run", "baseline", "--days", "20000", "--out", "run"]
    began = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while began.poll() is None and not catches(began.pid, signal.SIGTERM):
        time.sleep(0.05)
    time.sleep(0.5)  # somewhere between reading the scenario and playing it
    while began.poll() is None:  # as a person does: a library that is being imported may swallow the first one
        began.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            began.wait(15)
    out, err = began.communicate()
    assert began.returncode == code, err
    assert not out
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def catches(pid, number):
    """Whether a process has a handler of its own for a signal: Python's start is over, and the command's has begun."""
    (mask,) = re.findall(r"^SigCgt:\s*(\w+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return bool(int(mask, 16) >> (number - 1) & 1)


def shown(monkeypatch, run):
    """What stderr gets if it is a terminal."""
    mother, child = pty.openpty()
    with os.fdopen(child, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        run()
    return b"".join(said(mother)).decode()


def said(mother):
    """All that a terminal got before it was closed: it comes in pieces, and an error is its end."""
    with os.fdopen(mother, "rb", buffering=0) as terminal:
        try:
            while piece := terminal.read(65536):
                yield piece
        except OSError as error:
            if error.errno != errno.EIO:
                raise


def days_pass():
    with progress.Bar("baseline") as bar:
        for day in range(1, 8):
            bar(day * 86400.0, 7 * 86400.0)


def test_the_bar_is_for_terminals_and_long_runs(monkeypatch, capsys):
    assert not shown(monkeypatch, days_pass)
    monkeypatch.setattr(progress, "EARLY_S", -1.0)
    monkeypatch.setattr(progress, "SHORT_S", -1.0)
    text = shown(monkeypatch, days_pass)
    assert "7/7" in text
    assert "days" in text
    monkeypatch.undo()
    days_pass()
    assert not capsys.readouterr().err


def test_words_that_are_no_text_are_kept_readable(process, tmp_path):
    said = process(b"run", b"baseline", b"--days", b"1", b"--out", b"o\xff", b"--json")
    assert said.code == 0, said.err
    (folder,) = tmp_path.iterdir()
    assert json.loads((folder / "manifest.json").read_text())["command"][-2] == "o\\udcff"


def test_of_two_runs_with_one_out_none_is_lost(tmp_path):
    """Whoever says that it is done has its folder; the other says where its run is kept, or was refused before it."""
    out = tmp_path / "monday"
    command = [sys.executable, "-m", "twin", "run", "baseline", "--days", "1", "--out", str(out), "--seed"]
    both = [subprocess.Popen([*command, seed], stderr=subprocess.PIPE, text=True) for seed in ("1", "2")]
    errors = [process.communicate()[1] for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) in ([0, 1], [0, 2]), errors
    done = codes.index(0)
    assert json.loads((out / "manifest.json").read_text())["seed"] == done + 1
    if 1 in codes:
        kept = tmp_path / "monday-2"
        assert str(kept) in errors[1 - done]
        assert json.loads((kept / "manifest.json").read_text())["seed"] == 2 - done


def test_an_out_that_is_taken_while_the_run_lasts(twin, tmp_path, monkeypatch):
    """The folder fills up after it was looked at and before the run is kept; so does the first one beside it."""
    from twin.cli import run

    def played(resolved):
        result = before(resolved)
        for name in ("monday", "monday-2"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "note.txt").write_text("mine")
        return result

    before = run._played
    monkeypatch.setattr(run, "_played", played)
    said = twin("run", "baseline", "--days", "1", "--out", "monday")
    assert said.code == 1
    assert "monday is not empty" in said.err
    assert f"kept in {tmp_path / 'monday-3'}" in said.err
    assert {path.name for path in (tmp_path / "monday-3").iterdir()} == FILES
    assert [path.name for path in (tmp_path / "monday").iterdir()] == ["note.txt"]


def checked_slowly():
    with progress.patience("checking my-site.yaml"):
        time.sleep(0.2)


def test_a_check_that_takes_long_says_so_to_a_terminal(monkeypatch, capsys):
    assert not shown(monkeypatch, checked_slowly)
    monkeypatch.setattr(progress, "SHORT_S", 0.01)
    assert "checking my-site.yaml" in shown(monkeypatch, checked_slowly)
    monkeypatch.undo()
    checked_slowly()
    assert not capsys.readouterr().err


@pytest.mark.parametrize(
    ("hours", "text"),
    [(15.47, "15:28"), (0.0, "00:00"), (7.999, "08:00"), (25.5, "01:30 +1 d"), (23.999, "00:00 +1 d")],
)
def test_the_end_of_the_day_is_a_clock_time(hours, text):
    assert figures.shown("end_of_day", {"value": hours, "unit": "h"}) == (text, "")
    assert figures.shown("fasting_max_h", {"value": hours, "unit": "h"})[1] == "h"
