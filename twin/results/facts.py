"""The facts of a run, from its scenario and site."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from twin import units
from twin.distributions import Distribution
from twin.facility.calendars import Calendar
from twin.facility.caring import care_plans
from twin.facility.hot_lab_plans import ROOM as HOT_LAB
from twin.facility.hot_lab_plans import hot_lab_plans
from twin.facility.house_plans import house_plans
from twin.facility.standing_plans import people_plans
from twin.facility.upkeep import upkeep_plans
from twin.plan import Plan, steps
from twin.results.compliance_facts import CheckFacts, ComplianceFacts, ExpiryFacts
from twin.results.dose_facts import DoseFacts, Four
from twin.results.run import (
    AnimalFacts,
    ArchiveFacts,
    Facts,
    PersonFacts,
    PlanFacts,
    Prices,
    RoomFacts,
    ScannerFacts,
    Span,
    plan_facts,
)
from twin.scanners import programme
from twin.scenario import archiving, model
from twin.scenario.site import Person, Room, Site
from twin.scenario.site_machines import Scanner
from twin.scenario.site_people import PLANS
from twin.sources import Numbers
from twin.vocabulary import UNCOUNTED


def facts(site: Site, scenario: model.Scenario, numbers: Numbers) -> Facts:
    """What `results` must know of a run beside its log.

    Parameters
    ----------
    site : Site
        What the clock got.
    scenario : Scenario
        The models that the site was made of: prices are read from it.
    numbers : Numbers
        The tables: data of a scan, prices of scanners that are as in the catalogue.
    """
    return Facts(
        start=site.start.isoformat(),
        horizon_s=site.horizon_s,
        opening=_within(Calendar(site.opening, site.start, site.horizon_s, site.holidays), site.horizon_s),
        people={name: _person(person, site) for name, person in site.people.items()},
        scanners={name: _scanner(scanner, scenario, numbers) for name, scanner in site.scanners.items()},
        rooms={name: _room(room) for name, room in site.rooms.items()},
        plans=_plans(site, scenario, numbers),
        decay_per_s={vial.nuclide: vial.decay_constant_per_s for vial in site.vials},
        reference_s={vial.name: vial.reference_s for vial in site.vials},
        prices=prices(scenario.prices),
        overtime_counted=site.policies.shift_end != "ignore",
        dose=_dose(site),
        animals={name: _animals(site, scenario, name) for name in site.studies},
        approved={name: permit.animals for name, permit in site.authorisations.items()},
        anaesthesia_soft_s=site.policies.anaesthesia_soft_s,
        warming=site.policies.warming,
        warming_scanner=site.policies.warming_scanner,
        overrides={key: row.model_dump(exclude_defaults=True) for key, row in scenario.numbers.items()},
        imaging=site.imaging,
        compliance=_compliance(site),
        limited=_limited(site),
        archive=_archive(scenario, numbers, site),
        stores={name: store.places for name in ("decay_store", "freezer") if (store := getattr(site.stores, name))},
        services={name: study.service for name, study in site.studies.items()},
    )


def _compliance(site: Site) -> ComplianceFacts:
    """The checks by the names of their plans, and what ends."""
    checks = {
        f"{scanner.name}/{check.name}": CheckFacts(check.name, scanner.name, check.quantitative, check.valid_for_s)
        for scanner in site.scanners.values()
        for check in scanner.quality_control
    }
    checks |= {
        f"{HOT_LAB}/{check.name}": CheckFacts(check.name, "dose_calibrator", calibration=True)
        for check in site.radiopharmacy.checks
    }
    ends = [ExpiryFacts("authorisation", name, name, p.expiry_s) for name, p in site.authorisations.items()]
    ends += [ExpiryFacts("authorisation", own.name, "facility", own.expiry_s) for own in site.permits]
    ends += [
        ExpiryFacts("licence", nuclide, nuclide, licence.expiry_s)
        for nuclide, licence in site.licences.items()
        if math.isfinite(licence.expiry_s)
    ]
    for name, person in site.people.items():
        for own in person.standing.certificates:
            plan = f"{PLANS}/{name}/{own.name}" if own.renewed else ""
            ends.append(ExpiryFacts("certificate", own.name, name, own.expiry_s, plan, own.valid_for_s))
    return ComplianceFacts(checks, tuple(ends))


def _limited(site: Site) -> tuple[str, ...]:
    """Skills that need a certificate or are being learned."""
    said = [person.standing for person in site.people.values()]
    return tuple(
        sorted(
            {skill for own in said for c in own.certificates for skill in c.skills}.union(
                *(own.training for own in said)
            )
        )
    )


def _archive(scenario: model.Scenario, numbers: Numbers, site: Site) -> ArchiveFacts | None:
    """Its capacity, what was in it at the start, and what is bought when it is full."""
    said = scenario.archive
    if said is None:
        return None
    filled = numbers.value("housekeeping.archive_filled") if said.filled is None else said.filled
    return ArchiveFacts(said.capacity, filled, 0.0 if site.archive is None else site.archive.more_gb)


def _dose(site: Site) -> DoseFacts:
    """What the clock had of dose."""
    own = site.dose
    predicted = {
        plan: {step: (_four(known.fixed), _four(known.per_animal)) for step, known in by_step.items()}
        for plan, by_step in own.predicted.items()
    }
    near = {nuclide: {place: _four(of) for place, of in by.items()} for nuclide, by in own.near.items()}
    return DoseFacts(
        jurisdiction=own.jurisdiction,
        budgets=tuple(own.budgets),
        boundaries_s=own.boundaries_s,
        predicted=predicted,
        usual_s=dict(_usual_s(site)),
        near=near,
        retained=own.retained,
        hot_lab=site.hot_lab,
        absorbed_gy=own.absorbed_gy,
        ct_gy=own.ct_gy,
        sublethal_gy=own.sublethal_gy,
        waste=own.waste,
    )


def _usual_s(site: Site) -> Iterator[tuple[str, dict[str, float]]]:
    """Mean times of the exposing steps of what is foreseen when it begins: by what is there, or still in animals."""
    plans = hot_lab_plans(site.radiopharmacy) | care_plans(site)
    plans |= {name: plan for name, plan in site.plans.items() if not site.dose.predicted.get(name)}
    for name, plan in plans.items():
        exposing = [step for step in steps(plan.body) if step.exposure and isinstance(step.duration, Distribution)]
        if exposing:
            yield name, {step.name: step.duration.mean for step in exposing if isinstance(step.duration, Distribution)}


def _four(values: Iterable[float]) -> Four:
    """What is not modelled is None, so that it can be written as JSON."""
    first, second, third, fourth = (None if math.isnan(value) else float(value) for value in values)
    return first, second, third, fourth


def prices(said: model.Prices) -> Prices:
    """Prices in SI: per second, per becquerel."""
    money = said.currency
    per_s = f"{money}/s"
    return Prices(
        currency=money,
        staff_per_s=_each(said.staff_hour, per_s),
        overtime_factor=said.overtime_factor,
        scanner_per_s=_maybe(said.scanner_hour, per_s),
        room_per_s=_maybe(said.room_day, per_s),
        delivery=_each(said.delivery, money),
        tracer_per_bq=_each(said.tracer_activity, f"{money}/Bq"),
        consumables_per_animal=_maybe(said.consumables_per_animal, money),
        recharge_per_scan=_maybe(said.recharge_per_scan, money),
        recharge_per_s=_each(said.recharge_hour, per_s),
        out_of_hours_factor=said.out_of_hours_factor,
    )


def _maybe(text: str | None, unit: str) -> float | None:
    return None if text is None else units.parse(text, unit)


def _each(texts: Mapping[str, str], unit: str) -> dict[str, float]:
    return {name: units.parse(text, unit) for name, text in texts.items()}


def _within(calendar: Calendar, horizon_s: float) -> tuple[Span, ...]:
    """The intervals of a calendar that lie within the run."""
    return tuple((start, min(end, horizon_s)) for start, end in calendar.intervals if start < horizon_s)


def _person(person: Person, site: Site) -> PersonFacts:
    calendar = Calendar(person.shift, site.start, site.horizon_s, site.holidays | person.leave)
    return PersonFacts(
        person.role, person.group, _within(calendar, site.horizon_s), person.standing.studies is not None
    )


def _scanner(scanner: Scanner, scenario: model.Scenario, numbers: Numbers) -> ScannerFacts:
    """What it costs: as it says, else, if it is as in the catalogue, what the tables say of its kind."""
    said, money = scenario.scanners[scanner.group], scenario.prices.currency
    price, service, lifetime_s = _maybe(said.price, money), _maybe(said.service_per_year, f"{money}/s"), said.lifetime
    if said.as_catalogue:
        price = programme.price(numbers, scanner.modality, money) if price is None else price
        service = programme.service_per_s(numbers, price) if service is None and price is not None else service
        lifetime_s = said.lifetime if "lifetime" in said.model_fields_set else numbers.value("prices.amortisation_time")
    return ScannerFacts(scanner.group, scanner.beds, price, lifetime_s, service, scanner.collimator)


def _room(room: Room) -> RoomFacts:
    return RoomFacts(room.kind, None if room.kind in UNCOUNTED else room.places, room.temperature_degc)


def _animals(site: Site, scenario: model.Scenario, name: str) -> AnimalFacts:
    """The animals of a study; what they may suffer is what its project says."""
    study, asked = site.studies[name], scenario.studies[name]
    said, before = asked.comparison, None if asked.reused is None else asked.reused.severity
    permit = site.authorisations.get(study.authorisation or "")
    severity = "mild" if permit is None else permit.severity
    own = study.physiology
    return AnimalFacts(
        own.species,
        own.warmth,
        severity,
        study.authorisation,
        said.difference,
        said.power,
        said.alpha,
        own.severity,
        before,
    )


def _plans(site: Site, scenario: model.Scenario, numbers: Numbers) -> dict[str, PlanFacts]:
    """Of the protocols, of the hot lab and of the upkeep of every scanner."""
    plans: dict[str, Plan] = {**site.plans, **hot_lab_plans(site.radiopharmacy), **house_plans(site)}
    plans |= people_plans(site)
    plans |= {plan.name: plan for plan in site.answers.values()}
    for scanner in site.scanners.values():
        plans |= upkeep_plans(scanner)
    return {name: _plan(site, scenario, numbers, name, plan) for name, plan in plans.items()}


def _plan(site: Site, scenario: model.Scenario, numbers: Numbers, name: str, plan: Plan) -> PlanFacts:
    known, said = site.protocols.get(name), scenario.protocols.get(name)
    if known is None or said is None:
        return plan_facts(plan)
    return replace(
        plan_facts(plan, known.fasting_s),
        tracer=known.tracer,
        target=said.target,
        background=said.background,
        anaesthetic=said.anaesthetic,
        inspired=known.inspired,
        data_gb=archiving.data_gb(plan, numbers),
        answers=name in site.answers,
        mass_limit_mol_per_kg=known.mass_limit_mol_per_kg,
    )
