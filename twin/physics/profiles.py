r"""What a line-spread function says: how wide it is, and what an image as sharp as that keeps of a small target.

The function :math:`f(x)` is the image of a point, seen along one axis, by bins; it is taken to be the same along all.
So all that a sphere or a rod keeps is an integral of it, and no shape is assumed of it. Of a sphere of diameter d and a
long rod of radius a:

.. math:: 2\int_0^d f(s)\left[1 - \tfrac{3s}{d} + \tfrac{2s^3}{d^3}\right] ds, \qquad
    1 + 2\int_a^\infty f'(x)\sqrt{x^2 - a^2}\,dx

The first is what of the sphere's activity is seen inside its own edge: of pairs of its points at the distance s there
are :math:`1 - \tfrac32 x + \tfrac12 x^3` of those without an edge, :math:`x = s/d`, and a point is seen at a distance
s with the density :math:`-f'(s)/(2\pi s)`. The second is what the middle of the rod shows. The image of a thin line
that runs along the third axis is sharper than :math:`f` unless all is Gaussian (Abel's transform, turned about):

.. math:: h(\rho) = -\frac1\pi \int_\rho^\infty \frac{f'(x)}{\sqrt{x^2 - \rho^2}}\,dx
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
#: Full width at half maximum of a Gaussian, in its standard deviations.
FWHM = 2.0 * math.sqrt(2.0 * math.log(2.0))
#: What lies further out than all but this part is left out.
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Profile:
    """A line-spread function that is the same on both sides.

    Attributes
    ----------
    bin_m : float
        Width of a bin.
    parts : tuple of float
        What lies in each bin on both sides together, from the one in the middle outwards; together 1.
    """

    bin_m: float
    parts: tuple[float, ...]

    def mean_recovery(self, diameter_m: float) -> float:
        """Part of a sphere's activity that is seen inside its own edge."""
        s = np.minimum(self._edges_m, diameter_m)
        inside = s - 1.5 * s**2 / diameter_m + 0.5 * s**4 / diameter_m**3
        return max(0.0, float(self._densities @ np.diff(inside)))

    def rod_recovery(self, diameter_m: float) -> float:
        """Part of a long rod's concentration that its middle shows."""
        x, radius = self._middles, diameter_m / (2.0 * self.bin_m)
        past = np.maximum(x / radius, 1.0)
        beyond = 0.5 * radius**2 * (past * np.sqrt(past**2 - 1.0) - np.arccosh(past))
        return min(1.0, max(0.0, 1.0 + self.bin_m * float(self._slopes @ np.diff(beyond))))

    def spill_over(self, diameter_m: float) -> float:
        """Part of the surroundings' concentration that the middle of a cold rod shows; scatter is not in it."""
        return 1.0 - self.rod_recovery(diameter_m)

    def line_source_m(self, level: float = 0.5) -> float:
        """Full width of the image of a thin line along the third axis, at a part of its maximum."""
        heights = self._of_a_line
        beyond = int(np.flatnonzero(heights < level * heights[0])[0])
        high, low = heights[beyond - 1], heights[beyond]
        return 2.0 * self.bin_m * float(beyond - 1 + (high - level * heights[0]) / (high - low))

    @property
    def _of_a_line(self) -> Array:
        """Its height by bins from the middle; the line-spread function is a parabola in the first one."""
        x, slopes = self._middles, self._slopes
        middle = 2.0 * slopes[0] + slopes[1:] @ np.log(x[2:] / x[1:-1])
        others = [slopes @ np.diff(np.arccosh(np.maximum(x / n, 1.0))) for n in x[1:-1]]
        return -np.array([middle, *others])

    @property
    def _middles(self) -> Array:
        """Of the bins and of one more, in bins."""
        return np.arange(len(self.parts) + 1, dtype=np.float64)

    @property
    def _slopes(self) -> Array:
        """From the middle of a bin to that of the next, between which the function is straight."""
        return np.diff(np.append(self._densities, 0.0))

    @property
    def _edges_m(self) -> Array:
        return np.asarray(np.append(0.0, self.bin_m * (np.arange(len(self.parts)) + 0.5)))

    @property
    def _densities(self) -> Array:
        """Of both sides together [1/m]."""
        return np.asarray(np.array(self.parts) / np.diff(self._edges_m))


def of(whole: Array, bin_m: float) -> Profile:
    """The profile of bins from one side to the other: about their mean, both sides alike."""
    at = np.arange(whole.size, dtype=np.float64)
    middle = float(whole @ at / whole.sum())
    reach = int(min(middle, whole.size - 1 - middle))
    beside = np.arange(1, reach + 1)
    cumulated = np.append(0.0, np.cumsum(whole / whole.sum()))

    def before(place: Array) -> Array:
        """What lies before a place, in bins; the bin n reaches from n - 1/2 to n + 1/2."""
        return np.asarray(np.interp(place + 0.5, np.arange(cumulated.size), cumulated))

    edges = np.append(0.5, beside + 0.5)
    inside = before(middle + edges) - before(middle - edges)
    parts = np.append(inside[0], np.diff(inside)) / inside[-1]
    kept = int(np.searchsorted(np.cumsum(parts), 1.0 - _LEAST)) + 1
    return Profile(bin_m, tuple(round(float(part), 7) for part in parts[:kept]))


def gaussian(fwhm_m: float, bin_m: float, bins: int) -> Array:
    """Parts by distance, of bins on either side of one that has its middle at no distance."""
    at_m = bin_m * np.arange(-bins, bins + 1)
    weights = np.exp(-0.5 * (at_m / max(fwhm_m / FWHM, 1e-9)) ** 2)
    return np.asarray(weights / weights.sum())


def width_m(whole: Array, bin_m: float, level: float = 0.5) -> float:
    """Full width at a part of the maximum, between bins by a straight line [m]."""
    top = int(whole.argmax())
    least = level * float(whole[top])
    low = int(np.flatnonzero(whole[:top] < least)[-1])
    high = top + int(np.flatnonzero(whole[top:] < least)[0])
    left = low + (least - whole[low]) / (whole[low + 1] - whole[low])
    right = high - (least - whole[high]) / (whole[high - 1] - whole[high])
    return bin_m * float(right - left)
