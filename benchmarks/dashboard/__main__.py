"""The parts one after the other, in bounded time, and one JSON object of them all."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import benchmarks.dashboard as about
from benchmarks.dashboard import browser, clients

#: What is allowed for one person on a machine like the one in docs/performance.md [s], and for the memory.
AIMS = {
    "first_card_s": 1.5, "first_graph_s": 5.0, "click_to_figures_s": 3.0, "memory_growth": 1.1,
    "page_cold_s": 5.0, "page_warm_s": 1.5, "request_s": 0.5,
}  # fmt: skip
PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "one_person": browser.one_person, "every_page": browser.every_page, "ten_at_once": clients.ten_at_once,
    "many_queue": clients.many_queue,
}  # fmt: skip


def measured(parts: Mapping[str, Callable[[], dict[str, Any]]]) -> dict[str, Any]:
    """What each part found, with how long it took."""
    found = {}
    for name, part in parts.items():
        began = time.monotonic()
        tell(f"{name} ...")
        found[name] = part()
        took = time.monotonic() - began
        found[name]["took_s"] = round(took, 1)
        tell(f"{name}: {took:.0f} s")
    return found


def tell(words: str) -> None:
    """How far it is, for who waits."""
    sys.stderr.write(f"benchmarks.dashboard: {words}\n")
    sys.stderr.flush()


def judged(found: Mapping[str, Any]) -> dict[str, Any]:
    """The result with its ratio and its faults."""
    values = {name: value for part in found.values() for name, value in part.items()}
    ratios = {name: values[name] / aim for name, aim in AIMS.items() if values.get(name) is not None}
    faults = [f"{name}: {values[name]} of {AIMS[name]}" for name, ratio in ratios.items() if ratio > 1.0]
    return {"ratio": round(max(ratios.values()), 3), "faults": [*faults, *_wrong(found)], "aims": AIMS, **found}


def _wrong(found: Mapping[str, Any]) -> list[str]:
    """What no number says."""
    ten, many = found.get("ten_at_once", {}), found.get("many_queue", {})
    faults = [f"client {number} got another's figures" for number in ten.get("strange", ())]
    if ten and ten["different_runs"] != ten["clients"]:
        faults.append("clients share runs")
    if many.get("lost") or many.get("refused"):
        faults.append(f"of a full queue {many['lost']} were lost and {many['refused']} refused")
    return faults


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=about.__doc__)
    parser.add_argument("--runs", type=int, default=clients.RUNS, help="runs for the memory (default %(default)s)")
    words = "no more runs for the memory after so many seconds (default %(default)s)"
    parser.add_argument("--seconds", type=float, default=clients.MEMORY_S, help=words)
    parser.add_argument("--part", action="append", choices=[*PARTS, "many_runs"], help="only this; may be repeated")
    said = parser.parse_args()
    parts = {**PARTS, "many_runs": lambda: clients.many_runs(said.runs, said.seconds)}
    chosen = {name: part for name, part in parts.items() if name in (said.part or parts)}
    json.dump(judged(measured(chosen)), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
