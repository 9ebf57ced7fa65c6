"""Pictures of the dashboard's pages: ``python -m tools.screenshots [FOLDER [PAGE ...]]``, FOLDER is ``screenshots``.

It starts a dashboard with a store of its own, plays a what-if in Chromium, and takes each page wide, narrow, dark, and
as it is printed: a PDF of A4, and a picture of the same in the width of the paper.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard import contents

#: A what-if to look at, as an address carries it.
CHANGES = "?staff.technologist.count=2&scanners.pet.hotel=2"
LOOKS = {"wide": (1440, "light"), "dark": (1440, "dark"), "phone": (375, "light"), "print": (688, "dark")}
PATIENCE_MS = 120_000
#: Every chart has its sentence and its drawing, and the form, where there is one, its fields.
DRAWN = """() => {
    const charts = [...document.querySelectorAll("figure.figure")].filter(chart => chart.offsetParent);
    const form = document.querySelector("#form");
    return document.querySelector("#page h1") !== null
        && charts.every(chart => chart.querySelector("figcaption").textContent.trim())
        && charts.every(chart => chart.querySelector(".main-svg, .parcoords, canvas"))
        && !document.querySelector("#page [class*='dash-spinner']")
        && (!form || form.querySelector(".mantine-NumberInput-root") !== null);
}"""


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    words.add_argument("folder", nargs="?", type=Path, default=Path("screenshots"))
    words.add_argument("pages", nargs="*", help=", ".join(page.name for page in contents.PAGES))
    asked = words.parse_args()
    folder, only = asked.folder, set(asked.pages)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as store, served(store) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        states = played(browser, address)
        for page in contents.PAGES:
            for look in LOOKS if not only or page.name in only else ():
                taken(browser, look, f"{address}{page.path}{of(page, states)}", folder / f"{page.name}-{look}.png")
        browser.close()
    print(*sorted(folder.glob("*.png")), sep="\n")


def of(page: contents.Page, states: dict[str, str]) -> str:
    """What the address of a page says: a state of its own, the run if it shows one, or nothing."""
    return states.get(page.name, states["run"] if page.needs_run else "")


@contextmanager
def served(store: str) -> Iterator[str]:
    """A dashboard; its address."""
    command = [sys.executable, "-m", "twin", "dashboard", "--no-browser", "--port", "0", "--store", store]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip().rstrip("/")
        finally:
            server.terminate()


def played(browser: Browser, address: str) -> dict[str, str]:
    """Run the what-if; what the addresses of its result and of the pages of its run say."""
    page = opened(browser, "wide")
    page.goto(f"{address}/what-if{CHANGES}")
    page.wait_for_selector("#form .mantine-NumberInput-root")
    page.get_by_role("button", name="Run the what-if").click()
    page.wait_for_selector(".difference")
    page.wait_for_url("**against=**")
    result = page.evaluate("window.location.search")
    run = page.get_by_role("link", name="Day").first.get_attribute("href")
    page.goto(f"{address}/compare")
    compared = page.get_by_role("link", name=", with ").first.get_attribute("href")
    page.goto(f"{address}/sweeps")
    page.get_by_label("Repetitions").fill("3")
    page.get_by_role("button", name="Start the sweep").click()
    page.wait_for_url("**folder=**")
    swept = page.evaluate("window.location.search")
    page.close()
    states = {"what_if": result, "run": f"?{str(run).partition('?')[2]}&day=1", "sweeps": swept}
    return states | {"compare": f"?{str(compared).partition('?')[2]}"}


def opened(browser: Browser, look: str) -> Page:
    """A page of a width and a colour scheme."""
    width, scheme = LOOKS[look]
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(PATIENCE_MS)
    return page


def taken(browser: Browser, look: str, address: str, file: Path) -> None:
    """A picture of the whole page once it is drawn."""
    page = opened(browser, look)
    page.goto(address)
    page.wait_for_function(DRAWN)
    page.wait_for_load_state("networkidle")
    if look == "print":
        page.pdf(path=file.with_suffix(".pdf"), prefer_css_page_size=True)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.screenshot(path=file, full_page=True)
    page.close()


if __name__ == "__main__":
    main()
