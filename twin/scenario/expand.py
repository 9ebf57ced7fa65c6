"""From a resolved scenario to the site: counts become names, weekdays dates, protocols plans, table rows numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from twin.animals import injection
from twin.animals.warmth import heater
from twin.distributions import Distribution, from_dict
from twin.physics import decay
from twin.plan import Plan, steps
from twin.scanners.response_store import Told, logged
from twin.scenario import (
    answers,
    archiving,
    arisings,
    dosing,
    hot_lab,
    housing,
    hygiene,
    imaging,
    model,
    people_expand,
    protocols,
    studies,
    waste,
)
from twin.scenario.dates import dates_of, horizon_s, moments_s, nuclide_of, seconds_after
from twin.scenario.hot_lab import vials
from twin.scenario.loading import Resolved
from twin.scenario.machines import expanded_names, modality, scanners
from twin.scenario.roles import skills_of
from twin.scenario.site import (
    Authorisation,
    Break,
    Duty,
    FacilityPermit,
    Injection,
    Person,
    Policies,
    Room,
    Site,
    SourceLicence,
)
from twin.scenario.site_imaging import Imaging

__all__ = [
    "Site",
    "dates_of",
    "expanded_names",
    "horizon_s",
    "modality",
    "nuclide_of",
    "policies",
    "scanners",
    "seconds_after",
    "site",
    "skills_of",
    "vials",
]


def site(resolved: Resolved, told: Told | None = logged) -> Site:
    """What the clock gets.

    Parameters
    ----------
    told : callable or None
        Hears of photons that have to be followed for it (`twin.scanners.response_store`); None: what images yield is
        left out.
    """
    scenario = resolved.scenario
    found = scanners(resolved)
    made = protocols.plans(resolved, found)
    known = {name: protocols.facts(resolved, name, plan, _nuclide(resolved, name)) for name, plan in made.items()}
    people, arriving, injecting = _people(resolved), vials(resolved), _injection(resolved, made)
    wanted = {name: studies.study(resolved, name) for name in scenario.studies}
    spent = dosing.dose(resolved, made, known, people, arriving, injecting.residual.mean)
    earlier = arisings.past(
        scenario.start, horizon_s(scenario), scenario.opening.hours, wanted.values(), known, made, arriving
    )
    return Site(
        name=scenario.name,
        start=scenario.start,
        horizon_s=horizon_s(scenario),
        seed=scenario.seed,
        opening=scenario.opening.hours,
        holidays=frozenset(scenario.opening.holidays),
        rooms={name: _room(resolved, name) for name in scenario.rooms},
        scanners=found,
        people=people,
        hot_lab=_hot_lab(scenario),
        vials=arriving,
        radiopharmacy=hot_lab.radiopharmacy(resolved),
        plans=made,
        protocols=known,
        studies=wanted,
        duties=duties(scenario),
        authorisations={name: _authorisation(scenario, name) for name in scenario.authorisations.projects},
        licences={
            decay.canonical(resolved.numbers, nuclide): _licence(scenario, licence)
            for nuclide, licence in scenario.authorisations.sources.items()
        },
        policies=policies(resolved),
        injection=injecting,
        dose=spent,
        imaging=Imaging() if told is None else imaging.imaging(resolved, found, known, wanted, made, told),
        compute_jobs=None if scenario.compute is None else scenario.compute.jobs,
        hygiene=hygiene.hygiene(resolved),
        housing=housing.housing(resolved, wanted, known, spent, injecting.draw_cv),
        practice=people_expand.practice(resolved),
        answers=answers.plans(resolved, made),
        stores=waste.stores(resolved, arriving, earlier),
        archive=archiving.archive(resolved, made),
        permits=tuple(_permit(scenario, name) for name in scenario.authorisations.facility),
    )


def _room(resolved: Resolved, name: str) -> Room:
    said = resolved.scenario.rooms[name]
    usual = resolved.numbers.value("physiology.temperature.room")
    return Room(name, said.kind, said.places, usual if said.temperature is None else said.temperature)


def _hot_lab(scenario: model.Scenario) -> str | None:
    """The room of the hot lab: the one named, else the first of that kind."""
    found = next((name for name, room in scenario.rooms.items() if room.kind == "hot_lab"), None)
    return scenario.hot_lab.room or found


def _people(resolved: Resolved) -> dict[str, Person]:
    return {
        name: _person(name, group, staff, resolved)
        for group, staff in resolved.scenario.staff.items()
        for name in expanded_names(group, staff.count)
    }


def _person(name: str, group: str, staff: model.Staff, resolved: Resolved) -> Person:
    shift = resolved.scenario.opening.hours if staff.shift is None else staff.shift
    breaks = tuple(Break(key, pause.at, pause.duration) for key, pause in staff.breaks.items())
    skills = frozenset(skills_of(staff, resolved.numbers))
    leave, standing = frozenset(staff.leave), people_expand.standing(resolved, staff)
    return Person(name, group, staff.role, skills, staff.injection_level, shift, breaks, leave, standing)


def _nuclide(resolved: Resolved, protocol: str) -> str | None:
    tracer = resolved.scenario.protocols[protocol].tracer
    return None if tracer is None else nuclide_of(resolved, tracer)


def duties(scenario: model.Scenario) -> tuple[Duty, ...]:
    """What is done without animals, with the moments within the run at which it falls due."""
    return tuple(
        Duty(name, name, tuple(moments_s(said.duty, said.duty.at, scenario)), said.duty.priority)
        for name, said in scenario.protocols.items()
        if said.duty is not None
    )


def _licence(scenario: model.Scenario, said: model.SourceLicence) -> SourceLicence:
    end_s = math.inf if said.expires is None else people_expand.end_of_day_s(said.expires, scenario.start)
    return SourceLicence(said.site, dict(said.rooms), end_s)


def _permit(scenario: model.Scenario, name: str) -> FacilityPermit:
    said = scenario.authorisations.facility[name]
    only = None if said.protocols is None else frozenset(said.protocols)
    return FacilityPermit(name, people_expand.end_of_day_s(said.expires, scenario.start), only)


def _authorisation(scenario: model.Scenario, name: str) -> Authorisation:
    """The expiry date is its last day."""
    said = scenario.authorisations.projects[name]
    day = dt.datetime(said.expires.year, said.expires.month, said.expires.day) + dt.timedelta(days=1)
    return Authorisation(
        name=name,
        animals=said.animals,
        procedures=None if said.procedures is None else frozenset(said.procedures),
        severity=said.severity,
        expiry_s=seconds_after(scenario.start, day),
        spacing_s=said.spacing,
        anaesthesias=said.anaesthesias,
    )


def policies(resolved: Resolved) -> Policies:
    """The rules, with what the tables say where the scenario says nothing."""
    said, numbers = resolved.scenario.policies, resolved.numbers
    limit, attended, soft = said.anaesthesia_limit, said.animals_per_attendant, said.anaesthesia_soft_limit
    return Policies(
        booking=said.booking,
        slot_minimum_s=said.slot_minimum,
        slot_step_s=said.slot_step,
        planned_share=said.planned_share,
        hotel_wait_s=said.hotel_wait,
        allocation=said.allocation,
        queue=said.queue,
        shift_end=said.shift_end,
        late_delivery=said.late_delivery,
        least_activity=said.least_activity,
        breakdown=said.breakdown,
        rebook=said.rebook,
        attempts=said.attempts,
        repeat_unusable=said.repeat_unusable,
        anaesthesia_limit_s=numbers.value("injection.anaesthesia_hard_limit") if limit is None else limit,
        animals_per_attendant=int(numbers.value("injection.animals_per_attendant")) if attended is None else attended,
        stay_for_committed_s=said.stay_for_committed,
        rotation=said.rotation,
        warming=heater(numbers, said.warming),
        warming_scanner=heater(numbers, said.warming_scanner),
        anaesthesia_soft_s=numbers.value("injection.anaesthesia_soft_limit") if soft is None else soft,
        waits_until_warm=said.anaesthesia_wait == "until_warm",
        overbooking=said.overbooking,
        urgent_reserve_s=said.urgent_reserve,
        urgent_release_s=_urgent_release_s(resolved),
    )


def _urgent_release_s(resolved: Resolved) -> float:
    """How long before it begins a time for urgent studies is given to everybody, if there is any [s]."""
    said = resolved.scenario.policies
    if said.urgent_reserve <= 0.0:
        return 0.0
    return resolved.numbers.value("housekeeping.urgent_release") if said.urgent_release is None else said.urgent_release


def _injection(resolved: Resolved, plans: Mapping[str, Plan]) -> Injection:
    numbers = resolved.numbers
    levels: dict[str, tuple[tuple[str, float], ...]] = {"never_fails": (("good", 1.0),)}
    for level in injection.skill_levels(numbers):
        levels[level] = tuple(injection.outcome_probabilities(numbers, level).items())
    for route in sorted({step.route for plan in plans.values() for step in steps(plan.body)} - {"iv"}):
        missed = numbers.value(f"injection.{route}_failure_fraction")
        levels[route] = (("good", 1.0 - missed), ("paravenous_hidden", missed))
    return Injection(
        levels=levels,
        residual=resolved.scenario.hot_lab.residual or _row(resolved, "syringe_residual_fraction"),
        paravenous_residual=_row(resolved, "paravenous_residual_fraction"),
        good_residual={
            level: _row(resolved, f"good_residual_fraction.{level}") for level in injection.skill_levels(numbers)
        },
        draw_cv=numbers.value("injection.draw_accuracy_cv"),
        mortality_per_anaesthesia=numbers.value("injection.mortality_per_anaesthesia"),
    )


def _row(resolved: Resolved, name: str) -> Distribution:
    return from_dict(resolved.numbers.distribution(f"injection.{name}"))
