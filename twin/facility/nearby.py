"""Doses of people who are only near: in a step in a room where activity is, or attending injected animals.

What changes where, and who was where, is only noted as it happens. Each midnight, and before anything asks what people
have had, the notes become doses in one pass (`twin.facility.near_doses`): rows of the log, and a part of the ledger.
Everything in a room is at one distance from everybody in it (rows ``exposure.room_distance``,
``exposure.attendant_distance``); what one handles oneself is counted here once more, at that distance. Where there is
a floor plan, sources of its other rooms count through the walls between. An animal in the radioactive housing counts
there with what it voids, until it comes to a visit or may leave. Syringes that are under way and people who are in no
step are left out.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.facility.calendars import DAY_S, midnight_s
from twin.facility.near_doses import CHANGE, STAY, WATCH, Array, Source, doses, rows, seen_from
from twin.physics.exposures import QUANTITIES

if TYPE_CHECKING:
    from twin.facility.clock import Running
    from twin.facility.program import Op
    from twin.facility.state import Session
    from twin.facility.world import World

#: Less than this, somewhere, is nothing [Bq].
NOTHING_BQ = 1e-3
ANIMALS, VIALS, ATTENDED = "room_animals", "room_vials", "attended_animals"
#: What the rows of the log are called: what people got in rooms, and what attendants got.
WORDS = ("dose_in_rooms", "dose_attending")


class _Seen(dict[Source, Array]):
    """What each source gives where, found when it is first asked for."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.near, self.rooms = world.site.dose.near, list(world.site.rooms)

    def __missing__(self, source: Source) -> Array:
        kind, _, nuclide = source
        own = (kind, "", nuclide) if kind == ATTENDED else source  # the same of every session
        if own not in self:
            self[own] = seen_from(self.near, self.rooms, own)
        return self[own]


class Nearby:
    """Notes of where activity and people were since the last midnight.

    Attributes
    ----------
    since_s : float
        Up to when all is in the ledger [s].
    held : dict of source to float
        Activity of a nuclide in a room or session, at ``since_s`` [Bq].
    numbers, sessions : dict to int
        The numbers of sources, in order, and of sessions in the notes.
    changes, stays, watches : bytearray
        What came or went, who was in which step, who attended whom since then: notes as `twin.facility.near_doses`
        packs them.
    watching : dict of session to (person, float)
        Who attends, from when on, or ``since_s`` [s].
    housed : dict of animal to (room, dict of nuclide to (activity, time))
        What is in the radioactive housing since it came home, in the animal and its bedding [Bq], [s].
    worst : dict of person to list of float
        The most that anybody got between two midnights so far [Sv].
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._decay = world.site.dose.decay_per_s
        self.on = bool(self._decay)
        self.since_s = 0.0
        self.held: dict[Source, float] = {}
        self.numbers: dict[Source, int] = {}
        self.changes = bytearray()
        self.stays = bytearray()
        self.sessions: dict[str, int] = {}
        self.watches = bytearray()
        self.watching: dict[str, tuple[str, float]] = {}
        self.housed: dict[str, tuple[str, dict[str, tuple[float, float]]]] = {}
        self._people = {name: number for number, name in enumerate(world.site.people)}
        self._rooms: dict[str | None, int] = {None: -1} | {name: i for i, name in enumerate(world.site.rooms)}
        self._seen = _Seen(world)
        self.worst: dict[str, list[float]] = {name: [0.0] * len(QUANTITIES) for name in world.site.people}

    def begin(self) -> None:
        """Set the alarm of the first midnight."""
        if self.on:
            self.world.clock.at(midnight_s(self.world.site.start) + DAY_S, "midnight")

    # notes --------------------------------------------------------------------------------------------------------

    def moves(self, session: Session, i: int, room: str | None) -> None:
        """An animal leaves the room it is in, if any, for another, if any."""
        animal, before = session.visits[i].animal, session.room[i]
        body = self.world.exposure.bodies.get(animal)
        if room == before or body is None:
            return
        if animal in self.housed and room is not None:
            self.lives(animal, None)
        now, change, decay = self.world.clock.moment_s, self._change, self._decay
        for nuclide, (then_bq, since_s) in body.items():
            activity_bq = then_bq * exp(decay[nuclide] * (since_s - now))
            if before is not None:
                change((ANIMALS, before, nuclide), now, -activity_bq)
            if room is not None:
                change((ANIMALS, room, nuclide), now, activity_bq)
            if room is None or before is None:  # from room to room it stays with who attends
                change((ATTENDED, session.name, nuclide), now, -activity_bq if room is None else activity_bq)

    def lives(self, animal: str, room: str | None) -> None:
        """An animal is at home in a room of the radioactive housing, with what it voids there; None: any more."""
        before, content = self.housed.get(animal, (None, {}))
        if before == room:
            return
        now, decay = self.world.clock.moment_s, self._decay
        if before is not None:
            del self.housed[animal]
            for nuclide, (activity_bq, since_s) in content.items():
                self._change((ANIMALS, before, nuclide), now, -activity_bq * exp(decay[nuclide] * (since_s - now)))
        if room is not None:
            carried = self.world.exposure.carried(animal, now)
            self.housed[animal] = room, {nuclide: (activity_bq, now) for nuclide, activity_bq in carried.items()}
            for nuclide, activity_bq in carried.items():
                self._change((ANIMALS, room, nuclide), now, activity_bq)

    def housed_in(self, room: str) -> int:
        """How many animals are at home in a room of the radioactive housing."""
        return sum(own == room for own, _ in self.housed.values())

    def in_housing(self, room: str, time_s: float) -> list[tuple[str, float]]:
        """Nuclides in a room of the radioactive housing, or in all where it is none, at a moment since it came [Bq]."""
        decay, places = self._decay, self.world.radioactive.places
        there = [content for own, content in self.housed.values() if own == room or room not in places]
        return [
            (n, bq * exp(decay[n] * (since_s - time_s))) for content in there for n, (bq, since_s) in content.items()
        ]

    def injected(self, session: Session, i: int, nuclide: str, activity_bq: float) -> None:
        """Activity is in an animal, where it is."""
        room, now = session.room[i], self.world.clock.moment_s
        if room is not None:
            self._change((ANIMALS, room, nuclide), now, activity_bq)
            self._change((ATTENDED, session.name, nuclide), now, activity_bq)

    def in_hot_lab(self, nuclide: str, change_bq: float) -> None:
        """Activity comes to the hot lab's vials and waste, or leaves them."""
        if self.on and self.world.site.hot_lab is not None:
            self._change((VIALS, self.world.site.hot_lab, nuclide), self.world.clock.moment_s, change_bq)

    def _change(self, source: Source, now: float, change_bq: float) -> None:
        numbers = self.numbers
        number = numbers.get(source)
        if number is None:
            number = numbers[source] = len(numbers)
            self.held[source] = 0.0
        self.changes += CHANGE(number, now, change_bq)

    def stayed(self, world: World, session: Session, _op: Op, running: Running) -> None:
        """A step that people did has ended, or was aborted."""
        if self.numbers:
            start_s, sessions = max(running.start_s, self.since_s), self.sessions
            room, number = self._rooms[running.room], sessions.setdefault(session.name, len(sessions))
            for worker in running.people:
                self.stays += STAY(worker.number, number, start_s, world.clock.moment_s, room)

    def attends(self, session: str, person: str | None) -> None:
        """Somebody attends a session from now on; None: nobody need any more."""
        if not self.on:
            return
        before, now = self.watching.pop(session, None), self.world.clock.moment_s
        if before is not None:
            self._watched(session, *before, now)
        if person is not None:
            self.watching[session] = person, now

    def _watched(self, session: str, person: str, since_s: float, now: float) -> None:
        number = self.sessions.setdefault(session, len(self.sessions))
        self.watches += WATCH(self._people[person], number, since_s, now)

    # doses --------------------------------------------------------------------------------------------------------

    def midnight(self) -> None:
        """A day is over."""
        self.settle()
        self.world.clock.at(self.world.clock.moment_s + DAY_S, "midnight")

    def settle(self) -> None:
        """What was noted becomes doses, on rows of the log and in the ledger."""
        now = self.world.clock.moment_s
        if now <= self.since_s:
            return
        if self.numbers:
            self._note_what_is_under_way(now)
            notes = self.changes, self.stays, self.watches
            found, left = doses(
                self._seen, self._decay, len(self._people), self.held, self.sessions, notes, self.since_s, now
            )
            self._tell(found)
            still = zip(self.held, left.tolist(), strict=True)
            self._hold({source: bq for source, bq in still if self._is_left(source, bq)})
        self.changes, self.stays, self.watches, self.sessions = bytearray(), bytearray(), bytearray(), {}
        self.since_s = now
        self.watching = {session: (person, max(since, now)) for session, (person, since) in self.watching.items()}

    def _hold(self, held: dict[Source, float]) -> None:
        """So much is there at the beginning."""
        self.held, self.numbers = held, {source: number for number, source in enumerate(held)}

    def _is_left(self, source: Source, activity_bq: float) -> bool:
        kind, where, _ = source
        return activity_bq > NOTHING_BQ and (kind != ATTENDED or where in self.world.sessions)

    def _note_what_is_under_way(self, now: float) -> None:
        for session in self.world.sessions.values():
            for running in session.running.values():
                self.stayed(self.world, session, running.op, running)
        for name, (person, since_s) in self.watching.items():
            self._watched(name, person, since_s, now)

    def _tell(self, found: np.ndarray) -> None:
        """Write what is more than nothing; both words, by person and quantity [Sv]."""
        people, ledger = list(self.world.site.people), self.world.exposure.ledger
        for word, by_person in zip(WORDS, found, strict=True):
            got = [(name, row.tolist()) for name, row in zip(people, by_person, strict=True) if row.any()]
            if got:
                named = [(name, dict(zip(QUANTITIES, row, strict=True))) for name, row in got]
                self.world.happenings.to_people(word, named)
            for name, row in got:
                ledger[name] = [a + b for a, b in zip(ledger[name], row, strict=True)]
        for name, row in zip(people, found.sum(axis=0), strict=True):
            self.worst[name] = np.maximum(self.worst[name], row).tolist()

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "since_s": self.since_s,
            "held": list(self.held.items()),
            "changes": rows(self.changes, 3).tolist(),
            "stays": rows(self.stays, 5).tolist(),
            "sessions": self.sessions,
            "watches": rows(self.watches, 4).tolist(),
            "watching": self.watching,
            "housed": [[animal, room, list(content.items())] for animal, (room, content) in self.housed.items()],
            "worst": self.worst,
        }

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.since_s, self.worst = plain["since_s"], plain["worst"]
        self._hold({(kind, where, nuclide): bq for (kind, where, nuclide), bq in plain["held"]})
        self.changes = bytearray().join([CHANGE(*change) for change in plain["changes"]])
        self.stays = bytearray().join([STAY(*stay) for stay in plain["stays"]])
        self.sessions = dict(plain["sessions"])
        self.watches = bytearray().join([WATCH(*watch) for watch in plain["watches"]])
        self.watching = {session: (person, since) for session, (person, since) in plain["watching"].items()}
        self.housed = {
            animal: (room, {nuclide: (bq, since_s) for nuclide, (bq, since_s) in content})
            for animal, room, content in plain["housed"]
        }
