"""Counts of single-photon scans: rate by nuclide and energy window behind a collimator, for each animal and place.

A photon passes the animal unscattered, then the collimator, and leaves an energy in the crystal that the camera
measures inside the window. What the crystal does is followed photon by photon, K-fluorescence included. Photons that
were scattered in the animal and still lie in the window are not counted, nor are those of higher lines that a window
catches, nor those that come through walls between holes (`View.fog_per_decay`); so a rate is that of a primary image.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.physics import transport
from twin.physics.attenuation import LOWEST_KEV, linear_per_m
from twin.physics.collimators import Camera, Collimator, Triple
from twin.physics.emissions import photons
from twin.physics.materials import Material, material
from twin.physics.profiles import FWHM
from twin.physics.scene import Body, Emitter
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
#: Energy [keV] and photons per decay, by energy.
Lines: TypeAlias = list[tuple[float, float]]
_REFERENCE_KEV = 140.0
#: Beyond it no collimator of the table collimates; below it are X-rays, used where a nuclide has nothing better.
_HIGHEST_KEV, _GAMMAS_KEV, _LEAST_KEV = 700.0, 60.0, 20.0
_PHOTONS = 1 << 17


@dataclass(frozen=True)
class Window:
    """An energy window with what it counts.

    Attributes
    ----------
    per_decay : float
        Photons of its lines per decay.
    detected : float
        Part of those that hit the crystal and are measured inside.
    passed : float
        Part of the photons that pass the holes of the collimator.
    through_walls : float
        Part that comes through the walls between them, and makes no image.
    leaves : float
        Part that leaves the animal unscattered.
    """

    low_kev: float
    high_kev: float
    energy_kev: float
    per_decay: float
    passed: float
    detected: float
    leaves: float
    through_walls: float = 0.0

    @property
    def counts_per_decay(self) -> float:
        """In the window, of the image."""
        return self.per_decay * self.passed * self.detected * self.leaves

    @property
    def fog_per_decay(self) -> float:
        """In the window, beside the image."""
        return self.per_decay * self.through_walls * self.detected * self.leaves


@dataclass(frozen=True)
class View:
    """What a camera sees of a nuclide at a place: its windows, and the blur of the one that counts most."""

    windows: tuple[Window, ...]
    resolution_m: float

    @property
    def counts_per_decay(self) -> float:
        """In all windows, of the image."""
        return sum(window.counts_per_decay for window in self.windows)

    @property
    def fog_per_decay(self) -> float:
        """In all windows, of photons that came through the walls of the collimator."""
        return sum(window.fog_per_decay for window in self.windows)


def view(
    collimator: Collimator,
    numbers: Numbers,
    nuclide: str,
    at_m: Triple = (0.0, 0.0, 0.0),
    body_diameter_m: float = 0.0,
) -> View:
    """What a camera sees of each decay at a place, in air or from the middle of a cylinder.

    Parameters
    ----------
    body_diameter_m : float
        Of the animal, soft tissue, with the source in its middle; 0: in air.

    Raises
    ------
    DataError
        When the nuclide has no line that a camera images.
    """
    tissue = material(numbers, "soft_tissue")
    windows = tuple(
        _window(collimator, group, numbers.value("imaging.spect.window") / 2.0, at_m, tissue, body_diameter_m)
        for group in lines(numbers, nuclide)
    )
    best = max(windows, key=lambda window: window.counts_per_decay)
    return View(windows, collimator.resolution_m(best.energy_kev))


def _window(
    collimator: Collimator, group: Lines, half: float, at_m: Triple, tissue: Material, body_diameter_m: float
) -> Window:
    """The window of some lines, and what it counts of them."""
    low_kev, high_kev = group[0][0] * (1.0 - half), group[-1][0] * (1.0 + half)
    whole = sum(per_decay for _, per_decay in group)

    def mean(value: Callable[[float], float]) -> float:
        return sum(per_decay * value(energy_kev) for energy_kev, per_decay in group) / whole

    return Window(
        low_kev=low_kev,
        high_kev=high_kev,
        energy_kev=mean(lambda energy_kev: energy_kev),
        per_decay=whole,
        passed=mean(lambda energy_kev: collimator.sensitivity(energy_kev, at_m)),
        through_walls=mean(lambda energy_kev: collimator.through_walls(energy_kev, at_m)),
        detected=mean(lambda energy_kev: detected(collimator.camera, energy_kev, low_kev, high_kev)),
        leaves=mean(lambda energy_kev: math.exp(-float(linear_per_m(tissue, energy_kev)[0]) * body_diameter_m / 2.0)),
    )


def lines(numbers: Numbers, nuclide: str) -> list[Lines]:
    """Energy and photons per decay of the lines of each window of a nuclide; windows that overlap are one."""
    half, least = numbers.value("imaging.spect.window") / 2.0, numbers.value("imaging.spect.least_yield")
    spectrum = photons(numbers, nuclide, LOWEST_KEV)
    together = sorted(zip(spectrum.energy_kev.tolist(), spectrum.per_decay.tolist(), strict=True))
    for lowest_kev in (_GAMMAS_KEV, _LEAST_KEV):
        groups: list[Lines] = []
        for line in together:
            if not lowest_kev <= line[0] <= _HIGHEST_KEV:
                continue
            if groups and line[0] * (1.0 - half) < groups[-1][-1][0] * (1.0 + half):
                groups[-1].append(line)
            else:
                groups.append([line])
        kept = [strong for group in groups if (strong := _strong(group, least))]
        if kept:
            return kept
    raise DataError(f"nuclide {nuclide} has no line below {_HIGHEST_KEV:g} keV that a camera images")


def _strong(group: Lines, least: float) -> Lines:
    """The lines of a group that are worth a window; weak ones of a strong neighbour make it no wider."""
    strongest = max(per_decay for _, per_decay in group)
    if sum(per_decay for _, per_decay in group) < least:
        return []
    return [line for line in group if line[1] >= _WEAK * strongest]


#: Of the strongest line of a window.
_WEAK = 0.05


def detected(camera: Camera, energy_kev: float, low_kev: float, high_kev: float) -> float:
    """Part of the photons that hit a crystal squarely and are measured inside the window."""
    deposits = _deposits(camera.crystal, camera.crystal_depth_m, energy_kev)
    middles_kev = np.minimum(np.arange(deposits.size) + 0.5, energy_kev)
    sigma_kev = np.maximum(camera.energy_resolution * np.sqrt(_REFERENCE_KEV * middles_kev) / FWHM, 1e-9)
    inside = _normal((high_kev - middles_kev) / sigma_kev) - _normal((low_kev - middles_kev) / sigma_kev)
    return float(deposits[1:] @ inside[1:])


@lru_cache(maxsize=256)
def _deposits(crystal: Material, depth_m: float, energy_kev: float) -> Array:
    """Spectrum of what photons leave in a wide crystal, by whole keV."""
    slab = Body("box", (0.1, 0.1, depth_m / 2.0), crystal)
    source = Emitter(centre_m=(0.0, 0.0, -depth_m))
    return transport.passage([slab], [source], energy_kev, 0.9, beam=(0.0, 0.0, 1.0), most=_PHOTONS).deposits


def _normal(x: Array) -> Array:
    from scipy.special import ndtr

    return np.asarray(ndtr(x))
