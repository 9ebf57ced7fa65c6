r"""Collimators of single-photon cameras: which part of the photons passes, and how sharply.

A pinhole of diameter d at the distance h, seen at the angle :math:`\theta` from its plane, lets pass

.. math:: g = \frac{d_e^2 \sin^3\theta}{16 h^2}, \qquad
    d_e^2 = d\left(d + \tfrac{2}{\mu}\tan\tfrac{\alpha}{2}\right) + \tfrac{2}{\mu^2}\tan^2\tfrac{\alpha}{2}

with the opening angle :math:`\alpha` of its edge: this is the transmission of the edge, integrated (Paix; the last
term is not Anger's). The image is as sharp as if the hole had the resolution-effective diameter of Accorsi and Metzler
(2004; verified by Metzler and Accorsi 2005, Phys Med Biol 50:5005),
:math:`d_{re} = d + \tfrac{\ln 2}{\mu}\tan\tfrac{\alpha}{2}`, beyond which the edge lets less than half pass:

.. math:: R = \sqrt{d_{re}^2 (1 + 1/M)^2 + (R_i / M)^2}, \qquad M = f / h

Parallel hexagonal holes of diameter d, length L and wall t: rays are followed through holes and walls
(`twin.physics.septa`), since walls that are too thin let more through than the holes. Where they are thick enough this
is Anger's formula, and his is the resolution, with :math:`L_e = L - 2/\mu`:

.. math:: g \approx \left(0.26\,\frac{d^2}{L_e (d + t)}\right)^2, \qquad R = \sqrt{d^2 (L_e + b)^2 / L_e^2 + R_i^2}
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from twin.errors import DataError, instead
from twin.physics import septa
from twin.physics.attenuation import linear_per_m
from twin.physics.materials import Material, material
from twin.physics.septa import Passing
from twin.sources import Numbers

Triple: TypeAlias = tuple[float, float, float]
_CENTRE: Triple = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Camera:
    """What is behind a collimator: a crystal, and how well it tells place and energy.

    Attributes
    ----------
    energy_resolution : float
        Full width at half maximum at 140 keV, as a part of it.
    """

    heads: int
    crystal: Material
    crystal_depth_m: float
    intrinsic_m: float
    energy_resolution: float


@dataclass(frozen=True)
class Pinholes:
    """Pinholes that look at one point from all around: one, or many in rings.

    Attributes
    ----------
    number, rings : int
        Of a head.
    distance_m : float
        From each hole to the common point.
    to_detector_m : float
        From each hole to the crystal.
    opening : float
        Full angle of the edge [rad].
    field_m : float
        Diameter of what each hole sees around the common point.
    """

    name: str
    number: int
    rings: int
    diameter_m: float
    distance_m: float
    to_detector_m: float
    opening: float
    material: Material
    field_m: float
    camera: Camera

    def sensitivity(self, energy_kev: float, at_m: Triple = _CENTRE) -> float:
        """Part of the photons of a point that pass all holes of all heads; nothing is absorbed on the way."""
        square_m2 = self.effective_square_m2(energy_kev)
        passed = sum(_seen(self, hole, at_m) for hole in self.holes_m())
        return self.camera.heads * square_m2 / 16.0 * passed

    @property
    def geometric(self) -> float:
        """The same at the common point for an edge that nothing passes, as makers print it."""
        return self.camera.heads * self.number * self.diameter_m**2 / (16.0 * self.distance_m**2)

    def holes_m(self) -> Iterator[Triple]:
        """Where the holes are: rings around the axis, tilted towards the common point."""
        each = math.ceil(self.number / self.rings)
        for n in range(self.number):
            ring, place = divmod(n, each)
            tilt = math.radians(_TILT_DEG) * (ring - (self.rings - 1) / 2.0)
            turn = 2.0 * math.pi * (place + 0.5 * (ring % 2)) / each
            flat_m = self.distance_m * math.cos(tilt)
            yield flat_m * math.cos(turn), flat_m * math.sin(turn), self.distance_m * math.sin(tilt)

    def effective_square_m2(self, energy_kev: float) -> float:
        """The square of the diameter that a hole without penetration would need to pass as much."""
        edge_m = self._edge_m(energy_kev)
        return self.diameter_m * (self.diameter_m + 2.0 * edge_m) + 2.0 * edge_m**2

    def resolution_m(self, energy_kev: float) -> float:
        """Full width at half maximum at the common point."""
        sharp_m = self.diameter_m + math.log(2.0) * self._edge_m(energy_kev)
        larger = self.to_detector_m / self.distance_m
        return math.hypot(sharp_m * (1.0 + 1.0 / larger), self.camera.intrinsic_m / larger)

    def through_walls(self, energy_kev: float, at_m: Triple = _CENTRE) -> float:  # noqa: ARG002 - as of parallel holes
        """Nothing: the plate between the holes is taken as thick enough."""
        return 0.0

    def warning(self, energy_kev: float) -> str | None:
        """What to tell of holes through whose edges more passes than through themselves; None: they are sharp."""
        edges = 1.0 - self.diameter_m**2 / self.effective_square_m2(energy_kev)
        if edges <= _SHARP:
            return None
        return (
            f"of what collimator {self.name} passes at {energy_kev:.0f} keV, {100.0 * edges:.0f} % comes through the "
            "edges of its pinholes; what comes through the plate between them, which blurs further, is not modelled"
        )

    def _edge_m(self, energy_kev: float) -> float:
        return math.tan(self.opening / 2.0) / float(linear_per_m(self.material, energy_kev)[0])


#: More than this part through the edges of pinholes is told.
_SHARP = 0.5
#: Between neighbouring rings of holes, seen from the common point.
_TILT_DEG = 12.0


def _seen(holes: Pinholes, hole_m: Triple, at_m: Triple) -> float:
    """What a hole's angle and distance make of its sensitivity [1/m2]; nothing outside its field."""
    way = [hole - place for hole, place in zip(hole_m, at_m, strict=True)]
    far_m = math.hypot(*way)
    sine = sum(w * hole for w, hole in zip(way, hole_m, strict=True)) / (far_m * holes.distance_m)
    beside_m = holes.distance_m * math.tan(math.acos(min(1.0, sine))) if sine > 0.0 else math.inf
    return sine**3 / far_m**2 if beside_m <= holes.field_m / 2.0 else 0.0


@dataclass(frozen=True)
class ParallelHoles:
    """Hexagonal holes side by side.

    Attributes
    ----------
    distance_m : float
        From their front to the middle of what is imaged.
    field_m : float
        Diameter of the camera.
    """

    name: str
    hole_m: float
    septum_m: float
    length_m: float
    distance_m: float
    field_m: float
    material: Material
    camera: Camera

    def sensitivity(self, energy_kev: float, at_m: Triple = _CENTRE) -> float:
        """Part of the photons that pass through holes alone, of all heads; the same wherever the camera looks."""
        return self.camera.heads * self.passing(energy_kev).holes * self._looks_at(at_m)

    def through_walls(self, energy_kev: float, at_m: Triple = _CENTRE) -> float:
        """Part of the photons that come through walls: they count, and make no image."""
        found = self.passing(energy_kev)
        return self.camera.heads * (found.whole - found.holes) * self._looks_at(at_m)

    def _looks_at(self, at_m: Triple) -> bool:
        return math.hypot(*at_m) <= self.field_m / 2.0

    def passing(self, energy_kev: float) -> Passing:
        """What passes of one head, and what of it through holes alone."""
        reach = self.field_m / 2.0 / (self.distance_m + self.length_m)
        per_m = float(linear_per_m(self.material, energy_kev)[0])
        return septa.passing(self.hole_m, self.septum_m, self.length_m, reach, per_m)

    def warning(self, energy_kev: float) -> str | None:
        """What to tell of walls that let more than the usual part pass on the shortest way; None: they are enough."""
        way_m = septa.shortest_m(self.hole_m, self.septum_m, self.length_m)
        part = math.exp(-float(linear_per_m(self.material, energy_kev)[0]) * way_m)
        if part <= septa.USUAL_RULE:
            return None
        lost = self.passing(energy_kev).through_septa
        return (
            f"the walls of collimator {self.name} let {100.0 * part:.2g} % of {energy_kev:.0f} keV through on the "
            f"shortest way (at most {100.0 * septa.USUAL_RULE:g} % is usual): {100.0 * lost:.3g} % of what it passes "
            "makes no image"
        )

    def resolution_m(self, energy_kev: float) -> float:
        """Full width at half maximum at the distance."""
        length_m = self._effective_m(energy_kev)
        return math.hypot(self.hole_m * (length_m + self.distance_m) / length_m, self.camera.intrinsic_m)

    def _effective_m(self, energy_kev: float) -> float:
        """Photons enter some way through the walls."""
        length_m = self.length_m - 2.0 / float(linear_per_m(self.material, energy_kev)[0])
        if length_m <= 0.0:
            raise DataError(f"collimator {self.name!r}: at {energy_kev:g} keV its holes are too short to collimate")
        return length_m


Collimator: TypeAlias = Pinholes | ParallelHoles


def names(numbers: Numbers) -> tuple[str, ...]:
    """The collimators of the table."""
    return numbers.subjects("collimators", "kind")


def collimator(numbers: Numbers, name: str) -> Collimator:
    """The collimator of that name; an unknown one is refused with the nearest."""
    if name not in names(numbers):
        raise DataError(f"collimator {name!r} is not in the table 'collimators'; {instead(name, names(numbers))}")
    key = f"collimators.{name}"

    def value(quantity: str) -> float:
        return numbers.value(f"{key}.{quantity}")

    camera = Camera(
        round(value("heads")),
        material(numbers, numbers.text(f"{key}.crystal")),
        value("crystal_depth"),
        value("intrinsic"),
        value("energy_resolution"),
    )
    of = material(numbers, numbers.text(f"{key}.material"))
    if numbers.text(f"{key}.kind") == "parallel":
        return ParallelHoles(
            name, value("hole"), value("septum"), value("length"), value("distance"), value("field"), of, camera
        )
    return Pinholes(
        name=name,
        number=round(value("pinholes")),
        rings=round(value("rings")) if numbers.has(f"{key}.rings") else 1,
        diameter_m=value("diameter"),
        distance_m=value("distance"),
        to_detector_m=value("to_detector"),
        opening=math.radians(value("opening")),
        material=of,
        field_m=value("field"),
        camera=camera,
    )
