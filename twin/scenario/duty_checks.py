"""Duties: plans that are done by themselves and need no animal."""

from __future__ import annotations

from collections.abc import Iterator

from twin.errors import Problem
from twin.plan import ForEachAnimal, Node, Step, Until, children
from twin.scenario.calendar_checks import meets
from twin.scenario.checking import Checked
from twin.scenario.expand import duties as made
from twin.scenario.weeks import DAY_S
from twin.scenario.windows import opening

#: What a step may do to the world when there is no animal.
EFFECTS = ("calibrate", "repair")


def duties(checked: Checked) -> Iterator[Problem]:
    """A duty has days and a plan of its own, in which no step is about animals."""
    for name, said in checked.scenario.protocols.items():
        if said.duty is None:
            continue
        path = ("protocols", name, "duty")
        if said.template is not None:
            message = "a duty is done without animals; write its `plan` instead of a template"
            yield checked.resolved.problem(path, message, said.template)
        if (said.duty.days is None) == (not said.duty.dates):
            yield checked.resolved.problem(path, "a duty has either days (e.g. mon-fri) or dates")
        plan = checked.plans.get(name)
        for message in _about_animals(plan.body) if plan and said.template is None else ():
            yield checked.resolved.problem(path, f"a duty is done without animals, but {message}")


def _about_animals(node: Node) -> Iterator[str]:
    """What of a plan needs an animal."""
    if isinstance(node, ForEachAnimal):
        yield "its plan has a for_each_animal"
    if isinstance(node, Step):
        if node.effect is not None and node.effect not in EFFECTS:
            yield f"step {node.name} has the effect {node.effect}"
        if node.place is not None:
            yield f"step {node.name} takes animals to a place; people work in a `workplace`"
        if isinstance(node.duration, Until):
            yield f"step {node.name} lasts until a moment that only visits have"
    for child in children(node):
        yield from _about_animals(child)


def warnings(checked: Checked) -> Iterator[Problem]:
    """A duty that never falls due, or only while the site is closed."""
    is_open = opening(checked.scenario, checked.scenario.days * DAY_S)
    for duty in made(checked.scenario):
        if not any(meets(is_open, moment_s, moment_s) for moment_s in duty.moments_s):
            when = "only falls due while the site is closed" if duty.moments_s else "never falls due within the run"
            yield checked.resolved.problem(("protocols", duty.plan, "duty"), f"this duty {when}")
