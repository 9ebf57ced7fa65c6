"""``twin physics shield``: how thick a wall must be."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.quantities import Nuclide
from twin.cli.words import AsJson


@answers
def shield(
    nuclide: Nuclide,
    material: Annotated[str, typer.Option(metavar="M", help="Such as lead, concrete, steel, tungsten.")],
    transmission: Annotated[str, typer.Option(metavar="T", help="The part that may pass, such as 0.1 or '10 %'.")],
    as_json: AsJson = False,
) -> int:
    """Say how thick a wall must be for a part of the photons' air kerma to pass, by every method that is known."""
    found = _found(nuclide, material, transmission)
    if as_json:
        write_json(found)
    else:
        _show(found)
    return 0


def _found(nuclide: str, material: str, transmission: str) -> dict[str, Any]:
    """The answer as plain data; the best method first."""
    from twin import units
    from twin.physics import decay, electrons, materials, shielding
    from twin.sources import default_numbers

    numbers = default_numbers()
    part = _part(units.parse, transmission)
    wall = materials.material(numbers, material)
    own = wall.name
    by_method = {
        method: shielding.thickness_m(numbers, nuclide, own, part, method)
        for method in shielding.methods(numbers, nuclide, [own])
    }
    best = next(iter(by_method))
    return {
        "nuclide": decay.canonical(numbers, nuclide),
        "material": own,
        "transmission": part,
        "thickness_mm": by_method[best] * 1000.0,
        "method": shielding.NAMES[best],
        "by_method_mm": {method: value * 1000.0 for method, value in by_method.items()},
        "electrons_most_keV": electrons.hardest_kev(numbers, nuclide),
        "electrons_stopped_by_mm": electrons.stopped_by_m(numbers, nuclide, wall.density_kg_m3) * 1000.0,
        "value_layers_mm": {
            name: value * 1000.0 for name, value in shielding.value_layers_m(numbers, nuclide, own).items()
        },
    }


def _part(parse: Any, text: str) -> float:
    """``0.1`` as well as ``10 %``."""
    return float(parse(text, "1"))


def _show(found: dict[str, Any]) -> None:
    from twin.physics.shielding import NAMES

    rows = [(NAMES[method], f"{value:.4g} mm") for method, value in found["by_method_mm"].items()]
    title = f"{found['material']} that lets {found['transmission']:g} of {found['nuclide']} pass"
    layers = ", ".join(f"{name.upper()} {value:.4g} mm" for name, value in found["value_layers_mm"].items())
    told = [f"By the first: {layers}.", *_electrons(found["electrons_most_keV"], found["electrons_stopped_by_mm"])]
    show([table(("method", "thickness"), rows, right=(1,), title=title), *told])


def _electrons(most_kev: float, stopped_by_mm: float) -> list[str]:
    """What stops them, where there are any."""
    if not most_kev:
        return []
    group = f"{most_kev:.4g} keV, the mean of the hardest of their groups"
    return [
        f"That is of photons. Its electrons stop in {stopped_by_mm:.2g} mm (range of {group}, by mass as in water)."
    ]
