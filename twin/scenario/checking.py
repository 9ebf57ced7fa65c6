"""What the checks look at: the scenario with its scanners and plans made as far as they can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from twin.errors import Problem, nearest
from twin.plan import Plan
from twin.scenario import expand, model, protocols
from twin.scenario.loading import Resolved
from twin.scenario.reading import Path
from twin.scenario.roles import skills_of
from twin.scenario.site import Site
from twin.scenario.site_machines import Scanner


@dataclass(frozen=True)
class Checked:
    """A resolved scenario and what could be made of it; a protocol with mistakes has no plan."""

    resolved: Resolved
    scanners: Mapping[str, Scanner]
    plans: Mapping[str, Plan]
    plan_problems: tuple[Problem, ...]

    @property
    def scenario(self) -> model.Scenario:
        """The models."""
        return self.resolved.scenario

    @cached_property
    def site(self) -> Site:
        """What the clock would get, without what images yield; made once, for a scenario without mistakes."""
        return expand.site(self.resolved, told=None)

    def unknown(self, path: Path, what: str, name: str | None, options: Iterable[str]) -> Iterator[Problem]:
        """A mistake if ``name`` is none of the options; no name is no mistake."""
        known = list(options)
        if name is not None and name not in known:
            allowed = ", ".join(known) or "none is defined"
            yield self.resolved.problem(path, f"there is no such {what}", name, allowed, nearest(name, known))

    def nobody_has(self, path: Path, skill: str, why: str) -> Iterator[Problem]:
        """A mistake if nobody has a skill that is named; ``why`` says for what."""
        numbers = self.resolved.numbers
        known = sorted({each for person in self.scenario.staff.values() for each in skills_of(person, numbers)})
        if skill not in known:
            message = f"nobody has the skill {why}"
            yield self.resolved.problem(path, message, skill, ", ".join(known) or "none", nearest(skill, known))

    def protocols_of(self, study: str) -> tuple[str, ...]:
        """The protocols that a study uses."""
        said = self.scenario.studies[study]
        return tuple(dict.fromkeys(point.protocol or said.protocol for point in said.time_points.values()))


def prepare(resolved: Resolved) -> Checked:
    """Make what can be made."""
    scanners = expand.scanners(resolved)
    plans: dict[str, Plan] = {}
    problems: list[Problem] = []
    for name in resolved.scenario.protocols:
        plan, mistakes = protocols.read(resolved, name, scanners)
        problems += mistakes
        if plan is not None:
            plans[name] = plan
    return Checked(resolved, scanners, plans, tuple(problems))
