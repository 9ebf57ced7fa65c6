"""How much a year costs beside bare SimPy.

``python -m benchmarks.engine`` plays 250 working days of the baseline at 48 animals a day with every shipped
mechanism on, from resolved scenario to in-memory log, against `benchmarks.bare_simpy`; alternated in one process,
process time, median of 5. Writing and KPIs are reported apart, and so is a saturated site.
"""

from __future__ import annotations

import gc
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import bare_simpy
from twin.facility.world import World
from twin.scenario.expand import site
from twin.scenario.loading import Resolved, load

ROUNDS = 5
RATES = "[" + ", ".join(["0/h"] * 8 + ["0.75/h"] * 8 + ["0/h"] * 8) + "]"
#: 48 animals on each of 250 working days, and enough people for them.
YEAR = (
    "days=350",
    "staff.technologist.count=6",
    f"studies.metastasis.arrival.hourly.rates={RATES}",
    f"studies.tumour.arrival.hourly.rates={RATES}",
    "hot_lab.deliveries.fluoride.activity=3 GBq",
    "hot_lab.deliveries.fdg.activity=6 GBq",
    "rooms.preparation.places=24",
    "rooms.uptake.places=24",
    "rooms.recovery.places=24",
    "authorisations.sources.F-18.site=30 GBq",
)


def year() -> Resolved:
    """The resolved scenario of the benchmark."""
    more = [f"authorisations.projects.{name}.animals=1000" for name in ("bone_metastasis", "tumour_model")]
    return load("baseline", [*YEAR, *more, "studies.metastasis.authorisation=null", "studies.tumour.authorisation=null"])


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Process time of one call [s], and what it returns."""
    gc.collect()
    before = time.process_time()
    result = work()
    return time.process_time() - before, result


def run(resolved: Resolved) -> World:
    """From the resolved scenario to the log in memory."""
    world = World(site(resolved)).begin().run()
    world.finish()
    return world


def recorded(resolved: Resolved) -> tuple[list[Any], dict[str, int]]:
    """The scripts of a run for bare SimPy."""
    world = World(site(resolved)).begin()
    recorder = bare_simpy.Recorder(world)
    world.run()
    recorder.stop()
    return recorder.scripts(), bare_simpy.capacities(world)


def compare(resolved: Resolved) -> dict[str, Any]:
    """Twin and bare SimPy in turn."""
    scripts, sizes = recorded(resolved)
    steps = bare_simpy.play(scripts, sizes)
    twin, bare = [], []
    for _ in range(ROUNDS):
        seconds, world = timed(lambda: run(resolved))
        twin.append(seconds)
        del world
        bare.append(timed(lambda: bare_simpy.play(scripts, sizes))[0])
    return {
        "ratio": round(statistics.median(t / b for t, b in zip(twin, bare, strict=True)), 3),
        "twin_s": round(statistics.median(twin), 3),
        "bare_simpy_s": round(statistics.median(bare), 3),
        "steps": steps,
        "us_per_step": round(statistics.median(twin) / steps * 1e6, 2),
    }


def main() -> None:
    """Print one JSON object."""
    resolved = year()
    result = compare(resolved)
    result["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
