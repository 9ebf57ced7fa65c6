"""How much a wall of layers weakens the photons of a nuclide, and how thick it must be.

Where broad-beam coefficients are published for every layer, they are taken (`twin.physics.archer`): those of AAPM
TG-108 for nuclides whose dose is that of annihilation photons, those of Oumano et al. 2025 for Tc-99m, Lu-177 and
I-131. Else each emission line is weakened by its exponential and a buildup factor for a wide wall
(`twin.physics.point_kernel`). The method is named with the result. What falls on a second layer is softer than what
fell on the first: published coefficients multiply, and are corrected by what the point kernel has for the layers one
behind the other over what it has for each by itself. Layers of one material are one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from twin import units
from twin.errors import DataError
from twin.physics import point_kernel
from twin.physics.archer import ANNIHILATION, Archer, coefficients
from twin.physics.decay import canonical
from twin.physics.dose_rate import counted, per_fluence
from twin.physics.emissions import Spectrum, photons
from twin.physics.materials import material
from twin.sources import Numbers

Array: TypeAlias = npt.NDArray[np.float64]
METHODS = ("tg108", "oumano2025", "point_kernel")
NAMES = {
    "tg108": "Archer, AAPM TG-108 (broad beam, 511 keV)",
    "oumano2025": "Archer, Oumano 2025 (broad beam)",
    "point_kernel": "point kernel with buildup, line by line",
}
#: The dose of a nuclide is that of annihilation photons if they make this part of its air kerma.
ANNIHILATES = 0.97
THICKEST_M = 20.0
LEAST_TRANSMISSION = 1e-12
_LAYER = re.compile(r"\s*([A-Za-z_ ]+?)\s+([0-9.].*)")


class Layer(NamedTuple):
    """A layer of a wall: the material's name in the table ``materials``, and how thick it is [m]."""

    material: str
    thickness_m: float


class Shield(NamedTuple):
    """What a wall does.

    Attributes
    ----------
    transmission : float
        Part of the dose that passes.
    method : str
        A word of `METHODS`.
    """

    transmission: float
    method: str


def wall(numbers: Numbers, text: str) -> tuple[Layer, ...]:
    """The layers of such as ``"lead 10 mm"`` or ``"concrete 20 cm + lead 2 mm"``.

    Raises
    ------
    DataError
        When there is no layer, a material is not known (the nearest is named), or a thickness is none.
    """
    parts = [part for part in text.split("+") if part.strip()]
    if not parts:
        raise DataError(f"{text!r} is a wall of no layers; write such as 'lead 10 mm + concrete 20 cm'")
    return tuple(_layer(numbers, part) for part in parts)


def shield(
    numbers: Numbers,
    nuclide: str,
    layers: Sequence[Layer],
    quantity: str = "air_kerma",
    method: str | None = None,
    progeny: bool = True,
) -> Shield:
    """What a wall of layers lets pass of a nuclide's photons.

    Parameters
    ----------
    layers : sequence of Layer
        At least one, from the source on.
    quantity : str
        Of the point kernel; published coefficients are for air kerma and are taken for all quantities.
    method : str, optional
        A word of `METHODS`; the best that is known unless given.
    progeny : bool
        As in `twin.physics.emissions.photons`.
    """
    if not layers:
        raise DataError("a wall of no layers weakens nothing; name at least one")
    checked = _joined([_checked(numbers, layer) for layer in layers])
    names = [layer.material for layer in checked]
    chosen = chosen_method(numbers, nuclide, names, method)
    if chosen == "point_kernel":
        return Shield(_by_lines(numbers, nuclide, checked, quantity, progeny), chosen)
    found = [_archer(numbers, nuclide, layer.material)[chosen].transmission(layer.thickness_m) for layer in checked]
    behind = _behind_each_other(numbers, nuclide, checked, quantity, progeny) if len(checked) > 1 else 1.0
    return Shield(behind * float(math.prod(map(float, found))), chosen)


def thickness_m(
    numbers: Numbers, nuclide: str, material_name: str, transmission: float, method: str | None = None
) -> float:
    """Thickness of one material that lets a part of the air kerma pass [m].

    Parameters
    ----------
    transmission : float
        From 1e-12 to 1.
    """
    if not LEAST_TRANSMISSION <= transmission <= 1.0:
        raise DataError(f"transmission {transmission:g}: it is above 0 (at least {LEAST_TRANSMISSION:g}) and at most 1")
    own = material(numbers, material_name).name
    chosen = chosen_method(numbers, nuclide, [own], method)
    if chosen != "point_kernel":
        return float(_archer(numbers, nuclide, own)[chosen].thickness_m(transmission))
    return _by_halving(numbers, nuclide, own, transmission)


def value_layers_m(numbers: Numbers, nuclide: str, material_name: str, method: str | None = None) -> dict[str, float]:
    """Thicknesses that let a half, a tenth, a hundredth and a thousandth pass [m]: HVL, TVL, CVL, MVL from zero on."""
    parts = {"hvl": 0.5, "tvl": 0.1, "cvl": 0.01, "mvl": 0.001}
    return {name: thickness_m(numbers, nuclide, material_name, part, method) for name, part in parts.items()}


def methods(numbers: Numbers, nuclide: str, materials: Sequence[str]) -> tuple[str, ...]:
    """The methods that are known for a nuclide and all of some materials, the best first."""
    published = [_archer(numbers, nuclide, name) for name in materials]
    return tuple(word for word in METHODS if word == "point_kernel" or all(word in found for found in published))


def chosen_method(numbers: Numbers, nuclide: str, materials: Sequence[str], method: str | None) -> str:
    """The method that is asked for, or the best that is known."""
    known = methods(numbers, nuclide, materials)
    if method is None:
        return known[0]
    if method not in known:
        what = f"{canonical(numbers, nuclide)} in {', '.join(materials)}"
        raise DataError(f"method {method!r} has no numbers for {what}; known: {', '.join(known)}")
    return method


def _archer(numbers: Numbers, nuclide: str, name: str) -> dict[str, Archer]:
    """Published coefficients by method."""
    own = canonical(numbers, nuclide)
    found = coefficients(own, name)
    return {**coefficients(ANNIHILATION, name), **found} if _annihilates(numbers, own) else found


def _annihilates(numbers: Numbers, nuclide: str) -> bool:
    """Whether the dose of a nuclide and its progeny is that of annihilation photons."""
    whole = photons(numbers, nuclide)
    kerma = whole.per_decay * per_fluence("air_kerma", whole.energy_kev)
    return bool(kerma[whole.energy_kev == _ANNIHILATION_KEV].sum() >= ANNIHILATES * kerma.sum() > 0.0)


_ANNIHILATION_KEV = 511.0


def _by_lines(numbers: Numbers, nuclide: str, layers: Sequence[Layer], quantity: str, progeny: bool) -> float:
    """The point kernel."""
    return transmission_of(numbers, counted(numbers, nuclide, progeny)[0], layers, quantity)


def transmission_of(
    numbers: Numbers, spectrum: Spectrum, layers: Sequence[Layer], quantity: str = "air_kerma"
) -> float:
    """Part of the dose of a spectrum of photons that passes, by the point kernel."""
    return float(_dose(spectrum, quantity) @ point_kernel.layered(numbers, layers, spectrum.energy_kev))


def _behind_each_other(numbers: Numbers, nuclide: str, layers: Sequence[Layer], quantity: str, progeny: bool) -> float:
    """What layers let pass one behind the other, over what each lets pass by itself, by the point kernel."""
    spectrum, _ = counted(numbers, nuclide, progeny)
    dose, each = _dose(spectrum, quantity), np.ones(spectrum.energy_kev.size)
    for layer in layers:
        each = each * point_kernel.transmission(numbers, layer.material, layer.thickness_m, spectrum.energy_kev)
    whole = float(dose @ each)
    return float(dose @ point_kernel.layered(numbers, layers, spectrum.energy_kev)) / whole if whole > 0.0 else 1.0


def _joined(layers: list[Layer]) -> list[Layer]:
    """Layers of one material that touch are one; what has no thickness is none."""
    found: list[Layer] = []
    for layer in layers:
        if found and found[-1].material == layer.material:
            found[-1] = Layer(layer.material, found[-1].thickness_m + layer.thickness_m)
        elif layer.thickness_m > 0.0:
            found.append(layer)
    return found or layers[:1]


def _by_halving(numbers: Numbers, nuclide: str, name: str, transmission: float) -> float:
    """The thickness at which the point kernel gives that transmission."""
    spectrum, _ = counted(numbers, nuclide)
    dose = _dose(spectrum, "air_kerma")
    passing = point_kernel.passing(numbers, name, spectrum.energy_kev)
    low_m, high_m = 0.0, THICKEST_M
    if dose @ passing(high_m) > transmission:
        raise DataError(f"{high_m:g} m of {name} let more than {transmission:g} pass")
    while high_m - low_m > 1e-10 * high_m:
        middle_m = (low_m + high_m) / 2.0
        low_m, high_m = (middle_m, high_m) if dose @ passing(middle_m) > transmission else (low_m, middle_m)
    return high_m


def _dose(spectrum: Spectrum, quantity: str) -> Array:
    """Each line's part of the dose."""
    dose: Array = spectrum.per_decay * per_fluence(quantity, spectrum.energy_kev)
    if not dose.sum() > 0.0:
        raise DataError("there are no photons that a wall could weaken")
    parts: Array = dose / dose.sum()
    return parts


def _layer(numbers: Numbers, text: str) -> Layer:
    """One layer of a text."""
    found = _LAYER.fullmatch(text)
    if found is None:
        raise DataError(f"{text.strip()!r} is no layer; write a material and a thickness, such as 'lead 10 mm'")
    name, thickness = found.groups()
    return _checked(numbers, Layer(name, units.parse(thickness, "m")))


def _checked(numbers: Numbers, layer: Layer) -> Layer:
    """The layer under its own name, with a thickness that can be."""
    if not 0.0 <= layer.thickness_m <= THICKEST_M:
        raise DataError(f"a layer of {layer.thickness_m:g} m {layer.material}: it is from 0 to {THICKEST_M:g} m thick")
    return Layer(material(numbers, layer.material).name, layer.thickness_m)
