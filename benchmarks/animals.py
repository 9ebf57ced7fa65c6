"""What the physiology of animals costs: ``python -m benchmarks.animals`` prints one JSON object.

A year of the engine's benchmark is played with the clock's calls to `twin.facility.physiology` and `fates` timed by a
profile of their own, and again as it is: ``ratio`` is their share of the run over the aim of a fifth. Apart from it,
many sessions of different length are evaluated in arrays, as the figures of a run are: ``us_per_animal``.
"""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from benchmarks import engine
from twin.animals import body, handling, session, uptake
from twin.facility import fates, physiology
from twin.sources import default_numbers

ANIMALS, ROUNDS, SHARE = 20_000, 3, 0.2
#: What the clock asks of the bodies: where it is called from.
ASKED = {
    physiology: ("laid", "woken", "waking_s", "sleeping", "dies", "rests", "temperature_degc"),
    fates: ("mass_kg", "ending"),
}


def evaluate(made: session.Session, kinetics: uptake.Kinetics, asleep_s: np.ndarray) -> float:
    """One year of animals; a number that depends on all of it."""
    found = session.outcomes(made, asleep_s)
    held = [kinetics.activity_bq_per_kg(tissue, asleep_s, 10e6) for tissue in ("tumour", "muscle", "blood")]
    return float(sum(values.sum() for values in (*found.values(), *held) if np.isfinite(values).all()))


def in_arrays() -> float:
    """A session of one animal, with its uptake, of many at once [us]."""
    numbers = default_numbers()
    mouse = body.body(numbers, "mouse")
    care = session.care(numbers, mouse, 3600.0, fasted_s=8 * 3600.0)
    made = session.session(numbers, mouse, care)
    bare = uptake.kinetics(numbers, mouse, "FDG")
    kinetics = handling.handled(numbers, bare, handling.of(care, 3600.0))
    asleep_s = np.linspace(900.0, 7200.0, ANIMALS)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        evaluate(made, kinetics, asleep_s)
        times.append(time.perf_counter() - began)
    return 1e6 * min(times) / ANIMALS


def counted(spent: list[float]) -> Callable[[], None]:
    """Let what the clock asks of the bodies note how long it took; returns what undoes it."""
    kept = [(module, name, getattr(module, name)) for module, names in ASKED.items() for name in names]

    def timed(asked: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(asked)
        def call(*args: Any) -> Any:
            began = time.perf_counter()
            try:
                return asked(*args)
            finally:
                spent.append(time.perf_counter() - began)

        return call

    for module, name, asked in kept:
        setattr(module, name, timed(asked))

    def undo() -> None:
        for module, name, asked in kept:
            setattr(module, name, asked)

    return undo


def in_the_clock() -> dict[str, float]:
    """Share of a year's run that the bodies take; what timing itself costs is taken off."""
    resolved = engine.year("baseline")
    shares, calls = [], 0
    for _ in range(ROUNDS):
        spent: list[float] = []
        undo = counted(spent)
        gc.collect()
        began = time.perf_counter()
        engine.run(resolved)
        whole = time.perf_counter() - began
        undo()
        shares.append(sum(spent) / whole)
        calls = len(spent)
    return {"share_of_run": statistics.median(shares), "calls": calls}


def main() -> None:
    """Print one JSON object."""
    told = in_the_clock() | {"us_per_animal": in_arrays()}
    told["ratio"] = told["share_of_run"] / SHARE
    print(json.dumps({name: round(value, 4) for name, value in told.items()}))


if __name__ == "__main__":
    main()
