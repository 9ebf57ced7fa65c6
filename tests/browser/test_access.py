"""Whoever uses the pages: with a keyboard alone, with a screen reader, on a telephone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SERIOUS = {"serious", "critical"}


def opened(tab, address, path):
    """A page with its charts drawn."""
    tab.goto(f"{address}{path}")
    expect(tab.locator(".main-svg:visible").first).to_be_visible()


@pytest.mark.parametrize("path", ["/what-if", pytest.param("/day", marks=pytest.mark.slow)])
def test_a_page_is_for_everybody(tab, address, path):
    opened(tab, address, path)
    expect(tab).to_have_title("Preclinical Twin")
    assert tab.locator("html").get_attribute("lang") == "en"
    assert tab.locator("h1").count() == 1
    for figure in tab.locator("figure").all():
        expect(figure.locator("figcaption")).not_to_be_empty()
    open_all(tab, path)
    assert serious(tab) == []
    tab.set_viewport_size({"width": 375, "height": 740})  # a telephone shows it without scrolling sideways
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375


def open_all(tab, path):
    """Tables behind charts, and a message beside a field."""
    if path == "/what-if":
        tab.get_by_role("button", name="Tracer deliveries").click()
        field = tab.get_by_label("Activity").first
        field.fill("2 GBq")
        expect(tab.locator("#changes li")).to_have_count(1)
        expect(field).not_to_have_attribute("aria-invalid", "true")
        field.fill("2 Gy")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile("activity is due, such as '25 MBq'"))
    tab.locator("figure summary:visible").first.click()
    expect(tab.locator("figure tbody tr:visible").first).to_be_visible()


def serious(tab):
    """What axe finds that keeps somebody from using the page."""
    found = Axe().run(tab).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found if one["impact"] in SERIOUS for node in one["nodes"]]


def test_the_keyboard_alone_completes_a_what_if(tab, address):
    opened(tab, address, "/what-if?times=0")
    walk(tab, "Skip to the content")
    walk(tab, "Count (people)")
    tab.keyboard.press("Control+A")
    tab.keyboard.type("2")
    expect(tab.locator("#changes li")).to_have_text("technologist, count: 3 → 2")
    walk(tab, "Run the what-if")
    tab.keyboard.press("Enter")
    expect(tab.locator('.card[data-kpi="scans_usable"] .difference')).to_be_visible()
    assert serious(tab) == []
    walk(tab, "Usable scans: ")
    expect(tab.get_by_role("tooltip").filter(has_text="Completed scans less")).to_be_visible()


def walk(tab, name):
    """Press Tab until what has this name has the focus, and see that the focus can be seen."""
    for _ in range(150):
        tab.keyboard.press("Tab")
        if tab.evaluate(NAME_OF_FOCUS).startswith(name):
            assert tab.evaluate(IS_SEEN), f"nobody sees that {name!r} has the focus"
            return
    pytest.fail(f"the keyboard does not reach {name!r}")


NAME_OF_FOCUS = """() => {
    const here = document.activeElement;
    const label = here.labels && here.labels[0];
    return (here.getAttribute("aria-label") || (label ? label.textContent : here.textContent) || "").trim();
}"""
IS_SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    const plain = document.activeElement.tagName === "INPUT";
    return plain || style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


def test_the_first_figures_need_no_script_and_give_way_to_the_page_whose_cards_wait_for_no_chart(tab, browser, address):
    order = []
    tab.on("request", lambda request: order.append("chart") if "plotly.min.js" in request.url else None)
    tab.on("response", lambda response: order.append("cards") if is_page(response) else None)
    opened(tab, address, "/what-if?times=0")
    assert order.index("cards") < order.index("chart")
    expect(tab.locator("#first")).to_have_count(0)
    value = tab.locator(".card .value").first.inner_text()
    with browser.new_context(java_script_enabled=False) as plain:
        page = plain.new_page()
        page.goto(f"{address}/what-if")
        expect(page.locator("#first .card")).to_have_count(8)
        assert page.locator("#first .value").first.inner_text().split() == value.split()


def is_page(response):
    """Whether it is the page with its cards."""
    return "_dash-update-component" in response.url and "page.children" in (response.request.post_data or "")
