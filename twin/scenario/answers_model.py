"""What becomes of images after the scan, as models."""

from __future__ import annotations

from twin.scenario.model_base import Model
from twin.scenario.quantities import DataVolume, Fraction


class Archive(Model):
    """Where raw data and images are kept."""

    capacity: DataVolume
    filled: Fraction | None = None
    """Share that is taken when the run begins; none: table ``housekeeping``."""
