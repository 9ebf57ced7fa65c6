"""``twin physics nema``: what NEMA NU 4 measures, predicted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import say, show, table, write_json
from twin.cli.physics.quantities import asked, chosen, precision_of
from twin.cli.physics.sensitivity import ScannerArgument, Window, window_of
from twin.cli.progress import Waiting
from twin.cli.words import AsJson, require_place
from twin.errors import UsageError

if TYPE_CHECKING:
    from twin.physics.nema import Report
    from twin.physics.ring import Ring
    from twin.sources import Numbers

_NOTES = (
    "Predicted, nothing fitted; the bed under the phantom and the cover of the bore are assumed: 2 mm of acrylic each.",
    "Rates lean on the dead time of a block, which no paper states, and leave out losses of the electronics behind it.",
)
#: What the randoms cost: smoothed ones nothing more, delayed ones their own noise.
_NOISE = {"smooth": 1.0, "delayed": 2.0}


@answers
def nema(
    scanner: ScannerArgument,
    phantom: Annotated[str, typer.Option(metavar="mouse|rat", help="The scatter phantom.")] = "mouse",
    window: Window = None,
    nuclide: Annotated[str, typer.Option(metavar="NUCLIDE", help="What is in the line source.")] = "F-18",
    highest: Annotated[str, typer.Option(metavar="A", help="Rates are given up to this activity.")] = "500 MBq",
    randoms: Annotated[
        str, typer.Option(metavar="smooth|delayed", help="How they are known: T²/(T+S+R), or with 2R.")
    ] = "smooth",
    precision: Annotated[str, typer.Option(metavar="P", help="Relative standard error of the counts.")] = "1 %",
    plot: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Also draw the rates into a file.")] = None,
    as_json: AsJson = False,
) -> int:
    """Predict what NEMA NU 4 measures: sensitivity along the axis, scatter fraction, count rates."""
    require_place(plot, "--plot")
    answer = _answer(scanner, phantom, window, nuclide, highest, randoms, precision)
    if plot is not None:
        _draw(answer, plot)
    if as_json:
        write_json(answer)
    else:
        show([*_page(answer), *_NOTES])
    return 0


def _answer(
    scanner: str, name: str, window: str | None, nuclide: str, highest: str, randoms: str, precision: str
) -> dict[str, Any]:
    from dataclasses import replace

    from twin.physics import nema
    from twin.scenario.scanner_file import find_ring
    from twin.sources import default_numbers

    numbers = default_numbers()
    chosen(name, "--phantom", numbers.subjects("phantoms", "diameter"))
    noise, wanted = _NOISE[chosen(randoms, "--randoms", _NOISE)], precision_of(precision)
    ring = find_ring(scanner, numbers)
    if (window_kev := window_of(window)) is not None:
        ring = replace(ring, energy_window_kev=window_kev)
    highest_bq = asked(highest, "Bq", "--highest", least=1e3)
    with Waiting("following photons") as waiting:
        found = nema.report(ring, numbers, name, nuclide, wanted, highest_bq, noise, waiting.histories)
    return {
        **_of_the_ring(ring, found),
        **_of_the_phantom(found),
        **_sharpness(ring, nuclide, numbers),
        "rates": list(_rates(found)),
        "assumed": [row.key for row in numbers.assumed_used()],
        "sources": sorted(numbers.sources_used()),
    }


def _of_the_ring(ring: Ring, found: Report) -> dict[str, Any]:
    per_block = ring.energy_sum == "block"
    return {
        "scanner": ring.name,
        "window_kev": list(ring.energy_window_kev),
        "energy_sum": ring.energy_sum,
        "peak_sensitivity_pct": {
            "per_crystal": 100.0 * found.centre.per_crystal,
            "per_block": 100.0 * found.centre.per_block,
            "working": 100.0 * found.centre.working,
            "as_measured": 100.0 * found.as_measured,
        },
        "sensitivity_profile": [
            {"z_mm": 1e3 * float(z), "per_crystal_pct": 100.0 * float(one), "per_block_pct": 100.0 * float(other)}
            for z, one, other in zip(found.at_m, found.per_crystal, found.per_block, strict=True)
        ],
        "lutetium": {
            "activity_bq": found.background.activity_bq,
            "singles_per_s": found.background.singles_per_s[1 if per_block else 0],
            "coincidences_per_s": found.background.coincidences_per_s[1 if per_block else 0],
        },
    }


def _of_the_phantom(found: Report) -> dict[str, Any]:
    peak = found.rates.peak
    return {
        "phantom": found.phantom.name,
        "nuclide": found.nuclide,
        "scatter_fraction_pct": 100.0 * found.scatter_fraction,
        "scatter_fraction_true_pct": 100.0 * found.scatter_fraction_true,
        "prompt_gammas_per_decay": found.prompt_singles,
        "prompt_coincidences_pct": 100.0 * found.prompt_fraction,
        "necr_peak_kcps": None if peak is None else 1e-3 * peak[1],
        "necr_peak_mbq": None if peak is None else 1e-6 * peak[0],
    }


def _sharpness(ring: Ring, nuclide: str, numbers: Numbers) -> dict[str, Any]:
    """Radial resolution by distance from the axis, a line's image, recovery of rods; null for monoliths."""
    from twin.physics import profiles, resolution

    if resolution.is_monolithic(ring):
        return dict.fromkeys(("resolution_mm", "tenth_mm", "line_source_mm", "rod_recovery", "spill_over"))
    source_m = numbers.value("imaging.pet.test_source")
    at_mm = [r for r in (0, 5, 10, 15, 25) if r * 1e-3 < ring.diameter_m / 2.0]
    images = {str(r): resolution.blurred(ring, numbers, r * 1e-3, nuclide, source_m) for r in at_mm}
    blur = profiles.of(resolution.blurred(ring, numbers, 0.0, nuclide), resolution.BIN_M)
    return {
        "resolution_mm": {r: 1e3 * profiles.width_m(image, resolution.BIN_M) for r, image in images.items()},
        "tenth_mm": {r: 1e3 * profiles.width_m(image, resolution.BIN_M, 0.1) for r, image in images.items()},
        "line_source_mm": {"half": 1e3 * blur.line_source_m(), "tenth": 1e3 * blur.line_source_m(0.1)},
        "rod_recovery": {str(d): blur.rod_recovery(d * 1e-3) for d in (1, 2, 3, 4, 5)},
        "spill_over": blur.spill_over(8e-3),
    }


def _rates(found: Report) -> Iterator[dict[str, float]]:
    rates = found.rates
    for n, activity_bq in enumerate(rates.activity_bq):
        yield {
            "activity_mbq": 1e-6 * float(activity_bq),
            "trues_kcps": 1e-3 * float(rates.trues[n]),
            "scattered_kcps": 1e-3 * float(rates.scattered[n]),
            "randoms_kcps": 1e-3 * float(rates.randoms[n]),
            "necr_kcps": 1e-3 * float(rates.necr[n]),
            "singles_kcps": 1e-3 * float(rates.singles[n]),
            "live": float(rates.live[n]),
        }


def _page(answer: dict[str, Any]) -> Iterator[Any]:
    low, high = answer["window_kev"]
    peak = answer["peak_sensitivity_pct"]
    kcps, mbq = answer["necr_peak_kcps"], answer["necr_peak_mbq"]
    lutetium = answer["lutetium"]
    rows = [
        ("peak sensitivity, per crystal to per block", f"{peak['per_crystal']:.3g} to {peak['per_block']:.3g} %"),
        ("the same with the standard's source in its cube", f"{peak['as_measured']:.3g} %"),
        ("scatter fraction, by the standard's band", f"{answer['scatter_fraction_pct']:.3g} %"),
        ("scatter fraction, as the photons know it", f"{answer['scatter_fraction_true_pct']:.3g} %"),
        ("peak noise-equivalent rate", "still rising" if kcps is None else f"{kcps:.4g} kcps at {mbq:.3g} MBq"),
        ("176Lu in the crystals", f"{lutetium['activity_bq'] / 1e3:.3g} kBq"),
        (
            "its singles, its coincidences",
            f"{lutetium['singles_per_s']:.3g} /s, {lutetium['coincidences_per_s']:.3g} /s",
        ),
        *_prompt_rows(answer),
        *_sharp_rows(answer),
    ]
    title = f"{answer['scanner']}, {low:g}-{high:g} keV, {answer['phantom']} phantom, {answer['nuclide']}"
    yield table(("what", "value"), rows, right=(1,), title=title)


def _prompt_rows(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Of nuclides that have prompt gammas."""
    if answer["prompt_gammas_per_decay"] > 0.0:
        yield "prompt gammas in the window, per decay", f"{100.0 * answer['prompt_gammas_per_decay']:.3g} %"
        yield "coincidences of these with annihilation photons", f"{answer['prompt_coincidences_pct']:.3g} % of prompts"


def _sharp_rows(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    widths, rods = answer["resolution_mm"], answer["rod_recovery"]
    if widths is None:
        yield "radial resolution", "not modelled: monoliths"
        return
    yield f"radial resolution at {', '.join(widths)} mm", f"{_listed(widths)} mm"
    yield "the same at a tenth of the maximum", f"{_listed(answer['tenth_mm'])} mm"
    line = answer["line_source_mm"]
    yield "image of a thin line at the centre, half and tenth", f"{line['half']:.3g}, {line['tenth']:.3g} mm"
    yield f"recovery of rods of {', '.join(rods)} mm", ", ".join(f"{part:.2f}" for part in rods.values())
    yield "spill-over into a cold rod of 8 mm, by blur alone", f"{100 * answer['spill_over']:.2g} %"


def _listed(widths: dict[str, float]) -> str:
    return ", ".join(f"{width:.3g}" for width in widths.values())


def _draw(answer: dict[str, Any], file: Path) -> None:
    from dashboard.figures import countrates

    try:
        countrates.figure(answer["rates"]).write_html(file, include_plotlyjs=True)
    except OSError as error:
        raise UsageError(f"--plot {file} cannot be written: {error.strerror}") from None
    say(f"drawn: {file}")
