"""The planned course of a program: what slots are cut from, and how long before a moment a step must end."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from twin.plan import Choice, ForEachAnimal, Node, Parallel, Repeat, Sequence, Step, Until

if TYPE_CHECKING:
    from twin.facility.program import Op


class Planned:
    """The planned course: every duration its mean, every injection good, nothing waited for."""

    def __init__(self, animals: int, ops: tuple[Op, ...], at: dict[tuple[str, int | None], int]) -> None:
        self.animals, self.ops, self.at = animals, ops, at
        self.start: dict[tuple[str, int | None], float] = {}
        self.end: dict[tuple[str, int | None], float] = {}
        self.order: list[tuple[Step, int | None]] = []
        self.end_s = 0.0

    def play(self, body: Node) -> None:
        """Until nothing changes: what leads up to a moment depends on waits that come later, such as the uptake."""
        for waits in ((), ("injection",), ("injection", "booked")):
            self.order.clear()
            self.end_s = self.node(body, None, 0.0, waits)
            self.set_leads()
        self.set_inject_leads()

    def node(self, node: Node, who: int | None, t: float, waits: tuple[str, ...]) -> float:
        """When a node ends that begins at ``t``; only the waits named are waited for."""
        match node:
            case Step():
                return self.step(node, who, t, waits)
            case Sequence(nodes):
                return reduce(lambda now, part: self.node(part, who, now, waits), nodes, t)
            case Parallel(branches):
                return max((self.node(b, who, t, waits) for b in branches), default=t)
            case ForEachAnimal(body, at_once):
                return self.lanes(body, at_once, t, waits)
            case Choice(cases=cases):
                return self.node(cases[0][1], who, t, waits) if cases else t
            case Repeat(body=body):
                return self.node(body, who, t, waits)

    def lanes(self, body: Node, at_once: int, t: float, waits: tuple[str, ...]) -> float:
        """When the last animal is through."""
        ends = [t] * min(at_once, self.animals)
        for animal in range(self.animals):
            ends[animal % at_once] = self.node(body, animal, ends[animal % at_once], waits)
        return max(ends, default=t)

    def step(self, step: Step, who: int | None, t: float, waits: tuple[str, ...]) -> float:
        """When a step ends; its times are kept."""
        key = (step.name, who)
        self.start[key] = t
        self.end[key] = t + self.length(step, who, t, waits)
        self.order.append((step, who))
        return self.end[key]

    def length(self, step: Step, who: int | None, t: float, waits: tuple[str, ...]) -> float:
        """Mean duration, or the time to the moment at which it is to end."""
        if not isinstance(step.duration, Until):
            return step.duration.mean
        if step.duration.event == "booked" or step.duration.event not in waits:
            return 0.0
        injected = [self.end[s.name, w] for s, w in self.order if s.effect == "inject"]
        mean = sum(injected) / len(injected) if injected else t
        return max(0.0, mean + step.duration.offset_s - self.ops[self.at[step.name, who]].lead_s - t)

    def set_leads(self) -> None:
        """From the end of each wait to the step that it leads to."""
        for (name, who), end in self.end.items():
            op = self.ops[self.at[name, who]]
            if op.until is not None:
                op.lead_s = max(0.0, self.first(op.until.lead_to, end) - end)

    def first(self, name: str, default: float) -> float:
        """When a step of this name first begins."""
        return min((t for (step, _), t in self.start.items() if step == name), default=default)

    def set_inject_leads(self) -> None:
        """From drawing to the end of the injection, for each syringe: what will decay in it."""
        injections = {who: self.end[s.name, who] for s, who in self.order if s.effect == "inject"}
        for step, who in self.order:
            if step.effect == "draw":
                injected = injections.get(who, max(injections.values(), default=self.start[step.name, who]))
                self.ops[self.at[step.name, who]].inject_lead_s = max(0.0, injected - self.start[step.name, who])

    def span(self, thing: str) -> tuple[float, float] | None:
        """From the first need of a bed or scanner to its release."""
        needed = [(s, w) for s, w in self.order if _needs(s, thing)]
        if not needed:
            return None
        untils = {until for s, _ in needed for held, until in s.holds if held == thing}
        last = [self.end[s.name, w] for s, w in self.order if s.name in untils] or [
            self.end[s.name, w] for s, w in needed
        ]
        return min(self.start[s.name, w] for s, w in needed), max(last)

    def anchor_s(self) -> float:
        """When a bed or scanner is first needed."""
        spans = [span[0] for span in (self.span("bed"), self.span("scanner")) if span]
        return min(spans, default=0.0)

    def first_draw(self) -> float | None:
        """When the first syringe is drawn."""
        return min((self.start[s.name, w] for s, w in self.order if s.effect == "draw"), default=None)

    def last_injection(self) -> float | None:
        """When the last injection ends."""
        return max((self.end[s.name, w] for s, w in self.order if s.effect == "inject"), default=None)


def _needs(step: Step, thing: str) -> bool:
    if thing == "bed":
        return step.bed
    return step.takes_second if thing == "second" else step.takes_scanner
