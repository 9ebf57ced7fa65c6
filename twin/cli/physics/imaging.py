"""``twin physics spect``, ``ct``, ``optical`` and ``mri``: what an image of these costs and yields."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.answers import answers
from twin.cli.output import show, table, write_json
from twin.cli.physics.quantities import asked, chosen
from twin.cli.physics.sensitivity import place
from twin.cli.progress import Waiting
from twin.cli.words import AsJson
from twin.errors import DataError, UsageError

if TYPE_CHECKING:
    from twin.physics.collimators import Collimator
    from twin.physics.spect import View
    from twin.sources import Numbers

#: Wider than that is no animal of the catalogue.
_WIDEST_M = 1.0
#: More signal than that over noise has no image.
_HIGHEST_SNR = 1e6


@answers
def spect(
    collimator: Annotated[
        str,
        typer.Argument(
            metavar="COLLIMATOR|MODEL", help="Such as inveon_single_05 (`twin list collimators`), or a model of SPECT."
        ),
    ],
    nuclide: Annotated[str, typer.Option(metavar="NUCLIDE", help="What is in the animal.")] = "Tc-99m",
    at: Annotated[str, typer.Option(metavar="'X,Y,Z mm'", help="Place, from the common focus.")] = "0,0,0 mm",
    animal: Annotated[str, typer.Option(metavar="D", help="Diameter of the animal around it; 0 mm: in air.")] = "0 mm",
    activity: Annotated[str, typer.Option(metavar="A", help="At the place.")] = "1 MBq",
    time: Annotated[str, typer.Option(metavar="T", help="Of the scan, all projections together.")] = "30 min",
    as_json: AsJson = False,
) -> int:
    """Predict counts and resolution of a single-photon scan, window by window."""
    from twin.physics import collimators
    from twin.physics import spect as physics
    from twin.sources import default_numbers

    numbers = default_numbers()
    one = collimators.collimator(numbers, _of_model(numbers, collimator))
    with Waiting("following photons"):
        seen = physics.view(one, numbers, nuclide, place(at), _width_m(animal))
    rate = seen.counts_per_decay * asked(activity, "Bq", "--activity")
    answer = {
        "collimator": one.name,
        "nuclide": nuclide,
        "cps_per_mbq": 1e6 * seen.counts_per_decay,
        "counts": rate * asked(time, "s", "--time"),
        "resolution_mm": 1e3 * seen.resolution_m,
        "windows": [
            {
                "low_kev": w.low_kev,
                "high_kev": w.high_kev,
                "photons_per_decay": w.per_decay,
                "passes_collimator_pct": 100.0 * w.passed,
                "detected_pct": 100.0 * w.detected,
                "leaves_animal_pct": 100.0 * w.leaves,
                "cps_per_mbq": 1e6 * w.counts_per_decay,
            }
            for w in seen.windows
        ],
    }
    rows = [("sensitivity", f"{answer['cps_per_mbq']:.4g} cps/MBq"), ("counts", f"{answer['counts']:.4g}")]
    if seen.fog_per_decay > 0.0:
        rows.append(("beside the image, through walls", f"{1e6 * seen.fog_per_decay:.4g} cps/MBq"))
    rows += [("resolution of a projection at the focus", f"{answer['resolution_mm']:.3g} mm")]
    for w in seen.windows:
        rows.append((f"window {w.low_kev:.0f}-{w.high_kev:.0f} keV", f"{1e6 * w.counts_per_decay:.4g} cps/MBq"))
    return _say({**answer, **_beside(one, seen)}, rows, numbers, f"{one.name}, {nuclide}", as_json)


def _of_model(numbers: Numbers, name: str) -> str:
    """The collimator of a machine of the catalogue; any other name is that of a collimator."""
    key = f"catalogue.{name}.collimator"
    return numbers.text(key) if numbers.has(key) else name


def _width_m(animal: str) -> float:
    """Of the animal around the place."""
    width_m = asked(animal, "m", "--animal")
    if width_m > _WIDEST_M:
        raise DataError(f"--animal {animal!r}: an animal is at most {_WIDEST_M:g} m wide")
    return width_m


def _beside(one: Collimator, seen: View) -> dict[str, Any]:
    """What comes through walls beside the image, and what to tell of walls and edges."""
    told = filter(None, (one.warning(w.energy_kev) for w in seen.windows))
    return {"through_walls_cps_per_mbq": 1e6 * seen.fog_per_decay, "warnings": list(told)}


@answers
def ct(
    voltage: Annotated[str, typer.Option(metavar="U", help="Of the tube, such as '50 kV'.")] = "50 kV",
    current: Annotated[str | None, typer.Option(metavar="I", help="Of the tube; 500 uA unless given.")] = None,
    time: Annotated[str | None, typer.Option(metavar="T", help="With the beam on; 60 s unless given.")] = None,
    filters: Annotated[
        list[str] | None, typer.Option("--filter", metavar="'M T'", help="A filter, such as 'aluminium 0.5 mm'; again.")
    ] = None,
    voxel: Annotated[str, typer.Option(metavar="A", help="Edge of a voxel.")] = "0.1 mm",
    animal: Annotated[str, typer.Option(metavar="D", help="Diameter of the animal.")] = "25 mm",
    distance: Annotated[str | None, typer.Option(metavar="R", help="Focus to axis; the table's unless given.")] = None,
    noise: Annotated[float | None, typer.Option(metavar="HU", help="Ask for the dose of this noise instead.")] = None,
    as_json: AsJson = False,
) -> int:
    """Predict dose and noise of a micro-CT scan from the settings of the tube."""
    from dataclasses import replace

    from twin.physics import ct as physics
    from twin.sources import default_numbers

    numbers = default_numbers()
    scan = physics.CtScan(
        voltage_kv=asked(voltage, "V", "--voltage") / 1e3,
        exposure_c=asked(current or "500 uA", "A", "--current") * asked(time or "60 s", "s", "--time"),
        voxel_m=asked(voxel, "m", "--voxel"),
        animal_m=asked(animal, "m", "--animal"),
        source_to_axis_m=numbers.value("imaging.ct.source_to_axis")
        if distance is None
        else asked(distance, "m", "--distance"),
        filters_m=dict(map(_filter, filters or ["aluminium 0.5 mm"])),
    )
    if noise is not None:
        if current is not None or time is not None:
            raise UsageError("--noise asks for current and time; leave --current and --time out")
        if not 0.0 < noise < math.inf:
            raise UsageError(f"--noise {noise:g}: a noise is above zero, and finite")
        scan = replace(scan, exposure_c=physics.exposure_for_noise(numbers, scan, noise))
    found = physics.scanned(numbers, scan)
    answer = {
        "exposure_mas": 1e3 * scan.exposure_c,
        "air_kerma_mgy": 1e3 * found.air_kerma_gy,
        "dose_mgy": 1e3 * found.dose_gy,
        "noise_hu": found.noise_hu,
        "mean_kev": found.mean_kev,
        "half_value_mm_al": 1e3 * found.half_value_m,
    }
    rows = [
        ("exposure", f"{answer['exposure_mas']:.4g} mAs"),
        ("air kerma on the axis", f"{answer['air_kerma_mgy']:.3g} mGy"),
        ("dose of the animal, mean", f"{answer['dose_mgy']:.3g} mGy"),
        ("noise of a voxel", f"{answer['noise_hu']:.3g} HU"),
        ("mean energy, half-value layer", f"{found.mean_kev:.3g} keV, {answer['half_value_mm_al']:.3g} mm Al"),
    ]
    return _say(answer, rows, numbers, f"{voltage}, voxel {voxel}, animal {animal}", as_json)


@answers
def optical(
    photons: Annotated[float, typer.Option(metavar="N", help="Photons a second of the source at its peak.")] = 1e9,
    depth: Annotated[str, typer.Option(metavar="Z", help="Below the skin.")] = "3 mm",
    after: Annotated[str, typer.Option(metavar="T", help="From the luciferin to the exposure.")] = "10 min",
    time: Annotated[str, typer.Option(metavar="T", help="Of the exposure.")] = "1 min",
    as_json: AsJson = False,
) -> int:
    """Predict a bioluminescence image: signal against time after luciferin into the peritoneum."""
    from twin.physics import optical as physics
    from twin.sources import default_numbers

    numbers = default_numbers()
    if not 0.0 <= photons < math.inf:
        raise UsageError(f"--photons {photons:g}: a number of photons is finite and not below zero")
    curve = physics.luciferin(numbers)
    after_s, time_s = asked(after, "s", "--after"), asked(time, "s", "--time")
    found = physics.exposure(numbers, photons, asked(depth, "m", "--depth"), after_s, time_s)
    answer = {
        "peak_min": curve.peak_s / 60.0,
        "signal_of_peak_pct": 100.0 * curve.exposed(after_s, time_s),
        "counts": found.counts,
        "snr": found.snr,
    }
    rows = [
        ("highest signal after", f"{answer['peak_min']:.3g} min"),
        ("signal of this exposure", f"{answer['signal_of_peak_pct']:.3g} % of it"),
        ("counts", f"{found.counts:.4g}"),
        ("signal to noise", f"{found.snr:.4g}"),
    ]
    return _say(answer, rows, numbers, f"bioluminescence, {after} after luciferin, {time}", as_json)


@answers
def mri(
    voxel: Annotated[str, typer.Option(metavar="A", help="Edge of a cube.")] = "0.1 mm",
    time: Annotated[str | None, typer.Option(metavar="T", help="Of the acquisition; 10 min unless given.")] = None,
    coil: Annotated[str, typer.Option(metavar="COIL", help="volume, surface, array or cryogenic.")] = "volume",
    field: Annotated[str | None, typer.Option(metavar="B", help="Such as '9.4 T'; 7 T unless given.")] = None,
    snr: Annotated[float | None, typer.Option(metavar="SNR", help="Ask for the time of this ratio instead.")] = None,
    as_json: AsJson = False,
) -> int:
    """Predict signal to noise of an MRI acquisition, in proportion to an assumed reference."""
    from twin.physics import mri as physics
    from twin.sources import default_numbers

    numbers = default_numbers()
    chosen(coil, "--coil", physics.coils(numbers))
    volume_m3 = asked(voxel, "m", "--voxel") ** 3
    field_t = None if field is None else asked(field, "T", "--field")
    time_s = asked(time or "10 min", "s", "--time")
    if snr is not None:
        if time is not None:
            raise UsageError("--snr asks for the time; leave --time out")
        if not 0.0 < snr <= _HIGHEST_SNR:
            raise UsageError(f"--snr {snr:g}: a ratio is above zero and at most {_HIGHEST_SNR:g}")
        time_s = physics.time_s(numbers, snr, volume_m3, coil, field_t)
    found = physics.snr(numbers, volume_m3, time_s, coil, field_t)
    answer = {"snr": found, "time_s": time_s, "coil": coil}
    rows = [("signal to noise", f"{found:.4g}"), ("time", f"{time_s / 60.0:.4g} min")]
    return _say(answer, rows, numbers, f"MRI, voxel {voxel}, {coil} coil", as_json)


def _filter(text: str) -> tuple[str, float]:
    name, _, thickness = text.strip().partition(" ")
    if not thickness:
        raise DataError(f"--filter {text!r}: write a material and its thickness, such as 'aluminium 0.5 mm'")
    return name, asked(thickness, "m", "--filter")


def _say(answer: dict[str, Any], rows: list[tuple[str, str]], numbers: Numbers, title: str, as_json: bool) -> int:
    """The answer with the numbers that it leans on."""
    assumed = [row.key for row in numbers.assumed_used()]
    if as_json:
        write_json({**answer, "assumed": assumed, "sources": sorted(numbers.sources_used())})
    else:
        lines: list[Any] = [table(("what", "value"), rows, right=(1,), title=title)]
        lines += [f"Mind: {told}." for told in answer.get("warnings", ())]
        if assumed:
            lines.append(f"Assumed: {', '.join(key.rpartition('.')[2] for key in assumed)}.")
        show(lines)
    return 0
