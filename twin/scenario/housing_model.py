"""Animals that go home radioactive, as a model: when they may leave the rooms of kind ``radioactive_housing``."""

from __future__ import annotations

from typing import Literal

from twin.scenario.model_base import Model
from twin.scenario.quantities import PositiveActivity, Seconds


class Housing(Model):
    """It applies to sites with a room of kind ``radioactive_housing``; without one, nobody asks where animals go."""

    release: Literal["survey", "clearance", "ten_half_lives"] = "survey"
    """When an animal may leave: its dose rate is background, its activity by mass is below clearance, or ten half-lives
    are over (the rules for waste)."""
    excretion: Literal["leaves", "stays"] = "leaves"
    """leaves: what an animal has voided is no longer in it, where its tracer's kinetics are known; stays: only decay
    counts, as if it lay in its bedding until it leaves."""
    below: PositiveActivity | None = None
    """Instead of a rule: it may leave below this activity."""
    care: Seconds | None = None
    """How long each animal there is cared for, once on every day on which the site opens; none: table `tasks`, in the
    mean; ``0 min``: by nobody of this site."""
    care_skill: str = "animal_care"
    """The skill of who does it."""
