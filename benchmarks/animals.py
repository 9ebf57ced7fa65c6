"""What the physiology of an animal costs: ``python -m benchmarks.animals`` prints one JSON object.

Many sessions of different length are evaluated in arrays, as a year of a facility would be: temperature, depth, heart
rate, time in hypothermia, recovery, and FDG in tumour, muscle and blood. The ratio is to the aim of 5 us for each.
"""

from __future__ import annotations

import json
import time

import numpy as np

from twin.animals import body, handling, session, uptake
from twin.sources import default_numbers

ANIMALS, ROUNDS, AIM_US = 20_000, 5, 5.0


def evaluate(made: session.Session, kinetics: uptake.Kinetics, asleep_s: np.ndarray) -> float:
    """One year of animals; a number that depends on all of it."""
    found = session.outcomes(made, asleep_s)
    held = [kinetics.activity_bq_per_kg(tissue, asleep_s, 10e6) for tissue in ("tumour", "muscle", "blood")]
    return float(sum(values.sum() for values in (*found.values(), *held) if np.isfinite(values).all()))


def main() -> None:
    numbers = default_numbers()
    began = time.perf_counter()
    mouse = body.body(numbers, "mouse")
    care = session.care(numbers, mouse, 3600.0, fasted_s=8 * 3600.0)
    made = session.session(numbers, mouse, care)
    bare = uptake.kinetics(numbers, mouse, "FDG")
    kinetics = bare.handled(handling.factors(numbers, bare, handling.of(care, 3600.0)))
    set_up_s = time.perf_counter() - began
    asleep_s = np.linspace(900.0, 7200.0, ANIMALS)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        evaluate(made, kinetics, asleep_s)
        times.append(time.perf_counter() - began)
    each_us = 1e6 * min(times) / ANIMALS
    told = {"animals": ANIMALS, "us_per_animal": each_us, "set_up_s": set_up_s, "ratio": each_us / AIM_US}
    print(json.dumps({name: round(value, 4) for name, value in told.items()}))


if __name__ == "__main__":
    main()
