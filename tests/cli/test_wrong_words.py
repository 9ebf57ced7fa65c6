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
        (["run", "baseline", "--set", "seed=1", "--seed", "2"], "leave one of them out"),
        (["list", "scaners"], "'scanners'"),
        (["list", "scanners", "--store", "runs"], "`twin list runs`"),
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


#: One rule for all commands: what only the command line knows is 2, what a file could say as well (quantities, names of
#: the tables, what stands in files) is 3.
CODES = {
    "animal mouse --every 0min": 3,
    "animal mouse --mass 25": 3,
    "animal moose": 3,
    "dose nowhere": 3,
    "physics ct --noise nan": 2,
    "physics ct --voxel 0mm": 3,
    "physics hotel siemens_inveon --bed mouse_4 --precision 0": 2,
    "physics mri --coil loop": 2,
    "physics nema siemens_inveon --phantom dog": 2,
    "optimise staffing --plot no/such/folder.html": 2,
    "physics nema siemens_inveon --plot no/such/folder.html": 2,
    "physics nema siemens_inveon --randoms some": 2,
    "physics phantom --diameter 0mm --energy 511keV": 3,
    "physics phantom --diameter 9mm --energy 511keV --material milk": 3,
    "physics phantom --diameter 9mm --energy 511keV --shape cube": 2,
    "physics sensitivity nowhere.yaml": 3,
    "physics sensitivity siemens_inveon --window 600-700": 3,
    "plan baseline --date 2026-03-03 --csv no/such/folder.csv": 2,
    "plan baseline --date tomorrow": 2,
    "replicate baseline --precision 200% --kpi animals_per_day": 2,
    "report nowhere --html page.html": 3,
    "run baseline --days 0": 2,
    "run baseline --set days=0": 3,
    "run nowhere": 3,
    "sensitivity baseline --kpi animals_per_day --method guess": 2,
    "size baseline --vary days": 2,
    "sweep run nowhere": 3,
}


@pytest.mark.parametrize("words", CODES)
def test_like_mistakes_have_like_codes(twin, words):
    said = twin(*words.split())
    assert said.code == CODES[words], said
    assert said.err
    assert not said.out
