"""What a session has at a moment, and what a step asks for then and makes of it; as `twin.facility` does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from twin.plan import Step, is_away
from twin.vocabulary import UNCOUNTED

#: ``("place", kind)``, ``("bed", scanner)``, ``("scanner", scanner)`` or ``("person", skills)``.
Pool: TypeAlias = tuple[str, str]

#: The skill of who attends.
ATTENDS = "anaesthesia"
#: What a session has of a scanner (its bed, or itself): the scanner's name, and the step at whose end it is given back.
Hold: TypeAlias = tuple[str, str]


#: Where a step is done: on animals that sleep; away from all animals; in a kind of room, wherever the animals are.
ON_SLEEPERS, AWAY, IN = "on sleepers", "away", "in "


class Wait(NamedTuple):
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
    away : bool
        Whether who attends the session may not be one of the people: it is not done where its animals sleep.
    at : str
        Where it is done, while the plan is walked: `ON_SLEEPERS`, `AWAY`, `IN` and the kind of a room in which people
        work, or the kind of the room of its animals.
    """

    people: tuple[frozenset[str], ...] = ()
    options: tuple[tuple[Pool, ...], ...] = ()
    place: str | None = None
    places: int = 0
    away: bool = False
    at: str = ON_SLEEPERS

    @property
    def nothing(self) -> bool:
        """Whether it goes on at once."""
        return not (self.people or self.options or self.place)


class Animal(NamedTuple):
    """The kind of room in which an animal is (empty: in none yet), and whether it is anaesthetised."""

    place: str = ""
    asleep: bool = False


class Moment(NamedTuple):
    """What a session has; ``keeps`` is the scanner for which it is booked, or which it had first.

    ``committed``: an animal has been anaesthetised or injected; a session that is given up later takes the way out.
    """

    animals: tuple[Animal, ...]
    keeps: str | None = None
    bed: Hold | None = None
    scanner: Hold | None = None
    committed: bool = False
    known: frozenset[tuple[str, str | None]] = frozenset()
    second: Hold | None = None

    @property
    def gear(self) -> Gear:
        """All but the animals and what is known of them."""
        return (self.keeps, self.bed, self.scanner, self.second, self.committed)


#: A moment and what its threads wait for; `GO_ON`: the node is done.
Spot: TypeAlias = tuple[Moment, frozenset[Wait]]
GO_ON: frozenset[Wait] = frozenset()
#: What a session has beside its animals: keeps, bed, scanner, second, committed.
Gear: TypeAlias = tuple[str | None, Hold | None, Hold | None, Hold | None, bool]
#: What a session can have of scanners. The second one is apart while its plan is walked, then it is a scanner.
THINGS = ("bed", "scanner", "second")


def wait_of(step: Step, now: Moment) -> Wait:
    """What a step still needs at this moment; an induction needs somebody who may attend."""
    people = people_of(step)
    asleep = any(animal.asleep for animal in now.animals)
    if step.effect == "anaesthetise" and not asleep and not any(ATTENDS in skills for skills in people):
        people = (*people, frozenset({ATTENDS}))
    things = tuple(thing for thing in takes(step) if not getattr(now, thing))
    options = tuple(tuple((thing, s) for thing in things) for s in _scanners(step, now)) if things else ()
    counted = step.place is not None and step.place not in UNCOUNTED
    moving = sum(animal.place != step.place for animal in now.animals) if counted else 0
    return Wait(people, options, step.place if moving else None, moving, at=place_of_work(step, now))


def place_of_work(step: Step, now: Moment) -> str:
    """Where a step is done."""
    if is_away(step):
        return AWAY
    if step.workplace is not None:
        return IN + step.workplace
    if any(animal.asleep for animal in now.animals):
        return ON_SLEEPERS
    places = {step.place or animal.place or ("scanner" if step.scanner else "") for animal in now.animals}
    return places.pop() if len(places) == 1 else AWAY


def is_left(wait: Wait, sleep_in: set[str], spread: frozenset[str]) -> bool:
    """Whether who attends would leave for it animals that sleep in such rooms; those without one are anywhere."""
    if not sleep_in or not wait.people or wait.at == ON_SLEEPERS:
        return False
    if wait.at.startswith(IN):
        return wait.at.removeprefix(IN) not in sleep_in - spread
    return wait.at == AWAY or not sleep_in & ({"", wait.at} - spread)


def people_of(step: Step) -> tuple[frozenset[str], ...]:
    """The skills of each person that a step needs."""
    return tuple(sorted((frozenset(skills) for skills in step.people), key=sorted))


def takes(step: Step) -> tuple[str, ...]:
    """What a step must have of a scanner: a bed of it, itself; or the second one."""
    return ("bed",) * step.bed + ("scanner",) * step.takes_scanner + ("second",) * step.takes_second


def needs_scanner(step: Step) -> bool:
    """Whether a step takes a scanner itself, not only its bed."""
    return step.takes_scanner or step.takes_second


def _scanners(step: Step, now: Moment) -> tuple[str, ...]:
    """The scanners that serve: only the one that it keeps to, once it has one; the second it has or not."""
    if step.second:
        return (now.second[0],) if now.second else step.scanner
    return (now.keeps,) if now.keeps and step.scanner else step.scanner


def draws(step: Step) -> set[str]:
    """The outcomes that a step sets anew."""
    own = {step.outcome.name} if step.outcome else set()
    return own | {
        {"inject": "injection", "give": "agent", "scan": "scan"}[e]
        for e in (step.effect,)
        if e in ("inject", "give", "scan")
    }


def during(step: Step, now: Moment) -> Iterator[Moment]:
    """The moments of a step under way: one for each scanner that it may have taken."""
    place, induced = step.place, step.effect == "anaesthetise"
    there = (Animal(a.place if place is None else place, a.asleep or induced) for a in now.animals)
    animals = tuple(sorted(there))
    committed = now.committed or step.effect in ("anaesthetise", "inject")
    if step.takes_second:
        for other in _scanners(step, now):
            second = now.second or _hold(step, "second", other)
            yield now._replace(animals=animals, second=second, committed=committed)
        return
    for name in _scanners(step, now) if step.bed or needs_scanner(step) else (now.keeps,):
        bed = now.bed or (_hold(step, "bed", name) if step.bed else None)
        gantry = now.scanner or (_hold(step, "scanner", name) if needs_scanner(step) else None)
        yield Moment(animals, name, bed, gantry, committed, now.known, now.second)


def _hold(step: Step, thing: str, name: str | None) -> Hold:
    """What a step takes it has until the end of the step that its own ``holds`` names, else until its own end."""
    assert name is not None, "a step that takes something names its scanners"
    return name, dict(step.holds).get(thing, step.name)


def _left(hold: Hold | None, step: Step) -> Hold | None:
    """What is still had when this step has ended."""
    return None if hold and hold[1] == step.name else hold


def after(step: Step, now: Moment) -> Moment:
    """The moment after a step: its effect is there, and what was had until its end is given back."""
    return now._replace(
        animals=_animals_after(step, now.animals),
        bed=_left(now.bed, step),
        scanner=_left(now.scanner, step),
        second=_left(now.second, step),
        known=frozenset(item for item in now.known if item[0] not in draws(step)),
    )


def _animals_after(step: Step, animals: tuple[Animal, ...]) -> tuple[Animal, ...]:
    """The animals when a step has had its effect."""
    match step.effect:
        case "exclude":
            return ()
        case "home":
            return (Animal(),) * len(animals)
        case "wake" | "kill":
            return tuple(sorted(Animal(a.place) for a in animals))
    return animals


def without_own(wait: Wait, now: Moment) -> Wait:
    """Nothing is waited for that another thread of the session has got."""
    own = {thing for thing in THINGS if getattr(now, thing)}
    options = tuple(tuple(pool for pool in option if pool[0] not in own) for option in wait.options)
    return wait._replace(options=options if all(options) else ())
