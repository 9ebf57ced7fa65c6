"""What becomes of images after the scan, as models."""

from __future__ import annotations

from twin.scenario.model_base import Model
from twin.scenario.quantities import DataVolume, Fraction


class Archive(Model):
    """Where raw data and images are kept."""

    capacity: DataVolume
    filled: Fraction = 0.5
    """Share that is taken when the run begins (0.5 is an assumption of ours)."""
