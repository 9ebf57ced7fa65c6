"""A log read back into plain rows and intervals, by names alone: what the laws look at.

What a step is (its needs, holds, effect) comes from the site's plans; everything else comes from the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from twin.facility.caring import care_plans
from twin.facility.hot_lab_plans import hot_lab_plans
from twin.facility.house_plans import house_plans
from twin.facility.log import EVENT_NAMES, QUANTITIES, Log
from twin.facility.standing_plans import own_skill, people_plans
from twin.facility.upkeep import upkeep_plans
from twin.plan import Step, steps
from twin.scenario.site import Site

ENDS = ("visit_completed", "visit_incomplete", "visit_cancelled", "animal_dead", "animal_killed")
ATTENDS = "anaesthesia"


@dataclass(slots=True)
class Row:
    """One event with everything that took part: role -> list of (thing, quantities)."""

    event: int
    time_s: float
    phase: str
    task: str | None
    step: str | None
    parent_step: str | None
    session: str | None
    visit: str | None
    study: str | None
    reason: str | None
    involved: dict[str, list[tuple[str, dict[str, float]]]] = field(default_factory=dict)

    def names(self, role: str) -> list[str]:
        return [name for name, _ in self.involved.get(role, ())]

    def one(self, role: str) -> str | None:
        return next(iter(self.names(role)), None)

    def value(self, role: str, quantity: str) -> float:
        return self.involved[role][0][1][quantity]

    @property
    def key(self) -> tuple[str | None, str | None, str | None]:
        return self.session, self.visit, self.step

    def plain(self) -> tuple[object, ...]:
        """Everything but the number of the event, for comparing logs by names."""
        things = sorted((role, name, sorted(q.items())) for role, t in self.involved.items() for name, q in t)
        words = (self.phase, self.task, self.step, self.parent_step, self.session, self.visit, self.study, self.reason)
        return (self.event, self.time_s, *words, repr(things))


@dataclass(slots=True)
class Interval:
    """From a start to its end or abort; ``last`` is None while it is open when the run stops."""

    first: Row
    last: Row | None
    step: Step | None

    @property
    def start_s(self) -> float:
        return self.first.time_s

    @property
    def end_s(self) -> float:
        return inf if self.last is None else self.last.time_s

    @property
    def end_event(self) -> float:
        return inf if self.last is None else self.last.event


def rows_of(log: Log) -> list[Row]:
    """The rows of a log, by names."""
    events, involved, told = log.columns()
    names = [*log.names, None]
    columns = [[names[code] for code in events[column].tolist()] for column in EVENT_NAMES]
    rows = [Row(*values) for values in zip(events["event"].tolist(), events["time_s"].tolist(), *columns, strict=True)]
    known: list[dict[str, float]] = [{} for _ in involved["event"]]
    for name in QUANTITIES:
        for i, value in zip(*(values.tolist() for values in told[name]), strict=True):
            known[i][name] = value
    things = zip(involved["event"].tolist(), involved["role"].tolist(), involved["thing"].tolist(), strict=True)
    for (event, role, thing), quantities in zip(things, known, strict=True):
        rows[event - log.first].involved.setdefault(names[role] or "?", []).append((names[thing] or "?", quantities))
    return rows


class View:
    """A run as the laws see it."""

    def __init__(self, site: Site, log: Log) -> None:
        self.site = site
        self.rows = rows_of(log)
        self.plans = {**site.plans, **hot_lab_plans(site.radiopharmacy), **house_plans(site), **people_plans(site)}
        self.plans |= care_plans(site)
        self.plans |= {plan.name: plan for plan in site.answers.values()}
        for scanner in site.scanners.values():
            self.plans |= upkeep_plans(scanner)
        self.steps = {(name, step.name): step for name, plan in self.plans.items() for step in steps(plan.body)}

    def happenings(self, *words: str) -> Iterator[Row]:
        return (row for row in self.rows if row.phase == "happening" and row.step in words)

    def step_of(self, row: Row) -> Step | None:
        return self.steps.get((row.parent_step or "", row.step or ""))

    @cached_property
    def _intervals(self) -> list[Interval]:
        is_open: dict[tuple[str | None, ...], Interval] = {}
        found = []
        for row in self.rows:
            if row.phase == "start":
                found.append(Interval(row, None, self.step_of(row)))
                is_open[row.key] = found[-1]
            elif row.phase in ("end", "abort") and row.key in is_open:
                is_open.pop(row.key).last = row
        return found

    @cached_property
    def tasks(self) -> list[Interval]:
        """Steps of plans."""
        return [i for i in self._intervals if i.first.step != "attendance"]

    @cached_property
    def attendances(self) -> list[Interval]:
        return [i for i in self._intervals if i.first.step == "attendance"]

    def may(self, name: str, event: int) -> frozenset[str]:
        """What a person may do at an event, by what the log says of certificates and signing off."""
        person = self.site.people[name]
        lapsed = {own.name for own in person.standing.certificates if own.expiry_s <= 0.0}
        has = set(person.skills) | {own_skill(name)}
        for row in self._of_standing.get(name, []):
            if row.event > event:
                break
            if row.step == "signed_off":
                has |= set(row.names("skill"))
            elif row.step == "certificate_expired":
                lapsed |= set(row.names("certificate"))
            else:
                lapsed -= set(row.names("certificate"))
        barred = [own.skills for own in person.standing.certificates if own.name in lapsed]
        return frozenset(has).difference(*barred)

    @cached_property
    def _of_standing(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.happenings("signed_off", "certificate_expired", "certificate_renewed"):
            found.setdefault(row.names("person")[0], []).append(row)
        return found

    @cached_property
    def visit_ends(self) -> dict[str, Row]:
        return {row.visit or "?": row for row in self.happenings(*ENDS)}

    @cached_property
    def last_event_of_session(self) -> dict[str, float]:
        """Event after which a session has nothing more; infinite while a visit or a step of it is open."""
        last: dict[str, float] = {}
        for row in self.rows:
            if row.session and row.step != "stock" and not (row.step or "").startswith("visit_booked"):
                last[row.session] = row.event
        for task in self._intervals:
            if task.last is None:
                last[task.first.session or "?"] = inf
        return last

    @cached_property
    def sleeps(self) -> list[tuple[str, str, float, float]]:
        """(animal, session, event, event): anaesthetised from the start of the one to the end of the other."""
        found, asleep = [], {}
        closing = {id(t.last): t for t in self.tasks if t.last is not None and t.last.phase == "end"}
        for row in self.rows:
            step = self.step_of(row)
            if row.phase == "start" and step is not None and step.effect == "anaesthetise":
                for animal in row.names("animal"):
                    asleep.setdefault(animal, (row.session or "?", row.event))
            woken = []
            if id(row) in closing and step is not None and step.effect in ("wake", "kill"):
                woken = closing[id(row)].first.names("animal")
            if row.step in ENDS and row.session:  # a visit that never began wakes nobody
                woken = row.names("animal")
            found += [(animal, *asleep.pop(animal), row.event) for animal in woken if animal in asleep]
        return found + [(animal, session, event, inf) for animal, (session, event) in asleep.items()]

    def spans(self, first: str, last: str) -> dict[str, list[tuple[float, float]]]:
        """Time between two happenings of a person or scanner (shifts, breaks), by name; open ones end never."""
        found: dict[str, list[tuple[float, float]]] = {}
        for row in self.happenings(first, last):
            name = (row.names("person") or row.names("scanner"))[0]
            if row.step == first:
                found.setdefault(name, []).append((row.time_s, inf))
            else:
                found[name][-1] = (found[name][-1][0], row.time_s)
        return found
