"""Booked time of people as plans: one step that only its person can do."""

from __future__ import annotations

from twin.plan import Plan, Step
from twin.scenario.site import Site
from twin.scenario.site_people import PLANS, Booked


def own_skill(person: str) -> str:
    """A skill that nobody else has: no skill of a scenario begins like this."""
    return f"@{person}"


def people_plans(site: Site) -> dict[str, Plan]:
    """The plans of everybody's booked time by their names."""
    plans = (_plan(name, booked) for name, person in site.people.items() for booked in person.standing.booked)
    return {plan.name: plan for plan in plans}


def _plan(person: str, booked: Booked) -> Plan:
    effect = "certify" if booked.certificate else None
    step = Step(booked.name, booked.task, booked.duration, people=((own_skill(person),),), effect=effect)
    return Plan(f"{PLANS}/{person}/{booked.name}", step)
