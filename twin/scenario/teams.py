"""The same site with other people: after certificates have ended, when learners have learnt, and with fewer users.

Whether a circle of waiting can close depends on how many may do what. The site as it begins is one team; these are
the others that a run may come to. Who is not there in one of them is left out with all that they could do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from twin.plan import steps
from twin.scenario.site import Person, Site

#: Name -> the skills that they have then; who is not there is not in it.
Team: TypeAlias = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Later:
    """A team, and when or why it is all that there is."""

    when: str
    team: Team


def others(site: Site) -> Iterator[Later]:
    """Teams that the run may come to, each once, in which everything that plans ask for can still be done."""
    seen = [{name: person.skills for name, person in site.people.items()}]
    for later in (*_after_certificates(site), *_signed_off(site), *_with_few_users(site)):
        if later.team not in seen and _suffices(site, later.team):
            seen.append(later.team)
            yield later


def _after_certificates(site: Site) -> Iterator[Later]:
    """From each moment on at which a certificate ends that no course has renewed by then."""
    people = site.people
    ends = {own.expiry_s for person in people.values() for own in person.standing.certificates}
    for moment_s in sorted(end_s for end_s in ends if 0.0 <= end_s < site.horizon_s):
        when = site.start + dt.timedelta(seconds=moment_s)
        team = {name: person.skills - _lapsed(person, moment_s) for name, person in people.items()}
        yield Later(f"from {when:%Y-%m-%d %H:%M} on, when certificates have ended", team)


def _lapsed(person: Person, moment_s: float) -> frozenset[str]:
    """The skills that somebody may not use then."""
    courses = {booked.name: booked.moments_s for booked in person.standing.booked if booked.certificate}
    ended = [
        own.skills
        for own in person.standing.certificates
        if own.expiry_s <= moment_s
        and not any(at_s <= moment_s < at_s + own.valid_for_s for at_s in courses.get(own.name, ()))
    ]
    return frozenset[str]().union(*ended)


def _signed_off(site: Site) -> Iterator[Later]:
    """Once everybody has learnt what they learn: who may do more holds more, too."""
    team = {name: person.skills | set(person.standing.training) for name, person in site.people.items()}
    yield Later("when everybody who learns is signed off", team)


def _with_few_users(site: Site) -> Iterator[Later]:
    """Those who do not work for their own studies alone; and those with the users of each study, who come together."""
    users = {name: person.standing.studies or frozenset() for name, person in site.people.items()}
    staff = {name: person.skills for name, person in site.people.items() if person.standing.studies is None}
    yield Later("when no user is there for their own study", staff)
    for study in site.studies:
        own = {name: site.people[name].skills for name, studies in users.items() if study in studies}
        if own:
            yield Later(f"when of the users only those of {study} are there", staff | own)


def _suffices(site: Site, team: Team) -> bool:
    """Whether somebody can do each step that anybody could at the start: else it waits for people, in no circle."""
    asked = {frozenset(need) for plan in site.plans.values() for step in steps(plan.body) for need in step.people}
    at_first = [person.skills for person in site.people.values()]
    return all(any(need <= skills for skills in team.values()) for need in asked if any(need <= s for s in at_first))
