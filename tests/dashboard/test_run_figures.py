"""Pages of a stored run: what a chart shows is what the log says, for everybody who may see it, and of old runs too."""

from __future__ import annotations

import importlib
import json
import re
from dataclasses import replace
from math import exp

import pytest

from dashboard import access, contents
from dashboard.address import Day
from dashboard.callbacks import charts as chart_callbacks
from dashboard.callbacks import routing
from dashboard.charts.common import Shown
from dashboard.config import Config
from dashboard.desk.desk import Desk
from dashboard.figures import floor, injected, marks, person_tasks, queues
from dashboard.figures.window import DAY_S, Window
from dashboard.jobs import Jobs
from dashboard.pages import overview
from dashboard.runs import Runs
from twin import api

VIEWER = access.User("eva", frozenset({access.VIEWER}))
ROOMS = ("overview", "day", "replay", "hot_lab", "dose", "animals", "images", "compliance")
CHARTS = {
    chart.name: chart
    for room in ROOMS
    for chart in importlib.import_module(f"dashboard.charts.{room}").CHARTS
    if chart.name not in ("gantt", "hours")
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory, baseline):
    store = tmp_path_factory.mktemp("store")
    baseline.save(out=store / "base")
    jobs = Jobs(store, 0, store)
    yield Desk(Config(store, store, jobs, Runs(store)))
    jobs.close()


@pytest.fixture(autouse=True)
def everybody():
    with access.acting(access.EVERYBODY):
        yield


@pytest.fixture(scope="module")
def week(desk):
    with access.acting(access.EVERYBODY):
        return desk.showing.shown("base", day=Day("base", view="week"))


def written(page):
    return json.dumps(page, default=lambda one: one.to_plotly_json())


def test_a_vial_falls_as_its_log_says(baseline, week):
    """Every row of a vial that holds something is a point of its line, and in between it decays."""
    levels = baseline.tables.vial_levels
    first = levels[levels["vial"] == levels["vial"].iloc[0]]
    times, held = marks.falling(first, 0.0, week.window.last_s)
    known = dict(zip(times, held, strict=True))
    for row in first[first["flow"] != "wasted"].itertuples():
        assert known[row.time_s] == pytest.approx(row.activity_bq)
    begin = first.iloc[0]
    assert held[1] == pytest.approx(begin["activity_bq"] * exp(-begin["decay_per_s"] * (times[1] - times[0])))
    drawn = CHARTS["vials"].figure(week)
    assert len(drawn.data) == levels["vial"].nunique()
    assert max(max(filter(None, line.y)) for line in drawn.data) == pytest.approx(levels["activity_bq"].max() / 1e6)


def test_marks_are_the_injections(baseline, week):
    drawn, table = CHARTS["injected"].figure(week), CHARTS["injected"].table(week)
    visits = baseline.tables.visits
    assert sum(len(line.x) for line in drawn.data) == len(table) == visits["injected_bq"].notna().sum()
    assert sum(sum(line.y) for line in drawn.data) == pytest.approx(visits["injected_bq"].sum() / 1e6)
    assert "molar" in CHARTS["masses"].caption(week)


def test_an_agent_without_activity_is_counted_and_not_drawn(week):
    syringes = week.run.tables["syringes"].copy()
    syringes.loc[syringes.index[:2], ["injected_bq", "vial"]] = None
    syringes.loc[syringes.index[:2], "tracer"] = "D-luciferin"
    whole = len(injected.table(syringes, week.window))
    assert sum(len(line.x) for line in injected.figure(syringes, week.window).data) == whole - 2
    said = injected.caption(syringes, week.window)
    assert f"{whole - 2} injections of activity" in said
    assert "2 of D-luciferin" in said


def test_the_site_keeps_to_its_licence_in_words(baseline, week):
    licence = baseline.tables.dose_licence.iloc[0]
    assert f"{licence['share_pct']:.0f} % of the licence" in CHARTS["on_site"].caption(week)


def test_person_by_task_adds_up_to_the_person(baseline, week):
    sums = person_tasks.FINGERTIP.sums(baseline.tables.doses, week.window, week.run.wear_s)
    people = baseline.tables.dose_people.set_index("person")["hp007_finger_sv"] * 1e6
    for person, dose in sums.groupby("person")["dose_uSv"].sum().items():
        assert dose == pytest.approx(people[person])
    drawn = CHARTS["fingertips"].figure(week).data[0]
    assert drawn.x[-2:] == ("All tasks", "Of a year's limit")
    assert "%<br>of 500 mSv" in drawn.text[0][-1]
    assert week.run.wear_s == 30 * DAY_S
    most = people.idxmax()
    assert drawn.y[0] == most
    assert f"{most} got the most" in CHARTS["fingertips"].caption(week)


def test_periods_of_wear_are_those_of_the_sites_dosimeters(baseline):
    doses = baseline.tables.doses
    window = Window("2026-03-29T00:00:00", baseline.run.facts.horizon_s, 0, "week")
    sums = person_tasks.WHOLE_BODY.sums(doses, window, 3 * DAY_S)
    first = "29 Mar to 31 Mar"
    assert set(sums["period"]) == {first, "1 Apr to 3 Apr"}
    march = doses["hp10_sv"][doses["time_s"] < 3 * DAY_S].sum() * 1e6
    assert sums[sums["period"] == first]["dose_uSv"].sum() == pytest.approx(march)


def test_a_budget_is_used_as_its_table_says(baseline, week):
    bars = [value for trace in CHARTS["budgets"].figure(week).data for value in trace.x]
    table = baseline.tables.dose_budgets
    fullest = sorted(100 * table["most_sv"] / table["allowed_sv"], reverse=True)[:10]
    assert sorted(bars, reverse=True) == pytest.approx(fullest)
    assert "None was passed" in CHARTS["budgets"].caption(week)


def test_queues_are_the_waits_of_the_tasks(baseline, week):
    """Of the whole week: the area under the lines is the waiting."""
    tasks = baseline.tables.tasks
    asked = tasks[tasks["request_s"].notna()]
    got = asked["start_s"].fillna(asked["end_s"]).fillna(week.window.horizon_s)
    minutes = (got - asked["request_s"]).sum() / 60.0
    assert sum(CHARTS["wait_causes"].figure(week).data[0].x) == pytest.approx(minutes)
    stretches = queues.waiting(tasks, week.window)
    times, count = queues.steps(stretches)
    area = sum(c * (b - a) for c, a, b in zip(count, times, times[1:], strict=False))
    assert area / 60.0 == pytest.approx(minutes)
    assert count[-1] == 0
    assert f"longest queue was {max(count)}" in CHARTS["queues"].caption(week)


def test_late_and_lost_visits_are_told_with_their_reasons(baseline, week):
    table, visits = CHARTS["troubles"].table(week), baseline.tables.visits
    lost = visits[visits["status"].isin(["incomplete", "cancelled", "dead", "killed"])]
    told = table[table["what"] != "Late for its slot"]
    assert sorted(told["visit"]) == sorted(lost["visit"].astype(str))
    late = table[table["what"] == "Late for its slot"]
    assert (late["late_min"] > 15).all()
    beds = baseline.tables.bed_use.set_index("session")["start_s"]
    slots = visits.set_index("visit")
    for row in late.itertuples():
        begun = beds[slots.loc[row.visit, "session"]]
        assert row.late_min == pytest.approx((begun - slots.loc[row.visit, "booked_s"]) / 60.0, abs=0.01)


def test_animals_are_told_as_their_tables_have_them(baseline, week):
    visits, welfare = baseline.tables.visits, baseline.tables.welfare
    minutes = sorted(value for box in CHARTS["anaesthesia"].figure(week).data for value in box.x)
    assert minutes == pytest.approx(sorted(visits["anaesthesia_s"].dropna() / 60.0))
    bars = CHARTS["severity"].figure(week).data
    assert {bar.name.lower(): sum(bar.x) for bar in bars} == welfare["severity"].value_counts().to_dict()
    assert f"{welfare['lowest_degc'].min():.1f} °C" in CHARTS["warmth"].caption(week)
    used = baseline.tables.projects
    assert f"{used['used'].iloc[0]} of {used['approved'].iloc[0]}" in CHARTS["projects"].caption(week)


def test_the_scans_of_the_week_lie_on_the_curve(baseline, week):
    scans = baseline.tables.scans
    table = CHARTS["necr"].table(week)
    known = scans[scans["nec"].notna()]
    assert sorted(table["nec_kcps"]) == pytest.approx(sorted(known["nec"] / known["duration_s"] / 1e3), abs=1e-3)
    assert (table["activity_MBq"].to_numpy() < known["activity_bq"].to_numpy() / 1e6).all()  # decay within the scan
    means = baseline.tables.scan_places
    bars = [value for bar in CHARTS["place_counts"].figure(week).data for value in bar.y]
    assert sorted(bars) == pytest.approx(sorted(means["nec"] / 1e6))
    assert "FWHM" in CHARTS["place_noise"].caption(week)


def test_dates_are_told_as_their_table_has_them(baseline, week):
    table = baseline.tables.compliance
    told = CHARTS["calendar"].table(week)["fate"]
    counts = table.groupby(["state", "in_time"]).size().to_dict()
    assert (told == "done in time").sum() == counts.get(("done", True), 0)
    assert (told == "done late").sum() == counts.get(("done", False), 0)
    assert (told == "due").sum() == (table["state"] == "due").sum()
    marks_drawn = sum(len(trace.x) for trace in CHARTS["calendar"].figure(week).data)
    bars = sum(sum(trace.x) for trace in CHARTS["kinds"].figure(week).data)
    assert marks_drawn == bars == len(table) > 0
    assert f"{(told == 'overdue').sum()} overdue" in CHARTS["calendar"].caption(week)


def test_rooms_have_places_whatever_the_plan_says():
    known = [("lab", "hot_lab"), ("scan", "scanner"), ("prep", "preparation")]
    schematic = floor.rooms(known, {})
    assert [room.name for room in schematic] == ["prep", "lab", "scan"]
    partly = floor.rooms(known, {"scan": (10.0, 2.0, 5.0, 4.0)})
    assert (partly[0].x, partly[0].width, partly[0].planned) == (10.0, 5.0, True)
    for rooms in (schematic, partly):
        boxes = [(room.x, room.y, room.x + room.width, room.y + room.depth) for room in rooms]
        apart = [
            a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for i, a in enumerate(boxes) for b in boxes[:i]
        ]
        assert all(apart)


def test_the_overview_has_at_most_eight_figures_and_the_bottleneck(desk, week, baseline):
    page = written(routing.page(desk, "/overview", "?run=base"))
    assert baseline.bottleneck in page
    heads = overview.headlines(week, desk.showing.definitions())
    assert 0 < len(heads) <= 8
    assert "One run" not in page
    assert overview.ONE_RUN in page


def test_figures_get_intervals_from_replications_and_targets_from_budgets(tmp_path):
    """The same facility twice, and a budget that it misses; its floor plan is found in its run."""
    plan = "floor_plan={rooms: {hot_lab: {x: 1, y: 2, width: 400 cm, depth: 3 m, walls: lead 2 mm}}}"
    sets = ["days=1", "budgets.enough={kpi: scans_usable, at_least: 1000}", "floor_plan=null", plan]
    loaded = api.load("baseline", sets)
    folders = [api.simulate(loaded, replication=number).save(store=tmp_path) for number in range(2)]
    assert api.open(folders[0]).floor == {"hot_lab": (1.0, 2.0, 4.0, 3.0)}
    assert ("wall", (1.0, 2.0, 5.0, 2.0)) in api.open(folders[0]).walls
    values = [api.open(folder).kpis["scans_usable"]["value"] for folder in folders]
    jobs = Jobs(tmp_path, 0, tmp_path)
    here = Desk(Config(tmp_path, tmp_path, jobs, Runs(tmp_path)))
    found = here.showing.runs.estimates(folders[0].name, ["scans_usable", "no_such_figure"])
    page = written(routing.page(here, "/overview", f"?run={folders[0].name}&against={folders[1].name}"))
    alone = written(routing.page(here, "/overview", f"?run={folders[0].name}&against=nosuch"))
    jobs.close()
    assert set(found) == {"scans_usable"}
    assert found["scans_usable"].n == 2
    assert found["scans_usable"].mean == pytest.approx(sum(values) / 2)
    assert "Mean of 2 runs" in page
    assert "Target: at least 1\\u202f000, \\u2717 missed" in page
    assert "Baseline " in page
    assert "cannot be shown" in alone


def test_the_stores_of_waste_are_as_full_as_the_figures_say(baseline, week):
    stores = baseline.tables.waste_stores
    assert set(stores["store"]) == {"decay_store"}
    for store, own in stores.groupby("store"):
        fullest = 100.0 * own["held"].max() / own["places"].iloc[0]
        assert fullest == pytest.approx(baseline.kpis[f"{store}_most_pct"]["value"])
        assert own["time_s"].iloc[0] == 0.0
        assert own["time_s"].is_monotonic_increasing
    assert "at the most" in CHARTS["waste_stores"].caption(week)


#: Okabe and Ito's colours; all else is a grey or clear.
SAFE = {"0072B2", "D55E00", "009E73", "CC79A7", "E69F00", "56B4E9", "F0E442"}


def colours(figure):
    """Every colour of a drawing that is no grey, as six digits."""
    written = figure.to_json()
    found = {tuple(int(one[i : i + 2], 16) for i in (0, 2, 4)) for one in re.findall(r'"#([0-9A-Fa-f]{6})"', written)}
    found |= {tuple(map(int, one)) for one in re.findall(r"rgba?\((\d+), ?(\d+), ?(\d+)", written)}
    return {"{:02X}{:02X}{:02X}".format(*one) for one in found if len(set(one)) > 1}


def test_every_chart_says_its_unit_and_its_numbers_in_colours_for_every_eye(week):
    rooms = [
        importlib.import_module(f"dashboard.charts.{page.name}") for page in contents.PAGES if page.name not in PLAIN
    ]
    for chart in (chart for room in rooms for chart in room.CHARTS):
        assert all((chart.title, chart.unit, chart.help.endswith("."))), chart.name
    for chart in CHARTS.values():
        assert chart.caption(week).endswith("."), chart.name
        assert colours(chart.figure(week)) <= SAFE, chart.name


#: Pages whose charts are those of other pages, or that have none.
PLAIN = ("start", "report")


@pytest.mark.parametrize("name", CHARTS)
def test_a_viewer_sees_no_people(desk, name):
    chart = CHARTS[name]
    with access.acting(VIEWER):
        shown = chart_callbacks.of(desk, {"run": "base", "day": 1, "view": "day"})
        drawn = "".join(chart.drawn(shown, narrow).to_json() for narrow in (False, True))
        seen = drawn + chart.caption(shown) + chart_callbacks.csv(chart, shown)["content"]
    assert "technologist-" not in seen
    assert "animal_technician" not in seen.replace(" ", "_")


@pytest.mark.parametrize("room", ROOMS)
def test_no_page_names_a_person_to_a_viewer(desk, room):
    with access.acting(VIEWER):
        page = written(routing.page(desk, contents.named(room).path, "?run=base"))
    assert "technologist-" not in page


class Older(dict):
    """The tables of a run of another version: those that are asked for have lost a column, some cannot be made."""

    def __init__(self, tables, lost):
        super().__init__(dict.fromkeys(tables))
        self.tables, self.lost = tables, lost

    def __getitem__(self, name):
        if self.lost == "table":
            raise KeyError("amount_mol")
        table = self.tables[name]
        return table.drop(columns=table.columns[-1])


@pytest.mark.parametrize("lost", ["table", "column"])
def test_an_older_run_gets_a_sentence(week, lost):
    run = replace(week.run, tables=Older(week.run.tables, lost))
    shown = Shown({"older": run}, week.window)
    for name, chart in CHARTS.items():
        said = chart.caption(shown)
        assert "another version" in said or lost == "column", name
        if "another version" in said:
            assert not chart.drawn(shown).data
            assert not chart.drawn(shown, is_narrow=True).data
            assert chart.table(shown)["note"].tolist() == [said]
