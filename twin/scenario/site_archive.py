"""The part of the site that says how much data the archive takes, and what becomes of scans when it is full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.distributions import Distribution


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that stops scans when it is full.

    Attributes
    ----------
    capacity_gb, filled_gb : float
        What it holds, and what is in it at the start [GB].
    more_gb : float
        What is bought when nothing fits into it any more [GB].
    more_after : Distribution
        How long that takes [s].
    data_gb : mapping of protocol to float
        What the scans of one animal leave [GB].
    """

    capacity_gb: float
    filled_gb: float
    more_gb: float
    more_after: Distribution
    data_gb: Mapping[str, float]
