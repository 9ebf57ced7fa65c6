"""What happens without lasting: one method a subject, each writes a row of the log with what took part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.facility.log import ANIMAL, HAPPENING, NULL, PERSON, ROLE, SCANNER
from twin.facility.state import Session, Visit
from twin.plan import HAPPENINGS

if TYPE_CHECKING:
    from twin.facility.world import World

Known = dict[str, float]
#: A thing of a happening: its role, its name, and what is known of it.
Thing = tuple[str, str, Known]

NOTHING: Known = {}


class Happenings:
    """Writes happenings into the log of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.log = world.log
        self.words = {word: world.log.code(word) for word in HAPPENINGS}

    def to_animal(
        self, what: str, session: Session, i: int, reason: str | None, known: Known | None, *things: Thing
    ) -> None:
        """Something happens to one animal of a session; ``known`` None: the animal itself takes no part."""
        log = self.log
        name, study = session.codes
        visit, plan = session.visit_codes[i], log.code(session.plan)
        event = log.row(
            self.world.clock.moment_s,
            HAPPENING,
            NULL,
            self.words[what],
            plan,
            name,
            visit,
            study,
            NULL if reason is None else log.code(reason),
        )
        if known is not None:
            log.thing(event, ANIMAL, session.animal_codes[i], **known)
        for role, thing, quantities in things:
            log.thing(event, ROLE[role], log.code(thing), **quantities)

    def to_visit(
        self,
        what: str,
        visit: Visit,
        session: str | None = None,
        reason: str | None = None,
        *,
        scanner: str | None = None,
        moment_s: float | None = None,
    ) -> None:
        """Something happens to a visit that is in no session yet."""
        log, code = self.log, self.log.code
        event = log.row(
            self.world.clock.moment_s,
            HAPPENING,
            NULL,
            self.words[what],
            code(visit.protocol),
            code(session),
            code(visit.name),
            code(visit.study),
            code(reason),
        )
        moment = NOTHING if moment_s is None else {"moment_s": moment_s}
        log.thing(event, ANIMAL, code(visit.animal), **moment)
        if scanner is not None:
            log.thing(event, SCANNER, code(scanner))

    def to_vial(
        self, what: str, name: str, activity_bq: float, volume_m3: float, reason: str | None = None, **more: float
    ) -> None:
        """Something happens to a vial."""
        log, vial = self.log, self.world.hot_lab.vials[name]
        event = log.row(self.world.clock.moment_s, HAPPENING, step=self.words[what], reason=log.code(reason))
        log.thing(event, ROLE["vial"], log.code(name), activity_bq=activity_bq, volume_m3=volume_m3, **more)
        log.thing(event, ROLE["tracer"], log.code(vial.tracer))
        log.thing(event, ROLE["nuclide"], log.code(vial.nuclide))

    def to_person(self, what: str, name: str) -> None:
        """Somebody comes, rests or goes."""
        event = self.log.row(self.world.clock.moment_s, HAPPENING, step=self.words[what])
        self.log.thing(event, PERSON, self.log.code(name))

    def to_scanner(self, what: str, name: str) -> None:
        """A scanner fails."""
        event = self.log.row(self.world.clock.moment_s, HAPPENING, step=self.words[what])
        self.log.thing(event, SCANNER, self.log.code(name))

    def to_site(self, what: str) -> None:
        """The facility opens or closes."""
        self.log.row(self.world.clock.moment_s, HAPPENING, step=self.words[what])
