"""Slots: when a session can have a bed, its scanner, its tracer and somebody to take the food away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, exp
from typing import TYPE_CHECKING

from twin.facility.calendars import Calendar, Interval
from twin.facility.program import Program
from twin.scenario.site import Protocol, Scanner, Vial

if TYPE_CHECKING:
    from twin.facility.world import World

#: Share of a vial that is planned for; the rest is for lateness and failed injections (an assumption of ours).
PLANNED_SHARE = 0.9


@dataclass(frozen=True, slots=True)
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


class Book:
    """What is booked: spans of beds and scanners by day, and activity by vial."""

    def __init__(self, world: World) -> None:
        self.world = world
        site = world.site
        self.spans: dict[str, dict[float, list[Interval]]] = {}
        self.planned_bq: dict[str, float] = {}
        self.full: set[tuple[str, str, int, float]] = set()
        self.carers = [
            _carer(world, name) for name in world.roster.workers if "animal_care" in site.people[name].skills
        ]
        self.check_s = {s.name: _checks_s(s) for s in site.scanners.values()}
        self.vials: dict[str, list[Vial]] = {}
        for vial in site.vials:
            self.vials.setdefault(vial.tracer, []).append(vial)

    def find(
        self, program: Program, protocol: Protocol, animals: int, earliest: float, latest: float | None
    ) -> Slot | None:
        """The earliest slot whose start lies in the window; None if there is none within the calendar."""
        for day in self.world.opening.from_(earliest):
            if latest is not None and day[0] > latest:
                return None
            slot = self._on_day(program, protocol, animals, earliest, latest, day)
            if slot is not None:
                return slot
        return None

    def _on_day(
        self, program: Program, protocol: Protocol, animals: int, earliest: float, latest: float | None, day: Interval
    ) -> Slot | None:
        names = [name for name in protocol.scanners if (name, protocol.name, animals, day[0]) not in self.full]
        if protocol.scanners and not names:
            return None
        for anchor in self._anchors(program, max(earliest, day[0]), day):
            if latest is not None and anchor > latest:
                return None
            for name in names or [""]:
                slot = self._at(program, protocol, animals, earliest, day, anchor, name)
                if slot is not None:
                    return slot
        if earliest <= day[0] and latest is None:
            self.full.update((name, protocol.name, animals, day[0]) for name in names)
        return None

    def _anchors(self, program: Program, earliest: float, day: Interval) -> Iterator[float]:
        """Moments of the slot grid at which the bed could be taken."""
        step = self.world.site.policies.slot_step_s
        first = day[0] + ceil((earliest + program.anchor_s - day[0]) / step) * step
        length = self._length_s(program)
        count = int((day[1] - length - first) // step) + 1
        return (first + k * step for k in range(max(0, count)))

    def _length_s(self, program: Program) -> float:
        """Slots have a least length, and then steps."""
        policies = self.world.site.policies
        span = program.bed_s or program.scanner_s or (0.0, program.end_s)
        steps = max(0.0, ceil((span[1] - span[0] - policies.slot_minimum_s) / policies.slot_step_s))
        return policies.slot_minimum_s + steps * policies.slot_step_s

    def _at(
        self,
        program: Program,
        protocol: Protocol,
        animals: int,
        earliest: float,
        day: Interval,
        anchor: float,
        name: str,
    ) -> Slot | None:
        """The slot at this moment on this scanner, if everything can be had."""
        start = anchor - program.anchor_s
        bed = bed_span = scanner_span = None
        if name:
            scanner = self.world.site.scanners[name]
            bed_span = (anchor, anchor + self._length_s(program)) if program.bed_s else None
            span = program.scanner_s
            scanner_span = (start + span[0], start + span[1]) if span else None
            if scanner_span and (scanner_span[0] < day[0] + self.check_s[name] or self._taken(name, day, scanner_span)):
                return None
            bed = next((b for b in scanner.beds if bed_span and not self._taken(b, day, bed_span)), None)
            if bed_span and bed is None:
                return None
        fasted = self._fasting_start(protocol, start, earliest)
        supply = self._supply(program, protocol, animals, start)
        if fasted is None or supply is None:
            return None
        return Slot(fasted, anchor, name or None, bed, bed_span, scanner_span, *supply)

    def _taken(self, thing: str, day: Interval, span: Interval) -> bool:
        return any(a < span[1] and span[0] < b for a, b in self.spans.get(thing, {}).get(day[0], ()))

    def _fasting_start(self, protocol: Protocol, start: float, earliest: float) -> float | None:
        """When the session begins: so long before that somebody is in to take the food away."""
        if protocol.fasting_s is None:
            return start
        least, most = protocol.fasting_s
        for calendar in self.carers:
            for a, b in calendar.from_(start - most):
                moment = min(start - least, b - 1.0)
                if a > start - least:
                    break
                if moment >= max(a, start - most, earliest):
                    return moment
        return None

    def _supply(
        self, program: Program, protocol: Protocol, animals: int, start: float
    ) -> tuple[str | None, float] | None:
        """A vial that will be there and still has so much; (None, 0) if no tracer is needed."""
        if program.draw_s is None or protocol.tracer is None or protocol.activity_bq is None:
            return None, 0.0
        draw, inject = start + program.draw_s, start + (program.inject_s or program.draw_s)
        prescribed = animals * protocol.activity_bq / (1.0 - self.world.site.injection.residual.mean)
        for vial in self.vials.get(protocol.tracer, ()):
            if vial.arrival_s <= draw and inject <= vial.expiry_s:
                needed = prescribed * exp(vial.decay_constant_per_s * (0.5 * (draw + inject) - vial.reference_s))
                if self.planned_bq.get(vial.name, 0.0) + needed <= PLANNED_SHARE * vial.activity_bq:
                    return vial.name, needed
        return None

    def book(self, slot: Slot) -> None:
        """Write it down."""
        day = self.world.opening.at(slot.anchor_s)
        assert day is not None
        for thing, span in ((slot.scanner, slot.scanner_span), (slot.bed, slot.bed_span)):
            if thing is not None and span is not None:
                self.spans.setdefault(thing, {}).setdefault(day[0], []).append(span)
        if slot.vial is not None:
            self.planned_bq[slot.vial] = self.planned_bq.get(slot.vial, 0.0) + slot.reference_bq


def _carer(world: World, name: str) -> Calendar:
    return world.roster.calendars[name]


def _checks_s(scanner: Scanner) -> float:
    """Planned time of the checks with which a day begins [s]."""
    checks = [c for c in scanner.quality_control if c.at_of_day_s is None]
    return sum(c.duration.mean + (c.warm_up.mean if c.warm_up else 0.0) for c in checks)
