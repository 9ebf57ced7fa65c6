"""Several who write to one place: each folder is whole and somebody's own, and what the killed leave goes away."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from twin.errors import TakenError
from twin.results import aside

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pathlib import Path
from twin.results import aside
with aside.making(Path(sys.argv[1]), ["a", "z"]) as folder:
    (folder / "a").write_text("theirs")
    (folder / "z").write_text("theirs")
    print("writing", flush=True)
    sys.stdin.readline()
"""


def write(target, text="mine", may_go=lambda _: False):
    with aside.making(target, ["a", "z"], may_go) as folder:
        (folder / "a").write_text(text)
        (folder / "z").write_text(text)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def writer():
    """A process that writes to a folder and waits before it is done."""
    started = []

    def start(target):
        words = [sys.executable, "-c", WRITER, str(target)]
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        started.append(process)
        assert process.stdout.readline() == "writing\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_of_two_the_quicker_has_the_place_and_loses_nothing(tmp_path, writer):
    target = tmp_path / "out"
    slow = writer(target)
    write(target)
    slow.communicate("go on\n")
    assert slow.returncode != 0
    assert (target / "a").read_text() == (target / "z").read_text() == "mine"
    assert names(tmp_path) == ["out"]


def test_two_do_not_fill_one_empty_folder(tmp_path, writer):
    target = tmp_path / "out"
    target.mkdir()
    first = writer(target)
    assert aside.is_taken(target)
    with pytest.raises(TakenError, match="taken by another run"):
        write(target)
    first.communicate("go on\n")
    assert first.returncode == 0
    assert names(target) == ["a", "z"]
    assert (target / "a").read_text() == "theirs"


@pytest.mark.parametrize("empty", [True, False])
def test_what_the_killed_leave_is_swept_away(tmp_path, writer, empty):
    target = tmp_path / "out"
    if empty:
        target.mkdir()
    killed = writer(target)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    (left,) = (target if empty else tmp_path).glob(".out.*")
    assert not target.exists() or not aside.is_taken(target)
    write(target)
    assert not left.exists()
    assert names(target) == ["a", "z"]
    assert names(tmp_path) == ["out"]


def test_a_living_writer_keeps_its_folder(tmp_path, writer):
    living = writer(tmp_path / "one")
    write(tmp_path / "two")
    aside.sweep(tmp_path)
    living.communicate("go on\n")
    assert living.returncode == 0
    assert names(tmp_path) == ["one", "two"]
    assert names(tmp_path / "one") == ["a", "z"]


def test_only_our_own_leavings_are_swept(tmp_path):
    for name in (".config", "x.part", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / ".file.part").write_text("a file")
    (tmp_path / ".link.part").symlink_to(tmp_path / ".config")
    aside.sweep(tmp_path)
    assert names(tmp_path) == [".config", ".file.part", ".git", ".link.part", "x.part"]


def test_what_is_worth_nothing_is_replaced(tmp_path):
    target = tmp_path / "out"
    write(target, "old")
    write(target, "new", may_go=lambda folder: (folder / "a").read_text() == "old")
    assert (target / "a").read_text() == "new"
    assert names(tmp_path) == ["out"]


def test_what_came_in_the_place_of_the_worthless_goes_back(tmp_path):
    """Another writer replaces the worthless folder between our look at it and our taking it away."""
    target = tmp_path / "out"
    write(target, "old")

    def may_go(folder):
        old = (folder / "a").read_text() == "old"
        if old:
            (folder / "a").write_text("theirs")
        return old

    with pytest.raises(TakenError):
        write(target, "mine", may_go)
    assert (target / "a").read_text() == "theirs"
    assert names(tmp_path) == ["out"]


def test_a_long_name_fits(tmp_path):
    write(tmp_path / ("x" * 250))
    assert names(tmp_path) == ["x" * 250]
