"""Makes the table of how far from its nucleus a positron annihilates in water: ``python -m tools.positron_range``.

Positrons of one energy start from a point in all directions. They are turned by elastic scattering at screened nuclei
(Moliere's screening; Mott's correction to its second order) and electrons, once in each step, at a random place of it.
Losses of more than a part of the energy at once are drawn one by one (Rutherford's cross-section), the rest goes
continuously; together they are the stopping power of positrons (Rohrlich and Carlson 1954, doi:10.1103/PhysRev.93.38).
Where they come to rest they annihilate; the one or two in a hundred that do so in flight are taken to go on, too.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import TypeAlias

import numpy as np

from tools.electron_depth import ATOMS_PER_KG_U, FINE, RADIUS_M, WATER, WATER_U
from tools.tables import write
from twin.physics import electrons
from twin.physics.attenuation import ELECTRON_KEV
from twin.sources import default_numbers

ENERGIES_KEV = (10.0, 30.0, 100.0, 300.0, 600.0, 1000.0, 1700.0, 2500.0, 4000.0)
#: Edges of the distance along an axis, over the range of an electron of that energy.
EDGES = np.concatenate((np.linspace(0.0, 0.1, 11), np.linspace(0.125, 1.15, 42)))
HISTORIES, SEED = 40_000, 1
Luck: TypeAlias = np.random.Generator  # noqa: TID251 - no run of the twin is drawn from it
#: A step is this part of the energy that is left; below this part of its energy a positron stays where it is.
STEP, LAST = 0.06, 0.01
#: Losses of more than this part of the energy at once are drawn.
HARD = 0.02
#: CODATA 2018: 2 pi r_e^2 m c^2 N_A with a molar mass constant of 1 g/mol [keV m2 / kg].
BETHE_KEV_M2_PER_KG = 15.35374


def turning_m2_per_kg(energy_kev: np.ndarray) -> np.ndarray:
    """By how much the mean cosine falls on a way: the inverse of the first transport mean free path [m2/kg]."""
    momentum, beta = _motion(energy_kev)
    found = np.zeros_like(energy_kev)
    for many, z in WATER:
        angle2 = (FINE / momentum / 0.885) ** 2 * z ** (2.0 / 3.0) * (1.13 + 3.76 * (FINE * z / beta) ** 2)
        screen = angle2 / 4.0
        area = 2.0 * math.pi * z * (z + 1) * (RADIUS_M / momentum / beta) ** 2
        mott = beta**2 + math.pi * FINE * z * beta
        found += many * area * (np.log1p(1.0 / screen) - 1.0 / (1.0 + screen) - mott)
    return found * ATOMS_PER_KG_U / WATER_U


def _motion(energy_kev: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Momentum over m c, and velocity over c."""
    tau = energy_kev / ELECTRON_KEV
    momentum = np.sqrt(tau * (tau + 2.0))
    return momentum, momentum / (tau + 1.0)


def stopping(energy_kev: np.ndarray) -> np.ndarray:
    """Collision stopping power of water for positrons [keV m2/kg]."""
    numbers = default_numbers()
    excitation_kev, per_nucleon = (
        numbers.value(f"dose.water.{name}") for name in ("mean_excitation", "electrons_per_nucleon")
    )
    tau, (_, beta) = energy_kev / ELECTRON_KEV, _motion(energy_kev)
    series = 23.0 + 14.0 / (tau + 2.0) + 10.0 / (tau + 2.0) ** 2 + 4.0 / (tau + 2.0) ** 3
    bracket = np.log(tau**2 * (tau + 2.0) / 2.0 * (ELECTRON_KEV / excitation_kev) ** 2)
    bracket += 2.0 * math.log(2.0) - beta**2 / 12.0 * series
    return BETHE_KEV_M2_PER_KG * per_nucleon / beta**2 * bracket


def ends_kg_per_m2(energy_kev: float, number: int, luck: Luck) -> np.ndarray:
    """Where so many positrons come to rest, by three coordinates from where they start [kg/m2]."""
    energy, place = np.full(number, energy_kev), np.zeros((number, 3))
    heading = np.array([0.0, 0.0, 1.0]) * np.ones((number, 1))
    heading = _turned(heading, luck.uniform(-1.0, 1.0, number), luck.uniform(0.0, 2.0 * math.pi, number))
    rest = []
    while energy.size:
        lost, hard = _losses_kev(energy, luck)
        middle = np.maximum(energy - lost / 2.0, 0.1)
        way = (STEP * energy) / stopping(middle)
        before = luck.uniform(0.0, 1.0, energy.size) * way
        place += heading * before[:, None]
        mean = -np.expm1(-way * turning_m2_per_kg(middle))
        by = 1.0 - np.minimum(-mean * np.log(luck.uniform(1e-12, 1.0, energy.size)), 2.0)
        heading = _turned(heading, by, luck.uniform(0.0, 2.0 * math.pi, energy.size))
        place += heading * (way - before)[:, None]
        energy = energy - lost - hard
        goes = energy > LAST * energy_kev
        rest.append(place[~goes])
        energy, place, heading = energy[goes], place[goes], heading[goes]
    return np.concatenate(rest)


def _losses_kev(energy: np.ndarray, luck: Luck) -> tuple[np.ndarray, np.ndarray]:
    """What goes continuously in a step, and what goes at once; in the mean they are the part `STEP` of the energy."""
    least = HARD * energy
    _, beta = _motion(energy)
    water = BETHE_KEV_M2_PER_KG * default_numbers().value("dose.water.electrons_per_nucleon")
    strength = water / beta**2 * STEP * energy / stopping(energy)
    mean_hard = strength * np.log(energy / least)
    many = luck.poisson(strength * (1.0 / least - 1.0 / energy))
    hard = np.zeros_like(energy)
    for n in range(int(many.max(initial=0))):
        drawn = 1.0 / (1.0 / least - luck.uniform(0.0, 1.0, energy.size) * (1.0 / least - 1.0 / energy))
        hard += np.where(many > n, drawn, 0.0)
    return np.maximum(STEP * energy - mean_hard, 0.0), np.minimum(hard, energy)


def _turned(heading: np.ndarray, by: np.ndarray, azimuth: np.ndarray) -> np.ndarray:
    """Directions, turned by the angle whose cosine is `by`."""
    aside = np.where(np.abs(heading[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    first = np.cross(heading, aside)
    first /= np.linalg.norm(first, axis=1)[:, None]
    second = np.cross(heading, first)
    sine = np.sqrt(np.maximum(1.0 - by * by, 0.0))
    found = (
        heading * by[:, None] + first * (sine * np.cos(azimuth))[:, None] + second * (sine * np.sin(azimuth))[:, None]
    )
    return found / np.linalg.norm(found, axis=1)[:, None]


def rows() -> Iterator[list[str]]:
    luck = np.random.default_rng(SEED)  # noqa: TID251 - no run of the twin is drawn from it
    numbers = default_numbers()
    for energy_kev in ENERGIES_KEV:
        whole = float(electrons.range_kg_per_m2(numbers, energy_kev))
        aside = np.sort(np.abs(ends_kg_per_m2(energy_kev, HISTORIES, luck)).ravel() / whole)
        parts = np.searchsorted(aside, EDGES, "right") / aside.size
        for edge, part in zip(EDGES, parts, strict=True):
            yield [f"{energy_kev:g}", f"{edge:.4g}", f"{part:.6g}", "derived", "project"]
        print(energy_kev, file=sys.stderr, flush=True)


def main() -> None:
    write("positron_range.csv", ["energy_kev", "depth", "part", "kind", "source"], rows())


if __name__ == "__main__":
    main()
