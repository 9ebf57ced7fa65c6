"""What happens without lasting: one method a subject, each writes a row of the log with what took part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.facility.log import HAPPENING, NOBODY, NULL, ROW, Log
from twin.facility.state import Session, Visit

if TYPE_CHECKING:
    from twin.facility.world import World

Known = dict[str, float]
#: A thing of a happening: its role, its name, and what is known of it.
Thing = tuple[str, str, Known]

NOTHING: Known = {}


class _Words(dict[str, int]):
    """What rows say of a happening in sessions of one plan, found once."""

    def __init__(self, log: Log, plan: str | None) -> None:
        super().__init__()
        self.log, self.plan = log, plan

    def __missing__(self, what: str) -> int:
        label = self[what] = self.log.labels[None, what, self.plan] + HAPPENING
        return label


class _Plans(dict[str | None, _Words]):
    """The words of each plan."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self.log = log

    def __missing__(self, plan: str | None) -> _Words:
        words = self[plan] = _Words(self.log, plan)
        return words


class Happenings:
    """Writes happenings into the log of a world."""

    def __init__(self, world: World) -> None:
        self.world, self.clock, self.log = world, world.clock, world.log
        self._said = _Plans(world.log)

    def _row(self, what: str, plan: str | None, subject: int = NOBODY, reason: str | None = None) -> None:
        """The row; what took part follows."""
        log, label = self.log, self._said[plan][what]
        log.events += ROW(self.clock.moment_s, label, subject, log.codes[reason], len(log.parts))

    def to_animal(
        self, what: str, session: Session, i: int, reason: str | None, known: Known | None, *things: Thing
    ) -> None:
        """Something happens to one animal of a session; ``known`` None: the animal itself takes no part."""
        log = self.log
        parts, code = log.parts, NULL if reason is None else log.codes[reason]
        log.events += ROW(self.clock.moment_s, self._said[session.plan][what], session.subjects[i], code, len(parts))
        if known:
            log.know(session.animal_parts[i], known)
        elif known is not None:
            parts.append(session.animal_parts[i])
        for role, thing, quantities in things:
            if quantities:
                log.know(log.things[role, thing], quantities)
            else:
                parts.append(log.things[role, thing])

    def to_visit(
        self,
        what: str,
        visit: Visit,
        session: str | None = None,
        reason: str | None = None,
        *,
        scanner: str | None = None,
        **known: float,
    ) -> None:
        """Something happens to a visit that is in no session yet."""
        log = self.log
        self._row(what, visit.protocol, log.subject(session, visit.name, visit.study), reason)
        log.know(log.things["animal", visit.animal], known)
        if scanner is not None:
            log.parts.append(log.things["scanner", scanner])

    def to_vial(
        self,
        what: str,
        name: str,
        activity_bq: float | None,
        volume_m3: float | None,
        reason: str | None = None,
        *,
        amount_mol: float | None = None,
        product: tuple[str, Known] | None = None,
    ) -> None:
        """Something happens to a vial, and to what is made of it."""
        log, vial = self.log, self.world.hot_lab.vials[name]
        self._row(what, None, reason=reason)
        known = {"activity_bq": activity_bq, "volume_m3": volume_m3, "amount_mol": amount_mol}
        log.know(log.things["vial", name], {key: value for key, value in known.items() if value is not None})
        log.parts += (log.things["tracer", vial.tracer], log.things["nuclide", vial.nuclide])
        if product is not None:
            log.know(log.things["product", product[0]], product[1])

    def to_supply(self, what: str, name: str) -> None:
        """Something happens to what is used up."""
        self._row(what, None)
        self.log.parts.append(self.log.things["supply", name])

    def to_person(self, what: str, name: str, *things: tuple[str, str]) -> None:
        """Somebody comes, rests, goes, or may do something else from now on."""
        self._row(what, None)
        self.log.parts += (self.log.things["person", name], *(self.log.things[thing] for thing in things))

    def to_people(self, what: str, people: list[tuple[str, Known]]) -> None:
        """Something is known of several people at once."""
        self._row(what, None)
        for name, known in people:
            self.log.know(self.log.things["person", name], known)

    def to_scanner(self, what: str, name: str) -> None:
        """A scanner fails."""
        self._row(what, None)
        self.log.parts.append(self.log.things["scanner", name])

    def to_room(
        self, what: str, name: str, reason: str | None = None, animal: str | None = None, known: Known = NOTHING
    ) -> None:
        """Something happens to a room, or to an animal that lives in it."""
        self._row(what, None, reason=reason)
        if animal is not None:
            self.log.know(self.log.things["animal", animal], known)
        self.log.parts.append(self.log.things["room", name])

    def to_waste(self, what: str, nuclide: str | None, animal: str | None = None) -> None:
        """Something happens to a bag of waste or a carcass."""
        self._row(what, None)
        log = self.log
        log.parts += [log.things[key] for key in (("animal", animal), ("nuclide", nuclide)) if key[1] is not None]

    def to_animals(self, what: str, study: str, animals: list[str], moment_s: float | None) -> None:
        """Something happens to several animals of a study at once."""
        self._row(what, None, self.log.subject(None, None, study))
        known: Known = {} if moment_s is None else {"moment_s": moment_s}
        for animal in animals:
            self.log.know(self.log.things["animal", animal], known)

    def to_site(self, what: str) -> None:
        """The facility opens or closes."""
        self._row(what, None)
