"""Compiled: photons of a point source through an endless wall, scored where they come out.

The wall fills z >= 0; `edges_m` are the depths at which another material begins, in order, `layers` which material is
before each of them and behind the last. `planes_m` are the thicknesses that are asked for and some between them. Of a
photon that crosses a plane for the first time two go on, each with half its weight: so a thousandth is reached with
as many photons as a half. What a thickness lets pass is what first crosses its plane: nothing behind it sends any back.
"""

import math

import numpy as np

from twin.physics.compile_kernels import called, inlined, kernel
from twin.physics.interaction_kernels import draw, energy_place, unit
from twin.physics.transport_kernels import attenuation_per_m, interact, process

#: Scores and their squares are summed in units of 2^-30: whole numbers, so that no order can be seen in a sum.
FIXED = 2.0**30
#: Columns of a photon that waits: as a photon, then its weight and how many planes it has crossed.
WEIGHT, REACHED, COLUMNS = 7, 8, 9


@inlined
def _flight(luck, history, index):
    """Two numbers in (0, 1) for a flight, and the number of the next draw."""
    word0, word1, _, _ = draw(luck, history, index)
    return unit(word0), unit(word1), index + 1


@inlined
def _begin(distance_m, inner, outer, energy_kev, luck, history, photon):
    """Where a photon of the source meets the wall, its weight, and the number of the next draw.

    Of two photons one flies in the inner cone and one between it and the outer: from there less reaches the disc.
    """
    forward, azimuth, index = _flight(luck, history, 0)
    low, high = (inner, 1.0) if history % 2 == 0 else (outer, inner)
    w = low + (high - low) * forward
    across = math.sqrt(1.0 - w * w)
    photon[3], photon[4] = across * math.cos(2.0 * math.pi * azimuth), across * math.sin(2.0 * math.pi * azimuth)
    photon[0], photon[1], photon[2] = photon[3] / w * distance_m, photon[4] / w * distance_m, 0.0
    photon[5], photon[6] = w, energy_kev
    return high - low, index


@inlined
def _keep(waiting, height, photon, weight, reached):
    """A photon waits; returns how many do."""
    for k in range(7):
        waiting[height, k] = photon[k]
    waiting[height, WEIGHT], waiting[height, REACHED] = weight, reached
    return height + 1


@inlined
def _score(photon, weight, radius_m, behind_m, dose):
    """What a photon adds to the dose in a disc behind a plane."""
    x, y = photon[0] + photon[3] / photon[5] * behind_m, photon[1] + photon[4] / photon[5] * behind_m
    return weight * dose[int(photon[6])] / photon[5] if x * x + y * y < radius_m * radius_m else 0.0


@inlined
def _layer(edges_m, depth_m, forward):
    """In which layer a photon goes on: at an edge in the one that it flies into."""
    layer = 0
    while layer < edges_m.size and (edges_m[layer] < depth_m or (forward and edges_m[layer] == depth_m)):
        layer += 1
    return layer


@inlined
def _to_edge(edges_m, layer, photon):
    """The way to where another material begins, and its depth; nothing ahead: endless."""
    which = layer if photon[5] > 0.0 else layer - 1
    if which < 0 or which == edges_m.size or photon[5] == 0.0:
        return math.inf, 0.0
    return (edges_m[which] - photon[2]) / photon[5], edges_m[which]


@inlined
def _move(photon, way_m, depth_m):
    """Fly so far, to that depth."""
    photon[0], photon[1] = photon[0] + photon[3] * way_m, photon[1] + photon[4] * way_m
    photon[2] = depth_m


@called
def _history(tables, edges_m, layers, planes_m, spot, energy_kev, dose, luck, history, photon, partner, waiting, own):
    """Follow one photon and all that come of it; `spot`: distance, cosines of the cones, radius, distance behind."""
    weight, index = _begin(spot[0], spot[1], spot[2], energy_kev, luck, history, photon)
    reached, height = 0, 0
    path, pick, index = _flight(luck, history, index)
    while True:
        node, inside = energy_place(photon[6])
        layer = _layer(edges_m, photon[2], photon[5] > 0.0)
        material = layers[layer]
        way = -math.log(path) / attenuation_per_m(tables, material, node, inside)
        edge_way, edge_m = _to_edge(edges_m, layer, photon)
        target = edge_m if edge_way <= way else photon[2] + photon[5] * way
        goes_on = target >= 0.0
        if goes_on and target >= planes_m[reached]:
            _move(photon, (planes_m[reached] - photon[2]) / photon[5], planes_m[reached])
            own[reached] += _score(photon, weight, spot[3], spot[4], dose)
            reached += 1
            goes_on = reached < planes_m.size
            if goes_on:
                weight /= 2.0
                height = _keep(waiting, height, photon, weight, reached)
                path, pick, index = _flight(luck, history, index)
        elif goes_on and edge_way <= way:
            _move(photon, edge_way, edge_m)
            path, pick, index = _flight(luck, history, index)
        elif goes_on:
            _move(photon, way, target)
            what = process(tables, material, node, inside, pick)
            _, index, path, pick = interact(tables, material, what, luck, history, index, photon, partner)
            if partner[0, 0] > 0.0:
                partner[0, 0] = 0.0
                height = _keep(waiting, height, partner[1], weight, reached)
            goes_on = photon[6] > 0.0
        if not goes_on:
            if height == 0:
                return
            height -= 1
            for k in range(7):
                photon[k] = waiting[height, k]
            weight, reached = waiting[height, WEIGHT], int(waiting[height, REACHED])
            path, pick, index = _flight(luck, history, index)


@kernel
def slab_chunk(
    tables, edges_m, layers, planes_m, spot, energy_kev, dose, luck, first, count, photon, partner, waiting, own, tally
):
    """Add so many histories from `first` on: by plane the scores, then their squares."""
    planes = planes_m.size
    for history in range(first, first + count):
        own[:] = 0.0
        _history(
            tables, edges_m, layers, planes_m, spot, energy_kev, dose, luck, history, photon, partner, waiting, own
        )
        for plane in range(planes):
            tally[plane] += np.int64(own[plane] * FIXED + 0.5)
            tally[planes + plane] += np.int64(own[plane] * own[plane] * FIXED + 0.5)
