"""A user's PET scanner as models: the keys of a scanner file, and of a scanner's `geometry` in a scenario."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from twin.scenario.model_base import Count, Model, Name
from twin.scenario.quantities import EnergyKev, Fraction, Length, PositiveLength, Seconds

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
    """A PET scanner by its measures."""

    name: Name | None = None
    """What it is called; none: as its file, or as the scanner that has it."""
    kind: Literal["pet"] = "pet"
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
    integration_time: Seconds | None = None
    """For how long a block collects light, to which further hits add; as long as its dead time unless given."""
    multiples: Literal["reject", "keep"] = "reject"
    """What becomes of coincidences of more than two photons in one window."""
    energy_sum: Literal["block", "crystal"] = "block"
    """What a channel sums: block where crystals share their light, crystal where each is read by itself."""
