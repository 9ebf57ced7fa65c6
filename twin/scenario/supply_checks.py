"""Tracers, deliveries, licences."""

from __future__ import annotations

import math
from collections.abc import Iterator

from twin import units
from twin.errors import DataError, Problem, nearest
from twin.physics import decay
from twin.plan import steps
from twin.scenario import hot_lab_checks
from twin.scenario.barren import fertile
from twin.scenario.checking import Checked
from twin.scenario.dates import nuclide_of
from twin.scenario.hot_lab import vials
from twin.scenario.reading import Path
from twin.scenario.site_hot_lab import Vial
from twin.scenario.windows import windows


def deliveries(checked: Checked) -> Iterator[Problem]:
    """A delivery has a nuclide that decays, days, and a shelf life."""
    for name, said in checked.scenario.hot_lab.deliveries.items():
        path: Path = ("hot_lab", "deliveries", name)
        yield from _nuclide_problem(checked, name)
        if said.days is not None and said.dates:
            yield checked.resolved.problem(path, "a delivery has either days or dates")
        if said.days is None and not said.dates:
            yield checked.resolved.problem(path, "a delivery needs days (e.g. mon-fri) or dates")
        for key in ("activity", "volume"):
            if getattr(said, key) <= 0.0:
                written = checked.resolved.data["hot_lab"]["deliveries"][name][key]
                yield checked.resolved.problem((*path, key), f"a vial holds some {key}", written)
        if said.molar_activity is not None and said.molar_activity <= 0:
            yield checked.resolved.problem((*path, "molar_activity"), "this must be greater than 0")
        if said.arrives < said.expires < said.reference:
            said_words = checked.resolved.data["hot_lab"]["deliveries"][name]["expires"]
            yield checked.resolved.problem((*path, "expires"), "the vial expires before its reference time", said_words)


def _nuclide_problem(checked: Checked, name: str) -> Iterator[Problem]:
    said, path = checked.scenario.hot_lab.deliveries[name], ("hot_lab", "deliveries", name)
    try:
        nuclide = nuclide_of(checked.resolved, said.tracer, said)
    except DataError as error:
        yield checked.resolved.problem((*path, "nuclide"), str(error))
        return
    if nuclide is None:
        known = checked.resolved.numbers.subjects("tracers", "nuclide")
        message = "this tracer is not in the table `tracers`, or has no label; give its `nuclide`"
        near = nearest(said.tracer, known)
        yield checked.resolved.problem((*path, "tracer"), message, said.tracer, None, near)
        return
    ahead_s = said.reference - said.arrives
    yield from hot_lab_checks.too_much(checked, (*path, "reference"), nuclide, said.activity, ahead_s)


def tracers(checked: Checked) -> Iterator[Problem]:
    """What is drawn is delivered, or made in the house."""
    lab = checked.scenario.hot_lab
    delivered = [said.tracer for said in lab.deliveries.values()] + [made.tracer for made in lab.preparations.values()]
    delivered = list(dict.fromkeys(delivered))
    for name, plan in checked.plans.items():
        draws = dict.fromkeys(step.draw.tracer for step in steps(plan.body) if step.draw)
        for tracer in draws:
            if tracer not in delivered:
                allowed = ", ".join(delivered) or "there are no deliveries"
                message = "no delivery brings this tracer, and no preparation makes it"
                path = ("protocols", name, "tracer")
                yield checked.resolved.problem(path, message, tracer, allowed, nearest(tracer, delivered))


#: What must be sound before vials can be planned.
SOURCES = (hot_lab_checks.columns, hot_lab_checks.preparations)


def expiry(checked: Checked) -> Iterator[Problem]:
    """A visit with a fixed time finds a vial that is not expired; checked where the delivery itself is sound."""
    if any(True for find in (deliveries, *SOURCES) for _ in find(checked)):
        return
    found, told = vials(checked.resolved), set[tuple[str, str]]()
    for study, protocol, first_s, last_s in windows(checked):
        draws = {step.draw.tracer for step in steps(checked.plans[protocol].body) if step.draw}
        for tracer in sorted(draws):
            of_tracer = [vial for vial in found if vial.tracer == tracer]
            usable = any(_usable(vial, first_s, last_s) for vial in of_tracer)
            if of_tracer and not usable and (study, tracer) not in told:
                told.add((study, tracer))
                yield _expired(checked, study, tracer, of_tracer, first_s)


def _usable(vial: Vial, first_s: float, last_s: float) -> bool:
    return vial.expiry_s >= first_s and vial.arrival_s <= last_s


def _expired(checked: Checked, study: str, tracer: str, found: list[Vial], first_s: float) -> Problem:
    before = [vial for vial in found if vial.arrival_s <= first_s]
    late = f"{before[-1].name} has expired by then" if before else "the first vial comes later"
    message = f"a visit of this study would use {tracer} after its expiry or before it comes: {late}"
    return checked.resolved.problem(("studies", study, "arrival"), message)


def licences(checked: Checked) -> Iterator[Problem]:
    """The nuclides of the source licence are known, and each stands there once, however it is spelled."""
    first: dict[str, str] = {}
    for nuclide in checked.scenario.authorisations.sources:
        path: Path = ("authorisations", "sources", nuclide)
        try:
            name = decay.canonical(checked.resolved.numbers, nuclide)
        except DataError as error:
            yield checked.resolved.problem(path, str(error))
            continue
        before = first.setdefault(name, nuclide)
        if before != nuclide:
            message = f"this is the same nuclide as {before}; write one licence for it"
            yield checked.resolved.problem(path, message, nuclide, name)


def licence_warnings(checked: Checked) -> Iterator[Problem]:
    """A licence that one vial alone passes when it comes: it would be refused."""
    told: set[str] = set()
    for vial in vials(checked.resolved):
        limit = _limit(checked, vial.nuclide)
        brought = _brought_bq(vial)
        if brought > limit and vial.delivery not in told:
            told.add(vial.delivery)
            has, may = units.fmt(brought, "Bq"), units.fmt(limit, "Bq")
            message = f"one vial holds {has} when it comes, the licence allows {may}: every one will be refused"
            yield checked.resolved.problem(("hot_lab", "deliveries", vial.delivery, "activity"), message)


def supply_warnings(checked: Checked) -> Iterator[Problem]:
    """A study whose tracer never comes within the run, or never in a vial that suffices for one animal."""
    found = fertile(checked.resolved)
    used = {protocol: study for study in checked.scenario.studies for protocol in checked.protocols_of(study)}
    for protocol, study in used.items():
        for draw in {step.draw for step in steps(checked.plans[protocol].body) if step.draw}:
            most = max((_brought_bq(vial) for vial in found if vial.tracer == draw.tracer), default=0.0)
            if most < draw.activity_bq:
                needs = f"{units.fmt(draw.activity_bq, 'Bq')} of {draw.tracer}"
                more = f" with more than {units.fmt(most, 'Bq')}" if most else ""
                message = f"an animal of the study {study} needs {needs}, and no vial of it comes{more} within the run"
                yield checked.resolved.problem(("protocols", protocol, "tracer"), message)


def _brought_bq(vial: Vial) -> float:
    """Activity of a vial when it comes [Bq]."""
    return vial.activity_bq * math.exp(vial.decay_constant_per_s * (vial.reference_s - vial.arrival_s))


def _limit(checked: Checked, nuclide: str) -> float:
    """What the site may have of a nuclide [Bq]."""
    for name, licence in checked.scenario.authorisations.sources.items():
        if decay.canonical(checked.resolved.numbers, name) == nuclide and licence.site is not None:
            return float(licence.site)
    return math.inf
