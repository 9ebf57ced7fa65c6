"""What a lab manager does, from the first look to the file on the disk."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import expect

NUMBER = re.compile(r"[\d.,\u202f]+")


def open_what_if(tab, address, query=""):
    """The page with its first figures."""
    tab.goto(f"{address}/what-if?times=0{query}")
    expect(tab.locator(".card .value").first).to_be_visible()


def card(tab, key):
    return tab.locator(f'.card[data-kpi="{key}"]')


def changed(tab):
    return tab.locator("#changes li")


def run(tab):
    """Run what is filled in, and wait for the cards against the baseline."""
    tab.get_by_role("button", name="Run the what-if").click()
    expect(card(tab, "scans_usable").locator(".difference")).to_be_visible()
    expect(tab.locator("#status")).to_contain_text("Done")


def test_a_new_user_finds_out_what_fewer_people_and_a_smaller_hotel_do(tab, address):
    open_what_if(tab, address)
    before = card(tab, "wait_mean_min[all]").locator(".value").inner_text()

    tab.get_by_label("Count (people)").first.fill("2")
    tab.get_by_label("Shift").nth(1).fill("mon-fri 08:00-12:00")
    tab.get_by_label("Hotel (animals per bed)").first.fill("2")
    expect(changed(tab)).to_have_count(3)
    expect(changed(tab).first).to_have_text("technologist, count: 3 → 2")
    tab.get_by_text("As a scenario file (YAML)").click()
    expect(tab.locator("#patch")).to_contain_text("hotel: 2")

    run(tab)
    after = card(tab, "wait_mean_min[all]").locator(".value").inner_text()
    assert NUMBER.search(before)[0] != NUMBER.search(after)[0]
    expect(card(tab, "wait_mean_min[all]")).to_have_attribute("data-verdict", "worse")
    expect(tab.locator("#results")).to_contain_text("What-if: ")
    expect(tab.locator("#states-caption")).to_contain_text("in what-if")

    tab.get_by_role("link", name="Day", exact=True).first.click()
    expect(tab.locator("#gantt-graph .main-svg").first).to_be_visible()
    expect(tab.locator("#day-title")).to_have_text("Monday 2 March 2026")
    expect(tab.locator("#run-choice")).to_have_value(re.compile("count 2"))
    tab.get_by_role("button", name="Next ›").click()
    expect(tab.locator("#gantt-caption")).to_contain_text("Tuesday 3 March 2026")

    rows = downloaded(tab, "What happens when")
    assert {"kind", "thing", "step", "start", "end", "duration_min", "animals", "people"} <= rows[0].keys()
    assert {row["start"][:10] for row in rows} == {"2026-03-03"}
    people = {row["thing"] for row in rows if row["kind"] == "person"}
    assert {"technologist-1", "technologist-2"} <= people
    assert "technologist-3" not in people
    scans = [row for row in rows if row["step"] == "pet" and row["kind"] == "scanner"]
    assert scans
    assert all(len(row["animals"].split(", ")) <= 2 for row in scans)

    tab.get_by_text("Show “Use by hour” as a table").click()
    expect(tab.get_by_role("columnheader", name="Used, %")).to_be_visible()
    expect(tab.locator("#hours-table tbody tr").first).to_be_visible()
    tab.get_by_text("Week", exact=True).click()
    expect(tab.locator("#hours-caption")).to_contain_text("Monday 2 March 2026 to Sunday 8 March 2026")
    expect(tab).to_have_url(re.compile("view=week"))
    assert [tab.evaluate(MOVED, one) for one in WEEKS] == [2, 7, 0, 9, 8]

    tab.get_by_role("textbox", name="Run").click()  # away from an address that has changed since the page was opened
    tab.get_by_role("option", name=re.compile("command line|baseline, seed 2")).first.click()
    expect(tab).to_have_url(re.compile("run=by-hand"))
    expect(tab.locator("#gantt-caption")).to_contain_text("Monday 2 March 2026")


#: Weeks begin on Monday; the run has ten days from a Thursday on: steps, day.
MOVED = """([steps, day]) => dash_clientside.days.moved(
    steps, day, [..."Thu,Fri,Sat,Sun,Mon,Tue,Wed,Thu,Fri,Sat".split(",")].map((label) => ({ label })), "week")"""
WEEKS = ([-1, 2], [1, 0], [-1, 7], [1, 3], [1, 8])


def downloaded(tab, title):
    with tab.expect_download() as download:
        tab.get_by_role("button", name=f"Download CSV of “{title}”").click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:  # noqa: PTH123 - a path of playwright's
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_a_run_can_be_cancelled(tab, address):
    tab.goto(f"{address}/what-if?times=0&scenario=long.yaml")
    expect(tab.get_by_text("The figures of the facility appear here")).to_be_visible()
    tab.get_by_role("button", name="Run the what-if").click()
    expect(tab.locator("#status")).to_contain_text(re.compile("Simulating day|Waiting"))
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.locator("#status")).to_contain_text("Cancelled")
    expect(tab.get_by_role("button", name="Cancel")).to_be_hidden()


@pytest.mark.slow
def test_progress_goes_on_after_the_server_was_away(window, address):
    """In a tab of its own, as a request that fails is an error in its console."""
    tab = window.new_page()
    tab.goto(f"{address}/what-if?times=0&scenario=long.yaml")
    expect(tab.locator("#form input").first).to_be_visible()
    tab.evaluate(AWAY)
    tab.get_by_role("button", name="Run the what-if").click()
    tab.wait_for_function("() => window.lost && dash_component_api.getLayout('poll').props.disabled")
    tab.evaluate("window.fetch = window.reached, dispatchEvent(new Event('online'))")
    expect(tab.locator("#status")).to_contain_text(re.compile("Simulating day|Waiting"))
    tab.get_by_role("button", name="Cancel").click()
    expect(tab.locator("#status")).to_contain_text("Cancelled")
    tab.close()


#: No answer to the question how far a run is; all else is answered.
AWAY = """() => {
    window.reached = window.fetch;
    window.fetch = (place, asked) => {
        if (!String(asked && asked.body).includes("poll.max_intervals")) return window.reached(place, asked);
        window.lost = true;
        return Promise.reject(new TypeError("Failed to fetch"));
    };
}"""


def test_a_short_scenario_is_played_unasked_and_a_reload_finds_a_run_that_goes_on(tab, address):
    """There is something to see before anything is clicked; then the address is all that the second page has."""
    open_what_if(tab, address, "&seed=5")
    expect(tab.get_by_text("baseline, as it is")).to_be_visible()
    tab.get_by_label("Count (people)").first.fill("4")
    tab.get_by_role("button", name="Run the what-if").click()  # at once: it waits for what was typed last
    expect(tab).to_have_url(re.compile(r"job=([^&]+)&base=(?!\1)"))  # two jobs, and not the one that was unasked
    tab.reload()
    expect(changed(tab)).to_have_text("technologist, count: 3 → 4")
    expect(tab.get_by_label("Count (people)").first).to_have_value("4")
    expect(card(tab, "scans_usable").locator(".difference")).to_be_visible()
    expect(tab).to_have_url(re.compile("run=.*against="))


@pytest.mark.slow
def test_an_earlier_run_is_opened_again(tab, address):
    open_what_if(tab, address, "&scanners.pet.beds=1")
    run(tab)
    value = card(tab, "animals_per_day").locator(".value").inner_text()
    with tab.expect_navigation():
        tab.get_by_role("link", name="Open baseline, scanners.pet.beds 1").first.click()
    expect(changed(tab)).to_have_text("pet, beds: 2 → 1")
    expect(card(tab, "animals_per_day").locator(".value")).to_have_text(value)
    expect(card(tab, "scans_usable").locator(".difference")).to_be_visible()
