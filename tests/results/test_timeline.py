"""The bars are the tasks, the calendar is the facts, and the hours add up to what the tables of things say."""

import pytest

from twin import api
from twin.results.tables import TABLES

MIN, H = 60.0, 3600.0


@pytest.fixture(scope="module")
def run():
    return api.simulate("baseline", seed=1).run


def test_a_day_of_one_person(day):
    table = TABLES["timeline"](day)
    mine = table[(table["kind"] == "person") & (table["thing"] == "tech-2")]
    assert (mine["end_s"] - mine["start_s"]).sum() == (2 + 4 + 2 + 5) * MIN  # as in test_people
    watched = table[(table["task"] == "attendance") & (table["thing"] == "tech-1")]
    assert (watched["end_s"] - watched["start_s"]).sum() == 100 * MIN


def test_every_started_step_on_a_scanner_is_a_bar(run):
    tasks, bars = TABLES["tasks"](run), TABLES["timeline"](run)
    own = tasks[tasks["scanner"].notna() & tasks["start_s"].notna()]
    shown = bars[bars["kind"] == "scanner"]
    keys = ["session", "step", "start_s"]
    merged = own.astype({"session": "str", "step": "str"}).merge(shown, on=keys, how="left", suffixes=("", "_bar"))
    assert len(merged) == len(own)
    assert (merged["end_s_bar"] == merged["end_s"].where(~merged["open"], run.facts.horizon_s)).all()


def test_the_bars_of_people_are_their_hands_on_time(run):
    bars, people = TABLES["timeline"](run), TABLES["people"](run).set_index("person")
    work = bars[(bars["kind"] == "person") & (bars["task"] != "attendance")]
    sums = (work["end_s"] - work["start_s"]).groupby(work["thing"]).sum()
    for person, hands_on_s in people["hands_on_s"].items():
        assert sums.get(person, 0.0) == pytest.approx(hands_on_s)  # nobody does two steps at once


def test_a_bar_names_its_animals_and_people(run):
    bars, visits = TABLES["timeline"](run), TABLES["visits"](run)
    scans = bars[(bars["kind"] == "scanner") & (bars["task"] == "scan")]
    first = scans.iloc[0]
    here = visits[(visits["session"] == first["session"]) & visits["scanned"]]
    assert set(here["animal"]) <= set(first["animals"].split(", "))
    position = bars[(bars["kind"] == "room") & (bars["step"] == "position")]
    assert set(position["people"]) <= set(TABLES["people"](run)["person"])


@pytest.mark.parametrize(
    ("table", "kind", "available"),
    [
        ("people", "person", lambda row: row["shift_s"] - row["break_s"]),
        ("scanners", "scanner", lambda row: row["opening_s"]),
        ("rooms", "room", lambda row: row["opening_s"] * (row["places"] if row["places"] > 0 else 1)),
    ],
)
def test_hours_add_up_to_utilisation(run, table, kind, available):
    hours = TABLES["hours"](run)
    sums = hours[hours["kind"] == kind].groupby("thing")[["available_s", "used_s"]].sum()
    for row in TABLES[table](run).to_dict("records"):
        here = sums.loc[row[kind]]
        assert here["available_s"] == pytest.approx(available(row))
        assert 100 * here["used_s"] / here["available_s"] == pytest.approx(row["utilisation_pct"])


def test_an_hour_is_not_longer_than_an_hour(run):
    hours, rooms = TABLES["hours"](run), TABLES["rooms"](run).set_index("room")
    single = hours[hours["kind"] != "room"]
    assert (single["available_s"] <= H + 1e-6).all()
    assert (hours["used_s"] <= hours["available_s"] + 1e-6).all()
    places = hours[hours["kind"] == "room"]["thing"].map(rooms["places"].fillna(1.0))
    assert (hours[hours["kind"] == "room"]["available_s"] <= H * places + 1e-6).all()


def test_the_calendar_is_the_facts(day):
    table = TABLES["calendar"](day)
    spans = {
        kind: list(zip(own["thing"], own["start_s"], own["end_s"], strict=True)) for kind, own in table.groupby("kind")
    }
    assert spans["opening"] == [("", 8 * H, 16 * H)]
    assert spans["shift"] == [("tech-1", 8 * H, 16 * H), ("tech-2", 8 * H, 12 * H)]
    assert sum(end - start for _, start, end in spans["break"]) == 0.5 * H


def test_a_site_without_anything_has_empty_tables(story, facts):
    run = story.run(facts)
    assert len(TABLES["timeline"](run)) == 0
    assert (TABLES["hours"](run)["used_s"] == 0).all()
