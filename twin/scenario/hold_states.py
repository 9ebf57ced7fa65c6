"""What a session can hold while it waits, read off its plan.

The plan is walked once for a number of animals, with every choice, every repeat and every way out that it has. Each
place where its threads can stand still gives one `HoldState`: what the session has then and what each thread waits
for. People at work finish sooner or later, so nobody holds them; only attendance lasts.

What is asked and what is given back when is what `twin.facility` does. A waiting moment may be listed that the clock
never reaches (an outcome of single animals is forgotten behind their `ForEachAnimal`); one that it can reach is not
left out, except that no animal dies: a smaller session stands for what is left then. And threads side by side are
walked each by itself: `parallel_laws` refuses that several of them hold the same scanner or bed to different ends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, product, repeat
from typing import Any, TypeAlias

from twin.plan import (
    Choice,
    ForEachAnimal,
    Node,
    Parallel,
    Plan,
    Repeat,
    Sequence,
    Step,
    children,
    steps,
)
from twin.scenario.effort import Effort
from twin.scenario.moments import (
    GO_ON,
    ON_SLEEPERS,
    THINGS,
    Animal,
    Gear,
    Moment,
    Pool,
    Spot,
    Wait,
    after,
    draws,
    during,
    is_left,
    needs_scanner,
    people_of,
    place_of_work,
    takes,
    wait_of,
    without_own,
)
from twin.vocabulary import OUTCOMES, UNCOUNTED


@dataclass(frozen=True, slots=True)
class HoldState:
    """A session that stands still.

    Attributes
    ----------
    held : tuple of (Pool, int)
        Beds, scanners and places that it has.
    asleep : bool
        Whether an animal is anaesthetised, so that somebody attends this session and no other.
    waits : tuple of Wait
        One for each thread of the session that has not ended; all of them stand still.
    """

    held: tuple[tuple[Pool, int], ...]
    asleep: bool
    waits: tuple[Wait, ...]


#: Animals; what those of them that stand, or branches, have changed; and what they wait for.
_Crowd: TypeAlias = tuple[tuple[Animal, ...], frozenset[Moment], frozenset[Wait]]
_NOTHING: tuple[frozenset[Moment], frozenset[Wait]] = (frozenset(), GO_ON)
_NOBODY: _Crowd = ((), *_NOTHING)


@dataclass(frozen=True, slots=True)
class Events:
    """What can come between.

    Attributes
    ----------
    people_leave : bool
        People may leave in the middle of a step, which then waits for others.
    breakdowns : bool
        A scanner may break down: its step begins again, or the session takes the way out.
    spread : frozenset of str
        Kinds of which there are several rooms: two animals in such rooms need not be together.
    """

    people_leave: bool = False
    breakdowns: bool = False
    spread: frozenset[str] = frozenset()


def hold_states(
    plan: Plan, animals: int, scanner: str | None = None, events: Events = Events(), effort: Effort | None = None
) -> frozenset[HoldState]:
    """Where the sessions of a plan can stand still.

    Parameters
    ----------
    plan : Plan
    animals : int
        Animals of the session; 0: work without animals.
    scanner : str or None
        The scanner for which it is booked; None: it keeps to the first that it gets.
    events : Events
        What can come between.
    effort : Effort, optional
        What may be spent on this plan and others.

    Raises
    ------
    UndecidedError
        When there are too many.
    """
    walk = _Walk(plan, animals, events, effort or Effort())
    spots = walk.session(Moment((Animal(),) * animals, keeps=scanner))
    states = (_state(moment, waits, events.spread) for moment, waits in spots if waits)
    return frozenset(s for s in states if (s.held or s.asleep) and not any(w.nothing for w in s.waits))


def _state(moment: Moment, waits: frozenset[Wait], spread: frozenset[str]) -> HoldState:
    held = Counter(("place", a.place) for a in moment.animals if a.place and a.place not in UNCOUNTED)
    held.update(("bed", hold[0]) for hold in (moment.bed,) if hold)
    held.update(("scanner", hold[0]) for hold in (moment.scanner, moment.second) if hold)
    sleep_in = {animal.place for animal in moment.animals if animal.asleep}
    judged = {_as_scanner(wait)._replace(away=is_left(wait, sleep_in, spread), at=ON_SLEEPERS) for wait in waits}
    return HoldState(tuple(sorted(held.items())), bool(sleep_in), tuple(sorted(judged, key=_order)))


def _as_scanner(wait: Wait) -> Wait:
    """The second machine is a scanner as any other."""
    options = (tuple(("scanner" if kind == "second" else kind, name) for kind, name in o) for o in wait.options)
    return wait._replace(options=tuple(options))


def _order(wait: Wait) -> tuple[Any, ...]:
    return [sorted(skills) for skills in wait.people], wait.options, wait.place or "", wait.places, wait.away


class _Walk:
    """Walks a plan; each node turns a moment into the spots where it can stand and those where it is done."""

    def __init__(self, plan: Plan, animals: int, events: Events, effort: Effort) -> None:
        self.plan, self.animals, self.events, self.effort = plan, animals, events, effort
        self.asked_once = _asked_once(plan.body)
        self.may_give_up = False
        self.on_way_out = False
        every = tuple(steps(plan.body))
        self.values: dict[str, tuple[str | None, ...]] = dict(OUTCOMES) | {"scan": ("done", None)}
        self.frees: dict[str, set[str]] = {}
        for step in every:
            for thing, until in step.holds:
                self.frees.setdefault(until, set()).add(thing)
            if step.outcome:
                self.values[step.outcome.name] = tuple(v for v, p in step.outcome.probabilities if p > 0)

    def session(self, start: Moment) -> set[Spot]:
        """All spots of the plan, with those of a session that is given up: it waits too long, or its scanner breaks."""
        body = self.plan.body
        nodes = body.nodes if isinstance(body, Sequence) else (body,)
        spots: set[Spot] = set()
        outs: list[tuple[tuple[Node, ...], set[Moment]]] = []
        begun, moments = 0, {start}
        for out, until in self.ways_out(nodes):
            self.may_give_up = self.events.breakdowns
            before = self.sequence(nodes[begun:until], moments)
            self.may_give_up = False
            spots |= {spot for spot in before if spot[1]}
            outs.append((nodes[out:], {moment for moment, waits in before if moment.committed and waits}))
            begun, moments = until, {moment for moment, waits in before if not waits}
        spots |= self.sequence(nodes[begun:], moments)
        self.on_way_out = True
        return spots.union(*(self.sequence(rest, given_up) for rest, given_up in outs))

    def ways_out(self, nodes: tuple[Node, ...]) -> list[tuple[int, int]]:
        """Where a session that is given up goes on, and before which node it stands then.

        Who waits at the first of two ways out begins it again, for what comes after it leads to the second.
        """
        names = [node.name if isinstance(node, Step) else None for node in nodes]
        first, last = self.plan.first_out, self.plan.way_out
        found = [(names.index(first), names.index(first) + 1)] if first and first in names else []
        return found + ([(names.index(last), names.index(last))] if last and last in names else [])

    def node(self, node: Node, now: Moment) -> set[Spot]:
        self.effort.spend(1)
        match node:
            case Step():
                return self.step(node, now)
            case Sequence(nodes):
                return self.sequence(nodes, {now})
            case Parallel(branches):
                return self.parallel(branches, now)
            case ForEachAnimal(body, at_once):
                return self.each(body, at_once, now)
            case Choice():
                return self.choice(node, now)
            case Repeat():
                return self.repeat(node, now)

    def sequence(self, nodes: tuple[Node, ...], moments: set[Moment]) -> set[Spot]:
        spots: set[Spot] = set()
        for node in nodes:
            reached = set().union(*(self.node(node, moment) for moment in moments))
            spots |= {spot for spot in reached if spot[1]}
            moments = {moment for moment, waits in reached if not waits}
        return spots | {(moment, GO_ON) for moment in moments}

    def choice(self, node: Choice, now: Moment) -> set[Spot]:
        cases: dict[str | None, Node] = dict(node.cases)
        asked = self.ask(node.outcome, now, tuple(value for value, _ in node.cases))
        return set().union(*(self.node(cases[v], m) if v in cases else {(m, GO_ON)} for v, m in asked))

    def ask(self, outcome: str, now: Moment, named: tuple[str, ...]) -> list[tuple[str | None, Moment]]:
        """The values that an outcome can have, each with the moment that remembers it if it is asked for again."""
        values = self.values.get(outcome, (*named, None))
        if outcome in self.asked_once:
            return [(v, now) for v in values]
        known = dict(now.known)
        values = (known[outcome],) if outcome in known else values
        return [(v, now._replace(known=now.known | {(outcome, v)})) for v in values]

    def repeat(self, node: Repeat, now: Moment) -> set[Spot]:
        spots: set[Spot] = set()
        begun: set[Moment] = set()
        ahead = {now}
        while ahead:
            moment = ahead.pop()
            begun.add(moment)
            reached = self.node(node.body, moment)
            asked = [a for m, waits in reached if not waits for a in self.ask(node.outcome, m, (node.value,))]
            spots |= {spot for spot in reached if spot[1]} | {(m, GO_ON) for _, m in asked}
            ahead |= {m for value, m in asked if value == node.value and node.at_most > 1} - begun
        return spots

    def step(self, step: Step, now: Moment) -> set[Spot]:
        if (self.animals and not now.animals and not step.always) or self.passes(step, now):
            return {(now, GO_ON)}
        if self.on_way_out:
            has = now.second if step.second else now.scanner
            step = replace(step, bed=step.bed and bool(now.bed), uses_scanner=step.uses_scanner and bool(has))
        wait = wait_of(step, now)
        spots: set[Spot] = set() if wait.nothing else {(now, frozenset({wait}))}
        for there in during(step, now):
            if step.people and (self.events.people_leave or (self.events.breakdowns and needs_scanner(step))):
                spots.add((there, frozenset({Wait(people=people_of(step), at=place_of_work(step, there))})))
            if self.may_give_up:
                spots.add((there, frozenset({Wait()})))
            spots.add((after(step, there), GO_ON))
        return spots

    def passes(self, step: Step, now: Moment) -> bool:
        """Whether a session that was given up leaves out the step: it gives back or needs what it does not have."""
        if not self.on_way_out:
            return False
        held = {thing for thing in THINGS if getattr(now, thing)}
        frees = self.frees.get(step.name, set())
        idle = step.second or (step.effect in (None, "anaesthetise") and step.outcome is None)
        return bool(frees and not frees & held) or (idle and not set(takes(step)) <= held)

    def parallel(self, branches: tuple[Node, ...], now: Moment) -> set[Spot]:
        crowds: set[_Crowd] = {_NOBODY}
        for branch in branches:
            crowds = self.joined(crowds, [((), frozenset({m}), waits) for m, waits in self.node(branch, now)])
        return {spot for _, moments, waits in crowds for spot in _together(now, moments, waits)}

    def joined(self, crowds: set[_Crowd], ways: Collection[_Crowd]) -> set[_Crowd]:
        """Each crowd with one more thread, in each way in which that can be, without those that others stand for."""
        self.effort.spend(len(crowds) * len(ways))
        made: defaultdict[tuple[tuple[Animal, ...], frozenset[Moment]], set[frozenset[Wait]]] = defaultdict(set)
        for there, moments, waits in crowds:
            for more, own, new in ways:
                made[tuple(sorted((*there, *more))), moments | own].add(waits | new)
        return {(*there, waits) for there, all_waits in made.items() for waits in _fewest(all_waits)}

    def each(self, body: Node, at_once: int, now: Moment) -> set[Spot]:
        return set(_Lanes(self, body, at_once, now).spots())


class _Lanes:
    """The animals of a session in ``at_once`` lanes: in each lane one after another."""

    def __init__(self, walk: _Walk, body: Node, at_once: int, now: Moment) -> None:
        drawn = {name for step in steps(body) for name in draws(step)}
        self.now = now._replace(known=frozenset(item for item in now.known if item[0] not in drawn))
        self.walk, self.body = walk, body
        self.waiting: dict[tuple[Gear, Animal], list[Spot]] = {}
        self.done: dict[Animal, set[tuple[Animal, ...]]] = {a: set() for a in now.animals}
        self.gears: list[set[Gear]] = [{now.gear}]
        for _ in now.animals:
            self.gears.append({gear for old in self.gears[-1] for gear in self.one_more(old)})
        sizes = [len(range(lane, walk.animals, at_once)) for lane in range(min(at_once, walk.animals))]
        self.behind = [sum(size - 1 for size in sizes[:active]) for active in range(len(sizes) + 1)]

    def one_more(self, gear: Gear) -> set[Gear]:
        """What the session may have after one more animal; notes where that animal can wait and how it ends."""
        gears = set()
        for animal in self.done:
            spots = self.walk.node(self.body, self.base(gear, (animal,)))
            spots = {(m._replace(known=self.now.known), waits) for m, waits in spots}
            self.waiting[gear, animal] = [spot for spot in spots if spot[1]]
            self.done[animal] |= {m.animals for m, waits in spots if not waits}
            gears |= {m.gear for m, waits in spots if not waits}
        return gears

    def base(self, gear: Gear, animals: Iterable[Animal]) -> Moment:
        keeps, bed, scanner, second, committed = gear
        return Moment(tuple(sorted(animals)), keeps, bed, scanner, committed, self.now.known, second)

    def spots(self) -> Iterator[Spot]:
        groups = sorted(Counter(self.now.animals).items())
        for shares in product(*(_shares(count, len(self.behind) - 1) for _, count in groups)):
            idle, active, done = (sum(share) for share in zip(*shares, strict=True)) if shares else (0, 0, 0)
            if active >= len(self.behind) or idle > self.behind[active]:
                continue
            for gear in self.gears[done]:
                yield from self.filled(gear, [a for a, _ in groups], shares)

    def filled(self, gear: Gear, animals: list[Animal], shares: tuple[tuple[int, int, int], ...]) -> Iterator[Spot]:
        """All ways in which so many animals of each kind can have ended and so many can stand.

        It does not matter which animal stands where, nor how many wait for the same.
        """
        crowds: set[_Crowd] = {_NOBODY}
        for animal, (idle, active, done) in zip(animals, shares, strict=True):
            spots = self.waiting.get((gear, animal), ())
            standing: list[_Crowd] = [(m.animals, frozenset({m._replace(animals=())}), waits) for m, waits in spots]
            ended: list[_Crowd] = [(left, *_NOTHING) for left in self.done[animal]]
            not_begun: list[_Crowd] = [((animal,), *_NOTHING)]
            for ways in chain(repeat(not_begun, idle), repeat(ended, done), repeat(standing, active)):
                crowds = self.walk.joined(crowds, ways)
        for everyone, moments, waits in crowds:
            base = self.base(gear, everyone)
            yield from _together(base, {m._replace(animals=base.animals) for m in moments}, waits)


def _fewest(all_waits: set[frozenset[Wait]]) -> Iterator[frozenset[Wait]]:
    """Who holds the same and waits for less of the same stands still whenever the others do; who goes on is apart."""
    kept: list[frozenset[Wait]] = []
    for waits in sorted(all_waits, key=len):
        if not any(less and less <= waits for less in kept):
            kept.append(waits)
            yield waits


def _asked_once(body: Node) -> frozenset[str]:
    """Outcomes that one choice asks for, and nothing else; in a repetition, or for the next animal, it asks again."""
    nodes = list(_walk(body))
    again = {node.outcome for node in nodes if isinstance(node, Repeat)}
    for loop in (node for node in nodes if isinstance(node, Repeat | ForEachAnimal)):
        drawn = {name for step in steps(loop.body) for name in draws(step)} if isinstance(loop, ForEachAnimal) else ()
        again |= {node.outcome for node in _walk(loop.body) if isinstance(node, Choice)} - set(drawn)
    asked = Counter(node.outcome for node in nodes if isinstance(node, Choice))
    return frozenset(outcome for outcome, times in asked.items() if times == 1 and outcome not in again)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _shares(count: int, lanes: int) -> list[tuple[int, int, int]]:
    """How many of ``count`` animals have not begun, are under way, have ended."""
    return [(i, a, count - i - a) for a in range(min(lanes, count) + 1) for i in range(count - a + 1)]


def _together(base: Moment, moments: Collection[Moment], waits: frozenset[Wait]) -> Iterator[Spot]:
    """Threads of one session side by side: what one of them has changed holds for all."""
    fields = [
        {getattr(moment, name) for moment in moments} - {getattr(base, name)} or {getattr(base, name)}
        for name in ("animals", "keeps", "bed", "scanner", "second")
    ]
    committed = base.committed or any(moment.committed for moment in moments)
    known = base.known.intersection(*(moment.known for moment in moments))
    for animals, keeps, bed, scanner, second in product(*fields):
        moment = Moment(animals, keeps, bed, scanner, committed, known, second)
        yield moment, frozenset(without_own(wait, moment) for wait in waits)
