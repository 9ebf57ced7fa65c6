"""Compiled: what happens to a photon where it interacts. Energies in keV, angles as cosines.

Random numbers are 32-bit words of Philox, four at a time; a word stands for the number in the middle of its interval,
so that neither 0 nor 1 occurs.
"""

import math

import numpy as np

from twin.luck_kernels import philox4x32
from twin.physics.compile_kernels import inlined

ELECTRON_KEV = 510.99895
#: h c [keV angstrom]: momentum transfer = E sin(theta / 2) / (h c).
HC_KEV_ANGSTROM = 12.398419843
#: Photons below this energy are absorbed where they are.
LEAST_KEV = 10.0

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@inlined
def unit(word):
    """A 32-bit word as a number in the open interval (0, 1)."""
    return (np.int64(word) + 0.5) * 2.0**-32


@inlined
def draw(luck, history, index):
    """Four words: the `index`-th draw of a history; `luck` is (purpose, low key, high key)."""
    return philox4x32(
        np.uint64(index), luck[0], np.uint64(history) & _LOW, np.uint64(history) >> _HALF, luck[1], luck[2]
    )


@inlined
def place(value, bits, lowest):
    """Bin of a positive number, and the position inside: the first `bits` of its fraction, from 2^lowest on."""
    pattern = np.float64(value).view(np.int64)
    rest = np.int64(52 - bits)
    inside = pattern & ((np.int64(1) << rest) - np.int64(1))
    return (pattern >> rest) - (np.int64(1023 + lowest) << np.int64(bits)), inside * (1.0 / (1 << (52 - bits)))


@inlined
def energy_place(energy_kev):
    """Bin and position in tables by energy."""
    return place(energy_kev, 8, 3)


@inlined
def isotropic(luck, history, index):
    """A direction, uniform on the sphere, and the number of the next draw with its two unused words.

    Marsaglia (1972), Ann. Math. Stat. 43, 645, doi 10.1214/aoms/1177692644.
    """
    while True:
        word0, word1, word2, word3 = draw(luck, history, index)
        index += 1
        a, b = 2.0 * unit(word0) - 1.0, 2.0 * unit(word1) - 1.0
        s = a * a + b * b
        if s < 1.0:
            root = 2.0 * math.sqrt(1.0 - s)
            return a * root, b * root, 1.0 - 2.0 * s, index, word2, word3


@inlined
def turned(u, v, w, cosine, azimuth):
    """A direction after a deflection by an angle and around by another (as a part of the full turn)."""
    sine = math.sqrt(max(0.0, 1.0 - cosine * cosine))
    around = 2.0 * math.pi * azimuth
    a, b = sine * math.cos(around), sine * math.sin(around)
    across2 = u * u + v * v
    if across2 < 1e-12:
        return a, b, math.copysign(1.0, w) * cosine
    across = math.sqrt(across2)
    x = u * cosine + (u * w * a - v * b) / across
    y = v * cosine + (v * w * a + u * b) / across
    z = w * cosine - across * a
    scale = 1.0 / math.sqrt(x * x + y * y + z * z)
    return x * scale, y * scale, z * scale


@inlined
def incoherent_share(tables, material, energy_kev, cosine):
    """Incoherent scattering function over the number of electrons; Hubbell et al. (1975), doi 10.1063/1.555523."""
    transfer = energy_kev * math.sqrt(0.5 * (1.0 - cosine)) / HC_KEV_ANGSTROM
    if transfer < 2.0**-8:
        return tables.incoherent[material, 0] * (transfer * 2.0**8) ** 2
    node, inside = place(transfer, 4, -8)
    if node >= tables.incoherent.shape[1] - 1:
        return 1.0
    return tables.incoherent[material, node] * (1.0 - inside) + tables.incoherent[material, node + 1] * inside


@inlined
def compton(tables, material, energy_kev, luck, history, index):
    r"""Energy after incoherent scattering, cosine of the deflection, number of the next draw.

    Klein and Nishina by the rejection of Kahn (1954), RAND AECU-3259:
    :math:`E' = E / (1 + (E / m c^2) (1 - \cos\theta))`; then accepted with the incoherent scattering function.
    """
    alpha = energy_kev / ELECTRON_KEV
    branch = (1.0 + 2.0 * alpha) / (9.0 + 2.0 * alpha)
    while True:
        word0, word1, word2, word3 = draw(luck, history, index)
        index += 1
        second, third = unit(word1), unit(word2)
        if unit(word0) <= branch:
            ratio = 1.0 + 2.0 * alpha * second
            good = third * ratio * ratio <= 4.0 * (ratio - 1.0)
            cosine = 1.0 - (ratio - 1.0) / alpha
        else:
            ratio = (1.0 + 2.0 * alpha) / (1.0 + 2.0 * alpha * second)
            cosine = 1.0 - (ratio - 1.0) / alpha
            good = third <= 0.5 * (cosine * cosine + 1.0 / ratio)
        if good and unit(word3) <= incoherent_share(tables, material, energy_kev, cosine):
            return energy_kev / ratio, cosine, index


@inlined
def rayleigh(tables, material, energy_kev, luck, history, index):
    """Cosine of the deflection by coherent scattering, number of the next draw.

    The squared momentum transfer is drawn from the squared form factor, then accepted with the Thomson factor
    (1 + cos^2) / 2; Persliden (1983), doi 10.1016/0020-708X(83)90065-5.
    """
    most = (energy_kev / HC_KEV_ANGSTROM) ** 2
    sums = tables.coherent_sum[material]
    top = _sum_at(tables.transfer2, sums, most)
    while True:
        word0, word1, _, _ = draw(luck, history, index)
        index += 1
        cosine = 1.0 - 2.0 * min(1.0, _inverse(tables.transfer2, sums, unit(word0) * top) / most)
        if unit(word1) <= 0.5 * (1.0 + cosine * cosine):
            return cosine, index


@inlined
def bin_of(nodes, at):
    """The last node that is not above a number, by bisection; there is always a next one."""
    low, high = 0, nodes.size - 1
    while high - low > 1:
        middle = (low + high) >> 1
        if nodes[middle] <= at:
            low = middle
        else:
            high = middle
    return low


@inlined
def _sum_at(x, y, at):
    """Linear interpolation of y over x."""
    n = bin_of(x, at)
    return y[n] + (y[n + 1] - y[n]) * min(1.0, (at - x[n]) / (x[n + 1] - x[n]))


@inlined
def _inverse(x, y, at):
    """Linear interpolation of x over y."""
    n = bin_of(y, at)
    step = y[n + 1] - y[n]
    return x[n] + (x[n + 1] - x[n]) * (at - y[n]) / step if step > 0.0 else x[n]


@inlined
def k_line(tables, material, energy_kev, chance):
    """Energy of the K X-ray after a photoelectric interaction; 0: none. `chance` is a number in (0, 1)."""
    node, _ = energy_place(energy_kev)
    before = 0.0
    for slot in range(tables.k_hole.shape[2]):
        upto = tables.k_hole[material, node, slot]
        if chance < upto:
            return _line(tables, material, slot, (chance - before) / (upto - before))
        before = upto
    return 0.0


@inlined
def _line(tables, material, slot, chance):
    """Energy of the line of a hole; 0: an Auger electron."""
    for line in range(tables.line_sum.shape[2]):
        if chance < tables.line_sum[material, slot, line]:
            return tables.line_kev[material, slot, line]
    return 0.0
