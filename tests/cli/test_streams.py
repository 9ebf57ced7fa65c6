"""Data on stdout, the rest on stderr; whoever stops reading is not told off."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("words", [["list", "numbers"], ["list", "numbers", "--json"], ["schema"], ["run", "--help"]])
def test_a_reader_who_leaves(tmp_path, words):
    mine, theirs = os.pipe()
    os.close(mine)
    command = [sys.executable, "-m", "twin", *words]
    done = subprocess.run(command, cwd=tmp_path, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    assert not done.stderr


@pytest.mark.parametrize("words", [["list", "kpis"], ["list", "--help"], ["--version"]])
def test_a_full_disk_below_stdout(process, words):
    with Path("/dev/full").open("w") as full:
        said = process(*words, stdout=full)
    assert said.code == 1
    assert "No space left" in said.err
    assert "Traceback" not in said.err


def test_closed_streams(tmp_path):
    for closed in ("1>&-", "2>&-", "1>&- 2>&-"):
        done = subprocess.run(["sh", "-c", f'"{sys.executable}" -m twin list kpis {closed}'], cwd=tmp_path)
        assert done.returncode == 0, closed


@pytest.mark.parametrize(
    "encoding", ["ascii", *(pytest.param(e, marks=pytest.mark.slow) for e in ("latin-1", "utf-8"))]
)
def test_narrow_terminals(process, encoding):
    said = process("list", "tracers", PYTHONIOENCODING=encoding, text=False)
    assert said.code == 0, said.err
    assert "FDG" in said.out.decode(encoding)
    words = ("check", "baseline", "--set", "question=Größe µ", "--resolved")
    said = process(*words, PYTHONIOENCODING=encoding, text=False)
    assert said.code == 0, said.err


def test_no_colour_where_it_is_not_wanted(process):
    assert "\x1b" not in process("list", "kpis").out
    assert "\x1b" not in process("list", "kpis", NO_COLOR="1", TERM="xterm-256color").out


def test_figures_on_stdout_and_warnings_on_stderr(twin):
    said = twin("run", "baseline", "--set", "authorisations.sources.F-18.site=1.5 GBq", "--json")
    assert said.data["kpis"]
    assert "warning" in said.err
