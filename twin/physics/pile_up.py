"""What further hits do to an energy that a block is just measuring: they add to it.

A block that collects light for some time adds up all that comes within. So a photon of the window may leave it at the
upper end, and two weak ones may reach it together. Both follow from the spectrum of what blocks get.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.physics import detection
from twin.physics.countrate import Electronics
from twin.physics.ring import Ring
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
#: Further hits that are followed; an energy that more are added to is lost.
MOST = 3


def electronics(ring: Ring, numbers: Numbers, deposits: Array) -> Electronics:
    """How a ring answers to many hits; `deposits` is what blocks get, by whole keV.

    The energies are blurred as the first layer blurs them.
    """
    hits = deposits * triggering(numbers, deposits)
    clean, whole = _with_further(ring, hits / hits.sum()) if hits.sum() > 0.0 else ((1.0,), (1.0,))
    return Electronics(
        blocks=ring.axial_blocks * ring.transaxial_blocks,
        coincidence_window_s=ring.coincidence_window_s,
        block_dead_time_s=ring.block_dead_time_s,
        integration_s=ring.integration_s,
        multiples=ring.multiples,
        clean=clean,
        whole=whole,
    )


def triggering(numbers: Numbers, deposits: Array) -> Array:
    """Which of the energies a block takes notice of (1 or 0)."""
    return (np.arange(deposits.size) >= numbers.value("imaging.pet.trigger")).astype(np.float64)


def hits_part(numbers: Numbers, deposits: Array) -> float:
    """Hits that a block takes notice of, for each photon or decay that `deposits` is of."""
    return float(deposits @ triggering(numbers, deposits))


def _with_further(ring: Ring, hit: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """By the number of further hits: what was in the window and still is, and all that is in it then; without: 1.

    `hit` is the spectrum of one, the first or a further one.
    """
    low, high = ring.energy_window_kev
    resolution = ring.layers[0].energy_resolution
    energy = _middles(hit.size)
    alone = float(hit @ detection.inside(energy, low, high, resolution))
    clean, whole, added = [1.0], [1.0], np.ones(1, np.float64)
    for _ in range(MOST):
        added = np.convolve(added, hit)
        reach: Array = np.arange(min(added.size, int(high - low)), dtype=np.float64)
        staying = detection.inside(energy[:, None], low, np.maximum(high - reach, low), resolution)
        clean.append(float(hit @ staying @ added[: reach.size]) / alone)
        total = np.convolve(hit, added)
        whole.append(float(total @ detection.inside(_middles(total.size), low, high, resolution)) / alone)
    return tuple(clean), tuple(whole)


def _middles(bins: int) -> Array:
    """Of bins of a keV."""
    return np.arange(bins, dtype=np.float64) + 0.5
