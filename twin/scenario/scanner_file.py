"""A user's scanner in YAML: the measures of a PET ring, read and checked before any photon flies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from twin.errors import DataError, Problem, ScenarioError, nearest
from twin.physics.materials import Material, material
from twin.physics.ring import Layer, Ring
from twin.scanners import pet_geometry
from twin.scenario import files, reading
from twin.scenario.model_base import Model
from twin.scenario.reading import Path
from twin.scenario.scanner_model import BlockModel, LayerModel, ScannerModel
from twin.scenario.validation import Help, Place, locate, problems, unique
from twin.sources import Numbers

_MOST_BYTES = 100_000


def find_ring(source: str, numbers: Numbers) -> Ring:
    """The ring of a scanner of the catalogue, or of a file (a name with a dot or a slash)."""
    if any(sign in source for sign in "./\\"):
        return load_ring(FilePath(source), numbers)
    return pet_geometry.ring(numbers, source)


def load_ring(path: FilePath, numbers: Numbers) -> Ring:
    """The ring that a file describes.

    Raises
    ------
    ScenarioError
        With all mistakes at once, each with its line.
    """
    try:
        data, where = read(path)
        return built(_validated(data, where), path.stem, numbers, where)
    except ScenarioError as error:
        raise ScenarioError((_placed(problem, path.name) for problem in error.problems), "scanner file") from None


def _validated(data: dict[str, Any], where: Mapping[Path, Place]) -> ScannerModel:
    try:
        return ScannerModel.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(unique(problems(error, data, where, _help))) from None


def _placed(problem: Problem, file: str) -> Problem:
    """What the file as a whole lacks stands at its beginning."""
    return problem if problem.file is not None else replace(problem, file=file, line=1)


def read(path: FilePath) -> tuple[dict[str, Any], dict[Path, Place]]:
    """What a file says, as plain data, and where it says it."""
    try:
        written = reading.read_bytes(files.read(path, _MOST_BYTES), path.name)
    except ValueError as error:
        raise ScenarioError([Problem("", str(error), file=path.name)]) from None
    return reading.plain(written), {at: (path.name, line) for at, line in reading.lines(written)}


def built(model: ScannerModel, name: str, numbers: Numbers, where: Mapping[Path, Place], above: Path = ()) -> Ring:
    """The ring, if it can be.

    Parameters
    ----------
    name : str
        Of one that has none.
    above : tuple
        The path under which the model stands; it is that of the mistakes.

    Raises
    ------
    ScenarioError
        With all mistakes.
    """
    grids = model.block.grids
    found = [_material(above, number, grid.material, model, where, numbers) for number, grid in enumerate(grids)]
    wrong = [one for one in found if isinstance(one, Problem)]
    if wrong:
        raise ScenarioError(wrong)
    layers = [_layer(g, m, model) for g, m in zip(model.block.grids, found, strict=True) if isinstance(m, Material)]
    ring = Ring(
        name=model.name or name,
        diameter_m=model.ring_diameter,
        axial_blocks=model.axial_blocks,
        transaxial_blocks=model.transaxial_blocks,
        layers=tuple(layers),
        axial_gap_m=model.axial_gap,
        energy_window_kev=(model.energy_window[0], model.energy_window[1]),
        coincidence_window_s=model.coincidence_window,
        block_dead_time_s=model.block_dead_time,
        energy_sum=model.energy_sum,
        tapered=model.block.tapered,
        integration_time_s=model.integration_time,
        multiples=model.multiples,
    )
    if mistakes := list(_mistakes(ring, where, above)):
        raise ScenarioError(mistakes)
    return ring


def _layer(grid: LayerModel, of: Material, model: ScannerModel) -> Layer:
    resolution = model.energy_resolution if grid.energy_resolution is None else grid.energy_resolution
    return Layer(
        crystals=(grid.crystals[0], grid.crystals[1]),
        pitch_m=(grid.pitch[0], grid.pitch[1]),
        crystal_m=(grid.crystal[0], grid.crystal[1]),
        depth_m=grid.crystal[2],
        material=of,
        energy_resolution=resolution,
    )


def _material(
    above: Path, number: int, name: str, model: ScannerModel, where: Mapping[Path, Place], numbers: Numbers
) -> Material | Problem:
    try:
        return material(numbers, name)
    except DataError as error:
        path: Path = ("block", "material") if model.block.layers is None else ("block", "layers", number, "material")
        file, line = locate((*above, *path), where)
        return Problem(reading.dotted((*above, *path)), str(error), name, line, file)


def _mistakes(ring: Ring, where: Mapping[Path, Place], above: Path) -> Iterator[Problem]:
    for key, value, why in ring.mistakes():
        path: Path = tuple(key.split(".")) if key.startswith("block.") else (key.split()[0].replace("layer", "block"),)
        file, line = locate((*above, *path), where)
        yield Problem(reading.dotted((*above, key)), why, value, line, file)


def _help(path: Path, detail: Any) -> Help:
    """What is allowed at a path, and the nearest name."""
    if detail["type"] == "extra_forbidden":
        models: dict[Path, type[Model]] = {(): ScannerModel, ("block",): BlockModel}
        known = list(models.get(path[:-1], LayerModel).model_fields)
        return ", ".join(known), nearest(path[-1], known)
    if detail["type"] == "literal_error":
        return str(detail["ctx"]["expected"]).replace("'", ""), None
    return None, None
