"""From the model of the radioactive housing to its rules; and what is wrong or odd about them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import exp, inf
from typing import TYPE_CHECKING

from twin.errors import DataError, Problem
from twin.physics import decay
from twin.physics.dose_rate import rate_per_s
from twin.scenario import protocols
from twin.scenario.dates import nuclide_of
from twin.scenario.loading import Resolved
from twin.scenario.site_housing import RADIOACTIVE_HOUSING, Housing

if TYPE_CHECKING:
    from twin.scenario.checking import Checked

#: The distance of a survey [m].
SURVEY_M = 0.1
TEN_HALF_LIVES = 2.0**-10
#: An earlier tracer of which more than this share of the new one is left is told.
MOST_LEFT = 0.05


def housing(resolved: Resolved) -> Housing:
    """When an animal may leave; nothing for a site without such a room."""
    if not has_places(resolved):
        return Housing()
    said, numbers = resolved.scenario.housing, resolved.numbers
    leaves = said.excretion == "leaves"
    nuclides = sorted({nuclide for name in resolved.scenario.protocols if (nuclide := _nuclide(resolved, name))})
    if said.below is not None:
        return Housing(fixed_bq=dict.fromkeys(nuclides, said.below), excretion_counts=leaves)
    if said.release == "ten_half_lives":
        return Housing(share=TEN_HALF_LIVES, excretion_counts=False)
    if said.release == "clearance":
        keys = {nuclide: f"protection.{nuclide}.clearance" for nuclide in nuclides}
        known = {nuclide: numbers.value(key) for nuclide, key in keys.items() if numbers.has(key)}
        return Housing(per_kg_bq=known, excretion_counts=leaves)
    background = numbers.value("exposure.waste_background")
    rates = {nuclide: float(rate_per_s(numbers, nuclide, 1.0, SURVEY_M)) for nuclide in nuclides}
    fixed = {nuclide: background / rate if rate > 0.0 else inf for nuclide, rate in rates.items()}
    return Housing(fixed_bq=fixed, excretion_counts=leaves)


def has_places(resolved: Resolved) -> bool:
    """Whether the site has radioactive housing."""
    return any(room.kind == RADIOACTIVE_HOUSING for room in resolved.scenario.rooms.values())


def _nuclide(resolved: Resolved, protocol: str) -> str | None:
    """The nuclide of a protocol; None if it has none, or if that is a mistake that is told elsewhere."""
    tracer = resolved.scenario.protocols[protocol].tracer
    try:
        return None if tracer is None else nuclide_of(resolved, tracer)
    except DataError:
        return None


def mistakes(checked: Checked) -> Iterator[Problem]:
    """A rule that asks for a number that nobody knows."""
    resolved = checked.resolved
    said = resolved.scenario.housing
    if not has_places(resolved) or said.release != "clearance" or said.below is not None:
        return
    nuclides = sorted({nuclide for name in resolved.scenario.protocols if (nuclide := _nuclide(resolved, name))})
    unknown = [n for n in nuclides if not resolved.numbers.has(f"protection.{n}.clearance")]
    if unknown:
        message = f"no clearance value is known of {', '.join(unknown)}; give `below`, or another rule"
        yield resolved.problem(("housing", "release"), message, said.release, "survey, ten_half_lives")


def left_behind(checked: Checked) -> Iterator[Problem]:
    """Warn when much of an earlier tracer is still in the animal at the injection of a later one: it is background."""
    for name, study in checked.scenario.studies.items():
        points = [
            (key, said.at, said.protocol or study.protocol)
            for key, said in study.time_points.items()
            if (said.protocol or study.protocol) in checked.plans
        ]
        for (first, at_s, one), (second, then_s, other) in combinations(sorted(points, key=lambda p: p[1]), 2):
            share = _left_share(checked.resolved, one, other, then_s - at_s)
            if share > MOST_LEFT:
                message = (
                    f"when time point {second} begins, the tracer of {first} still gives {share:.0%} of its activity: "
                    f"a background in its images (residual_activity_max_pct)"
                )
                yield checked.resolved.problem(("studies", name, "time_points", second), message)


def _left_share(resolved: Resolved, first: str, second: str, apart_s: float) -> float:
    """What is left of one protocol's activity when another's is injected, as a part of that."""
    nuclide = _nuclide(resolved, first)
    said = resolved.scenario.protocols
    amounts = [protocols.activity_bq(resolved, said[name]) if said[name].tracer else None for name in (first, second)]
    if nuclide is None or not amounts[0] or not amounts[1]:
        return 0.0
    return amounts[0] * exp(-decay.decay_constant_per_s(resolved.numbers, nuclide) * apart_s) / amounts[1]
