"""What becomes of images after the scan, as models."""

from __future__ import annotations

from typing import Literal

from twin.scenario.model_base import Model
from twin.scenario.quantities import DataVolume, Duration, Fraction


class Archive(Model):
    """Where raw data and images are kept."""

    capacity: DataVolume
    filled: Fraction | None = None
    """Share that is taken when the run begins; none: table ``housekeeping``."""
    full: Literal["ignore", "wait"] = "ignore"
    """When it has no room for what a session would scan. ignore: scans go on, as if they were kept elsewhere; wait:
    more is bought, and no session that scans begins until it is there (`cancelled[archive]`)."""
    more: DataVolume | None = None
    """What is bought each time; none: as much as there was at the start."""
    more_after: Duration | None = None
    """How long that takes; none: table ``housekeeping``."""
