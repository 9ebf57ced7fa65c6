"""One person with Chromium: the first figures, a what-if, and every page of the list."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.dashboard.server import Pages, Server, cpu_s, serving, warm

ROUNDS = 3
PATIENCE_MS = 60_000
#: The page has its heading and, if it has charts, each its drawing.
DRAWN = """() => {
    const page = document.querySelector("#page");
    if (page === null || page.querySelector("h1") === null) return false;
    return [...page.querySelectorAll("figure.figure")].every((chart) => chart.querySelector(".main-svg, svg, canvas"));
}"""


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser
        browser.close()


def one_person() -> dict[str, Any]:
    """Chromium opens the page and clicks, again and again; medians [s]."""
    with serving(2) as server, chromium() as browser:
        warm(server.address)
        rounds = [_round(browser, server.address, number) for number in range(ROUNDS)]
    return {name: round(statistics.median(one[name] for one in rounds), 2) for name in rounds[0]}


def _round(browser: Any, address: str, number: int) -> dict[str, float]:
    """One visit with nothing in the browser's cache, and one what-if in it."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    began = time.monotonic()
    page.goto(f"{address}what-if", wait_until="commit")
    page.wait_for_selector(".card .value")
    card = time.monotonic() - began
    page.wait_for_selector("#states-graph .main-svg")
    graph = time.monotonic() - began
    page.goto(f"{address}what-if?scenario=baseline&seed={100 + number}&staff.technologist.count=2&days=7")
    page.wait_for_selector(".card .value")
    page.wait_for_selector("#states-graph .main-svg")
    page.click("#run")
    clicked = time.monotonic()
    page.wait_for_selector(".card .difference")
    page.wait_for_selector("#states-graph .main-svg")
    figures = time.monotonic() - clicked
    page.wait_for_selector("#answer")  # the repetitions of this round are over before the next one begins
    answer = time.monotonic() - clicked
    context.close()
    return {"first_card_s": card, "first_graph_s": graph, "click_to_figures_s": figures, "click_to_answer_s": answer}


def every_page() -> dict[str, Any]:
    """Each page by its link, with an empty cache and again; the slowest of pages and of single requests [s].

    The server has not shown a page before: what its first visitor waits for is in it.
    """
    from dashboard import contents

    opened: dict[str, dict[str, Any]] = {}
    with serving(2) as server, chromium() as browser:
        run = _played(server)
        for page in contents.PAGES:
            link = page.path.lstrip("/") + (f"?run={run}" if page.needs_run else "")
            opened[page.name] = _opened_twice(browser, server, link)
    slowest = {f"page_{which}_s": max(one[which] for one in opened.values()) for which in ("cold", "warm")}
    request_s, request = max(one["slowest"] for one in opened.values())
    return slowest | {"request_s": request_s, "slowest_request": request, "pages": opened}


def _played(server: Server) -> str:
    """A week of the baseline, asked for as a program does."""
    return Pages(server.address).played({}, 2, 7.0)


def _opened_twice(browser: Any, server: Server, link: str) -> dict[str, Any]:
    """A page with an empty cache and again [s]; the slowest request; the server's processor time of both [s]."""
    context = browser.new_context()
    page = context.new_page()
    requests: list[tuple[float, str]] = []
    page.on("requestfinished", lambda request: requests.append((_took(request.timing), _called(request))))
    before = cpu_s(server.pid)
    cold, again = (_opened(page, server.address + link) for _ in range(2))
    used = cpu_s(server.pid) - before
    context.close()
    return {"cold": cold, "warm": again, "server_cpu_s": round(used, 2), "slowest": max(requests)}


def _took(timing: Any) -> float:
    """From what is sent to the last byte that comes [s]; not how long the browser kept it waiting."""
    return round((timing["responseEnd"] - timing["requestStart"]) / 1000.0, 3)


def _called(request: Any) -> str:
    """A request in words: its path, and of a callback what it makes."""
    path: str = request.url.partition("://")[2].partition("/")[2].partition("?")[0]
    return f"/{path} {(request.post_data or '')[11:80]}".strip()


def _opened(page: Any, link: str) -> float:
    """How long a page takes until it is drawn [s]."""
    began = time.monotonic()
    page.goto(link, wait_until="commit")
    page.wait_for_function(DRAWN, timeout=PATIENCE_MS)
    return round(time.monotonic() - began, 2)
