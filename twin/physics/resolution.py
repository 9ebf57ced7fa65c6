r"""How sharp a PET image is.

Photons are followed from a place into the crystals (`twin.physics.lines_kernels`), and the lines that the ring draws of
them miss that place by so much: width, tilt and depth of crystals and scatter between them, nothing of it fitted. This
spread is blurred further by the positron's way (`twin.physics.positrons`: no Gaussian, but a peak with long tails), the
angle between the photons (0.0022 of the ring's diameter) and the source's own width, both Gaussian, and by filtered
backprojection, which interpolates linearly between lines half a crystal's pitch apart (a triangle as wide at half).
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.physics import detection, histories, lines_kernels, positrons, profiles
from twin.physics import ring as rings
from twin.physics.histories import Whole
from twin.physics.profiles import Profile
from twin.physics.ring import Ring
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
#: Of the spread of lines: width of a bin, and how many.
BIN_M, BINS = 0.1e-3, 240
_PAIRS = 1 << 17


def line_spread(ring: Ring, at_m: float = 0.0) -> Array:
    """By how far the lines of coincidences miss the place of the annihilation, so far from the axis.

    Parts of all lines by bins of `BIN_M`, from the inside outwards; no blur but that of the crystals. The directions
    are those that make the radial profile.
    """
    return _line_spread(replace(ring, block_dead_time_s=0.0, integration_time_s=None, coincidence_window_s=1e-9), at_m)


@lru_cache(maxsize=64)
def _line_spread(ring: Ring, at_m: float) -> Array:
    tables, blocks = rings.prepared(ring)
    accepting, shared = detection.acceptance(ring), ring.energy_sum == "block"
    spread_m, luck = max(layer.pitch_m[0] for layer in ring.layers), histories.address("transport/lines")

    def work(first: int, count: int) -> Whole:
        tally, ends, place = np.zeros(BINS, np.int64), np.zeros((2, 2)), np.zeros(4)
        lines_kernels.lines_chunk(
            tables, blocks, accepting, shared, at_m, spread_m, BIN_M, luck, first, count, np.zeros(7),
            detection.Hits.empty(), ends, place, tally,
        )  # fmt: skip
        return tally

    found = histories.exactly(work, _PAIRS)
    if found.sum() == 0:
        raise DataError(f"scanner {ring.name!r}: of a source {at_m * 1e3:.4g} mm from the axis nothing is detected")
    return np.asarray(found / found.sum())


def blurred(
    ring: Ring,
    numbers: Numbers,
    at_m: float = 0.0,
    nuclide: str = "F-18",
    source_m: float = 0.0,
    spread: Array | None = None,
) -> Array:
    """What the image shows of a source so far from the axis, along the radius: parts by bins of `BIN_M`.

    How well a monolith tells where it was hit does not follow from its measures (`is_monolithic`). `spread` is that of
    `line_spread`, if it is known.
    """
    found = line_spread(ring, at_m) if spread is None else spread
    gaussian_m = math.hypot(numbers.value("imaging.pet.non_collinearity") * ring.diameter_m, source_m)
    pitch_m = max(layer.pitch_m[0] for layer in ring.layers)
    found = np.convolve(found, positrons.line_spread(numbers, nuclide, BIN_M, BINS))
    found = np.convolve(found, profiles.gaussian(gaussian_m, BIN_M, BINS))
    return np.convolve(found, _triangle(numbers.value("imaging.pet.sinogram_bin") * pitch_m))


def radial_m(
    ring: Ring, numbers: Numbers, at_m: float = 0.0, nuclide: str = "F-18", source_m: float = 0.0, level: float = 0.5
) -> float:
    """Full width at half maximum, or at another part of it, in radial direction [m]; NaN for monoliths."""
    if is_monolithic(ring):
        return math.nan
    return profiles.width_m(blurred(ring, numbers, at_m, nuclide, source_m), BIN_M, level)


def profile(
    ring: Ring, numbers: Numbers, at_m: float = 0.0, nuclide: str = "F-18", spread: Array | None = None
) -> Profile | None:
    """The blur of what is so far from the axis, taken to be the same in all directions; None for monoliths."""
    if is_monolithic(ring):
        return None
    return profiles.of(blurred(ring, numbers, at_m, nuclide, spread=spread), BIN_M)


def is_monolithic(ring: Ring) -> bool:
    """Whether a block has no crystals that could be told apart."""
    return any(layer.crystals == (1, 1) for layer in ring.layers)


def _triangle(half_m: float) -> Array:
    """Of linear interpolation between lines so far apart."""
    at_m = BIN_M * np.arange(-BINS, BINS + 1)
    weights = np.maximum(1.0 - np.abs(at_m) / max(half_m, 1e-9), 0.0)
    return np.asarray(weights / weights.sum())
