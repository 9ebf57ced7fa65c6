"""Compiled: photons through a ring of blocks of crystals. Lengths in metre, energies in keV.

Between the inner circle and the outer one a photon flies by Woodcock's method; a trial that does not hit a crystal (a
gap, a wedge between blocks) is none. In the bore there is nothing.
"""

import math

from twin.physics.compile_kernels import inlined
from twin.physics.interaction_kernels import draw, energy_place, unit
from twin.physics.transport_kernels import attenuation_per_m, interact, process, resume

#: Places of a hit: block, crystal.
BLOCK, CRYSTAL = 0, 1
#: Interactions of one photon that are told apart; later ones count to the last place.
MOST_HITS = 32


@inlined
def locate(blocks, x, y, z):
    """Layer (-1: no crystal), block and crystal at a point."""
    sectors = blocks.around.shape[0]
    sector = math.floor(math.atan2(y, x) * (sectors / (2.0 * math.pi)) + 0.5) % sectors
    cosine, sine = blocks.around[sector, 0], blocks.around[sector, 1]
    depth = x * cosine + y * sine - blocks.inner_m
    layer = _layer(blocks, depth)
    along = z + blocks.half_length_m
    row = math.floor(along / blocks.axial_pitch_m)
    if layer < 0 or row < 0 or row >= blocks.rows:
        return -1, 0, 0
    aside = (y * cosine - x * sine) / (1.0 + blocks.taper_per_m * depth)
    across = _column(blocks, layer, 0, aside + blocks.half_width_m[layer, 0])
    middle = along - row * blocks.axial_pitch_m - 0.5 * blocks.length_m
    down = _column(blocks, layer, 1, middle + blocks.half_width_m[layer, 1])
    if across < 0 or down < 0:
        return -1, 0, 0
    block = sector * blocks.rows + row
    inside = blocks.first[layer] + across * blocks.counts[layer, 1] + down
    return layer, block, block * blocks.first[blocks.first.size - 1] + inside


@inlined
def _layer(blocks, depth):
    """The layer at a depth; -1: none."""
    for layer in range(blocks.back_m.size):
        if blocks.front_m[layer] <= depth < blocks.back_m[layer]:
            return layer
    return -1


@inlined
def _column(blocks, layer, axis, at):
    """The crystal at a distance from the grid's edge; -1: a gap, or beside the grid."""
    pitch = blocks.pitch_m[layer, axis]
    number = math.floor(at / pitch)
    if number < 0 or number >= blocks.counts[layer, axis]:
        return -1
    beside = abs(at - (number + 0.5) * pitch)
    return number if beside <= blocks.half_crystal_m[layer, axis] else -1


@inlined
def _circle(radius, x, y, u, v):
    """Distances at which a line enters and leaves a circle around the axis; leaving before entering: it misses."""
    a, b, c = u * u + v * v, x * u + y * v, x * x + y * y - radius * radius
    if a == 0.0:
        return (-math.inf, math.inf) if c <= 0.0 else (math.inf, -math.inf)
    root2 = b * b - a * c
    if root2 < 0.0:
        return math.inf, -math.inf
    root = math.sqrt(root2)
    return (-b - root) / a, (root - b) / a


@inlined
def _reach(blocks, x, y, z, u, v, w):
    """Between which distances the line may meet crystals, up to where it leaves the ring."""
    _, last = _circle(blocks.outer_m, x, y, u, v)
    if w != 0.0:
        last = min(last, (math.copysign(blocks.half_length_m, w) - z) / w)
    near, far = _circle(blocks.inner_m, x, y, u, v)
    return far if near <= 0.0 < far else 0.0, last


@inlined
def fly_ring(tables, blocks, luck, history, index, photon, path, pick):
    """Move a photon to its next interaction in a crystal.

    Returns layer (-1: it has left), block, crystal, process and the number of the next draw.
    """
    node, inside = energy_place(photon[6])
    highest = blocks.majorant_per_m[node] * (1.0 - inside) + blocks.majorant_per_m[node + 1] * inside
    x, y, z, u, v, w = photon[0], photon[1], photon[2], photon[3], photon[4], photon[5]
    travelled, last = _reach(blocks, x, y, z, u, v, w)
    while True:
        travelled -= math.log(path) / highest
        if not travelled < last:
            return -1, 0, 0, 0, index
        px, py, pz = x + u * travelled, y + v * travelled, z + w * travelled
        if px * px + py * py < blocks.inner_m * blocks.inner_m:  # back in the bore: on to its other side
            x, y, z = px, py, pz
            travelled, last = _reach(blocks, x, y, z, u, v, w)
        else:
            layer, block, crystal = locate(blocks, px, py, pz)
            if layer >= 0:
                material = blocks.material[layer]
                here = attenuation_per_m(tables, material, node, inside)
                if pick * highest < here:
                    photon[0], photon[1], photon[2] = px, py, pz
                    what = process(tables, material, node, inside, pick * highest / here)
                    return layer, block, crystal, what, index
        word0, word1, _, _ = draw(luck, history, index)
        index += 1
        path, pick = unit(word0), unit(word1)


@inlined
def absorb(tables, blocks, luck, history, index, photon, path, pick, number, hits):
    """Follow a photon, and what it sets free, through the ring.

    Adds to the first `number` of `hits` what it left where; returns how many there are then, and the next draw.
    """
    while True:
        layer, block, crystal, what, index = fly_ring(tables, blocks, luck, history, index, photon, path, pick)
        if layer >= 0:
            x, y, z = photon[0], photon[1], photon[2]
            left_kev, index, path, pick = interact(
                tables, blocks.material[layer], what, luck, history, index, photon, hits.waiting
            )
            if left_kev > 0.0:
                row = min(number, MOST_HITS - 1)
                hits.place[row, BLOCK], hits.place[row, CRYSTAL], hits.layer[row] = block, crystal, layer
                hits.at_m[row, 0], hits.at_m[row, 1], hits.at_m[row, 2] = x, y, z
                hits.energy_kev[row] = left_kev if number < MOST_HITS else hits.energy_kev[row] + left_kev
                number = row + 1
            if photon[6] > 0.0:
                continue
        if hits.waiting[0, 0] == 0.0:
            return number, index
        index, path, pick = resume(luck, history, index, photon, hits.waiting)
