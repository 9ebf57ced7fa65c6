"""The part of a scenario that says what becomes of the animals: models, with every unit already SI."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.scenario.model_base import Model, Name
from twin.scenario.quantities import Fraction, Seconds, TissueVolume

Warming = Literal["none", "blanket", "pad", "bed", "probe"]


class Treatment(Model):
    """What a group of a study gets."""

    start: Seconds = 0.0
    """From the arrival of the animal on."""
    effect: Annotated[float, Field(ge=0, le=3)]
    """Part of the tumour's growth that it takes: 0 nothing, 1 all, above 1 the tumour shrinks."""


class Tumour(Model):
    """A tumour that was implanted; each animal's grows by its own luck."""

    line: Name
    """A row of the table ``studies``: ``lung``, ``breast``, ``laird``."""
    implanted: Seconds = 0.0
    """So long before the animal arrives."""
    take: Fraction | None = None
    """Share of the animals in which it grows; none: table ``studies``."""
    smallest: TissueVolume | None = None
    """Animals whose tumour is smaller at their first visit are left out; none: table ``studies``."""
    largest: TissueVolume | None = None
    """Animals whose tumour is larger at their first visit are left out; none: table ``studies``."""
    treatments: dict[Name, Treatment] = {}
    """By group."""


class Comparison(Model):
    """What a study is to show between two groups."""

    difference: Annotated[Fraction, Field(gt=0)] = 0.25
    """Between the groups, as a part of the mean."""
    power: Annotated[Fraction, Field(gt=0.05, lt=1)] = 0.8
    alpha: Annotated[Fraction, Field(gt=0, lt=0.5)] = 0.05
