"""Slots: when a session can have a bed, its scanner, its tracer and somebody to take the food away."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, inf
from typing import TYPE_CHECKING, TypeAlias

from twin.facility.calendars import Calendar, Interval
from twin.facility.hot_lab import needed_now
from twin.facility.program import Program
from twin.facility.serving import Serving
from twin.scenario.site import Protocol
from twin.scenario.site_hot_lab import Vial
from twin.scenario.site_machines import Scanner

if TYPE_CHECKING:
    from twin.facility.world import World


#: A bed, its span, the scanner's span.
_Place: TypeAlias = "tuple[str | None, Interval | None, Interval | None]"


@dataclass(slots=True)
class Wish:
    """What a session asks of the book: its program, its protocol, how many animals, and when."""

    program: Program
    protocol: Protocol
    animals: int
    earliest_s: float
    latest_s: float | None
    length_s: float
    study: str = ""
    #: Wishes of one kind find the same slots.
    kind: str = ""
    #: Whether it is looked for on slots that are taken already.
    over: bool = False


@dataclass(slots=True)
class Slot:
    """A session's place in the book."""

    start_s: float
    anchor_s: float
    scanner: str | None
    bed: str | None
    bed_span: Interval | None
    scanner_span: Interval | None
    vial: str | None
    reference_bq: float
    study: str = ""
    second: str | None = None
    second_span: Interval | None = None
    over: bool = False


@dataclass(slots=True)
class Tried:
    """Anchors of a day at which there was nothing for wishes of one kind: what is booked stays booked.

    Attributes
    ----------
    first_s, end_s : float
        From the first of them to the one that follows the last.
    earliest_s : float
        It holds for wishes that may begin no earlier than then: who begins earlier may still find a carer.
    """

    first_s: float = inf
    end_s: float = inf
    earliest_s: float = inf

    def past(self, anchor: float, earliest_s: float) -> float:
        """The first anchor from this one on that is worth a try."""
        known = self.first_s <= anchor < self.end_s and earliest_s >= self.earliest_s
        return self.end_s if known else anchor

    def add(self, first_s: float, end_s: float, earliest_s: float) -> None:
        """There was nothing from here to there; what was known before is kept if it touches this."""
        if self.first_s <= first_s <= self.end_s and earliest_s >= self.earliest_s:
            first_s = self.first_s
        self.first_s, self.end_s, self.earliest_s = first_s, end_s, earliest_s


class Book:
    """What is booked: spans of beds and scanners by day, and activity by vial."""

    def __init__(self, world: World) -> None:
        self.world = world
        site = world.site
        self.opening = world.opening
        self.policies = site.policies
        self.residual = site.injection.residual.mean
        #: What is booked of a bed or scanner on a day that opens then, in order; no two overlap.
        self.spans: dict[tuple[str, float], list[Interval]] = {}
        self.planned_bq: dict[str, float] = {}
        self.full: set[tuple[str, int, float]] = set()
        #: Sessions beyond the free slots of a scanner on a day that opens then.
        self.over: dict[tuple[str, float], int] = {}
        self.tried: dict[tuple[str, int, float, str | None], Tried] = {}
        self.serving = Serving(site)
        self.carers = _carers(world)
        self.check_s = {s.name: _checks_s(s) for s in site.scanners.values()}
        self.vials: dict[str, list[Vial]] = {}
        for vial in sorted(site.vials, key=lambda v: v.arrival_s):
            self.vials.setdefault(vial.tracer, []).append(vial)
        self.arrivals = {tracer: [v.arrival_s for v in vials] for tracer, vials in self.vials.items()}
        self.longest_s = max((v.expiry_s - v.arrival_s for v in site.vials), default=0.0)

    def find(
        self,
        program: Program,
        protocol: Protocol,
        animals: int,
        earliest_s: float,
        latest_s: float | None,
        study: str = "",
    ) -> Slot | None:
        """The earliest slot whose start lies in the window; None if there is none within the calendar."""
        kind = protocol.name + self.world.hygiene.kind(study) + self.serving.portion(study, protocol)
        wish = Wish(program, protocol, animals, earliest_s, latest_s, self._length_s(program), study, kind)
        for day in self.opening.from_(earliest_s):
            if latest_s is not None and day[0] > latest_s:
                return None
            if (wish.kind + self._open_to(wish, day), animals, day[0]) not in self.full:
                slot = self._on_day(wish, day)
                if slot is not None:
                    return slot
        return None

    def _on_day(self, wish: Wish, day: Interval) -> Slot | None:
        for vial, low, high in self._supplies(wish, day):
            slot = self._with_vial(wish, day, vial, low, high)
            if slot is not None:
                return slot
        if self.policies.overbooking and not wish.over:
            return self._on_day(replace(wish, over=True, kind=wish.kind + "+"), day)
        if wish.earliest_s <= day[0] and wish.latest_s is None:
            self.full.add((wish.kind.rstrip("+") + self._open_to(wish, day), wish.animals, day[0]))
        return None

    def _kept_s(self, wish: Wish, day: Interval) -> float:
        """Time at the end of a day that a wish cannot have, because it is kept for urgent studies [s]."""
        kept = self.policies.urgent_reserve_s
        study = self.world.site.studies.get(wish.study)
        if kept <= 0.0 or study is None or study.urgent:
            return 0.0
        return kept if self.world.clock.moment_s < day[1] - kept - self.policies.urgent_release_s else 0.0

    def _open_to(self, wish: Wish, day: Interval) -> str:
        """What tells wishes apart to which more or less of a day is open."""
        return "/kept" if self._kept_s(wish, day) else ""

    def _with_vial(self, wish: Wish, day: Interval, vial: Vial | None, low: float, high: float) -> Slot | None:
        """The first moment of the slot grid at which everything can be had."""
        step, lead = self.policies.slot_step_s, wish.program.anchor_s
        earliest_s = self.world.hygiene.not_before_s(wish.study, max(wish.earliest_s, day[0]))
        if wish.over:  # one after another, not all in the morning
            before = min(self.over.get((name, day[0]), 0) for name in wish.protocol.scanners or ("",))
            earliest_s = max(earliest_s, day[0] + before * wish.length_s)
        anchor = _on_grid(max(earliest_s + lead, low), day[0], step)
        last = min(
            day[1] - self._kept_s(wish, day) - wish.length_s,
            high,
            float("inf") if wish.latest_s is None else wish.latest_s,
        )
        if vial is not None and not self._suffices(vial, self._needed_bq(wish, anchor, vial)):
            return None  # later still more must be drawn
        found = self._first_from(self._tried(wish, day, vial), wish, day, anchor, last, vial)
        return found if found is None or vial is None or self._suffices(vial, found.reference_bq) else None

    def _tried(self, wish: Wish, day: Interval, vial: Vial | None) -> Tried:
        """What was tried before for wishes like this one."""
        key = (wish.kind + self._open_to(wish, day), wish.animals, day[0], None if vial is None else vial.name)
        tried = self.tried.get(key)
        if tried is None:
            tried = self.tried[key] = Tried()
        return tried

    def _first_from(
        self, tried: Tried, wish: Wish, day: Interval, anchor: float, last: float, vial: Vial | None
    ) -> Slot | None:
        """The first anchor from this one to the last at which bed, scanner and carer can be had."""
        step, first = self.policies.slot_step_s, anchor
        anchor = tried.past(anchor, wish.earliest_s)
        found: Slot | float | None = None
        while anchor <= last:
            found = self._at(wish, day, anchor, vial)
            if isinstance(found, Slot):
                break
            anchor = _on_grid(max(found, anchor + step), day[0], step)
        if anchor > first:
            tried.add(first, anchor, wish.earliest_s)
        return found if isinstance(found, Slot) else None

    def _supplies(self, wish: Wish, day: Interval) -> Iterator[tuple[Vial | None, float, float]]:
        """Each vial of the day with the first and the last anchor that it can serve; (None, ...) if none is needed."""
        program, tracer = wish.program, wish.protocol.tracer
        if program.draw_s is None or tracer is None or wish.protocol.activity_bq is None:
            yield None, day[0], day[1]
            return
        vials, arrivals = self.vials.get(tracer, []), self.arrivals.get(tracer, [])
        first = bisect_left(arrivals, day[0] - self.longest_s)
        for vial in vials[first : bisect_left(arrivals, day[1])]:
            last = (program.inject_s or program.draw_s) - program.anchor_s
            low = vial.arrival_s - program.draw_s + program.anchor_s
            high = self.serving.until_s(vial, wish.study, wish.protocol) - last
            if high >= day[0]:
                yield vial, low, high

    def _length_s(self, program: Program) -> float:
        """Slots have a least length, and then steps."""
        span = program.bed_s or program.scanner_s or (0.0, program.end_s)
        steps = max(0.0, ceil((span[1] - span[0] - self.policies.slot_minimum_s) / self.policies.slot_step_s))
        return self.policies.slot_minimum_s + steps * self.policies.slot_step_s

    def _at(self, wish: Wish, day: Interval, anchor: float, vial: Vial | None) -> Slot | float:
        """The slot at this moment on the first scanner that is free, or the next moment worth a try."""
        retry = float("inf")
        for name in wish.protocol.scanners or ("",):
            room = self._place_on(wish, day, anchor, name)
            other = room if isinstance(room, float) else self._second_on(wish, day, anchor)
            if isinstance(other, float):
                retry = min(retry, other)
            elif not isinstance(room, float):
                start = self.fasting_start(wish.protocol, anchor - wish.program.anchor_s, wish.earliest_s)
                if start is None:
                    return anchor
                bed, bed_span, scanner_span = room
                needed_bq = 0.0 if vial is None else self._needed_bq(wish, anchor, vial)
                source = None if vial is None else vial.name
                return Slot(
                    start,
                    anchor,
                    name or None,
                    bed,
                    bed_span,
                    scanner_span,
                    source,
                    needed_bq,
                    wish.study,
                    *other,
                    over=wish.over,
                )
        return retry

    def _suffices(self, vial: Vial, needed_bq: float) -> bool:
        """Whether so much more can be planned from a vial."""
        return self.planned_bq.get(vial.name, 0.0) + needed_bq <= self.policies.planned_share * vial.activity_bq

    def _needed_bq(self, wish: Wish, anchor: float, vial: Vial) -> float:
        """Activity of a session at the reference time of a vial [Bq]."""
        program, prescribed = wish.program, wish.protocol.activity_bq
        assert prescribed is not None
        assert program.draw_s is not None
        middle = anchor - program.anchor_s + 0.5 * (program.draw_s + (program.inject_s or program.draw_s))
        grown = needed_now(vial.decay_constant_per_s, middle - vial.reference_s)
        return wish.animals * prescribed * grown / (1.0 - self.residual)

    def _place_on(self, wish: Wish, day: Interval, anchor: float, name: str) -> _Place | float:
        """A place on this scanner, free or, if need be, taken by others who may not come; else the next anchor."""
        if wish.over:
            more = self.over.get((name, day[0]), 0) < self.policies.overbooking
            return (None, None, None) if more else day[1]
        clean_s = self.world.hygiene.clean_from(wish.study, name, day, (anchor, anchor + wish.length_s))
        return clean_s if clean_s > anchor else self._room_on(wish, day, anchor, name)

    def _room_on(self, wish: Wish, day: Interval, anchor: float, name: str) -> _Place | float:
        """Bed, its span and the scanner's span, if both are free; else the next anchor worth a try."""
        if not name:
            return None, None, None
        program = wish.program
        start, scanner_span = anchor - program.anchor_s, None
        if program.scanner_s:
            scanner_span = (start + program.scanner_s[0], start + program.scanner_s[1])
            free = max(day[0] + self.check_s[name], self._free_from(name, day, scanner_span))
            if free > scanner_span[0]:
                return anchor + free - scanner_span[0]
        if not program.bed_s:
            return None, None, scanner_span
        bed_span = (anchor, anchor + wish.length_s)
        soonest = float("inf")
        for bed in self.world.site.scanners[name].beds:
            free = self._free_from(bed, day, bed_span)
            if free <= anchor:
                return bed, bed_span, scanner_span
            soonest = min(soonest, free)
        return soonest

    def _second_on(self, wish: Wish, day: Interval, anchor: float) -> tuple[str | None, Interval | None] | float:
        """A second machine and its span, to which the bed is moved; else the next anchor worth a try."""
        if wish.over or not wish.program.second_s:
            return None, None
        start = anchor - wish.program.anchor_s
        span = (start + wish.program.second_s[0], start + wish.program.second_s[1])
        soonest = float("inf")
        for name in wish.protocol.second:
            free = max(day[0] + self.check_s[name], self._free_from(name, day, span))
            if free <= span[0]:
                return name, span
            soonest = min(soonest, anchor + free - span[0])
        return soonest

    def _free_from(self, thing: str, day: Interval, span: Interval) -> float:
        """The end of what is booked across a span; its beginning if nothing is."""
        first, last = span
        booked = self.spans.get((thing, day[0]))
        if booked is None:
            return first
        before = bisect_left(booked, (last,))
        return max(first, booked[before - 1][1]) if before else first

    def fasting_start(self, protocol: Protocol, start: float, earliest_s: float) -> float | None:
        """When the session begins: so long before that somebody is in to take the food away."""
        if protocol.fasting_s is None:
            return start
        least, most = protocol.fasting_s
        moments = [m for calendar in self.carers if (m := calendar.last_moment(start - least)) is not None]
        best = max(moments, default=float("-inf"))
        return best if best >= max(start - most, earliest_s) else None

    def book(self, slot: Slot) -> None:
        """Write it down."""
        day = self.opening.at(slot.anchor_s)
        assert day is not None
        spans = ((slot.scanner, slot.scanner_span), (slot.bed, slot.bed_span), (slot.second, slot.second_span))
        for thing, span in spans:
            if thing is not None and span is not None:
                insort(self.spans.setdefault((thing, day[0]), []), span)
        if slot.scanner is not None and slot.bed_span is not None:
            self.world.hygiene.booked(slot.study, slot.scanner, day, slot.bed_span)
        if slot.over and slot.scanner is not None:
            self.over[slot.scanner, day[0]] = self.over.get((slot.scanner, day[0]), 0) + 1
        if slot.vial is not None:
            self.planned_bq[slot.vial] = self.planned_bq.get(slot.vial, 0.0) + slot.reference_bq

    def give_back(self, study: str, program: Program, scanner: str | None, anchor: float) -> None:
        """A session will not come: its slot is free again. What was ordered for it stays ordered."""
        day = self.opening.at(anchor)
        if scanner is None or day is None:
            return
        bed_span = (anchor, anchor + self._length_s(program))
        beds = self.world.site.scanners[scanner].beds
        taken = next((bed for bed in beds if bed_span in self.spans.get((bed, day[0]), ())), None)
        if taken is None:
            return
        start = anchor - program.anchor_s
        self._remove((taken,), day, bed_span)
        self._remove((scanner,), day, _moved(program.scanner_s, start))
        self._remove(self.world.site.protocols[program.key[0]].second, day, _moved(program.second_s, start))
        self.world.hygiene.given_back(study, scanner, day, bed_span)
        self.full = {key for key in self.full if key[2] != day[0]}
        self.tried = {key: tried for key, tried in self.tried.items() if key[2] != day[0]}

    def _remove(self, things: tuple[str, ...], day: Interval, span: Interval | None) -> None:
        """What is booked so of the first of these things that has it is booked no more."""
        held = next((booked for name in things if span in (booked := self.spans.get((name, day[0]), []))), None)
        if held is not None and span is not None:
            held.remove(span)


def _moved(span: Interval | None, start_s: float) -> Interval | None:
    """A span of a program, when it begins then."""
    return None if not span else (start_s + span[0], start_s + span[1])


def _on_grid(time_s: float, origin_s: float, step_s: float) -> float:
    """The first moment of the slot grid from a time on."""
    return origin_s + ceil((time_s - origin_s) / step_s) * step_s


def _carers(world: World) -> list[Calendar]:
    """Shifts of those who take food away; equal ones once."""
    people = world.site.people.values()
    calendars = [world.roster.calendars[p.name] for p in people if "animal_care" in p.skills]
    return list({calendar.intervals: calendar for calendar in calendars}.values())


def _checks_s(scanner: Scanner) -> float:
    """Planned time of the checks with which a day begins [s]."""
    checks = [c for c in scanner.quality_control if c.at_of_day_s is None and c.every_days is None]
    return sum(c.duration.mean + (c.warm_up.mean if c.warm_up else 0.0) for c in checks)
