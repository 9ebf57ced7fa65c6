"""The replay's data: everybody is where the log says, nobody is told to whom may not know."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from dashboard import access
from dashboard.callbacks import charts as chart_callbacks
from dashboard.charts import replay as charts
from dashboard.config import Config
from dashboard.desk.desk import Desk
from dashboard.figures import replay
from dashboard.jobs import Jobs
from dashboard.runs import Runs

VIEWER = access.User("eva", frozenset({access.VIEWER}))


@pytest.fixture(scope="module")
def desk(tmp_path_factory, baseline):
    store = tmp_path_factory.mktemp("store")
    baseline.save(out=store / "base")
    jobs = Jobs(store, 0, store)
    yield Desk(Config(store, store, jobs, Runs(store)))
    jobs.close()


def day_for(desk, user):
    with access.acting(user):
        return charts.data(chart_callbacks.of(desk, {"run": "base", "day": 1, "view": "day"}))


@pytest.fixture(scope="module")
def day(desk):
    return day_for(desk, access.EVERYBODY)


def room_at(day, keys, time_s):
    """The room in which the last key before a moment lies; None: away."""
    past = [key for key in keys if key[0] <= time_s]
    if not past or len(past[-1]) < 3:
        return None
    _, x, y = past[-1]
    return next(r["name"] for r in day["rooms"] if r["x"] <= x <= r["x"] + r["w"] and r["y"] <= y <= r["y"] + r["h"])


def test_every_animal_is_in_the_room_of_its_stay(baseline, day):
    stays = baseline.tables.animal_stays
    today = stays[(stays["end_s"] > day["zero"]) & (stays["start_s"] < day["zero"] + 86400.0)]
    keys = {animal["name"]: animal["keys"] for animal in day["animals"]}
    assert set(keys) == set(today["animal"])
    for stay in today.itertuples():
        middle = (stay.start_s + stay.end_s) / 2 - day["zero"]
        assert room_at(day, keys[stay.animal], middle) == stay.room
    last = today.groupby("animal")["end_s"].max() - day["zero"]
    for name, end in last.items():
        assert room_at(day, keys[name], end + 1.0) is None


def test_every_person_is_in_the_room_of_their_step(baseline, day):
    bars = baseline.tables.timeline
    mine = bars[(bars["kind"] == "person") & (bars["room"] != "") & (bars["task"] != "attendance")]
    today = mine[(mine["start_s"] >= day["zero"]) & (mine["end_s"] < day["zero"] + 86400.0)]
    keys = {person["name"]: person["keys"] for person in day["people"]}
    assert len(today) > 50
    for bar in today.itertuples():
        assert room_at(day, keys[bar.thing], (bar.start_s + bar.end_s) / 2 - day["zero"]) == bar.room


def test_nobody_stands_on_another(day):
    """At any moment all who are there have places of their own."""
    everybody = [one["keys"] for one in (*day["animals"], *day["people"])]
    for minute in range(int(day["begin"] // 60), int(day["end"] // 60), 7):
        spots = []
        for keys in everybody:
            past = [key for key in keys if key[0] <= minute * 60.0]
            spots += [tuple(past[-1][1:])] if past and len(past[-1]) == 3 else []
        assert len(spots) == len(set(spots))


def test_activity_and_sleep_are_those_of_the_log(baseline, day):
    visits, slept = baseline.tables.visits, baseline.tables.anaesthesias
    injected = visits[(visits["injected_s"] >= day["zero"]) & (visits["injected_s"] < day["zero"] + 86400.0)]
    told = {animal["name"]: sum(mbq for at, mbq, _ in animal["injected"] if at >= 0) for animal in day["animals"]}
    for name, activity_bq in injected.groupby("animal", observed=True)["injected_bq"].sum().items():
        assert told[name] == pytest.approx(activity_bq / 1e6, abs=1e-3)
    count = sum(sum(1 for begin, _ in animal["asleep"] if begin >= 0) for animal in day["animals"])
    assert count >= len(slept[(slept["start_s"] >= day["zero"]) & (slept["start_s"] < day["zero"] + 86400.0)])
    (series,) = day["vials"]["hot_lab"]
    levels = baseline.tables.room_activity
    vials = levels[(levels["source"] == "vials") & (levels["time_s"] > day["zero"])].iloc[0]
    assert [vials["time_s"] - day["zero"], vials["activity_bq"] / 1e6] == pytest.approx(series[1][:2], abs=0.06)


def test_a_viewer_gets_no_people(desk, day):
    seen = day_for(desk, VIEWER)
    assert {person["name"] for person in day["people"]} >= {"technologist-1", "animal_technician"}
    assert seen["people"] == []
    assert "technologist" not in json.dumps(seen)
    assert "animal_technician" not in json.dumps(seen)
    assert [animal["keys"] for animal in seen["animals"]]


def test_a_whole_day_is_small(day):
    assert len(json.dumps(day)) < 40_000
    assert day["marks"]
    assert [day["begin"] / 3600.0, day["end"] / 3600.0] == [6.0, 19.0]


def test_places_are_the_lowest_that_are_free():
    stays = {"a": [(0.0, 10.0, "r")], "b": [(5.0, 20.0, "r")], "c": [(10.0, 15.0, "r"), (15.0, 16.0, "s")]}
    found = replay.slots(stays)
    assert [own[0][3] for own in found.values()] == [0, 1, 0]
    assert found["c"][1] == (15.0, 16.0, "s", 0)


def test_a_day_of_nothing_can_be_drawn(desk):
    with access.acting(access.EVERYBODY):
        sunday = charts.data(chart_callbacks.of(desk, {"run": "base", "day": 6, "view": "day"}))
    assert (sunday["animals"], sunday["marks"]) == ([], [])
    assert [sunday["begin"], sunday["end"]] == [6 * 3600.0, 20 * 3600.0]


def test_the_crowd_is_the_stays(baseline, desk):
    with access.acting(access.EVERYBODY):
        shown = chart_callbacks.of(desk, {"run": "base", "day": 1, "view": "day"})
    lines = charts.CROWD.figure(shown).data
    stays = shown.window.clipped(baseline.tables.animal_stays)
    area = 0.0
    for line in lines:
        times = pd.to_datetime(pd.Series(line.x))
        lasting = times.diff().shift(-1).dt.total_seconds().fillna(0.0)
        area += float((lasting * list(line.y)).sum())
    assert area == pytest.approx((stays["end_s"] - stays["start_s"]).sum(), rel=1e-6)
