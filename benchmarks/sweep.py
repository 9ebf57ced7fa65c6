"""What a sweep costs beside its runs, and whether it stays light.

``python -m benchmarks.sweep`` prints one JSON object:

- ``overhead_pct``: clock time per run of a sweep in this process, beyond that of simulate in a loop (at most 10);
- ``efficiency_two_workers``: runs a second of two workers over twice those of one, once they are warm (at least 0.85);
- ``dask_over_pool``: clock time of a Dask cluster of two over that of two processes;
- ``memory_growth_mb``: by which the parent grew between 2,000 and 10,000 small runs;
- ``query_10000_runs_s``: to ask 10,000 runs for a figure by an axis (at most 1).

``ratio`` is the worst of measured over allowed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from twin import api
from twin.experiments import batches, executors, sweep
from twin.experiments.executors import Crew, Here, Pool
from twin.experiments.runner import play_all
from twin.experiments.sweep_plan import Plan
from twin.results import sweep_query, sweep_store

ALLOWED = {"overhead_pct": 10.0, "efficiency_two_workers": 0.85, "memory_growth_mb": 20.0, "query_10000_runs_s": 1.0}
SMALL_RUNS, SETTLED, FIGURES = 10_000, 2_000, 100
#: Small runs in a batch.
BATCH = 100

FILE = """\
schema: 1
kind: sweep
name: benchmark
base: baseline
axes:
  technologists: {{path: staff.technologist.count, values: [2, 3]}}
replications: {replications}
"""


def plan_of(folder: Path, runs: int) -> Plan:
    """A sweep of so many weeks of the baseline."""
    path = folder / "benchmark.yaml"
    path.write_text(FILE.format(replications=runs // 2), encoding="utf-8")
    return api.sweep_plan(path)


def timed(work: Callable[[], Any]) -> float:
    """Clock time [s]."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_a_loop(plan: Plan) -> None:
    """What somebody would write without sweeps."""
    for point in range(len(plan.points)):
        scenario = api.load("baseline", plan.sets(point))
        for replication in range(plan.replications):
            _ = api.simulate(scenario, replication=replication).kpis


def overhead_pct(folder: Path, runs: int, rounds: int) -> float:
    """The sweep after the loop, again and again, each time into a new folder and store; the median of the ratios."""
    plan = plan_of(folder, runs)
    in_a_loop(plan)
    ratios = []
    for number in range(rounds):
        alone = timed(lambda: in_a_loop(plan))
        place = folder / f"overhead-{number}"
        swept = timed(lambda place=place: sweep.run(plan, place, Here(), store=place / "store"))  # type: ignore[misc]
        ratios.append(swept / alone)
    return 100.0 * (statistics.median(ratios) - 1.0)


class Ready:
    """A crew whose workers are there and have played each point."""

    def __init__(self, crew: Crew, plan: Plan) -> None:
        self.crew, self.executor = crew, crew.open()
        self.workers = crew.workers
        order = sweep.orders(plan, None)
        each = [(point, point, 0) for point in range(len(plan.points))]
        tasks = [self.executor.submit(batches.play, order(each)) for _ in range(2 * self.workers)]
        for task in tasks:
            task.result()

    def open(self, due_s: float | None = None) -> Executor:  # noqa: ARG002 - they are here whatever is due
        """They are open."""
        return self.executor

    def renew(self) -> None:
        """Nobody dies in a benchmark."""

    def close(self) -> None:
        """Let them go on to the next measurement."""


def played_s(plan: Plan, crew: Crew, folder: Path) -> float:
    """Clock time of a sweep by a crew that is ready [s]."""
    return timed(lambda: sweep.run(plan, folder, crew, store=folder / "store"))


def with_workers(folder: Path, runs: int, rounds: int) -> dict[str, float]:
    """One worker, two, and a cluster of two, by turns."""
    from distributed import LocalCluster

    plan = plan_of(folder, runs)
    one, two = Pool(1), Pool(2)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(folder / "dask")
    ) as made:
        dask = executors.Cluster(made.scheduler_address)
        crews = {"one": Ready(one, plan), "two": Ready(two, plan), "dask": Ready(dask, plan)}
        spent: dict[str, list[float]] = {name: [] for name in crews}
        for number in range(rounds):
            for name, crew in crews.items():
                spent[name].append(played_s(plan, crew, folder / f"{name}-{number}"))
        for crew in (one, two, dask):
            crew.close()
    middle = {name: statistics.median(times) for name, times in spent.items()}
    return {
        "efficiency_two_workers": middle["one"] / (2.0 * middle["two"]),
        "dask_over_pool": middle["dask"] / middle["two"],
        "runs_per_s_two_workers": plan.runs / middle["two"],
    }


def small(batch: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of runs that take no time: what is left is the parent's work."""
    rows = [
        {"run": run, "point": point, "replication": replication, "status": "finished", "error": None,
         "figures": {f"figure_{k}": run + k / FIGURES for k in range(FIGURES)}}
        for run, point, replication in batch["runs"][:BATCH]
    ]  # fmt: skip
    units = {f"figure_{k}": "1" for k in range(FIGURES)}
    return {"rows": rows, "units": units, "seconds": batches.BATCH_S / BATCH * len(rows)}


def light(folder: Path) -> dict[str, float]:
    """Memory of the parent over many runs, and a question to all of them."""
    plan = Plan(
        "small", "", {}, (sweep.sweep_plan.Column("axis", "axis"),), tuple((k,) for k in range(100)), 100, (), {}
    )
    sweep_store.write_plan(folder, plan.as_data())
    held, count = [], 0
    crew = Pool(1)
    from benchmarks.sweep import small as known_small  # a worker does not know the script that began it

    for answer in play_all(sweep.runs_of(plan, range(SMALL_RUNS)), crew, lambda runs: {"runs": runs}, known_small):
        sweep.write(plan, folder, answer)
        count += len(answer["rows"])
        if count >= SETTLED:
            held.append(resident_mb())
    crew.close()
    sweep_store.write_whole_table(folder, SMALL_RUNS)

    def ask() -> None:
        with sweep_query.rows(str(folder)) as rows:
            assert len(rows.groups("figure_7", ["axis"])) == 100

    return {"memory_growth_mb": held[-1] - held[0], "query_10000_runs_s": min(timed(ask) for _ in range(3))}


def resident_mb() -> float:
    """Memory of this process [MB]."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def worst(found: Mapping[str, float]) -> float:
    """Measured over allowed; of the efficiency the other way round."""
    ratios = [found[name] / limit for name, limit in ALLOWED.items() if name != "efficiency_two_workers"]
    return max(*ratios, ALLOWED["efficiency_two_workers"] / found["efficiency_two_workers"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, help="weeks of the baseline in each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is taken")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        found = {"overhead_pct": overhead_pct(folder, words.runs, words.rounds)}
        found |= with_workers(folder, words.runs, words.rounds)
        found |= light(folder / "small")
    print(
        json.dumps(
            {"ratio": round(worst(found), 3)} | {name: round(value, 4) for name, value in found.items()}, indent=1
        )
    )


if __name__ == "__main__":
    main()
