r"""How sharp a PET image is, and what that takes from a small target.

Photons are followed from a place into the crystals (`twin.physics.lines_kernels`), and the lines that the ring draws of
them miss that place by so much: width, tilt and depth of crystals and scatter between them, nothing of it fitted. This
spread is blurred further by the positron's way, the angle between the photons (0.0022 of the ring's diameter) and the
source's own width, each a Gaussian, and by filtered backprojection, which interpolates linearly between lines half a
crystal's pitch apart (a triangle as wide at half). The full width at half maximum of all that is the resolution.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.physics import detection, histories, lines_kernels
from twin.physics import ring as rings
from twin.physics.decay import canonical
from twin.physics.emissions import emitted
from twin.physics.histories import Whole
from twin.physics.ring import Ring
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
#: Full width at half maximum of a Gaussian, in its standard deviations.
FWHM = 2.0 * math.sqrt(2.0 * math.log(2.0))
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


def radial_m(
    ring: Ring,
    numbers: Numbers,
    at_m: float = 0.0,
    nuclide: str = "F-18",
    source_m: float = 0.0,
    spread: Array | None = None,
) -> float:
    """Full width at half maximum in radial direction of a source so far from the axis [m]; NaN for monoliths.

    How well a monolith tells where it was hit does not follow from its measures. `spread` is that of `line_spread`,
    if it is known.
    """
    if is_monolithic(ring):
        return math.nan
    gaussian_m = math.hypot(
        numbers.value("imaging.pet.non_collinearity") * ring.diameter_m, positron_blur_m(numbers, nuclide), source_m
    )
    pitch_m = max(layer.pitch_m[0] for layer in ring.layers)
    found = _blurred(line_spread(ring, at_m) if spread is None else spread, gaussian_m)
    return _width_m(_interpolated(found, numbers.value("imaging.pet.sinogram_bin") * pitch_m))


def is_monolithic(ring: Ring) -> bool:
    """Whether a block has no crystals that could be told apart."""
    return any(layer.crystals == (1, 1) for layer in ring.layers)


def _blurred(spread: Array, fwhm_m: float) -> Array:
    """With a Gaussian."""
    at_m = BIN_M * np.arange(-BINS, BINS + 1)
    sigma_m = max(fwhm_m / FWHM, 1e-9)
    weights = np.exp(-0.5 * (at_m / sigma_m) ** 2)
    return np.convolve(spread, weights / weights.sum())


def _interpolated(profile: Array, bin_m: float) -> Array:
    """With the triangle of linear interpolation."""
    at_m = BIN_M * np.arange(-BINS, BINS + 1)
    weights = np.maximum(1.0 - np.abs(at_m) / max(bin_m, 1e-9), 0.0)
    return np.convolve(profile, weights / weights.sum())


def _width_m(profile: Array) -> float:
    """Full width at half maximum, between bins by a straight line."""
    top = int(profile.argmax())
    half = 0.5 * float(profile[top])
    low = int(np.flatnonzero(profile[:top] < half)[-1])
    high = top + int(np.flatnonzero(profile[top:] < half)[0])
    left = low + (half - profile[low]) / (profile[low + 1] - profile[low])
    right = high - (half - profile[high]) / (profile[high - 1] - profile[high])
    return BIN_M * float(right - left)


def positron_blur_m(numbers: Numbers, nuclide: str) -> float:
    """Blur by the way of the positron [m], between the nuclides of the table by mean positron energy."""
    name = canonical(numbers, nuclide)
    known = numbers.subjects("imaging", name)
    if known:
        return numbers.value(f"imaging.{known[0]}.{name}")
    nodes = sorted((_mean_positron_kev(numbers, one), one) for one in _known_blurs(numbers))
    energy_kev = _mean_positron_kev(numbers, name)
    pairs = list(pairwise(nodes))
    (low_kev, first), (high_kev, second) = next((pair for pair in pairs if energy_kev <= pair[1][0]), pairs[-1])
    start_m, end_m = (numbers.value(f"imaging.pet.positron_blur.{one}") for one in (first, second))
    part = math.log(energy_kev / low_kev) / math.log(high_kev / low_kev)
    return float(start_m * (end_m / start_m) ** part)


def _known_blurs(numbers: Numbers) -> list[str]:
    head = "pet.positron_blur."
    return [name.removeprefix(head) for name in numbers.tables["imaging"] if name.startswith(head)]


def _mean_positron_kev(numbers: Numbers, nuclide: str) -> float:
    """Mean energy of the positrons of a nuclide; of one that emits electrons too (64Cu) that of both."""
    spectrum = emitted(numbers, nuclide, "beta+", "beta")
    whole = float(spectrum.per_decay.sum())
    if whole == 0.0:
        raise DataError(f"nuclide {nuclide} emits no positrons")
    return spectrum.energy_kev_per_decay / whole


def peak_recovery(diameter_m: float, fwhm_m: float) -> float:
    r"""Part of a sphere's concentration that its middle shows: :math:`\mathrm{erf}(z) - 2 z e^{-z^2}/\sqrt\pi`.

    With :math:`z = d / (2\sqrt 2\,\sigma)` (Kessler, Ellis, Eden 1984, J Comput Assist Tomogr 8:514, from memory).
    """
    z = _in_widths(diameter_m, fwhm_m)
    return math.erf(z) - 2.0 / math.sqrt(math.pi) * z * math.exp(-z * z)


def rod_recovery(diameter_m: float, fwhm_m: float) -> float:
    r"""The same for a long rod: :math:`1 - e^{-z^2}`."""
    return -math.expm1(-(_in_widths(diameter_m, fwhm_m) ** 2))


@lru_cache(maxsize=1024)
def mean_recovery(diameter_m: float, fwhm_m: float) -> float:
    r"""Part of a sphere's activity that is seen inside its own edge.

    Two points of the sphere at the distance s are seen at each other as a Gaussian says; the number of such pairs is
    :math:`1 - \tfrac32 x + \tfrac12 x^3` of that without an edge, :math:`x = s/d`. Integrated by Gauss's rule.
    """
    sigma_m = fwhm_m / FWHM
    nodes, weights = np.polynomial.legendre.leggauss(64)
    reach_m = min(diameter_m, 8.0 * sigma_m)
    s = 0.5 * reach_m * (nodes + 1.0)
    x = s / diameter_m
    seen = 4.0 * np.pi * s**2 * np.exp(-0.5 * (s / sigma_m) ** 2) / (2.0 * np.pi * sigma_m**2) ** 1.5
    return float(0.5 * reach_m * weights @ (seen * (1.0 - 1.5 * x + 0.5 * x**3)))


def spill_over(diameter_m: float, fwhm_m: float) -> float:
    """Part of the surroundings' concentration that the middle of a cold rod shows; scatter is not in it."""
    return 1.0 - rod_recovery(diameter_m, fwhm_m)


def _in_widths(diameter_m: float, fwhm_m: float) -> float:
    return diameter_m / (2.0 * math.sqrt(2.0) * fwhm_m / FWHM)
