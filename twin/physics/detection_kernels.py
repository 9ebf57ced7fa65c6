"""Compiled: annihilation pairs from sources in bodies, through a ring of crystals, to coincidences.

What a channel measures is blurred: a Gaussian whose width grows with the root of the energy. A photon does not toss for
the window; it counts with the probability of being inside, which says the same with less noise. So counts are sums of
such parts, in units of 2^-30.
"""

import math

import numpy as np

from twin.physics.compile_kernels import inlined, kernel
from twin.physics.interaction_kernels import ELECTRON_KEV, draw, unit
from twin.physics.ring_kernels import BLOCK, CRYSTAL, absorb
from twin.physics.transport_kernels import begin, fly, interact

#: Columns of the tally of an emitter. In pairs: summed per crystal, per block.
TRUES, SCATTERED, TRUES_SQUARED, SCATTERED_SQUARED, SINGLES = 0, 2, 4, 6, 8
#: Any energy left in the ring: one photon, both.
ANY_ONE, ANY_BOTH, COLUMNS = 10, 11, 12
PART = 2.0**30


@inlined
def part(value):
    """A probability as a whole number."""
    return np.int64(math.floor(value * PART + 0.5))


@inlined
def accepted(acceptance, layer, energy_kev):
    """Probability that an energy is measured inside the window; linear between whole keV."""
    low = min(int(energy_kev), acceptance.shape[1] - 2)
    inside = min(energy_kev - low, 1.0)
    return acceptance[layer, low] * (1.0 - inside) + acceptance[layer, low + 1] * inside


@inlined
def strongest(kind, hits, places, energies):
    """Energy of the channel with most, and the row of its largest hit."""
    most, at = 0.0, 0
    for row in range(hits):
        whole, largest = 0.0, row
        for other in range(hits):
            if places[other, kind] == places[row, kind]:
                whole += energies[other]
                if energies[other] > energies[largest]:
                    largest = other
        if whole > most:
            most, at = whole, largest
    return most, at


@inlined
def outwards(tables, bodies, luck, history, index, photon, path, pick, waiting):
    """Follow a photon until it leaves all bodies; returns how often it was scattered (-1: it is absorbed)."""
    scattered = 0
    while True:
        body, what, index = fly(tables, bodies, luck, history, index, photon, path, pick)
        if body < 0:
            return scattered, index
        _, index, path, pick = interact(tables, bodies.material[body], what, luck, history, index, photon, waiting)
        waiting[0, 0] = 0.0  # 511 keV make no pairs
        scattered += 1
        if photon[6] == 0.0:
            return -1, index


@kernel
def pairs_chunk(
    tables, bodies, ring_tables, blocks, acceptance, emitters, both, luck, first, count, photon, waiting, places,
    layers, energies, tally,
):  # fmt: skip
    """Add so many annihilations from `first` on to `tally`, a row for each emitter.

    With `both`, the second photon is followed even if the first is lost, so that singles are counted of both.
    """
    for history in range(first, first + count):
        emitter, index, path, pick = begin(emitters, ELECTRON_KEV, luck, history, photon)
        x, y, z, u, v, w = photon[0], photon[1], photon[2], photon[3], photon[4], photon[5]
        one_crystal, one_block, one_any, one_scattered = 0.0, 0.0, False, 0
        for turn in range(2):
            if turn == 1:
                photon[0], photon[1], photon[2], photon[3], photon[4], photon[5] = x, y, z, -u, -v, -w
                photon[6] = ELECTRON_KEV
                word0, word1, _, _ = draw(luck, history, index)
                path, pick, index = unit(word0), unit(word1), index + 1
            scattered, index = outwards(tables, bodies, luck, history, index, photon, path, pick, waiting)
            per_crystal, per_block, hits = 0.0, 0.0, 0
            if scattered >= 0:
                word0, word1, _, _ = draw(luck, history, index)
                hits, index = absorb(
                    ring_tables, blocks, luck, history, index + 1, photon, unit(word0), unit(word1), waiting,
                    places, layers, energies,
                )  # fmt: skip
                energy_kev, row = strongest(CRYSTAL, hits, places, energies)
                per_crystal = accepted(acceptance, layers[row], energy_kev) if hits > 0 else 0.0
                energy_kev, row = strongest(BLOCK, hits, places, energies)
                per_block = accepted(acceptance, layers[row], energy_kev) if hits > 0 else 0.0
            tally[emitter, SINGLES] += part(per_crystal)
            tally[emitter, SINGLES + 1] += part(per_block)
            tally[emitter, ANY_ONE] += np.int64(hits > 0)
            if turn == 0:
                one_crystal, one_block, one_any, one_scattered = per_crystal, per_block, hits > 0, scattered
                if not both and not one_any:
                    break
            else:
                column = TRUES if one_scattered == 0 and scattered == 0 else SCATTERED
                _count(tally, emitter, column, one_crystal * per_crystal, one_block * per_block)
                tally[emitter, ANY_BOTH] += np.int64(one_any and hits > 0)


@inlined
def _count(tally, emitter, column, per_crystal, per_block):
    """A coincidence and its square, for the error."""
    tally[emitter, column] += part(per_crystal)
    tally[emitter, column + 1] += part(per_block)
    tally[emitter, column + TRUES_SQUARED] += part(per_crystal * per_crystal)
    tally[emitter, column + TRUES_SQUARED + 1] += part(per_block * per_block)
