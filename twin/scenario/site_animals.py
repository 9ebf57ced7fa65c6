"""What the clock must know of the animals of a study: plain frozen values in SI."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from twin.animals.risk import Risk
from twin.animals.warmth import Warmth


@dataclass(frozen=True, slots=True)
class Tumour:
    """A tumour by Gompertz; volumes [m3], times from the animal's arrival [s].

    ``rate_cv`` is how much its rate varies between animals, ``treatments`` by group when one begins and which part of
    the growth it takes. A tumour that is implanted ``at`` a time point has its times from the end of that visit.
    """

    first_m3: float
    rate_per_s: float
    slowing_per_s: float
    rate_cv: float
    take: float
    implanted_s: float
    least_m3: float
    most_m3: float
    endpoint_m3: float
    treatments: Mapping[str, tuple[float, float]]
    at: str | None = None

    def volume_m3(self, since_arrival_s: float, group: str, normal: float) -> float:
        """Volume in an animal whose luck is a standard normal number [m3]."""
        sigma = math.sqrt(math.log1p(self.rate_cv**2))
        rate = self.rate_per_s * math.exp(sigma * normal - 0.5 * sigma * sigma)
        start_s, effect = self.treatments.get(group, (math.inf, 0.0))
        own = min(since_arrival_s, start_s) + (1.0 - effect) * max(since_arrival_s - start_s, 0.0)
        age_s = max(self.implanted_s + own, 0.0)
        grown = -math.expm1(-self.slowing_per_s * age_s) / self.slowing_per_s
        return self.first_m3 * math.exp(rate * grown)


@dataclass(frozen=True, slots=True)
class Wasting:
    """Loss of weight: rate [1/s] from a moment after the arrival on [s], by group, and the loss that is the end."""

    rate_per_s: float
    start_s: float
    rate_cv: float
    groups: Mapping[str, float]
    endpoint: float

    def lost(self, since_arrival_s: float, group: str, normal: float) -> float:
        """Part of its mass that an animal has lost, whose luck is a standard normal number."""
        sigma = math.sqrt(math.log1p(self.rate_cv**2))
        rate = self.rate_per_s * self.groups.get(group, 1.0) * math.exp(sigma * normal - 0.5 * sigma * sigma)
        return -math.expm1(-rate * max(since_arrival_s - self.start_s, 0.0))


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth of a body by West: mass at birth [kg], rate [kg^(1/4)/s], age at arrival [s]."""

    birth_kg: float
    rate: float
    age_s: float

    def mass_kg(self, at_arrival_kg: float, since_s: float) -> float:
        """Mass so long after the arrival, of an animal that had this mass then [kg]."""
        adult = self._adult_kg(at_arrival_kg)
        return self._at(adult, self.age_s + since_s)

    def _at(self, adult_kg: float, age_s: float) -> float:
        left = math.exp(-self.rate * age_s / (4.0 * adult_kg**0.25))
        return float(adult_kg * (1.0 - (1.0 - (self.birth_kg / adult_kg) ** 0.25) * left) ** 4)

    def _adult_kg(self, mass_kg: float) -> float:
        """The adult mass that gives this mass at arrival, by halving."""
        low, high = mass_kg, 4.0 * mass_kg
        for _ in range(40):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self._at(middle, self.age_s) < mass_kg else (low, middle)
        return 0.5 * (low + high)


@dataclass(frozen=True, slots=True)
class Physiology:
    """What the clock must know of a kind of animal.

    ``risks`` are by protocol; ``mass_cv`` is how much masses vary; ``attrition`` the share lost before each visit after
    the first; ``hazard_per_s`` the rate of deaths by disease; ``severity`` the class of what the experiment itself
    does; ``earlier_anaesthesias`` those of another study, of animals that are used again.
    """

    species: str
    warmth: Warmth
    risks: Mapping[str, Risk]
    mass_cv: float
    growth: Growth | None
    tumour: Tumour | None
    attrition: float
    hazard_per_s: float
    wasting: Wasting | None = None
    severity: str = "mild"
    earlier_anaesthesias: int = 0
