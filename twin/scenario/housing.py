"""From the model of the radioactive housing to its rules, and how long animals are expected to keep their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import inf

from twin.animals import durations
from twin.animals.excretion import until_one
from twin.errors import DataError
from twin.physics.dose_rate import rate_per_s
from twin.scenario.dates import nuclide_of
from twin.scenario.loading import Resolved
from twin.scenario.site import Protocol, Study
from twin.scenario.site_dose import Dose
from twin.scenario.site_housing import LONGEST_S, RADIOACTIVE_HOUSING, Housing

#: The distance of a survey [m].
SURVEY_M = 0.1
TEN_HALF_LIVES = 2.0**-10
#: So many standard deviations of drawing are allowed for where nobody has been injected yet.
SPREADS = 2.0


def housing(
    resolved: Resolved, studies: Mapping[str, Study], protocols: Mapping[str, Protocol], dose: Dose, draw_cv: float
) -> Housing:
    """When an animal may leave, and how long that is expected to take; nothing for a site without such a room.

    ``draw_cv`` is the coefficient of variation of drawn activity.
    """
    if not has_places(resolved):
        return Housing()
    rules, most = _rules(resolved), 1.0 + SPREADS * draw_cv
    times = {name: dict(_times(rules, study, protocols, dose, most)) for name, study in studies.items()}
    said = resolved.scenario.housing
    return replace(
        rules,
        keeps_s={name: found for name, found in times.items() if found},
        care_s=durations.mean_s(resolved.numbers, "care_of_housed") if said.care is None else said.care,
        care_skill=said.care_skill,
    )


def _rules(resolved: Resolved) -> Housing:
    """How much may be left in an animal that leaves."""
    said, numbers = resolved.scenario.housing, resolved.numbers
    leaves = said.excretion == "leaves"
    nuclides = sorted({nuclide for name in resolved.scenario.protocols if (nuclide := labelled_with(resolved, name))})
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


def _times(
    rules: Housing, study: Study, protocols: Mapping[str, Protocol], dose: Dose, most: float
) -> Iterator[tuple[str, float]]:
    """Protocols after which a place is needed, and how long if an animal gets so much more than is prescribed."""
    for name in dict.fromkeys(point.protocol for point in study.time_points):
        protocol = protocols[name]
        if protocol.nuclide is None or not protocol.goes_home:
            continue
        prescribed_bq = protocol.activity_bq or 0.0
        limit_bq = rules.limit_bq(protocol.nuclide, study.mass_kg, prescribed_bq)
        if prescribed_bq > limit_bq:
            stays = dose.retained.get(study.name, {}).get(name) if rules.excretion_counts else None
            given, decay_per_s = stays or ((1.0, 0.0),), dose.decay_per_s[protocol.nuclide]
            yield name, _clears_in_s(most * prescribed_bq, limit_bq, [(h, rate + decay_per_s) for h, rate in given])


def _clears_in_s(injected_bq: float, limit_bq: float, left: list[tuple[float, float]]) -> float:
    """How long until what is left, heights and rates [1/s] of exponentials, is at the limit [s]."""
    if limit_bq <= 0.0:
        return LONGEST_S
    return until_one([(height * injected_bq / limit_bq, rate) for height, rate in left])


def has_places(resolved: Resolved) -> bool:
    """Whether the site has radioactive housing."""
    return any(room.kind == RADIOACTIVE_HOUSING for room in resolved.scenario.rooms.values())


def labelled_with(resolved: Resolved, protocol: str) -> str | None:
    """The nuclide of a protocol; None if it has none, or if that is a mistake that is told elsewhere."""
    tracer = resolved.scenario.protocols[protocol].tracer
    try:
        return None if tracer is None else nuclide_of(resolved, tracer)
    except DataError:
        return None
