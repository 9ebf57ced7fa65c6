"""The plan: what happens to an animal, as data.

A plan is a tree of closed node kinds. It never holds a callable and never waits: scanners and protocols write plans,
``facility`` plays them. Everything here is immutable and made of plain values.

Words
-----
session
    What one plan is played for: a group of visits that share a bed (a single bed is a hotel of one), or work without
    animals (quality control, a maintenance visit).
visit
    One animal at one time point of one study.
place
    Where the animals are. Animals keep their place until they get the next one or leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from twin.distributions import Distribution
from twin.vocabulary import DESK


@dataclass(frozen=True, slots=True)
class Until:
    """A duration that ends at a moment: ``offset_s`` after an event, less the planned time up to a later step.

    Attributes
    ----------
    event : {"booked", "injection"}
        The slot of the session, or the mean injection time of its animals.
    offset_s : float
        Time after the event [s].
    lead_to : str
        The step that is to begin at that moment; the mean durations of what lies between are subtracted.
    """

    event: str
    offset_s: float
    lead_to: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A syringe: how much of which tracer [Bq, m3] goes into one animal, and with what else."""

    tracer: str
    activity_bq: float
    flush_m3: float = 0.0
    dead_volume_m3: float = 0.0
    contrast_m3: float = 0.0


@dataclass(frozen=True, slots=True)
class Agent:
    """An injection without a radioactive label (contrast medium, luciferin, dye): volume per body mass [m3/kg].

    It comes from a bottle, not from a vial of the hot lab: nothing decays and no activity is booked.
    """

    name: str
    volume_m3_per_kg: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A named outcome that the step draws when it ends: value -> probability [1]."""

    name: str
    probabilities: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that takes time.

    Attributes
    ----------
    name : str
        Unique within its plan.
    task : str
        A word of `twin.vocabulary.TASKS`.
    duration : Distribution or Until
        Seconds.
    people : tuple of tuple of str
        One entry for each person needed: the skills that this one person must have.
    scanner : tuple of str
        Names of scanners any of which serves; empty: none is needed. The session keeps to the first it gets.
    bed : bool
        Needs a bed (one imaging cell) of that scanner.
    place : str or None
        Kind of room to which the animals are taken; they hold one place each until they move on or leave.
    workplace : str or None
        Kind of room in which people work while the animals stay where they are.
    draw : Draw or None
        What effect ``draw`` takes from a vial for each animal; what effect ``prepare`` takes from another vial.
    uses : tuple of (str, int)
        Supplies that it takes off the shelf, for each animal that it is for.
    holds : tuple of (thing, until)
        ``("scanner", "undock")``: what this step took is kept until the end of the step named.
    exposure : str or None
        A word of `twin.physics.exposures.WORDS`: what is handled, and how.
    effect : str or None
        A word of `twin.vocabulary.EFFECTS`.
    outcome : Outcome or None
        A random outcome that a later `Choice` or `Repeat` may ask for.
    always : bool
        Is done even when no animal is left in the session (cleaning).
    agent : Agent or None
        What effect ``inject`` gives where no syringe was drawn from a vial.
    route : str
        A word of `twin.vocabulary.ROUTES`; it decides how often an injection fails.
    compute : bool
        Needs one of the site's places for computing jobs.
    emission : bool
        Whether a scan sees what a tracer sends out; one of an agent, or of the anatomy, does not.
    second : bool
        Is done at the second machine of a session, to which its bed is moved: ``scanner`` names those that serve, and
        ``holds`` of a ``second`` says until when the session has it. The bed stays that of the first.
    """

    name: str
    task: str
    duration: Distribution | Until
    people: tuple[tuple[str, ...], ...] = ()
    scanner: tuple[str, ...] = ()
    bed: bool = False
    uses_scanner: bool = True
    place: str | None = None
    workplace: str | None = None
    draw: Draw | None = None
    uses: tuple[tuple[str, int], ...] = ()
    holds: tuple[tuple[str, str], ...] = ()
    exposure: str | None = None
    effect: str | None = None
    outcome: Outcome | None = None
    always: bool = False
    agent: Agent | None = None
    route: str = "iv"
    compute: bool = False
    second: bool = False
    emission: bool = True

    @property
    def takes_scanner(self) -> bool:
        """Whether it needs the session's first machine itself, not only its bed."""
        return bool(self.scanner) and self.uses_scanner and not self.second

    @property
    def takes_second(self) -> bool:
        """Whether it needs the session's second machine itself."""
        return bool(self.scanner) and self.uses_scanner and self.second


def is_away(step: Step) -> bool:
    """Whether a step is done neither at its animals nor at their scanner: at a desk, or in the hot lab."""
    if step.draw is not None:
        return True
    return step.task in DESK and not (step.effect or step.place or step.workplace or step.scanner)


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after another."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """At the same time; goes on when all are done."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ForEachAnimal:
    """The body for every animal of the session, at most ``at_once`` at a time; goes on when all are done."""

    body: Node
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """The case whose value the outcome has; nothing if no case fits."""

    outcome: str
    cases: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The body, and again while the outcome has the value, at most ``at_most`` times in all."""

    body: Node
    at_most: int
    outcome: str
    value: str


Node: TypeAlias = Step | Sequence | Parallel | ForEachAnimal | Choice | Repeat


@dataclass(frozen=True, slots=True)
class Plan:
    """A tree and what the clock must know of it.

    Attributes
    ----------
    name : str
    body : Node
    way_out : str or None
        The step from which a session that is given up goes on (undocking, recovery); it lies on the outermost sequence.
    quantitative : bool
        Whether its images are measured: then it waits for a scanner whose calibration is valid.
    first_out : str or None
        The same as ``way_out`` for a session that is given up at the first of two machines; it lies before it.
    """

    name: str
    body: Node
    way_out: str | None = None
    quantitative: bool = False
    first_out: str | None = None


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Sequence(nodes):
            return nodes
        case Parallel(branches):
            return branches
        case ForEachAnimal(body=body) | Repeat(body=body):
            return (body,)
        case Choice(cases=cases):
            return tuple(case for _, case in cases)
    return ()


def steps(node: Node) -> Iterator[Step]:
    """All steps of a tree, in the order in which they are written."""
    if isinstance(node, Step):
        yield node
    for child in children(node):
        yield from steps(child)


def with_steps(node: Node, changed: Callable[[Step], Step]) -> Node:
    """The same tree with each of its steps as it is changed."""
    match node:
        case Step():
            return changed(node)
        case Sequence(nodes):
            return Sequence(tuple(with_steps(part, changed) for part in nodes))
        case Parallel(branches):
            return Parallel(tuple(with_steps(branch, changed) for branch in branches))
        case Choice(cases=cases):
            return replace(node, cases=tuple((value, with_steps(case, changed)) for value, case in cases))
        case ForEachAnimal(body=body) | Repeat(body=body):
            return replace(node, body=with_steps(body, changed))
