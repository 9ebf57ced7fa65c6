"""Rooms that are not for the animals of a study, and other mistakes of hygiene."""

from __future__ import annotations

from collections.abc import Iterator

from twin.errors import Problem
from twin.plan import Plan, Step, steps
from twin.scenario.checking import Checked
from twin.scenario.hygiene import hygiene
from twin.scenario.site_hygiene import Hygiene


def contaminations(checked: Checked) -> Iterator[Problem]:
    """A contamination is of a room, at a date or at random."""
    scenario = checked.scenario
    for name, said in scenario.hygiene.contaminations.items():
        path = ("hygiene", "contaminations", name)
        yield from checked.unknown((*path, "room"), "room", said.room, scenario.rooms)
        for study in said.studies:
            yield from checked.unknown((*path, "studies"), "study", study, scenario.studies)
        if (said.at is None) == (said.time_between is None):
            yield checked.resolved.problem(path, "a contamination has either a date (`at`) or a `time_between`")


def rooms(checked: Checked) -> Iterator[Problem]:
    """Each kind of room and scanner that a study needs has one that is for its animals."""
    made = hygiene(checked.resolved)
    for study in checked.scenario.studies:
        told: set[str] = set()
        for protocol in checked.protocols_of(study):
            for what, candidates in _needed(checked, protocol):
                if candidates and what not in told and not any(made.admits(room, study) for room in candidates):
                    told.add(what)
                    yield _not_for(checked, made, study, what, candidates)


def _needed(checked: Checked, protocol: str) -> Iterator[tuple[str, list[str]]]:
    """What a plan needs, and the rooms in which it can be had."""
    plan = checked.plans.get(protocol)
    for step in steps(plan.body) if plan is not None else ():
        if step.place not in (None, "scanner"):
            candidates = [name for name, room in checked.scenario.rooms.items() if room.kind == step.place]
            yield f"room of kind {step.place}", candidates
        if step.scanner:
            yield f"scanner of the protocol {protocol}", _rooms_of(checked, step)


def _rooms_of(checked: Checked, step: Step) -> list[str]:
    found = (checked.scanners[name].room for name in step.scanner if name in checked.scanners)
    return list(dict.fromkeys(room for room in found if room in checked.scenario.rooms))


def _not_for(checked: Checked, made: Hygiene, study: str, what: str, candidates: list[str]) -> Problem:
    """The study and the rooms by name, with what each of them is."""
    said = checked.scenario.studies[study]
    low = [room for room in candidates if made.levels[room] < said.biosafety]
    if low:
        have = ", ".join(f"{room} has level {made.levels[room]}" for room in low)
        message = f"the study {study} needs biosafety level {said.biosafety}, and no {what} has it: {have}"
        return checked.resolved.problem(("studies", study, "biosafety"), message, said.biosafety)
    names = ", ".join(candidates)
    message = f"animals of the study {study} are {said.hygiene}, and every {what} is of the barrier: {names}"
    return checked.resolved.problem(("studies", study, "hygiene"), message, said.hygiene)


def scavenging(checked: Checked) -> Iterator[Problem]:
    """Nobody anaesthetises with a gas in a room that does not carry it off."""
    for name, plan in checked.plans.items():
        said = checked.scenario.protocols[name]
        if said.anaesthetic not in (None, "isoflurane") or _without_gas(checked, name):
            continue
        for step in steps(plan.body):
            if step.effect == "anaesthetise":
                yield from _vents(checked, name, step)


def _without_gas(checked: Checked, protocol: str) -> bool:
    """Whether no study that uses it has animals that breathe a gas: fish lie in their anaesthetic."""
    users = [s for name, s in checked.scenario.studies.items() if protocol in checked.protocols_of(name)]
    return all(study.species == "zebrafish" for study in users)


def _vents(checked: Checked, protocol: str, step: Step) -> Iterator[Problem]:
    scenario = checked.scenario
    where = _rooms_of(checked, step) if step.scanner else _where(checked, checked.plans[protocol], step)
    for room in where:
        if not scenario.rooms[room].scavenging:
            message = f"step {step.name} of {protocol} anaesthetises with a gas in {room}, which has no scavenging"
            yield checked.resolved.problem(("rooms", room, "scavenging"), message, False)


def _where(checked: Checked, plan: Plan, step: Step) -> list[str]:
    """The rooms to which the last step with a place before this one takes the animals."""
    kind: str | None = None
    for each in steps(plan.body):
        kind = each.place or kind
        if each is step:
            break
    return [name for name, room in checked.scenario.rooms.items() if room.kind == kind]
