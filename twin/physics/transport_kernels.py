"""Compiled: photons through a scene of bodies. Lengths in metre, energies in keV.

A photon flies by Woodcock's method: the distance to the next possible interaction comes from the highest attenuation
in the scene, and what is met there is an interaction with the probability of the attenuation of that very place over
the highest (Woodcock et al. 1965, ANL-7050, 557). The outer border is analytic, so that a single body needs no trial.
Electrons leave their energy where they are set free.
"""

import math

import numpy as np

from twin.physics.compile_kernels import called, inlined, kernel
from twin.physics.interaction_kernels import (
    ELECTRON_KEV,
    LEAST_KEV,
    bin_of,
    compton,
    draw,
    energy_place,
    isotropic,
    k_line,
    rayleigh,
    turned,
    unit,
)
from twin.physics.shape_kernels import BOX, CYLINDER, contains, crossing

#: Whole numbers that a tally begins with: unscattered, escaped, the sum of squares of the deposit, random draws.
UNSCATTERED, ESCAPED, SQUARES, DRAWS, HEAD = 0, 1, 2, 3, 4
#: Energies are summed in units of 2^-20 keV, their squares in units of 2^-8 keV2.
FIXED, FIXED_ROOT = 2.0**20, 2.0**4
#: Photoelectric, incoherent, coherent, pair.
PHOTOELECTRIC, INCOHERENT, COHERENT, PAIR = 0, 1, 2, 3
#: Photons that wait at the same time: annihilation photons of pair production.
WAITING = 4


@inlined
def fixed(energy_kev):
    """An energy as a whole number, so that sums do not depend on their order."""
    return np.int64(math.floor(energy_kev * FIXED + 0.5))


@inlined
def body_at(bodies, x, y, z):
    """The last body that contains the point; -1: none."""
    for body in range(bodies.shape.size - 1, -1, -1):
        if contains(bodies, body, x, y, z):
            return body
    return -1


@inlined
def limits(bodies, x, y, z, u, v, w):
    """Where the line first enters a body and where it last leaves one; none is ahead: the second is not positive."""
    first, last = math.inf, -1.0
    for body in range(bodies.shape.size):
        near, far = crossing(bodies, body, x, y, z, u, v, w)
        if far > max(near, 0.0):
            first, last = min(first, max(near, 0.0)), max(last, far)
    return first, last


@inlined
def process(tables, material, node, inside, chance):
    """Which of the four processes; `chance` is a number in (0, 1)."""
    for which in range(3):
        low, high = tables.interaction[material, node, which + 1], tables.interaction[material, node + 1, which + 1]
        if chance < low * (1.0 - inside) + high * inside:
            return which
    return PAIR


@inlined
def attenuation_per_m(tables, material, node, inside):
    """Linear attenuation coefficient."""
    return tables.interaction[material, node, 0] * (1.0 - inside) + tables.interaction[material, node + 1, 0] * inside


@inlined
def fly(tables, bodies, luck, history, index, photon, path, pick):
    """Move a photon to its next interaction.

    Returns the body (-1: it has left), the material's process, and the number of the next draw.
    """
    x, y, z, u, v, w, energy_kev = photon[0], photon[1], photon[2], photon[3], photon[4], photon[5], photon[6]
    travelled, last = limits(bodies, x, y, z, u, v, w)
    node, inside = energy_place(energy_kev)
    highest = bodies.majorant_per_m[node] * (1.0 - inside) + bodies.majorant_per_m[node + 1] * inside
    while last > 0.0:
        travelled -= math.log(path) / highest
        if travelled >= last:
            break
        px, py, pz = x + u * travelled, y + v * travelled, z + w * travelled
        body = 0 if bodies.shape.size == 1 else body_at(bodies, px, py, pz)
        if body >= 0:
            material = bodies.material[body]
            here = attenuation_per_m(tables, material, node, inside)
            if pick * highest < here:
                photon[0], photon[1], photon[2] = px, py, pz
                return body, process(tables, material, node, inside, pick * highest / here), index
        word0, word1, _, _ = draw(luck, history, index)
        index += 1
        path, pick = unit(word0), unit(word1)
    return -1, 0, index


@called
def interact(tables, material, what, luck, history, index, photon, waiting):
    """Change a photon by one interaction.

    Returns the energy left there, the number of the next draw, and two numbers in (0, 1) for the next flight. An
    absorbed photon has the energy 0. Pair production puts one annihilation photon into `waiting`, whose first number
    counts them.
    """
    energy_kev = photon[6]
    word0, word1, word2, word3 = draw(luck, history, index)
    index += 1
    if what == INCOHERENT:
        photon[6], cosine, index = compton(tables, material, energy_kev, luck, history, index)
        photon[3], photon[4], photon[5] = turned(photon[3], photon[4], photon[5], cosine, unit(word0))
    elif what == COHERENT:
        cosine, index = rayleigh(tables, material, energy_kev, luck, history, index)
        photon[3], photon[4], photon[5] = turned(photon[3], photon[4], photon[5], cosine, unit(word0))
    else:
        photon[6] = ELECTRON_KEV if what == PAIR else k_line(tables, material, energy_kev, unit(word3))
        photon[3], photon[4], photon[5], index, word1, word2 = isotropic(luck, history, index)
    left_kev = energy_kev - photon[6]
    if what == PAIR:
        left_kev -= ELECTRON_KEV
        _keep_partner(photon, waiting)
    if photon[6] < LEAST_KEV:
        left_kev += photon[6]
        photon[6] = 0.0
    return left_kev, index, unit(word1), unit(word2)


@inlined
def _keep_partner(photon, waiting):
    """The other annihilation photon, the opposite way."""
    row = 1 + int(waiting[0, 0])
    waiting[0, 0] = row
    for k in range(3):
        waiting[row, k], waiting[row, 3 + k] = photon[k], -photon[3 + k]
    waiting[row, 6] = photon[6]


@inlined
def begin(emitters, energy_kev, luck, history, photon):
    """Place a photon; returns the emitter, the number of the next draw, two numbers in (0, 1) for the first flight."""
    which, index = 0, 0
    if emitters.spread:
        which, index = _somewhere(emitters, luck, history, photon)
    else:
        photon[0], photon[1], photon[2] = emitters.centre_m[0, 0], emitters.centre_m[0, 1], emitters.centre_m[0, 2]
    photon[3], photon[4], photon[5], index, word2, word3 = isotropic(luck, history, index)
    if emitters.beam[0] != 0.0 or emitters.beam[1] != 0.0 or emitters.beam[2] != 0.0:
        photon[3], photon[4], photon[5] = emitters.beam[0], emitters.beam[1], emitters.beam[2]
    photon[6] = energy_kev
    return which, index, unit(word2), unit(word3)


@inlined
def _somewhere(emitters, luck, history, photon):
    """A place, uniform in one of the emitters."""
    word0, word1, word2, word3 = draw(luck, history, 0)
    which = bin_of(emitters.summed, unit(word0))
    shape = emitters.shape[which]
    a, b, c = 2.0 * unit(word1) - 1.0, 2.0 * unit(word2) - 1.0, 2.0 * unit(word3) - 1.0
    if shape != BOX:
        around = 2.0 * math.pi * unit(word1)
        radius = math.sqrt(unit(word2)) if shape == CYLINDER else unit(word2) ** (1.0 / 3.0)
        across = radius if shape == CYLINDER else radius * math.sqrt(1.0 - c * c)
        c = c if shape == CYLINDER else radius * c
        a, b = across * math.cos(around), across * math.sin(around)
    photon[0] = emitters.centre_m[which, 0] + emitters.half_m[which, 0] * a
    photon[1] = emitters.centre_m[which, 1] + emitters.half_m[which, 1] * b
    photon[2] = emitters.centre_m[which, 2] + emitters.half_m[which, 2] * c
    return which, 1


@kernel
def passage_chunk(tables, bodies, emitters, energy_kev, luck, first, count, photon, waiting, tally):
    """Add so many histories from `first` on.

    The tally: `HEAD`, deposits by body; then by whole keV photons that left backward, forward, histories by deposit.
    Returns the energy [keV] that the worst history has lost or gained: rounding.
    """
    size, bins, worst_kev = bodies.shape.size, int(energy_kev) + 1, 0.0
    for history in range(first, first + count):
        _, index, path, pick = begin(emitters, energy_kev, luck, history, photon)
        deposit_kev, left_by_kev, interactions = 0.0, 0.0, 0
        while True:
            body, what, index = fly(tables, bodies, luck, history, index, photon, path, pick)
            if body >= 0:
                interactions += 1
                kept_kev, index, path, pick = interact(
                    tables, bodies.material[body], what, luck, history, index, photon, waiting
                )
                deposit_kev += kept_kev
                tally[HEAD + body] += fixed(kept_kev)
                if photon[6] > 0.0:
                    continue
            else:
                tally[ESCAPED] += 1
                left_by_kev += photon[6]
                tally[HEAD + size + (bins if photon[5] > 0.0 else 0) + int(photon[6])] += 1
            if waiting[0, 0] == 0.0:
                break
            index, path, pick = resume(luck, history, index, photon, waiting)
        tally[DRAWS] += index
        if interactions == 0:
            tally[UNSCATTERED] += 1
        tally[HEAD + size + 2 * bins + int(deposit_kev)] += 1
        root = np.int64(deposit_kev * FIXED_ROOT + 0.5)
        tally[SQUARES] += root * root
        worst_kev = max(worst_kev, abs(energy_kev - deposit_kev - left_by_kev))
    return worst_kev


@inlined
def resume(luck, history, index, photon, waiting):
    """Take up a photon that waits; returns the number of the next draw and two numbers for its first flight."""
    row = int(waiting[0, 0])
    waiting[0, 0] = row - 1
    for k in range(7):
        photon[k] = waiting[row, k]
    word0, word1, _, _ = draw(luck, history, index)
    return index + 1, unit(word0), unit(word1)
