"""A plan of one day by OR-tools' CP-SAT (an extra): as little purchased activity as the day allows.

A session may begin at each moment of the book's grid at which its tracer is there and not expired, its food can be
taken away, and its scanner has been checked. No bed or scanner is taken twice; there are no more sessions asleep at
once than people who may attend them; no vial gives more than the planned share of its activity, nor an animal more
substance than its protocol allows. Purchased activity is what must be in the vials at their reference times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from twin.errors import UsageError
from twin.experiments.compare import Compared, compared
from twin.experiments.day_scenario import RULES, Booked, alone, given, wanted
from twin.experiments.steady import play_steady, without_luck
from twin.facility.program import Program
from twin.facility.slots import Wish
from twin.facility.world import World
from twin.results.facts import facts
from twin.results.frames import run as run_of
from twin.results.throughput import DAY_S
from twin.results.visits import visits
from twin.scenario import expand
from twin.scenario.loading import Resolved
from twin.scenario.site import Protocol, Site
from twin.scenario.site_hot_lab import Vial

MISSING = "twin plan needs the extra: pip install 'preclinical-twin[plan]' (OR-tools)"
#: So long the solver looks, in its own deterministic units, so that the plan is the same everywhere.
EFFORT = 20.0
#: Activity is counted in this [Bq], time in seconds.
UNIT_BQ = 1e3
ATTENDING = "anaesthesia"


@dataclass(frozen=True, slots=True)
class Option:
    """A moment at which a session could have its bed."""

    anchor_s: float
    scanner: str
    vial: str | None
    needed_bq: float
    bed: tuple[float, float] | None
    on_scanner: tuple[float, float] | None
    asleep: tuple[float, float]


@dataclass(frozen=True, eq=False)
class DayPlan:
    """A plan, and how it does.

    Attributes
    ----------
    date : date
    booked : tuple of Booked
    purchased_bq : mapping
        ``plan`` and ``first_come`` -> activity at the reference times [Bq].
    feasible : bool
        Whether every animal is imaged when the plan is played without luck.
    status : str
        ``optimal``, ``feasible`` (the solver's effort ended), or ``first_come`` (no better plan was found).
    comparison : Compared or None
        With the rules, under the same luck.
    scenario : Resolved
        The day with this plan.
    """

    date: dt.date
    booked: tuple[Booked, ...]
    purchased_bq: Mapping[str, float]
    feasible: bool
    status: str
    comparison: Compared | None
    scenario: Resolved

    def moment(self, one: Booked) -> dt.datetime:
        """When a session is to have its bed."""
        return self.scenario.scenario.start + dt.timedelta(seconds=one.start_s)

    def rows(self) -> list[dict[str, str]]:
        """The booking list."""
        return [
            {"study": one.study, "animal": animal, "time_point": one.time_point,
             "start": f"{self.moment(one):%Y-%m-%d %H:%M}", "scanner": one.scanner}
            for one in self.booked for animal in one.animals
        ]  # fmt: skip

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "date": str(self.date),
            "status": self.status,
            "feasible_without_luck": self.feasible,
            "purchased_mbq": {name: value / 1e6 for name, value in self.purchased_bq.items()},
            "bookings": self.rows(),
            "comparison": None if self.comparison is None else self.comparison.as_data(),
        }


def planned(scenario: Resolved, date: dt.date, replications: int = 10, kpis: Sequence[str] = ()) -> DayPlan:
    """Plan a day and hold the plan against the rules.

    Parameters
    ----------
    scenario : Resolved
    date : date
        A day that the scenario plays.
    replications : int
        Of the comparison; 0: none.
    kpis : sequence of str
        What is compared.
    """
    found = wanted(scenario, date)
    days = {rule: alone(scenario, date, found, rule) for rule in RULES}
    site = expand.site(days["first_come"])
    desk = _Desk(site)
    first_come = _sessions(days["first_come"], site)
    choices = [list(desk.options(one)) for one in first_come]
    before = [desk.cheapest(one) for one in first_come]
    chosen, status = _solved(choices, desk)
    purchased_before = sum(before)
    if chosen is None or sum(option.needed_bq for option in chosen) > purchased_before:
        booked, after, status = tuple(first_come), purchased_before, "first_come"
    else:
        pairs = zip(first_come, chosen, strict=True)
        booked = tuple(replace(one, start_s=option.anchor_s, scanner=option.scanner) for one, option in pairs)
        after = sum(option.needed_bq for option in chosen)
    booked = tuple(sorted(booked, key=lambda one: (one.start_s, one.scanner, one.study)))
    own = given(days["first_come"], booked)
    made = [days["first_come"], own, days["earliest_due"], days["batch_by_tracer"]]
    held = compared(made, replications, kpis) if replications else None
    return DayPlan(date, booked, {"plan": after, "first_come": purchased_before}, _is_feasible(own), status, held, own)


def _sessions(day: Resolved, site: Site) -> list[Booked]:
    """What first come, first served books without luck."""
    run = run_of(play_steady(site), facts(site, day.scenario, day.numbers))
    table = visits(run)
    table = table[table["booked_s"].notna() & ~table["visit"].astype(str).str.contains("#")]
    made = []
    for _, group in table.groupby(["study", "session", "booked_s", "scanner"], observed=True, sort=False):
        first = group.iloc[0]
        animals = tuple(str(name).partition("/")[2] for name in group["animal"])
        point = str(first["visit"]).rpartition("/")[2]
        made.append(
            Booked(
                str(first["study"]),
                str(first["protocol"]),
                point,
                animals,
                float(first["booked_s"]),
                str(first["scanner"]),
            )
        )
    return made


def _is_feasible(day: Resolved) -> bool:
    """Whether every animal has its scan when the day is played without luck."""
    site = expand.site(day)
    run = run_of(play_steady(site), facts(site, day.scenario, day.numbers))
    table = visits(run)
    return bool(table["scanned"].all()) and len(table) > 0


class _Desk:
    """What the book of a fresh day knows."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.world = World(without_luck(site)).begin()
        self.book = self.world.planner.book
        self.people = [person for person in site.people.values() if ATTENDING in person.skills]

    def options(self, one: Booked) -> Iterator[Option]:
        """Every moment at which a session may have its bed."""
        protocol, program, wish = self._wish(one)
        step = self.site.policies.slot_step_s
        for day in self.world.opening.from_(DAY_S):
            for vial, low, high in self.book._supplies(wish, day):  # noqa: SLF001 - the desk reads the book
                number = 0
                while (anchor := day[0] + number * step) <= day[1] - wish.length_s:
                    number += 1
                    if (
                        low <= anchor <= high
                        and anchor >= day[0] + program.anchor_s
                        and self._may(protocol, wish, anchor, vial)
                    ):
                        yield from self._at(protocol, program, wish, anchor, vial, day[0])
            return

    def _wish(self, one: Booked) -> tuple[Protocol, Program, Wish]:
        protocol = self.site.protocols[one.protocol]
        program = self.world.program(protocol.name, len(one.animals))
        length_s = self.book._length_s(program)  # noqa: SLF001 - the desk reads the book
        return protocol, program, Wish(program, protocol, len(one.animals), DAY_S, None, length_s)

    def _may(self, protocol: Protocol, wish: Wish, anchor: float, vial: Vial | None) -> bool:
        """Whether food can be taken away in time, and the substance stays within its limit."""
        if self.book.fasting_start(protocol, anchor - wish.program.anchor_s, DAY_S) is None:
            return False
        if vial is None or vial.amount_mol is None or protocol.mass_limit_mol_per_kg is None:
            return True
        share = self.needed_bq(wish, anchor, vial) / wish.animals / vial.activity_bq
        least_kg = min(study.mass_kg for study in self.site.studies.values())
        return share * vial.amount_mol <= protocol.mass_limit_mol_per_kg * least_kg

    def needed_bq(self, wish: Wish, anchor: float, vial: Vial | None) -> float:
        """What a session takes of a vial, at the vial's reference time [Bq]."""
        return 0.0 if vial is None else self.book._needed_bq(wish, anchor, vial)  # noqa: SLF001 - same

    def _at(
        self, protocol: Protocol, program: Program, wish: Wish, anchor: float, vial: Vial | None, opens: float
    ) -> Iterator[Option]:
        start = anchor - program.anchor_s
        on_scanner = None if program.scanner_s is None else (start + program.scanner_s[0], start + program.scanner_s[1])
        bed = None if program.bed_s is None else (anchor, anchor + wish.length_s)
        asleep = bed or (start, start + program.end_s)
        for name in protocol.scanners:
            if on_scanner is None or on_scanner[0] >= opens + self.book.check_s[name]:
                needed = self.needed_bq(wish, anchor, vial)
                yield Option(anchor, name, None if vial is None else vial.name, needed, bed, on_scanner, asleep)

    def cheapest(self, one: Booked) -> float:
        """Purchased activity of a session as it is booked [Bq]."""
        _, _, wish = self._wish(one)
        day = next(self.world.opening.from_(DAY_S))
        vials = [v for v, low, high in self.book._supplies(wish, day) if low <= one.start_s <= high]  # noqa: SLF001 - same
        return min((self.needed_bq(wish, one.start_s, vial) for vial in vials), default=0.0)

    def off_shift(self) -> Iterator[tuple[float, float]]:
        """When somebody who may attend is not there."""
        for person in self.people:
            calendar = self.world.roster.calendars[person.name]
            before = 0.0
            for begin, end in calendar.from_(0.0):
                if begin >= self.site.horizon_s:
                    break
                if begin > before:
                    yield before, begin
                before = end
            if before < self.site.horizon_s:
                yield before, self.site.horizon_s


def _solved(choices: Sequence[Sequence[Option]], desk: _Desk) -> tuple[list[Option] | None, str]:
    """The option of each session, and what the solver says of them."""
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        raise UsageError(MISSING) from None
    if not choices or not all(choices):
        return None, "first_come"
    model = cp_model.CpModel()
    picks = [[model.new_bool_var("") for _ in options] for options in choices]
    for row in picks:
        model.add_exactly_one(row)
    pairs = [pair for options, row in zip(choices, picks, strict=True) for pair in zip(options, row, strict=True)]
    for name, scanner in desk.site.scanners.items():
        own = [(option, pick) for option, pick in pairs if option.scanner == name]
        model.add_no_overlap([_interval(model, option.on_scanner, pick) for option, pick in own if option.on_scanner])
        beds = [_interval(model, option.bed, pick) for option, pick in own if option.bed]
        model.add_cumulative(beds, [1] * len(beds), len(scanner.beds))
    asleep = [_interval(model, option.asleep, pick) for option, pick in pairs]
    away = [model.new_fixed_size_interval_var(int(a), int(b) - int(a), "") for a, b in desk.off_shift()]
    model.add_cumulative([*asleep, *away], [1] * (len(asleep) + len(away)), len(desk.people))
    for vial in desk.site.vials:
        taken = [int(option.needed_bq / UNIT_BQ) * pick for option, pick in pairs if option.vial == vial.name]
        if taken:
            model.add(sum(taken) <= int(desk.site.policies.planned_share * vial.activity_bq / UNIT_BQ))
    weight = 100 * len(choices) * 24
    model.minimize(sum((weight * int(o.needed_bq / UNIT_BQ) + int(o.anchor_s / 900.0)) * pick for o, pick in pairs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, 1
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None, "first_come"
    chosen = [
        option for options, row in zip(choices, picks, strict=True)
        for option, pick in zip(options, row, strict=True) if solver.value(pick)
    ]  # fmt: skip
    return chosen, "optimal" if status == cp_model.OPTIMAL else "feasible"


def _interval(model: Any, span: tuple[float, float] | None, pick: Any) -> Any:
    assert span is not None, "only spans become intervals"
    begin, end = round(span[0]), round(span[1])
    return model.new_optional_fixed_size_interval_var(begin, max(end - begin, 1), pick, "")
