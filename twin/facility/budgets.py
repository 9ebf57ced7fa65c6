"""Budgets of dose that act: who may begin a session, by what they have had and what it is expected to cost them.

A session is looked at as a whole before it starts: nobody walks away from an anaesthetised animal. So is work without
animals (`twin.facility.foreseen` says what each is expected to cost). Whoever would pass a budget that binds, if they
did every step that they can and all that they may still have to do in open sessions, has no exposing step in it and
does not attend. So a budget is passed by no more than what was not predicted. Who is pregnant or breast-feeding does no
step with open activity, and does not attend where there is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from twin.facility.foreseen import Expected
from twin.facility.program import Op, Program
from twin.facility.state import Session
from twin.physics.exposures import Factors
from twin.scenario.site import Person
from twin.scenario.site_dose import DoseBudget

if TYPE_CHECKING:
    from twin.facility.world import World

#: A sum may differ from a limit in its last bits.
SLACK = 1.0 + 1e-12
_ROUNDED = 1e-9
PREGNANCY = "pregnancy"
#: A budget, its column, the mark from which it counts, what is allowed, what was spent before the run [Sv].
_Limit = tuple[DoseBudget, int, str, float, float]


class Budgets:
    """What is known of everybody's doses, and what open sessions may still cost them.

    Attributes
    ----------
    marks : dict of period to (dict of person to list of float)
        What was known when the period began [Sv].
    reserved : dict of person to list of float
        Predicted doses of the open sessions in which they may work [Sv].
    worn, read : dict of person to list of float
        Ledger when the dosimeters were last changed, and sum of what has been read [Sv].
    """

    def __init__(self, world: World) -> None:
        self.world, self.rules = world, world.site.dose
        self.binding = tuple(budget for budget in self.rules.budgets if budget.binds)
        self.marks: dict[str, dict[str, list[float]]] = {}
        nothing = {name: [0.0] * len(Factors._fields) for name in world.site.people}
        self.reserved = {name: list(doses) for name, doses in nothing.items()}
        self.worn = {name: list(doses) for name, doses in nothing.items()}
        self.read = {name: list(doses) for name, doses in nothing.items()}
        #: Whether a budget that binds begins anew so soon that it is worth to book again.
        self.renewed = any(budget.period in ("day", "week", "month") for budget in self.binding)
        self.by_readings = self.rules.decide_by == "dosimeter"
        self._limits = {name: tuple(self._of(name)) for name in world.site.people}
        self._set_ceilings()
        #: Whether a program has exposing steps, and open activity; whether it is staffed without some people.
        self._exposes: dict[tuple[str, int], tuple[bool, bool]] = {}
        self._staffed: dict[tuple[tuple[str, int], tuple[str, ...], tuple[str, ...]], bool] = {}

    # what is known ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Set the first alarms."""
        for moment_s, word in self.rules.boundaries_s:
            self.world.clock.at(moment_s, "dose_period", word)
        if self.by_readings:
            self.world.clock.at(self.rules.reading_every_s, "dosimeters_changed", 1)

    def period(self, word: str) -> None:
        """A period of the calendar, or a pregnancy, begins."""
        self.world.nearby.settle()
        self.marks[word] = {name: list(doses) for name, doses in self._known.items()}
        self._set_ceilings()

    def changed(self, number: int) -> None:
        """The dosimeters are changed; they are read later."""
        self.world.nearby.settle()
        ledger = self.world.exposure.ledger
        worn = [[name, [a - b for a, b in zip(ledger[name], self.worn[name], strict=True)]] for name in ledger]
        self.worn = {name: list(doses) for name, doses in ledger.items()}
        now = self.world.clock.moment_s
        self.world.clock.at(now + self.rules.reading_delay_s, "dosimeters_read", worn)
        self.world.clock.at((number + 1) * self.rules.reading_every_s, "dosimeters_changed", number + 1)

    def reading(self, worn: Sequence[Any]) -> None:
        """The dosimeters of a period are read: what is below their threshold is nothing."""
        for name, doses in worn:
            for column, dose in enumerate(doses):
                if dose >= self.rules.reading_threshold_sv:
                    self.read[name][column] += dose

    @property
    def _known(self) -> dict[str, list[float]]:
        return self.read if self.by_readings else self.world.exposure.ledger

    def _of(self, name: str) -> Iterator[_Limit]:
        """The budgets that bind a person, as `_passes` asks of them."""
        for budget in self.binding:
            if name in budget.allowed_sv:
                period = budget.name if budget.period == PREGNANCY else budget.period
                spent_sv = budget.spent_sv.get(name, 0.0)
                yield budget, budget.column, period, budget.allowed_sv[name] * SLACK, spent_sv

    # sessions -----------------------------------------------------------------------------------------------------

    def refusal(self, program: Program, expected: Expected, barred: tuple[str, ...]) -> str | None:
        """``never`` if nobody may do some step of it, ``later`` if somebody may when others have ended; None: begin."""
        if not expected or self._is_staffed(program, barred):
            return None
        return "later" if self._is_staffed(program, self.barred(expected, alone=True)) else "never"

    def open(self, session: Session, barred: tuple[str, ...] | None, expected: Expected | None) -> None:
        """A session begins: who may not (None: not asked yet), and what it may cost the others (None: by its plan)."""
        exposes, is_open = self._kind(session.program)
        if not exposes:
            return
        planned = self.world.foreseen.session(session.program)
        if expected is not None and expected is not planned:
            session.foreseen = {name: list(doses) for name, doses in expected.items()}
        session.barred = list(self.barred(planned) if barred is None else barred)
        session.careful = self._careful() if is_open else []
        self._reserve(session, 1.0)

    def _kind(self, program: Program) -> tuple[bool, bool]:
        """Whether it has exposing steps, and steps with open activity."""
        kind = self._exposes.get(program.key)
        if kind is None:
            kind = any(op.sources for op in program.ops), any(op.open for op in program.ops)
            self._exposes[program.key] = kind
        return kind

    def close(self, session: Session) -> None:
        """A session has ended."""
        self._reserve(session, -1.0)

    def _reserve(self, session: Session, sign: float) -> None:
        if not self.binding:
            return
        foreseen = session.foreseen or self.world.foreseen.session(session.program)
        for name, expected in foreseen.items():
            if name not in session.barred:
                mine = self.reserved[name]
                trunk, finger, ring, eyes = expected
                mine[0] += sign * trunk
                mine[1] += sign * finger
                mine[2] += sign * ring
                mine[3] += sign * eyes

    def barred(self, expected: Expected, *, alone: bool = False) -> tuple[str, ...]:
        """Who would pass a budget; ``alone``: if no other session were open."""
        known, worst, barred = self._known, self.world.nearby.worst, []
        for name, doses in expected.items():
            had, near, reserved = known[name], worst[name], self.reserved[name]
            for column, ceiling_sv in self._ceilings[name]:
                if doses[column] + near[column] + reserved[column] + had[column] > ceiling_sv:
                    if self._passes(name, doses, alone):
                        barred.append(name)
                    break
        return tuple(barred)

    def _ceilings_of(self, name: str) -> tuple[tuple[int, float], ...]:
        """By column what a person may have in all before a budget can be passed: below it no budget need be looked at.

        It is lower than that by more than sums are rounded.
        """
        lowest: dict[int, float] = {}
        for _, column, period, allowed, spent in self._limits[name]:
            mark = self.marks.get(period)
            ceiling_sv = allowed - spent if mark is None else allowed + mark[name][column]
            lowest[column] = min(lowest.get(column, inf), ceiling_sv)
        return tuple((column, least - _ROUNDED * abs(least)) for column, least in lowest.items())

    def _set_ceilings(self) -> None:
        self._ceilings = {name: self._ceilings_of(name) for name in self._limits}

    def _passes(self, name: str, expected: Sequence[float], alone: bool) -> bool:
        reserved, known, marks = self.reserved[name], self._known[name], self.marks
        near = self.world.nearby.worst[name]  # what is not settled yet, of today
        for budget, column, period, allowed, spent in self._limits[name]:
            mark = marks.get(period)
            had = known[column] + spent if mark is None else known[column] - mark[name][column]
            wanted = expected[column] + near[column] + (0.0 if alone else reserved[column])
            if wanted > allowed - had and self._is_on(budget):
                return True
        return False

    def _is_on(self, budget: DoseBudget) -> bool:
        return budget.period != PREGNANCY or self.world.clock.moment_s >= budget.from_s

    def _careful(self) -> list[str]:
        now = self.world.clock.moment_s
        return [name for name, since_s in self.rules.kept_from_open.items() if now >= since_s]

    def kept_from(self, session: Session, op: Op) -> tuple[str, ...]:
        """Who does not do this step of a session."""
        barred = session.barred if op.sources or op.anaesthetises else ()
        careful = session.careful if op.open or op.anaesthetises else ()
        return (*barred, *careful)

    def _is_staffed(self, program: Program, barred: tuple[str, ...]) -> bool:
        """Whether every exposing step has somebody who may do it, and somebody may attend."""
        careful = tuple(self._careful()) if self._kind(program)[1] else ()
        key = (program.key, barred, careful)
        if key not in self._staffed:
            self._staffed[key] = self._can_staff(program, barred, careful)
        return self._staffed[key]

    def _can_staff(self, program: Program, barred: tuple[str, ...], careful: tuple[str, ...]) -> bool:
        """The same, found by looking at every step."""
        for op in program.ops:
            if op.need is not None and (op.sources or op.anaesthetises):
                out = {*barred, *(careful if op.open or op.anaesthetises else ())}
                if not _can_fill(op.need.people, [p for p in self.world.site.people.values() if p.name not in out]):
                    return False
        return True

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {"marks": self.marks, "reserved": self.reserved, "worn": self.worn, "read": self.read}

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.marks, self.reserved = plain["marks"], plain["reserved"]
        self.worn, self.read = plain["worn"], plain["read"]
        self._set_ceilings()


def _can_fill(needs: Sequence[frozenset[str]], people: Sequence[Person]) -> bool:
    """Whether there is a different person for each need."""
    if not needs:
        return True
    able = [person for person in people if needs[0] <= person.skills]
    return any(_can_fill(needs[1:], [other for other in people if other is not person]) for person in able)
