"""The chance that a study is finished by a moment."""

import datetime as dt

import pytest

from twin import api
from twin.errors import UsageError

WEDNESDAY = dt.datetime(2026, 3, 4, 18)


def test_the_share_is_that_of_the_runs():
    scenario = api.load("baseline", days=3)
    chances = api.finished_by(scenario, WEDNESDAY, 4)
    found = {(one.study, one.visit): one.finished for one in chances}
    due = {"metastasis": 0, "tumour": 0}
    for number in range(4):
        table = api.simulate(scenario, replication=number).tables["visits"]
        table = table[table["requested_s"] <= 66 * 3600.0]
        names = table["visit"].astype(str).str.partition("#")[0]
        done = (table["scanned"] & (table["ended_s"] <= 66 * 3600.0)).groupby(names).any()
        study = table["study"].astype(str).groupby(names).first()
        for name in due:
            due[name] += bool(done[study == name].all())
    for name, count in due.items():
        if (name, None) in found:
            assert found[name, None].count == count
    assert all(0.0 <= one.finished.low <= one.finished.share <= one.finished.high <= 1.0 for one in chances)


def test_a_moment_outside_is_refused():
    with pytest.raises(UsageError, match="outside the scenario"):
        api.finished_by("baseline", dt.datetime(2027, 1, 1))
