"""Pictures of the dashboard's pages: ``python -m tools.screenshots [FOLDER]`` writes them into ``screenshots``.

It starts a dashboard with a store of its own, plays a what-if in Chromium, and takes each page wide, narrow and dark.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

#: A what-if to look at, as an address carries it.
CHANGES = "?staff.technologist.count=2&scanners.pet.hotel=2"
LOOKS = {"wide": (1440, "light"), "dark": (1440, "dark"), "phone": (375, "light")}
PATIENCE_MS = 120_000
#: Every chart has its sentence and its drawing, and the form, where there is one, its fields.
DRAWN = """() => {
    const charts = [...document.querySelectorAll("figure.figure")];
    const form = document.querySelector("#form");
    return charts.length > 0
        && charts.every(chart => chart.querySelector("figcaption").textContent.trim())
        && charts.every(chart => chart.querySelector(".barlayer, .heatmaplayer"))
        && (!form || form.querySelector(".mantine-NumberInput-root") !== null);
}"""


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as store, served(store) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        day = played(browser, address)
        for look in LOOKS:
            taken(browser, look, f"{address}/{day[0]}", folder / f"what-if-{look}.png")
            taken(browser, look, f"{address}/day{day[1]}", folder / f"day-{look}.png")
        taken(browser, "wide", f"{address}/day{day[1]}&view=week", folder / "week-wide.png")
        browser.close()
    print(*sorted(folder.glob("*.png")), sep="\n")


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


def played(browser: Browser, address: str) -> tuple[str, str]:
    """Run the what-if; the addresses of its result and of its second day."""
    page = opened(browser, "wide")
    page.goto(f"{address}/{CHANGES}")
    page.wait_for_selector("#form .mantine-NumberInput-root")
    page.get_by_role("button", name="Run the what-if").click()
    page.wait_for_selector(".difference")
    page.wait_for_url("**against=**")
    result = page.evaluate("window.location.search")
    run = page.locator("#link-day").get_attribute("href")
    page.close()
    return result, f"?{str(run).partition('?')[2]}&day=1"


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
    page.screenshot(path=file, full_page=True)
    page.close()


if __name__ == "__main__":
    main()
