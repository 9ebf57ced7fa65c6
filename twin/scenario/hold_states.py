"""What a session can hold while it waits, read off its plan.

The plan is walked once for a number of animals, with every choice, every repeat and every way out that it has. Each
place where its threads can stand still gives one `HoldState`: what the session has then and what each thread waits
for. People at work finish sooner or later, so nobody holds them; only attendance lasts.

What is asked and what is given back when is what `twin.facility` does. A waiting moment may be listed that the clock
never reaches (an outcome of single animals is forgotten behind their `ForEachAnimal`); one that it can reach is not
left out, except that no animal dies: a smaller session stands for what is left then. And threads side by side are
walked each by itself: if several of them take the same scanner or bed with different ends, the moments of the one that
finds it taken are those as if it had taken it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement as multisets
from itertools import product
from typing import TypeAlias

from twin.plan import OUTCOMES, UNCOUNTED, Choice, ForEachAnimal, Node, Parallel, Plan, Repeat, Sequence, Step, steps

#: ``("place", kind)``, ``("bed", scanner)``, ``("scanner", scanner)`` or ``("person", skills)``.
Pool: TypeAlias = tuple[str, str]

ATTENDS = "anaesthesia"
#: What a session has of a scanner (its bed, or itself): the scanner's name, and the step at whose end it is given back.
_Hold: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wait:
    """What a thread waits for; it gets all of it at once or nothing.

    Attributes
    ----------
    people : tuple of frozenset of str
        One entry for each person: the skills that this one person must have.
    options : tuple of tuple of Pool
        Any one of these sets of beds and scanners serves; empty: none is needed.
    place : str or None
        Kind of room.
    places : int
        How many places of it.
    """

    people: tuple[frozenset[str], ...] = ()
    options: tuple[tuple[Pool, ...], ...] = ()
    place: str | None = None
    places: int = 0

    @property
    def nothing(self) -> bool:
        """Whether it goes on at once."""
        return not (self.people or self.options or self.place)


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


@dataclass(frozen=True, slots=True, order=True)
class _Animal:
    place: str = ""
    asleep: bool = False


@dataclass(frozen=True, slots=True)
class _Moment:
    """What a session has; ``keeps`` is the scanner for which it is booked, or which it had first.

    ``committed``: an animal has been anaesthetised or injected; a session that is given up later takes the way out.
    """

    animals: tuple[_Animal, ...]
    keeps: str | None = None
    bed: _Hold | None = None
    scanner: _Hold | None = None
    committed: bool = False
    known: frozenset[tuple[str, str | None]] = frozenset()

    @property
    def gear(self) -> _Gear:
        """All but the animals and what is known of them."""
        return (self.keeps, self.bed, self.scanner, self.committed)


#: A moment and what its threads wait for; no waits: the node is done.
_Spot: TypeAlias = tuple[_Moment, tuple[Wait, ...]]
#: What a session has beside its animals: keeps, bed, scanner, committed.
_Gear: TypeAlias = tuple[str | None, _Hold | None, _Hold | None, bool]


@dataclass(frozen=True, slots=True)
class Events:
    """What can come between.

    Attributes
    ----------
    people_leave : bool
        People may leave in the middle of a step, which then waits for others.
    breakdowns : bool
        A scanner may break down: its step begins again, or the session takes the way out.
    """

    people_leave: bool = False
    breakdowns: bool = False


def hold_states(
    plan: Plan, animals: int, scanner: str | None = None, events: Events = Events()
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
    """
    spots = _Walk(plan, animals, events).session(_Moment((_Animal(),) * animals, keeps=scanner))
    states = (_state(moment, waits) for moment, waits in spots if waits)
    return frozenset(s for s in states if (s.held or s.asleep) and not any(w.nothing for w in s.waits))


def _state(moment: _Moment, waits: tuple[Wait, ...]) -> HoldState:
    held = Counter(("place", a.place) for a in moment.animals if a.place)
    held.update(("bed", hold[0]) for hold in (moment.bed,) if hold)
    held.update(("scanner", hold[0]) for hold in (moment.scanner,) if hold)
    asleep = any(animal.asleep for animal in moment.animals)
    return HoldState(tuple(sorted(held.items())), asleep, waits)


class _Walk:
    """Walks a plan; each node turns a moment into the spots where it can stand and those where it is done."""

    def __init__(self, plan: Plan, animals: int, events: Events) -> None:
        self.plan, self.animals, self.events = plan, animals, events
        self.may_give_up = False
        every = tuple(steps(plan.body))
        self.values: dict[str, tuple[str | None, ...]] = dict(OUTCOMES) | {"scan": ("done", None)}
        for step in every:
            if step.outcome:
                self.values[step.outcome.name] = tuple(v for v, p in step.outcome.probabilities if p > 0)

    def session(self, start: _Moment) -> set[_Spot]:
        """All spots of the plan, with those of a session that is given up because its scanner is broken."""
        body = self.plan.body
        nodes = body.nodes if isinstance(body, Sequence) else (body,)
        names = [isinstance(n, Step) and n.name == self.plan.way_out for n in nodes]
        out = names.index(True) if True in names else len(nodes)
        self.may_give_up = self.events.breakdowns and out < len(nodes)
        before = self.sequence(nodes[:out], {start})
        self.may_give_up = False
        after = {moment for moment, waits in before if not waits}
        if self.events.breakdowns:
            after |= {moment for moment, _ in before if moment.committed and moment.scanner}
        return before | self.sequence(nodes[out:], after)

    def node(self, node: Node, now: _Moment) -> set[_Spot]:
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

    def sequence(self, nodes: tuple[Node, ...], moments: set[_Moment]) -> set[_Spot]:
        spots: set[_Spot] = set()
        for node in nodes:
            reached = set().union(*(self.node(node, moment) for moment in moments))
            spots |= {spot for spot in reached if spot[1]}
            moments = {moment for moment, waits in reached if not waits}
        return spots | {(moment, ()) for moment in moments}

    def choice(self, node: Choice, now: _Moment) -> set[_Spot]:
        cases: dict[str | None, Node] = dict(node.cases)
        asked = self.ask(node.outcome, now, tuple(value for value, _ in node.cases))
        return set().union(*(self.node(cases[v], m) if v in cases else {(m, ())} for v, m in asked))

    def ask(self, outcome: str, now: _Moment, named: tuple[str, ...]) -> list[tuple[str | None, _Moment]]:
        """The values that an outcome can have, each with the moment that remembers it."""
        known = dict(now.known)
        values = (known[outcome],) if outcome in known else self.values.get(outcome, (*named, None))
        return [(v, replace(now, known=now.known | {(outcome, v)})) for v in values]

    def repeat(self, node: Repeat, now: _Moment) -> set[_Spot]:
        spots: set[_Spot] = set()
        begun: set[_Moment] = set()
        ahead = {now}
        while ahead:
            moment = ahead.pop()
            begun.add(moment)
            reached = self.node(node.body, moment)
            asked = [a for m, waits in reached if not waits for a in self.ask(node.outcome, m, (node.value,))]
            spots |= {spot for spot in reached if spot[1]} | {(m, ()) for _, m in asked}
            ahead |= {m for value, m in asked if value == node.value and node.at_most > 1} - begun
        return spots

    def step(self, step: Step, now: _Moment) -> set[_Spot]:
        if self.animals and not now.animals and not step.always:
            return {(now, ())}
        wait = _wait(step, now)
        spots: set[_Spot] = set() if wait.nothing else {(now, (wait,))}
        for during in _during(step, now):
            if step.people and (self.events.people_leave or (self.events.breakdowns and _needs_scanner(step))):
                spots.add((during, (Wait(people=_people(step)),)))
            if self.may_give_up:
                spots.add((during, (Wait(),)))
            spots.add((self.after(step, during), ()))
        return spots

    def after(self, step: Step, during: _Moment) -> _Moment:
        """The moment after a step: its effect is there, and what was had until its end is given back."""
        return replace(
            during,
            animals=_after(step, during.animals),
            bed=_left(during.bed, step),
            scanner=_left(during.scanner, step),
            known=frozenset(item for item in during.known if item[0] not in _draws(step)),
        )

    def parallel(self, branches: tuple[Node, ...], now: _Moment) -> set[_Spot]:
        parts = [self.node(branch, now) for branch in branches]
        return {spot for chosen in product(*parts) for spot in _together(now, chosen)}

    def each(self, body: Node, at_once: int, now: _Moment) -> set[_Spot]:
        return set(_Lanes(self, body, at_once, now).spots())


class _Lanes:
    """The animals of a session in ``at_once`` lanes: in each lane one after another."""

    def __init__(self, walk: _Walk, body: Node, at_once: int, now: _Moment) -> None:
        drawn = {name for step in steps(body) for name in _draws(step)}
        self.now = replace(now, known=frozenset(item for item in now.known if item[0] not in drawn))
        self.walk, self.body = walk, body
        self.waiting: dict[tuple[_Gear, _Animal], list[_Spot]] = {}
        self.done: dict[_Animal, set[tuple[_Animal, ...]]] = {a: set() for a in now.animals}
        self.gears: list[set[_Gear]] = [{now.gear}]
        for _ in now.animals:
            self.gears.append({gear for old in self.gears[-1] for gear in self.one_more(old)})
        sizes = [len(range(lane, walk.animals, at_once)) for lane in range(min(at_once, walk.animals))]
        self.behind = [sum(size - 1 for size in sizes[:active]) for active in range(len(sizes) + 1)]

    def one_more(self, gear: _Gear) -> set[_Gear]:
        """What the session may have after one more animal; notes where that animal can wait and how it ends."""
        gears = set()
        for animal in self.done:
            spots = self.walk.node(self.body, self.base(gear, (animal,)))
            spots = {(replace(m, known=self.now.known), waits) for m, waits in spots}
            self.waiting[gear, animal] = [spot for spot in spots if spot[1]]
            self.done[animal] |= {m.animals for m, waits in spots if not waits}
            gears |= {m.gear for m, waits in spots if not waits}
        return gears

    def base(self, gear: _Gear, animals: Iterable[_Animal]) -> _Moment:
        return _Moment(tuple(sorted(animals)), *gear, self.now.known)

    def spots(self) -> Iterator[_Spot]:
        groups = sorted(Counter(self.now.animals).items())
        for shares in product(*(_shares(count, len(self.behind) - 1) for _, count in groups)):
            idle, active, done = (sum(share) for share in zip(*shares, strict=True)) if shares else (0, 0, 0)
            if active >= len(self.behind) or idle > self.behind[active]:
                continue
            for gear in self.gears[done]:
                yield from self.filled(gear, [a for a, _ in groups], shares)

    def filled(self, gear: _Gear, animals: list[_Animal], shares: tuple[tuple[int, int, int], ...]) -> Iterator[_Spot]:
        """All ways in which so many animals of each kind can have ended and so many can stand."""
        ended = product(*(multisets(sorted(self.done[a]), s[2]) for a, s in zip(animals, shares, strict=True)))
        still = [a for a, share in zip(animals, shares, strict=True) for _ in range(share[0])]
        rests = {tuple(a for part in parts for left in part for a in left) for parts in ended}
        kinds = (multisets(self.waiting.get((gear, a), ()), s[1]) for a, s in zip(animals, shares, strict=True))
        threads = [tuple(spot for part in parts for spot in part) for parts in product(*kinds)]
        for rest, active in product(rests, threads):
            everyone = [*still, *rest, *(a for moment, _ in active for a in moment.animals)]
            base = self.base(gear, everyone)
            yield from _together(base, [(replace(m, animals=base.animals), w) for m, w in active])


def _shares(count: int, lanes: int) -> list[tuple[int, int, int]]:
    """How many of ``count`` animals have not begun, are under way, have ended."""
    return [(i, a, count - i - a) for a in range(min(lanes, count) + 1) for i in range(count - a + 1)]


def _together(base: _Moment, spots: Iterable[_Spot]) -> Iterator[_Spot]:
    """Threads of one session side by side: what one of them has changed holds for all."""
    spots = tuple(spots)
    fields = [
        {getattr(moment, name) for moment, _ in spots} - {getattr(base, name)} or {getattr(base, name)}
        for name in ("animals", "keeps", "bed", "scanner")
    ]
    committed = base.committed or any(moment.committed for moment, _ in spots)
    known = base.known.intersection(*(moment.known for moment, _ in spots)) if spots else base.known
    for animals, keeps, bed, scanner in product(*fields):
        moment = _Moment(animals, keeps, bed, scanner, committed, known)
        yield moment, tuple(sorted({_without_own(w, moment) for _, waits in spots for w in waits}, key=repr))


def _without_own(wait: Wait, moment: _Moment) -> Wait:
    """Nothing is waited for that another thread of the session has got."""
    own = {thing for thing in ("bed", "scanner") if getattr(moment, thing)}
    options = tuple(tuple(pool for pool in option if pool[0] not in own) for option in wait.options)
    return replace(wait, options=options if all(options) else ())


def _wait(step: Step, now: _Moment) -> Wait:
    """What a step still needs at this moment; an induction needs somebody who may attend."""
    people = _people(step)
    asleep = any(animal.asleep for animal in now.animals)
    if step.effect == "anaesthetise" and not asleep and not any(ATTENDS in skills for skills in people):
        people = (*people, frozenset({ATTENDS}))
    bed = ("bed",) if step.bed and not now.bed else ()
    gantry = ("scanner",) if _needs_scanner(step) and not now.scanner else ()
    things = (*bed, *gantry)
    options = tuple(tuple((thing, s) for thing in things) for s in _scanners(step, now)) if things else ()
    place = _place(step)
    moving = sum(animal.place != place for animal in now.animals) if place else 0
    return Wait(people, options, place if moving else None, moving)


def _place(step: Step) -> str | None:
    """The kind of room to which the animals go, empty if its places are not counted; None: they stay."""
    return "" if step.place in UNCOUNTED else step.place


def _people(step: Step) -> tuple[frozenset[str], ...]:
    return tuple(sorted((frozenset(skills) for skills in step.people), key=sorted))


def _needs_scanner(step: Step) -> bool:
    return bool(step.scanner) and step.uses_scanner


def _scanners(step: Step, now: _Moment) -> tuple[str, ...]:
    """The scanners that serve: only the one that it keeps to, once it has one."""
    return (now.keeps,) if now.keeps and step.scanner else step.scanner


def _draws(step: Step) -> set[str]:
    """The outcomes that a step sets anew."""
    own = {step.outcome.name} if step.outcome else set()
    return own | {{"inject": "injection", "scan": "scan"}[e] for e in (step.effect,) if e in ("inject", "scan")}


def _during(step: Step, now: _Moment) -> Iterator[_Moment]:
    """The moments of a step under way: one for each scanner that it may have taken."""
    place, induced = _place(step), step.effect == "anaesthetise"
    there = (_Animal(a.place if place is None else place, a.asleep or induced) for a in now.animals)
    animals = tuple(sorted(there))
    committed = now.committed or step.effect in ("anaesthetise", "inject")
    for name in _scanners(step, now) if step.bed or _needs_scanner(step) else (now.keeps,):
        bed = now.bed or (_hold(step, "bed", name) if step.bed else None)
        gantry = now.scanner or (_hold(step, "scanner", name) if _needs_scanner(step) else None)
        yield _Moment(animals, name, bed, gantry, committed, now.known)


def _hold(step: Step, thing: str, name: str | None) -> _Hold:
    """What a step takes it has until the end of the step that its own ``holds`` names, else until its own end."""
    assert name is not None, "a step that takes something names its scanners"
    return name, dict(step.holds).get(thing, step.name)


def _left(hold: _Hold | None, step: Step) -> _Hold | None:
    """What is still had when this step has ended."""
    return None if hold and hold[1] == step.name else hold


def _after(step: Step, animals: tuple[_Animal, ...]) -> tuple[_Animal, ...]:
    """The animals when a step has had its effect."""
    match step.effect:
        case "exclude":
            return ()
        case "home":
            return (_Animal(),) * len(animals)
        case "wake" | "kill":
            return tuple(sorted(_Animal(a.place) for a in animals))
    return animals
