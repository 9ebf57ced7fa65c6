"""When there will be places in the radioactive housing: a session that needs them gets no earlier slot.

Who is in a place leaves it at a known time; who has a slot will need one from then on, as long as `Housing.keeps_s`
expects. A session begins at the first moment from which on there are never more animals than places. What comes
otherwise (an animal that got more than was expected) is found when a session begins (`RadioactiveHousing`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from twin.facility.program import Program
from twin.facility.state import Visit

if TYPE_CHECKING:
    from twin.facility.world import World


class PlacesAhead:
    """What is promised of the radioactive housing.

    Attributes
    ----------
    promised : dict of session to (float, float)
        From when until when its animals will need their places [s]; only while it is booked.
    """

    def __init__(self, world: World) -> None:
        self.world, self.keeps_s = world, world.site.housing.keeps_s
        self.promised: dict[str, tuple[float, float]] = {}

    @property
    def places(self) -> int:
        """All of the site."""
        return sum(self.world.radioactive.places.values())

    def needs(self, study: str, protocol: str) -> bool:
        """Whether animals need a place after it."""
        return protocol in self.keeps_s.get(study, ())

    def look(self, visits: list[Visit], program: Program) -> Callable[[float], float]:
        """What says, as things stand, from when on a session may begin that shall not begin before a moment [s].

        Infinite: there are too few places.
        """
        study, protocol = visits[0].study, visits[0].protocol
        if not self.needs(study, protocol):
            return float
        self._forget()
        if self._most_ever() + len(visits) <= self.places:
            return float
        animals = {visit.animal for visit in visits}
        free, length_s = self.places - len(animals), self._length_s(study, protocol, program)
        spans = [span for animal, found in self._taken().items() if animal not in animals for span in found]
        return partial(_first_s, sorted(first for first, _ in spans), sorted(last for _, last in spans), free, length_s)

    def promise(self, visits: list[Visit], program: Program, start_s: float) -> None:
        """A session is booked."""
        study, protocol = visits[0].study, visits[0].protocol
        if self.needs(study, protocol):
            self.promised[visits[0].name] = (start_s, start_s + self._length_s(study, protocol, program))

    def _length_s(self, study: str, protocol: str, program: Program) -> float:
        """From the beginning of a session until its animals leave their places [s]."""
        return (program.inject_s or program.end_s) + self.keeps_s[study][protocol]

    def _forget(self) -> None:
        """Promises to sessions that are no longer booked: they have begun, or are called off."""
        booked = self.world.planner.booked
        self.promised = {name: span for name, span in self.promised.items() if name in booked}

    def _most_ever(self) -> int:
        """Places if all that are taken or promised were so at the same time."""
        booked = self.world.planner.booked
        return len(self.world.radioactive.kept) + sum(len(booked[name][0]) for name in self.promised)

    def _taken(self) -> dict[str, list[tuple[float, float]]]:
        """When each animal has a place, or will have one."""
        booked, now = self.world.planner.booked, self.world.clock.moment_s
        found: dict[str, list[tuple[float, float]]] = {}
        for name, span in self.promised.items():
            for visit in booked[name][0]:
                found.setdefault(visit.animal, []).append(span)
        for animal, (_, until_s) in self.world.radioactive.kept.items():
            found.setdefault(animal, []).append((now, self._home_until_s(animal) if until_s is None else until_s))
        return {animal: _joined(spans) for animal, spans in found.items()}

    def _home_until_s(self, animal: str) -> float:
        """Until when an animal that is at its session will have its place [s]."""
        name, now = self.world.animal(animal).session, self.world.clock.moment_s
        if name is None:
            return now
        session = self.world.sessions[name]
        return now + self._length_s(session.visits[0].study, session.plan, session.program)

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> list[Any]:
        """Everything as JSON values."""
        return [[name, *span] for name, span in self.promised.items()]

    def from_plain(self, plain: list[Any]) -> None:
        """What `to_plain` wrote."""
        self.promised = {name: (first, last) for name, first, last in plain}


def _first_s(firsts: list[float], lasts: list[float], free: int, length_s: float, start_s: float) -> float:
    """The first moment from this one on after which, for so long, there are never more spans than may be free."""
    for moment_s in (start_s, *lasts[bisect_right(lasts, start_s) :]):
        if _most(firsts, lasts, moment_s, moment_s + length_s) <= free:
            return moment_s
    return inf


def _most(firsts: list[float], lasts: list[float], begin_s: float, end_s: float) -> int:
    """Most spans at one moment of [begin, end), from where spans begin and where they end, both in order."""
    moments = (begin_s, *firsts[bisect_right(firsts, begin_s) : bisect_right(firsts, end_s)])
    return max(bisect_right(firsts, moment) - bisect_right(lasts, moment) for moment in moments)


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same time in spans that are apart: an animal has one place, however often it is promised."""
    joined: list[tuple[float, float]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
