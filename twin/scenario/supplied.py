"""Where in a plan its supplies are taken: at the first thing that is done to each animal."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import Choice, ForEachAnimal, Node, Parallel, Plan, Repeat, Sequence, Step, children, steps

Uses = tuple[tuple[str, int], ...]


def with_supplies(plan: Plan, uses: Uses) -> Plan:
    """The plan whose first step for each animal takes these; without such a step, its first step takes them."""
    if not uses:
        return plan
    loop = next((node for node in _nodes(plan.body) if isinstance(node, ForEachAnimal)), None)
    first = next(steps(loop or plan.body))
    return replace(plan, body=_replaced(plan.body, first, replace(first, uses=(*first.uses, *uses))))


def _nodes(node: Node) -> list[Node]:
    return [node, *(inner for child in children(node) for inner in _nodes(child))]


def _replaced(node: Node, old: Step, new: Step) -> Node:
    """The tree with one step for another."""
    match node:
        case Step():
            return new if node is old else node
        case Sequence(nodes):
            return Sequence(tuple(_replaced(part, old, new) for part in nodes))
        case Parallel(branches):
            return Parallel(tuple(_replaced(branch, old, new) for branch in branches))
        case Choice(cases=cases):
            return replace(node, cases=tuple((value, _replaced(case, old, new)) for value, case in cases))
        case ForEachAnimal(body=body) | Repeat(body=body):
            return replace(node, body=_replaced(body, old, new))
