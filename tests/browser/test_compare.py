"""Scenarios that are compared: changed by fields and not by YAML, with intervals that hold together; a sweep."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from dashboard.figures import differences
from dashboard.figures.comparison import HEADLINES
from twin import api

WAIT = "wait_mean_min[all]"


def choose(tab, label, words):
    """The first choice that has all the words."""
    tab.get_by_role("textbox", name=label).fill(words)
    tab.get_by_role("option").first.click()


@pytest.mark.slow
def test_scenarios_are_changed_by_fields_and_their_intervals_hold_together(tab, served):
    address, store = served
    tab.goto(f"{address}/compare?A=baseline&B=baseline&times=3&days=2")
    choose(tab, "Setting", "count technologist")
    tab.get_by_label("Count (people)").fill("1")
    tab.get_by_role("button", name="Set it").click()
    changes = tab.get_by_role("group", name="Changes of B")
    expect(changes).to_contain_text("technologist, count: 3 → 1")
    choose(tab, "Something new", "study like tumour")
    tab.get_by_role("button", name="Add it").click()
    expect(changes).to_contain_text("new study: tumour_2")
    tab.get_by_role("button", name="Take back “new study: tumour_2” of B").click()
    expect(changes).not_to_contain_text("tumour_2")

    tab.get_by_role("button", name="Compare", exact=True).click()
    expect(tab.locator("#answer")).to_contain_text("that hold for all 8 differences together")
    expect(tab.get_by_text("B: baseline; technologist, count: 3 → 1")).to_be_visible()
    row = tab.get_by_role("region", name="Figures by scenario").get_by_role("row").filter(has_text="Waiting of a visit")
    pair = api.load("baseline", days=2), api.load("baseline", ["staff.technologist.count=1"], days=2)
    alone = api.compare(*pair, n=3, store=store).as_data()
    known = {one["kpi"] for one in alone["differences"]}
    told = [kpi for kpi in (*HEADLINES, "utilisation_pct[pet]") if kpi in known]
    together = api.compare(*pair, n=3, store=store, kpis=told).as_data()
    (wide,), (narrow,) = (differences.differences(said, [WAIT]) for said in (together, alone))
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)
    assert len(told) == 8
    expect(row).to_contain_text(wide.span)


@pytest.mark.slow
def test_a_sweep_is_started_and_looked_at(tab, address):
    tab.goto(f"{address}/sweeps")
    tab.get_by_role("textbox", name="Simulated time").fill("1")
    tab.get_by_role("textbox", name="Repetitions").fill("2")
    tab.get_by_role("textbox", name="Values, 1").fill("1, 3")
    tab.get_by_role("textbox", name="Values, 2").fill("1")
    tab.get_by_role("button", name="Start the sweep").click()
    expect(tab.get_by_role("heading", name=re.compile("^Sweep "))).to_be_visible()
    expect(tab.locator("#every-caption, [id$=-caption]").first).to_contain_text("Animals per day")
    expect(line_of(tab, "dashboard")).to_contain_text("finished, 4 of 4 runs")


def line_of(tab, sweep):
    """What the list of sweeps says of one."""
    return tab.locator("div", has=tab.get_by_role("link", name=sweep, exact=True)).last


SWEEP = """\
schema: 1
kind: sweep
name: half
base: baseline
set: {days: 1}
axes: {people: {path: staff.technologist.count, values: [1, 3]}}
design: grid
replications: 2
kpis: [animals_per_day]
"""


@pytest.mark.slow
def test_a_sweep_that_was_ended_is_gone_on_with(tab, served):
    address, store = served
    tab.goto(f"{address}/sweeps?scenario=long.yaml")
    tab.get_by_role("textbox", name="Values, 1").fill("1")
    tab.get_by_role("textbox", name="Values, 2").fill("1, 2")
    tab.get_by_role("textbox", name="Repetitions").fill("3")
    tab.get_by_role("button", name="Start the sweep").click()
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.locator("#job-status")).to_have_text("Cancelled.")
    expect(tab.get_by_role("textbox", name="Values, 2")).to_have_value("1, 2")  # what was asked for stands there again
    expect(tab.get_by_role("textbox", name="Repetitions")).to_have_value("3")

    file = store.parent / "half.yaml"  # as if the machine had stopped in the middle of it
    file.write_text(SWEEP, encoding="utf-8")
    plan = api.sweep_plan(file)
    api.sweep(plan, store / "sweeps" / api.sweep_folder(plan).name, workers=1, shard=(1, 2), store=store)
    tab.goto(f"{address}/sweeps")
    expect(line_of(tab, "half")).to_contain_text(re.compile("[123] of 4 runs"))
    tab.get_by_role("button", name="Go on with half").click()
    expect(tab.get_by_role("heading", name=re.compile("^Sweep half"))).to_be_visible()
    expect(line_of(tab, "half")).to_contain_text("finished, 4 of 4 runs")


@pytest.mark.slow
def test_a_facility_is_sized_for_a_target(tab, address):
    tab.goto(f"{address}/sweeps")
    tab.get_by_role("textbox", name="Simulated time").fill("1")
    tab.get_by_role("textbox", name="Values, 1").fill("1, 3")
    tab.get_by_role("textbox", name="Values, 2").fill("2")
    tab.get_by_label("Targets, for a sizing").fill("animals_per_day.mean >= 1")
    tab.get_by_role("button", name="Size the facility").click()
    answer = tab.locator("#answer")
    expect(answer).to_contain_text(
        "Staff technologist count 1, Scanners PET beds 2 is the cheapest that meets all targets"
    )
    expect(answer).to_contain_text("Of 2 configurations: 2 met")
    expect(tab.locator("#sizing-graph .main-svg").first).to_be_visible()
    expect(tab.get_by_label("Targets, for a sizing")).to_have_value("animals_per_day.mean >= 1")


@pytest.mark.slow
def test_a_setting_is_found_by_words_in_any_order(tab, address):
    tab.goto(f"{address}/what-if?times=0")
    choose(tab, "Find a setting", "house overbooking")
    expect(tab.get_by_label("Overbooking")).to_be_focused()


@pytest.mark.slow
def test_tables_are_ordered_by_keyboard_and_searched(tab, address):
    tab.goto(f"{address}/day?run=by-hand&view=week")
    tab.get_by_text("Show “What happens when” as a table").click()
    heading = tab.locator("#gantt-table th button").filter(has_text="Duration")
    heading.focus()
    for way in ("ascending", "descending"):
        tab.keyboard.press("Enter")
        expect(tab.locator(f"#gantt-table th[aria-sort={way}]")).to_contain_text("Duration")
        expect(heading).to_be_focused()
    tab.get_by_label("Find in “What happens when”").fill("scanner pet scan")
    expect(tab.locator("#gantt-table .counted")).to_contain_text("have the words")
    longest = [float(cell) for cell in tab.locator("#gantt-table tbody td:last-child").all_inner_texts()]
    assert longest == sorted(longest, reverse=True)

    tab.goto(f"{address}/library?part=scanners")  # a whole table is ordered where it is
    bore = tab.locator("th button").filter(has_text="Bore")
    bore.click()
    bore.click()
    place = tab.locator("th").all_inner_texts().index(bore.inner_text())
    cells = tab.locator(f"tbody td:nth-child({place + 1})").all_inner_texts()
    known = [float(cell.replace("\u202f", "")) for cell in cells if cell != "–"]
    assert known == sorted(known, reverse=True)
    assert "–" not in cells[: len(known)]
