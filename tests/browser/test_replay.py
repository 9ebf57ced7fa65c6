"""The replay by keyboard alone, and for those who want no motion."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

HIGH = re.compile(r"^[3-9]\d{4}$")  # later than 08:20, in seconds of the day


def time_of(plan):
    return int(plan.get_attribute("data-time"))


@pytest.mark.slow
def test_a_day_is_replayed_by_keyboard_and_without_motion(tab, address):
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(f"{address}/replay?run=by-hand&day=1")
    plan = tab.locator(".replay-plan")
    expect(plan).to_be_visible()
    expect(tab.locator("#crowd-caption")).to_contain_text("Tuesday 3 March 2026")
    expect(tab.locator(".replay-said")).to_contain_text("1 scanner scans")  # it opens where the first scan begins
    first = time_of(plan)
    plan.press("ArrowRight")
    assert time_of(plan) == first + 300
    plan.press("End")
    expect(tab.locator(".replay-said")).to_contain_text("0 animals in the rooms")
    plan.press("Home")
    begin = time_of(plan)
    assert begin == int(tab.locator(".replay-time").get_attribute("min"))

    tab.get_by_label("Speed").select_option("1800")
    plan.press(" ")
    expect(tab.get_by_role("button", name="Pause")).to_be_visible()
    expect(plan).to_have_attribute("data-time", HIGH)
    plan.press(" ")
    expect(tab.get_by_role("button", name="Play")).to_be_visible()
    assert (time_of(plan) - begin) % 1800 == 0, "still pictures, half an hour apart"
