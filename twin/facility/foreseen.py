"""What work is expected to cost each person who did every step of it that they can, asked before it begins.

A session that injects: by its plan, without decay before each step (`twin.scenario.dosing`). What its animals still
have in them of earlier visits, and what work without animals handles (vials, columns, animals in the radioactive
housing), is known when it begins. Each step counts with its mean time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from twin.distributions import Distribution
from twin.facility import handled
from twin.facility.exposure import by_source
from twin.facility.hot_lab_plans import ROOM as HOT_LAB
from twin.facility.nearby import NOTHING_BQ
from twin.physics import exposures
from twin.physics.exposures import Factors
from twin.plan import Step

if TYPE_CHECKING:
    from twin.facility.program import Op, Program
    from twin.facility.state import Visit
    from twin.facility.world import World

#: By person [Sv].
Expected: TypeAlias = Mapping[str, Sequence[float]]
Content: TypeAlias = Iterable[tuple[str, float]]
#: Where the activity of animals is.
_OF_ANIMALS = ("animals", "contamination")
_MANY = len(Factors._fields)


class _Exposing(NamedTuple):
    """A step that exposes, who may do it, and what a becquerel of each source gives in its mean time, by nuclide.

    That is a number of decays and the dose of one, by column; what is not modelled adds nothing.
    """

    op: Op
    sources: list[tuple[str, dict[str, tuple[float, float, float, float, float]]]]
    able: tuple[str, ...]


class Foreseen:
    """What is foreseen in a world; what only hangs on the plan is found once."""

    def __init__(self, world: World) -> None:
        self.world, self.rules = world, world.site.dose
        self._by_plan: dict[tuple[str, int], dict[str, Factors]] = {}
        self._steps: dict[tuple[str, int], list[_Exposing]] = {}

    def session(self, program: Program, visits: Sequence[Visit] = ()) -> Expected:
        """Of a session with these animals, or of a plan alone."""
        planned = self._by_plan.get(program.key)
        if planned is None:
            planned = self._by_plan[program.key] = self._planned(program)
        carried = [self._carried(visit.animal) for visit in visits]
        return _together(planned, self._of_animals(program, carried)) if any(carried) else planned

    def work(self, program: Program, plan: str, name: str) -> Expected:
        """Of work without animals that is about to begin, named by what it is for."""
        room = plan.partition("/")[2]

        def content(op: Op, source: str) -> Content:
            if source == "housing":
                return self.world.nearby.in_housing(room, self.world.clock.moment_s)
            return handled.most(self.world, op, name) if source == "vial" and plan.startswith(HOT_LAB) else ()

        return self._sum(program, content)

    def _carried(self, animal: str) -> list[tuple[str, float]]:
        """What is left in an animal of earlier visits, as it is when it comes."""
        world = self.world
        if animal not in world.exposure.bodies:
            return []
        own = world.clearing if animal in world.clearing.injections else world.exposure
        return [(n, bq) for n, bq in own.carried(animal, world.clock.moment_s).items() if bq > NOTHING_BQ]

    def _of_animals(self, program: Program, carried: list[list[tuple[str, float]]]) -> dict[str, list[float]]:
        everything = [part for own in carried for part in own]

        def content(op: Op, source: str) -> Content:
            if source not in _OF_ANIMALS:
                return ()
            return everything if op.who is None or source == "contamination" else carried[op.who]

        return self._sum(program, content)

    def _sum(self, program: Program, content: Callable[[Op, str], Content]) -> dict[str, list[float]]:
        """Of all exposing steps that somebody can do."""
        totals: dict[str, list[float]] = {}
        for op, sources, able in self._exposing(program):
            trunk = finger = ring = eyes = 0.0
            for source, factors in sources:
                for nuclide, activity_bq in content(op, source):
                    seconds, k_trunk, k_finger, k_ring, k_eyes = factors[nuclide]
                    decays = activity_bq * seconds
                    trunk += k_trunk * decays
                    finger += k_finger * decays
                    ring += k_ring * decays
                    eyes += k_eyes * decays
            if trunk or finger or ring or eyes:
                for name in able:
                    totals[name] = _added(totals.get(name), (trunk, finger, ring, eyes))
        return totals

    def _exposing(self, program: Program) -> list[_Exposing]:
        if program.key not in self._steps:
            self._steps[program.key] = [self._exposing_step(op) for op in program.ops if op.sources]
        return self._steps[program.key]

    def _exposing_step(self, op: Op) -> _Exposing:
        assert op.step is not None
        assert op.step.exposure is not None
        assert op.need is not None
        people, needs = self.world.site.people.values(), op.need.people
        able = tuple(person.name for person in people if any(skills <= person.skills for skills in needs))
        lasts_s, sources = _mean_s(op.step), by_source(self.rules, op.step.exposure)
        return _Exposing(op, [(source, self._for_each(factors, lasts_s)) for source, factors in sources], able)

    def _for_each(
        self, factors: dict[str, Factors], lasts_s: float
    ) -> dict[str, tuple[float, float, float, float, float]]:
        """Decays of a becquerel of each nuclide in a time, and what one gives."""
        found = {}
        for nuclide, known in factors.items():
            trunk, finger, ring, eyes = (0.0 if isnan(factor) else factor for factor in known)
            found[nuclide] = exposures.seconds(self.rules.decay_per_s[nuclide], lasts_s), trunk, finger, ring, eyes
        return found

    def _planned(self, program: Program) -> dict[str, Factors]:
        """What follows from the plan alone."""
        by_step = self.rules.predicted.get(program.key[0], {})
        totals: dict[str, list[float]] = {}
        for op, _, able in self._exposing(program) if by_step else ():
            known = by_step.get(op.name)
            if known is None:
                continue
            animals = 1 if op.who is not None else program.key[1]
            dose = [fixed + animals * each for fixed, each in zip(known.fixed, known.per_animal, strict=True)]
            for name in able:
                totals[name] = _added(totals.get(name), dose)
        return {name: Factors(*dose) for name, dose in totals.items()}


def _mean_s(step: Step) -> float:
    """How long a step takes in the mean; nothing for one that ends at a moment."""
    return step.duration.mean if isinstance(step.duration, Distribution) else 0.0


def _added(before: Sequence[float] | None, dose: Sequence[float]) -> list[float]:
    return list(dose) if before is None else [a + b for a, b in zip(before, dose, strict=True)]


def _together(first: Expected, second: Expected) -> dict[str, list[float]]:
    names = [*first, *(name for name in second if name not in first)]
    nothing = (0.0,) * _MANY
    return {name: _added(first.get(name, nothing), second.get(name, nothing)) for name in names}
