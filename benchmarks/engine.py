"""How much a year costs beside bare SimPy.

``python -m benchmarks.engine`` plays 250 working days of the baseline at 48 animals a day with every shipped
mechanism on, from resolved scenario to in-memory log, against `benchmarks.bare_simpy`; alternated in one process,
process time, median of 5. Writing and KPIs are reported apart, and so is a saturated site. ``peak_mb`` is that of a
process which plays the year, computes the figures and writes the run folder (``--apart``), or of this one, if that is
more: it holds the scripts of bare SimPy beside the log. ``python -m benchmarks.engine new_facility`` does the same with
a year of a building for 10,000 animals, and says how many it images.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks import bare_simpy
from twin.facility.world import World
from twin.scenario.expand import site
from twin.scenario.loading import Resolved, load, load_data

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
    "authorisations.projects.bone_metastasis.animals=20000",
    "authorisations.projects.tumour_model.animals=20000",
)


#: A year of 365 days. Limits of dose are reported and bar nobody, or the year would measure who is left at its end.
BUILDING = ("days=365", "dose.limits_bind=false")
YEARS = {"baseline": YEAR, "new_facility": BUILDING}


def year(name: str) -> Resolved:
    """The resolved scenario of the benchmark."""
    return load(name, YEARS[name])


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
    gc.collect()
    gc.freeze()  # or bare SimPy would pay for looking through its scripts again and again
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


def saturated(waiting: int = 10_000) -> dict[str, float]:
    """Cost of a step when so many wait for one person, beside the same steps when nobody waits."""
    seconds = {}
    for name, person in (("saturated", "care"), ("free", None)):
        plan = {"step": "look", "task": "monitoring", "duration": "1 min"} | ({"person": person} if person else {})
        resolved = load_data(_queue_of(waiting, plan))
        seconds[name] = min(timed(lambda resolved=resolved: run(resolved))[0] for _ in range(3))
    per_step = {f"{name}_us_per_step": round(s / waiting * 1e6, 2) for name, s in seconds.items()}
    return per_step | {"saturated_ratio": round(seconds["saturated"] / seconds["free"], 3)}


def _queue_of(waiting: int, plan: dict[str, Any]) -> dict[str, Any]:
    """So many animals at once, for one person who looks at each."""
    return {
        "schema": 1,
        "name": "queue",
        "start": "2026-03-02",
        "days": 8,
        "opening": {"hours": "always"},
        "staff": {"carer": {"role": "animal_technician", "skills": ["care"]}},
        "protocols": {"look": {"plan": [plan]}},
        "studies": {"all": {"protocol": "look", "animals": waiting, "arrival": {"dates": ["2026-03-02 01:00"]}}},
        "policies": {"booking": "walk_in"},
    }


def apart(resolved: Resolved) -> dict[str, float]:
    """What comes after the log: figures and the run folder [s]; and how much was done."""
    from twin import api

    result = api.simulate(resolved)
    figures = timed(lambda: result.kpis)[0]
    with tempfile.TemporaryDirectory() as folder:
        writing = timed(lambda: result.save(out=f"{folder}/run"))[0]
    done = {name: result.kpis[name]["value"] for name in ("animals_imaged", "scans_completed")}
    return {"kpis_s": round(figures, 3), "writing_s": round(writing, 3), "peak_mb": peak_mb()} | done


def peak_mb() -> float:
    """The most memory that this process has had."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def in_a_process_of_its_own(name: str) -> dict[str, float]:
    """What `apart` says there."""
    command = [sys.executable, "-m", "benchmarks.engine", name, "--apart"]
    result: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return result


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", choices=YEARS, default="baseline")
    parser.add_argument("--apart", action="store_true", help="play once; time and memory of figures and run folder")
    asked = parser.parse_args()
    resolved = year(asked.scenario)
    if asked.apart:
        result = apart(resolved)
    else:
        once = saturated() if asked.scenario == "baseline" else {}
        result = compare(resolved) | once | in_a_process_of_its_own(asked.scenario)
        result["peak_mb"] = max(result["peak_mb"], peak_mb())
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
