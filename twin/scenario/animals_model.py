"""The part of a scenario that says what becomes of the animals: models, with every unit already SI."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from twin.animals import tracer_words
from twin.animals.species import called
from twin.scenario.model_base import Label, Model, Name
from twin.scenario.quantities import Fraction, Frequency, Seconds, TissueVolume

Severity = Literal["non_recovery", "mild", "moderate", "severe"]
Warming = Literal["none", "blanket", "pad", "bed", "probe"]
#: A tracer by its name in the table, or as people write it (``18F-FDG``, ``[177Lu]Lu-PSMA-617``), or one of the site's.
TracerName = Annotated[
    Label, BeforeValidator(lambda said: tracer_words.called(said) if isinstance(said, str) else said)
]
#: A species by its name in the table, or as people call it: ``Guinea pig``, ``macaque``.
SpeciesName = Annotated[Name, BeforeValidator(lambda said: called(said) if isinstance(said, str) else said)]


class Treatment(Model):
    """What a group of a study gets."""

    start: Seconds = 0.0
    """From the arrival of the animal on, or from ``tumour.at``."""
    effect: Annotated[float, Field(ge=0, le=3)]
    """Part of the tumour's growth that it takes: 0 nothing, 1 all, above 1 the tumour shrinks."""


class Tumour(Model):
    """A tumour that was implanted; each animal's grows by its own luck."""

    line: Name
    """A row of the table ``studies``: ``lung``, ``breast``, ``laird``."""
    implanted: Seconds | None = None
    """So long before the animal arrives; none: as long as its line takes to the (geometric) middle of the sizes that
    are enrolled, unless a visit implants it (``at``)."""
    at: Name | None = None
    """Time point of the study whose visit implants it: a booked task, by a protocol of its own. It grows, and
    treatments count, from the end of that visit; none: it comes with the animal."""
    take: Fraction | None = None
    """Share of the animals in which it grows; none: table ``studies``."""
    smallest: TissueVolume | None = None
    """Animals whose tumour is smaller at their first visit are left out; none: table ``studies``."""
    largest: TissueVolume | None = None
    """Animals whose tumour is larger at their first visit are left out; none: table ``studies``."""
    treatments: dict[Name, Treatment] = {}
    """By group."""


class Wasting(Model):
    """Animals that lose weight, of a disease or a treatment; each by its own luck."""

    rate: Frequency
    """Part of the body mass that is lost a day, such as ``"1.5 %/day"``, compounded."""
    start: Seconds = 0.0
    """From the arrival of the animal on."""
    spread: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Of the rate between animals, coefficient of variation (0.3 is an assumption of ours)."""
    groups: dict[Name, Annotated[float, Field(ge=0, le=10)]] = {}
    """By group, how many times as fast."""
    endpoint: Annotated[Fraction, Field(gt=0)] | None = None
    """Loss at which an animal is killed; none: table ``studies``."""


class Reuse(Model):
    """What its animals went through in another study before: Directive 2010/63/EU, Article 16, allows re-use or not."""

    severity: Severity
    """Highest actual severity of what was done before."""
    restored: bool = False
    """Whether general health and well-being are shown to be fully restored."""
    advice: bool = False
    """Whether a veterinarian advises it, with the experience of the animal's whole life in view."""
    anaesthesias: Annotated[int, Field(ge=0, le=1000, strict=True)] = 0
    """Before; they count towards the most that the project allows."""
    severe_procedures: Annotated[int, Field(ge=0, le=100, strict=True)] | None = None
    """How often in its life it went through severe pain or distress; none: once if ``severity`` is severe."""
    authority: bool = False
    """Whether the competent authority allowed the exception for an animal that was in one severe procedure."""


class Comparison(Model):
    """What a study is to show between two groups."""

    difference: Annotated[Fraction, Field(gt=0)] = 0.25
    """Between the groups, as a part of the mean."""
    power: Annotated[Fraction, Field(gt=0.05, lt=1)] = 0.8
    alpha: Annotated[Fraction, Field(gt=0, lt=0.5)] = 0.05
