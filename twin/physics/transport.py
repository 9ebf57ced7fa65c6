"""Photons through bodies: what comes out, what stays (issue: photon detection).

Photons only: electrons leave their energy where they are set free. In 25 mm of water this keeps 1 % more energy inside
than with electrons followed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.physics import attenuation, histories, scene, transport_kernels
from twin.physics.histories import Progress, Whole
from twin.physics.materials import Material
from twin.physics.scene import Body, Emitter, Triple

Array: TypeAlias = NDArray[np.float64]
#: Raised when a kernel begins to give other results; part of the key of whatever is kept.
TRANSPORT_VERSION = 1
_HEAD = transport_kernels.HEAD
ISOTROPIC: Triple = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Passage:
    """What became of the photons of a scene.

    Attributes
    ----------
    photons : int
    unscattered : float
        Part that left without any interaction.
    deposit_kev : array
        Mean energy left in each body, per photon.
    relative_error : float
        Standard error of the energy left in all bodies, over that energy.
    backward, forward : array
        Photons that left towards negative and positive z, per photon, by whole keV.
    deposits : array
        Spectrum of the energy that one photon leaves in all bodies together, by whole keV.
    seconds : float
        Process time.
    """

    photons: int
    unscattered: float
    deposit_kev: Array
    relative_error: float
    backward: Array
    forward: Array
    deposits: Array
    seconds: float

    def above(self, energy_kev: float) -> float:
        """Part of the photons that leave with at least so many whole keV; may exceed 1 by pair production."""
        first = math.ceil(energy_kev)
        return float(self.backward[first:].sum() + self.forward[first:].sum())


def passage(
    bodies: Sequence[Body],
    emitters: Sequence[Emitter],
    energy_kev: float,
    precision: float = 0.001,
    *,
    beam: Triple = ISOTROPIC,
    coherent: bool = True,
    fluorescence: bool = True,
    most: int = histories.MOST,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Passage:
    """Follow photons of one energy until the energy left in the bodies is known to a relative standard error."""
    check_energy(energy_kev)
    work = chunks(bodies, emitters, energy_kev, beam=beam, coherent=coherent, fluorescence=fluorescence, seed=seed)
    work(0, 1)  # compiles, which is no time of transport
    began = time.process_time()
    played = histories.play(
        work,
        lambda tally, count: _relative_error(tally, count, len(bodies)),
        precision,
        most=most,
        threads=threads,
        progress=progress,
    )
    return _passage(played.tally, played.histories, len(bodies), time.process_time() - began)


def chunks(
    bodies: Sequence[Body],
    emitters: Sequence[Emitter],
    energy_kev: float,
    *,
    beam: Triple = ISOTROPIC,
    coherent: bool = True,
    fluorescence: bool = True,
    seed: int = 0,
) -> histories.Work:
    """What tallies a chunk of the histories of a scene."""
    tables, placed = scene.prepared(bodies, coherent, fluorescence)
    sources = scene.emitting(emitters, beam)
    luck = histories.address("transport/passage", seed)

    def work(first: int, count: int) -> Whole:
        tally = np.zeros(_HEAD + len(bodies) + 3 * (int(energy_kev) + 1), dtype=np.int64)
        photon, waiting = np.zeros(7), np.zeros((1 + transport_kernels.WAITING, 7))
        lost_kev = transport_kernels.passage_chunk(
            tables, placed, sources, energy_kev, luck, first, count, photon, waiting, tally
        )
        assert lost_kev <= 1e-9, f"a history lost {lost_kev} keV"
        return tally

    return work


@dataclass(frozen=True)
class Broad:
    """What passes a layer that a broad beam hits squarely, per photon that comes.

    Attributes
    ----------
    photons, energy : float
        Number and energy of what leaves on the other side, scattered photons included.
    relative_error : float
        Standard error of `photons`, over it.
    histories : int
    """

    photons: float
    energy: float
    relative_error: float
    histories: int


def broad(
    material: Material,
    energy_kev: float,
    thickness_m: float,
    precision: float = 0.01,
    most: int = 1 << 26,
    seed: int = 0,
    progress: Progress | None = None,
) -> Broad:
    """Broad-beam transmission of an endless layer."""
    check_energy(energy_kev)
    half = thickness_m / 2.0
    layer = Body("box", (scene.ENDLESS_M, scene.ENDLESS_M, half), material)
    work = chunks([layer], [Emitter(centre_m=(0.0, 0.0, -2.0 * half))], energy_kev, beam=(0.0, 0.0, 1.0), seed=seed)

    def relative_error(tally: Whole, count: int) -> float:
        passed = float(_passage(tally, count, 1, 0.0).forward.sum())
        return math.sqrt(max(1.0 - passed, 0.0) / (passed * count)) if passed > 0.0 else math.inf

    played = histories.play(work, relative_error, precision, most=most, progress=progress)
    forward = _passage(played.tally, played.histories, 1, 0.0).forward
    # A photon's whole keV stand for the middle of its bin; unscattered ones have the full energy.
    middles = np.minimum(np.arange(forward.size) + 0.5, energy_kev)
    middles[-1] = energy_kev
    carried = float((forward * middles).sum()) / energy_kev
    return Broad(float(forward.sum()), carried, played.relative_error, played.histories)


def check_energy(energy_kev: float) -> None:
    """Refuse an energy that the tables do not have."""
    if not attenuation.LOWEST_KEV <= energy_kev <= attenuation.HIGHEST_KEV:
        raise DataError(f"photon energy {energy_kev:g} keV: the tables go from 10 keV to 3 MeV")


def narrow(material: Material, energy_kev: float, thickness_m: float) -> float:
    """Part of a narrow beam that passes a layer without any interaction."""
    return math.exp(-float(attenuation.linear_per_m(material, energy_kev)[0]) * thickness_m)


def _relative_error(tally: Whole, count: int, bodies: int) -> float:
    mean_kev = float(tally[_HEAD : _HEAD + bodies].sum()) / transport_kernels.FIXED / count
    square_kev2 = float(tally[transport_kernels.SQUARES]) / transport_kernels.FIXED_ROOT**2 / count
    if mean_kev == 0.0:
        return math.inf
    return math.sqrt(max(square_kev2 - mean_kev**2, 0.0) / count) / mean_kev


def _passage(tally: Whole, count: int, bodies: int, seconds: float) -> Passage:
    backward, forward, deposits = np.split(tally[_HEAD + bodies :] / count, 3)
    return Passage(
        photons=count,
        unscattered=float(tally[transport_kernels.UNSCATTERED]) / count,
        deposit_kev=tally[_HEAD : _HEAD + bodies] / transport_kernels.FIXED / count,
        relative_error=_relative_error(tally, count, bodies),
        backward=backward,
        forward=forward,
        deposits=deposits,
        seconds=seconds,
    )
