"""A user's scanner in YAML: the measures of a PET ring, read and checked before any photon flies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from twin.errors import DataError, Problem, ScenarioError, nearest
from twin.physics.materials import Material, material
from twin.physics.ring import Layer, Ring
from twin.scanners import pet_geometry
from twin.scenario import files, reading
from twin.scenario.model_base import Count, Model, Name
from twin.scenario.quantities import EnergyKev, Fraction, Length, PositiveLength, Seconds
from twin.scenario.reading import Path
from twin.scenario.validation import Help, Place, locate, problems, unique
from twin.sources import Numbers

_MOST_BYTES = 100_000
_Each = Annotated[list[Count], Field(min_length=2, max_length=2)]
_Two = Annotated[list[PositiveLength], Field(min_length=2, max_length=2)]
_Three = Annotated[list[PositiveLength], Field(min_length=3, max_length=3)]
_Window = Annotated[list[EnergyKev], Field(min_length=2, max_length=2)]


class LayerModel(Model):
    """A grid of crystals; lists are [around the ring, along the axis], a crystal has its depth as the third."""

    crystals: _Each
    """Number of crystals."""
    pitch: _Two
    """From crystal to crystal."""
    crystal: _Three
    """Of one crystal."""
    material: str
    """A material of the table, such as LSO."""
    energy_resolution: Fraction | None = None
    """Full width at half maximum at 511 keV; the scanner's unless given."""


class BlockModel(Model):
    """A block: one grid of crystals, or several behind each other."""

    crystals: _Each | None = None
    pitch: _Two | None = None
    crystal: _Three | None = None
    material: str | None = None
    layers: Annotated[list[LayerModel], Field(min_length=1, max_length=4)] | None = None
    """From the axis outwards, in place of the four keys above."""
    tapered: bool = False
    """Whether blocks widen outwards, without wedges between them."""

    @model_validator(mode="after")
    def _one_or_several(self) -> Self:
        own = (self.crystals, self.pitch, self.crystal, self.material)
        if self.layers is None and None in own:
            raise ValueError("a block has crystals, pitch, crystal and material, or layers that have them")
        if self.layers is not None and any(value is not None for value in own):
            raise ValueError("crystals, pitch, crystal and material stand either in the block or in its layers")
        return self

    @property
    def grids(self) -> list[LayerModel]:
        """The layers, also if there is only one."""
        if self.layers is not None:
            return self.layers
        keys = ("crystals", "pitch", "crystal", "material")
        return [LayerModel.model_construct(**{key: getattr(self, key) for key in keys}, energy_resolution=None)]


class ScannerModel(Model):
    """A PET scanner."""

    name: Name
    kind: Literal["pet"]
    ring_diameter: PositiveLength
    """Inner: from crystal face to crystal face. Two or four blocks around make panels at this distance."""
    axial_blocks: Count
    """Blocks along the axis."""
    transaxial_blocks: Count
    """Blocks around the ring."""
    block: BlockModel
    axial_gap: Length = 0.0
    """Between blocks along the axis."""
    energy_resolution: Fraction
    """Full width at half maximum at 511 keV."""
    energy_window: _Window
    coincidence_window: Seconds
    """Full width."""
    block_dead_time: Seconds
    energy_sum: Literal["block", "crystal"] = "block"
    """What a channel sums: block where crystals share their light, crystal where each is read by itself."""


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
        written = reading.read_bytes(files.read(path, _MOST_BYTES), path.name)
    except ValueError as error:
        raise ScenarioError([Problem("", str(error), file=path.name)]) from None
    data = reading.plain(written)
    where: dict[Path, Place] = {at: (path.name, line) for at, line in reading.lines(written)}
    try:
        model = ScannerModel.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(unique(problems(error, data, where, _help))) from None
    return _built(model, where, numbers)


def _built(model: ScannerModel, where: Mapping[Path, Place], numbers: Numbers) -> Ring:
    """The ring, if it can be."""
    found = [_material(number, grid.material, model, where, numbers) for number, grid in enumerate(model.block.grids)]
    wrong = [one for one in found if isinstance(one, Problem)]
    if wrong:
        raise ScenarioError(wrong)
    layers = [_layer(g, m, model) for g, m in zip(model.block.grids, found, strict=True) if isinstance(m, Material)]
    ring = Ring(
        name=model.name,
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
    )
    if mistakes := list(_mistakes(ring, where)):
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
    number: int, name: str, model: ScannerModel, where: Mapping[Path, Place], numbers: Numbers
) -> Material | Problem:
    try:
        return material(numbers, name)
    except DataError as error:
        path: Path = ("block", "material") if model.block.layers is None else ("block", "layers", number, "material")
        file, line = locate(path, where)
        return Problem(reading.dotted(path), str(error), name, line, file)


def _mistakes(ring: Ring, where: Mapping[Path, Place]) -> Iterator[Problem]:
    for key, value, why in ring.mistakes():
        path: Path = ("block", "crystal") if key == "block.crystal" else (key.split(".")[0].replace("layer", "block"),)
        file, line = locate(path if path[0] != "block" or len(path) > 1 else ("block",), where)
        yield Problem(key, why, value, line, file)


def _help(path: Path, detail: Any) -> Help:
    """What is allowed at a path, and the nearest name."""
    if detail["type"] == "extra_forbidden":
        models: dict[Path, type[Model]] = {(): ScannerModel, ("block",): BlockModel}
        known = list(models.get(path[:-1], LayerModel).model_fields)
        return ", ".join(known), nearest(path[-1], known)
    if detail["type"] == "literal_error":
        return str(detail["ctx"]["expected"]).replace("'", ""), None
    return None, None
