"""What is in the hands of who works in the hot lab beside drawing syringes, and how much that may be.

A vial that has come, or is tested, is in its pot. What is made is not there before its step ends: meanwhile a
generator is eluted, what a kit was given is in its vial, or a synthesis runs behind its wall.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, TypeAlias

from twin.facility.hot_lab_plans import PREPARE

if TYPE_CHECKING:
    from twin.facility.program import Op
    from twin.facility.world import World
    from twin.scenario.site_hot_lab import Generator, Preparation

#: Nuclides and their activity at a moment [Bq].
Content: TypeAlias = list[tuple[str, float]]


def content(world: World, op: Op, vial: str, at_s: float) -> Content:
    """What the step of a session for this vial had in hand at a moment at which it was under way."""
    made = _preparation(world, vial)
    if op.effect != PREPARE or made is None:
        return _on_shelf(world, vial, at_s)
    if made.generator is not None:
        return column(world, world.site.radiopharmacy.generators[made.generator], at_s)
    own = world.hot_lab.vials[vial]
    if made.drawn is not None:
        taken_bq, since_s = world.radiopharmacy.taken.get(vial, (0.0, at_s))
        return [(own.nuclide, taken_bq * exp(own.decay_constant_per_s * (since_s - at_s)))]
    return [(own.nuclide, started_bq(world, vial, made, at_s))]


def most(world: World, op: Op, vial: str) -> Content:
    """The most that a step of a session for this vial can have in hand, if the session begins now."""
    made, now = _preparation(world, vial), world.clock.moment_s
    if made is None:
        return _on_shelf(world, vial, now)
    if op.effect == PREPARE:
        own = world.hot_lab.vials[vial]
        return content(world, op, vial, now) if made.drawn is None else [(own.nuclide, made.drawn[1])]
    share = min(1.0, made.share.support[1])
    return [(world.hot_lab.vials[vial].nuclide, share * _grown_bq(world, made, vial, now))]


def column(world: World, generator: Generator, at_s: float) -> Content:
    """The parent on the newest column, with its progeny."""
    name = world.radiopharmacy.column(generator)
    return [] if name is None else _on_shelf(world, name, at_s)


def started_bq(world: World, vial: str, made: Preparation, at_s: float) -> float:
    """What is left of the activity that was there when a synthesis fell due [Bq]."""
    due_s = next(moment_s for moment_s, name in made.vials if name == vial)
    assert made.start_bq is not None
    return made.start_bq * exp(-world.hot_lab.vials[vial].decay_constant_per_s * (at_s - due_s))


def _grown_bq(world: World, made: Preparation, vial: str, at_s: float) -> float:
    """What a preparation begins with, or the most that a column can give, in equilibrium [Bq]."""
    if made.drawn is not None:
        return made.drawn[1]
    if made.generator is None:
        return started_bq(world, vial, made, at_s)
    of = world.site.radiopharmacy.generators[made.generator]
    parent_bq = sum(activity_bq for _, activity_bq in column(world, of, at_s))
    return parent_bq * of.branching * of.daughter_per_s / (of.daughter_per_s - of.parent_per_s)


def _preparation(world: World, vial: str) -> Preparation | None:
    known = world.hot_lab.vials.get(vial)
    return None if known is None else world.site.radiopharmacy.preparations.get(known.delivery)


def _on_shelf(world: World, vial: str, at_s: float) -> Content:
    """What is in a vial that is there."""
    stock, known = world.hot_lab.stock.get(vial), world.hot_lab.vials.get(vial)
    if stock is None or known is None:
        return []
    return [(known.nuclide, stock.activity_bq * exp(known.decay_constant_per_s * (stock.time_s - at_s)))]
