"""``twin physics sensitivity``: which part of annihilation pairs a PET ring detects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.quantities import asked, precision_of
from twin.cli.progress import Waiting
from twin.cli.words import AsJson
from twin.errors import DataError, UnitError

if TYPE_CHECKING:
    from twin.physics.ring import Ring

ScannerArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="SCANNER|FILE", help="A scanner with a known ring, or a YAML file that describes one.")
]
Window: TypeAlias = Annotated[
    str | None, typer.Option(metavar="'LOW-HIGH keV'", help="Energy window; the scanner's own unless given.")
]
_RANGE = re.compile(r"\s*([^-\s]+)\s*([A-Za-z]*)\s*(?:-|to)\s*([^-\s]+)\s+([A-Za-z]+)\s*")


@answers
def sensitivity(
    scanner: ScannerArgument,
    window: Window = None,
    at: Annotated[
        str, typer.Option(metavar="'X,Y,Z mm'", help="Place of the source; z is along the axis.")
    ] = "0,0,0 mm",
    precision: Annotated[str, typer.Option(metavar="P", help="Relative standard error.")] = "0.5 %",
    as_json: AsJson = False,
) -> int:
    """Say which part of the annihilation pairs of a point source in air a PET ring detects, from its geometry alone."""
    from twin.physics import detection
    from twin.scenario.scanner_file import find_ring
    from twin.sources import default_numbers

    numbers = default_numbers()
    ring, window_kev, at_m, wanted = find_ring(scanner, numbers), window_of(window), place(at), precision_of(precision)
    with Waiting("following photons") as waiting:
        found = detection.sensitivity(ring, at_m, wanted, window_kev=window_kev, progress=waiting.histories)
    answer: dict[str, Any] = {
        "scanner": ring.name,
        "window_kev": list(window_kev or ring.energy_window_kev),
        "at_m": list(at_m),
        "energy_sum": ring.energy_sum,
        "per_crystal_pct": 100.0 * found.per_crystal,
        "per_block_pct": 100.0 * found.per_block,
        "working_pct": 100.0 * found.working,
        "relative_error": found.relative_error,
        "pairs": found.pairs,
        "seconds": found.seconds,
        "assumed": [row.key for row in numbers.assumed_used()],
        "sources": sorted(numbers.sources_used()),
    }
    if as_json:
        write_json(answer)
    else:
        _show(answer, ring)
    return 0


def window_of(text: str | None) -> tuple[float, float] | None:
    """``"250-750 keV"`` in keV."""
    from twin.physics.attenuation import HIGHEST_KEV

    if text is None:
        return None
    found = _RANGE.fullmatch(text)
    if found is None:
        raise DataError(f"--window {text!r} is no window; write such as '250-750 keV'")
    low, high = (
        asked(f"{value} {unit}", "keV", "--window")
        for value, unit in ((found[1], found[2] or found[4]), found.group(3, 4))
    )
    if not 0.0 <= low < high:
        raise DataError(f"--window {text!r}: the lower end is not below the upper one")
    if low >= 511.0:
        raise DataError(f"--window {text!r} is outside the spectrum: annihilation photons have 511 keV")
    if high > HIGHEST_KEV:
        raise DataError(f"--window {text!r}: no window reaches beyond {HIGHEST_KEV:g} keV, where the spectrum ends")
    return low, high


def place(text: str) -> tuple[float, float, float]:
    """``"0,0,20 mm"`` in metre."""
    from twin import units

    numbers, _, unit = text.strip().rpartition(" ")
    parts = [part.strip() for part in numbers.split(",")]
    if len(parts) != 3:
        raise DataError(f"--at {text!r} is no place; write such as '0,0,20 mm'")
    try:
        x, y, z = (units.parse(f"{part} {unit}", "m") for part in parts)
    except UnitError as error:
        raise DataError(f"--at {text!r}: {error}") from None
    return x, y, z


def _show(answer: dict[str, Any], ring: Ring) -> None:
    low, high = answer["window_kev"]
    rows = [
        ("energy summed per crystal", f"{answer['per_crystal_pct']:.3g} %"),
        ("energy summed per block", f"{answer['per_block_pct']:.3g} %"),
        (f"working value (per {ring.energy_sum})", f"{answer['working_pct']:.3g} %"),
        ("its relative standard error", f"{100 * answer['relative_error']:.2f} %"),
    ]
    title = f"{ring.name}, {low:g}-{high:g} keV: detected part of annihilation pairs, in air"
    lines = [table(("what", "value"), rows, right=(1,), title=title), _WHY, _NEMA]
    if answer["assumed"]:
        lines.append(f"Assumed: {', '.join(key.rpartition('.')[2] for key in answer['assumed'])}.")
    show(lines)


_NEMA = "A source in acrylic, as NEMA NU 4 has it, is seen less well: `twin physics nema` tells both."
_WHY = "How a block sums the energy of its crystals is not published: the truth lies between the two."
