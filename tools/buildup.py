"""Makes the table of buildup factors of ``twin/physics/data`` by Monte Carlo: ``python -m tools.buildup``.

Photons of one energy fall at right angles on a wall that is wide in every direction. The factor is the air kerma behind
it, divided by that of the photons that did not interact. Compton scattering is that of free electrons, coherent
scattering is left out (in the factor as in the exponential), the K lines of the heaviest element are emitted,
bremsstrahlung is not.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tools.slab_kernels import at, crossings
from twin.physics import attenuation, dose_rate
from twin.physics.materials import Material, atomic_numbers, material
from twin.sources import default_numbers, grid

FILE = Path(__file__).resolve().parents[1] / "twin" / "physics" / "data" / "buildup.csv"
MATERIALS = ("lead", "tungsten", "iron", "concrete", "water")
EDGES_KEV = {"lead": 88.0045, "tungsten": 69.525}
ENERGIES_KEV = (20, 30, 40, 50, 60, 80, 100, 120, 150, 200, 300, 400, 511, 662, 800, 1000, 1250, 1500, 2000, 3000)
FREE_PATHS = np.array([0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15])
HISTORIES, SEED = 30_000, 1


def energies_kev(name: str) -> list[float]:
    """The nodes, with one on each side of the K edge."""
    edge = EDGES_KEV.get(name)
    both = [edge * (1 - 1e-4), edge * (1 + 1e-4)] if edge else []
    return sorted([*map(float, ENERGIES_KEV), *both])


def tables(of: Material) -> tuple[np.ndarray, ...]:
    """What the kernel needs to know of a material, on a fine grid of energies."""
    logs = np.linspace(np.log(10.0), np.log(3000.0), 6000)
    energies = np.exp(logs)
    found = attenuation.coefficients(of, energies)
    heaviest = max((symbol for symbol, part in of.parts_by_mass if part > 0.02), key=lambda s: atomic_numbers()[s])
    lines = grid("k_lines")
    rows = [row for row, element in enumerate(lines["element"]) if element == heaviest]
    line_kev = np.array([lines["energy_kev"][row] for row in rows])
    part = attenuation.k_shell_part(heaviest, energies)
    linear = [of.density_kg_m3 * each for each in (found.incoherent, found.photoelectric, found.pair)]
    dose = dose_rate.per_fluence("air_kerma", energies)
    return logs, *linear, dose, part, line_kev, np.cumsum([lines["per_k_hole"][row] for row in rows])


def factors(known: tuple[np.ndarray, ...], energy_kev: float) -> np.ndarray:
    """Buildup factor at each of the free paths."""
    logs, compton, photo, pair, dose, *_ = known
    per_m = sum(at(logs, values, energy_kev) for values in (compton, photo, pair))
    score = crossings(HISTORIES, SEED, energy_kev, FREE_PATHS / per_m, *known)
    return np.asarray(score / HISTORIES / at(logs, dose, energy_kev) * np.exp(FREE_PATHS))


def rows() -> Iterator[list[str]]:
    for name in MATERIALS:
        known = tables(material(default_numbers(), name))
        for energy_kev in energies_kev(name):
            began = time.monotonic()
            for paths, factor in zip(FREE_PATHS, factors(known, energy_kev), strict=True):
                yield [name, f"{energy_kev:.6g}", f"{paths:g}", f"{max(1.0, factor):.4g}", "derived", "project; xcom"]
            print(name, energy_kev, f"{time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)


def main() -> None:
    with FILE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["material", "energy_kev", "free_paths", "buildup", "kind", "source"])
        writer.writerows(rows())


if __name__ == "__main__":
    main()
