r"""How sharp a PET image is, and what that takes from a small target.

The blur of a source at the distance r from the axis adds up in squares (full widths at half maximum):

.. math:: w^2 = (d/2)^2 + b^2 + (0.0022\,D)^2 + s^2 + p^2 + t^2, \qquad
    p = \frac{2.355\,\sigma_z}{\sqrt 2} \frac{r}{\sqrt{r^2 + R^2}}

with the width d of a crystal, b = d/3 where it is told by shared light (Moses 2011), the ring's diameter D, the
positron's s, the source's own width t and the depth in which
crystals detect (standard deviation :math:`\sigma_z` of an exponential that ends with the crystal; two independent
photons average). Filtered backprojection makes it 1.25 times as wide. For crystals of 30 mm p is the 12.5 mm r/R of
Moses (2011), which nothing here was fitted to. Scatter from crystal to crystal is not in it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

from twin.errors import DataError
from twin.physics.attenuation import linear_per_m
from twin.physics.decay import canonical
from twin.physics.emissions import emitted
from twin.physics.ring import Layer, Ring
from twin.sources import Numbers

#: Full width at half maximum of a Gaussian, in its standard deviations.
FWHM = 2.0 * math.sqrt(2.0 * math.log(2.0))
_ANNIHILATION_KEV = 511.0


def radial_m(ring: Ring, numbers: Numbers, at_m: float = 0.0, nuclide: str = "F-18", source_m: float = 0.0) -> float:
    """Full width at half maximum in radial direction of a source so far from the axis [m]; NaN for monoliths.

    How well a monolith tells where it was hit does not follow from its measures.
    """
    if any(layer.crystals == (1, 1) for layer in ring.layers):
        return math.nan
    width_m = max(layer.crystal_m[0] for layer in ring.layers)
    radius_m = ring.diameter_m / 2.0
    oblique = at_m / math.hypot(at_m, radius_m)
    parallax_m = FWHM * max(_depth_spread_m(layer) for layer in ring.layers) / math.sqrt(2.0) * oblique
    blurs_m = (
        width_m / 2.0,
        width_m * numbers.value("imaging.pet.decoding") if ring.energy_sum == "block" else 0.0,
        numbers.value("imaging.pet.non_collinearity") * ring.diameter_m,
        positron_blur_m(numbers, nuclide),
        parallax_m,
        source_m,
    )
    return numbers.value("imaging.pet.reconstruction") * math.hypot(*blurs_m)


def positron_blur_m(numbers: Numbers, nuclide: str) -> float:
    """Blur by the way of the positron [m], between the nuclides of the table by mean positron energy."""
    name = canonical(numbers, nuclide)
    known = numbers.subjects("imaging", name)
    if known:
        return numbers.value(f"imaging.{known[0]}.{name}")
    nodes = sorted((_mean_positron_kev(numbers, one), one) for one in _blurred(numbers))
    energy_kev = _mean_positron_kev(numbers, name)
    pairs = list(pairwise(nodes))
    (low_kev, first), (high_kev, second) = next((pair for pair in pairs if energy_kev <= pair[1][0]), pairs[-1])
    start_m, end_m = (numbers.value(f"imaging.pet.positron_blur.{one}") for one in (first, second))
    part = math.log(energy_kev / low_kev) / math.log(high_kev / low_kev)
    return float(start_m * (end_m / start_m) ** part)


def _blurred(numbers: Numbers) -> list[str]:
    head = "pet.positron_blur."
    return [name.removeprefix(head) for name in numbers.tables["imaging"] if name.startswith(head)]


def _mean_positron_kev(numbers: Numbers, nuclide: str) -> float:
    """Mean energy of the positrons of a nuclide; of one that emits electrons too (64Cu) that of both."""
    spectrum = emitted(numbers, nuclide, "beta+", "beta")
    whole = float(spectrum.per_decay.sum())
    if whole == 0.0:
        raise DataError(f"nuclide {nuclide} emits no positrons")
    return spectrum.energy_kev_per_decay / whole


def _depth_spread_m(layer: Layer) -> float:
    """Standard deviation of the depth of what a layer detects: an exponential cut off at its end."""
    mu, depth_m = float(linear_per_m(layer.material, _ANNIHILATION_KEV)[0]), layer.depth_m
    x = mu * depth_m
    rest = depth_m / math.expm1(x)
    mean_m = 1.0 / mu - rest
    square_m2 = 2.0 / mu**2 - rest * (depth_m + 2.0 / mu)
    return math.sqrt(max(square_m2 - mean_m**2, 0.0))


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
    import numpy as np

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
