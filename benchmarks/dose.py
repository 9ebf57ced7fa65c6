"""What the bookkeeping of dose costs in a year's run.

``python -m benchmarks.dose`` plays the year of `benchmarks.engine` as it is, and with all of dose left out (steps that
expose to nothing, budgets that bind nobody); alternated in one process, process time, median of 5.
"""

from __future__ import annotations

import json
import statistics
import sys
from dataclasses import replace

from benchmarks.engine import ROUNDS, timed, year
from twin.facility.budgets import Budgets
from twin.facility.exposure import Exposure
from twin.facility.world import World
from twin.scenario.expand import site
from twin.scenario.site import Site


def play(of: Site) -> World:
    """From the site to the log in memory."""
    world = World(of).begin().run()
    world.finish()
    return world


def bare(of: Site) -> World:
    """The same with nothing of dose in it."""
    prepare, opened, refusal = Exposure.prepare, Budgets.open, Budgets.refusal
    Exposure.prepare, Budgets.open, Budgets.refusal = (lambda *_: None,) * 3  # type: ignore[method-assign,assignment]
    try:
        return play(replace(of, dose=replace(of.dose, budgets=())))
    finally:
        Exposure.prepare, Budgets.open, Budgets.refusal = prepare, opened, refusal  # type: ignore[method-assign]


def main() -> None:
    """Print one JSON object."""
    of = site(year("baseline"))
    with_dose, without = [], []
    for _ in range(ROUNDS):
        without.append(timed(lambda: bare(of))[0])
        seconds, world = timed(lambda: play(of))
        with_dose.append(seconds)
    share = statistics.median(1.0 - b / w for w, b in zip(with_dose, without, strict=True))
    result = {
        "share_of_run_pct": round(100.0 * share, 1),
        "with_dose_s": round(statistics.median(with_dose), 3),
        "without_s": round(statistics.median(without), 3),
        "people_mSv": {name: round(1e3 * doses[1], 2) for name, doses in world.exposure.ledger.items()},
    }
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
