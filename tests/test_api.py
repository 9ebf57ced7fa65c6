"""The one door."""

import pytest

from twin import api
from twin.errors import ScenarioError, UsageError


@pytest.fixture(scope="module")
def result():
    return api.simulate(api.load("baseline", days=2), seed=3)


def test_a_result_has_all_that_follows(result, tmp_path):
    assert (result.name, result.seed, result.replication) == ("baseline", 3, 0)
    assert {"visits", "tasks", "animals", "people", "scanners", "rooms", "batches"} <= set(result.tables)
    assert result.tables.visits is result.tables["visits"]
    assert result.kpis["scans_completed"]["unit"] == "1"
    assert result.bottleneck.endswith(".")
    assert 0 < len(result.assumed) < len(result.used)
    assert "<table>" in result._repr_html_()


def test_a_folder_gives_the_same_as_the_result(result, tmp_path):
    folder = result.save(tmp_path / "run")
    assert api.kpis(folder) == result.kpis == api.kpis(api.tables(folder)._run)
    assert api.tables(folder).visits.equals(result.tables.visits)
    assert result.save(store=tmp_path / "store") == result.save(store=tmp_path / "store")


def test_a_source_may_be_a_name_data_or_what_load_gives(result):
    resolved = api.load("baseline", days=2)
    others = [api.simulate(resolved, seed=3), api.simulate(dict(resolved.data) | {"seed": 3})]
    assert all(other.run.events.equals(result.run.events) for other in others)
    assert len({other.digest for other in (*others, result)}) == 1


def test_a_replication_is_another_luck_of_the_same_scenario(result):
    other = api.simulate(api.load("baseline", days=2), seed=3, replication=1)
    assert other.digest == result.digest
    assert not other.run.events.equals(result.run.events)


def test_wrong_words(result):
    with pytest.raises(UsageError):
        api.simulate("baseline", seed=-1)
    with pytest.raises(UsageError):
        api.simulate("baseline", replication=-1)
    with pytest.raises(ScenarioError):
        api.simulate("nosuch")
    with pytest.raises(AttributeError, match="visits"):
        _ = result.tables.visit


def test_check_gives_the_problems():
    assert api.check("baseline") == ()
    assert [problem.path for problem in api.check("baseline", ["days=-1"])] == ["days"]


def test_the_schema():
    assert "staff" in api.schema()["properties"]


def test_every_kpi_and_every_task_of_a_run_has_words(result):
    definitions, words = api.kpi_definitions(), api.task_words()
    assert {name.partition("[")[0] for name in result.kpis} <= definitions.keys()
    assert all(said["definition"].endswith(".") for said in definitions.values())
    assert set(result.tables.tasks["task"]) <= words.keys()
