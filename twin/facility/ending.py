"""How visits and sessions end: done, given up, excluded, died; and what is booked again."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from twin.facility import attendance, effects, fates, imaging, physiology, player
from twin.facility.happenings import NOTHING
from twin.facility.state import Session
from twin.vocabulary import UNUSABLE

if TYPE_CHECKING:
    from twin.facility.world import World

#: Reasons for which another booking would be no better.
_FINAL = frozenset(("volume_limit", "mass_limit", "authorisation", "no_slot", "late_delivery"))


class Ending:
    """Ends visits and sessions of a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def leave(self, session: Session, i: int, happening: str, reason: str | None) -> None:
        """One animal leaves; its visit has ended."""
        world = self.world
        if session.ended[i]:
            return
        if session.asleep[i]:
            attendance.wake(world, session, physiology.sleeping(world, session, [i]))
        if happening == "visit_cancelled" and i in session.anaesthetised:
            happening = "visit_incomplete"
        session.ended[i], session.present[i], session.whole = True, False, False
        effects.end_fasting(world, session, i)
        self.waste_syringe(session, i)
        world.rooms.leave(session.room[i])
        world.licence.move(session, i, None)
        world.nearby.moves(session, i, None)
        session.room[i] = None
        session.animals[i].session = None
        world.happenings.to_animal(happening, session, i, reason, NOTHING)
        world.radioactive.home(session, i)
        if not session.animals[i].alive:
            world.hygiene.dead(session.visits[i].animal)
            world.waste.dead(session.visits[i].animal)
        visit = session.visits[i]
        if happening == "visit_completed":
            fates.implanted(world, visit)
            world.archive.scanned(visit.protocol)
        if happening in ("visit_completed", "animal_killed"):
            world.answers.begin(session, i, reason)
        if happening not in ("visit_completed", "animal_dead", "animal_killed") or reason in UNUSABLE:
            world.planner.book_again(visit, reason or "unfinished", reason not in _FINAL)

    def waste_syringe(self, session: Session, i: int) -> None:
        """What is still in an animal's syringe is not used."""
        syringe, now = session.syringes[i], self.world.clock.moment_s
        if syringe is not None:
            decay = self.world.decay_of_nuclide(syringe.nuclide)
            left = {
                "activity_bq": syringe.activity_bq * exp(-decay * (now - syringe.time_s)),
                "volume_m3": syringe.volume_m3,
            }
            things = (("syringe", syringe.name, left), ("nuclide", syringe.nuclide, NOTHING))
            self.world.happenings.to_animal("vial_wasted", session, i, None, None, *things)
            self.world.exposure.wasted(syringe.nuclide, left["activity_bq"])
            self.world.nearby.in_hot_lab(syringe.nuclide, left["activity_bq"])
            session.syringes[i] = None

    def finish(self, session: Session) -> None:
        """The plan is at its end: every visit gets its status, everything is given back."""
        world = self.world
        if session.anyone_asleep:
            attendance.wake(world, session, physiology.sleeping(world, session, session.everyone))
        for i in session.there():
            if not session.ended[i]:
                self.leave(session, i, *_status(session, i))
        self._close(session)

    def _close(self, session: Session) -> None:
        world = self.world
        for thing in tuple(session.holds):
            del session.holds[thing]
            world.machines.release(thing, session)
        if session.attendant is not None:
            attendance.end(world, session)
        del world.sessions[session.name]
        world.budgets.close(session)
        world.answers.over(session)
        world.service.over()
        session.over = True
        world.clock.unsettled = True

    def give_up(self, session: Session, reason: str) -> None:
        """Stop what is under way and go to the way out; before anything was done to the animals, cancel."""
        world = self.world
        out = _way_out(session)
        for index in sorted(session.running):
            player.abort(world, session, index, reason)
        session.left_s.clear()
        session.waiting.clear()
        session.resting.clear()
        session.arrived.clear()
        session.given_up, session.whole = reason, False
        world.upkeep.take_back(session)
        if session.committed:
            player.advance(world, session, out)
            return
        for i in session.there():
            self.leave(session, i, "visit_cancelled", reason)
        self._close(session)

    def waits_asleep(self, session: Session) -> None:
        """Who begins to wait when the limit has passed already is not kept waiting."""
        clock, since_s = self.world.clock, session.asleep_since_s
        if since_s is not None and clock.moment_s >= since_s + self.world.site.policies.anaesthesia_limit_s:
            clock.at(clock.moment_s, "anaesthesia_limit", session.name, since_s)

    def anaesthesia_limit(self, name: str, since_s: float) -> None:
        """Animals that sleep too long and wait for something are woken and booked again."""
        session = self.world.sessions.get(name)
        stuck = session is not None and session.waiting and not session.given_up and not _on_its_way_out(session)
        if session is not None and stuck and session.asleep_since_s == since_s:
            self.give_up(session, "anaesthesia_limit")

    def night(self) -> None:
        """Nobody stays any longer: injected animals that still wait are given up."""
        for name in sorted(self.world.sessions):
            session = self.world.sessions.get(name)
            if session is not None and _is_left_over(session) and not self.world.service.is_out_of_hours(session.study):
                self.give_up(session, "breakdown" if self._is_down(session) else "day_over")

    def _is_down(self, session: Session) -> bool:
        machines = (self.world.machines.all.get(name or "") for name in (session.scanner, session.second))
        return any(machine is not None and machine.down for machine in machines)


def _way_out(session: Session) -> int:
    """Where it goes on when it is given up; later operations come first."""
    position = max((*session.running, *session.waiting, *session.resting), default=0)
    first = session.program.first_out
    return first if first and position >= first else session.program.way_out


def _is_left_over(session: Session) -> bool:
    """Whether awake animals wait and nothing is under way."""
    waits = bool(session.waiting) and not session.running and not session.given_up
    return waits and any(session.present) and not session.anyone_asleep and not _on_its_way_out(session)


def _on_its_way_out(session: Session) -> bool:
    """Whether it is past the step from which a session goes on that is given up; later operations come first."""
    return max((*session.running, *session.waiting)) < session.program.way_out


def _status(session: Session, i: int) -> tuple[str, str | None]:
    """How the visit of an animal ends that stayed to the end."""
    outcomes = session.outcomes[i]
    injection = outcomes.get("injection", "good")
    if outcomes.get("killed"):
        return "animal_killed", None
    if session.program.scans and "scan" not in outcomes:
        return "visit_incomplete", session.given_up or "unfinished"
    if session.given_up and not session.program.scans:
        return "visit_incomplete", session.given_up
    if injection == "not_injected":
        return "visit_incomplete", "not_injected"
    if injection == "paravenous_seen":
        return "visit_incomplete", "paravenous"
    return "visit_completed", _unusable(outcomes)


def _unusable(outcomes: dict[str, str]) -> str | None:
    """Why an image cannot be used."""
    if outcomes.get("injection") == "paravenous_hidden" or outcomes.get("agent", "good") != "good":
        return "image_unusable"
    return "too_few_counts" if outcomes.get(imaging.COUNTS) == imaging.FEW else None
