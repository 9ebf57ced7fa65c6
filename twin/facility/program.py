"""A plan made ready for a number of animals: the tree laid out as numbered operations.

The position of a session in its plan is then a few integers, which can be written down. ``next`` and the targets are
numbers of operations; operation 0 is the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

from twin.distributions import Distribution
from twin.facility.planned import Planned
from twin.physics.exposures import Factors
from twin.plan import (
    Choice,
    Draw,
    ForEachAnimal,
    Node,
    Outcome,
    Parallel,
    Plan,
    Repeat,
    Sequence,
    Step,
    Until,
    is_away,
    steps,
)
from twin.vocabulary import SCANS

if TYPE_CHECKING:
    from twin.facility.roster import Group

END, STEP, FORK, JOIN, GUARD, CHOICE, AGAIN = range(7)

#: The skill of whoever attends anaesthetised animals.
ATTENDS = "anaesthesia"

#: What else than its duration a step draws by luck, by its effect.
LUCK_OF_EFFECT = {
    "draw": ("draw_accuracy",),
    "inject": ("injection", "syringe_residual", "paravenous_residual"),
    "give": ("injection",),
    "wake": ("death",),
}


@dataclass(frozen=True, slots=True)
class Need:
    """What a step must get before it starts; equal needs wait in one queue."""

    people: tuple[frozenset[str], ...]
    scanners: tuple[str, ...]
    scanner: bool
    bed: bool
    place: str | None
    draw: Draw | None
    uses: tuple[tuple[str, int], ...] = ()
    compute: bool = False
    second: bool = False

    @property
    def nothing(self) -> bool:
        """Whether the step can start at once, whatever happens."""
        gear = self.scanner or self.bed or self.second
        return not (self.people or gear or self.place or self.draw or self.uses or self.compute)


@dataclass(slots=True)
class Op:
    """One operation.

    Attributes
    ----------
    who : int or None
        Place in the session of the animal it is for; None: all of them.
    seat : int
        Its place among the subjects of the session: that of its animal, or the last, the session.
    next : int
        The operation that follows.
    targets : tuple of int
        FORK: where to begin; GUARD, AGAIN: the body; CHOICE: one for each of ``values``.
    count : int
        JOIN: how many have to arrive; AGAIN: how often at the most.
    outcome, values
        CHOICE, AGAIN: what is asked.
    until, lead_s
        STEP that ends at a moment: the moment, and the planned time from its end to ``until.lead_to``.
    luck : tuple of (purpose, slot)
        Where in the session's block of luck its draws are.
    """

    kind: int
    index: int
    who: int | None
    next: int = 0
    step: Step | None = None
    need: Need | None = None
    targets: tuple[int, ...] = ()
    count: int = 0
    outcome: str = ""
    values: tuple[str, ...] = ()
    lead_s: float = 0.0
    inject_lead_s: float = 0.0
    luck: dict[str, int] = field(default_factory=dict)
    #: Number of the log for its task, step and plan. Filled in by the world.
    label: int = -1
    seat: int = -1
    repeated: bool = False
    #: Equal needs have equal numbers.
    need_number: int = -1
    #: Who could do it, if it needs one person. Filled in by the world.
    group: Group | None = None
    #: Whether anyone of the group may do it, for whatever session, as long as no budget of dose forbids it.
    anyone: bool = False
    #: Whether nothing has to be granted, or people only.
    free: bool = False
    people_only: bool = False
    #: Whether it takes a bed or a scanner; whether it draws from a vial or uses supplies.
    takes_gear: bool = False
    consumes: bool = False
    #: Activity to draw for each animal [Bq]. Filled in by the world.
    wanted_bq: float = 0.0
    #: What the player asks of the step at every turn.
    duration: Distribution | None = None
    #: Place of its duration among those of the session; -1 if it ends at a moment.
    timed: int = -1
    #: Whether it is played once, for as long as its distribution says.
    once: bool = False
    name: str = ""
    effect: str | None = None
    drawn: Outcome | None = None
    has_effect: bool = False
    anaesthetises: bool = False
    #: Whether sleeping animals wake at its end; whether animals may lie elsewhere from its beginning on.
    wakes: bool = False
    lays: bool = False
    feeds: bool = False
    always: bool = False
    at_scanner: bool = False
    at_second: bool = False
    computes: bool = False
    uses_scanner: bool = False
    #: Whether its animals go to the room of a scanner.
    to_scanner: bool = False
    workplace: str | None = None
    away: bool = False
    places: int = 0
    #: Whether it is done at a scanner, at another place than its animals', or in several rooms.
    elsewhere: bool = False
    until: Until | None = None
    #: Until which step's end it has what it takes; what earlier steps took until its end.
    untils: dict[str, str] = field(default_factory=dict)
    frees: tuple[str, ...] = ()
    #: Of each source what says its content, and what handling it gives for each becquerel and second, by nuclide;
    #: whether activity is open. Filled in by the world.
    sources: tuple[tuple[Callable[..., Any], dict[str, Factors]], ...] = ()
    open: bool = False
    #: Whether anything can be given back at its end.
    gives_back: bool = False
    #: What says how long it lasts beyond its duration, and what its end does, in order. Filled in by the player.
    lasting: tuple[Callable[..., float], ...] = ()
    endings: tuple[Callable[..., None], ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """A plan for ``n`` animals.

    Attributes
    ----------
    key : tuple of (plan's name, n)
    entry : int
        The first operation.
    way_out : int
        Where a session that is given up goes on (0: it ends).
    luck : tuple of (purpose, who)
        One entry for each number of the session's block of luck.
    anchor_s, bed_s, scanner_s, end_s
        Planned times after the start [s]: the first need of a bed or scanner, the spans of both, the end.
    second_s : tuple of float or None
        The span of the second machine.
    first_out : int
        Where a session goes on that is given up at the first of two machines (0: as any other).
    draw_s, inject_s : tuple of float
        Planned times of the first draw's start and of the last injection's end [s].
    """

    key: tuple[str, int]
    ops: tuple[Op, ...]
    entry: int
    way_out: int
    luck: tuple[tuple[str, int], ...]
    anchor_s: float
    bed_s: tuple[float, float] | None
    scanner_s: tuple[float, float] | None
    end_s: float
    draw_s: float | None
    inject_s: float | None
    scans: bool
    clinical: bool
    quantitative: bool = False
    second_s: tuple[float, float] | None = None
    first_out: int = 0


def compile_plan(plan: Plan, animals: int) -> Program:
    """Lay out a plan for a number of animals (0: work without animals)."""
    writer = _Writer(animals)
    entry = writer.emit(plan.body, None, 0)
    ops = tuple(writer.ops)
    _set_holds(plan, ops)
    for place, op in enumerate(op for op in ops if op.duration is not None):
        op.timed, op.once = place, not op.repeated
    times = Planned(animals, ops, writer.at)
    times.play(plan.body)
    way_out = writer.at.get((plan.way_out or "", None), 0)
    return Program(
        key=(plan.name, animals),
        ops=ops,
        entry=entry,
        way_out=way_out,
        luck=tuple(writer.luck),
        anchor_s=times.anchor_s(),
        bed_s=times.span("bed"),
        scanner_s=times.span("scanner"),
        end_s=times.end_s,
        draw_s=times.first_draw(),
        inject_s=times.last_injection(),
        scans=any(step.effect in SCANS for step in steps(plan.body)),
        clinical=animals > 0,
        quantitative=plan.quantitative,
        second_s=times.span("second"),
        first_out=writer.at.get((plan.first_out or "", None), 0),
    )


class _Writer:
    """Writes operations from the end to the beginning, so that each knows what follows."""

    def __init__(self, animals: int) -> None:
        self.animals = animals
        self.ops: list[Op] = [Op(END, 0, None)]
        self.at: dict[tuple[str, int | None], int] = {}
        self.luck: list[tuple[str, int]] = []

    def add(self, kind: int, who: int | None, following: int) -> Op:
        op = Op(kind, len(self.ops), who, following, seat=-1 if who is None else who)
        self.ops.append(op)
        return op

    def emit(self, node: Node, who: int | None, following: int) -> int:
        """Write a node that goes on at ``following``; returns where it begins."""
        match node:
            case Step():
                return self.step(node, who, following)
            case Sequence(nodes):
                return reduce(lambda after, part: self.emit(part, who, after), reversed(nodes), following)
            case Parallel(branches):
                return self.fork([lambda end, b=b: self.emit(b, who, end) for b in branches], who, following)
            case ForEachAnimal(body, at_once):
                return self.lanes(body, at_once, following)
            case Choice():
                return self.choice(node, who, following)
            case Repeat():
                return self.repeat(node, who, following)

    def step(self, step: Step, who: int | None, following: int) -> int:
        op = self.add(STEP, who, following)
        op.step, op.need = step, _need(step)
        _set_traits(op, step, op.need)
        op.places = 0 if step.place is None else (1 if who is not None else self.animals)
        op.elsewhere = op.at_scanner or op.away or op.workplace is not None or op.places > 1
        op.lays = op.anaesthetises or step.place is not None
        op.until = step.duration if isinstance(step.duration, Until) else None
        purposes = ["duration:" + step.name] if op.until is None else []
        purposes += [f"{p}:{step.name}" for p in LUCK_OF_EFFECT.get(step.effect or "", ())]
        purposes += [f"outcome:{step.name}"] if step.outcome else []
        for purpose in purposes:
            for_whom = range(self.animals) if who is None and step.effect in LUCK_OF_EFFECT else (who or 0,)
            op.luck[purpose.split(":")[0]] = len(self.luck)
            self.luck += [(purpose, animal) for animal in for_whom]
        self.at.setdefault((step.name, who), op.index)
        return op.index

    def fork(self, branches: list, who: int | None, following: int) -> int:  # type: ignore[type-arg]
        join = self.add(JOIN, who, following)
        join.count = len(branches)
        targets = tuple(branch(join.index) for branch in branches)
        fork = self.add(FORK, who, join.index)
        fork.targets = targets
        return fork.index

    def lanes(self, body: Node, at_once: int, following: int) -> int:
        lanes = [range(first, self.animals, at_once) for first in range(min(at_once, self.animals))]
        if len(lanes) == 1:
            return self.lane(body, lanes[0], following)
        return self.fork([lambda end, lane=lane: self.lane(body, lane, end) for lane in lanes], None, following)

    def lane(self, body: Node, lane: range, following: int) -> int:
        for animal in reversed(lane):
            start = self.emit(body, animal, following)
            guard = self.add(GUARD, animal, following)
            guard.targets = (start,)
            following = guard.index
        return following

    def choice(self, node: Choice, who: int | None, following: int) -> int:
        targets = tuple(self.emit(case, who, following) for _, case in node.cases)
        op = self.add(CHOICE, who, following)
        op.outcome, op.values, op.targets = node.outcome, tuple(value for value, _ in node.cases), targets
        return op.index

    def repeat(self, node: Repeat, who: int | None, following: int) -> int:
        op = self.add(AGAIN, who, following)
        op.outcome, op.values, op.count = node.outcome, (node.value,), node.at_most
        op.targets = (self.emit(node.body, who, op.index),)
        for inside in self.ops[op.index + 1 :]:
            inside.repeated = True
        return op.targets[0]


def _set_traits(op: Op, step: Step, need: Need) -> None:
    """What the player asks of a step at every turn, found once."""
    op.name, op.free = step.name, need.nothing
    op.takes_gear, op.consumes = need.scanner or need.bed or need.second, bool(need.draw or need.uses)
    others = op.takes_gear or need.place or need.draw or need.uses or need.compute
    op.people_only = bool(need.people) and not others
    op.duration = None if isinstance(step.duration, Until) else step.duration
    op.effect, op.drawn = step.effect, step.outcome
    op.always, op.workplace, op.away = step.always, step.workplace, is_away(step)
    op.anaesthetises, op.feeds = step.effect == "anaesthetise", step.effect == "home"
    op.wakes = step.effect == "wake" and op.duration is not None
    op.has_effect = step.outcome is not None or step.effect not in (None, "anaesthetise")
    op.computes, op.to_scanner = need.compute, need.place == "scanner"
    op.at_scanner, op.uses_scanner, op.at_second = bool(step.scanner), step.uses_scanner, step.second


def _need(step: Step) -> Need:
    """What a step says it needs; who anaesthetises must be able to attend."""
    people = tuple(frozenset(skills) for skills in step.people)
    if step.effect == "anaesthetise" and not any(ATTENDS in skills for skills in people):
        people = (frozenset((ATTENDS, *(people[0] if people else ()))), *people[1:])
    return Need(
        people=people,
        scanners=step.scanner,
        scanner=step.takes_scanner,
        bed=step.bed,
        place=step.place,
        draw=step.draw,
        uses=step.uses,
        compute=step.compute,
        second=step.takes_second,
    )


def _set_holds(plan: Plan, ops: tuple[Op, ...]) -> None:
    """Until which step's end each step has the scanner and the bed that it takes, and what ends with it."""
    ends: dict[str, set[str]] = {}
    for step in steps(plan.body):
        for thing, until in step.holds:
            ends.setdefault(until, set()).add(thing)
    for op in ops:
        if op.step is not None:
            own = dict.fromkeys(("scanner", "bed", "second"), op.step.name)
            op.untils = own | dict(op.step.holds)
            op.frees = tuple(sorted(ends.get(op.step.name, ())))
            op.gives_back = bool(op.frees) or op.step.bed or op.step.takes_scanner or op.step.takes_second
