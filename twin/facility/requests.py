"""Animals come, are ordered or are booked: each wants a visit at every time point of its study."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from twin.distributions import tick
from twin.facility import fates
from twin.facility.calendars import DAY_S, midnight_s
from twin.facility.state import Visit
from twin.scenario.site import Animal, Stream, Study, TimePoint

if TYPE_CHECKING:
    from twin.facility.world import World


class Requests:
    """The studies of a world, as they ask for visits."""

    def __init__(self, world: World) -> None:
        self.world = world

    def begin(self) -> None:
        """Set the first alarms of every study."""
        clock = self.world.clock
        for study in self.world.site.studies.values():
            for i, request in enumerate(study.requests):
                clock.at(max(0.0, request.time_s), "request", study.name, i)
            if study.stream is not None:
                self._next_arrival(study, study.stream, 0, 0.0)
            self._take_bookings(study)

    def request(self, name: str, i: int) -> None:
        """Animals come at their known time."""
        study = self.world.site.studies[name]
        self._ask_for(study, list(study.requests[i].animals))

    def arrive(self, name: str, k: int) -> None:
        """Animals come at random; then the next are set."""
        study = self.world.site.studies[name]
        assert study.stream is not None
        first = k * study.stream.batch + 1
        last = min(first + study.stream.batch, (study.animals or first + study.stream.batch) + 1)
        self._ask_for(study, [study.animal(number) for number in range(first, last)])
        if study.animals is None or last <= study.animals:
            self._next_arrival(study, study.stream, k + 1, self.world.clock.moment_s)

    def _next_arrival(self, study: Study, stream: Stream, k: int, now: float) -> None:
        at = self._arrival_s(stream, now, -log(self.world.luck.uniform("arrival", study.name, k)))
        if at is not None:
            self.world.clock.at(tick(at), "arrive", study.name, k)

    def _arrival_s(self, stream: Stream, now: float, exponential: float) -> float | None:
        """When the integral of the rate since now reaches a unit exponential; None: after the run."""
        if stream.constant:
            return now + exponential / stream.rates_per_s[0] if stream.rates_per_s[0] > 0 else None
        midnight, end = midnight_s(self.world.site.start), self.world.site.horizon_s
        while now < end:
            hour_end = midnight + ((now - midnight) // 3600.0 + 1.0) * 3600.0
            hour = int((now - midnight) % DAY_S // 3600.0)
            rate = stream.rates_per_s[hour]
            if rate > 0.0 and self.world.opening.weekday(now) in stream.weekdays:
                if rate * (hour_end - now) >= exponential:
                    return now + exponential / rate
                exponential -= rate * (hour_end - now)
            now = hour_end
        return None

    def _take_bookings(self, study: Study) -> None:
        """A given booking list: visits of one start and scanner share a session."""
        groups: dict[tuple[float, str | None, str], list[Visit]] = {}
        points = {point.name: point for point in study.time_points}
        for booking in study.bookings:
            if booking.animal.name not in self.world.animals:
                self.world.animal(booking.animal.name).arrived_s = booking.start_s
            visit = self._visit(study, booking.animal, points[booking.time_point], 0.0, booking.start_s)
            groups.setdefault((booking.start_s, booking.scanner, booking.time_point), []).append(visit)
        for (start, scanner, _), visits in groups.items():
            size = self.world.planner.hotel(study, visits[0].protocol)
            for i in range(0, len(visits), size):
                self._book_given(visits[i : i + size], start, scanner)

    def _book_given(self, visits: list[Visit], slot_s: float, scanner: str | None) -> None:
        """The slot of a booking list is when the bed is wanted; the session begins so long before."""
        protocol = self.world.site.protocols[visits[0].protocol]
        program = self.world.program(protocol.name, len(visits))
        begin = slot_s - program.anchor_s
        fasted = self.world.planner.book.fasting_start(protocol, begin, 0.0)
        self.world.planner.set_start(visits, begin if fasted is None else fasted, scanner, slot_s)

    def _ask_for(self, study: Study, animals: list[Animal]) -> None:
        """They are there, or are ordered."""
        if study.procurement is None:
            self.take(study, animals)
        else:
            self.world.procurement.order(study, study.procurement, animals)

    def take(self, study: Study, animals: list[Animal]) -> None:
        """Every animal gets its visits; those of one time point are put together."""
        now = self.world.clock.moment_s
        for animal in animals:
            self.world.animal(animal.name).arrived_s = now
        for point in study.time_points:
            visits = [
                self._visit(study, animal, point, now, point.due_s(now)) for animal in self._ordered(study, animals)
            ]
            self.world.planner.gather(study, point, visits)
        self.world.clock.unsettled = True

    def _ordered(self, study: Study, animals: list[Animal]) -> list[Animal]:
        """Groups over hotel places, injection order and day."""
        rule = self.world.site.policies.allocation
        if rule == "randomised":
            return sorted(animals, key=lambda a: self.world.luck.uniform("allocation", a.name))
        if rule == "counterbalanced":
            return _counterbalanced(animals, study.groups)
        return animals

    def _visit(self, study: Study, animal: Animal, point: TimePoint, now: float, due: float, number: int = 1) -> Visit:
        name = f"{animal.name}/{point.name}" + (f"#{number}" if number > 1 else "")
        visit = Visit(
            name,
            animal.name,
            study.name,
            point.name,
            point.protocol,
            number,
            now,
            due,
            max(now, point.earliest_s(now)) if not study.bookings else now,
            point.latest_s(now) if not study.bookings else None,
            fates.mass_kg(self.world, study, animal, due),
            animal.group,
        )
        self.world.happenings.to_visit("visit_requested", visit, moment_s=visit.earliest_s, mass_kg=visit.mass_kg)
        return visit


def _counterbalanced(animals: list[Animal], groups: tuple[str, ...]) -> list[Animal]:
    """One of each group in turn, and the turn begins one later each time, so that no group keeps a place."""
    queues = {group: [a for a in animals if a.group == group] for group in groups}
    ordered: list[Animal] = []
    turn = 0
    while any(queues.values()):
        rotated = groups[turn % len(groups) :] + groups[: turn % len(groups)]
        ordered += [queues[group].pop(0) for group in rotated if queues[group]]
        turn += 1
    return ordered
