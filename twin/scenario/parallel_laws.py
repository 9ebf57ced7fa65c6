"""What is not done side by side: one animal is not taken to two places, and one bed is not held to two ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import TypeAlias

from twin.plan import ForEachAnimal, Node, Parallel, Step, children, steps

#: The step, its key, what is wrong, the value, what is allowed.
Wrong: TypeAlias = tuple[Step, str, str, str, tuple[str, ...] | None]

#: What a session has of scanners, and whether a step takes it.
THINGS: dict[str, Callable[[Step], bool]] = {
    "bed": lambda step: step.bed,
    "scanner": lambda step: step.takes_scanner,
    "second": lambda step: step.takes_second,
}


def broken(body: Node) -> Iterator[Wrong]:
    """Every step that does what a branch beside it, or the next animal beside it, makes impossible."""
    if isinstance(body, Parallel):
        yield from _two_places(body)
        for thing in THINGS:
            yield from _two_ends(body, thing)
    elif isinstance(body, ForEachAnimal) and body.at_once > 1:
        yield from _given_back_too_early(body)
    for child in children(body):
        yield from broken(child)


def _two_places(node: Parallel) -> Iterator[Wrong]:
    """The branches are for the same animals; two that take them to different places would tear them apart."""
    for one, two in combinations(node.branches, 2):
        kinds = {step.place for step in steps(one) if step.place}
        for step in steps(two):
            if step.place and kinds - {step.place}:
                message = (
                    "a branch beside this one takes the same animals elsewhere; an animal is in one place at a time"
                )
                yield step, "place", message, step.place, tuple(sorted(kinds)) if len(kinds) == 1 else None
                break


def _two_ends(node: Parallel, thing: str) -> Iterator[Wrong]:
    """A session has one bed and one scanner: who takes it first says when it goes back, for both."""
    for one, two in combinations(node.branches, 2):
        ends = {end for end, _ in _ends(one, thing)}
        held = [pair for branch in (one, two) for pair in _ends(branch, thing) if pair[0] != pair[1].name]
        others = [pair for pair in _ends(two, thing) if ends and ends != {pair[0]}]
        if held and others:
            end, step = others[0]
            message = (
                f"a branch beside this one takes the {thing} too and gives it back at another step; take it before both"
            )
            yield step, "holds", message, end, tuple(sorted(ends)) if len(ends) == 1 else None


def _ends(node: Node, thing: str) -> list[tuple[str, Step]]:
    """The steps that take it, with the step at whose end each would give it back."""
    takers = [step for step in steps(node) if THINGS[thing](step)]
    return [(dict(step.holds).get(thing, step.name), step) for step in takers]


def _given_back_too_early(node: ForEachAnimal) -> Iterator[Wrong]:
    """The animals share what the session has: the first to come to the end of a hold would give it back for all."""
    inside = {step.name for step in steps(node)}
    for step in steps(node):
        for thing, until in step.holds:
            if until in inside:
                message = f"{node.at_once} animals at once share the {thing}, and the first gives it back here for all"
                yield step, "holds", message, until, ("a step after the for_each_animal", "at_once: 1")
