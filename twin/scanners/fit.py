r"""Whether animals fit into a bore: each a cylinder, side by side.

.. math:: d = \left(\frac{4 m}{\pi \rho a}\right)^{1/3}

with the density of water and the ratio :math:`a` of length to width of the table ``beds``. The least circle around N
equal circles is the known one up to six, and by their share of its area beyond.
"""

from __future__ import annotations

import math

from twin.sources import Numbers

WATER_KG_PER_M3 = 1000.0
#: Radius of the least circle around so many circles of radius 1.
AROUND = {
    1: 1.0,
    2: 2.0,
    3: 1.0 + 2.0 / math.sqrt(3.0),
    4: 1.0 + math.sqrt(2.0),
    5: 1.0 + 1.0 / math.sin(math.pi / 5.0),
    6: 3.0,
}
#: Share of the area of a circle that more of them fill.
SHARE = 0.75


def width_m(numbers: Numbers, mass_kg: float) -> float:
    """How wide an animal of a mass is [m]."""
    ratio = numbers.value("beds.animal.length_over_width")
    return float((4.0 * mass_kg / (math.pi * WATER_KG_PER_M3 * ratio)) ** (1.0 / 3.0))


def needed_m(numbers: Numbers, mass_kg: float, animals: int) -> float:
    """The least bore for so many animals side by side [m]."""
    return width_m(numbers, mass_kg) * AROUND.get(animals, math.sqrt(animals / SHARE))
