"""The part of the site that is about stores of waste: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.distributions import Distribution


@dataclass(frozen=True, slots=True)
class DecayStore:
    """``hold_s``: by nuclide, how long a bag stays; ``pick_up`` None: nobody comes.

    ``filled``: the nuclide of each bag at the start, and when it goes [s].
    """

    places: int
    hold_s: Mapping[str, float]
    filled: tuple[tuple[str, float], ...]
    bags_per_animal: float
    pick_up: Distribution | None


@dataclass(frozen=True, slots=True)
class Freezer:
    """Carcasses; emptied at ``first_fetched_s`` and every ``fetched_every_s`` from then on."""

    places: int
    filled: int
    fetched_every_s: float
    first_fetched_s: float


@dataclass(frozen=True, slots=True)
class Stores:
    """None: without end."""

    decay_store: DecayStore | None = None
    freezer: Freezer | None = None
