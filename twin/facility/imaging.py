"""Counts of a scan, as far as they decide something: a scan is prolonged until they are reached, or done again.

What a scanner sees is a table of the site; here it is only looked up.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from twin.distributions import tick
from twin.facility.program import Op
from twin.facility.state import Session
from twin.physics import counts
from twin.physics.counts import BedResponse
from twin.scenario import site_imaging

if TYPE_CHECKING:
    from twin.facility.roster import Worker
    from twin.facility.world import World

#: The outcome of an animal whose scan has too few counts.
COUNTS, FEW = "counts", "few"


def target(world: World, session: Session, policy: str) -> float | None:
    """Counts that a session's scan must reach, if this policy does something about it."""
    imaging = world.site.imaging
    return imaging.targets.get(session.plan) if imaging.below == policy else None


def response(world: World, session: Session, op: Op) -> BedResponse | None:
    """What the scanner of a step sees of the session's animals, where that is known."""
    by_scanner = world.site.imaging.responses.get(session.study or "")
    if op.step is None or not op.step.emission:
        return None
    return by_scanner.get(session.machine(op.at_second) or "") if by_scanner else None


def prolonged_s(world: World, session: Session, op: Op, _people: list[Worker], planned_s: float) -> float:
    """How long a scan that begins now lasts [s]."""
    wanted, sees = target(world, session, "prolong"), response(world, session, op)
    if wanted is None or sees is None:
        return planned_s
    animals, activity = _activities(world, session, op, world.clock.moment_s)
    if not animals or min(activity) <= 0.0:
        return planned_s
    longest_s, what = planned_s * world.site.imaging.prolong_to, world.site.imaging.sources[session.plan]
    return tick(max(planned_s, counts.time_to_s(sees, activity, wanted, longest_s, what)))


def judge(world: World, session: Session, op: Op) -> None:
    """A scan has ended: who has too few counts is noted. One that is repeated within its plan lasted its mean."""
    wanted, sees = target(world, session, "repeat"), response(world, session, op)
    if wanted is None or sees is None or op.duration is None:
        return
    lasted_s = session.durations[op.timed] if op.once else op.duration.mean
    animals, activity = _activities(world, session, op, world.clock.moment_s - lasted_s)
    if not animals:
        return
    nec = counts.scanned(sees, activity, lasted_s, world.site.imaging.sources[session.plan]).nec
    for i, reached in zip(animals, nec.tolist(), strict=True):
        if reached < wanted:
            session.outcomes[i][COUNTS] = FEW


def _activities(world: World, session: Session, op: Op, moment_s: float) -> tuple[list[int], list[float]]:
    """The animals of a scan that have been injected, as many as the bed has places, and what they hold [Bq]."""
    what, sees = world.site.imaging.sources[session.plan], response(world, session, op)
    places = len(sees.trues) if sees else 0
    animals = [i for i in session.scope(op.who) if session.injected_s[i] is not None][:places]
    return animals, [_activity_bq(world, session, i, moment_s, what.decay_per_s) for i in animals]


def _activity_bq(world: World, session: Session, i: int, moment_s: float, decay_per_s: float) -> float:
    """Injected, less decay and what was voided."""
    injected_s = session.injected_s[i]
    assert injected_s is not None
    since_s = max(0.0, moment_s - injected_s)
    left = float(site_imaging.left(world.site.imaging, session.study or "", session.plan, since_s))
    return session.injected_bq[i] * exp(-decay_per_s * since_s) * left
