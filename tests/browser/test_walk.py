"""Every page of the list, one after another in one tab: by its link, drawn, quiet, for everybody, on a telephone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard import contents
from twin import api

RUN = "?run=by-hand"
#: Every chart has its sentence and its drawing.
DRAWN = """() => {
    const page = document.querySelector("#page");
    if (page === null) return false;
    const charts = [...page.querySelectorAll("figure.figure")];
    return page.querySelector("h1") !== null && charts.every((chart) =>
        chart.querySelector("figcaption").textContent.trim() && chart.querySelector(".main-svg, svg, canvas"));
}"""
SERIOUS = {"serious", "critical"}


def link(page):
    """The address of a page; what-ifs are not repeated for a picture."""
    return page.path + (RUN if page.needs_run else "?run=by-hand&times=0" if page.name == "what_if" else "")


def shown(tab, address, page):
    """A page by its link alone."""
    tab.goto(address + link(page))
    tab.wait_for_function(DRAWN)
    assert tab.locator("h1").inner_text() == page.title
    assert tab.locator("#ways [aria-current=page]").inner_text() == page.title


#: What is wider than the screen: the page, a chart.
WIDE = """() => [document.documentElement, ...document.querySelectorAll(".chart")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.slice(0, 80))"""


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 375)])
def test_every_page_opens_from_its_link_and_is_for_everybody(tab, address, scheme, width):
    """On a wide screen and on a telephone, where nothing scrolls sideways."""
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": width, "height": 800})
    wrong, wide = [], []
    for page in contents.PAGES:
        shown(tab, address, page)
        found = Axe().run(tab).response["violations"]
        wrong += [
            f"{page.name}: {one['id']}: {node['html'][:160]}"
            for one in found if one["impact"] in SERIOUS for node in one["nodes"]
        ]  # fmt: skip
        wide += [f"{page.name}: {text}" for text in tab.evaluate(WIDE)]
    assert (wrong, wide) == ([], [])


def test_on_a_telephone_the_keyboard_opens_the_pages(tab, address):
    tab.set_viewport_size({"width": 375, "height": 740})
    tab.goto(address)
    button = tab.get_by_role("button", name="Pages")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    tab.keyboard.press("Enter")
    way = tab.get_by_role("link", name="Library", exact=True)
    expect(way).to_be_visible()
    tab.keyboard.press("Escape")
    expect(way).to_be_hidden()
    expect(button).to_be_focused()
    tab.keyboard.press("Enter")
    way.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Library")
    tab.get_by_label("Find in this table").fill("overtime")
    expect(tab.locator(".counted")).not_to_have_text("72 rows")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.slow
def test_would_a_second_technologist_in_the_afternoon_pay(tab, served, tmp_path):
    """A new user answers with an interval, prints the page, and finds the run from the command line."""
    address, store = served
    tab.goto(f"{address}/")
    tab.get_by_role("link", name="Try a what-if").click()
    tab.get_by_role("textbox", name="Scenario", exact=True).click()
    tab.get_by_role("option", name="two_shifts").click()
    afternoon = tab.get_by_role("group", name="Late technologist").get_by_label("Count (people)")
    expect(afternoon).to_be_visible()
    tab.get_by_label("Repetitions").fill("4")
    tab.get_by_label("Simulated time").fill("3")
    afternoon.fill("2")
    expect(tab.locator("#changes li")).to_have_text("late_technologist, count: 1 → 2")
    tab.get_by_role("button", name="Run the what-if").click()
    expect(tab.locator("#answer")).to_contain_text("4 repetitions")
    cost = tab.locator('.card[data-kpi="cost_per_usable_scan"]')
    expect(cost.locator(".difference")).to_contain_text(re.compile(r"to .* USD"))
    tab.wait_for_url("**run=**")
    run = tab.evaluate("new URLSearchParams(window.location.search).get('run')")

    printed = tab.pdf(format="A4", prefer_css_page_size=True)
    assert len(printed) > 20_000
    assert b"/FontDescriptor" in printed  # text, not a picture of it
    tab.emulate_media(media="print")
    expect(tab.locator("#answer")).to_be_visible()
    expect(cost).to_be_visible()
    expect(tab.locator(".printed")).to_contain_text(f"seed 2; run folder {run}")  # by which it is found again
    expect(tab.get_by_role("button", name="Run the what-if")).to_be_hidden()

    asked = ["run", "two_shifts", "--set", "staff.late_technologist.count=2", "--days", "3"]
    assert f"Run folder: {store / run}" in twin(store, *asked)
    page = tmp_path / "run.html"
    twin(store, "report", str(store / run), "--html", str(page))
    scans = cost.page.locator('.card[data-kpi="scans_usable"] .value').inner_text().split()[0]
    assert f"<td>Usable scans</td><td class=n>{scans}</td>" in page.read_text("utf-8")


def twin(store, *words):
    """What a command says, as a process with the dashboard's store."""
    command = [sys.executable, "-m", "twin", *words]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "TWIN_STORE": str(store)}
    )
    return done.stdout


HOSTILE = "<img src=x onerror=hacked=1><script>hacked=1</script>"


@pytest.mark.slow
def test_a_script_in_a_name_or_a_question_is_text(tab, served):
    """Name of a run folder, name of a scenario file, question of a scenario: on the pages and in the saved report."""
    address, store = served
    folder, file = "<img src=x onerror=hacked=1>", store.parent / "<img src=x onerror=hacked=1>.yaml"
    file.write_text(f"extends: baseline\nname: hostile\nquestion: {HOSTILE!r}\ndays: 1\n", encoding="utf-8")
    api.simulate(api.load(file)).save(out=store / folder)
    for path in ("/", "/what-if", "/overview", "/report", "/day"):
        tab.goto(f"{address}{path}?run={quote(folder)}&times=0")
        tab.wait_for_function(DRAWN)
        assert tab.evaluate("window.hacked") is None, path
    tab.goto(f"{address}/what-if?times=0&scenario={quote(file.name)}")
    expect(tab.get_by_text(HOSTILE).first).to_be_visible()
    tab.goto(f"{address}/report?run={quote(folder)}")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save as HTML").click()
    saved = download.value.path().read_text("utf-8")
    assert "&lt;img src=x" in saved
    assert "<img src=x" not in saved
    assert tab.evaluate("window.hacked") is None
