"""Input that nobody means well: exit code 3, a sentence, never a traceback."""

import os

import pytest


def directory(path):
    path.mkdir()


def binary(path):
    path.write_bytes(bytes(range(256)) * 100)


def empty(path):
    path.touch()


def fifo(path):
    os.mkfifo(path)


def endless(path):
    path.symlink_to("/dev/zero")


def huge(path):
    with path.open("wb") as file:
        file.truncate(10**10)


def tagged(path):
    path.write_text("name: !!python/object/apply:os.system [id]\n")


def listed(path):
    path.write_text("- a\n- b\n")


def looped(path):
    path.symlink_to(path.name)


def circular(path):
    path.write_text(f"extends: {path.name}\n")


FILES = [directory, binary, empty, fifo, endless, huge, tagged, listed, looped, circular]


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("make", FILES)
def test_a_file_that_is_no_scenario(twin, tmp_path, make, command):
    path = tmp_path / "evil.yaml"
    make(path)
    said = twin(command, "evil.yaml")
    assert said.code == 3
    assert "problem" in said.err
    assert not said.out


@pytest.mark.parametrize(
    "name", ["", " ", "nosuch", "/", ".", "..", "../baseline", "a\x1b[31mb", "x" * 5000, "/dev/zero"]
)
def test_a_name_that_is_no_scenario(twin, name):
    said = twin("run", name)
    assert said.code == 3
    assert "\x1b" not in said.err


def test_a_near_name_is_told(twin):
    assert "'baseline'" in twin("run", "basline").err


SETS = [
    "", "=", "a", "a=", "=3", ".=3", "staff", "staff..count=3", "staff.tech.count=3", "__class__=1", "name=../../x",
    "name=<b>x</b>", "staff.technologist.count=-1", "staff.technologist.count=" + "9" * 30, "days=" + "9" * 5000,
    "days=nan", "days=.inf", "days=-1", "days=7 d", "seed=1.5", "seed=x", "staff.technologist.count=[[[[",
    "a=&x [*x]", "days=\x01", "days=\udcff", "staff=null", "hot_lab=null", "prices.currency=XXX", "schema=2",
    "days=!!int 3", "days=[1, 2]", "protocols.fdg.uptake=60", "protocols.fdg.uptake=60 kg",
    "opening=closed", "studies.tumour.arrival.bookings=nosuch.csv", "staff.technologist.skills=[flying]",
    "x" * 10000 + "=1", "a." * 5000 + "b=1", "name=" + "[" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", SETS, ids=lambda text: ascii(text)[:40])
def test_a_weird_set_is_a_sentence(twin, text):
    said = twin("run", "baseline", "--set", text)
    assert said.code == 3, said
    assert "problem" in said.err
    assert "fault of ours" not in said.err


def test_all_problems_at_once_and_as_an_object(twin):
    said = twin("check", "baseline", "--set", "days=-1", "--set", "seed=x", "--json")
    assert said.code == 3
    problems = said.data["error"]["problems"]
    assert {problem["path"] for problem in problems} == {"days", "seed"}
    assert said.data["error"]["exit_code"] == 3
    assert "days" in said.err
    assert "seed" in said.err


def test_a_budget_of_no_figure_is_found_before_the_run(twin, tmp_path):
    late = "budgets={late: {kpi: overtime_mi, at_most: 1 h}, odd: {kpi: overtime_min, at_most: 1 MBq}}"
    for command in ("run", "check"):
        said = twin(command, "baseline", "--set", late)
        assert said.code == 3
        assert "'overtime_min'" in said.err
        assert "activity" in said.err
    assert not (tmp_path / "runs").exists()


def test_budgets_of_what_the_site_does_not_have_are_found_before_the_run(twin):
    wrong = {"utilisation_pct[petx]": "1 %", "dose_eye_msv[nobody]": "1 mSv", "room_closed_h[hot_lap]": "1 h",
             "activity_wasted_mbq[Tc-99m]": "1 MBq", "overtime_min[technologist]": "1 h"}  # fmt: skip
    budgets = ", ".join(f"b{i}: {{kpi: '{kpi}', at_most: {most}}}" for i, (kpi, most) in enumerate(wrong.items()))
    said = twin("check", "baseline", "--set", f"budgets={{{budgets}, fine: {{kpi: dose_eye_msv, at_most: 1 mSv}}}}")
    assert said.code == 3
    text = " ".join(said.err.split())
    assert "5 problems" in text
    assert "did you mean 'utilisation_pct[pet]'" in text
    assert "no such person; there are animal_technician, technologist-1, technologist-2, technologist-3" in text
    assert "no such room; there are hot_lab" in text
    assert "no such nuclide; there are F-18" in text
    assert "this figure has no entries; did you mean 'overtime_min'" in text


def test_bytes_that_are_no_text(process):
    assert process(b"run", b"bad\xff.yaml").code == 3


def test_a_fault_of_ours_is_one_line(twin, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("gone\nwrong")

    monkeypatch.setattr("twin.api.load", broken)
    said = twin("run", "baseline")
    assert said.code == 1
    assert "fault of ours" in said.err
    assert len(said.err.splitlines()) == 1


def test_the_traceback_is_shown_when_asked_for(twin, monkeypatch, capsys):
    monkeypatch.setattr("twin.api.load", lambda *_, **__: {}["gone"])
    monkeypatch.setenv("TWIN_DEBUG", "1")
    monkeypatch.setattr("traceback.print_exception", lambda error: print("shown", type(error).__name__))
    assert "shown KeyError" in twin("run", "baseline").out
