"""Whether sessions can come to a stand in a circle, each holding what another waits for.

Everybody in such a circle waits for ever, so a scenario in which one can close is refused. It closes when some
sessions, who fit into the beds, rooms and people all at once, leave each of them short of something. Whether such
sessions exist is decided exactly (`circle_search`), unless the search would take too long, and then that is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise

from twin.distributions import Constant
from twin.plan import (
    Choice,
    Draw,
    ForEachAnimal,
    Node,
    Parallel,
    Plan,
    Repeat,
    Sequence,
    Step,
    is_away,
)
from twin.scenario import teams
from twin.scenario.circle_search import Clauses, Member, Shortage, search
from twin.scenario.effort import Effort, UndecidedError
from twin.scenario.hold_states import Events, HoldState, hold_states
from twin.scenario.moments import ATTENDS, Pool, Wait
from twin.scenario.site import Site, Study
from twin.scenario.teams import Team
from twin.vocabulary import DESK, UNCOUNTED

#: Stands for every syringe in an outline.
SYRINGE = Draw("", 0.0)
#: Stands for the scanner for which a session is booked; no scanner has this name.
BOOKED = "*"


@dataclass(frozen=True, slots=True)
class Pools:
    """How much there is.

    Attributes
    ----------
    sizes : mapping of Pool to int
        Beds, scanners, and places of the counted kinds of rooms.
    people : mapping of frozenset of str to int
        How many people have exactly these skills.
    roles : mapping of frozenset of str to str
        What people with exactly these skills are called.
    """

    sizes: Mapping[Pool, int]
    people: Mapping[frozenset[str], int]
    roles: Mapping[frozenset[str], str]


def find_circle(site: Site, team: Team | None = None) -> tuple[str, ...] | None:
    """The names of a circle that can close, the first one again at the end; None: there is none.

    Parameters
    ----------
    site : Site
    team : Team, optional
        Who is there, and what they may do, if not all as at the start.

    Returns
    -------
    tuple of str or None
        ``" -> ".join(circle)`` reads "who holds this waits for that".

    Raises
    ------
    UndecidedError
        When the search would take too long; it is the same on every machine.
    """
    pools = _pools(site, {name: p.skills for name, p in site.people.items()} if team is None else team)
    states: set[HoldState] = set()
    try:
        for some in _states(site):
            states |= some
    except UndecidedError:
        if circle := circle_of(pools, states):  # what was looked at is enough for one
            return circle
        raise
    return circle_of(pools, states)


def later_circles(site: Site) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Circles that can close when other people are all that there is (`twin.scenario.teams`): when, and which.

    Teams for which the search would take too long are left out: whether a circle can close at all is asked first.
    """
    for later in teams.others(site):
        try:
            circle = find_circle(site, later.team)
        except UndecidedError:
            continue
        if circle is not None:
            yield later.when, circle


def describe(circle: tuple[str, ...]) -> str:
    """What a circle means and what helps, for the user."""
    links = [f"who has {a} can wait for {'another ' if a == b else ''}{b}" for a, b in pairwise(circle)]
    return (
        f"{' -> '.join(circle)}: {', and '.join(links)}; so many can do so at once that all of them wait for ever. "
        f"Have more of one of them than can be held in this way, or let the step that takes the first take the next "
        f"with it, or give back the first before the next is needed."
    )


def circle_of(pools: Pools, states: Iterable[HoldState]) -> tuple[str, ...] | None:
    """The circle that such sessions can close, if any; any number of sessions may be in each state."""
    size = dict(pools.sizes) | {_person(skills): n for skills, n in pools.people.items()}
    return search(size, {member for state in states for member in _members(pools, state)})


# The site's pools and sessions -------------------------------------------------------------------------------------


def _pools(site: Site, team: Team) -> Pools:
    sizes: Counter[Pool] = Counter()
    for room in site.rooms.values():
        sizes["place", room.kind] += room.places
    for scanner in site.scanners.values():
        sizes["bed", scanner.name], sizes["scanner", scanner.name] = len(scanner.beds), 1
    roles: dict[frozenset[str], set[str]] = {}
    for name, skills in team.items():
        roles.setdefault(skills, set()).add(site.people[name].role)
    counted = {pool: n for pool, n in sizes.items() if pool[0] != "place" or pool[1] not in UNCOUNTED}
    names = {skills: "/".join(sorted(called)) for skills, called in roles.items()}
    return Pools(counted, Counter(team.values()), names)


def _states(site: Site) -> Iterator[set[HoldState]]:
    """All moments at which a session of this site can stand still while it holds something, small sessions first."""
    rooms = Counter(room.kind for room in site.rooms.values())
    events = Events(
        people_leave=site.policies.shift_end == "preempt",
        breakdowns=any(scanner.breakdown for scanner in site.scanners.values()),
        spread=frozenset(kind for kind, n in rooms.items() if n > 1 and kind != "scanner"),
    )
    effort = Effort()
    for (plan, animals), scanners in sorted(_sessions(site).items(), key=lambda item: item[0][1]):
        states, spots = _known(plan, animals, BOOKED if scanners else None, events, Effort().most)
        effort.spend(spots)
        yield {booked_for(state, name) for state in states for name in scanners or {""}}


@lru_cache(maxsize=256)
def _known(
    plan: Plan, animals: int, scanner: str | None, events: Events, most: int
) -> tuple[frozenset[HoldState], int]:
    """Where the sessions of a plan can stand still, and the effort of finding out.

    Who edits a scenario changes numbers of people far more often than plans, and wants to know at once.
    """
    effort = Effort(most)
    states = hold_states(plan, animals, scanner, events, effort)
    return states, most - effort.left


def _sessions(site: Site) -> dict[tuple[Plan, int], frozenset[str]]:
    """Outline of the plan and number of animals -> for which scanners such sessions are booked; none: for no one."""
    sessions: dict[tuple[Plan, int], frozenset[str]] = {}
    for study in site.studies.values():
        for name in {point.protocol for point in study.time_points}:
            scanners = site.protocols[name].scanners
            booked = frozenset(scanners if site.policies.booking != "walk_in" else ())
            plan = outline(site.plans[name])
            for animals in _sizes(site, study, (*scanners, *site.protocols[name].second)):
                sessions[plan, animals] = sessions.get((plan, animals), frozenset()) | booked
    for duty in site.duties:
        sessions.setdefault((outline(site.plans[duty.plan]), 0), frozenset())
    return sessions


def _sizes(site: Site, study: Study, scanners: tuple[str, ...]) -> set[int]:
    """Numbers of animals on one bed, as sessions are booked: all up to four, and the most."""
    hotel = min((site.scanners[name].hotel for name in scanners), default=study.hotel or 1)
    most = max(1, min(hotel, study.hotel or hotel, site.policies.animals_per_attendant))
    return {*range(1, min(most, 4) + 1), most}


def outline(plan: Plan) -> Plan:
    """A plan without all that does not matter to `hold_states`: plans of one template have one outline."""
    return Plan("", _outline(plan.body), plan.way_out, first_out=plan.first_out)


def _outline(node: Node) -> Node:
    match node:
        case Step():
            task = min(DESK) if is_away(node) else ""
            return replace(
                node,
                task=task,
                duration=Constant(0.0),
                draw=node.draw and SYRINGE,
                exposure=None,
                agent=None,
                route="iv",
            )
        case Sequence(nodes):
            return Sequence(tuple(map(_outline, nodes)))
        case Parallel(branches):
            return Parallel(tuple(map(_outline, branches)))
        case ForEachAnimal(body):
            return replace(node, body=_outline(body))
        case Repeat(body, at_most):
            return replace(node, body=_outline(body), at_most=min(at_most, 2))
        case Choice(cases=cases):
            return replace(node, cases=tuple((value, _outline(case)) for value, case in cases))


def booked_for(state: HoldState, scanner: str) -> HoldState:
    """The same session on this scanner, if it is booked for one."""
    if not scanner:
        return state
    held = tuple(sorted(((_on(pool, scanner), n) for pool, n in state.held)))
    options = [tuple(tuple(_on(pool, scanner) for pool in o) for o in wait.options) for wait in state.waits]
    waits = (wait._replace(options=o) for wait, o in zip(state.waits, options, strict=True))
    return HoldState(held, state.asleep, tuple(waits))


def _on(pool: Pool, scanner: str) -> Pool:
    return (pool[0], scanner) if pool[1] == BOOKED else pool


# What must be short -------------------------------------------------------------------------------------------------


def _members(pools: Pools, state: HoldState) -> Iterator[Member]:
    """The session with each kind of attendant that it may have; none if it can never stand still."""
    held = [(pool, n) for pool, n in state.held if pool in pools.sizes]
    for attendant in _attendants(pools) if state.asleep else (None,):
        person = [(_person(attendant), 1)] if attendant is not None else []
        parts = [_clauses(pools, wait, attendant) for wait in state.waits]
        clauses = frozenset(clause for part in parts for clause in part)
        if (held or person) and all(clauses) and all(s.least > 0 for clause in clauses for s in clause):
            yield Member(tuple(sorted((*held, *person))), clauses)


def _attendants(pools: Pools) -> list[frozenset[str]]:
    return sorted((skills for skills in pools.people if ATTENDS in skills), key=sorted)


def _person(skills: frozenset[str]) -> Pool:
    return ("person", "+".join(sorted(skills)))


def _clauses(pools: Pools, wait: Wait, attendant: frozenset[str] | None) -> Clauses:
    """A wait lasts when people or places are short, or of every set of bed and scanner something is."""
    own = None if wait.away else attendant
    always = frozenset((*_people_short(pools, wait.people, own), *_places_short(pools, wait)))
    if not wait.options:
        return frozenset({always})
    return frozenset(always | {_gear_short(pools, pool) for pool in option} for option in wait.options)


def _people_short(pools: Pools, people: tuple[frozenset[str], ...], own: frozenset[str] | None) -> Iterator[Shortage]:
    """By Hall's theorem people do not suffice when those who serve some of the needs are fewer than these.

    The session's own attendant serves it where its animals are; all who attend other sessions do not.
    """
    for size in range(1, len(people) + 1):
        for needs in set(combinations(people, size)):
            serve = [skills for skills in pools.people if any(need <= skills for need in needs)]
            total = sum(pools.people[skills] for skills in serve) + (own in serve)
            groups = [skills for skills in serve if ATTENDS in skills]
            least = total - size + 1
            if least <= sum(pools.people[skills] for skills in groups):
                yield Shortage(_called(pools, needs, serve), frozenset(map(_person, groups)), least)


def _called(pools: Pools, needs: tuple[frozenset[str], ...], serve: list[frozenset[str]]) -> str:
    roles = sorted({pools.roles.get(skills, "person") for skills in serve}) or ["person"]
    return f"{'/'.join(roles)} ({', '.join(sorted({skill for need in needs for skill in need}))})"


def _places_short(pools: Pools, wait: Wait) -> Iterator[Shortage]:
    pool = ("place", wait.place or "")
    if pool in pools.sizes and wait.places:
        yield Shortage(f"place in {wait.place}", frozenset({pool}), pools.sizes[pool] - wait.places + 1)


def _gear_short(pools: Pools, pool: Pool) -> Shortage:
    name = f"bed of {pool[1]}" if pool[0] == "bed" else f"scanner {pool[1]}"
    return Shortage(name, frozenset({pool}), pools.sizes[pool])
