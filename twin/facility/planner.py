"""Visits share sessions, sessions get slots, and what failed is booked again."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from twin.distributions import tick
from twin.facility.calendars import DAY_S
from twin.facility.places_ahead import PlacesAhead
from twin.facility.slots import Book
from twin.facility.state import Visit, to_plain
from twin.scenario.site import Study, TimePoint
from twin.scenario.site_housing import LONGEST_S
from twin.vocabulary import UNUSABLE

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
        "archive",
        "withdrawn",
        "no_show",
        *UNUSABLE,
    )
)


class Planner:
    """Forms sessions of visits and finds their slots."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.book, self.ahead = Book(world), PlacesAhead(world)
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

    # sessions -----------------------------------------------------------------------------------------------------

    def hotel(self, study: Study, protocol: str) -> int:
        """Most animals on one bed: what scanner, study, one attendant and radioactive housing take."""
        known = self.world.site.protocols[protocol]
        scanners = [self.world.site.scanners[name] for name in (*known.scanners, *known.second)]
        size = min((s.hotel for s in scanners), default=study.hotel or 1)
        size = min(size, self.ahead.places) if self.ahead.needs(study.name, protocol) else size
        return max(1, min(size, study.hotel or size, self.world.site.policies.animals_per_attendant))

    def gather(self, study: Study, point: TimePoint, visits: list[Visit]) -> None:
        """Visits of one study and time point share a bed up to its size; the rest wait for others."""
        key = (study.name, point.name, point.protocol)
        waiting = self.pending.setdefault(key, [])
        new = not waiting
        waiting.extend(visits)
        size = self.hotel(study, point.protocol)
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
            self._when_due(visits)
        elif rule == "first_come":
            self._find_slot(visits)
        else:
            self.unbooked.append(visits)

    def _when_due(self, visits: list[Visit]) -> None:
        """Without a slot: when all are due, and there will be places for them."""
        due_s, latest = max(v.earliest_s for v in visits), _latest(visits)
        program = self.world.program(visits[0].protocol, len(visits))
        wanted_s = max(due_s, self.world.clock.moment_s)
        start_s = self.ahead.look(visits, program)(wanted_s)
        if start_s > wanted_s and start_s > (LONGEST_S if latest is None else latest):
            self._cancel(visits, "radioactive_housing")
            return
        self.ahead.promise(visits, program, start_s)
        self.set_start(visits, start_s, None, None)

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
        latest = _latest(visits)
        earliest = max(self.world.clock.moment_s, *(v.earliest_s for v in visits))
        first_s = self.ahead.look(visits, program)
        housed, slot = first_s(earliest), None
        while housed < inf:
            slot = self.book.find(program, protocol, len(visits), housed, latest, visits[0].study)
            if slot is None or (later_s := first_s(slot.start_s)) <= slot.start_s:
                break
            housed = later_s
        if slot is None:
            self._no_slot(visits, latest, "radioactive_housing" if housed > earliest else "no_slot")
            return
        self.book.book(slot)
        self.ahead.promise(visits, program, slot.start_s)
        self.set_start(visits, slot.start_s, slot.scanner, slot.anchor_s)
        if slot.over:
            self.overbooked[visits[0].name] = None
        self._may_be_withdrawn(visits, slot.anchor_s)

    def _no_slot(self, visits: list[Visit], latest: float | None, reason: str) -> None:
        """Without a window they go on waiting; with one they are cancelled."""
        if latest is None:
            self.unbooked.append(visits)
            return
        alike = [v for v in visits if (v.earliest_s, v.latest_s) == (visits[0].earliest_s, visits[0].latest_s)]
        if len(alike) < len(visits):  # what their windows have in common has no slot: each goes by its own
            self._find_slot(alike)
            self._find_slot([v for v in visits if v not in alike])
            return
        self._cancel(visits, reason)

    def _cancel(self, visits: list[Visit], reason: str) -> None:
        """There is no time in their window at which it could be."""
        for visit in visits:
            self.world.happenings.to_visit("visit_cancelled", visit, reason=reason)

    def set_start(self, visits: list[Visit], start_s: float, scanner: str | None, slot_s: float | None) -> None:
        """A session is to begin then; with a slot it is told as booked."""
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
        self.world.beginning.call_off(visits, "withdrawn")

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
            again.earliest_s = max(again.earliest_s, self.world.days.next_day(now))
        self.world.happenings.to_visit(
            "visit_requested", again, None, reason, moment_s=again.earliest_s, mass_kg=again.mass_kg
        )
        study = self.world.site.studies[visit.study]
        point = next(p for p in study.time_points if p.name == visit.time_point)
        self.gather(study, point, [again])

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
            "promised": self.ahead.to_plain(),
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
        self.ahead.from_plain(plain["promised"])
        self.swapped = dict.fromkeys(plain["swapped"])
        self.overbooked = dict.fromkeys(plain["overbooked"])
        self.book.over = {(scanner, day): number for scanner, day, number in plain["over"]}
        self.book.spans = {(thing, day): [(a, b) for a, b in spans] for thing, day, spans in plain["spans"]}
        self.book.planned_bq = dict(plain["planned_bq"])
        self.book.full = {(a, b, c) for a, b, c in plain["full"]}


def _latest(visits: list[Visit]) -> float | None:
    """Until when a session of all may begin [s]; None: whenever."""
    return min((v.latest_s for v in visits if v.latest_s is not None), default=None)


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
