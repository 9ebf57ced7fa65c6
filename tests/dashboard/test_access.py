"""A viewer sees no figure of a single person, whatever tables there will be."""

import pandas as pd
import pytest

from dashboard import access
from dashboard.access import EVERYBODY, NOBODY, User
from dashboard.runs import Runs
from twin import api

VIEWER = User("vera", frozenset({"viewer"}))
MANAGER = User("maria", frozenset({"manager"}))
OFFICER = User("rolf", frozenset({"radiation_protection"}))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    api.simulate(api.load("baseline", days=2)).save(store=store, command=("twin", "run", "baseline"))
    return Runs(store)


@pytest.fixture(scope="module")
def folder(runs):
    return runs.listing()[0].folder.name


def test_every_column_of_every_table_has_been_judged(runs, folder):
    """Who adds a column says here whether everybody may see it."""
    for name, table in runs.open(folder, MANAGER).tables.items():
        if name not in access.PERSONAL_TABLES:
            judged = access.OPEN[name] | access.PERSONAL.get(name, frozenset())
            assert set(table.columns) <= judged, name


def test_roles(runs, folder):
    assert [access.may_see_people(user) for user in (MANAGER, OFFICER, EVERYBODY, VIEWER, NOBODY)] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert access.current_user() == NOBODY
    with access.acting(VIEWER):
        assert access.current_user() == VIEWER
    assert access.may_end(MANAGER, "vera")
    assert access.may_end(VIEWER, "vera")
    assert not access.may_end(VIEWER, "maria")
    assert not access.may_end(NOBODY, "")


def test_a_viewer_gets_no_name_of_a_person_from_a_run(runs, folder):
    """Looked for in the text of all that a page could show or a download hold."""
    all_of_it, some = runs.open(folder, OFFICER), runs.open(folder, VIEWER)
    people = {name for name in all_of_it.tables["people"]["person"] if name.startswith("technologist-")}
    text = " ".join(table.to_csv() for table in some.tables.values()) + str(dict(some.kpis)) + str(some.manifest)
    assert len(people) == 3
    assert not [name for name in people if name in text + some.bottleneck]
    assert "people" not in some.tables
    with pytest.raises(KeyError):
        some.tables["people"]
    assert "utilisation_pct[technologist-1]" in all_of_it.kpis
    assert {"utilisation_pct[pet]", "utilisation_pct[technologist]"} <= set(some.kpis)
    assert some.kpis["scans_completed"] == all_of_it.kpis["scans_completed"]


def test_a_group_of_one_is_a_person(tmp_path):
    alone = api.load("baseline", ["staff.technologist.count=1"], days=1)
    api.simulate(alone).save(store=tmp_path)
    own = Runs(tmp_path)
    everything, some = (own.open(own.listing()[0].folder.name, user) for user in (MANAGER, VIEWER))
    hidden = set(everything.kpis) - set(some.kpis)
    assert "utilisation_pct[technologist]" in hidden
    assert all(name.startswith(("utilisation_pct[", "dose_")) for name in hidden)
    facts = api.open(tmp_path / everything.folder).facts
    said = "Technologist limits throughput: 99 % busy."
    assert "busy" not in access.visible_sentence(said, facts, VIEWER)
    assert access.visible_sentence(said, facts, MANAGER) == said
    assert access.visible_sentence("The scanner limits throughput.", facts, VIEWER) == "The scanner limits throughput."


def test_a_table_and_a_column_that_nobody_has_judged_are_hidden(runs, folder):
    table = runs.open(folder, MANAGER).tables["rooms"]
    with_more = table.assign(dose_sv=1.0)
    assert "dose_sv" not in access.visible("rooms", with_more, VIEWER)
    assert "dose_sv" in access.visible("rooms", with_more, OFFICER)
    with pytest.raises(KeyError):
        access.visible("doses", with_more, VIEWER)


def test_a_viewer_sees_no_certificate_and_no_training_of_a_person():
    kinds = ["quality_control", "certificate", "training", "audit", "authorisation"]
    calendar = pd.DataFrame({"kind": kinds, "thing": ["pet", "tech-1", "tech-2", "tech-3", "project"]})
    assert list(access.visible("compliance", calendar, VIEWER)["thing"]) == ["pet", "project"]
    assert len(access.visible("compliance", calendar, MANAGER)) == len(kinds)


def test_without_a_user_nobody_is_shown(runs, folder):
    assert "people" not in runs.open(folder).tables
    with access.acting(EVERYBODY):
        assert "people" in runs.open(folder).tables


@pytest.mark.parametrize("name", ["../..", "..", ".", "", "/", "a/../b", "\0", "nosuch", ".hidden", None, 3])
def test_a_name_that_leads_elsewhere_is_no_run(runs, name):
    with pytest.raises(api.StoreError):
        runs.open(name, MANAGER)


def test_a_run_of_the_command_line_is_in_the_list(runs):
    (line,) = runs.listing()
    assert (line.name, line.seed, line.days, line.by) == ("baseline", 2, 2.0, "command line")
    assert line.written.utcoffset() is not None


def test_only_a_few_runs_stay_in_memory(runs, tmp_path):
    result = api.simulate(api.load("baseline", days=1))
    folders = [result.save(tmp_path / f"run-{n}") for n in range(10)]
    own = Runs(tmp_path)
    for path in folders:
        own.open(path.name, VIEWER)
    assert len(own._opened) == 8
