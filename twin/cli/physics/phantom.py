"""``twin physics phantom``: photons from the centre of a body, what leaves it and what stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.quantities import asked, chosen, precision_of
from twin.cli.progress import Waiting
from twin.cli.words import AsJson
from twin.errors import DataError

if TYPE_CHECKING:
    from twin.physics.scene import Triple
    from twin.physics.transport import Passage

#: What leaves above these energies is told [keV], as far as the photons have them.
ABOVE_KEV = (50, 100, 150, 200, 250, 300, 350, 400, 425, 450, 500, 750, 1000, 1500, 2000, 2500)
#: Shape on the command line -> shape of the body, and its half widths from diameter and length.
SHAPES: dict[str, tuple[str, Callable[[float, float], Triple]]] = {
    "cylinder": ("cylinder", lambda diameter, length: (diameter / 2, diameter / 2, length / 2)),
    "sphere": ("ellipsoid", lambda diameter, _: (diameter / 2, diameter / 2, diameter / 2)),
    "ellipsoid": ("ellipsoid", lambda diameter, length: (diameter / 2, diameter / 2, length / 2)),
    "box": ("box", lambda diameter, length: (diameter / 2, diameter / 2, length / 2)),
}

Energy = Annotated[str, typer.Option(metavar="E", help="Energy of the photons, such as '511 keV'.")]
Precision = Annotated[str, typer.Option(metavar="P", help="Relative standard error of the energy that stays.")]


@answers
def phantom(
    energy: Energy,
    diameter: Annotated[str, typer.Option(metavar="D", help="Width across, such as '25 mm'.")],
    shape: Annotated[str, typer.Option(metavar="|".join(SHAPES), help="Shape of the body.")] = "cylinder",
    length: Annotated[str | None, typer.Option(metavar="L", help="Along the axis; the diameter unless given.")] = None,
    material: Annotated[str, typer.Option(metavar="M", help="A material of the table.")] = "water",
    precision: Precision = "0.1 %",
    as_json: AsJson = False,
) -> int:
    """Follow photons of one energy from the centre of a body: how many leave, with which energy, what stays."""
    chosen(shape, "--shape", SHAPES)
    across_m = _width(diameter, "--diameter")
    along_m = across_m if length is None else _width(length, "--length")
    found = _passage(shape, across_m, along_m, material, asked(energy, "keV", "--energy"), precision_of(precision))
    answer = _answer(found, asked(energy, "keV", "--energy"))
    if as_json:
        write_json(answer)
    else:
        size = diameter if shape == "sphere" else f"{diameter} x {length or diameter}"
        _show(answer, f"{energy} from the centre of a {shape} of {material}, {size}")
    return 0


def _width(text: str, option: str) -> float:
    """A width that is not zero."""
    value = asked(text, "m", option)
    if value == 0.0:
        raise DataError(f"{option} {text!r} is nothing; a body has a width")
    return value


def _passage(shape: str, across_m: float, along_m: float, name: str, energy_kev: float, precision: float) -> Passage:
    from twin.physics import transport
    from twin.physics.materials import material
    from twin.physics.scene import Body, Emitter
    from twin.sources import default_numbers

    kind, half = SHAPES[shape]
    body = Body(kind, half(across_m, along_m), material(default_numbers(), name))
    with Waiting("following photons") as waiting:
        return transport.passage([body], [Emitter()], energy_kev, precision, progress=waiting.histories)


def _answer(found: Passage, energy_kev: float) -> dict[str, Any]:
    return {
        "unscattered": found.unscattered,
        "escape_above": {str(kev): found.above(kev) for kev in ABOVE_KEV if kev < energy_kev},
        "deposit_kev_per_photon": float(found.deposit_kev[0]),
        "relative_error": found.relative_error,
        "photons": found.photons,
        "seconds": found.seconds,
        "photons_per_second": found.photons / found.seconds,
    }


def _show(answer: dict[str, Any], title: str) -> None:
    rows = [
        ("leave unscattered", f"{100 * answer['unscattered']:.3f} %"),
        *((f"leave above {kev} keV", f"{100 * part:.3f} %") for kev, part in answer["escape_above"].items()),
        ("energy that stays, per photon", f"{answer['deposit_kev_per_photon']:.3f} keV"),
        ("its relative standard error", f"{100 * answer['relative_error']:.3f} %"),
    ]
    quick = f"{answer['photons']} photons, {answer['photons_per_second'] / 1e6:.1f} million a second of one processor."
    show(
        [
            table(("what", "value"), rows, right=(1,), title=title),
            f"Photons only: electrons stay where they begin. {quick}",
        ]
    )
