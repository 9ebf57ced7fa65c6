"""The PET rings of the catalogue, from the table ``pet_geometry``; what it lacks is in the table ``catalogue``."""

from __future__ import annotations

from itertools import count, takewhile

from twin.errors import DataError, instead
from twin.physics.materials import material
from twin.physics.ring import Layer, Ring
from twin.sources import Numbers


def names(numbers: Numbers) -> tuple[str, ...]:
    """The scanners whose ring is known well enough to follow photons through it."""
    return numbers.subjects("pet_geometry", "axial_blocks")


def ring(numbers: Numbers, name: str) -> Ring:
    """The ring of that name.

    Raises
    ------
    DataError
        When the table has no such scanner; the nearest is named.
    """
    if name not in names(numbers):
        hint = instead(name, names(numbers))
        raise DataError(f"scanner {name!r} is no file and has no geometry in the table 'pet_geometry'; {hint}")
    key = f"pet_geometry.{name}"
    diameter = f"{key}.ring_diameter"
    found = Ring(
        name=name,
        diameter_m=numbers.value(diameter if numbers.has(diameter) else f"catalogue.{name}.ring_diameter"),
        axial_blocks=_whole(numbers, f"{key}.axial_blocks"),
        transaxial_blocks=_whole(numbers, f"{key}.transaxial_blocks"),
        layers=_layers(numbers, key),
        axial_gap_m=numbers.value(f"{key}.axial_gap") if numbers.has(f"{key}.axial_gap") else 0.0,
        energy_window_kev=(numbers.value(f"{key}.window_low"), numbers.value(f"{key}.window_high")),
        coincidence_window_s=numbers.value(f"{key}.coincidence_window"),
        block_dead_time_s=numbers.value(f"{key}.block_dead_time"),
        energy_sum=numbers.text(f"{key}.energy_sum"),
        integration_time_s=numbers.value(f"{key}.integration_time") if numbers.has(f"{key}.integration_time") else None,
    )
    if mistakes := [f"{where} {value}: {why}" for where, value, why in found.mistakes()]:
        raise DataError(f"pet_geometry.{name}: " + "; ".join(mistakes))
    return found


def _layers(numbers: Numbers, key: str) -> tuple[Layer, ...]:
    """The first layer's rows have no ending, those of the next end on ``_2``."""
    endings = ("" if number == 1 else f"_{number}" for number in count(1))
    return tuple(_layer(numbers, key, end) for end in takewhile(lambda e: numbers.has(f"{key}.depth{e}"), endings))


def _layer(numbers: Numbers, key: str, end: str) -> Layer:
    def pair(quantity: str) -> tuple[float, float]:
        return numbers.value(f"{key}.{quantity}_around{end}"), numbers.value(f"{key}.{quantity}_along{end}")

    around, along = pair("crystals")
    return Layer(
        crystals=(round(around), round(along)),
        pitch_m=pair("pitch"),
        crystal_m=pair("crystal"),
        depth_m=numbers.value(f"{key}.depth{end}"),
        material=material(numbers, numbers.text(f"{key}.material{end}")),
        energy_resolution=numbers.value(f"{key}.energy_resolution{end}"),
    )


def _whole(numbers: Numbers, key: str) -> int:
    return round(numbers.value(key))
