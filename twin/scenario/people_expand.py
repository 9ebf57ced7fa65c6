"""From what a scenario says of its people to what the clock gets: certificates, training, experience, booked time."""

from __future__ import annotations

import datetime as dt
import math

from twin.distributions import from_dict
from twin.scenario import people_model
from twin.scenario.dates import moments_s, seconds_after
from twin.scenario.loading import Resolved
from twin.scenario.roles import words
from twin.scenario.site_people import Booked, Certificate, Practice, Standing

#: A certificate that the table does not know is good for so long after a course (an assumption of ours).
YEAR_S = 365.25 * 86400.0


def standing(resolved: Resolved, said: people_model.Standing) -> Standing:
    """Of one person."""
    numbers = resolved.numbers
    most = int(numbers.value("competences.training.supervised")) if said.training else 0
    courses = tuple(_course(resolved, n, c.renewal) for n, c in said.certificates.items() if c.renewal)
    booked = tuple(_booked(resolved, name, time) for name, time in said.education.items())
    return Standing(
        certificates=tuple(_certificate(resolved, name, own) for name, own in said.certificates.items()),
        training={skill: own.supervised or most for skill, own in said.training.items()},
        experience=dict(said.experience),
        booked=(*courses, *booked),
        on_call=said.on_call,
        response_s=_response_s(resolved, said),
        studies=None if said.studies is None else frozenset(said.studies),
    )


def _response_s(resolved: Resolved, said: people_model.Standing) -> float:
    if said.on_call is None:
        return 0.0
    return resolved.numbers.value("competences.on_call.response") if said.response is None else said.response


def end_of_day_s(day: dt.date, start: dt.datetime) -> float:
    """When the last day of something is over [s]."""
    return seconds_after(start, dt.datetime(day.year, day.month, day.day) + dt.timedelta(days=1))


def skills_needing(resolved: Resolved, name: str, said: people_model.Certificate) -> tuple[str, ...]:
    """What nobody may do without a certificate; nothing if neither the scenario nor the table says so."""
    key = f"competences.certificate.{name}.skills"
    if said.skills is not None:
        return said.skills
    return words(resolved.numbers, key) if resolved.numbers.has(key) else ()


def _certificate(resolved: Resolved, name: str, said: people_model.Certificate) -> Certificate:
    return Certificate(
        name,
        frozenset(skills_needing(resolved, name, said)),
        end_of_day_s(said.expires, resolved.scenario.start),
        _valid_for_s(resolved, name, said.renewal),
        said.renewal is not None,
    )


def _valid_for_s(resolved: Resolved, name: str, said: people_model.Renewal | None) -> float:
    key = f"competences.certificate.{name}.valid_for"
    if said is not None and said.valid_for is not None:
        return float(said.valid_for)
    return resolved.numbers.value(key) if said is not None and resolved.numbers.has(key) else YEAR_S


def _course(resolved: Resolved, name: str, said: people_model.Renewal) -> Booked:
    usual = resolved.numbers.distribution("competences.certificate.course") if said.course is None else None
    duration = said.course if usual is None else from_dict(usual)
    assert duration is not None
    return Booked(name, "training", (seconds_after(resolved.scenario.start, said.at),), duration, certificate=True)


def _booked(resolved: Resolved, name: str, said: people_model.Booked) -> Booked:
    return Booked(name, said.task, tuple(moments_s(said, said.at, resolved.scenario)), said.duration)


def practice(resolved: Resolved) -> Practice:
    """How doing things again changes them; the tables are asked only if somebody learns or has experience."""
    staff, numbers = resolved.scenario.staff.values(), resolved.numbers
    if not any(said.training or said.experience for said in staff):
        return Practice()
    value = numbers.value
    return Practice(
        exponent=math.log2(value("competences.experience.learning_rate")),
        routine=value("competences.experience.routine"),
        slower=value("competences.training.slower"),
        ordinary_from=value("competences.experience.ordinary"),
        competent_from=value("competences.experience.competent"),
    )
