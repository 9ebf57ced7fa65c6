"""Wrong words on the command line: exit code 2, and what was meant."""

import pytest


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["rum"], "'run'"),
        (["frobnicate"], "No such command"),
        (["run"], "SCENARIO"),
        (["run", "baseline", "more"], "more"),
        (["run", "baseline", "--sed", "1"], "--seed"),
        (["run", "baseline", "--seed", "-1"], "--seed"),
        (["run", "baseline", "--seed", "1.5"], "--seed"),
        (["run", "baseline", "--seed", "9" * 30], "--seed"),
        (["run", "baseline", "--days", "week"], "--days"),
        *((["run", "baseline", "--days", days], "above 0") for days in ("0", "-1", "nan", "inf", "36526", "1e300")),
        (["run", "baseline", "--set"], "--set"),
        (["list", "scaners"], "'scanners'"),
    ],
)
def test_wrong_words(twin, words, hint):
    said = twin(*words)
    assert said.code == 2
    assert hint in said.err
    assert not said.out


def test_nothing_is_written_for_wrong_words(twin, tmp_path):
    twin("run", "baseline", "--days", "0")
    assert not list(tmp_path.iterdir())


def taken_file(path):
    path.write_text("mine")


def taken_folder(path):
    path.mkdir()
    (path / "mine").touch()


def below_a_file(path):
    path.parent.joinpath("file").touch()
    return path.parent / "file" / "out"


def dangling(path):
    path.symlink_to("nowhere")


def too_long(path):
    return path.with_name("x" * 300)


@pytest.mark.parametrize("make", [taken_file, taken_folder, below_a_file, dangling, too_long])
def test_an_out_that_is_not_free_is_told_before_the_run(twin, tmp_path, make):
    out = tmp_path / "out"
    out = make(out) or out
    before = sorted(tmp_path.rglob("*"))
    said = twin("run", "baseline", "--out", str(out))
    assert said.code == 2
    assert "--out" in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_without_permission(twin, tmp_path, monkeypatch):
    """The tests may run as a user who may write everywhere, so the system's answer is played."""
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert twin("run", "baseline", "--out", "new").code == 2
    said = twin("run", "baseline")
    assert said.code == 1
    assert "TWIN_STORE" in said.err
