"""``twin physics dose-rate``: the dose rate beside a source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.quantities import Activity, Nuclide, asked
from twin.cli.words import AsJson

if TYPE_CHECKING:
    from twin.physics.shielding import Layer
    from twin.sources import Numbers

#: In front of the lens, at 3 mm, as water.
LENS_KG_PER_M2 = 3.0
QUANTITIES = {"air_kerma": "air kerma", "h10": "H*(10)", "hp10": "Hp(10)", "hp007": "Hp(0.07)", "hp3": "Hp(3)"}


@answers
def dose_rate(
    nuclide: Nuclide,
    activity: Activity,
    distance: Annotated[str, typer.Option(metavar="D", help="From the source, such as '30 cm'.")],
    shield: Annotated[
        str | None, typer.Option(metavar="WALL", help="Such as 'lead 10 mm' or 'concrete 20 cm + lead 2 mm'.")
    ] = None,
    time: Annotated[str | None, typer.Option(metavar="T", help="Also the dose in that time, with decay.")] = None,
    no_progeny: Annotated[bool, typer.Option("--no-progeny", help="The nuclide alone, without progeny.")] = False,
    as_json: AsJson = False,
) -> int:
    """Say the dose rate beside a point source: photons, and electrons on bare skin."""
    from twin.sources import default_numbers

    numbers = default_numbers()
    duration_s = None if time is None else asked(time, "s", "--time")
    rates, method = _rates(
        numbers,
        nuclide,
        asked(activity, "Bq", "--activity"),
        asked(distance, "m", "--distance"),
        shield,
        not no_progeny,
    )
    doses = None if duration_s is None else _doses(numbers, nuclide, rates, duration_s)
    if as_json:
        write_json(_record(rates, doses, method))
    else:
        _show(rates, doses, method)
    return 0


def _rates(
    numbers: Numbers, nuclide: str, activity_bq: float, distance_m: float, shield: str | None, progeny: bool
) -> tuple[dict[str, float | None], str]:
    """Rates by quantity [Gy/s, Sv/s], None where electrons get in that are not modelled, and how they were found.

    There are none where there is nothing to tell.
    """
    from twin.physics import beta_skin, dose_rate, geometry, shielding

    spectrum, bremsstrahlung = dose_rate.counted(numbers, nuclide, progeny)
    layers = shielding.wall(numbers, shield) if shield is not None else ()
    spread = float(geometry.point_per_m2(distance_m)) * activity_bq
    before = _mass_before(numbers, distance_m, layers)
    reach_kev = _reaching_kev(numbers, nuclide, before, progeny)
    if not spectrum.energy_kev.size:
        return {}, _method(numbers, nuclide, progeny, bremsstrahlung, None, reach_kev)
    rates: dict[str, float | None] = {}
    used = None
    for quantity in QUANTITIES:
        found = shielding.shield(numbers, nuclide, layers, quantity, progeny=progeny) if layers else None
        used = found.method if found else None
        passed = found.transmission if found else 1.0
        rates[quantity] = dose_rate.constant_of(spectrum, quantity) * spread * passed
    if reach_kev is not None:
        photons = rates["hp007"]
        assert photons is not None
        electrons = None if layers else beta_skin.point_rate(numbers, nuclide, activity_bq, distance_m, progeny)
        rates["hp007"] = None if electrons is None else photons + electrons
    if _reaching_kev(numbers, nuclide, before + LENS_KG_PER_M2, progeny) is not None:
        rates["hp3"] = None
    wall = None if used is None else f"{shield}: {shielding.NAMES[used]}"
    return rates, _method(numbers, nuclide, progeny, bremsstrahlung, wall, reach_kev)


def _mass_before(numbers: Numbers, distance_m: float, layers: Sequence[Layer]) -> float:
    """Air and walls on the way, for each area [kg/m2]."""
    from twin.physics.materials import material

    walls = [layer.thickness_m * material(numbers, layer.material).density_kg_m3 for layer in layers]
    return distance_m * material(numbers, "air").density_kg_m3 + sum(walls)


def _reaching_kev(numbers: Numbers, nuclide: str, before_kg_per_m2: float, progeny: bool) -> float | None:
    """The highest energy of its electrons, if some get through so much, taken as water."""
    from twin.physics import electrons

    most_kev = electrons.hardest_kev(numbers, nuclide, progeny)
    return most_kev if float(electrons.range_kg_per_m2(numbers, most_kev)) > before_kg_per_m2 else None


def _method(
    numbers: Numbers, nuclide: str, progeny: bool, bremsstrahlung: bool, wall: str | None, reach_kev: float | None
) -> str:
    """How, in words."""
    from twin.physics import chains

    cutoff_kev = numbers.value("dose.photon_cutoff")
    members = list(chains.equilibrium(numbers, nuclide))[1:]
    grown = f"progeny in equilibrium: {', '.join(members)}" if progeny and members else "no progeny"
    parts = [f"point source, lines of ICRP-107 from {cutoff_kev:g} keV", "coefficients of ICRP 74", grown]
    parts += ["bremsstrahlung in water"] if bremsstrahlung else []
    parts += [wall] if wall else []
    parts += ["photons only" if reach_kev is None else _electrons_too(reach_kev, wall is not None)]
    return "; ".join(parts)


def _electrons_too(reach_kev: float, walled: bool) -> str:
    what = "they are not modelled behind a wall" if walled else "Hp(0.07) of bare skin has them, of a bare point"
    return (
        f"photons only, but electrons of up to {reach_kev:.0f} keV get so far: {what}; "
        "Hp(3) is not modelled where they reach the lens"
    )


def _doses(
    numbers: Numbers, nuclide: str, rates: dict[str, float | None], duration_s: float
) -> dict[str, float | None]:
    from twin.physics import decay, dose_rate

    per_s = decay.decay_constant_per_s(numbers, nuclide)
    return {
        quantity: None if rate is None else float(dose_rate.dose(rate, per_s, duration_s))
        for quantity, rate in rates.items()
    }


def _record(rates: dict[str, float | None], doses: dict[str, float | None] | None, method: str) -> dict[str, Any]:
    """Nothing is null, not 0."""
    from twin import units

    return {
        "air_kerma_uGy_per_h": _scaled(rates.get("air_kerma"), units.factor("Gy/s", "uGy/h")),
        "h10_uSv_per_h": _scaled(rates.get("h10"), units.factor("Sv/s", "uSv/h")),
        "h10_uSv": _scaled((doses or {}).get("h10"), units.factor("Sv", "uSv")),
        "method": method,
    }


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _show(rates: dict[str, float | None], doses: dict[str, float | None] | None, method: str) -> None:
    """A table, or a sentence where no photon comes out."""
    if not rates:
        show(["not modelled: there are no photons that count.", method])
        return
    columns = ("quantity", "rate") if doses is None else ("quantity", "rate", "dose")
    cells = [(QUANTITIES[q], *_cells(q, rate, None if doses is None else (doses[q],))) for q, rate in rates.items()]
    show([table(columns, cells, right=(1, 2)), method])


def _cells(quantity: str, rate: float | None, dose: tuple[float | None] | None) -> tuple[str, ...]:
    """Kerma is in gray."""
    unit = "Gy" if quantity == "air_kerma" else "Sv"
    shown = _cell(rate, f"{unit}/s", f"u{unit}/h")
    return (shown,) if dose is None else (shown, _cell(dose[0], unit, f"u{unit}"))


def _cell(value: float | None, unit: str, shown: str) -> str:
    from twin.units import fmt

    return "not modelled" if value is None else fmt(value, unit, shown, digits=4)
