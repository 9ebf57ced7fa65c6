"""What is injected: agents that are too much for their animals, tracers that are gone when the scan begins."""

from __future__ import annotations

import math
from collections.abc import Iterator

from twin import units
from twin.distributions import Distribution
from twin.errors import DataError, Problem
from twin.physics import decay
from twin.plan import Step, steps
from twin.scanners.templates import TEMPLATES
from twin.scenario import model, protocols, studies
from twin.scenario.checking import Checked
from twin.scenario.expand import nuclide_of

#: After so many half-lives a thousandth is left: nothing can be imaged.
MOST_HALF_LIVES = 10.0
#: Nobody holds an animal for longer [s].
MOST_S = 4.0 * 3600.0


def agents(checked: Checked) -> Iterator[Problem]:
    """No agent passes the ceiling of its way into the animal."""
    yield from _too_much(checked, "authorised", "more than may be given")


def agent_warnings(checked: Checked) -> Iterator[Problem]:
    """An agent that passes good practice."""
    yield from _too_much(checked, "good_practice", "more than is good practice")


def _too_much(checked: Checked, bound: str, why: str) -> Iterator[Problem]:
    for protocol, study, step in dict.fromkeys(_given(checked)):
        assert step.agent is not None
        most = _limit_m3_per_kg(checked, study, protocol, step.route, bound)
        if step.agent.volume_m3_per_kg > most * (1.0 + 1e-9):
            has, may = (units.fmt(value, "m3/kg", "ml/kg") for value in (step.agent.volume_m3_per_kg, most))
            species = checked.scenario.studies[study].species
            message = f"{has} of {step.agent.name} is {why} to a {species} by {step.route}: {may} (study {study})"
            yield checked.resolved.problem(("protocols", protocol, "agent_volume"), message)


def _given(checked: Checked) -> Iterator[tuple[str, str, Step]]:
    """Protocol, study and step of every injection of an agent."""
    for name in checked.scenario.studies:
        for protocol in checked.protocols_of(name):
            plan = checked.plans.get(protocol)
            for step in steps(plan.body) if plan else ():
                if step.agent is not None:
                    yield protocol, name, step


def _limit_m3_per_kg(checked: Checked, study: str, protocol: str, route: str, bound: str) -> float:
    """Into a vein by the study, else of the table ``species``; where it has none, there is no limit."""
    said, infused = checked.scenario.studies[study], checked.scenario.protocols[protocol].infusion is not None
    key = f"species.{said.species}.{route}_volume_{bound}"
    if route != "iv":
        return checked.resolved.numbers.value(key) if checked.resolved.numbers.has(key) else math.inf
    volumes = studies.volume_limits(checked.resolved, said)
    most = volumes.infusion if infused else volumes.bolus
    return most if bound == "authorised" or infused else volumes.good_practice


def infusions(checked: Checked) -> Iterator[Problem]:
    """A slow injection goes into a vein, by a step of a template, and is slow."""
    for name, said in checked.scenario.protocols.items():
        message = None if said.infusion is None else _not_infused(checked, said, said.infusion)
        if message is not None:
            yield checked.resolved.problem(("protocols", name, "infusion"), message)


def _not_infused(checked: Checked, said: model.Protocol, infusion: Distribution) -> str | None:
    """Why a protocol injects nothing slowly; None: it does."""
    if said.template is None:
        return "a plan of your own says how long its steps last; its volume is `authorisations.projects.NAME.volume`"
    template = TEMPLATES[said.template]
    if "inject" not in template.rows:
        return f"the template {said.template} injects nothing"
    if protocols.route(checked.resolved, said) != "iv":
        return "only an injection into a vein is a bolus or slow"
    if template.on_bed and "inject" in said.durations:
        return "durations.inject says how long it lasts, too"
    return _not_slow(infusion, checked.resolved.numbers.value("injection.slow_least"))


def _not_slow(infusion: Distribution, least_s: float) -> str | None:
    """Why that is no slow injection."""
    shortest_s, longest_s = infusion.support
    if shortest_s < least_s:
        return f"a slow injection lasts at least {units.fmt(least_s, 's')}; what is quicker is a bolus"
    if longest_s > MOST_S:
        return f"a slow injection lasts at most {units.fmt(MOST_S, 's')}: somebody stays with it"
    return None


def half_lives(checked: Checked) -> Iterator[Problem]:
    """Something is left of a tracer when its scan begins."""
    numbers = checked.resolved.numbers
    for name, said in checked.scenario.protocols.items():
        uptake_s = protocols.uptake_s(checked.resolved, said)
        nuclide = _nuclide(checked, said.tracer)
        scans = name in checked.plans and any(step.effect == "scan" for step in steps(checked.plans[name].body))
        if nuclide is None or uptake_s is None or not scans:
            continue
        half_life_s = decay.half_life_s(numbers, nuclide)
        if uptake_s > MOST_HALF_LIVES * half_life_s:
            passed = uptake_s / half_life_s
            many = f"{passed:.0f}" if passed < 1e6 else f"{passed:.3g}"
            message = f"the scan begins {many} half-lives of {nuclide} after the injection: nothing is left to be seen"
            yield checked.resolved.problem(("protocols", name, "uptake"), message, units.fmt(uptake_s, "s"))


def _nuclide(checked: Checked, tracer: str | None) -> str | None:
    """The nuclide of a tracer; None if there is none, or if it is a mistake that is told elsewhere."""
    try:
        return None if tracer is None else nuclide_of(checked.resolved, tracer)
    except DataError:
        return None
