"""``twin physics transmission``: what passes a layer."""

from __future__ import annotations

import math
from typing import Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.phantom import Energy
from twin.cli.physics.quantities import asked, precision_of
from twin.cli.progress import Waiting
from twin.cli.words import AsJson

#: Of a thicker layer so few photons come out that following them one by one tells nothing.
THICKEST = 12.0


@answers
def transmission(
    energy: Energy,
    material: Annotated[str, typer.Option(metavar="M", help="A material of the table, such as lead.")],
    thickness: Annotated[str, typer.Option(metavar="T", help="Thickness of the layer, such as '10 mm'.")],
    broad: Annotated[bool, typer.Option("--broad", help="Also a broad beam: with what is scattered forward.")] = False,
    precision: Annotated[str, typer.Option(metavar="P", help="Relative standard error for the broad beam.")] = "1 %",
    as_json: AsJson = False,
) -> int:
    """Say which part of a beam passes a layer: narrow (unscattered), and broad if asked for."""
    energy_kev, thickness_m = asked(energy, "keV", "--energy"), asked(thickness, "m", "--thickness")
    found = _narrow(material, energy_kev, thickness_m)
    if broad:
        found |= _broad(material, energy_kev, thickness_m, precision_of(precision), found["mean_free_paths"])
    if as_json:
        write_json(found)
    else:
        _show(found, f"{energy} through {thickness} of {material}")
    return 0


def _narrow(name: str, energy_kev: float, thickness_m: float) -> dict[str, Any]:
    from twin.physics import attenuation
    from twin.physics.materials import material
    from twin.sources import default_numbers

    numbers = default_numbers()
    one = material(numbers, name)
    parts = attenuation.coefficients(one, energy_kev)
    per_m = float(attenuation.linear_per_m(one, energy_kev)[0])
    return {
        "material": one.name,
        "density_kg_m3": one.density_kg_m3,
        "energy_kev": energy_kev,
        "thickness_m": thickness_m,
        "narrow": math.exp(-per_m * thickness_m),
        "mean_free_paths": per_m * thickness_m,
        "attenuation_per_m": per_m,
        "half_value_layer_m": math.log(2.0) / per_m,
        "by_process_m2_per_kg": {process: float(values[0]) for process, values in parts._asdict().items()},
        "sources": sorted({"xcom", *numbers.sources_used()}),
    }


def _broad(name: str, energy_kev: float, thickness_m: float, precision: float, paths: float) -> dict[str, Any]:
    """What the broad beam adds; null where so little comes through that photons cannot be counted."""
    from twin.physics import transport
    from twin.physics.materials import material
    from twin.sources import default_numbers

    if paths > THICKEST or thickness_m == 0.0:
        whole = 1.0 if thickness_m == 0.0 else None
        return {"broad_photons": whole, "broad_energy": whole, "buildup_photons": whole, "relative_error": None}
    with Waiting("following photons") as waiting:
        found = transport.broad(
            material(default_numbers(), name), energy_kev, thickness_m, precision, progress=waiting.histories
        )
    return {
        "broad_photons": found.photons,
        "broad_energy": found.energy,
        "buildup_photons": found.photons / math.exp(-paths),
        "relative_error": found.relative_error if math.isfinite(found.relative_error) else None,
    }


def _show(found: dict[str, Any], title: str) -> None:
    rows = [
        ("narrow beam", f"{found['narrow']:.4g}"),
        ("attenuation coefficient", f"{found['attenuation_per_m'] / 100:.5g} /cm"),
        ("half-value layer, narrow beam", f"{found['half_value_layer_m'] * 1e3:.4g} mm"),
    ]
    if "broad_photons" in found:
        rows += [(what, _said(found[key])) for what, key in _BROAD]
    show([table(("what", "value"), rows, right=(1,), title=title)])


_BROAD = (
    ("broad beam, photons", "broad_photons"),
    ("broad beam, energy", "broad_energy"),
    ("buildup of photons", "buildup_photons"),
    ("relative standard error", "relative_error"),
)


def _said(value: float | None) -> str:
    return "not modelled: too thick" if value is None else f"{value:.4g}"
