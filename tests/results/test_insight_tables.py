"""What the pages of a run are drawn from: stock, stays, areas, places. A day by hand, and laws of a played one."""

from math import exp

import numpy as np
import pytest

from twin import api
from twin.results.tables import TABLES

MIN, H, DAY = 60.0, 3600.0, 86400.0
LAMBDA = 1.0e-4
NINE = 8 * H  # the clock time from which the day is told


@pytest.fixture(scope="module")
def run():
    text = ["days=2", "hot_lab.deliveries.fdg.molar_activity=50 GBq/umol", "protocols.fdg.mass_limit=20 nmol/kg"]
    return api.simulate(api.load("baseline", text), seed=1).run


def test_a_vial_by_hand(day):
    table = TABLES["vial_levels"](day)
    assert table["flow"].tolist() == ["delivered", "drawn", "drawn", "in_stock"]
    after_first = 100e6 * exp(-LAMBDA * 120) - 12e6
    held = [100e6, after_first, after_first * exp(-LAMBDA * 120) - 20e6, 0.0]
    assert table["activity_bq"].tolist() == pytest.approx(held, rel=1e-12, abs=1e-6)
    assert set(table["vial"]) == {"v1"}
    assert table["amount_mol"].isna().all()


def test_a_vial_is_what_came_less_what_was_drawn(run):
    """Volume and substance do not decay: what is left when it is thrown away is nothing."""
    levels = TABLES["vial_levels"](run)
    for _, own in levels.groupby("vial"):
        first, last = own.iloc[0], own.iloc[-1]
        assert last["flow"] in {"wasted", "in_stock"}
        assert last["volume_m3"] == last["activity_bq"] == 0.0
        assert (own["activity_bq"] >= 0.0).all()
    fdg = levels[levels["vial"].str.startswith("fdg")]
    drawn = TABLES["syringes"](run)
    assert fdg["amount_mol"].notna().all()
    assert levels[levels["vial"].str.startswith("fluoride")]["amount_mol"].isna().all()
    first = fdg.groupby("vial").first()
    at_reference = 2e9 / 5e16  # 2 GBq at 50 GBq/umol
    assert first["amount_mol"].to_list() == pytest.approx([at_reference] * len(first))
    injected = drawn.groupby("vial")["amount_mol"].sum().reindex(first.index, fill_value=0.0)
    assert (injected < first["amount_mol"]).all()


def test_an_injection_knows_its_vial_mass_and_limit(run):
    table = TABLES["syringes"](run)
    visits = TABLES["visits"](run)
    assert table["injected_bq"].sum() == pytest.approx(visits["injected_bq"].sum())
    fdg = table[table["protocol"] == "fdg"]
    assert fdg["vial"].str.startswith("fdg/").all()
    assert (fdg["tracer"] == "FDG").all()
    assert (fdg["drawn_s"] < fdg["injected_s"]).all()
    assert fdg["limit_mol_per_kg"].to_list() == pytest.approx([20e-9] * len(fdg))
    molar = 5e16 * np.exp(-run.facts.decay_per_s["F-18"] * (fdg["injected_s"] % DAY - 12 * H))
    moles = fdg["injected_bq"] / molar
    assert fdg["amount_mol"].to_numpy() == pytest.approx(moles.to_numpy(), rel=1e-3)  # what decays has no mass any more
    assert table[table["protocol"] == "bone"]["limit_mol_per_kg"].isna().all()


def test_the_site_holds_all_that_came(run):
    table, licence = TABLES["on_site"](run), TABLES["dose_licence"](run)
    assert licence["most_bq"].item() == table["activity_bq"].max()
    assert licence["share_pct"].item() == pytest.approx(100.0 * table["activity_bq"].max() / 10e9)
    first = TABLES["batches"](run)["delivered_bq"].iloc[0]
    assert table["activity_bq"].iloc[0] == pytest.approx(first)


def test_stays_by_hand(day):
    table = TABLES["animal_stays"](day)
    mine = table[table["animal"] == "m1"]
    told = [(row.room, (row.start_s - NINE) / MIN, (row.end_s - NINE) / MIN) for row in mine.itertuples()]
    assert told == [("prep", 0, 10), ("prep", 10, 58), ("scan_room", 58, 97), ("wake_room", 97, 120)]
    slept = TABLES["anaesthesias"](day)
    assert [(row.animal, row.end_s - row.start_s) for row in slept.itertuples()] == [("m1", 6000), ("m2", 98 * MIN)]
    (bed,) = TABLES["bed_use"](day).to_dict("records")
    assert (bed["bed"], bed["session"], bed["animals"]) == ("pet/bed-1", "s1", 2)
    assert (bed["end_s"] - bed["start_s"]) / MIN == 110 - 58


def test_stays_and_beds_fill_what_the_tables_of_things_say(run):
    stays, rooms = TABLES["animal_stays"](run), TABLES["rooms"](run).set_index("room")
    inside = sum(
        (stays["end_s"].clip(upper=end) - stays["start_s"].clip(lower=start)).clip(lower=0).groupby(stays["room"]).sum()
        for start, end in run.facts.opening
    )
    for room, places in rooms["places"].dropna().items():
        if rooms.loc[room, "most_animals"] <= places:
            assert inside.get(room, 0.0) == pytest.approx(rooms.loc[room, "animal_s"])
    beds = TABLES["bed_use"](run)
    assert len(beds) == beds["session"].nunique()


def test_rooms_hold_what_their_animals_hold(run):
    table = TABLES["room_activity"](run)
    animals = table[table["source"] == "animals"]
    assert animals["activity_bq"].max() <= TABLES["visits"](run)["injected_bq"].sum()
    assert set(table[table["source"] == "vials"]["room"]) == {"hot_lab"}
    rooms = TABLES["dose_rooms"](run).set_index("room")
    assert list(rooms.index) == list(run.facts.rooms)
    assert rooms["week_sv"].idxmax() == "hot_lab"
    assert rooms.loc["hot_lab", "area"] == "controlled"
    assert (rooms.loc[rooms["week_sv"] * 50 < 1e-3, "area"] == "none").all()


def test_what_was_waited_for_is_the_waiting_of_visits(run):
    table, visits = TABLES["waited_for"](run), TABLES["visits"](run)
    started = visits["started_s"].notna().sum()
    assert table["wait_s"].sum() * started == pytest.approx(visits["wait_s"].sum())
    kinds = dict(zip(table["name"], table["kind"], strict=True))
    assert kinds.get("staff group technologist", "staff") == "staff"
    assert kinds.get("staff group animal_technician", "person") == "person"


def test_projects_and_limits_by_hand(day):
    (project,) = TABLES["projects"](day).to_dict("records")
    assert project == {"project": "tumours", "studies": "onco", "used": 2, "approved": 10}
    (limits,) = TABLES["study_limits"](day).to_dict("records")
    assert limits["anaesthesia_soft_s"] == 99.5 * MIN
    assert limits["cold_degc"] < limits["normal_degc"] < limits["hot_degc"]


def test_a_scan_lies_near_its_curve(run):
    """A scan of animals with equal activity is a point of the curve but for decay within the scan."""
    scans, curve, places = (TABLES[name](run) for name in ("scans", "necr", "scan_places"))
    assert places["scans"].sum() == len(scans[scans["nec"].notna()])
    nec = (places["nec"] * places["scans"]).sum() / places["scans"].sum()
    assert nec == pytest.approx(scans["nec"].mean())
    lone = scans[scans["animals"] == scans["animals"].max()].iloc[0]
    own = curve[(curve["study"] == lone["study"]) & (curve["animals"] == lone["animals"])]
    whole = (lone["activity_bq"] + lone["others_bq"]) / lone["animals"]
    middle = whole * exp(-own["decay_per_s"].iloc[0] * lone["duration_s"] / 2)
    mine = scans[(scans["session"] == lone["session"]) & (scans["task"] == lone["task"])]
    rate = np.interp(middle, own["activity_bq"], own["nec_per_s"])
    assert mine["nec"].mean() / lone["duration_s"] == pytest.approx(rate, rel=0.1)


@pytest.mark.parametrize("name", ["vial_levels", "syringes", "on_site", "waited_for", "bed_use", "animal_stays",
                                  "anaesthesias", "room_activity", "scan_places", "necr"])  # fmt: skip
def test_a_log_of_nothing_has_tables_too(story, facts, name):
    assert len(TABLES[name](story.run(facts))) == 0
