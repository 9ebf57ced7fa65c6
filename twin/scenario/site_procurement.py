"""The part of the site that says how the animals of a study come: plain frozen values in SI."""

from __future__ import annotations

from dataclasses import dataclass

from twin.distributions import Distribution


@dataclass(frozen=True, slots=True)
class Procurement:
    """Deliveries on these weekdays, each of at most ``batch`` animals (None: any number), at least ``apart_s`` apart.

    ``lead_time`` is from the order to the first that may bring them; ``acclimatisation_s`` from then until they may be
    used.
    """

    lead_time: Distribution
    weekdays: frozenset[int]
    at_of_day_s: float
    batch: int | None
    apart_s: float
    acclimatisation_s: float
