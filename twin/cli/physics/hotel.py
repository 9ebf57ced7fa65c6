"""``twin physics hotel``: each place of a bed against the centre of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.quantities import precision_of
from twin.cli.physics.sensitivity import ScannerArgument
from twin.cli.progress import Waiting
from twin.cli.words import AsJson

if TYPE_CHECKING:
    from twin.scanners.beds import Places


@answers
def hotel(
    scanner: ScannerArgument,
    bed: Annotated[str, typer.Option(metavar="BED", help="A bed of the table, such as mouse_4.")],
    precision: Annotated[str, typer.Option(metavar="P", help="Relative standard error of a place's counts.")] = "1 %",
    as_json: AsJson = False,
) -> int:
    """Say what a scanner sees of each place of a bed, beside one animal alone at the centre."""
    from twin.scanners import beds
    from twin.scenario.scanner_file import find_ring
    from twin.sources import default_numbers

    numbers = default_numbers()
    ring, on, wanted = find_ring(scanner, numbers), beds.bed(numbers, bed), precision_of(precision)
    with Waiting("following photons") as waiting:
        found = beds.places(ring, on, numbers, wanted, waiting.histories)
    answer = {
        "scanner": ring.name,
        "window_kev": list(ring.energy_window_kev),
        "energy_sum": ring.energy_sum,
        "bed": on.name,
        "in_air_at_centre_pct": 100.0 * found.in_air_at_centre,
        "trues_alone_pct": 100.0 * found.trues_alone,
        "relative_error": found.relative_error,
        "places": [_place(found, n) for n in range(len(on.places_m))],
        "assumed": [row.key for row in numbers.assumed_used()],
        "sources": sorted(numbers.sources_used()),
    }
    if as_json:
        write_json(answer)
    else:
        _show(answer)
    return 0


def _place(found: Places, n: int) -> dict[str, Any]:
    x, y = found.bed.places_m[n]
    prompts = found.trues[n] + found.scattered[n]
    return {
        "x_mm": 1e3 * x,
        "y_mm": 1e3 * y,
        "in_air_pct": 100.0 * float(found.in_air[n]),
        "in_air_to_centre": float(found.in_air[n] / found.in_air_at_centre),
        "trues_pct": 100.0 * float(found.trues[n]),
        "trues_to_alone": float(found.trues[n] / found.trues_alone),
        "scatter_fraction_pct": 100.0 * float(found.scattered[n] / prompts),
        "singles_pct": 100.0 * float(found.singles[n]),
    }


def _show(answer: dict[str, Any]) -> None:
    low, high = answer["window_kev"]
    heads = ("x [mm]", "y [mm]", "in air [%]", "of the centre", "trues [%]", "of one alone", "scattered [%]")
    keys = ("x_mm", "y_mm", "in_air_pct", "in_air_to_centre", "trues_pct", "trues_to_alone", "scatter_fraction_pct")
    rows = [tuple(f"{place[key]:.3g}" for key in keys) for place in answer["places"]]
    title = f"{answer['scanner']}, {low:g}-{high:g} keV, bed {answer['bed']}: each place, per annihilation there"
    alone = f"One animal alone at the centre, without a tube: {answer['trues_alone_pct']:.3g} % trues."
    why = (
        "Places, tubes and animals of the bed, and the cover of the bore, are assumed; every animal attenuates and "
        "scatters for the others."
    )
    error, count = answer["relative_error"], len(rows)
    known = (
        f"Relative standard error: {error:.1%} of all coincidences, about {error * count**0.5:.1%} of those of a place."
    )
    show([table(heads, rows, right=range(len(heads)), title=title), known, alone, why])
