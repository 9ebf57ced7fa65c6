"""The part of the site that says when an animal that carries activity may leave the radioactive housing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

#: The kind of rooms for animals that go home radioactive.
RADIOACTIVE_HOUSING = "radioactive_housing"
#: How long an animal is kept from which nothing ever clears [s].
LONGEST_S = 1e9


@dataclass(frozen=True, slots=True)
class Housing:
    """How much may be left in an animal, by nuclide: a number [Bq], one for its mass [Bq/kg], or a share of it [1].

    ``excretion_counts``: what it has voided is no longer in it. ``keeps_s`` is by study and protocol how long after its
    injection an animal is expected to keep its place [s], for those that need one. ``care_s`` is for how long somebody
    with the ``care_skill`` looks after each animal on a day [s].
    """

    fixed_bq: Mapping[str, float] = field(default_factory=dict)
    per_kg_bq: Mapping[str, float] = field(default_factory=dict)
    share: float | None = None
    excretion_counts: bool = True
    keeps_s: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    care_s: float = 0.0
    care_skill: str = "animal_care"

    def limit_bq(self, nuclide: str, mass_kg: float, activity_bq: float) -> float:
        """Most activity of a nuclide that an animal may leave with [Bq]; infinite where no rule is known."""
        if self.share is not None:
            return self.share * activity_bq
        if nuclide in self.per_kg_bq:
            return self.per_kg_bq[nuclide] * mass_kg
        return self.fixed_bq.get(nuclide, inf)
