"""Where in a plan its supplies are taken: at the first thing that is done to each animal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from twin.plan import ForEachAnimal, Node, Plan, children, steps, with_steps

Uses = tuple[tuple[str, int], ...]


def with_supplies(plan: Plan, uses: Uses) -> Plan:
    """The plan whose first step for each animal takes these; without such a step, its first step takes them."""
    if not uses:
        return plan
    loop = next((node for node in _nodes(plan.body) if isinstance(node, ForEachAnimal)), None)
    first = next(steps(loop or plan.body))
    taking = replace(first, uses=(*first.uses, *uses))
    return replace(plan, body=with_steps(plan.body, lambda step: taking if step is first else step))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _nodes(child)
