"""Many at once by HTTP alone: ten who click, fifty users who queue, and runs one after the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.dashboard.server import PROXIED, Pages, RefusedError, memory_mb, serving

CLIENTS = 10
QUEUERS = 50
#: So many repetitions each of those who queue asks for, and how often their pages look [s].
TIMES, PAGE_LOOKS_S = 2, 0.3
RUNS = 200
#: After these seconds no more runs are played for the memory [s].
MEMORY_S = 100.0
#: From here on the memory is watched: caches are full then.
SETTLED = 20


def ten_at_once() -> dict[str, Any]:
    """Each client has a patch of its own, all click at the same moment; the runs that do not say what was asked for."""
    from twin import api

    asked = [{"staff.technologist.count": str(1 + number % 5)} for number in range(CLIENTS)]
    with serving(2) as server:
        together = threading.Barrier(CLIENTS)

        def client(number: int) -> str:
            pages = Pages(server.address)
            together.wait()
            return pages.played(asked[number], 300 + number, 7.0)

        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            runs = list(pool.map(client, range(CLIENTS)))
        seconds = time.monotonic() - began
        expected = [_expected(api, changes, 300 + number) for number, changes in enumerate(asked)]
        strange = [number for number, run in enumerate(runs) if api.kpis(server.store / run) != expected[number]]
    return {"clients": CLIENTS, "seconds": round(seconds, 1), "different_runs": len(set(runs)), "strange": strange}


def _expected(api: Any, changes: Mapping[str, str], seed: int) -> Any:
    """The figures of a patch, played here."""
    sets = [f"{path}={value}" for path, value in changes.items()]
    return api.simulate(api.load("baseline", sets, seed=seed)).kpis


def many_queue() -> dict[str, Any]:
    """Fifty users, each logged in, ask at the same moment for a what-if with repetitions; who got no answer of theirs.

    That is three jobs each. `waited_s` is how long the last of them waited, `request_p95_s` what nineteen in twenty
    requests took at most while all pages looked at their jobs.
    """
    with serving(2, *PROXIED) as server:
        known = Pages(server.address, "first").callbacks
        together = threading.Barrier(QUEUERS)

        def client(number: int) -> tuple[str, float, list[float]]:
            pages = Pages(server.address, f"user-{number}", known)
            together.wait()
            began = time.monotonic()
            try:
                jobs = pages.asked_for({"staff.technologist.count": "2"}, 5000 + number, 1.0, TIMES)
            except RefusedError:
                return "refused", 0.0, pages.took_s
            shown = pages.watched(jobs, PAGE_LOOKS_S)
            return shown["run"], time.monotonic() - began, pages.took_s

        with ThreadPoolExecutor(QUEUERS) as pool:
            found = list(pool.map(client, range(QUEUERS)))
    runs = [run for run, _, _ in found if run != "refused"]
    took = sorted(one for _, _, all_of_one in found for one in all_of_one)
    return {
        "users": QUEUERS, "refused": QUEUERS - len(runs), "lost": len(runs) - len(set(runs)),
        "waited_s": round(max(waited for _, waited, _ in found), 1), "requests": len(took),
        "request_p95_s": round(took[int(0.95 * len(took))], 3), "request_most_s": round(took[-1], 3),
    }  # fmt: skip


def many_runs(count: int, seconds: float) -> dict[str, Any]:
    """Memory of the server and its workers [MB] after some runs and after many, each opened by a page.

    None of it is judged if there was no time for twice as many runs as fill the caches.
    """
    done, until = 0, time.monotonic() + seconds
    with serving(2) as server:
        pages = Pages(server.address)
        while done < count and time.monotonic() < until:
            pages.played({"staff.technologist.count": str(1 + done % 5)}, 1000 + done, 7.0)
            done += 1
            if done == min(SETTLED, count):
                settled = memory_mb(server.pid)
        after = memory_mb(server.pid)
    if done < 2 * SETTLED:
        return {"runs": done, "mb": after, "memory_growth": None}
    return {"runs": done, "mb": after, "mb_settled": settled, "memory_growth": round(after / settled, 3)}
