"""The animals of a study as the clock gets them, from the scenario and the tables."""

from __future__ import annotations

import math
from collections.abc import Iterator

from twin import units
from twin.animals import anaesthesia, body, growth, risk, strains, warmth
from twin.animals.risk import Risk
from twin.animals.warmth import Warmth
from twin.errors import DataError, Problem, nearest
from twin.scenario import model
from twin.scenario.checking import Checked
from twin.scenario.loading import Resolved
from twin.scenario.site_animals import Growth, Physiology, Tumour, Wasting
from twin.sources import Numbers

#: The mass that West's rate of growth belongs to [kg].
GROWTH_MASS_KG = 1e-3


def mean_mass_kg(numbers: Numbers, said: model.Study) -> float:
    """Body mass: as the study says, else that of its strain and sex, of its sex, of its species [kg]."""
    if said.mass is not None:
        return float(said.mass)
    sexes = ("female", "male") if said.sex == "both" else (said.sex,)
    strain = f"studies.strain.{said.species}.{said.strain}"
    for key in (f"{strain}.{{}}", f"species.{said.species}.body_mass_{{}}"):
        found = [numbers.value(key.format(sex)) for sex in sexes if sex and numbers.has(key.format(sex))]
        if found and (said.sex or said.strain) and (said.strain or "strain" not in key):
            return float(sum(found) / len(found))
    return float(numbers.value(f"species.{said.species}.body_mass"))


def physiology(resolved: Resolved, name: str) -> Physiology:
    """What the clock must know of the animals of a study."""
    said, numbers = resolved.scenario.studies[name], resolved.numbers
    warm = warmth.warmth(numbers, said.species, strains.bare(numbers, said.species, said.strain))
    protocols = {said.protocol, *(point.protocol for point in said.time_points.values() if point.protocol)}
    return Physiology(
        species=said.species,
        warmth=warm,
        risks={protocol: _risk(resolved, said, warm, protocol) for protocol in sorted(protocols)},
        mass_cv=said.mass_spread,
        growth=_growth(numbers, said),
        tumour=_tumour(numbers, said),
        attrition=said.attrition,
        hazard_per_s=numbers.value("studies.mortality.disease") if is_sick(said) else 0.0,
        wasting=_wasting(numbers, said),
        severity=said.severity,
        earlier_anaesthesias=0 if said.reused is None else said.reused.anaesthesias,
    )


def is_sick(said: model.Study) -> bool:
    """As the study says, else with a tumour."""
    return said.health == "sick" or (said.health is None and said.tumour is not None)


def _risk(resolved: Resolved, said: model.Study, warm: Warmth, protocol: str) -> Risk:
    numbers = resolved.numbers
    animal = body.body(numbers, said.species)
    asked = resolved.scenario.protocols[protocol]
    drug = asked.anaesthetic or anaesthesia.default(animal)
    gas = numbers.value("physiology.anaesthesia.maintenance") if asked.isoflurane is None else asked.isoflurane
    return risk.risk(numbers, animal, warm, drug, gas, is_sick(said))


def _growth(numbers: Numbers, said: model.Study) -> Growth | None:
    if said.age is None:
        return None
    rate = numbers.value("physiology.law.growth_rate") * GROWTH_MASS_KG**0.25
    return Growth(numbers.value(f"species.{said.species}.birth_mass"), rate, said.age)


def _wasting(numbers: Numbers, said: model.Study) -> Wasting | None:
    asked = said.wasting
    if asked is None:
        return None
    most = numbers.value("studies.endpoint.weight_loss") if asked.endpoint is None else asked.endpoint
    return Wasting(asked.rate, asked.start, asked.spread, dict(asked.groups), most)


def _tumour(numbers: Numbers, said: model.Study) -> Tumour | None:
    if said.tumour is None:
        return None
    asked = said.tumour
    line = growth.line(numbers, asked.line)

    def either(value: float | None, row: str) -> float:
        return numbers.value(f"studies.tumour.{row}") if value is None else value

    least_m3, most_m3 = either(asked.smallest, "least_volume"), either(asked.largest, "most_volume")
    return Tumour(
        first_m3=line.first_m3,
        rate_per_s=line.rate_per_s,
        slowing_per_s=line.slowing_per_s,
        rate_cv=line.spread,
        take=either(asked.take, "take"),
        implanted_s=_implanted_s(asked, line, math.sqrt(least_m3 * most_m3)),
        least_m3=least_m3,
        most_m3=most_m3,
        endpoint_m3=growth.volume_m3(numbers.value("studies.endpoint.diameter")),
        treatments={group: (given.start, given.effect) for group, given in asked.treatments.items()},
        at=asked.at,
    )


def _implanted_s(asked: model.Tumour, line: growth.Line, usual_m3: float) -> float:
    """How long before its animal arrives a tumour is implanted [s]."""
    if asked.implanted is not None or asked.at is not None:
        return asked.implanted or 0.0
    return float(line.reaches_s(usual_m3))


def problems(checked: Checked) -> Iterator[Problem]:
    """What of the animals cannot be: strains, tumours, groups, anaesthetics."""
    resolved, numbers = checked.resolved, checked.resolved.numbers
    known = set(numbers.subjects("species", "body_mass"))
    for name, study in resolved.scenario.studies.items():
        if study.species in known:
            yield from _study_problems(resolved, name, study)


def _study_problems(resolved: Resolved, name: str, study: model.Study) -> Iterator[Problem]:
    numbers, path = resolved.numbers, ("studies", name)
    found = strains.names(numbers, study.species)
    if study.strain is not None and study.strain not in found:
        allowed = ", ".join(found) or "none: no strain of this species has a row"
        near = nearest(study.strain, found)
        yield resolved.problem((*path, "strain"), "there is no such strain", study.strain, allowed, near)
    if study.tumour is not None:
        yield from _tumour_problems(resolved, name, study, study.tumour)
    yield from _protocol_problems(resolved, name, study)


def _tumour_problems(resolved: Resolved, name: str, study: model.Study, said: model.Tumour) -> Iterator[Problem]:
    numbers, path = resolved.numbers, ("studies", name, "tumour")
    lines = growth.lines(numbers)
    if said.line not in lines:
        near = nearest(said.line, lines)
        yield resolved.problem((*path, "line"), "there is no such tumour", said.line, ", ".join(lines), near)
    for group in said.treatments:
        if group not in study.groups:
            message, near = "this study has no such group", nearest(group, study.groups)
            yield resolved.problem((*path, "treatments", group), message, None, ", ".join(study.groups), near)
    if said.at is not None and said.at not in study.time_points:
        message, near = "this study has no such time point", nearest(said.at, study.time_points)
        yield resolved.problem((*path, "at"), message, said.at, ", ".join(study.time_points), near)
    if said.at is not None and said.implanted is not None and said.implanted > 0.0:
        yield resolved.problem(
            (*path, "implanted"), "a tumour is implanted before the animal comes, or at a visit", None
        )
    made = _tumour(numbers, study) if said.line in lines else None
    if made is not None and made.least_m3 >= made.most_m3:
        yield resolved.problem((*path, "smallest"), "the smallest tumour is not smaller than the largest", None)
    elif made is not None and math.isinf(made.implanted_s):
        message = "tumours of this line never come to the middle of these sizes; say when they are `implanted`"
        yield resolved.problem((*path, "smallest"), message, None)


def _protocol_problems(resolved: Resolved, name: str, study: model.Study) -> Iterator[Problem]:
    """An anaesthetic that these animals do not get, a concentration that no vaporizer gives."""
    animal = body.body(resolved.numbers, study.species)
    names = dict.fromkeys((study.protocol, *(point.protocol for point in study.time_points.values())))
    for protocol in filter(None, names):
        said = resolved.scenario.protocols.get(protocol)
        if said is None or (said.anaesthetic is None and said.isoflurane is None):
            continue
        try:
            anaesthesia.check(
                resolved.numbers, animal, said.anaesthetic or anaesthesia.default(animal), said.isoflurane
            )
        except DataError as error:
            key = "isoflurane" if said.anaesthetic is None else "anaesthetic"
            yield resolved.problem(("protocols", protocol, key), f"{error} (study {name})", None)


def too_small(checked: Checked) -> Iterator[Problem]:
    """Tumours that are smaller than what is enrolled when their animals come for the first time."""
    numbers = checked.resolved.numbers
    for name, study in checked.scenario.studies.items():
        tumour = _tumour(numbers, study)
        if tumour is None:
            continue
        begins_s = study.time_points[tumour.at].at if tumour.at is not None else 0.0
        firsts_s = [point.at - begins_s for key, point in study.time_points.items() if key != tumour.at]
        if not firsts_s or study.arrival.bookings is not None:
            continue
        volume_m3 = tumour.volume_m3(max(0.0, min(firsts_s)), "", 0.0)
        if volume_m3 < tumour.least_m3:
            shown, least = (units.fmt(volume, "m3", "mm3") for volume in (volume_m3, tumour.least_m3))
            message = f"the usual tumour has {shown} at the first visit, and below {least} no animal is enrolled"
            yield checked.resolved.problem(("studies", name, "tumour", "implanted"), message, None)
