"""Compiled: where a ring draws the line of a coincidence, against the place where the annihilation was.

A line joins the middles of two crystals. Where crystals are read one by one, it is the crystal with most of the energy;
where they share their light, the one nearest to its middle (Anger), to which each interaction adds what it left.
So the width of crystals, their tilt, the depth of interactions and scatter from crystal to crystal are all in it.
"""

import math

from twin.physics.compile_kernels import inlined, kernel
from twin.physics.detection_kernels import accepted, part, strongest
from twin.physics.interaction_kernels import ELECTRON_KEV, draw, unit
from twin.physics.ring_kernels import BLOCK, CRYSTAL, absorb

#: Lines count whose direction is within so much of the tangent: they make the radial profile.
ASKEW = math.pi / 12.0


@inlined
def _heaviest(kind, at, number, hits):
    """A hit in the crystal that has most of the energy of a channel."""
    most, found = 0.0, at
    for row in range(number):
        if hits.place[row, kind] == hits.place[at, kind]:
            whole = 0.0
            for other in range(number):
                if hits.place[other, CRYSTAL] == hits.place[row, CRYSTAL]:
                    whole += hits.energy_kev[other]
            if whole > most:
                most, found = whole, row
    return found


@inlined
def _light(blocks, at, number, hits, cosine, sine):
    """How far aside of its block's middle the light has its middle."""
    whole, moment = 0.0, 0.0
    for row in range(number):
        if hits.place[row, BLOCK] == hits.place[at, BLOCK]:
            aside = hits.at_m[row, 1] * cosine - hits.at_m[row, 0] * sine
            depth = hits.at_m[row, 0] * cosine + hits.at_m[row, 1] * sine - blocks.inner_m
            moment += hits.energy_kev[row] * aside / (1.0 + blocks.taper_per_m * depth)
            whole += hits.energy_kev[row]
    return moment / whole


@inlined
def _end(blocks, shared, kind, at, number, hits, end):
    """Write the middle of the crystal that a channel says."""
    heaviest = _heaviest(kind, at, number, hits)
    layer, block = hits.layer[heaviest], hits.place[heaviest, BLOCK]
    sector, pitch = block // blocks.rows, blocks.pitch_m[layer, 0]
    cosine, sine = blocks.around[sector, 0], blocks.around[sector, 1]
    if shared:
        number_across = math.floor(
            (_light(blocks, at, number, hits, cosine, sine) + blocks.half_width_m[layer, 0]) / pitch
        )
        across = min(max(number_across, 0), blocks.counts[layer, 0] - 1)
    else:
        inside = hits.place[heaviest, CRYSTAL] % blocks.first[blocks.first.size - 1] - blocks.first[layer]
        across = inside // blocks.counts[layer, 1]
    depth = 0.5 * (blocks.front_m[layer] + blocks.back_m[layer])
    aside = ((across + 0.5) * pitch - blocks.half_width_m[layer, 0]) * (1.0 + blocks.taper_per_m * depth)
    radius = blocks.inner_m + depth
    end[0], end[1] = radius * cosine - aside * sine, radius * sine + aside * cosine


@inlined
def _start(blocks, at_m, spread_m, luck, history, photon, place):
    """A place beside `at_m`, turned by any angle around the axis, and a direction near the tangent there.

    Writes the place and the cosine and sine of its angle into `place`.
    """
    word0, word1, word2, word3 = draw(luck, history, 0)
    x, y = at_m + (2.0 * unit(word0) - 1.0) * spread_m, (2.0 * unit(word1) - 1.0) * spread_m
    turned = 0.5 * math.pi + (2.0 * unit(word2) - 1.0) * ASKEW
    highest = blocks.half_length_m / math.sqrt(blocks.half_length_m**2 + blocks.inner_m**2)
    along = (2.0 * unit(word3) - 1.0) * highest
    word0, _, _, _ = draw(luck, history, 1)
    cosine, sine = math.cos(2.0 * math.pi * unit(word0)), math.sin(2.0 * math.pi * unit(word0))
    place[0], place[1], place[2], place[3] = x * cosine - y * sine, x * sine + y * cosine, cosine, sine
    u, v = math.cos(turned), math.sin(turned)
    across = math.sqrt(1.0 - along * along)
    photon[3], photon[4], photon[5] = across * (u * cosine - v * sine), across * (u * sine + v * cosine), along
    return 2


@kernel
def lines_chunk(
    ring_tables, blocks, acceptance, shared, at_m, spread_m, bin_m, luck, first, count, photon, hits, ends, place, tally
):  # fmt: skip
    """Add so many annihilations from `first` on: by how far the line passes the place, outwards counted positive.

    `tally` has its middle at no distance; lines further away than it reaches do not count.
    """
    kind = BLOCK if shared else CRYSTAL
    for history in range(first, first + count):
        index = _start(blocks, at_m, spread_m, luck, history, photon, place)
        u, v, w, weight = photon[3], photon[4], photon[5], 1.0
        for turn in range(2):
            sign = 1.0 - 2.0 * turn
            photon[0], photon[1], photon[2] = place[0], place[1], 0.0
            photon[3], photon[4], photon[5], photon[6] = sign * u, sign * v, sign * w, ELECTRON_KEV
            word0, word1, _, _ = draw(luck, history, index)
            number, index = absorb(
                ring_tables, blocks, luck, history, index + 1, photon, unit(word0), unit(word1), 0, hits
            )
            energy_kev, at = strongest(kind, number, hits)
            weight *= accepted(acceptance, hits.layer[at], energy_kev) if number > 0 else 0.0
            if weight == 0.0:
                break
            _end(blocks, shared, kind, at, number, hits, ends[turn])
        if weight > 0.0:
            _count(ends, place, weight, bin_m, tally)


@inlined
def _count(ends, place, weight, bin_m, tally):
    """A line, by its distance from the place along the outward direction."""
    across, up = ends[1, 0] - ends[0, 0], ends[1, 1] - ends[0, 1]
    length = math.sqrt(across * across + up * up)
    if length > 0.0:
        normal_x, normal_y = -up / length, across / length
        outwards = math.copysign(1.0, normal_x * place[2] + normal_y * place[3])
        beside = outwards * ((ends[0, 0] - place[0]) * normal_x + (ends[0, 1] - place[1]) * normal_y)
        column = math.floor(beside / bin_m + 0.5 * tally.size)
        if 0 <= column < tally.size:
            tally[column] += part(weight)
