r"""Micro-CT: dose of a scan and noise of its image, from voltage, current, time, filtration and voxel.

The tube's spectrum is that of a thick target (Kramers 1923, doi 10.1080/14786442308565244) behind its filters,

.. math:: N(E) = K Z \left(\frac{E_0}{E} - 1\right) e^{-\sum \mu_i t_i}

for each electron and keV. With m views of N photons that pass the animal for each voxel's width a and slice b, filtered
backprojection leaves (Brooks and Di Chiro 1976, doi 10.1118/1.594240)

.. math:: \sigma_\mu^2 = \frac{\pi^2}{12\, m N a^2}

so that dose goes with :math:`\sigma^{-2} a^{-4}` for cubes. The dose is the mean over an animal turned in the beam:
kerma of water, weakened by :math:`(1 - e^{-x})/x` with x the attenuation over the mean chord of its cylinder. What is
scattered in the animal adds to it and is not modelled (10 to 30 % in a mouse).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.physics.attenuation import LOWEST_KEV, energy_absorption_m2_per_kg, linear_per_m
from twin.physics.materials import material
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
#: CODATA 2018: exact.
ELECTRON_C = 1.602176634e-19
_J_PER_KEV = ELECTRON_C * 1e3
#: Tubes of micro-CT.
LOWEST_KV, HIGHEST_KV = 20.0, 160.0
_HOUNSFIELD = 1000.0
#: Of a circle, over its diameter.
_MEAN_CHORD = math.pi / 4.0
#: Beyond these a slip of a unit is meant: hours of the strongest tube, voxels of a clinical scanner, nothing but lead.
_MOST_EXPOSURE_C, _LARGEST_VOXEL_M, _LEAST_PER_C_M2 = 1e4, 2e-3, 1.0


@dataclass(frozen=True)
class CtScan:
    """Settings of a scan.

    Attributes
    ----------
    exposure_c : float
        Current times time with the beam on [A s]; 1 mAs is 1e-3.
    filters_m : mapping of material to thickness
    source_to_axis_m : float
    voxel_m : float
        Edge of a cube.
    animal_m : float
        Diameter, as water.
    """

    voltage_kv: float
    exposure_c: float
    voxel_m: float
    animal_m: float
    source_to_axis_m: float
    filters_m: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CtResult:
    """What a scan costs and yields.

    Attributes
    ----------
    air_kerma_gy : float
        On the axis without an animal.
    dose_gy : float
        Mean over the animal.
    noise_hu : float
        Standard deviation of a voxel of water.
    mean_kev : float
        Of the photons that reach the animal.
    half_value_m : float
        Aluminium that halves the air kerma.
    """

    air_kerma_gy: float
    dose_gy: float
    noise_hu: float
    mean_kev: float
    half_value_m: float


def spectrum(
    numbers: Numbers, voltage_kv: float, filters_m: Mapping[str, float], distance_m: float
) -> tuple[Array, Array]:
    """Energies [keV] and photons per square metre, keV and coulomb at a distance from the focus."""
    if not LOWEST_KV <= voltage_kv <= HIGHEST_KV:
        raise DataError(f"a tube voltage of {voltage_kv:g} kV: micro-CT has {LOWEST_KV:g} to {HIGHEST_KV:g} kV")
    energy_kev = np.arange(LOWEST_KEV + 0.5, voltage_kv, 1.0)
    radiated = numbers.value("imaging.ct.tube_efficiency") * numbers.value("imaging.ct.target_z")
    per_electron = radiated * (voltage_kv / energy_kev - 1.0)
    fluence = per_electron / ELECTRON_C / (4.0 * math.pi * distance_m**2)
    for name, thickness_m in filters_m.items():
        fluence = fluence * np.exp(-linear_per_m(material(numbers, name), energy_kev) * thickness_m)
    if fluence.sum() < _LEAST_PER_C_M2:
        raise DataError(
            f"nothing passes the filters {', '.join(f'{n} {t * 1e3:.4g} mm' for n, t in filters_m.items())}"
        )
    return energy_kev, fluence


def scanned(numbers: Numbers, scan: CtScan) -> CtResult:
    """Dose and noise of a scan."""
    if problems := list(_mistakes(scan)):
        raise DataError("; ".join(problems))
    energy_kev, per_c = spectrum(numbers, scan.voltage_kv, scan.filters_m, scan.source_to_axis_m)
    fluence = per_c * scan.exposure_c
    mu = linear_per_m(material(numbers, "water"), energy_kev)
    chords = mu * _MEAN_CHORD * scan.animal_m
    return CtResult(
        air_kerma_gy=_kerma_gy("air", energy_kev, fluence),
        dose_gy=_kerma_gy("water", energy_kev, fluence * -np.expm1(-chords) / chords),
        noise_hu=_noise_hu(numbers, energy_kev, fluence * np.exp(-mu * scan.animal_m), scan.voxel_m),
        mean_kev=float(fluence @ energy_kev / fluence.sum()),
        half_value_m=_half_value_m(numbers, energy_kev, fluence),
    )


def _mistakes(scan: CtScan) -> Iterator[str]:
    """What no micro-CT does: mostly a slip of a unit."""
    if min(scan.exposure_c, scan.voxel_m, scan.animal_m, scan.source_to_axis_m) <= 0.0:
        yield "exposure, voxel, animal and distance of a CT scan are above zero"
    if scan.exposure_c > _MOST_EXPOSURE_C:
        yield f"an exposure of {scan.exposure_c * 1e3:.4g} mAs: no tube stands more than {_MOST_EXPOSURE_C * 1e3:g} mAs"
    if scan.voxel_m > _LARGEST_VOXEL_M:
        yield f"a voxel of {scan.voxel_m * 1e3:.4g} mm: micro-CT has at most {_LARGEST_VOXEL_M * 1e3:g} mm"
    if scan.animal_m >= 2.0 * scan.source_to_axis_m:
        size = f"an animal of {scan.animal_m * 1e3:.4g} mm"
        yield f"{size} does not fit between focus and axis ({scan.source_to_axis_m * 1e3:.4g} mm)"


def exposure_for_noise(numbers: Numbers, scan: CtScan, noise_hu: float) -> float:
    """Exposure that gives a noise: it goes with its inverse square [A s]."""
    return scan.exposure_c * (scanned(numbers, scan).noise_hu / noise_hu) ** 2


def _kerma_gy(of: str, energy_kev: Array, fluence: Array) -> float:
    return float(fluence @ (energy_kev * _J_PER_KEV * energy_absorption_m2_per_kg(of)(energy_kev)))


def _noise_hu(numbers: Numbers, energy_kev: Array, passed_per_m2: Array, voxel_m: float) -> float:
    """Of water, from all photons that pass one voxel's face in all views together."""
    counted = float(passed_per_m2.sum()) * voxel_m**2 * numbers.value("imaging.ct.detector_efficiency")
    variance_per_m2 = math.pi**2 / (12.0 * counted * voxel_m**2)
    mu = linear_per_m(material(numbers, "water"), energy_kev)
    return _HOUNSFIELD * math.sqrt(variance_per_m2) / float(passed_per_m2 @ mu / passed_per_m2.sum())


def _half_value_m(numbers: Numbers, energy_kev: Array, fluence: Array) -> float:
    """By halving intervals."""
    mu = linear_per_m(material(numbers, "aluminium"), energy_kev)
    whole, low, high = _kerma_gy("air", energy_kev, fluence), 0.0, 0.1
    for _ in range(40):
        middle = 0.5 * (low + high)
        passed = _kerma_gy("air", energy_kev, fluence * np.exp(-mu * middle))
        low, high = (middle, high) if passed > whole / 2.0 else (low, middle)
    return 0.5 * (low + high)
