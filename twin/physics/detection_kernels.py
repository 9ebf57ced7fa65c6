"""Compiled: photons from sources in bodies, through a ring of crystals, to singles and coincidences.

What a channel measures is blurred: a Gaussian whose width grows with the root of the energy. A photon does not toss for
the window; it counts with the probability of being inside, which says the same with less noise. So counts are sums of
such parts, in units of 2^-30. Where something is told for both ways to sum energy, it is told per crystal, per block.
"""

import math

import numpy as np

from twin.physics.compile_kernels import called, inlined, kernel
from twin.physics.interaction_kernels import ELECTRON_KEV, bin_of, draw, isotropic, unit
from twin.physics.ring_kernels import BLOCK, CRYSTAL, absorb
from twin.physics.transport_kernels import begin, fly, interact

#: Columns of the tally of an emitter; two each, but for the last ones.
TRUES, SCATTERED, TRUES_SQUARED, SCATTERED_SQUARED, SINGLES = 0, 2, 4, 6, 8
#: Photons that leave any energy in the ring; pairs of which both do.
ANY_ONE, ANY_BOTH, COLUMNS = 10, 11, 12
#: Bins of a keV for what one photon leaves in one block.
DEPOSITS = 1024
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
def strongest(kind, number, hits):
    """Energy of the channel with most, and the row of its largest hit."""
    most, at = 0.0, 0
    for row in range(number):
        whole, largest = 0.0, row
        for other in range(number):
            if hits.place[other, kind] == hits.place[row, kind]:
                whole += hits.energy_kev[other]
                if hits.energy_kev[other] > hits.energy_kev[largest]:
                    largest = other
        if whole > most:
            most, at = whole, largest
    return most, at


@inlined
def outwards(tables, bodies, luck, history, index, photon, path, pick, hits):
    """Follow a photon until it leaves all bodies; returns how often it was scattered (-1: it is absorbed).

    What pair production sets free on the way out is not followed.
    """
    scattered = 0
    while True:
        body, what, index = fly(tables, bodies, luck, history, index, photon, path, pick)
        if body < 0:
            return scattered, index
        _, index, path, pick = interact(tables, bodies.material[body], what, luck, history, index, photon, hits.waiting)
        hits.waiting[0, 0] = 0.0
        scattered += 1
        if photon[6] == 0.0:
            return -1, index


@inlined
def _summed(kind, number, hits, row):
    """The energy of all hits in the channel of one, and whether it is the first of them."""
    energy_kev, first = 0.0, True
    for other in range(number):
        if hits.place[other, kind] == hits.place[row, kind]:
            energy_kev += hits.energy_kev[other]
            first = first and other >= row
    return energy_kev, first


@inlined
def count_deposits(number, hits, deposits):
    """What was left in each block, by whole keV."""
    for row in range(number):
        whole, first = _summed(BLOCK, number, hits, row)
        if first:
            deposits[min(int(whole), DEPOSITS - 1)] += 1


@called
def seen(
    tables, bodies, ring_tables, blocks, acceptance, luck, history, index, photon, path, pick, row, hits, deposits
):  # fmt: skip
    """Follow a photon out of the bodies and through the ring; `deposits` is told what each block gets.

    Writes into `hits.single[row]` its parts in the window, and whether it left anything at all; into
    `hits.where_m[row]` the place of the largest hit of its strongest block. Returns how often it was scattered on the
    way out, and the number of the next draw.
    """
    for k in range(3):
        hits.single[row, k] = 0.0
    scattered, index = outwards(tables, bodies, luck, history, index, photon, path, pick, hits)
    if scattered < 0:
        return scattered, index
    word0, word1, _, _ = draw(luck, history, index)
    number, index = absorb(ring_tables, blocks, luck, history, index + 1, photon, unit(word0), unit(word1), 0, hits)
    if number > 0:
        energy_kev, at = strongest(CRYSTAL, number, hits)
        hits.single[row, 0] = accepted(acceptance, hits.layer[at], energy_kev)
        energy_kev, at = strongest(BLOCK, number, hits)
        hits.single[row, 1] = accepted(acceptance, hits.layer[at], energy_kev)
        hits.single[row, 2] = 1.0
        hits.where_m[row, 0], hits.where_m[row, 1] = hits.at_m[at, 0], hits.at_m[at, 1]
        count_deposits(number, hits, deposits)
    return scattered, index


@kernel
def pairs_chunk(
    tables, bodies, ring_tables, blocks, acceptance, emitters, both, luck, first, count, photon, hits, profile, tally,
    deposits,
):  # fmt: skip
    """Add so many annihilations from `first` on to `tally`, a row for each emitter, to `profile.counts` and `deposits`.

    With `both`, the second photon is followed even if the first is lost, so that singles are counted of both.
    """
    for history in range(first, first + count):
        emitter, index, path, pick = begin(emitters, ELECTRON_KEV, luck, history, photon)
        x, y, z, u, v, w = photon[0], photon[1], photon[2], photon[3], photon[4], photon[5]
        scattered = 0
        for turn in range(2):
            if turn == 1:
                photon[0], photon[1], photon[2], photon[3], photon[4], photon[5] = x, y, z, -u, -v, -w
                photon[6] = ELECTRON_KEV
                word0, word1, _, _ = draw(luck, history, index)
                path, pick, index = unit(word0), unit(word1), index + 1
            times, index = seen(
                tables, bodies, ring_tables, blocks, acceptance, luck, history, index, photon, path, pick, turn, hits,
                deposits,
            )  # fmt: skip
            scattered += abs(times)
            _count_single(tally, emitter, hits, turn)
            if turn == 0 and not both and hits.single[0, 2] == 0.0:
                break
            if turn == 1:
                _count_pair(tally, emitter, hits, TRUES if scattered == 0 else SCATTERED)
                _count_profile(profile, hits, 0 if scattered == 0 else 1)


@inlined
def _count_single(tally, emitter, hits, row):
    """A photon."""
    tally[emitter, SINGLES] += part(hits.single[row, 0])
    tally[emitter, SINGLES + 1] += part(hits.single[row, 1])
    tally[emitter, ANY_ONE] += np.int64(hits.single[row, 2])


@inlined
def _count_pair(tally, emitter, hits, column):
    """A coincidence and its square, for the error."""
    for k in range(2):
        both = hits.single[0, k] * hits.single[1, k]
        tally[emitter, column + k] += part(both)
        tally[emitter, column + TRUES_SQUARED + k] += part(both * both)
    tally[emitter, ANY_BOTH] += np.int64(hits.single[0, 2] * hits.single[1, 2])


@inlined
def _count_profile(profile, hits, row):
    """A coincidence by the distance of its line from the line through the source, as NEMA NU 4 has it.

    Lines outside the mask (the phantom's radius and 8 mm) do not count.
    """
    bins = profile.counts.shape[1]
    if bins == 0 or hits.single[0, 2] * hits.single[1, 2] == 0.0:
        return
    x, y = hits.where_m[0, 0], hits.where_m[0, 1]
    across, up = hits.where_m[1, 0] - x, hits.where_m[1, 1] - y
    length = math.sqrt(across * across + up * up)
    if length == 0.0:
        return
    normal_x, normal_y = -up / length, across / length
    offset = x * normal_x + y * normal_y
    if abs(offset) > profile.mask_m:
        return
    beside = abs(offset - profile.source_m[0] * normal_x - profile.source_m[1] * normal_y)
    column = int(beside / profile.bin_m)
    if column < bins:
        profile.counts[row, column] += part(hits.single[0, profile.summed] * hits.single[1, profile.summed])


@kernel
def photons_chunk(
    tables, bodies, ring_tables, blocks, acceptance, emitters, energies_kev, summed, luck, first, count, photon, hits,
    tally, deposits,
):  # fmt: skip
    """Add so many single photons from `first` on to `tally`, a row for each emitter, and to `deposits`.

    Their energies are drawn: `summed` are the summed probabilities of `energies_kev`, from 0 to 1.
    """
    for history in range(first, first + count):
        emitter, index, path, pick = begin(emitters, ELECTRON_KEV, luck, history, photon)
        word0, _, _, _ = draw(luck, history, index)
        photon[6] = energies_kev[bin_of(summed, unit(word0))]
        _, index = seen(
            tables, bodies, ring_tables, blocks, acceptance, luck, history, index + 1, photon, path, pick, 0, hits,
            deposits,
        )  # fmt: skip
        _count_single(tally, emitter, hits, 0)


@kernel
def crystals_chunk(ring_tables, blocks, acceptance, decay, mask_m, luck, first, count, photon, hits, tally, deposits):
    """Add so many decays inside the crystals from `first` on to the one row of `tally`, and to `deposits`.

    A decay leaves the energy of its electrons where it is and sends its gammas off. Each two channels make a
    coincidence if their line passes within `mask_m` of the axis.
    """
    for history in range(first, first + count):
        index = _inside(blocks, luck, history, photon, hits)
        word0, _, _, _ = draw(luck, history, index)
        index += 1
        hits.energy_kev[0] = decay.beta_kev[bin_of(decay.beta_summed, unit(word0))]
        number = 1
        x, y, z = photon[0], photon[1], photon[2]
        for gamma in range(decay.gamma_kev.size):
            photon[0], photon[1], photon[2] = x, y, z
            photon[3], photon[4], photon[5], index, word0, word1 = isotropic(luck, history, index)
            photon[6] = decay.gamma_kev[gamma]
            word2, _, _, _ = draw(luck, history, index)
            index += 1
            if unit(word2) < decay.gamma_part[gamma]:
                number, index = absorb(
                    ring_tables, blocks, luck, history, index, photon, unit(word0), unit(word1), number, hits
                )
            else:
                hits.energy_kev[0] += decay.gamma_kev[gamma]
        count_deposits(number, hits, deposits)
        for kind in range(2):
            _count_channels(acceptance, 1 - kind, kind, mask_m, number, hits, tally)


@inlined
def _inside(blocks, luck, history, photon, hits):
    """A place in a crystal of the first layer, as the first hit; returns the number of the next draw."""
    word0, word1, word2, word3 = draw(luck, history, 0)
    across = int(unit(word0) * blocks.counts[0, 0])
    down = int(unit(word1) * blocks.counts[0, 1])
    sectors = blocks.around.shape[0]
    block = int(unit(word2) * sectors * blocks.rows)
    sector, row = block // blocks.rows, block % blocks.rows
    depth = unit(word3) * blocks.back_m[0]
    word0, word1, _, _ = draw(luck, history, 1)
    aside = (across + 0.5) * blocks.pitch_m[0, 0] - blocks.half_width_m[0, 0]
    aside += (2.0 * unit(word0) - 1.0) * blocks.half_crystal_m[0, 0]
    along = (down + 0.5) * blocks.pitch_m[0, 1] - blocks.half_width_m[0, 1]
    along += (2.0 * unit(word1) - 1.0) * blocks.half_crystal_m[0, 1]
    radius, cosine, sine = blocks.inner_m + depth, blocks.around[sector, 0], blocks.around[sector, 1]
    photon[0], photon[1] = radius * cosine - aside * sine, radius * sine + aside * cosine
    photon[2] = row * blocks.axial_pitch_m + 0.5 * blocks.length_m - blocks.half_length_m + along
    hits.place[0, BLOCK] = block
    hits.place[0, CRYSTAL] = block * blocks.first[blocks.first.size - 1] + across * blocks.counts[0, 1] + down
    hits.layer[0] = 0
    hits.at_m[0, 0], hits.at_m[0, 1], hits.at_m[0, 2] = photon[0], photon[1], photon[2]
    return 2


@inlined
def _count_channels(acceptance, kind, column, mask_m, number, hits, tally):
    """Singles of all channels, and coincidences of each two of them; `kind` is what a channel is."""
    for row in range(number):
        energy_kev, first = _summed(kind, number, hits, row)
        hits.sum[row] = accepted(acceptance, hits.layer[row], energy_kev) if first else 0.0
        tally[0, SINGLES + column] += part(hits.sum[row])
        tally[0, ANY_ONE] += np.int64(first and kind == BLOCK)
        for other in range(row):
            if hits.sum[row] * hits.sum[other] > 0.0 and _beside(hits, row, other) < mask_m:
                tally[0, TRUES + column] += part(hits.sum[row] * hits.sum[other])


@inlined
def _beside(hits, row, other):
    """Distance from the axis of the line through two hits."""
    x, y = hits.at_m[row, 0], hits.at_m[row, 1]
    across, up = hits.at_m[other, 0] - x, hits.at_m[other, 1] - y
    length = math.sqrt(across * across + up * up)
    return abs(y * across - x * up) / length if length > 0.0 else math.inf
