"""What a sweep or an optimisation file may say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from twin.scenario.model_base import Model, Name

NEWEST = 1
MOST_POINTS = 1_000_000


class AxisModel(Model):
    """One thing that is varied: exactly one of values, range and distribution."""

    path: str
    """What is set, as ``--set`` has it: ``staff.technologist.count``."""
    values: Annotated[tuple[Any, ...], Field(min_length=1)] | None = None
    """A list."""
    range: Annotated[tuple[Any, ...], Field(min_length=2, max_length=2)] | None = None
    """Lowest and highest; two whole numbers give whole numbers."""
    steps: Annotated[int, Field(ge=2, le=1000, strict=True)] | None = None
    """How many values of a range a grid takes; none: 5."""
    distribution: dict[str, Any] | None = None
    """From which values are drawn, as in a scenario, of quantities in ``unit``."""
    unit: str | None = None
    """Of a distribution; none: bare numbers."""


class VariedModel(Model):
    """What a sweep and an optimisation share."""

    schema_: Annotated[int, Field(alias="schema", ge=1, strict=True)] = NEWEST
    name: Name
    question: str = ""
    base: str
    """The scenario that is varied: a bundled name, or a file beside this one."""
    set: dict[str, Any] = Field(default_factory=dict)
    """What is set in every run, by path."""
    axes: Annotated[dict[Name, AxisModel], Field(min_length=1)]
    replications: Annotated[int, Field(ge=1, le=100_000, strict=True)] = 5


class SweepModel(VariedModel):
    """A sweep."""

    kind: Literal["sweep"]
    design: Literal["grid", "latin_hypercube", "sobol", "csv"] = "grid"
    points: Annotated[int, Field(ge=1, le=MOST_POINTS, strict=True)] | None = None
    """Of latin_hypercube and sobol."""
    file: str | None = None
    """Of csv: one column for each axis, one row for each point."""
    kpis: tuple[str, ...] = ()
    """What is shown first."""


class OptimiseModel(VariedModel):
    """An optimisation: the axes within which the best is looked for."""

    kind: Literal["optimise"]
    objectives: Annotated[dict[str, Literal["lower", "higher"]], Field(min_length=1, max_length=4)]
    """Figure -> which is better."""
    trials: Annotated[int, Field(ge=2, le=100_000, strict=True)] = 100
    """How many points are tried."""
