"""What is not done to an animal while it is anaesthetised: it gets no syringe and does not leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from twin.plan import Choice, ForEachAnimal, Node, Parallel, Repeat, Sequence, Step, steps
from twin.vocabulary import OUTCOMES

#: Whether the animal may be awake (False) and whether it may be anaesthetised (True); empty: it has left.
Asleep: TypeAlias = frozenset[bool]

GONE: Asleep = frozenset()
#: Effect -> what it makes of an animal.
BRINGS: dict[str | None, Asleep] = {
    "anaesthetise": frozenset((True,)),
    "wake": frozenset((False,)),
    "exclude": GONE,
    "kill": GONE,
}
MESSAGES = {
    "draw": "who gets no syringe leaves, and may be anaesthetised here; draw before that, or wake it first",
    "exclude": "the animal leaves here and may be anaesthetised; wake it first",
}
ALLOWED = ("awake animals, before the step that anaesthetises or after one with effect wake",)


def broken(body: Node) -> Iterator[tuple[Step, str, str, tuple[str, ...]]]:
    """Each step that draws for, or excludes, an animal that may be anaesthetised: step, message, value, what may be."""
    course = _Course(_values(body))
    course.through(body, (False,))
    for step, what in course.found.values():
        yield step, MESSAGES[what], what, ALLOWED


def _values(body: Node) -> dict[str, set[str]]:
    """The values that each outcome can have."""
    result = {name: set(values) for name, values in OUTCOMES.items()}
    for step in steps(body):
        if step.outcome:
            result.setdefault(step.outcome.name, set()).update(value for value, _ in step.outcome.probabilities)
    return result


class _Course:
    """One animal's way through a plan, from both states in which it can come to a node; each is gone through once."""

    def __init__(self, values: Mapping[str, set[str]]) -> None:
        self.values = values
        self.found: dict[int, tuple[Step, str]] = {}
        self.known: dict[tuple[int, bool], Asleep] = {}

    def through(self, node: Node, before: Iterable[bool]) -> Asleep:
        """How an animal leaves a node that it comes to in one of these states."""
        return GONE.union(*(self._from(node, asleep) for asleep in before))

    def _from(self, node: Node, asleep: bool) -> Asleep:
        key = (id(node), asleep)
        if key not in self.known:
            self.known[key] = self._leaves(node, asleep)
        return self.known[key]

    def _leaves(self, node: Node, asleep: bool) -> Asleep:
        match node:
            case Step():
                return self._step(node, asleep)
            case Sequence(nodes):
                after = frozenset((asleep,))
                for part in nodes:
                    after = self.through(part, after)
                return after
            case Parallel(branches):
                return self._parallel(branches, asleep)
            case ForEachAnimal(body=body):
                return self._from(body, asleep)
            case Choice():
                return self._choice(node, asleep)
            case Repeat():
                return self._repeat(node, asleep)

    def _step(self, step: Step, asleep: bool) -> Asleep:
        if step.draw and (asleep or step.effect == "anaesthetise"):
            self.found[id(step)] = step, "draw"
        elif step.effect == "exclude" and asleep:
            self.found[id(step)] = step, "exclude"
        return BRINGS.get(step.effect, frozenset((asleep,)))

    def _choice(self, node: Choice, asleep: bool) -> Asleep:
        """A value without a case leaves the animal as it is."""
        after = [self._from(case, asleep) for _, case in node.cases]
        missing = self.values.get(node.outcome, {""}) - {value for value, _ in node.cases}
        return GONE.union(*after, (asleep,) if missing else ())

    def _repeat(self, node: Repeat, asleep: bool) -> Asleep:
        after = self._from(node.body, asleep)
        if node.at_most > 1:
            for _ in range(2):
                after |= self.through(node.body, after)
        return after

    def _parallel(self, branches: tuple[Node, ...], asleep: bool) -> Asleep:
        """Each branch may meet what the others bring; of those that change something, any may be the last."""
        brings = [_brings(branch) for branch in branches]
        after = []
        for i, branch in enumerate(branches):
            others = GONE.union(*brings[:i], *brings[i + 1 :])
            after.append(self.through(branch, {asleep} | others))
        if not all(after):
            return GONE
        changed = [left for left, brought in zip(after, brings, strict=True) if brought]
        return GONE.union(*changed) if changed else frozenset((asleep,))


def _brings(node: Node) -> Asleep:
    return GONE.union(*(BRINGS.get(step.effect, GONE) for step in steps(node)))
