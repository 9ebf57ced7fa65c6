"""How quick the dashboard is for one person, and whether ten at once and two hundred runs do it harm.

``python -m benchmarks.dashboard`` starts the real server and drives it: with Chromium as one person, then with ten HTTP
clients at the same moment, then with runs one after the other while it watches the memory. It prints one JSON object;
``ratio`` is the worst of measured over allowed, ``faults`` what was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: What is allowed for one person on a machine like the one in docs/performance.md [s], and for the memory.
AIMS = {
    "first_card_s": 1.5, "first_graph_s": 5.0, "click_to_figures_s": 3.0, "memory_growth": 1.1,
    "page_cold_s": 5.0, "page_warm_s": 1.5, "request_s": 0.5,
}  # fmt: skip
ROUNDS = 5
CLIENTS = 10
QUEUERS = 50
RUNS = 200
#: From here on the memory is watched: caches are full then.
SETTLED = 20
LONG_ENOUGH_S = 300.0
#: Between two looks of an HTTP client at its run [s].
LOOK_EVERY_S = 0.1


@contextmanager
def serving(workers: int) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """A server with a store of its own: its process, its address, the store."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "runs"
        command = [sys.executable, "-m", "twin", "dashboard", "--port", "0", "--no-browser", "--workers", str(workers)]
        command += ["--store", str(store), "--scenarios", folder]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, env=env) as process:
            try:
                assert process.stdout is not None
                yield process, process.stdout.readline().strip(), store
            finally:
                process.terminate()


class Pages:
    """The pages as a program sees them: callbacks by what they listen to.

    Parameters
    ----------
    address : str
        Of the server.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.callbacks = self._asked("_dash-dependencies")

    def call(self, trigger: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the callback that listens to a property answers.

        Parameters
        ----------
        trigger : str
            Such as ``run.n_clicks``.
        values : mapping
            Of inputs and states; what is not named is null.
        """
        found = next(c for c in self.callbacks if trigger in map(_name, c["inputs"]))
        sent = {kind: [one | {"value": values.get(_name(one))} for one in found[kind]] for kind in ("inputs", "state")}
        outputs = [_output(text) for text in re.sub(r"^\.\.|\.\.$", "", found["output"]).split("...")]
        several = found["output"].startswith("..")
        body = {"output": found["output"], "outputs": outputs if several else outputs[0], "changedPropIds": [trigger]}
        answer = self._asked("_dash-update-component", body | sent)
        response: dict[str, Any] = answer.get("response", {})
        return response

    def _asked(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=LONG_ENOUGH_S) as answer:  # noqa: S310
            text = answer.read()
        return json.loads(text) if text else {}

    def played(self, changes: Mapping[str, str], seed: int, days: float) -> str:
        """Click on *Run*, look until it is done; the name of the run folder."""
        values = {
            "run.n_clicks": 1,
            "fields.data": changes,
            "said.data": changes,
            "scenario.value": "baseline",
            "times.value": 0,
        }
        jobs = self.call("run.n_clicks", values | {"seed.value": seed, "days.value": days})["jobs"]["data"]
        waiting, until = threading.Event(), time.monotonic() + LONG_ENOUGH_S
        while time.monotonic() < until:
            seen = self.call("poll.n_intervals", {"poll.n_intervals": 1, "jobs.data": jobs})
            if "compared" in seen:
                shown: Mapping[str, str] = seen["compared"]["data"]
                self.call("compared.data", {"compared.data": shown})
                return shown["run"]
            waiting.wait(LOOK_EVERY_S)
        raise TimeoutError(f"the run with {changes} does not end")


def _name(one: Mapping[str, Any]) -> str:
    return f"{one['id']}.{one['property']}"


def _output(text: str) -> dict[str, str]:
    thing, _, prop = text.rpartition(".")
    return {"id": thing, "property": prop}


def one_person() -> dict[str, Any]:
    """Chromium opens the page and clicks, again and again; medians [s]."""
    from playwright.sync_api import sync_playwright

    with serving(2) as (_, address, _), sync_playwright() as playwright:
        warm(address)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        rounds = [_round(browser, address, number) for number in range(ROUNDS)]
        browser.close()
    return {name: round(statistics.median(one[name] for one in rounds), 2) for name in rounds[0]}


def warm(address: str) -> None:
    """Have both workers play something, so that neither is still waking up."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda seed: Pages(address).played({}, seed, 30.0), (1, 2)))
    Pages(address).played({}, 2, 7.0)


def _round(browser: Any, address: str, number: int) -> dict[str, float]:
    """One visit with nothing in the browser's cache, and one what-if in it."""
    context = browser.new_context()
    page = context.new_page()
    began = time.monotonic()
    page.goto(f"{address}what-if", wait_until="commit")
    page.wait_for_selector(".card .value", timeout=60_000)
    card = time.monotonic() - began
    page.wait_for_selector("#states-graph .main-svg", timeout=60_000)
    graph = time.monotonic() - began
    page.goto(f"{address}what-if?scenario=baseline&seed={100 + number}&staff.technologist.count=2&days=7")
    page.wait_for_selector(".card .value", timeout=60_000)
    page.wait_for_selector("#states-graph .main-svg", timeout=60_000)
    page.click("#run")
    clicked = time.monotonic()
    page.wait_for_selector(".card .difference", timeout=60_000)
    page.wait_for_selector("#states-graph .main-svg", timeout=60_000)
    figures = time.monotonic() - clicked
    context.close()
    return {"first_card_s": card, "first_graph_s": graph, "click_to_figures_s": figures}


#: The page has its heading and, if it has charts, each its drawing.
DRAWN = """() => {
    const page = document.querySelector("#page");
    if (page === null || page.querySelector("h1") === null) return false;
    return [...page.querySelectorAll("figure.figure")].every((chart) => chart.querySelector(".main-svg, svg, canvas"));
}"""


def every_page() -> dict[str, Any]:
    """Chromium opens each page by its link, with an empty cache and again; the slowest, also of single requests [s]."""
    from playwright.sync_api import sync_playwright

    from dashboard import contents

    with serving(2) as (_, address, _), sync_playwright() as playwright:
        warm(address)
        run = Pages(address).played({}, 2, 7.0)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        took: list[float] = []
        links = {
            page.name: page.path.lstrip("/") + (f"?run={run}" if page.needs_run else "") for page in contents.PAGES
        }
        cold, again = {}, {}
        for name, link in links.items():
            context = browser.new_context()
            page = context.new_page()
            cold[name] = _opened(page, address + link)
            page.on("requestfinished", lambda request: took.append(request.timing["responseEnd"] / 1000.0))
            again[name] = _opened(page, address + link)
            context.close()
        browser.close()
    slowest = {"page_cold_s": max(cold.values()), "page_warm_s": max(again.values()), "request_s": max(took)}
    return slowest | {"cold": cold, "warm": again}


def _opened(page: Any, link: str) -> float:
    """How long a page takes until it is drawn [s]."""
    began = time.monotonic()
    page.goto(link, wait_until="commit")
    page.wait_for_function(DRAWN, timeout=60_000)
    return round(time.monotonic() - began, 2)


def fifty_queue() -> dict[str, Any]:
    """Fifty clients ask at the same moment for runs of a day; those that got none."""
    with serving(2) as (_, address, _):
        together = threading.Barrier(QUEUERS)

        def client(number: int) -> str:
            pages = Pages(address)
            together.wait()
            return pages.played({"staff.technologist.count": "2"}, 5000 + number, 1.0)

        with ThreadPoolExecutor(QUEUERS) as pool:
            runs = list(pool.map(client, range(QUEUERS)))
    return {"clients": QUEUERS, "lost": QUEUERS - len(set(runs))}


def ten_at_once() -> dict[str, Any]:
    """Each client has a patch of its own, all click at the same moment; the runs that do not say what was asked for."""
    from twin import api

    asked = [{"staff.technologist.count": str(1 + number % 5)} for number in range(CLIENTS)]
    with serving(2) as (_, address, store):
        together = threading.Barrier(CLIENTS)

        def client(number: int) -> str:
            pages = Pages(address)
            together.wait()
            return pages.played(asked[number], 300 + number, 7.0)

        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            runs = list(pool.map(client, range(CLIENTS)))
        seconds = time.monotonic() - began
        expected = [_expected(api, changes, 300 + number) for number, changes in enumerate(asked)]
        strange = [number for number, run in enumerate(runs) if api.kpis(store / run) != expected[number]]
    return {"clients": CLIENTS, "seconds": round(seconds, 1), "different_runs": len(set(runs)), "strange": strange}


def _expected(api: Any, changes: Mapping[str, str], seed: int) -> Any:
    """The figures of a patch, played here."""
    sets = [f"{path}={value}" for path, value in changes.items()]
    return api.simulate(api.load("baseline", sets, seed=seed)).kpis


def many_runs(count: int) -> dict[str, Any]:
    """Memory of the server and its workers [MB] after some runs and after many, each opened by a page."""
    with serving(2) as (process, address, _):
        pages = Pages(address)
        for number in range(count):
            pages.played({"staff.technologist.count": str(1 + number % 5)}, 1000 + number, 7.0)
            if number + 1 == min(SETTLED, count):
                settled = memory_mb(process.pid)
        after = memory_mb(process.pid)
    return {"runs": count, "mb": after, "mb_settled": settled, "memory_growth": round(after / settled, 3)}


def memory_mb(pid: int) -> float:
    """Memory of a process and of those that it started [MB]."""
    family = {pid, *(child for child, parent in _parents() if parent == pid)}
    return round(sum(_resident_kb(one) for one in family) / 1024, 1)


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue


def _resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:[ \t]*([0-9]+)", status)[0])


def judged(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with its ratio and its faults."""
    measured = {**result["one_person"], **result["every_page"], **result["many_runs"]}
    ratios = {name: measured[name] / aim for name, aim in AIMS.items() if name in measured}
    faults = [f"{name}: {measured[name]} of {AIMS[name]}" for name, ratio in ratios.items() if ratio > 1.0]
    faults += [f"client {number} got another's figures" for number in result["ten_at_once"]["strange"]]
    if result["ten_at_once"]["different_runs"] != CLIENTS:
        faults.append("clients share runs")
    if result["fifty_queue"]["lost"]:
        faults.append(f"{result['fifty_queue']['lost']} runs of a full queue were lost")
    return {"ratio": round(max(ratios.values()), 3), "faults": faults, "aims": AIMS, **result}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs for the memory (default {RUNS})")
    runs = parser.parse_args().runs
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "one_person": one_person, "every_page": every_page, "ten_at_once": ten_at_once, "fifty_queue": fifty_queue,
        "many_runs": lambda: many_runs(runs),
    }  # fmt: skip
    json.dump(judged({name: part() for name, part in parts.items()}), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
