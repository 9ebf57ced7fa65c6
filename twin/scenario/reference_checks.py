"""Names that mean nothing, and needs that this site cannot meet."""

from __future__ import annotations

from collections.abc import Iterator

from twin.animals import species
from twin.errors import Problem, nearest
from twin.plan import Plan, steps
from twin.scanners import catalogue
from twin.scenario import protocols
from twin.scenario.checking import Checked
from twin.scenario.expand import expanded_names
from twin.scenario.reading import Path
from twin.scenario.roles import names as known_roles
from twin.scenario.roles import skills_of
from twin.vocabulary import ROOM_KINDS

#: So much alike, a kind of room is a slip of the pen, as hotlab (0.92) and uptaek (0.83) are; house (0.67) is not.
SLIP = 0.75
#: Who attends an anaesthetised animal has this skill.
ATTENDS = "anaesthesia"


def rooms(checked: Checked) -> Iterator[Problem]:
    """Rooms that are named are there, and each kind of room that a plan takes animals to."""
    scenario, known = checked.scenario, checked.scenario.rooms
    for name, scanner in scenario.scanners.items():
        yield from checked.unknown(("scanners", name, "room"), "room", scanner.room, known)
    yield from checked.unknown(("hot_lab", "room"), "room", scenario.hot_lab.room, known)
    for nuclide, licence in scenario.authorisations.sources.items():
        for room in licence.rooms:
            path = ("authorisations", "sources", nuclide, "rooms", room)
            yield from checked.unknown(path, "room", room, known)


def kinds(checked: Checked) -> Iterator[Problem]:
    """There is each kind of room that a plan takes animals to; a kind that looks like one that is known is a slip."""
    slips = slips_of_kind(checked)
    for room, near in slips.items():
        kind, message = checked.scenario.rooms[room].kind, "no plan and no rule knows rooms of this kind"
        yield checked.resolved.problem(("rooms", room, "kind"), message, kind, ", ".join(ROOM_KINDS), near)
    has = list(dict.fromkeys(room.kind for room in checked.scenario.rooms.values()))
    for name, plan in checked.plans.items():
        for kind, step_name in sorted(_kinds_of(plan).items()):
            if kind not in has and kind not in slips.values():
                message = f"step {step_name} needs a room of kind {kind}, and the site has none"
                own = kind not in ROOM_KINDS
                allowed = ", ".join(has) or "no room is defined"
                help_with = (allowed, nearest(kind, has)) if own else (None, None)
                yield checked.resolved.problem(("protocols", name), message, None, *help_with)


def slips_of_kind(checked: Checked) -> dict[str, str]:
    """Rooms of a kind that nothing knows, with the known kind that it looks like."""
    own = {kind for plan in checked.plans.values() for kind in _kinds_of(plan)}
    known = (*ROOM_KINDS, *own)
    rooms = {name: room.kind for name, room in checked.scenario.rooms.items() if room.kind not in known}
    return {name: near for name, kind in rooms.items() if (near := nearest(kind, known, SLIP)) is not None}


def _kinds_of(plan: Plan) -> dict[str, str]:
    """Each kind of room that a plan needs, with the first step that does."""
    found = reversed(list(steps(plan.body)))
    return {kind: step.name for step in found for kind in (step.place, step.workplace) if kind}


def idle_words(checked: Checked) -> Iterator[Problem]:
    """Words of a protocol that its template, or its own plan, does not heed."""
    for name in checked.plans:
        said = checked.scenario.protocols[name]
        plan = f"the template {said.template}" if said.template else "a plan of its own"
        for key in protocols.without_effect(checked.resolved, name, checked.scanners):
            message = f"this has no effect with {plan} as it is set here"
            yield checked.resolved.problem(("protocols", name, key), message, getattr(said, key))


def scanners(checked: Checked) -> Iterator[Problem]:
    """Machines of the catalogue, and hotels that fit them."""
    numbers = checked.resolved.numbers
    for name, scanner in checked.scenario.scanners.items():
        path: Path = ("scanners", name)
        models = catalogue.names(numbers)
        yield from checked.unknown((*path, "model"), "machine in the catalogue", scanner.model, models)
        if scanner.model in models:
            sizes = catalogue.machine(numbers, scanner.model).hotel_sizes
            if scanner.hotel not in sizes:
                message = f"a bed of {scanner.model} does not take so many animals"
                allowed = ", ".join(map(str, sizes))
                yield checked.resolved.problem((*path, "hotel"), message, scanner.hotel, allowed)


def expanded(checked: Checked) -> Iterator[Problem]:
    """``count`` makes no name that is there already."""
    groups = (("staff", checked.scenario.staff), ("scanners", checked.scenario.scanners))
    for word, members in groups:
        first: dict[str, str] = {}
        for group, member in members.items():
            for name in expanded_names(group, member.count):
                if first.setdefault(name, group) != group:
                    message = f"its count makes the name {name}, which {first[name]} has already"
                    yield checked.resolved.problem((word, group), message)


def studies(checked: Checked) -> Iterator[Problem]:
    """What a study names."""
    scenario, known = checked.scenario, species.names(checked.resolved.numbers)
    for name, study in scenario.studies.items():
        path: Path = ("studies", name)
        yield from checked.unknown((*path, "protocol"), "protocol", study.protocol, scenario.protocols)
        yield from checked.unknown((*path, "species"), "species", study.species, known)
        projects = scenario.authorisations.projects
        yield from checked.unknown((*path, "authorisation"), "authorisation", study.authorisation, projects)
        for point, said in study.time_points.items():
            at = (*path, "time_points", point, "protocol")
            yield from checked.unknown(at, "protocol", said.protocol, scenario.protocols)


def masses(checked: Checked) -> Iterator[Problem]:
    """A mouse of 25 kg is a slip of the unit."""
    numbers = checked.resolved.numbers
    for name, study in checked.scenario.studies.items():
        if study.mass is None or study.species not in species.names(numbers):
            continue
        usual = species.species(numbers, study.species).mass_kg
        if not 0.1 * usual <= study.mass <= 10 * usual:
            message = f"{study.mass * 1000:g} g is no body mass of a {study.species}; usual is {usual * 1000:g} g"
            said = checked.resolved.data["studies"][name]["mass"]
            yield checked.resolved.problem(("studies", name, "mass"), message, said)


def authorisations(checked: Checked) -> Iterator[Problem]:
    """Procedures are protocols, and a study's are among its project's."""
    scenario = checked.scenario
    for name, project in scenario.authorisations.projects.items():
        for procedure in project.procedures or ():
            path = ("authorisations", "projects", name, "procedures")
            yield from checked.unknown(path, "protocol", procedure, scenario.protocols)
    for name, study in scenario.studies.items():
        allowed = scenario.authorisations.projects.get(study.authorisation or "")
        for protocol in checked.protocols_of(name):
            if allowed is not None and allowed.procedures is not None and protocol not in allowed.procedures:
                message = f"the authorisation {study.authorisation} does not allow the protocol {protocol}"
                words = ", ".join(allowed.procedures) or "no protocol"
                yield checked.resolved.problem(("studies", name, "authorisation"), message, None, words)


def roles(checked: Checked) -> Iterator[Problem]:
    """A role that is not known has its skills written down."""
    known = known_roles(checked.resolved.numbers)
    for name, staff in checked.scenario.staff.items():
        if staff.skills is None and staff.role not in known:
            message = "this role has no skills of its own; give `skills`, or a role that is known"
            near = nearest(staff.role, known)
            yield checked.resolved.problem(("staff", name, "role"), message, staff.role, ", ".join(known), near)


def skills(checked: Checked) -> Iterator[Problem]:
    """Each set of skills that one person must have, somebody has."""
    people = [frozenset(skills_of(staff, checked.resolved.numbers)) for staff in checked.scenario.staff.values()]
    for path, needed, what in _needed(checked):
        if not any(needed <= has for has in people):
            known = sorted(frozenset().union(*people))
            missing = sorted(needed - set(known)) or sorted(needed)
            message = f"{what} needs one person with the skill {' and '.join(sorted(needed))}, and nobody has it"
            allowed = ", ".join(known) or "no staff is defined"
            yield checked.resolved.problem(path, message, None, allowed, nearest(missing[0], known))


def readers(checked: Checked) -> Iterator[Problem]:
    """Two people who read together are two."""
    if checked.scenario.policies.reading != "double":
        return
    able = [
        s.count or 1 for s in checked.scenario.staff.values() if "analysis" in skills_of(s, checked.resolved.numbers)
    ]
    if sum(able) < 2:
        message = f"two people read together, and {sum(able)} can (skill analysis)"
        yield checked.resolved.problem(("policies", "reading"), message, "double")


def _needed(checked: Checked) -> Iterator[tuple[Path, frozenset[str], str]]:
    """Path, skills of one person, and what for."""
    for name, plan in checked.plans.items():
        found = list(steps(plan.body))
        needs = {frozenset(person): step.name for step in reversed(found) for person in step.people}
        if any(step.effect == "anaesthetise" for step in found):
            needs.setdefault(frozenset((ATTENDS,)), "anaesthesia")
        for needed, step_name in needs.items():
            yield ("protocols", name), needed, f"step {step_name}"
    for name, scanner in checked.scenario.scanners.items():
        for key, control in scanner.quality_control.items():
            path = ("scanners", name, "quality_control", key, "skill")
            yield path, frozenset((control.skill,)), "this quality control"
    for word in ("analysis", "reading"):
        if getattr(checked.scenario.policies, word) != "none":
            yield ("policies", word), frozenset(("analysis",)), f"the {word} of images"
    yield from _in_hot_lab(checked)


def _in_hot_lab(checked: Checked) -> Iterator[tuple[Path, frozenset[str], str]]:
    said = checked.scenario.hot_lab
    if said.receipt is not None:
        yield ("hot_lab", "receipt", "skill"), frozenset((said.receipt.skill,)), "the receipt of a vial"
    for name, check in said.checks.items():
        yield ("hot_lab", "checks", name, "skill"), frozenset((check.skill,)), "this check"
    for name, made in said.preparations.items():
        path = ("hot_lab", "preparations", name)
        yield (*path, "skill"), frozenset((made.skill,)), "this preparation"
        if made.test is not None:
            yield (*path, "test", "skill"), frozenset((made.test.skill,)), "this test"
