"""Every page of a run, for everybody: nothing that axe finds serious, nothing wider than a telephone, no error."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dashboard import contents

PAGES = [page.path for page in contents.PAGES if page.needs_run]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_of_a_run_opens_from_its_link_for_everybody(tab, address, scheme):
    tab.emulate_media(color_scheme=scheme)
    for path in PAGES:
        tab.goto(f"{address}{path}?run=by-hand&day=1")
        for sentence in tab.locator("figure figcaption").all():
            expect(sentence).not_to_be_empty()
        expect(tab.locator("h1")).to_have_count(1)
        found = Axe().run(tab).response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == [], path
        tab.set_viewport_size({"width": 375, "height": 740})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 375, path
        tab.set_viewport_size({"width": 1280, "height": 800})
