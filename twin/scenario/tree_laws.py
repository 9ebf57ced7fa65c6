"""What must hold in every plan as a whole, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from twin.plan import (
    Choice,
    ForEachAnimal,
    Node,
    Plan,
    Repeat,
    Sequence,
    Step,
    Until,
    children,
    steps,
)
from twin.scenario import moved_laws, parallel_laws, sleep_laws
from twin.scenario.reading import Path
from twin.vocabulary import EFFECTS, OUTCOMES

#: Path, message, value, words allowed.
Broken: TypeAlias = tuple[Path, str, object, tuple[str, ...] | None]
#: Message, value, words allowed.
Asked: TypeAlias = tuple[str, object, tuple[str, ...] | None]

#: Which effect sets which outcome.
SETTERS = {"inject": "injection", "give": "agent", "scan": "scan"}
#: What is not begun with a session that has been given up.
NOT_ON_WAY_OUT = ("anaesthetise", "draw", "inject", "give", "scan", "part_scan")


def broken(plan: Plan, path: Path, paths: Mapping[int, Path]) -> Iterator[Broken]:
    """Every law that a plan breaks.

    Parameters
    ----------
    plan : Plan
    path : Path
        Of the protocol.
    paths : mapping
        Path of each step and of each loop over animals, by its identity.
    """
    order = list(steps(plan.body))
    if not order:
        yield (*path, "plan"), "a plan has at least one step", None, None
    for number, step in enumerate(order):
        at = paths.get(id(step), path)
        for key, message, value, options in _step_laws(step, order[:number], order[number + 1 :]):
            yield (*at, *key), message, value, options
    yield from (((*path, "plan"), message, value, options) for message, value, options in _outcome_laws(plan.body))
    for step, why, value, options in sleep_laws.broken(plan.body):
        yield (*paths.get(id(step), path), "effect"), why, value, options
    for step, word, why, value, options in parallel_laws.broken(plan.body):
        yield (*paths.get(id(step), path), word), why, value, options
    yield from _scanner_laws(order, path, paths)
    yield from _loop_laws(plan.body, path, paths)
    yield from _way_out(plan, path, paths)
    for step_at, word, message, value, options in moved_laws.broken(plan, order):
        yield (*(path if step_at is None else paths.get(id(step_at), path)), word), message, value, options


def _step_laws(step: Step, before: list[Step], after: list[Step]) -> Iterator[Broken]:
    if step.name in {other.name for other in before}:
        yield ("step",), "another step of this plan has this name", step.name, None
    later = tuple(other.name for other in after)
    yield from _hold_laws(step, later)
    if step.effect == "anaesthetise" and not {"wake", "kill"} & {other.effect for other in after}:
        yield ("effect",), "the animal is anaesthetised, but no later step wakes (or kills) it", step.name, None
    if step.effect == "inject" and step.agent is None and "draw" not in {other.effect for other in before}:
        yield ("effect",), "the syringe is injected, but no earlier step draws it", step.name, None
    if step.bed and not step.scanner:
        yield ("bed",), "a bed belongs to a scanner; name it with `scanner`", step.name, None
    if isinstance(step.duration, Until):
        yield from _until_laws(step.duration, before, (step.name, *later))


def _hold_laws(step: Step, later: tuple[str, ...]) -> Iterator[Broken]:
    itself = bool(step.scanner) and step.uses_scanner
    taken = {"scanner": itself and not step.second, "bed": step.bed, "second": step.takes_second}
    for thing, until in step.holds:
        if until not in later:
            yield ("holds", thing), "this is held until a step that does not come later", until, later
        if not taken.get(thing, False):
            yield ("holds", thing), f"this step holds a {thing} that it does not take", step.name, None


def _until_laws(until: Until, before: list[Step], later: tuple[str, ...]) -> Iterator[Broken]:
    if until.lead_to and until.lead_to not in later:
        yield ("duration", "lead_to"), "this step does not come later", until.lead_to, later
    if until.event == "injection" and "inject" not in {other.effect for other in before}:
        yield ("duration", "until"), "no earlier step injects", until.event, None


def _outcome_laws(body: Node) -> Iterator[Asked]:
    """A choice or a repetition asks for an outcome that an earlier step, or one of its body, sets."""
    known: dict[str, tuple[str, ...]] = {}
    for node in _walk(body):
        if isinstance(node, Step):
            known.update(_sets(node))
        inner = {name: values for step in steps(node) for name, values in _sets(step).items()}
        here = known | inner if isinstance(node, Repeat) else known
        if isinstance(node, Choice | Repeat):
            yield from _asks(node, here)


def _asks(node: Choice | Repeat, known: Mapping[str, tuple[str, ...]]) -> Iterator[Asked]:
    if node.outcome not in known:
        yield "this plan asks for an outcome that no earlier step sets", node.outcome, tuple(known)
        return
    asked = [value for value, _ in node.cases] if isinstance(node, Choice) else [node.value]
    for value in asked:
        if value not in known[node.outcome]:
            yield f"the outcome {node.outcome} never has this value", value, known[node.outcome]


def _sets(step: Step) -> dict[str, tuple[str, ...]]:
    """The outcomes that a step sets, with their values."""
    result = {} if step.outcome is None else {step.outcome.name: tuple(v for v, _ in step.outcome.probabilities)}
    word = SETTERS.get(step.effect or "")
    return result | ({word: OUTCOMES[word]} if word else {})


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _scanner_laws(order: list[Step], path: Path, paths: Mapping[int, Path]) -> Iterator[Broken]:
    """A session keeps to the first machine that it gets, and to the first second one: one must serve every step."""
    common: dict[bool, tuple[str, ...]] = {}
    for step in order:
        if not step.scanner:
            continue
        left = tuple(name for name in common.get(step.second, step.scanner) if name in step.scanner)
        if left:
            common[step.second] = left
            continue
        message = "one session uses one scanner, and none of this step's serves the earlier steps; plan two protocols, "
        message += "or move the bed to a second machine (`second: true`)"
        yield (*paths.get(id(step), path), "scanner"), message, ", ".join(step.scanner), common[step.second]


def _loop_laws(body: Node, path: Path, paths: Mapping[int, Path]) -> Iterator[Broken]:
    """Within the course of one animal there is no other: a loop over animals stands in no other such loop."""
    loops = [node for node in _walk(body) if isinstance(node, ForEachAnimal)]
    inner = {id(node): node for loop in loops for node in _walk(loop.body) if isinstance(node, ForEachAnimal)}
    for node in inner.values():
        message = "a for_each_animal stands inside another; its steps are for one animal there already"
        value = ", ".join(step.name for step in steps(node)) or None
        yield (*paths.get(id(node), path), "for_each_animal"), message, value, ("sequence",)


def _way_out(plan: Plan, path: Path, paths: Mapping[int, Path]) -> Iterator[Broken]:
    """It lies on the outermost sequence, so that the player can go on there, and leads out."""
    outer = plan.body.nodes if isinstance(plan.body, Sequence) else (plan.body,)
    names = tuple(node.name for node in outer if isinstance(node, Step))
    for word, out, passed in (("way_out", plan.way_out, False), ("first_out", plan.first_out, True)):
        if out is not None and out not in names:
            yield (*path, word), "this is no step of the outermost sequence", out, names
        elif out is not None:
            first = next(i for i, node in enumerate(outer) if isinstance(node, Step) and node.name == out)
            later = [step for node in outer[first:] for step in steps(node)]
            yield from _leads_out(out, [step for step in later if not (passed and step.second)], path, paths)


def _leads_out(out: str, later: list[Step], path: Path, paths: Mapping[int, Path]) -> Iterator[Broken]:
    """Nothing is begun with a session that was given up; it passes what is done at a machine it did not come to."""
    for step in later:
        done = "draw" if step.draw and step.effect not in NOT_ON_WAY_OUT else step.effect
        if done in NOT_ON_WAY_OUT:
            message = f"a session that is given up goes on at {out} and comes to this step; name a later step"
            options = tuple(effect for effect in EFFECTS if effect not in NOT_ON_WAY_OUT)
            yield (*paths.get(id(step), path), "effect"), message, done, options
