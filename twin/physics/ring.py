"""A ring of detector blocks: its measures, whether they can be, and the arrays that kernels get.

A ring has `transaxial_blocks` around it and `axial_blocks` along its axis; two or four around are two or four panels.
A block is a grid of crystals with gaps between them, in one layer or several behind each other; a grid of one crystal
is a monolith.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.physics.attenuation import HIGHEST_KEV
from twin.physics.materials import Material
from twin.physics.photon_tables import PhotonTables, photon_tables

Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]

#: Lengths that should be equal may differ by rounding.
_SLACK_M = 1e-6
#: What gives light, or charge, for each photon that it stops.
CRYSTALS = ("LSO", "LYSO", "GSO", "BGO", "NaI", "LaBr3", "CZT", "CsI")
#: Beyond these nothing that was ever built: a slip of a unit.
_DIAMETER_M = (0.005, 3.0)
_DEEPEST_M = 0.1
_LONGEST_WINDOW_S = 1e-6


@dataclass(frozen=True)
class Layer:
    """A grid of crystals; each pair is around the ring, along the axis.

    Attributes
    ----------
    crystals : (int, int)
    pitch_m, crystal_m : (float, float)
    depth_m : float
    energy_resolution : float
        Full width at half maximum at 511 keV, as a part of it.
    """

    crystals: tuple[int, int]
    pitch_m: tuple[float, float]
    crystal_m: tuple[float, float]
    depth_m: float
    material: Material
    energy_resolution: float

    @property
    def width_m(self) -> tuple[float, float]:
        """Of the whole grid."""
        return self.crystals[0] * self.pitch_m[0], self.crystals[1] * self.pitch_m[1]


@dataclass(frozen=True)
class Ring:
    """A PET scanner's detector.

    Attributes
    ----------
    diameter_m : float
        Between opposite crystal faces.
    layers : tuple of Layer
        From the axis outwards.
    axial_gap_m : float
        Between blocks along the axis.
    energy_window_kev : (float, float)
    coincidence_window_s : float
        Full width.
    block_dead_time_s : float
    energy_sum : str
        What a channel sums: ``"block"`` (light is shared) or ``"crystal"`` (each is read by itself).
    tapered : bool
        Whether blocks widen outwards and leave no wedges between them.
    integration_time_s : float or None
        For how long a block collects light; None: as long as it is blind, or, where crystals are read by themselves,
        so shortly that nothing adds up.
    multiples : str
        What becomes of more than two photons in one coincidence window: ``"reject"`` or ``"keep"``.
    """

    name: str
    diameter_m: float
    axial_blocks: int
    transaxial_blocks: int
    layers: tuple[Layer, ...]
    axial_gap_m: float
    energy_window_kev: tuple[float, float]
    coincidence_window_s: float
    block_dead_time_s: float
    energy_sum: str = "block"
    tapered: bool = False
    integration_time_s: float | None = None
    multiples: str = "reject"

    @property
    def integration_s(self) -> float:
        """For how long hits of a block add up."""
        if self.integration_time_s is not None:
            return self.integration_time_s
        return self.block_dead_time_s if self.energy_sum == "block" else 0.0

    @property
    def block_m(self) -> tuple[float, float]:
        """Width around the ring and along the axis: that of the widest layer."""
        return max(layer.width_m[0] for layer in self.layers), max(layer.width_m[1] for layer in self.layers)

    @property
    def axial_pitch_m(self) -> float:
        """From block to block along the axis."""
        return self.block_m[1] + self.axial_gap_m

    @property
    def length_m(self) -> float:
        """Along the axis."""
        return self.axial_blocks * self.axial_pitch_m - self.axial_gap_m

    @property
    def depth_m(self) -> float:
        """Of all layers."""
        return sum(layer.depth_m for layer in self.layers)

    @property
    def side_m(self) -> float:
        """Room for a block on the inner polygon."""
        if self.transaxial_blocks <= 2:
            return math.inf
        return self.diameter_m * math.tan(math.pi / self.transaxial_blocks)

    def mistakes(self) -> Iterator[tuple[str, object, str]]:
        """What cannot be: key, value, why."""
        for number, layer in enumerate(self.layers):
            yield from _layer_mistakes(f"layer {number + 1}" if len(self.layers) > 1 else "block", layer)
        if self.transaxial_blocks == 1:
            yield "transaxial_blocks", 1, "a coincidence needs at least two blocks that face each other"
        elif self.transaxial_blocks == 3:
            yield "transaxial_blocks", 3, "of three blocks no two face each other; 2 or 4 make panels, more a ring"
        if not _DIAMETER_M[0] <= self.diameter_m <= _DIAMETER_M[1]:
            bounds = " to ".join(_mm(end) for end in _DIAMETER_M)
            yield "ring_diameter", _mm(self.diameter_m), f"a ring of {bounds} is meant; mind the unit"
        if not 0.0 < self.coincidence_window_s <= _LONGEST_WINDOW_S:
            why = "a window is above 0 and at most 1 us; nanoseconds are usual"
            yield "coincidence_window", f"{self.coincidence_window_s * 1e9:.4g} ns", why
        if self.block_m[0] > self.side_m + _SLACK_M:
            fits = f"{self.transaxial_blocks} blocks of {_mm(self.block_m[0])} do not fit around"
            yield "ring_diameter", _mm(self.diameter_m), f"{fits}: each has {_mm(self.side_m)}"
        low, high = self.energy_window_kev
        if not 0.0 <= low < high <= HIGHEST_KEV or low >= 511.0:
            ends = f"the lower one below 511 keV, the upper one up to {HIGHEST_KEV:g} keV"
            why = f"a lower and an upper end are due, {ends}"
            yield "energy_window", [low, high], why
        if self.energy_sum not in {"block", "crystal"}:
            yield "energy_sum", self.energy_sum, "is 'block' or 'crystal'"
        if self.multiples not in {"reject", "keep"}:
            yield "multiples", self.multiples, "is 'reject' or 'keep'"


def _layer_mistakes(where: str, layer: Layer) -> Iterator[tuple[str, object, str]]:
    for axis, name in enumerate(("around the ring", "along the axis")):
        if layer.crystal_m[axis] > layer.pitch_m[axis] + _SLACK_M:
            wider = f"crystals overlap {name}: they are wider than their pitch of {_mm(layer.pitch_m[axis])}"
            yield f"{where}.crystal", _mm(layer.crystal_m[axis]), wider
    if not 0.0 < layer.depth_m <= _DEEPEST_M:
        yield f"{where}.crystal", _mm(layer.depth_m), f"a crystal is at most {_mm(_DEEPEST_M)} deep; mind the unit"
    if not 0.0 < layer.energy_resolution <= 1.0:
        yield "energy_resolution", layer.energy_resolution, "no crystal is so sharp: it is above 0, such as '15 %'"
    if layer.material.name not in CRYSTALS:
        yield f"{where}.material", layer.material.name, f"detects nothing; a crystal is {', '.join(CRYSTALS)}"


def _mm(length_m: float) -> str:
    return f"{length_m * 1e3:.4g} mm"


class Blocks(NamedTuple):
    """A ring as kernels get it; per layer where an array has one axis, around and along where it has a second.

    Attributes
    ----------
    around : array (sectors, 2)
        Cosine and sine of the direction in which each sector's blocks look outwards.
    length_m, axial_pitch_m : float
        Of a block along the axis, and from block to block.
    taper_per_m : float
        By which a layer widens outwards, relative to its width at the front.
    first : array
        Number of a block's first crystal in each layer; the last entry: crystals of a block.
    """

    around: Array
    inner_m: float
    outer_m: float
    half_length_m: float
    length_m: float
    axial_pitch_m: float
    rows: int
    taper_per_m: float
    front_m: Array
    back_m: Array
    counts: Whole
    pitch_m: Array
    half_crystal_m: Array
    half_width_m: Array
    material: Whole
    first: Whole
    majorant_per_m: Array


def prepared(ring: Ring, coherent: bool = True, fluorescence: bool = True) -> tuple[PhotonTables, Blocks]:
    """Tables and blocks for the kernels."""
    materials = list(dict.fromkeys(layer.material for layer in ring.layers))
    tables = photon_tables(materials, coherent, fluorescence)
    angles = 2.0 * math.pi * np.arange(ring.transaxial_blocks) / ring.transaxial_blocks
    depths = np.array([layer.depth_m for layer in ring.layers])
    inner_m = ring.diameter_m / 2.0
    taper_per_m = 1.0 / inner_m if ring.tapered else 0.0
    half_side_m = ring.block_m[0] / 2.0 * (1.0 + taper_per_m * ring.depth_m)
    crystals = [layer.crystals[0] * layer.crystals[1] for layer in ring.layers]
    return tables, Blocks(
        around=np.column_stack([np.cos(angles), np.sin(angles)]),
        inner_m=inner_m,
        outer_m=math.hypot(inner_m + ring.depth_m, half_side_m),
        half_length_m=ring.length_m / 2.0,
        length_m=ring.block_m[1],
        axial_pitch_m=ring.axial_pitch_m,
        rows=ring.axial_blocks,
        taper_per_m=taper_per_m,
        front_m=np.append(0.0, np.cumsum(depths)[:-1]),
        back_m=np.cumsum(depths),
        counts=np.array([layer.crystals for layer in ring.layers], dtype=np.int64),
        pitch_m=np.array([layer.pitch_m for layer in ring.layers]),
        half_crystal_m=np.array([layer.crystal_m for layer in ring.layers]) / 2.0,
        half_width_m=np.array([layer.width_m for layer in ring.layers]) / 2.0,
        material=np.array([materials.index(layer.material) for layer in ring.layers], dtype=np.int64),
        first=np.append(0, np.cumsum(crystals)).astype(np.int64),
        majorant_per_m=tables.interaction[:, :, 0].max(axis=0),
    )
