"""The machines that a site can name, from the table ``catalogue``."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import DataError, instead
from twin.sources import Numbers


@dataclass(frozen=True, slots=True)
class Machine:
    """One model of scanner.

    Attributes
    ----------
    modality : str
        ``PET``, ``PET/CT``, ``SPECT/CT``, ``CT``, ``MRI``, ``optical``, ``ultrasound`` and the like.
    hotel_sizes : tuple of int
        How many animals a bed takes.
    ring_diameter_m : float or None
        Between opposite crystals; the free bore is smaller. None where no source was found, as for what follows.
    axial_fov_m : float or None
        Axial field of view.
    peak_sensitivity : float or None
        Absolute, at the centre, as a fraction.
    resolution_m : float or None
        Full width at half maximum.
    bore_diameter_m : float or None
        Free for the animal.
    field_strength_t : float or None
        Of a magnet [T].
    """

    name: str
    label: str
    modality: str
    hotel_sizes: tuple[int, ...]
    ring_diameter_m: float | None
    axial_fov_m: float | None
    peak_sensitivity: float | None
    resolution_m: float | None
    bore_diameter_m: float | None = None
    field_strength_t: float | None = None

    @property
    def kind(self) -> str:
        """The modality as the tables of prices and reliability spell it, such as ``pet_ct``."""
        return self.modality.lower().replace("/", "_")


def names(numbers: Numbers) -> tuple[str, ...]:
    """The machines of the catalogue."""
    return numbers.subjects("catalogue", "modality")


def machine(numbers: Numbers, name: str) -> Machine:
    """The machine of that name; an unknown one is refused with the nearest."""
    if name not in names(numbers):
        raise DataError(_unknown(numbers, name))
    key = f"catalogue.{name}"
    sizes = tuple(int(size) for size in numbers.text(f"{key}.hotel_sizes").split())
    quantities = (
        "ring_diameter", "axial_fov", "peak_sensitivity", "resolution", "bore_diameter", "field_strength",
    )  # fmt: skip
    measured = (_optional(numbers, f"{key}.{quantity}") for quantity in quantities)
    return Machine(name, numbers.text(f"{key}.label"), numbers.text(f"{key}.modality"), sizes, *measured)


def capital_price(numbers: Numbers, model: Machine) -> float:
    """Today's purchase price of such a machine, in the currency of the table ``prices``; assumed."""
    return numbers.value(f"prices.capital.{model.kind}")


def _optional(numbers: Numbers, key: str) -> float | None:
    return numbers.value(key) if numbers.has(key) else None


def _unknown(numbers: Numbers, name: str) -> str:
    return f"scanner model {name!r} is not in the catalogue; {instead(name, names(numbers))}"
