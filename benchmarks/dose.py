"""What the bookkeeping of dose costs in a year's run.

``python -m benchmarks.dose`` plays the year of `benchmarks.engine` as it is, and with all of dose left out (steps that
expose to nothing, nobody who is near, budgets that bind nobody); alternated in one process, process time, median of 5.
"""

from __future__ import annotations

import json
import statistics
import sys
from contextlib import ExitStack
from dataclasses import replace
from unittest.mock import patch

from benchmarks.engine import ROUNDS, timed, year
from twin.facility.budgets import Budgets
from twin.facility.exposure import Exposure
from twin.facility.foreseen import Foreseen
from twin.facility.nearby import Nearby
from twin.facility.world import World
from twin.scenario.expand import site
from twin.scenario.site import Site

#: What does nothing in a run without dose.
LEFT_OUT = {
    Exposure: "prepare",
    Budgets: "open refusal",
    Nearby: "begin moves injected in_hot_lab stayed attends settle",
}


def play(of: Site) -> World:
    """From the site to the log in memory."""
    world = World(of).begin().run()
    world.finish()
    return world


def bare(of: Site) -> World:
    """The same with nothing of dose in it."""
    with ExitStack() as stack:
        for where, names in LEFT_OUT.items():
            for name in names.split():
                stack.enter_context(patch.object(where, name, lambda *_: None))
        stack.enter_context(patch.object(Foreseen, "session", lambda *_: {}))
        return play(replace(of, dose=replace(of.dose, budgets=())))


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
