"""Hygiene in the clock: which room is how clean, who may enter, who stays away, what is closed.

A room in which animals are handled is as dirty as the dirtiest that was in it since it was last decontaminated; animals
of different status are never in it together. A cleaner animal waits until nobody is in the room and somebody has
decontaminated it; newcomers of the dirtier kind wait meanwhile. Sleeping animals are let in unless somebody is at work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.facility import attendance
from twin.facility.calendars import Interval, last_midnight_s
from twin.facility.contagion import Contagion
from twin.facility.house_plans import CONTAMINATION, DECONTAMINATION, POOL, SPILL, house_plans
from twin.facility.program import compile_plan
from twin.facility.state import Session, Visit
from twin.facility.upkeep import FIRST
from twin.scenario.site import Protocol
from twin.scenario.site_hygiene import BARRIER, CAGED, RETURN_HOUSING, STATUSES

if TYPE_CHECKING:
    from twin.facility.clock import Running
    from twin.facility.program import Op
    from twin.facility.world import World

#: Above every priority of a study.
_STATUS_FIRST = 1001


class Hygiene:
    """The rooms and people of a world as hygiene sees them.

    Attributes
    ----------
    status : dict of study to int
        Place in `STATUSES`: an outbreak may change it.
    dirt : dict of room to int
        Status of the dirtiest animal since the room was clean.
    wanted : dict of room to None
        Rooms that are to be decontaminated as soon as nobody is in them.
    closed : dict of room to str
        Rooms that take no newcomers, and the plan that opens them again; it begins when nobody is in the room.
    touched_s : dict of person to list of float
        When they last worked with animals of each status [s].
    watched : dict of person to None
        Who has an alarm for the end of a time of staying away.
    housed : dict of animal to str
        Animals that may not go back, and the room in which they live.
    contagion : Contagion
        What is contaminated and infected.
    spans : dict of (room, day) to list of (begin, end, status)
        What is booked in it.
    """

    def __init__(self, world: World) -> None:
        self.world, self.rules = world, world.site.hygiene
        self.on = self.rules.on or world.site.dose.spills is not None
        self.programs = {name: compile_plan(plan, 0) for name, plan in house_plans(world.site).items()}
        self.status = dict(self.rules.status)
        self.dirt: dict[str, int] = {}
        self.wanted: dict[str, None] = {}
        self.closed: dict[str, str] = {}
        self.touched_s: dict[str, list[float]] = {}
        self.watched: dict[str, None] = {}
        self.housed: dict[str, str] = {}
        self.contagion = Contagion(self)
        self.spans: dict[tuple[str, float], list[tuple[float, float, int]]] = {}
        self.housing = {room.name: room.places for room in world.site.rooms.values() if room.kind == RETURN_HOUSING}

    def listening(self) -> Hygiene:
        """Is told who leaves a room, and asked who may attend."""
        if self.on:
            self.world.rooms.left, self.world.roster.stays_away = self.left, self.kept_from
        return self

    def begin(self) -> None:
        """Set the first alarms."""
        self.contagion.begin()

    # rooms --------------------------------------------------------------------------------------------------------

    def of(self, session: Session) -> int | None:
        """The status of a session's animals; None: its study does not say."""
        return self.status.get(session.study or "")

    def key(self, session: Session, op: Op) -> tuple[object, ...]:
        """What tells steps apart that wait in one queue; a room that a spill closed bars those that are done in it."""
        return self.of(session), self.rules.biosafety.get(session.study or "", 1), _workplace(op)

    def lets_in(self, session: Session, room: str) -> bool:
        """Whether the animals of a session may enter a room now; if it must be decontaminated for them, it will be."""
        study, own = session.study or "", self.of(session)
        if not session.visits or room in session.room:
            return True
        if not self._admits(room, study):
            return False
        caged = self.world.rooms.kind[room] in CAGED
        if room in self.closed:
            return not session.empty_handed and (self._has_spill(room) or self._is_let_through(session, room, caged))
        if own is None or caged:
            return True
        if self.dirt.get(room, 0) > own:
            self._want(room)
            return False
        return not (room in self.wanted and session.empty_handed) and not self._others(session, room, own)

    def _is_let_through(self, session: Session, room: str, caged: bool) -> bool:
        """Whether animals may go on through a closed room: in their cages, or asleep while nobody works there."""
        return caged or (session.anyone_asleep and not self._under_way(room))

    def bars(self, session: Session, op: Op) -> str | None:
        """The room in which a step is done away from its animals, if it is closed for a spill; none asleep wait."""
        if session.anyone_asleep:
            return None
        kind = _workplace(op)
        room = None if kind is None else attendance.workroom(self.world, kind, session.scanner)
        return room if room is not None and self._has_spill(room) else None

    def _has_spill(self, room: str) -> bool:
        return self.closed.get(room, "").startswith(f"{SPILL}/")

    def _under_way(self, room: str) -> bool:
        """Whether somebody is at it to open a room again."""
        plan = self.closed[room]
        return any(session.plan == plan and session.running for session in self.world.sessions.values())

    def _admits(self, room: str, study: str) -> bool:
        """Whether the room is for them; an outbreak may have put them out of the barrier."""
        if not self.rules.admits(room, study):
            return False
        return room not in self.rules.barrier_rooms or self.status.get(study, 0) <= BARRIER

    def _others(self, session: Session, room: str, own: int) -> bool:
        """Whether animals of another status are in the room."""
        inside = (s for s in self.world.sessions.values() if s is not session and room in s.room)
        return any(self.of(s) not in (own, None) for s in inside)

    def entered(self, session: Session, i: int, room: str | None) -> None:
        """An animal has come into a room."""
        own = self.of(session)
        if room is not None and (self.contagion.rooms or self.contagion.animals):
            self.contagion.enters(session, i, room)
        if room is not None and own is not None:
            self.dirt[room] = max(own, self.dirt.get(room, own))

    def left(self, room: str | None) -> None:
        """An animal leaves a room: at the end of this moment it may be empty."""
        if self.on and room is not None:
            self.world.clock.at(self.world.clock.moment_s, "room_left", room)

    def room_left(self, room: str) -> None:
        """Whoever waits for the room to be empty may go on, or it is decontaminated now."""
        world = self.world
        if not any(room in session.room for session in world.sessions.values()):
            if room in self.closed:
                self._open_soon(room)
            elif room in self.wanted:
                self.close(room, f"{DECONTAMINATION}/{room}", None)
        world.allocator.wake(POOL + room)
        world.clock.unsettled = True

    def _want(self, room: str) -> None:
        if room not in self.wanted and room not in self.closed:
            self.wanted[room] = None
            self.left(room)

    def close(self, room: str, plan: str, reason: str | None) -> None:
        """Nobody comes in until the plan is done, which begins when nobody is in the room."""
        if room not in self.closed:
            self.world.happenings.to_room("room_closed", room, reason)
        elif plan.startswith(f"{SPILL}/"):
            return  # what was spilt is cleaned up when the room would open
        self.closed[room] = plan
        self.left(room)

    def _open_soon(self, room: str) -> None:
        """The plan that opens the room begins, unless it is under way."""
        plan = self.closed[room]
        if not any(session.plan == plan for session in self.world.sessions.values()):
            self.world.upkeep.start(plan, priority=FIRST, program=self.programs[plan])

    def decontaminated(self, session: Session) -> None:
        """A room is clean and open again, unless it was found contaminated meanwhile."""
        room = next((room for room, plan in self.closed.items() if plan == session.plan), None)
        if room is None:
            return
        del self.closed[room]
        if not session.plan.startswith(f"{SPILL}/"):  # it is clean of activity only
            self.dirt.pop(room, None)
            self.wanted.pop(room, None)
            self.contagion.cleaned(room)
        self.world.happenings.to_room("room_open", room)
        self.contagion.opened(session.plan)
        self.world.spills.opened(room)
        self.world.allocator.wake_all((POOL + room, *self._pools(room)))
        self.world.clock.unsettled = True

    def _pools(self, room: str) -> list[str]:
        """Pools of what stands in the room."""
        here = [machine for machine in self.world.machines.all.values() if machine.room == room]
        return [pool for machine in here for pool in (machine.pool, machine.bed_pool)]

    def is_shut(self, scanner: str | None) -> bool:
        """Whether a scanner stands in a room that was found contaminated."""
        if scanner is None or not self.closed:
            return False
        return self.closed.get(self.world.machines.all[scanner].room, "").startswith(f"{CONTAMINATION}/")

    # people -------------------------------------------------------------------------------------------------------

    def worked(self, running: Running) -> None:
        """Whoever works with animals stays away from cleaner ones for a while."""
        own = self.of(running.session)
        if own is None or not self.on or running.op.away or self.rules.stay_away_s <= 0.0 or not running.session.visits:
            return
        now = self.world.clock.moment_s
        for worker in running.people:
            self.touched_s.setdefault(worker.name, [float("-inf")] * len(STATUSES))[own] = now
            if own > 0 and worker.name not in self.watched:
                self.watched[worker.name] = None
                self.world.clock.at(now + self.rules.stay_away_s, "stayed_away", worker.name)

    def stayed_away(self, name: str) -> None:
        """Somebody may work with cleaner animals again, or has worked with others since."""
        now, since = self.world.clock.moment_s, [t + self.rules.stay_away_s for t in self.touched_s[name][1:]]
        later = min((t for t in since if t > now), default=None)
        if later is None:
            del self.watched[name]
        else:
            self.world.clock.at(later, "stayed_away", name)
        self.world.shifts.free(self.world.roster.workers[name])

    def kept_from(self, session: Session) -> tuple[str, ...]:
        """Who stays away from the animals of a session."""
        own, since = self.of(session), self.world.clock.moment_s - self.rules.stay_away_s
        if own is None or not self.touched_s or not session.visits:
            return ()
        return tuple(name for name, touched in self.touched_s.items() if max(touched[own + 1 :], default=since) > since)

    # order --------------------------------------------------------------------------------------------------------

    def order(self, study: str) -> int:
        """Place in a round of booking: the cleaner first, if that is the rule."""
        return self.status.get(study, len(STATUSES)) if self.rules.clean_first else 0

    def priority(self, study: str, own: int) -> int:
        """Lower goes first: by status, if that is the rule, then by the study's own."""
        return own + _STATUS_FIRST * self.order(study)

    def not_before_s(self, study: str, time_s: float) -> float:
        """When animals of a study may first get a slot on the day of a moment [s]."""
        of_day = self.rules.dirty_from_of_day_s
        if of_day is None or self.status.get(study, 0) <= BARRIER:
            return time_s
        return max(time_s, last_midnight_s(self.world.site.start, time_s) + of_day)

    def kind(self, study: str) -> str:
        """What tells wishes apart that may have slots at different times."""
        return f"/{self.status[study]}" if study in self.status else ""

    def clean_from(self, study: str, scanner: str, day: Interval, span: Interval) -> float:
        """When a room can be had from, so that no animals of another status are booked within a decontamination [s].

        `scanner` may be empty: a session that needs none has no room booked.
        """
        own, first = self.status.get(study), span[0]
        if own is None or not scanner:
            return first
        gap = self.rules.decontamination.mean
        for begin, end, other in self.spans.get((self.world.machines.all[scanner].room, day[0]), ()):
            before, after = (gap, 0.0) if own > other else (0.0, gap)
            if other != own and begin < span[1] + before and first < end + after:
                first = max(first, end + after)
        return first

    def booked(self, study: str, scanner: str, day: Interval, span: Interval) -> None:
        """A session has a slot on a bed of this scanner."""
        own = self.status.get(study)
        if own is not None:
            room = self.world.machines.all[scanner].room
            self.spans.setdefault((room, day[0]), []).append((*span, own))

    def given_back(self, study: str, scanner: str, day: Interval, span: Interval) -> None:
        """A session that had a slot will not come."""
        own = self.status.get(study)
        spans = self.spans.get((self.world.machines.all[scanner].room, day[0]), [])
        if own is not None and (*span, own) in spans:
            spans.remove((*span, own))

    # animals that may not go back ---------------------------------------------------------------------------------

    def with_places(self, visits: list[Visit]) -> list[Visit]:
        """Those of a session that may begin: each that cannot go back afterwards has a place, or gets one."""
        kept = []
        for visit in visits:
            if not self.housing or self._has_place(visit):
                kept.append(visit)
            else:
                self.world.happenings.to_visit("visit_cancelled", visit, reason="housing")
                self.world.planner.book_again(visit, "housing", useful=True)
        return kept

    def _has_place(self, visit: Visit) -> bool:
        protocol = self.world.site.protocols[visit.protocol]
        if visit.animal in self.housed or self._returns(protocol, visit.study):
            return True
        room = next((name for name, places in self.housing.items() if places > self._taken(name)), None)
        if room is None:
            return False
        self.housed[visit.animal] = room
        self.world.happenings.to_room("housed", room, animal=visit.animal)
        self.world.clock.at(self._until_s(visit), "housing_over", visit.animal)
        return True

    def _returns(self, protocol: Protocol, study: str) -> bool:
        """Whether every scanner that may serve lets the animals go back."""
        rooms = {self.world.machines.all[name].room for name in protocol.scanners}
        return all(self.rules.returns(room, study) for room in rooms)

    def _taken(self, room: str) -> int:
        return sum(own == room for own in self.housed.values())

    def _until_s(self, visit: Visit) -> float:
        """When the study needs the animal no more, as planned [s]."""
        study, arrived = self.world.site.studies[visit.study], self.world.animal(visit.animal).arrived_s
        last = max(point.at_s + (point.window_s or 0.0) for point in study.time_points)
        return max(arrived + last, self.world.clock.moment_s) + self.rules.after_last_visit_s

    def housing_over(self, animal: str) -> None:
        """The study needs it no more: its place is free, as soon as it is in no session."""
        if self.world.animal(animal).session is not None:
            clock = self.world.clock
            clock.at(clock.moment_s + self.world.site.policies.slot_step_s, "housing_over", animal)
            return
        self.dead(animal)

    def dead(self, animal: str) -> None:
        """It needs no place any more."""
        room = self.housed.pop(animal, None)
        if room is not None:
            self.world.happenings.to_room("housing_left", room, animal=animal)

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "status": self.status,
            "dirt": self.dirt,
            "wanted": list(self.wanted),
            "closed": self.closed,
            "touched_s": [[name, [None if t < 0.0 else t for t in times]] for name, times in self.touched_s.items()],
            "watched": list(self.watched),
            "housed": self.housed,
            "contagion": self.contagion.to_plain(),
            "spans": [[*key, spans] for key, spans in self.spans.items()],
        }

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.status, self.dirt = dict(plain["status"]), dict(plain["dirt"])
        self.contagion.from_plain(plain["contagion"])
        self.wanted, self.watched = dict.fromkeys(plain["wanted"]), dict.fromkeys(plain["watched"])
        self.closed, self.housed = dict(plain["closed"]), dict(plain["housed"])
        self.spans = {(room, day): [(a, b, c) for a, b, c in spans] for room, day, spans in plain["spans"]}
        self.touched_s = {
            name: [float("-inf") if t is None else t for t in times] for name, times in plain["touched_s"]
        }


def _workplace(op: Op) -> str | None:
    """The kind of room in which a step is done."""
    return "hot_lab" if op.effect == "draw" else op.workplace
