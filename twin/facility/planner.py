"""Requests become visits, visits share sessions, sessions get slots."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any

from twin.distributions import tick
from twin.facility import fates, player
from twin.facility.calendars import DAY_S, midnight_s
from twin.facility.program import Program
from twin.facility.slots import Book
from twin.facility.state import Visit, to_plain
from twin.plan import UNUSABLE
from twin.scenario.site import Animal, Stream, Study, TimePoint

if TYPE_CHECKING:
    from twin.facility.world import World


#: What is not tried again on the same day: the tracer is used up, or what was injected must decay first.
NEXT_DAY = frozenset(
    (
        "no_activity",
        "day_over",
        "paravenous",
        "not_injected",
        "dose",
        "contamination",
        "housing",
        "radioactive_housing",
        "waste",
        "withdrawn",
        "no_show",
        *UNUSABLE,
    )
)


#: Reasons for which an animal is not alive any more when its visit would begin, and what the log says then.
DEATHS = {"disease": "animal_dead", "endpoint": "animal_killed", "weight_loss": "animal_killed"}


class Planner:
    """Takes requests, forms sessions and starts them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.book = Book(world)
        #: (study, time point, protocol) -> visits that wait for others to share a bed.
        self.pending: dict[tuple[str, str, str], list[Visit]] = {}
        #: Sessions that are to be booked in the next round, or that found no slot.
        self.unbooked: list[list[Visit]] = []
        #: Sessions that have a start: name -> (visits, scanner, slot's time).
        self.booked: dict[str, tuple[list[Visit], str | None, float | None]] = {}
        #: Sessions that waited for a late tracer and have given their turn to another.
        self.swapped: dict[str, None] = {}
        #: Sessions on slots that were taken already.
        self.overbooked: dict[str, None] = {}

    # requests -----------------------------------------------------------------------------------------------------

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
            size = self._hotel(study, visits[0].protocol)
            for i in range(0, len(visits), size):
                self._book_given(visits[i : i + size], start, scanner)

    def _book_given(self, visits: list[Visit], slot_s: float, scanner: str | None) -> None:
        """The slot of a booking list is when the bed is wanted; the session begins so long before."""
        protocol = self.world.site.protocols[visits[0].protocol]
        program = self.world.program(protocol.name, len(visits))
        begin = slot_s - program.anchor_s
        fasted = self.book.fasting_start(protocol, begin, 0.0)
        self._set_start(visits, begin if fasted is None else fasted, scanner, slot_s)

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
            self._gather(study, point, visits)
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

    # sessions -----------------------------------------------------------------------------------------------------

    def _hotel(self, study: Study, protocol: str) -> int:
        """Most animals on one bed: what scanner, study and one attendant take."""
        known = self.world.site.protocols[protocol]
        scanners = [self.world.site.scanners[name] for name in (*known.scanners, *known.second)]
        size = min((s.hotel for s in scanners), default=study.hotel or 1)
        return max(1, min(size, study.hotel or size, self.world.site.policies.animals_per_attendant))

    def _gather(self, study: Study, point: TimePoint, visits: list[Visit]) -> None:
        """Visits of one study and time point share a bed up to its size; the rest wait for others."""
        key = (study.name, point.name, point.protocol)
        waiting = self.pending.setdefault(key, [])
        new = not waiting
        waiting.extend(visits)
        size = self._hotel(study, point.protocol)
        for group in company(waiting, size):
            if len(group) == size:
                self._form(group)
                new = True
                for visit in group:
                    waiting.remove(visit)
        if not waiting:
            del self.pending[key]
        elif new:
            self.world.clock.at(
                self.world.clock.moment_s + self.world.site.policies.hotel_wait_s, "hotel_wait", key, waiting[0].name
            )

    def hotel_wait(self, key: tuple[str, str, str], first: str) -> None:
        """The first has waited long enough: whoever is there goes together."""
        key = (key[0], key[1], key[2])
        waiting = self.pending.get(key)
        if waiting and waiting[0].name == first:
            del self.pending[key]
            for group in company(waiting, len(waiting)):
                self._form(group)

    def _form(self, visits: list[Visit]) -> None:
        """A session: start it, book it, or have it wait for the next round of booking."""
        rule = self.world.site.policies.booking
        if rule in ("walk_in", "given") or self.world.service.is_out_of_hours(visits[0].study):
            self._set_start(visits, max(v.earliest_s for v in visits), None, None)
        elif rule == "first_come":
            self._find_slot(visits)
        else:
            self.unbooked.append(visits)

    def round(self) -> None:
        """Book all that wait: by due time, or tracer by tracer."""
        waiting, self.unbooked = self.unbooked, []
        by_tracer = self.world.site.policies.booking == "batch_by_tracer"

        def order(visits: list[Visit]) -> tuple[int, str, float, str]:
            tracer = self.world.site.protocols[visits[0].protocol].tracer or "" if by_tracer else ""
            return self.world.hygiene.order(visits[0].study), tracer, min(v.due_s for v in visits), visits[0].name

        for visits in sorted(waiting, key=order):
            self._find_slot(visits)

    def _find_slot(self, visits: list[Visit]) -> None:
        """The earliest slot in the window that all share."""
        protocol = self.world.site.protocols[visits[0].protocol]
        program = self.world.program(protocol.name, len(visits))
        latest = min((v.latest_s for v in visits if v.latest_s is not None), default=None)
        earliest = max(self.world.clock.moment_s, *(v.earliest_s for v in visits))
        slot = self.book.find(program, protocol, len(visits), earliest, latest, visits[0].study)
        if slot is None:
            self._no_slot(visits, latest)
            return
        self.book.book(slot)
        self._set_start(visits, slot.start_s, slot.scanner, slot.anchor_s)
        if slot.over:
            self.overbooked[visits[0].name] = None
        self._may_be_withdrawn(visits, slot.anchor_s)

    def _no_slot(self, visits: list[Visit], latest: float | None) -> None:
        """Without a window they go on waiting; with one they are cancelled."""
        if latest is None:
            self.unbooked.append(visits)
            return
        alike = [v for v in visits if (v.earliest_s, v.latest_s) == (visits[0].earliest_s, visits[0].latest_s)]
        if len(alike) < len(visits):  # what their windows have in common has no slot: each goes by its own
            self._find_slot(alike)
            self._find_slot([v for v in visits if v not in alike])
            return
        for visit in visits:
            self.world.happenings.to_visit("visit_cancelled", visit, reason="no_slot")

    def _set_start(self, visits: list[Visit], start_s: float, scanner: str | None, slot_s: float | None) -> None:
        name = visits[0].name
        self.booked[name] = (visits, scanner, slot_s)
        if slot_s is not None:
            for visit in visits:
                self.world.happenings.to_visit("visit_booked", visit, name, scanner=scanner, moment_s=slot_s)
        self.world.clock.at(tick(max(start_s, self.world.clock.moment_s)), "session_start", name)

    def _may_be_withdrawn(self, visits: list[Visit], slot_s: float) -> None:
        """Some who have a slot will cancel it."""
        study, clock = self.world.site.studies[visits[0].study], self.world.clock
        share, first = study.cancellation, visits[0].name
        if share > 0.0 and self.world.luck.uniform("cancellation", first) < share:
            clock.at(max(clock.moment_s, tick(slot_s - study.notice_s)), "withdrawn", first, slot_s)

    def withdrawn(self, name: str, slot_s: float) -> None:
        """Who booked a session cancels it, if it has not begun and is still due then: its slot is free again."""
        booked = self.booked.get(name)
        if booked is None or booked[2] != slot_s:
            return
        visits, scanner, _ = self.booked.pop(name)
        if name not in self.overbooked:
            program = self.world.program(visits[0].protocol, len(visits))
            self.book.give_back(visits[0].study, program, scanner, slot_s)
        self._call_off(visits, "withdrawn")

    def _does_not_come(self, visits: list[Visit]) -> bool:
        """Whether nobody brings the animals of a session."""
        share = self.world.site.studies[visits[0].study].no_show
        return share > 0.0 and self.world.luck.uniform("no_show", visits[0].name) < share

    def _ready(self, visits: list[Visit]) -> list[Visit]:
        """Those of a session that are brought, may begin, and have places for what becomes of them."""
        world = self.world
        if self._does_not_come(visits):
            self._call_off(visits, "no_show")
            return []
        ready = [visit for visit in visits if self._may_begin(visit)]
        if world.hygiene.on:
            ready = world.hygiene.with_places(ready)
        ready = world.radioactive.with_places(ready)
        if ready and world.waste.refuses(world.program(ready[0].protocol, len(ready)), len(ready)):
            self._call_off(ready, "waste")
            return []
        return ready

    def session_start(self, name: str) -> None:
        """The time of a session has come: those who may take part begin."""
        world = self.world
        if name not in self.booked:
            return  # it was begun before its time
        visits, scanner, slot_s = self.booked.pop(name)
        if scanner is not None and (self._is_down(scanner, visits[0].protocol) or world.hygiene.is_shut(scanner)):
            self.unbooked.append(visits)  # nobody begins for a broken scanner: they get another slot in the evening
            return
        if slot_s is None and self._too_late(visits[0].protocol, len(visits)):
            self._set_start(visits, world.next_day(world.clock.moment_s), scanner, None)
            return
        ready = self._ready(visits)
        if not ready:
            return
        study = world.site.studies[ready[0].study]
        program = world.program(ready[0].protocol, len(ready))
        barred = world.budgets.barred(program)
        refusal = world.budgets.refusal(program, barred)
        if refusal is not None:
            self._put_off(ready, scanner, slot_s, refusal)
            return
        priority = world.hygiene.priority(study.name, study.priority) if world.hygiene.on else study.priority
        session = world.new_session(ready[0].name, ready[0].protocol, priority, study.name, ready, program, barred)
        session.scanner, session.booked_s = scanner, self._slot_of(program, ready[0].protocol, slot_s)
        for visit in ready:
            world.animal(visit.animal).session = session.name
            if slot_s is None or session.name != name:
                moment = world.clock.moment_s if slot_s is None else slot_s
                world.happenings.to_visit("visit_booked", visit, session.name, scanner=scanner, moment_s=moment)
        player.advance(world, session, program.entry)

    def _is_down(self, scanner: str, protocol: str) -> bool:
        """Whether its scanner is broken, or all to which its bed could be moved."""
        machines, second = self.world.machines.all, self.world.site.protocols[protocol].second
        return machines[scanner].down or (bool(second) and all(machines[name].down for name in second))

    def _put_off(self, visits: list[Visit], scanner: str | None, slot_s: float | None, refusal: str) -> None:
        """Nobody may do it for a budget of dose: as soon as others are done today, or not in this slot."""
        world, name = self.world, visits[0].name
        now = world.clock.moment_s
        if refusal == "later" and world.opening.at(now) is not None:
            self.booked[name] = (visits, scanner, slot_s)
            world.clock.at(now + world.site.policies.slot_step_s, "session_start", name)
            return
        self._call_off(visits, "dose", useful=world.budgets.renewed)

    def _call_off(self, visits: list[Visit], reason: str, *, useful: bool = True) -> None:
        """A session does not begin; it is booked again if another time may be better."""
        for visit in visits:
            self.world.happenings.to_visit("visit_cancelled", visit, reason=reason)
            self.book_again(visit, reason, useful)

    def swap(self, waiting: str, tracer: str) -> None:
        """A session waits for its tracer: at the end of this moment another takes its turn, once."""
        if waiting not in self.swapped:
            self.swapped[waiting] = None
            self.world.clock.at(self.world.clock.moment_s, "pull_forward", tracer)

    def pull_forward(self, tracer: str) -> None:
        """The next session of today that needs another tracer, which is there, begins now: one that does not fast."""
        world, now = self.world, self.world.clock.moment_s
        today = world.opening.at(now)
        last = today[1] if today else now
        ready = [
            (slot_s, name)
            for name, (visits, _, slot_s) in self.booked.items()
            if slot_s is not None and slot_s <= last and self._may_come_earlier(visits[0].protocol, tracer)
        ]
        if ready:
            self.session_start(min(ready)[1])

    def _may_come_earlier(self, name: str, tracer: str) -> bool:
        protocol = self.world.site.protocols[name]
        has = protocol.tracer is None or bool(self.world.hot_lab.by_tracer.get(protocol.tracer))
        return protocol.fasting_s is None and protocol.tracer != tracer and has

    def _slot_of(self, program: Program, protocol: str, slot_s: float | None) -> float | None:
        """The slot; without one, the time at which the bed is wanted if food is taken away now."""
        fasting_s = self.world.site.protocols[protocol].fasting_s
        if slot_s is not None or fasting_s is None:
            return slot_s
        least: float = fasting_s[0]
        return self.world.clock.moment_s + least + program.anchor_s

    def _too_late(self, protocol: str, animals: int) -> bool:
        """Whether a fast that begins now, without a slot, could not be followed by its scan today."""
        fasting_s, now = self.world.site.protocols[protocol].fasting_s, self.world.clock.moment_s
        day = self.world.opening.at(now)
        if fasting_s is None or (day is not None and now <= day[0]):
            return False
        return day is None or now + fasting_s[0] + self.world.program(protocol, animals).end_s > day[1]

    def _may_begin(self, visit: Visit) -> bool:
        """Cancel or postpone a visit whose animal is dead, elsewhere, or not authorised."""
        animal = self.world.animal(visit.animal)
        if animal.alive and animal.session is not None:
            self._postpone(visit, self.world.clock.moment_s + self.world.site.policies.slot_step_s)
            return False
        reason = fates.ending(self.world, visit) if animal.alive else "died"
        if reason in DEATHS:
            animal.alive = False
            self.world.happenings.to_visit(DEATHS[reason], visit, reason=reason)
            self.world.hygiene.dead(visit.animal)
            self.world.radioactive.dead(visit.animal)
            self.world.waste.dead(visit.animal)
            return False
        reason = reason or self.world.authorisation.refusal(visit) or self._unlabelled(visit)
        if reason is None:
            self.world.authorisation.count(visit)
            return True
        self.world.happenings.to_visit("visit_cancelled", visit, reason=reason)
        return False

    def _unlabelled(self, visit: Visit) -> str | None:
        """Whether there would be nothing to scan of a tracer that an earlier visit of the study was to inject."""
        protocols, study = self.world.site.protocols, self.world.site.studies[visit.study]
        if not protocols[visit.protocol].labelled or visit.animal in self.world.exposure.bodies:
            return None
        return "unlabelled" if any(protocols[point.protocol].goes_home for point in study.time_points) else None

    def _postpone(self, visit: Visit, until_s: float) -> None:
        """Try again later, by itself."""
        self._set_start([visit], until_s, None, None)

    def book_again(self, visit: Visit, reason: str, useful: bool) -> None:
        """Another visit in place of one that failed, if policy and window allow."""
        policies = self.world.site.policies
        wanted = policies.repeat_unusable if reason in UNUSABLE else policies.rebook
        now = self.world.clock.moment_s
        if not (useful and wanted and visit.number < policies.attempts and self.world.animal(visit.animal).alive):
            return
        if visit.latest_s is not None and visit.latest_s <= now:
            return
        spacing = self.world.authorisation.spacing_s(visit)
        again = Visit(**to_plain(visit))
        again.number, again.requested_s = visit.number + 1, now
        again.name = visit.name.split("#")[0] + f"#{again.number}"
        again.earliest_s = max(now, visit.earliest_s, now + spacing)
        if reason in NEXT_DAY:
            again.earliest_s = max(again.earliest_s, self.world.next_day(now))
        self.world.happenings.to_visit(
            "visit_requested", again, None, reason, moment_s=again.earliest_s, mass_kg=again.mass_kg
        )
        study = self.world.site.studies[visit.study]
        point = next(p for p in study.time_points if p.name == visit.time_point)
        self._gather(study, point, [again])

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "pending": [[list(key), [to_plain(v) for v in visits]] for key, visits in self.pending.items()],
            "unbooked": [[to_plain(v) for v in visits] for visits in self.unbooked],
            "booked": [
                [name, [to_plain(v) for v in visits], scanner, slot]
                for name, (visits, scanner, slot) in self.booked.items()
            ],
            "spans": [[*key, spans] for key, spans in self.book.spans.items()],
            "planned_bq": list(self.book.planned_bq.items()),
            "swapped": list(self.swapped),
            "overbooked": list(self.overbooked),
            "over": [[*key, number] for key, number in self.book.over.items()],
            "full": sorted(map(list, self.book.full)),
        }

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.pending = {(k[0], k[1], k[2]): [Visit(**v) for v in visits] for k, visits in plain["pending"]}
        self.unbooked = [[Visit(**v) for v in visits] for visits in plain["unbooked"]]
        self.booked = {n: ([Visit(**v) for v in visits], sc, slot) for n, visits, sc, slot in plain["booked"]}
        self.swapped = dict.fromkeys(plain["swapped"])
        self.overbooked = dict.fromkeys(plain["overbooked"])
        self.book.over = {(scanner, day): number for scanner, day, number in plain["over"]}
        self.book.spans = {(thing, day): [(a, b) for a, b in spans] for thing, day, spans in plain["spans"]}
        self.book.planned_bq = dict(plain["planned_bq"])
        self.book.full = {(a, b, c) for a, b, c in plain["full"]}


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


def company(waiting: list[Visit], size: int) -> list[list[Visit]]:
    """Who can share a bed, in their order: at most so many, whose windows have a time in common.

    Without a window a visit waits at most a week for others: a scan that is done again today does not wait for animals
    of the same time point that are due in a month.
    """
    groups: list[tuple[list[Visit], float, float]] = []
    for visit in waiting:
        opens, closes = visit.earliest_s, visit.earliest_s + 7.0 * DAY_S if visit.latest_s is None else visit.latest_s
        for i, (group, first, last) in enumerate(groups):
            if len(group) < size and max(first, opens) <= min(last, closes):
                group.append(visit)
                groups[i] = (group, max(first, opens), min(last, closes))
                break
        else:
            groups.append(([visit], opens, closes))
    return [group for group, _, _ in groups]
