"""What leaves animals by bladder and bowel: what is still in one that comes again, or waits to be let out.

In a session everything stays with the animal and its bed. Once it is home, what it voids lies in the bedding; so what
it brings to its next visit, and what keeps it in the radioactive housing, is the part that its tracer's kinetics leave
in the body (`twin.animals.excretion`). Of a tracer whose kinetics are not known all stays.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from twin.facility.state import Session
    from twin.facility.world import World

#: Study and protocol of an injection, its nuclide, how much [Bq], when [s].
Injection: TypeAlias = tuple[str, str, str, float, float]
#: A nuclide, activity now [Bq], and how fast it goes [1/s]; activity may be negative where others hold it up.
Term: TypeAlias = tuple[str, float, float]
#: Of a tracer of which nothing is known to leave.
_ALL = ((1.0, 0.0),)


class Clearing:
    """The injections of each animal whose tracers leave its body.

    Attributes
    ----------
    injections : dict of animal to list of Injection
        Of animals that have had a tracer that leaves.
    """

    def __init__(self, world: World) -> None:
        self.world, self.retained = world, world.site.dose.retained
        self.injections: dict[str, list[Injection]] = {}

    def injected(self, session: Session, i: int, nuclide: str, activity_bq: float) -> None:
        """Activity is in an animal."""
        visit = session.visits[i]
        if self.retained:
            given = (visit.study, session.plan, nuclide, activity_bq, self.world.clock.moment_s)
            self.injections.setdefault(visit.animal, []).append(given)

    def comes(self, animal: str) -> None:
        """An animal comes again: what it carries is what is left in its body."""
        if animal in self.injections:
            now = self.world.clock.moment_s
            self.world.exposure.bodies[animal] = {n: (bq, now) for n, bq in self.carried(animal, now).items()}

    def carried(self, animal: str, time_s: float) -> dict[str, float]:
        """What is left in an animal at home at a moment, by nuclide [Bq]."""
        found: dict[str, float] = {}
        for given in self.injections[animal]:
            left_bq = sum(activity_bq for _, activity_bq, _ in self._terms_of(given, time_s))
            found[given[2]] = found.get(given[2], 0.0) + max(0.0, left_bq)
        return found

    def terms(self, animal: str, time_s: float) -> list[Term]:
        """The same as exponentials, which say what is left at any later moment too."""
        return [term for given in self.injections[animal] for term in self._terms_of(given, time_s)]

    def _terms_of(self, given: Injection, time_s: float) -> list[Term]:
        study, protocol, nuclide, activity_bq, since_s = given
        elapsed_s, decay_per_s = time_s - since_s, self.world.exposure.decay[nuclide]
        stays = self.retained.get(study, {}).get(protocol, _ALL)
        left_bq = activity_bq * exp(-decay_per_s * elapsed_s)
        return [(nuclide, height * exp(-rate * elapsed_s) * left_bq, rate + decay_per_s) for height, rate in stays]

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> list[Any]:
        """Everything as JSON values."""
        return list(self.injections.items())

    def from_plain(self, plain: list[Any]) -> None:
        """What `to_plain` wrote."""
        self.injections = {animal: [tuple(one) for one in given] for animal, given in plain}
