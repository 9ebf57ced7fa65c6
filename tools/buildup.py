"""Makes the table of buildup factors of ``twin/physics/data`` by Monte Carlo: ``python -m tools.buildup``.

Photons of one energy leave a point a metre before an endless wall and are followed one by one (`twin.physics.slab`):
Compton scattering of bound electrons, coherent scattering, the K lines, no bremsstrahlung. The factor is what H*(10) at
the wall's back is more than that of the photons that did not interact. It is smoothed along the free paths, each value
weighed by its standard error.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import numpy as np

from tools.tables import write
from twin.physics import attenuation, slab
from twin.physics.materials import Material, material
from twin.sources import default_numbers

MATERIALS = ("lead", "tungsten", "iron", "concrete", "water")
EDGES_KEV = {"lead": 88.0045, "tungsten": 69.525}
ENERGIES_KEV = (20, 30, 40, 50, 60, 80, 100, 120, 150, 200, 300, 400, 511, 662, 800, 1000, 1250, 1500, 2000, 3000)
FREE_PATHS = np.array([0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20])
#: Above a K edge its lines pass far more easily than what made them, so that each photon becomes thousands.
PHOTONS, AT_AN_EDGE, SOURCE_M = 1 << 17, 1 << 13, 1.0
#: A figure of which hardly any photon told is known no better than this.
LEAST_ERROR, UNKNOWN = 0.005, 0.5


def energies_kev(name: str) -> list[float]:
    """The nodes, with one on each side of the K edge."""
    edge = EDGES_KEV.get(name)
    both = [edge * (1 - 1e-4), edge * (1 + 1e-4)] if edge else []
    return sorted([*map(float, ENERGIES_KEV), *both])


def factors(of: Material, energy_kev: float) -> np.ndarray:
    """Buildup factor at each of the free paths."""
    per_m = float(attenuation.linear_per_m(of, energy_kev)[0])
    photons = PHOTONS if energy_kev in ENERGIES_KEV else AT_AN_EDGE
    found = slab.passing(of, energy_kev, FREE_PATHS / per_m, distance_m=SOURCE_M, photons=photons)
    known = found.transmission > 0.0
    error = np.where(
        np.isfinite(found.relative_error) & (found.relative_error > 0.0),
        np.maximum(found.relative_error, LEAST_ERROR),
        UNKNOWN,
    )
    logs = np.log(found.transmission[known]) + FREE_PATHS[known]
    return np.exp(_smooth(logs, error[known], known))


def _smooth(logs: np.ndarray, error: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Least squares: a rise that slackens, and a curve for the deep, from nothing at no wall."""
    basis = np.stack([np.log1p(FREE_PATHS), FREE_PATHS, FREE_PATHS**2], axis=1)
    found, *_ = np.linalg.lstsq(basis[known] / error[:, None], logs / error, rcond=None)
    return basis @ found


def rows() -> Iterator[list[str]]:
    for name in MATERIALS:
        of = material(default_numbers(), name)
        for energy_kev in energies_kev(name):
            began = time.monotonic()
            for paths, factor in zip(FREE_PATHS, factors(of, energy_kev), strict=True):
                yield [name, f"{energy_kev:.6g}", f"{paths:g}", f"{max(1.0, factor):.4g}", "derived", "project; xcom"]
            print(name, energy_kev, f"{time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)


def main() -> None:
    write("buildup.csv", ["material", "energy_kev", "free_paths", "buildup", "kind", "source"], rows())


if __name__ == "__main__":
    main()
