"""Sessions that this site can never hold: more animals than places, more people than there are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from twin.errors import Problem
from twin.plan import ForEachAnimal, Node, Step, children, steps
from twin.scenario import model, rules, studies
from twin.scenario.checking import Checked
from twin.scenario.expand import expanded_names, policies
from twin.scenario.planned import longest_asleep_s
from twin.scenario.roles import skills_of
from twin.vocabulary import UNCOUNTED


def places(checked: Checked) -> Iterator[Problem]:
    """Every room kind has places for the animals that a step takes there at once."""
    has: Counter[str] = Counter()
    for room in checked.scenario.rooms.values():
        has[room.kind] += room.places
    for (protocol, kind), (animals, step, study) in _most_taken(checked).items():
        if kind in has and kind not in UNCOUNTED and animals > has[kind]:
            noun = "place" if has[kind] == 1 else "places"
            message = (
                f"step {step} takes {animals} animals of one bed to rooms of kind {kind} at once, and the site has "
                f"{has[kind]} {noun} there: it can never start; have more places, or a smaller hotel "
                f"(`hotel: {has[kind]}` in studies.{study})"
            )
            yield checked.resolved.problem(("protocols", protocol), message)


def _most_taken(checked: Checked) -> dict[tuple[str, str], tuple[int, str, str]]:
    """Protocol and kind of room -> most animals taken there at once, with the step and the study that do so."""
    found: dict[tuple[str, str], tuple[int, str, str]] = {}
    for study in checked.scenario.studies:
        for protocol in checked.protocols_of(study):
            plan = checked.plans.get(protocol)
            for step, animals in _taken(plan.body, most_animals(checked, study, protocol)) if plan else ():
                before = found.get((protocol, step.place or ""))
                if step.place is not None and (before is None or animals > before[0]):
                    found[protocol, step.place] = (animals, step.name, study)
    return found


def _taken(node: Node, animals: int) -> Iterator[tuple[Step, int]]:
    """Each step with the number of animals that it is done for at once."""
    if isinstance(node, Step):
        yield node, animals
    for child in children(node):
        yield from _taken(child, 1 if isinstance(node, ForEachAnimal) else animals)


def most_animals(checked: Checked, study: str, protocol: str) -> int:
    """Most animals of one session: what scanners, study and one attendant take, of those that come together."""
    said, plan = checked.scenario.studies[study], checked.plans[protocol]
    hotels = [checked.scanners[name].hotel for step in steps(plan.body) for name in step.scanner]
    size = min(hotels, default=said.hotel or 1)
    hotel = max(1, min(size, said.hotel or size, policies(checked.resolved).animals_per_attendant))
    return int(min(hotel, _together(said, checked.scenario.policies)))


def _together(said: model.Study, policy: rules.Policies) -> float:
    """Most animals that can be there for one session."""
    arrival = said.arrival
    if arrival.bookings is not None:
        groups = Counter((row.start, row.scanner, row.time_point) for row in arrival.bookings)
        return max(groups.values(), default=1)
    total = studies.animals(said) or math.inf
    alone = arrival.dates is None and policy.hotel_wait == 0.0
    return min(total, arrival.batch or 1) if alone else total


def people(checked: Checked) -> Iterator[Problem]:
    """A step that needs several people at once finds as many, whoever does what."""
    staff = checked.scenario.staff
    skills = [
        frozenset(skills_of(said, checked.resolved.numbers))
        for name, said in staff.items()
        for _ in expanded_names(name, said.count)
    ]
    for name, plan in checked.plans.items():
        for step in steps(plan.body):
            needs = tuple(map(frozenset, step.people))
            if (short := _short(needs, skills)) is not None:
                wanted = " and ".join("+".join(sorted(need)) for need in short)
                able = sum(any(need <= has for need in short) for has in skills)
                message = (
                    f"step {step.name} needs {len(short)} people at once ({wanted}), and the site has {able} of them"
                )
                yield checked.resolved.problem(("protocols", name), message)


def _short(needs: tuple[frozenset[str], ...], skills: list[frozenset[str]]) -> tuple[frozenset[str], ...] | None:
    """Several needs that fewer people can serve than they are (Hall's theorem); None: there are enough.

    A need that nobody can serve is told elsewhere.
    """
    served = [need for need in needs if any(need <= has for has in skills)]
    for size in range(2, len(served) + 1):
        for some in combinations(served, size):
            if sum(any(need <= has for need in some) for has in skills) < size:
                return some
    return None


def anaesthesia_warnings(checked: Checked) -> Iterator[Problem]:
    """A plan that keeps even a single animal asleep for longer than the limit."""
    limit_s = policies(checked.resolved).anaesthesia_limit_s
    for name, plan in checked.plans.items():
        asleep_s = longest_asleep_s(plan, checked.scenario.protocols[name].uptake or 0.0)
        if asleep_s > limit_s:
            message = (
                f"an animal is asleep for {asleep_s / 60:.0f} min by the mean durations, even alone without waiting; "
                f"the limit of anaesthesia is {limit_s / 60:.0f} min (policies.anaesthesia_limit)"
            )
            yield checked.resolved.problem(("protocols", name), message)


def hotel_warnings(checked: Checked) -> Iterator[Problem]:
    """A hotel that one person cannot attend is never filled."""
    most = policies(checked.resolved).animals_per_attendant
    message = f"one person attends at most {most} animals (policies.animals_per_attendant): no session has more"
    groups = (("scanners", checked.scenario.scanners), ("studies", checked.scenario.studies))
    for word, members in groups:
        for name, said in members.items():
            if (said.hotel or 0) > most:
                yield checked.resolved.problem((word, name, "hotel"), message, said.hotel)
