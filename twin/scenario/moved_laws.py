"""What must hold in a plan whose bed is moved to a second machine, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from twin.plan import Plan, Step

#: The step (None: the protocol itself), its key, what is wrong, the value, what is allowed.
Wrong: TypeAlias = tuple[Step | None, str, str, object, tuple[str, ...] | None]


def broken(plan: Plan, order: list[Step]) -> Iterator[Wrong]:
    """Every law of moved beds that a plan breaks; ``order`` are its steps as they are written."""
    there = [step for step in order if step.second]
    if there:
        for step in there:
            yield from _step(step, order)
        yield from _comes_there(there[0], order)
        yield from _bed(there, order)
        yield from _ways_out(plan, order, there[0])
    elif plan.first_out is not None:
        message = "only a plan that moves its bed to a second machine has two ways out; `way_out` is enough"
        yield None, "first_out", message, plan.first_out, None


def _step(step: Step, order: list[Step]) -> Iterator[Wrong]:
    """It names a machine that is not the first, and takes no bed."""
    if not step.scanner:
        yield step, "second", "name the second machine with `scanner`", step.name, None
    if step.bed:
        yield step, "bed", "the animals stay on the bed of the first machine; take it in a step there", step.name, None
    first = {name for other in order if other.scanner and not other.second for name in other.scanner}
    if same := [name for name in step.scanner if name in first]:
        message = "this is the first machine of the plan too; a bed is moved to another one"
        yield step, "scanner", message, ", ".join(same), None


def _comes_there(first: Step, order: list[Step]) -> Iterator[Wrong]:
    """Animals that lay in the room of the first machine go to that of the second, which is kept for them."""
    before = order[: order.index(first)]
    if any(step.place == "scanner" for step in before) and first.place != "scanner":
        message = "here the animals come to the second machine, and stay in the room of the first; add `place: scanner`"
        yield first, "place", message, first.place, ("scanner",)
    if not first.takes_second:
        message = "the first step at the second machine takes it, so that the bed finds it free"
        yield first, "uses_scanner", message, first.uses_scanner, ("true",)


def _bed(there: list[Step], order: list[Step]) -> Iterator[Wrong]:
    """Who is moved lies on a bed, which is kept until after the last step at the second machine."""
    names = [step.name for step in order]
    ends = [names.index(until) for step in order for thing, until in step.holds if thing == "bed" and until in names]
    taken = [order.index(step) for step in order if step.bed]
    if not taken or min(taken) > order.index(there[0]):
        yield there[0], "second", "no earlier step takes the bed that is moved (`bed: true`)", there[0].name, None
    elif max(ends, default=-1) < order.index(there[-1]):
        message = f"the bed is given back before {there[-1].name} is done at the second machine; hold it until then"
        yield order[taken[0]], "holds", message, dict(order[taken[0]].holds).get("bed"), None


def _ways_out(plan: Plan, order: list[Step], first: Step) -> Iterator[Wrong]:
    """A session may be given up at either machine, and each has its own way out."""
    names = [step.name for step in order]
    if plan.way_out is not None and plan.first_out is None:
        message = "a plan with two machines has a way out of each: name the step that leads out of the first, too"
        yield None, "first_out", message, None, None
    elif plan.first_out in names and names.index(plan.first_out) > names.index(first.name):
        message = f"the way out of the first machine lies before {first.name}, with which the bed leaves it"
        yield None, "first_out", message, plan.first_out, tuple(names[: names.index(first.name)])
    if plan.first_out is not None and plan.way_out is None:
        yield None, "way_out", "a plan with a way out of the first machine has one of the second", None, None
