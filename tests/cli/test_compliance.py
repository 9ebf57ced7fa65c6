"""``twin compliance``."""


def test_the_calendar_of_a_run_folder(twin, tmp_path):
    folder = str(tmp_path / "run")
    assert twin("run", "baseline", "--days", "1", "--out", folder).code == 0
    said = twin("compliance", folder, "--json")
    assert said.code == 0, said.err
    assert said.data["items"][0] | {"done": None} == {
        "kind": "quality_control",
        "item": "daily_check",
        "thing": "pet",
        "begins": "2026-03-02 07:00",
        "due": "2026-03-02 19:00",
        "done": None,
        "state": "done",
        "in_time": True,
    }
    assert "0 of 3 items are overdue" in twin("compliance", folder).out
    assert twin("compliance", folder, "--days", "2").code == 2
