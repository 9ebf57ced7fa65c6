"""The part of the site that is about stores of waste: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.distributions import Distribution


@dataclass(frozen=True, slots=True)
class DecayStore:
    """``hold_s``: by nuclide, how long a bag stays; ``filled``: bags at the start; ``pick_up`` None: nobody comes."""

    places: int
    hold_s: Mapping[str, float]
    filled: Mapping[str, int]
    bags_per_animal: float
    pick_up: Distribution | None


@dataclass(frozen=True, slots=True)
class Freezer:
    """Carcasses; emptied every ``fetched_every_s``."""

    places: int
    filled: int
    fetched_every_s: float


@dataclass(frozen=True, slots=True)
class Stores:
    """None: without end."""

    decay_store: DecayStore | None = None
    freezer: Freezer | None = None
