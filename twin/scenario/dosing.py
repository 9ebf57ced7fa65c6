"""From a scenario's rules of radiation protection to what the clock gets: factors, budgets, predicted doses."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence

from twin.animals import excretion
from twin.distributions import Distribution
from twin.physics import animal_dose, exposures, protection
from twin.physics.decay import canonical, decay_constant_per_s, half_life_s
from twin.physics.dose_rate import rate_per_s
from twin.physics.exposures import Factors
from twin.plan import Plan, Step, steps
from twin.scenario import floor_plans, spilling
from twin.scenario.dose_model import DosePerson
from twin.scenario.loading import Resolved
from twin.scenario.site import Person, Protocol
from twin.scenario.site_dose import Dose, DoseBudget, Predicted, Waste
from twin.scenario.site_hot_lab import Vial
from twin.scenario.site_housing import RADIOACTIVE_HOUSING
from twin.scenario.weeks import DAY_S

#: Quantity of a rule -> place in `Factors`: Hp(10), the fingertip, and Hp(3) of the lens.
COLUMNS = {"effective": 0, "extremity": 1, "skin": 1, "lens": 3}
NOTHING = Factors(0.0, 0.0, 0.0, 0.0)
#: At which distance a bag is surveyed [m].
SURVEY_M = 0.1
#: A mean of five years is kept as a sum.
YEARS = 5

ByWord = Mapping[tuple[str, str], tuple[tuple[str, Factors], ...]]


def dose(
    resolved: Resolved,
    plans: Mapping[str, Plan],
    protocols: Mapping[str, Protocol],
    people: Mapping[str, Person],
    vials: tuple[Vial, ...],
    residual: float,
) -> Dose:
    """What the clock gets; ``residual`` is the mean part that stays in a syringe."""
    said, numbers = resolved.scenario.dose, resolved.numbers
    words = sorted(
        {step.exposure for plan in plans.values() for step in steps(plan.body) if step.exposure} | _own_words(resolved)
    )
    nuclides = sorted({vial.nuclide for vial in vials} | {p.nuclide for p in protocols.values() if p.nuclide})
    factors = {(w, n): _factors(resolved, w, n) for w in words for n in nuclides}
    decay = {nuclide: decay_constant_per_s(numbers, nuclide) for nuclide in nuclides}
    budgets = tuple(_budgets(resolved, people))
    between = floor_plans.ways(resolved, _worked_in(plans))
    return Dose(
        jurisdiction=said.jurisdiction,
        factors=factors,
        decay_per_s=decay,
        open_words=frozenset(w for w in words if exposures.is_open(numbers, instead(resolved, w))),
        kept_from_open=dict(_kept_from_open(resolved, people)),
        budgets=budgets,
        boundaries_s=tuple(_boundaries(resolved, budgets)),
        decide_by=said.decide_by,
        reading_every_s=said.dosimeter.every,
        reading_delay_s=said.dosimeter.delay,
        reading_threshold_sv=said.dosimeter.threshold,
        absorbed_gy={name: _absorbed(resolved, name, nuclides) for name in resolved.scenario.studies},
        ct_gy={name: found for name in resolved.scenario.studies if (found := _ct(resolved, name)) is not None},
        sublethal_gy=numbers.value("dose.animal.sublethal"),
        retained={name: own for name in resolved.scenario.studies if (own := _retained(resolved, name, protocols))},
        waste=_waste(resolved, nuclides),
        near={nuclide: _near(resolved, nuclide, between) for nuclide in nuclides},
        spills=spilling.spills(resolved, nuclides),
        predicted={name: _predicted(plan, protocols[name], factors, vials, residual) for name, plan in plans.items()},
    )


def _own_words(resolved: Resolved) -> set[str]:
    """Words of what is done beside the protocols: in the hot lab, in the radioactive housing, after a spill."""
    said = resolved.scenario
    housing = any(room.kind == RADIOACTIVE_HOUSING for room in said.rooms.values())
    own = {"spill": said.dose.spills is not None, "housed_animals": housing}
    made = said.hot_lab.preparations.values()
    own |= {"generator": any(one.generator for one in made), "synthesis": any(one.start for one in made)}
    own |= {"kit": any(one.draws for one in made), "assay": any(one.test for one in made)}
    return {"vial"} | {word for word, needed in own.items() if needed}


def instead(resolved: Resolved, word: str) -> str:
    """The word whose numbers are taken: equipment replaces it."""
    return resolved.scenario.dose.equipment.get(word, word)


def said_of(resolved: Resolved, person: Person) -> DosePerson:
    """What is said of a person, or else of their group."""
    people = resolved.scenario.dose.people
    return people.get(person.name) or people.get(person.group) or DosePerson()


def _factors(resolved: Resolved, word: str, nuclide: str) -> tuple[tuple[str, Factors], ...]:
    """By source; what is not modelled stays NaN."""
    return tuple(exposures.factors(resolved.numbers, instead(resolved, word), nuclide).items())


def _absorbed(resolved: Resolved, study: str, nuclides: list[str]) -> dict[str, float]:
    """Whole body, everything that decays in it [Gy]."""
    mass_kg = _mass_kg(resolved, study)
    return {nuclide: animal_dose.s_value(resolved.numbers, nuclide, mass_kg) for nuclide in nuclides}


def _mass_kg(resolved: Resolved, study: str) -> float:
    said = resolved.scenario.studies[study]
    return resolved.numbers.value(f"species.{said.species}.body_mass") if said.mass is None else said.mass


def _ct(resolved: Resolved, study: str) -> float | None:
    """A CT scan of an animal of a study [Gy]; None where nothing is known of the species."""
    key = f"dose.ct.{resolved.scenario.studies[study].species}"
    return resolved.numbers.value(key) if resolved.numbers.has(key) else None


def _retained(
    resolved: Resolved, study: str, protocols: Mapping[str, Protocol]
) -> dict[str, tuple[tuple[float, float], ...]]:
    """By protocol of a study, what stays in its animals, where that is known."""
    said, found = resolved.scenario.studies[study], dict[str, tuple[tuple[float, float], ...]]()
    names = {said.protocol, *(point.protocol for point in said.time_points.values())}
    for name in sorted(name for name in names if name is not None and name in protocols):
        tracer = protocols[name].tracer
        voided = None if tracer is None else excretion.known_per_s(resolved.numbers, said.species, tracer)
        if voided is not None:
            found[name] = excretion.retained(voided)
    return found


def _waste(resolved: Resolved, nuclides: list[str]) -> Waste:
    numbers, said = resolved.numbers, resolved.scenario
    rule = f"limits.{said.dose.jurisdiction}.waste.rule"
    clearance = {nuclide: f"protection.{nuclide}.clearance" for nuclide in nuclides}
    return Waste(
        half_life_s={nuclide: half_life_s(numbers, nuclide) for nuclide in nuclides},
        clearance_bq_per_kg={nuclide: numbers.value(key) for nuclide, key in clearance.items() if numbers.has(key)},
        h10_sv_per_bq_s={nuclide: float(rate_per_s(numbers, nuclide, 1.0, SURVEY_M)) for nuclide in nuclides},
        mass_kg=numbers.value("exposure.waste_mass"),
        background_sv_per_s=numbers.value("exposure.waste_background"),
        rules=tuple(numbers.text(rule).split()) if numbers.has(rule) else (),
        licence_bq={canonical(numbers, n): own.site for n, own in said.authorisations.sources.items() if own.site},
    )


def _worked_in(plans: Mapping[str, Plan]) -> set[str]:
    """Kinds of rooms in which some plan takes animals, somebody works or animals are kept; the others hold nothing."""
    taken = {kind for plan in plans.values() for step in steps(plan.body) for kind in (step.place, step.workplace)}
    return {kind for kind in taken if kind} | {"hot_lab", "scanner", RADIOACTIVE_HOUSING}


def _near(resolved: Resolved, nuclide: str, between: Sequence[floor_plans.Way]) -> dict[str, Factors]:
    """Of sources in the same room or behind walls, for who is in it; of sleeping animals, for who attends them."""
    vial = instead(resolved, "vial")
    walled = floor_plans.through_walls(resolved, nuclide, vial, between)
    return exposures.nearby(resolved.numbers, nuclide, vial) | walled


def _kept_from_open(resolved: Resolved, people: Mapping[str, Person]) -> Iterator[tuple[str, float]]:
    for name, person in people.items():
        said = said_of(resolved, person)
        if said.breast_feeding:
            yield name, -math.inf
        elif said.pregnancy_declared is not None:
            yield name, _midnight_s(resolved, said.pregnancy_declared)


def _midnight_s(resolved: Resolved, day: dt.date) -> float:
    start = resolved.scenario.start
    return (dt.datetime(day.year, day.month, day.day) - start).total_seconds()


# Budgets ----------------------------------------------------------------------------------------------------------


def _budgets(resolved: Resolved, people: Mapping[str, Person]) -> Iterator[DoseBudget]:
    yield from _limits(resolved, people)
    yield from _uterus(resolved, people)
    yield from _pregnancies(resolved, people)
    yield from _investigations(resolved, people)
    for name, said in resolved.scenario.dose.constraints.items():
        who = [p for p in people.values() if said.people is None or {p.name, p.group} & set(said.people)]
        yield DoseBudget(
            name=name,
            quantity=said.quantity,
            column=COLUMNS[said.quantity],
            allowed_sv={p.name: said.at_most for p in who},
            spent_sv=_spent(resolved, who, said.quantity) if said.period == "year" else {},
            period=said.period,
            use="constraint",
            binds=said.then == "exclude",
        )


def _limits(resolved: Resolved, people: Mapping[str, Person]) -> Iterator[DoseBudget]:
    """The limits of a single year; a mean of five years leaves what four years before have not taken."""
    said = resolved.scenario.dose
    for quantity, column in COLUMNS.items():
        found = {name: _annual(resolved, person, quantity) for name, person in people.items()}
        allowed = {name: limit.value for name, limit in found.items() if limit is not None}
        if allowed:
            provision = next(limit.provision for limit in found.values() if limit is not None)
            spent = _spent(resolved, [people[name] for name in allowed], quantity)
            yield DoseBudget(
                f"limit_{quantity}", quantity, column, allowed, spent, "year", "limit", said.limits_bind, provision
            )


def _annual(resolved: Resolved, person: Person, quantity: str) -> protection.Limit | None:
    said, numbers = said_of(resolved, person), resolved.numbers
    found = protection.limits(numbers, resolved.scenario.dose.jurisdiction, said.category, quantity)
    year = min((limit for limit in found if limit.period == "year"), key=lambda limit: limit.value, default=None)
    mean = next((limit.value for limit in found if limit.period == "five_year_mean"), None)
    if year is None or mean is None:
        return year
    before = said.years_before.get(quantity, 0.0)  # type: ignore[call-overload]
    return protection.Limit(min(year.value, YEARS * mean - before), "year", year.use, year.provision, year.note)


def _spent(resolved: Resolved, people: list[Person], quantity: str) -> dict[str, float]:
    said = {person.name: said_of(resolved, person).so_far for person in people}
    return {name: doses[quantity] for name, doses in said.items() if quantity in doses}


def _uterus(resolved: Resolved, people: Mapping[str, Person]) -> Iterator[DoseBudget]:
    """The limit of a month for women who can bear children, where there is one; Hp(10) is more than the uterus gets."""
    said = resolved.scenario.dose
    who = [name for name, person in people.items() if said_of(resolved, person).can_bear_children]
    rules = protection.limits(resolved.numbers, said.jurisdiction, "worker", "uterus") if who else ()
    for rule in rules:
        yield DoseBudget(
            "limit_uterus", "uterus", 0, dict.fromkeys(who, rule.value), {}, rule.period, "limit", said.limits_bind,
            rule.provision,
        )  # fmt: skip


def _pregnancies(resolved: Resolved, people: Mapping[str, Person]) -> Iterator[DoseBudget]:
    """The unborn child counts as Hp(10) of its mother, which is too much."""
    said = resolved.scenario.dose
    rule = (
        next(iter(protection.limits(resolved.numbers, said.jurisdiction, "pregnant", "unborn")), None)
        if any(said_of(resolved, person).pregnancy_declared for person in people.values())
        and said.jurisdiction != "IAEA"
        else None
    )
    for name, person in people.items():
        declared = said_of(resolved, person).pregnancy_declared
        if declared is not None and rule is not None:
            from_s = _midnight_s(resolved, declared)
            yield DoseBudget(
                f"limit_unborn_{name}", "unborn", 0, {name: rule.value}, {}, "pregnancy", "limit", said.limits_bind,
                rule.provision, from_s,
            )  # fmt: skip


def _investigations(resolved: Resolved, people: Mapping[str, Person]) -> Iterator[DoseBudget]:
    """Levels that ask for a look; they bind nobody."""
    numbers, jurisdiction = resolved.numbers, resolved.scenario.dose.jurisdiction
    for number in (1, 2):
        for quantity in ("effective", "extremity"):
            for rule in protection.limits(numbers, jurisdiction, "worker", quantity, f"investigation_{number}"):
                allowed = dict.fromkeys(people, rule.value)
                yield DoseBudget(
                    f"investigation_{number}_{quantity}", quantity, COLUMNS[quantity], allowed, {}, rule.period,
                    "investigation", False, rule.provision,
                )  # fmt: skip


def _boundaries(resolved: Resolved, budgets: tuple[DoseBudget, ...]) -> Iterator[tuple[float, str]]:
    """When which period begins anew within the run, in order."""
    start, days = resolved.scenario.start, resolved.scenario.days
    words = {budget.period for budget in budgets} - {"pregnancy"}
    first = start.date()
    for number in range(1, int(days) + 2):
        day = first + dt.timedelta(days=number)
        moment_s = _midnight_s(resolved, day)
        if 0.0 < moment_s < days * DAY_S:
            yield from ((moment_s, word) for word in sorted(words) if _begins(word, day))
    for budget in budgets:
        if budget.period == "pregnancy" and 0.0 < budget.from_s < days * DAY_S:
            yield budget.from_s, budget.name


def _begins(word: str, day: dt.date) -> bool:
    """Whether a period of the calendar begins on this day."""
    if word == "day":
        return True
    if word == "week":
        return day.weekday() == 0
    months = {"month": 1, "quarter": 3, "year": 12}[word]
    return day.day == 1 and (day.month - 1) % months == 0


# Predicted --------------------------------------------------------------------------------------------------------


def _predicted(
    plan: Plan, protocol: Protocol, factors: ByWord, vials: tuple[Vial, ...], residual: float
) -> dict[str, Predicted]:
    """Of every step at which a person handles activity, at its mean duration, without decay before it."""
    if protocol.nuclide is None:
        return {}
    exposing = [step for step in steps(plan.body) if step.exposure and step.people]
    vial_bq = max((_arriving_bq(vial) for vial in vials if vial.tracer == protocol.tracer), default=0.0)
    return {step.name: _of_step(step, protocol, factors, vial_bq, residual) for step in exposing}


def _arriving_bq(vial: Vial) -> float:
    return vial.activity_bq * math.exp(-vial.decay_constant_per_s * (vial.arrival_s - vial.reference_s))


def _of_step(step: Step, protocol: Protocol, factors: ByWord, vial_bq: float, residual: float) -> Predicted:
    nuclide, injected_bq = protocol.nuclide or "", protocol.activity_bq or 0.0
    amounts = {"syringe": injected_bq / (1.0 - residual), "animals": injected_bq, "contamination": injected_bq}
    seconds_s = step.duration.mean if isinstance(step.duration, Distribution) else 0.0
    decays = exposures.seconds(protocol.decay_constant_per_s, seconds_s)
    fixed, per_animal = NOTHING, NOTHING
    for source, factor in factors[step.exposure or "", nuclide]:
        amount = amounts.get(source, vial_bq if source == "vial" else 0.0)
        part = Factors(*(0.0 if math.isnan(value) else value * amount * decays for value in factor))
        if source in amounts:
            per_animal = added(per_animal, part)
        else:
            fixed = added(fixed, part)
    return Predicted(fixed, per_animal)


def added(first: Factors, second: Factors) -> Factors:
    """Both together."""
    return Factors(*(a + b for a, b in zip(first, second, strict=True)))
