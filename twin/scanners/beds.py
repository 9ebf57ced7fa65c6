"""Animals side by side on a bed: bodies, tubes, and what a ring sees of each place, from the table ``beds``."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, instead
from twin.physics import detection, histories, nema
from twin.physics.detection import Counts
from twin.physics.histories import Progress, Whole
from twin.physics.materials import Material, material
from twin.physics.ring import Ring
from twin.physics.scene import Body, Emitter
from twin.sources import Numbers

Array: TypeAlias = NDArray[np.float64]
#: Annihilations that are followed at the most: a ring that sees next to nothing would never be known well.
MOST_PAIRS = 1 << 27


@dataclass(frozen=True)
class Bed:
    """Tubes around the axis, an animal in each.

    Attributes
    ----------
    places_m : tuple of (float, float)
        Axis of each tube.
    animal_m : (float, float)
        Diameter and length of an animal, a cylinder.
    tube_m : (float, float)
        Outer and inner diameter.
    """

    name: str
    places_m: tuple[tuple[float, float], ...]
    animal_m: tuple[float, float]
    tube_m: tuple[float, float]
    animal_of: Material
    tube_of: Material
    air: Material

    @property
    def bodies(self) -> list[Body]:
        """All tubes and animals; a later body takes the place of an earlier one."""
        half_m = self.animal_m[1] / 2.0
        widths = ((self.tube_m[0], self.tube_of), (self.tube_m[1], self.air), (self.animal_m[0], self.animal_of))
        return [
            Body("cylinder", (width / 2.0, width / 2.0, half_m), of, (x, y, 0.0))
            for x, y in self.places_m
            for width, of in widths
        ]

    @property
    def emitters(self) -> list[Emitter]:
        """The animals, each evenly filled."""
        half = (self.animal_m[0] / 2.0, self.animal_m[0] / 2.0, self.animal_m[1] / 2.0)
        return [Emitter("cylinder", half, (x, y, 0.0)) for x, y in self.places_m]


@dataclass(frozen=True)
class Places:
    """What a ring sees of each place of a bed, per annihilation there; working values.

    Attributes
    ----------
    bed : Bed
    in_air, in_air_at_centre : array, float
        Absolute sensitivity at the middle of each place, and at the centre of the field.
    trues, scattered, singles, hits : array
        With all animals in place.
    trues_alone : float
        Of one such animal alone at the centre, without a tube.
    relative_error : float
        Of the coincidences of all places together.
    """

    bed: Bed
    in_air: Array
    in_air_at_centre: float
    trues: Array
    scattered: Array
    singles: Array
    hits: Array
    trues_alone: float
    relative_error: float


def names(numbers: Numbers) -> tuple[str, ...]:
    """The beds of the table."""
    return numbers.subjects("beds", "places")


def bed(numbers: Numbers, name: str) -> Bed:
    """The bed of that name; an unknown one is refused with the nearest."""
    if name not in names(numbers):
        raise DataError(f"bed {name!r} is not in the table 'beds'; {instead(name, names(numbers))}")
    key = f"beds.{name}"
    around_m, count = numbers.value(f"{key}.radius"), round(numbers.value(f"{key}.places"))
    first = math.pi / count if count % 2 == 0 else math.pi / 2.0
    angles = [first + 2.0 * math.pi * number / count for number in range(count)]
    return Bed(
        name,
        tuple((around_m * math.cos(angle), around_m * math.sin(angle)) for angle in angles),
        (numbers.value(f"{key}.animal_diameter"), numbers.value(f"{key}.animal_length")),
        (numbers.value(f"{key}.tube_outer"), numbers.value(f"{key}.tube_inner")),
        material(numbers, "soft_tissue"),
        material(numbers, numbers.text(f"{key}.tube_material")),
        material(numbers, "air"),
    )


def mass_kg(numbers: Numbers, name: str) -> float:
    """Of an animal with the measures of the bed's table [kg]."""
    return numbers.value(f"beds.{name}.animal_mass")


def with_animals(on: Bed, part: float) -> Bed:
    """The same bed with animals of so many times the mass, scaled in all three directions."""
    scale = part ** (1.0 / 3.0)
    return replace(on, animal_m=(on.animal_m[0] * scale, on.animal_m[1] * scale))


def places(ring: Ring, on: Bed, numbers: Numbers, precision: float = 0.01, progress: Progress | None = None) -> Places:
    """What a ring sees of each place, within the cover of its bore; `precision` is that of each measurement."""
    which = detection.working(ring)
    middles = [Emitter(centre_m=(0.0, 0.0, 0.0)), *(Emitter(centre_m=(x, y, 0.0)) for x, y in on.places_m)]
    air, _ = played(ring, [], middles, precision / 2.0, progress, singles=False)
    cover = nema.cover(ring, numbers)
    full, error = played(ring, [*cover, *on.bodies], on.emitters, precision, progress)
    half = (on.animal_m[0] / 2.0, on.animal_m[0] / 2.0, on.animal_m[1] / 2.0)
    one = [*cover, Body("cylinder", half, on.animal_of)]
    alone, _ = played(ring, one, [Emitter("cylinder", half)], precision, progress, singles=False)
    return Places(
        bed=on,
        in_air=air.prompts[1:, which],
        in_air_at_centre=float(air.prompts[0, which]),
        trues=full.trues[:, which],
        scattered=full.scattered[:, which],
        singles=full.singles[:, which],
        hits=full.any_one,
        trues_alone=float(alone.trues[0, which]),
        relative_error=error,
    )


def played(
    ring: Ring,
    bodies: list[Body],
    emitters: list[Emitter],
    precision: float,
    progress: Progress | None,
    singles: bool = True,
) -> tuple[Counts, float]:
    """Counts per annihilation in each emitter, and the relative error of all coincidences."""
    which, number = detection.working(ring), len(emitters)

    def error(tally: Whole, pairs: int) -> float:
        found = detection.counts(tally, pairs, number)
        value = float(found.prompts[:, which].sum())
        return math.sqrt(float((found.error[:, which] ** 2).sum())) / value if value > 0.0 else math.inf

    work = detection.chunks(ring, bodies, emitters, singles=singles)
    played = histories.play(work, error, precision / math.sqrt(number), most=MOST_PAIRS, progress=progress)
    return detection.counts(played.tally, played.histories, number).per_emitter(), played.relative_error
