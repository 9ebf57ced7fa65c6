"""Where waste is kept until it may go, as models."""

# ruff: noqa: RUF012 - pydantic copies what is given as default
from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.scenario.model_base import Count, Model
from twin.scenario.quantities import Duration, IntervalSeconds

Filled = Annotated[int, Field(ge=0, le=1000, strict=True)]
#: What is there when a run begins: what weeks like those of the run would have left, or nothing.
AtStart = Literal["in_operation", "empty"]


class DecayStore(Model):
    """Radioactive waste decays in it: at the end of a day, each nuclide's bags; carcasses that were injected."""

    places: Count
    """Bags and carcasses that it takes."""
    at_start: AtStart = "in_operation"
    """What is in it when the run begins: what weeks like those of the run leave there, or nothing."""
    filled: dict[str, Filled] = {}
    """By nuclide, further bags that are in it when the run begins, such as what others left; they leave one after
    another, evenly over their time."""
    half_lives: Annotated[float, Field(ge=1, le=100)] | None = None
    """How long a bag stays; none: table ``housekeeping``."""
    bags_per_animal: Annotated[float, Field(gt=0, le=10)] | None = None
    """Gloves, swabs, tips and bedding of one injected animal; each nuclide of a day has a bag at least. None: table
    ``housekeeping``."""
    full: Literal["wait", "pick_up"] = "wait"
    """What is done when a bag finds no place: nothing is drawn until one is free, or somebody is called who takes the
    longest-lived of the bags to another store."""
    pick_up: Duration | None = None
    """From the call until they come; none: table ``housekeeping``."""


class Freezer(Model):
    """Carcasses are kept in it until they are fetched."""

    places: Count
    at_start: AtStart = "in_operation"
    """Under ``in_operation`` the run begins midway between two collections, and what the studies kill in half of that
    time lies there; ``empty``: somebody has just collected."""
    filled: Filled = 0
    """Further carcasses that are in it when the run begins."""
    fetched_every: IntervalSeconds | None = None
    """How often it is emptied; none: table ``housekeeping``."""


class WasteRules(Model):
    """Stores with places. None: without end."""

    decay_store: DecayStore | None = None
    freezer: Freezer | None = None
