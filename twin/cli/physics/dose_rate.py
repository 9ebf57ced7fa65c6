"""``twin physics dose-rate``: the dose rate beside a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.quantities import Activity, Nuclide, asked
from twin.cli.words import AsJson

if TYPE_CHECKING:
    from twin.sources import Numbers

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
    """Say the dose rate of photons beside a point source."""
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
) -> tuple[dict[str, float], str]:
    """Rates by quantity [Gy/s, Sv/s], none where there is nothing to tell, and how they were found."""
    from twin.physics import dose_rate, geometry, shielding

    spectrum, bremsstrahlung = dose_rate.counted(numbers, nuclide, progeny)
    layers = shielding.wall(numbers, shield) if shield is not None else ()
    spread = float(geometry.point_per_m2(distance_m)) * activity_bq
    reach_kev = _reaching_kev(numbers, nuclide, distance_m, progeny) if not layers else None
    if not spectrum.energy_kev.size:
        return {}, _method(numbers, nuclide, progeny, bremsstrahlung, None, reach_kev)
    rates, used = {}, None
    for quantity in QUANTITIES:
        found = shielding.shield(numbers, nuclide, layers, quantity, progeny=progeny) if layers else None
        used = found.method if found else None
        passed = found.transmission if found else 1.0
        rates[quantity] = dose_rate.constant_of(spectrum, quantity) * spread * passed
    wall = None if used is None else f"{shield}: {shielding.NAMES[used]}"
    return rates, _method(numbers, nuclide, progeny, bremsstrahlung, wall, reach_kev)


def _reaching_kev(numbers: Numbers, nuclide: str, distance_m: float, progeny: bool) -> float | None:
    """The highest energy of its electrons, if some get so far through air."""
    from twin.physics import electrons, emissions
    from twin.physics.materials import material

    energies = emissions.electrons(numbers, nuclide, progeny).energy_kev
    if not energies.size:
        return None
    most_kev = float(energies.max())
    through = float(electrons.range_kg_per_m2(numbers, most_kev))
    return most_kev if through > distance_m * material(numbers, "air").density_kg_m3 else None


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
    parts += ["photons only"]
    if reach_kev is not None:
        parts += [
            f"electrons of up to {reach_kev:.0f} keV get so far and are not in it: bare skin and eyes get far more"
        ]
    return "; ".join(parts)


def _doses(numbers: Numbers, nuclide: str, rates: dict[str, float], duration_s: float) -> dict[str, float]:
    from twin.physics import decay, dose_rate

    per_s = decay.decay_constant_per_s(numbers, nuclide)
    return {quantity: float(dose_rate.dose(rate, per_s, duration_s)) for quantity, rate in rates.items()}


def _record(rates: dict[str, float], doses: dict[str, float] | None, method: str) -> dict[str, Any]:
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


def _show(rates: dict[str, float], doses: dict[str, float] | None, method: str) -> None:
    """A table, or a sentence where no photon comes out."""
    if not rates:
        show(["not modelled: there are no photons that count.", method])
        return
    columns = ("quantity", "rate") if doses is None else ("quantity", "rate", "dose")
    cells = [(QUANTITIES[q], *_cells(q, rate, (doses or {}).get(q))) for q, rate in rates.items()]
    show([table(columns, cells, right=(1, 2)), method])


def _cells(quantity: str, rate: float, dose: float | None) -> tuple[str, ...]:
    """Kerma is in gray."""
    from twin.units import fmt

    unit = "Gy" if quantity == "air_kerma" else "Sv"
    shown = fmt(rate, f"{unit}/s", f"u{unit}/h", digits=4)
    return (shown,) if dose is None else (shown, fmt(dose, unit, f"u{unit}", digits=4))
