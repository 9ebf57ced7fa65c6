"""The usual orders of an imaging session: injected before it, injected on the bed, not injected at all."""

from __future__ import annotations

from twin.plan import ForEachAnimal, Node, Plan, Sequence
from twin.scanners import blocks
from twin.scanners.settings import Settings


def before(s: Settings, scans: tuple[Node, ...], first: str, *, box: bool = False) -> Plan:
    """Inject outside, wait for the uptake, then scan; the wait ends when step `first` is to begin.

    With a `box` all animals are anaesthetised together in it.
    """
    body = (
        *blocks.arrive(s, blocks.induction(s) if s.awake else "induce"),
        *blocks.inject_all(s),
        blocks.uptake(s, first),
        *onto_bed(s, blocks.induction(s) if s.awake else None, box),
        blocks.dock(s),
        *blocks.own_ct(s),
        *scans,
        *blocks.afterwards(s),
    )
    return Plan(s.name, Sequence(body), way_out="undock")


def onto_bed(s: Settings, induced: str | None, box: bool) -> tuple[Node, ...]:
    """The animals in their places of the bed; who is awake is anaesthetised, one by one or all in a box."""
    if induced is None:
        return (ForEachAnimal(blocks.position(s)),)
    induce = blocks.induce_on_bed(s, induced)
    if s.has_both and s.agent_route == "iv":
        return (ForEachAnimal(Sequence((induce, blocks.catheter(s), blocks.position(s)))),)
    return (
        (induce, ForEachAnimal(blocks.position(s))) if box else (ForEachAnimal(Sequence((induce, blocks.position(s)))),)
    )


def on_bed(s: Settings, scans: tuple[Node, ...]) -> Plan:
    """Catheter and position first; what is injected is among the scans, on the bed."""
    line = (blocks.catheter(s),) if s.route == "iv" else ()
    body = (
        *blocks.arrive(s, "induce"),
        ForEachAnimal(Sequence(blocks.prepare(s))),
        ForEachAnimal(Sequence((blocks.induce_on_bed(s, "induce"), *line, blocks.position(s)))),
        blocks.dock(s),
        *blocks.own_ct(s),
        *scans,
        *blocks.afterwards(s),
    )
    return Plan(s.name, Sequence(body), way_out="undock")


def plain(s: Settings, scans: tuple[Node, ...], *, box: bool = False) -> Plan:
    """Nothing is injected."""
    body = (
        *blocks.arrive(s, "induce"),
        ForEachAnimal(Sequence(blocks.prepare(s))),
        *onto_bed(s, "induce", box),
        blocks.dock(s),
        *blocks.own_ct(s),
        *scans,
        *blocks.afterwards(s),
    )
    return Plan(s.name, Sequence(body), way_out="undock")
