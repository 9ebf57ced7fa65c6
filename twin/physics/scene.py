"""What photons fly through, and where they begin: bodies and sources as plain data, in metres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.physics.materials import Material
from twin.physics.photon_tables import PhotonTables, photon_tables

Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
Triple: TypeAlias = tuple[float, float, float]

SHAPES = ("box", "cylinder", "ellipsoid")
#: As good as without an end.
ENDLESS_M = 1e6


@dataclass(frozen=True)
class Body:
    """A uniform body; where two overlap, the later one of a scene is meant.

    Attributes
    ----------
    shape : str
        ``"box"``, ``"cylinder"`` (elliptic, along z) or ``"ellipsoid"``.
    half_m : (float, float, float)
        Half of its width along x, y and z.
    """

    shape: str
    half_m: Triple
    material: Material
    centre_m: Triple = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Emitter:
    """Where histories begin: uniformly in a shape, of which widths may be zero (a point, a line).

    Attributes
    ----------
    weight : float
        Relative to the other emitters.
    """

    shape: str = "box"
    half_m: Triple = (0.0, 0.0, 0.0)
    centre_m: Triple = (0.0, 0.0, 0.0)
    weight: float = 1.0


class Bodies(NamedTuple):
    """The bodies of a scene as kernels get them.

    Attributes
    ----------
    per_half_m : array (bodies, 3)
        One over the half widths.
    majorant_per_m : array (energies,)
        The highest attenuation of all materials.
    """

    shape: Whole
    centre_m: Array
    per_half_m: Array
    material: Whole
    majorant_per_m: Array


class Emitters(NamedTuple):
    """The emitters as kernels get them.

    Attributes
    ----------
    summed : array (emitters + 1,)
        Summed probabilities, from 0 to 1.
    beam : array (3,)
        The common direction; without length: isotropic.
    spread : bool
        Whether a place has to be drawn at all.
    """

    shape: Whole
    centre_m: Array
    half_m: Array
    summed: Array
    beam: Array
    spread: bool


def prepared(bodies: Sequence[Body], coherent: bool = True, fluorescence: bool = True) -> tuple[PhotonTables, Bodies]:
    """Tables and bodies for the kernels; without a body the scene is empty space."""
    materials = list(dict.fromkeys(body.material for body in bodies))
    tables = photon_tables(materials, coherent, fluorescence)
    return tables, Bodies(
        np.array([SHAPES.index(body.shape) for body in bodies], dtype=np.int64),
        np.array([body.centre_m for body in bodies], dtype=np.float64).reshape(-1, 3),
        1.0 / np.array([body.half_m for body in bodies], dtype=np.float64).reshape(-1, 3),
        np.array([materials.index(body.material) for body in bodies], dtype=np.int64),
        tables.interaction[:, :, 0].max(axis=0),
    )


def emitting(emitters: Sequence[Emitter], beam: Triple = (0.0, 0.0, 0.0)) -> Emitters:
    """The emitters for the kernels; `beam` is the common direction, if there is one."""
    weights = np.array([emitter.weight for emitter in emitters])
    return Emitters(
        np.array([SHAPES.index(emitter.shape) for emitter in emitters], dtype=np.int64),
        np.array([emitter.centre_m for emitter in emitters], dtype=np.float64),
        np.array([emitter.half_m for emitter in emitters], dtype=np.float64),
        np.append(0.0, np.cumsum(weights) / weights.sum()),
        np.array(beam),
        len(emitters) > 1 or any(emitters[0].half_m),
    )
