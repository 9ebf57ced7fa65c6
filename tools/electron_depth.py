"""Makes the table of how deep electrons give their energy in water: ``python -m tools.electron_depth``.

Electrons of one energy leave a plane in all directions, with water on both sides or nothing on one. They lose energy
continuously (`twin.physics.electrons`) and are turned a little at each step, by the mean cosine that elastic scattering
at screened nuclei and electrons gives (Moliere's screening). No straggling, no delta rays that travel, no
bremsstrahlung; positrons count as electrons.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator

import numpy as np

from tools.tables import write
from twin.physics import electrons
from twin.physics.attenuation import ELECTRON_KEV
from twin.sources import default_numbers

ENERGIES_KEV = (20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 4000.0)
#: Edges of depth over range; what is told is the mean between two.
EDGES = np.concatenate(([0.0], np.geomspace(0.002, 0.02, 5), np.arange(0.03, 0.995, 0.02), [1.0]))
BACKINGS = ("water", "none")
HISTORIES, SEED = 80_000, 1
#: A step is this part of the range that is left; below this part of its energy an electron stays where it is.
STEP, LAST = 0.04, 0.02
#: CODATA 2018: classical radius of the electron [m], fine structure, Bohr radius [m], Avogadro over kilogram [1/kg].
RADIUS_M, FINE, BOHR_M, ATOMS_PER_KG_U = 2.8179403e-15, 1.0 / 137.035999, 5.29177211e-11, 6.02214076e26
#: Atoms of water: number in the molecule and Z; mass of the molecule [u].
WATER, WATER_U = ((2, 1), (1, 8)), 18.01528


def turning_m2_per_kg(energy_kev: np.ndarray) -> np.ndarray:
    """By how much the mean cosine falls on a way: the inverse of the first transport mean free path [m2/kg]."""
    tau = energy_kev / ELECTRON_KEV
    momentum = np.sqrt(tau * (tau + 2.0))  # over m c
    beta = momentum / (tau + 1.0)
    found = np.zeros_like(tau)
    for many, z in WATER:
        angle2 = (FINE / momentum / 0.885) ** 2 * z ** (2.0 / 3.0) * (1.13 + 3.76 * (FINE * z / beta) ** 2)
        screen = angle2 / 4.0
        area = 2.0 * math.pi * z * (z + 1) * (RADIUS_M / momentum / beta) ** 2
        found += many * area * (np.log1p(1.0 / screen) - 1.0 / (1.0 + screen))
    return found * ATOMS_PER_KG_U / WATER_U


def depths(energy_kev: float, backing: str) -> np.ndarray:
    """Part of the energy between the edges on one side of the plane, for each unit of depth over range."""
    numbers, luck = default_numbers(), np.random.default_rng(SEED)  # noqa: TID251 - no run of the twin is drawn from it
    nodes_kev = np.append(0.0, np.geomspace(1.0, energy_kev, 2000))
    ranges = electrons.range_kg_per_m2(numbers, nodes_kev)
    whole = float(ranges[-1])
    left = np.full(HISTORIES, whole)
    depth, cosine = np.zeros(HISTORIES), luck.uniform(-1.0, 1.0, HISTORIES)
    if backing == "none":
        cosine = np.abs(cosine)
    energy, tally = np.full(HISTORIES, energy_kev), np.zeros(len(EDGES) - 1)
    while left.size:
        last = energy < LAST * energy_kev
        way = np.where(last, 0.0, STEP * left)
        after = np.where(last, 0.0, np.interp(left - way, ranges, nodes_kev))
        middle = np.abs(depth + cosine * way * luck.uniform(0.0, 1.0, left.size)) / whole
        seen = (depth + cosine * way * 0.5 >= 0.0) if backing == "none" else np.ones(left.size, bool)
        tally += np.histogram(middle[seen], EDGES, weights=(energy - after)[seen])[0]
        depth, left = depth + cosine * way, left - way
        mean = -np.expm1(-way * turning_m2_per_kg(np.maximum(after, 1.0)))
        turned = np.minimum(-mean * np.log(luck.uniform(1e-12, 1.0, left.size)), 2.0)
        cosine = _turned(cosine, 1.0 - turned, luck.uniform(0.0, 2.0 * math.pi, left.size))
        energy = after
        kept = (energy > 0.0) & ((depth >= 0.0) if backing == "none" else True)
        depth, cosine, energy, left = depth[kept], cosine[kept], energy[kept], left[kept]
    return tally / (2.0 * HISTORIES * energy_kev * np.diff(EDGES))


def _turned(cosine: np.ndarray, by: np.ndarray, azimuth: np.ndarray) -> np.ndarray:
    sine = np.sqrt(np.maximum(1.0 - cosine**2, 0.0)) * np.sqrt(np.maximum(1.0 - by**2, 0.0))
    return np.clip(cosine * by + sine * np.cos(azimuth), -1.0, 1.0)


def rows() -> Iterator[list[str]]:
    middles = np.sqrt(np.maximum(EDGES[:-1], 0.001) * EDGES[1:])
    middles[6:] = (EDGES[6:-1] + EDGES[7:]) / 2.0
    for backing in BACKINGS:
        for energy_kev in ENERGIES_KEV:
            for middle, part in zip(middles, depths(energy_kev, backing), strict=True):
                yield [backing, f"{energy_kev:g}", f"{middle:.5g}", f"{part:.4g}", "derived", "project"]
            print(backing, energy_kev, file=sys.stderr, flush=True)


def main() -> None:
    write("electron_depth.csv", ["backing", "energy_kev", "depth", "part", "kind", "source"], rows())


if __name__ == "__main__":
    main()
