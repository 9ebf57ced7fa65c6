"""``twin compliance``."""


def test_the_calendar_of_a_scenario_and_of_a_run_folder(twin, tmp_path):
    said = twin("compliance", "baseline", "--days", "1", "--json")
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
    assert twin("run", "baseline", "--days", "1", "--out", str(tmp_path / "run")).code == 0
    page = twin("compliance", str(tmp_path / "run"))
    assert page.code == 0, page.err
    assert "0 of 3 items are overdue" in page.out
    assert twin("compliance", str(tmp_path / "run"), "--days", "2").code == 2
