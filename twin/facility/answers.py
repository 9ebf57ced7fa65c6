"""From the scan to the answer: the images of each usable visit are processed, segmented and read without the animal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.facility import player
from twin.facility.program import Program, compile_plan
from twin.facility.state import Session, Visit, to_plain
from twin.scenario.answers import ANSWER

if TYPE_CHECKING:
    from twin.facility.world import World

#: Images wait longer than animals: what is done to them comes after every study.
LAST = 10_000


class Answers:
    """Images that wait for their answer.

    Attributes
    ----------
    visits : dict of session to Visit
        Whose images a session without animals is about.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.plans = {protocol: plan.name for protocol, plan in world.site.answers.items()}
        self.programs: dict[str, Program] = {plan.name: compile_plan(plan, 0) for plan in world.site.answers.values()}
        self.visits: dict[str, Visit] = {}

    def begin(self, session: Session, i: int, reason: str | None) -> None:
        """A visit has ended: if it was scanned and the scan can be used, its images are taken up."""
        plan = self.plans.get(session.plan)
        if plan is None or reason is not None or "scan" not in session.outcomes[i]:
            return
        world, visit = self.world, session.visits[i]
        name = f"{visit.name}/{ANSWER}"
        self.visits[name] = visit
        own = world.new_session(name, plan, LAST, None, [], self.programs[plan])
        player.advance(world, own, own.program.entry)
        world.clock.unsettled = True

    def over(self, session: Session) -> None:
        """The last of it is done: the answer is there."""
        visit = self.visits.pop(session.name, None)
        if visit is not None and session.given_up is None:
            self.world.happenings.to_visit("answer", visit)

    def to_plain(self) -> list[Any]:
        """Everything as JSON values."""
        return [[name, to_plain(visit)] for name, visit in self.visits.items()]

    def from_plain(self, plain: list[Any]) -> None:
        """What `to_plain` wrote."""
        self.visits = {name: Visit(**visit) for name, visit in plain}
