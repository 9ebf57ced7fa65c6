"""Certificates, training, experience and booked time that cannot be meant; what ends within a run or a study."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from twin.errors import Problem
from twin.plan import steps
from twin.scenario.checking import Checked
from twin.scenario.dates import horizon_s, nuclide_of, seconds_after
from twin.scenario.machines import expanded_names
from twin.scenario.people_expand import end_of_day_s, skills_needing
from twin.scenario.people_model import Certificate
from twin.scenario.reading import Path
from twin.scenario.roles import skills_of
from twin.scenario.site_people import INJECTION
from twin.scenario.windows import fixed
from twin.vocabulary import TASKS


def mistakes(checked: Checked) -> Iterator[Problem]:
    """What cannot be meant."""
    for name, said in checked.scenario.staff.items():
        path: Path = ("staff", name)
        yield from _certificates(checked, (*path, "certificates"), said.certificates)
        has = skills_of(said, checked.resolved.numbers)
        for skill in said.training:
            if skill in has:
                message = f"the role or `skills` of {name} has {skill} already: there is nothing to learn"
                yield checked.resolved.problem((*path, "training", skill), message)
        for task in said.experience:
            yield from checked.unknown((*path, "experience", task), "task", task, (INJECTION, *TASKS))
        for item, booked in said.education.items():
            if (booked.days is None) == (not booked.dates):
                message = "booked time has either days (e.g. mon-fri) or dates"
                yield checked.resolved.problem((*path, "education", item), message)
        for item in set(said.education) & set(said.certificates):
            message = "a certificate has this name; the course that renews it is its `renewal`"
            yield checked.resolved.problem((*path, "education", item), message)
        for study in said.studies or ():
            yield from checked.unknown((*path, "studies"), "study", study, checked.scenario.studies)
    yield from _services(checked)


def _services(checked: Checked) -> Iterator[Problem]:
    """A study that brings its own hands has some; what the facility holds is for protocols that are there."""
    users = {study for said in checked.scenario.staff.values() for study in said.studies or ()}
    for name, study in checked.scenario.studies.items():
        if study.service != "full" and name not in users:
            message = "this study has no users; name it in the `studies` of somebody in staff"
            yield checked.resolved.problem(("studies", name, "service"), message, study.service)
    for name, permit in checked.scenario.authorisations.facility.items():
        for protocol in permit.protocols or ():
            path: Path = ("authorisations", "facility", name, "protocols")
            yield from checked.unknown(path, "protocol", protocol, checked.scenario.protocols)


def _certificates(checked: Checked, path: Path, held: dict[str, Certificate]) -> Iterator[Problem]:
    numbers = checked.resolved.numbers
    known = [name.removeprefix("certificate.") for name in numbers.subjects("competences", "valid_for")]
    for name, own in held.items():
        if not skills_needing(checked.resolved, name, own):
            message = "what this certificate is needed for is not known; give its `skills`, or one of the table"
            yield checked.resolved.problem((*path, name), message, None, ", ".join(known))
        if own.renewal is not None and own.renewal.at < checked.scenario.start:
            message = "this course begins before the run; a certificate that was renewed then has a later `expires`"
            yield checked.resolved.problem((*path, name, "renewal", "at"), message, str(own.renewal.at))


# what ends ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _End:
    """Something that ends after a day: where it is said, what it is, and what cannot be done then."""

    path: Path
    what: str
    last: dt.date
    studies: tuple[str, ...]
    then: str
    renewed_s: float = math.inf


def warnings(checked: Checked) -> Iterator[Problem]:
    """Certificates, licences and authorisations that end within the run, or while a study still needs them."""
    spans = {name: _span(checked, name) for name in checked.scenario.studies}
    run_s = horizon_s(checked.scenario)
    for end in (*_of_people(checked), *_of_facility(checked)):
        over_s = end_of_day_s(end.last, checked.scenario.start)
        if end.renewed_s <= over_s:
            continue
        hit = [study for study in end.studies if spans[study][0] < math.inf and over_s < spans[study][1]]
        if hit or over_s < run_s:
            yield checked.resolved.problem(end.path, _sentence(checked, end, over_s, hit, spans), str(end.last))


def _sentence(checked: Checked, end: _End, over_s: float, hit: list[str], spans: dict[str, tuple[float, float]]) -> str:
    start = checked.scenario.start
    said = f"{end.what} has expired when the run starts" if over_s <= 0.0 else f"{end.what} expires on {end.last}"
    within = ", within the run" if 0.0 < over_s < horizon_s(checked.scenario) else ""
    named = [f"{study} (to {start + dt.timedelta(seconds=spans[study][1]):%Y-%m-%d})" for study in hit]
    word = "study" if len(named) == 1 else "studies"
    when = ", in the middle of" if over_s > 0.0 else ", needed by"
    middle = f"{when} {word} {', '.join(named)}" if named else ""
    if end.renewed_s < math.inf:
        renewed = f"; a course from {start + dt.timedelta(seconds=end.renewed_s):%Y-%m-%d %H:%M} on renews it"
    else:
        renewed = ""
    return f"{said}{within}{middle}: then {end.then}{renewed}"


def _span(checked: Checked, study: str) -> tuple[float, float]:
    """First and last moment of a study [s]; of one that never ends, the end of the run."""
    arrival, run_s = checked.scenario.studies[study].arrival, horizon_s(checked.scenario)
    if arrival.dates is None and arrival.bookings is None:
        return 0.0, run_s
    visits = [(first, first if math.isinf(last) else last) for _, first, last in fixed(checked, study)]
    if not visits:
        return math.inf, -math.inf
    return min(first for first, _ in visits), max(last for _, last in visits)


def _needed_skills(checked: Checked, study: str) -> frozenset[str]:
    """The skills that the plans of a study ask for."""
    plans = [checked.plans[name] for name in checked.protocols_of(study) if name in checked.plans]
    asked = frozenset(skill for plan in plans for step in steps(plan.body) for need in step.people for skill in need)
    asleep = any(step.effect == "anaesthetise" for plan in plans for step in steps(plan.body))
    return asked | {"anaesthesia"} if asleep else asked


def _of_people(checked: Checked) -> Iterator[_End]:
    needs = {study: _needed_skills(checked, study) for study in checked.scenario.studies}
    for group, said in checked.scenario.staff.items():
        names = expanded_names(group, said.count)
        who = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
        for name, own in said.certificates.items():
            barred = set(skills_needing(checked.resolved, name, own)) & set(skills_of(said, checked.resolved.numbers))
            studies = tuple(study for study, needed in needs.items() if needed & barred)
            renewed_s = math.inf if own.renewal is None else seconds_after(checked.scenario.start, own.renewal.at)
            path: Path = ("staff", group, "certificates", name, "expires")
            then = f"{who} may not do: {', '.join(sorted(barred)) or 'nothing that they do'}"
            yield _End(path, f"the certificate {name} of {who}", own.expires, studies, then, renewed_s)


def _of_facility(checked: Checked) -> Iterator[_End]:
    scenario = checked.scenario
    for name, project in scenario.authorisations.projects.items():
        if project.expires >= scenario.start.date():  # else it is a mistake, which is told elsewhere
            own = tuple(study for study, said in scenario.studies.items() if said.authorisation == name)
            path: Path = ("authorisations", "projects", name, "expires")
            yield _End(path, f"the authorisation {name}", project.expires, own, "no visit of it begins")
    for name, permit in scenario.authorisations.facility.items():
        hit = tuple(s for s in scenario.studies if permit.protocols is None or _uses(checked, s, permit.protocols))
        path = ("authorisations", "facility", name, "expires")
        yield _End(path, f"the facility's authorisation {name}", permit.expires, hit, "no visit that needs it begins")
    for nuclide, licence in scenario.authorisations.sources.items():
        if licence.expires is not None:
            path = ("authorisations", "sources", nuclide, "expires")
            hit = tuple(study for study in scenario.studies if nuclide in _nuclides(checked, study))
            then = "nothing of it is delivered or drawn"
            yield _End(path, f"the source licence for {nuclide}", licence.expires, hit, then)


def _uses(checked: Checked, study: str, protocols: Sequence[str]) -> bool:
    return bool(set(checked.protocols_of(study)) & set(protocols))


def _nuclides(checked: Checked, study: str) -> set[str | None]:
    """What the tracers of a study are labelled with."""
    known = checked.scenario.protocols
    tracers = {known[name].tracer for name in checked.protocols_of(study) if name in known}
    return {nuclide_of(checked.resolved, tracer) for tracer in tracers if tracer is not None}
