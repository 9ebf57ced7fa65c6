"""How quick photons are followed: ``python -m benchmarks.transport [--penred PYTHON]`` prints one JSON object.

Process time; the best of five rounds, because the machine is shared. What is measured:

- ``photons_per_s``: 511 keV from the centre of a water cylinder of 25 mm x 70 mm, one thread;
- ``pairs_per_s``: annihilation pairs through the ring of the Inveon, one thread;
- ``thread_speedup``: wall time on one thread over that on two, rounds alternated, the best ratio of five;
- ``seconds_to_half_percent``: until the Inveon's sensitivity is known to 0.5 %;
- ``ratio_to_random``: time of a photon over that of the random numbers it uses;
- ``penred``: the same cylinder in pyPenred, photons only, out of process, with the interpreter that ``--penred`` names.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np

from twin import luck_kernels
from twin.physics import detection, histories, transport, transport_kernels
from twin.physics.materials import material
from twin.physics.scene import Body, Emitter
from twin.scanners import pet_geometry
from twin.sources import default_numbers

ROUNDS = 5
PHOTONS, PAIRS, DRAWS = 1 << 21, 1 << 20, 1 << 22
RADIUS_M, HALF_M = 0.0125, 0.035


def cylinder() -> histories.Work:
    """The water cylinder."""
    water = Body("cylinder", (RADIUS_M, RADIUS_M, HALF_M), material(default_numbers(), "water"))
    return transport.chunks([water], [Emitter()], 511.0)


def inveon() -> histories.Work:
    """The ring, without a body."""
    return detection.chunks(pet_geometry.ring(default_numbers(), "siemens_inveon"), [], [Emitter()])


def best(work: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> float:
    """Least time of a call [s]; the first one, which compiles, does not count."""
    work()
    return min(once(work, clock) for _ in range(ROUNDS))


def once(work: Callable[[], Any], clock: Callable[[], float]) -> float:
    before = clock()
    work()
    return clock() - before


def speedup(work: histories.Work) -> float:
    """One thread and two in turn; the best of the rounds' ratios."""
    histories.exactly(work, histories.CHUNK)
    ratios = []
    for _ in range(ROUNDS):
        one, two = (once(lambda n=n: histories.exactly(work, 4 * PHOTONS, n), time.perf_counter) for n in (1, 2))
        ratios.append(one / two)
    return max(ratios)


@nb.njit  # type: ignore[untyped-decorator]
def random_words(count: int) -> int:
    """Draws as histories make them, and nothing else."""
    result = np.uint64(0)
    for history in range(count):
        word0, word1, word2, word3 = luck_kernels.philox4x32(
            np.uint64(0), np.uint64(1), np.uint64(history), np.uint64(0), np.uint64(2), np.uint64(3)
        )
        result ^= word0 ^ word1 ^ word2 ^ word3
    return result  # type: ignore[return-value]


def measured() -> dict[str, Any]:
    """All figures of ours."""
    water, ring = cylinder(), inveon()
    photon_s = best(lambda: histories.exactly(water, PHOTONS, 1)) / PHOTONS
    draws = histories.exactly(water, PHOTONS, 1)[transport_kernels.DRAWS] / PHOTONS
    draw_s = best(lambda: random_words(DRAWS)) / DRAWS
    numbers = default_numbers()
    pair_s = best(lambda: histories.exactly(ring, PAIRS, 1)) / PAIRS
    found = detection.sensitivity(pet_geometry.ring(numbers, "siemens_inveon"), threads=1)
    return {
        "photons_per_s": round(1.0 / photon_s),
        "pairs_per_s": round(1.0 / pair_s),
        "thread_speedup": round(speedup(water), 3),
        "seconds_to_half_percent": round(found.seconds, 3),
        "draws_per_photon": round(float(draws), 3),
        "ns_per_draw": round(draw_s * 1e9, 2),
        "ratio_to_random": round(photon_s / (draws * draw_s), 2),
    }


PENRED = """
import pathlib, re, sys
import pyPenred, pyPenred.simulation as simulation
simulation.materials.create("water", 1.0, [(1, 0.111894), (8, 0.888106)], "water.mat")
pyPenred.runFromFile("config.in")
log = pathlib.Path("simulation.log").read_text()
print("PER_SECOND", re.findall(r"Histories per second and thread: *([0-9.Ee+]+)", log)[-1])
"""
CONFIG = """
sources/generic/s/nhist {photons}
sources/generic/s/kpar "gamma"
sources/generic/s/direction/type "SOLID_ANGLE"
sources/generic/s/direction/u 0.0
sources/generic/s/direction/v 0.0
sources/generic/s/direction/w 1.0
sources/generic/s/direction/theta0 0.0
sources/generic/s/direction/theta1 180.0
sources/generic/s/direction/phi0 0.0
sources/generic/s/direction/dphi 360.0
sources/generic/s/energy/type "MONOENERGETIC"
sources/generic/s/energy/energy 511.0e3
sources/generic/s/spatial/type "POINT"
sources/generic/s/spatial/position/x 0.0
sources/generic/s/spatial/position/y 0.0
sources/generic/s/spatial/position/z 0.0
tallies/deposit/type "EDEP_MAT"
tallies/deposit/nmat 1
geometry/type "PEN_QUADRIC"
geometry/input-file "cylinder.geo"
geometry/processed-geo-file "report.geo"
materials/water/number 1
materials/water/eabs/electron 1.0e6
materials/water/eabs/positron 1.0e6
materials/water/eabs/gamma 1.0e4
materials/water/C1 0.05
materials/water/C2 0.05
materials/water/WCC 1.0e3
materials/water/WCR 1.0e3
materials/water/filename "water.mat"
simulation/threads 1
simulation/max-time 600
"""
RULE = "0" * 64
GEOMETRY = "\n".join(
    (
        "Water cylinder", "", "", "", RULE,
        "SURFACE (   1)   Plane", "INDICES=( 0, 0, 0, 1, 0)", "Z-SHIFT=(-3.500000000000000E+00,   0)", RULE,
        "SURFACE (   2)   Plane", "INDICES=( 0, 0, 0, 1, 0)", "Z-SHIFT=(+3.500000000000000E+00,   0)", RULE,
        "SURFACE (   3)   Cylinder", "INDICES=( 1, 1, 0, 0,-1)", "X-SCALE=(+1.250000000000000E+00,   0)",
        "Y-SCALE=(+1.250000000000000E+00,   0)", RULE,
        "MODULE  (   1)   Cylinder", "MATERIAL(   1)", "SURFACE (   1), SIDE POINTER=(+1)",
        "SURFACE (   2), SIDE POINTER=(-1)", "SURFACE (   3), SIDE POINTER=(-1)", RULE,
        f"END      {RULE[9:]}", "",
    )
)  # fmt: skip


def penred_per_s(python: str) -> float | None:
    """Photons a second of one thread in pyPenred; None where it cannot be run."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "config.in").write_text(CONFIG.format(photons=float(PHOTONS)).lstrip())
        (here / "cylinder.geo").write_text(GEOMETRY)
        done = subprocess.run([python, "-c", PENRED], cwd=here, capture_output=True, text=True, check=False)
    told = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("PER_SECOND")]
    return float(told[-1]) if told else None


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description="How quick photons are followed.")
    parser.add_argument("--penred", metavar="PYTHON", help="an interpreter that has pyPenred")
    asked = parser.parse_args()
    result = measured()
    if asked.penred:
        theirs = max(filter(None, (penred_per_s(asked.penred) for _ in range(3))), default=None)
        result["penred"] = theirs and round(theirs)
        result["ratio_to_penred"] = theirs and round(result["photons_per_s"] / theirs, 2)
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
