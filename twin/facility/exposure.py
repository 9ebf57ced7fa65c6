"""Doses of people who handle activity: written on the rows of the steps that gave them, and summed in a ledger.

The factors are ready when a run begins; what is left here is arithmetic. Who is only near (in the room, at a monitor)
gets their part outside the clock, from the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import exp, expm1, isnan
from typing import TYPE_CHECKING, Any, TypeAlias

from twin.facility import handled
from twin.facility.clock import Running
from twin.facility.hot_lab import Activity
from twin.facility.hot_lab_plans import ROOM as HOT_LAB
from twin.facility.log import FOUR, QUANTITIES
from twin.facility.program import Op
from twin.facility.roster import Worker
from twin.facility.state import Session, Visit
from twin.physics import exposures
from twin.physics.exposures import Factors
from twin.scenario.site_dose import Dose

if TYPE_CHECKING:
    from twin.facility.world import World

_TRUNK, _FINGER, _RING, _EYES = map(QUANTITIES.index, exposures.QUANTITIES)
_COLUMNS = (_TRUNK, _FINGER, _RING, _EYES)
FINGER = exposures.QUANTITIES.index("hp007_finger_sv")
MANY = len(exposures.QUANTITIES)
#: Nuclides and their activity when a step began [Bq].
Content: TypeAlias = Iterable[tuple[str, float]]


class Exposure:
    """What people got by handling, what animals carry, and what lies in the waste.

    Attributes
    ----------
    ledger : dict of person to list of float
        Doses since the run began, in the order of `twin.physics.exposures.QUANTITIES` [Sv].
    bodies : dict of animal to (dict of nuclide to (activity, time))
        What is in an animal [Bq] at a moment [s], of all its injections.
    busy_s : dict of person to float
        Time in steps, kept under the rotation ``least_busy`` only [s].
    """

    def __init__(self, world: World) -> None:
        self.world, self.rules = world, world.site.dose
        self.decay = self.rules.decay_per_s
        self.ledger: dict[str, list[float]] = {name: [0.0] * MANY for name in world.site.people}
        self.bodies: dict[str, dict[str, tuple[float, float]]] = {}
        self.waste = Activity(dict(self.decay))
        self.busy_s: dict[str, float] = dict.fromkeys(world.site.people, 0.0)
        self.counts_hours = world.site.policies.rotation == "least_busy"
        self._contents: dict[str, Callable[[Session, Op, float], Content]] = {
            "syringe": self._syringes,
            "vial": self._vials,
            "animals": self._animals,
            "contamination": self._contaminations,
            "spill": self._spilt,
            "housing": self._housed,
            "waste": self._wasted,
        }

    def prepare(self, op: Op) -> None:
        """What a step exposes to, found once for each program."""
        word = op.step.exposure if op.step is not None else None
        if word is None or op.need is None or not op.need.people:
            return
        op.sources = tuple((self._contents[source], factors) for source, factors in by_source(self.rules, word))
        op.open = word in self.rules.open_words

    # doses --------------------------------------------------------------------------------------------------------

    def ended(self, _world: World, session: Session, op: Op, running: Running) -> None:
        """A step at which people handled activity has ended or was aborted: its row says what each of them got."""
        start_s, constants = running.start_s, self.decay
        lasted_s = self.world.clock.moment_s - start_s
        trunk = finger = ring = eyes = 0.0
        nothing = True
        for content, factors in op.sources:
            last = None
            for nuclide, activity_bq in content(session, op, start_s):
                if nuclide is not last:
                    k_trunk, k_finger, k_ring, k_eyes = factors[nuclide]
                    last, decay = nuclide, constants[nuclide]
                    lost, nothing = -expm1(-decay * lasted_s), False
                decays = activity_bq * lost / decay
                trunk += k_trunk * decays
                finger += k_finger * decays
                ring += k_ring * decays
                eyes += k_eyes * decays
        if not nothing:
            self._got(running.people, (trunk, finger, ring, eyes))

    def _got(self, people: list[Worker], dose: tuple[float, float, float, float]) -> None:
        """Each of them got this: into the ledger and on the row; what is not modelled is null."""
        log, parts = self.world.log, self.world.log.parts
        trunk, finger, ring, eyes = dose
        if isnan(trunk + finger + ring + eyes):
            self._got_some(people, dose)
            return
        for worker in people:
            mine, row = self.ledger[worker.name], len(parts)
            mine[0] += trunk
            mine[1] += finger
            mine[2] += ring
            mine[3] += eyes
            log.quantities += FOUR(row, _TRUNK, trunk, row, _FINGER, finger, row, _RING, ring, row, _EYES, eyes)
            parts.append(worker.part)

    def _got_some(self, people: list[Worker], dose: tuple[float, ...]) -> None:
        """The same where not all quantities are modelled."""
        log = self.world.log
        for worker in people:
            for column, value in enumerate(dose):
                if not isnan(value):
                    self.ledger[worker.name][column] += value
                    log.tell(len(log.parts), _COLUMNS[column], value)
            log.parts.append(worker.part)

    def _syringes(self, session: Session, op: Op, start_s: float) -> Content:
        decay, syringes = self.decay, session.syringes
        held = [syringe for i in _seats(session, op) if (syringe := syringes[i]) is not None]
        return [(s.nuclide, s.activity_bq * exp(decay[s.nuclide] * (s.time_s - start_s))) for s in held]

    def _vials(self, session: Session, op: Op, start_s: float) -> Content:
        """Those of the syringes, or that work in the hot lab is for; else all of the tracer, or all that are there."""
        hot_lab = self.world.hot_lab
        names = {syringe.vial for i in _seats(session, op) if (syringe := session.syringes[i]) is not None}
        if session.plan.startswith(f"{HOT_LAB}/"):  # a check of an instrument is for none
            return handled.content(self.world, op, session.name.rpartition("/")[0], start_s)
        if not names:
            protocol = self.world.site.protocols.get(session.plan)
            tracer = None if protocol is None else protocol.tracer
            names = set(hot_lab.stock if tracer is None else hot_lab.by_tracer.get(tracer, ()))
        there = [hot_lab.stock[name] for name in sorted(names) if name in hot_lab.stock]
        nuclides = [hot_lab.vials[stock.name].nuclide for stock in there]
        decay = self.decay
        return [(n, s.activity_bq * exp(decay[n] * (s.time_s - start_s))) for n, s in zip(nuclides, there, strict=True)]

    def _animals(self, session: Session, op: Op, start_s: float) -> Content:
        visits = session.visits
        if op.who is not None and visits:
            visits = [visits[op.who]]
        elif not session.whole:
            visits = [visits[i] for i in session.there()]
        return self._of_all(visits, start_s)

    def _contaminations(self, session: Session, _op: Op, start_s: float) -> Content:
        """Of everybody who was in the session, also of those who have left."""
        return self._of_all(session.visits, start_s)

    def _spilt(self, session: Session, _op: Op, start_s: float) -> Content:
        return self.world.spills.content(session, start_s)

    def _housed(self, session: Session, _op: Op, start_s: float) -> Content:
        return self.world.nearby.in_housing(session.plan.partition("/")[2], start_s)

    def _of_all(self, visits: list[Visit], start_s: float) -> Content:
        """What is in animals."""
        decay, bodies, found = self.decay, self.bodies, []
        for visit in visits:
            body = bodies.get(visit.animal)
            if body:
                for nuclide, (bq, since_s) in body.items():
                    found.append((nuclide, bq * exp(decay[nuclide] * (since_s - start_s))))
        return found

    def carried(self, animal: str, time_s: float) -> dict[str, float]:
        """What is left in an animal at a moment, by nuclide, by physical decay alone [Bq]."""
        body = self.bodies.get(animal, {})
        return {n: bq * exp(self.decay[n] * (since_s - time_s)) for n, (bq, since_s) in body.items()}

    def _wasted(self, _session: Session, _op: Op, start_s: float) -> Content:
        lying = ((nuclide, self.waste.get("waste", nuclide, start_s)) for nuclide in self.decay)
        return [(nuclide, activity_bq) for nuclide, activity_bq in lying if activity_bq > 0.0]

    # where activity is --------------------------------------------------------------------------------------------

    def injected(self, animal: str, nuclide: str, activity_bq: float) -> None:
        """Activity is in an animal, beside what it has of other nuclides."""
        now, body = self.world.clock.moment_s, self.bodies.setdefault(animal, {})
        before_bq, since_s = body.get(nuclide, (0.0, now))
        body[nuclide] = (before_bq * exp(self.decay[nuclide] * (since_s - now)) + activity_bq, now)
        self.world.waste.injected(nuclide)

    def wasted(self, nuclide: str, activity_bq: float) -> None:
        """Activity lies in the waste."""
        self.waste.add("waste", nuclide, activity_bq, self.world.clock.moment_s)

    # rotation -----------------------------------------------------------------------------------------------------

    def worked(self, _world: World, _session: Session, _op: Op, running: Running) -> None:
        """A step has ended, or was aborted: who did it was busy."""
        if self.counts_hours:
            for worker in running.people:
                self.busy_s[worker.name] += self.world.clock.moment_s - running.start_s

    def rank(self, name: str) -> float:
        """Whoever has least of it comes first."""
        return self.busy_s[name] if self.counts_hours else self.ledger[name][FINGER]

    # state --------------------------------------------------------------------------------------------------------

    def to_plain(self) -> dict[str, Any]:
        """Everything as JSON values."""
        return {
            "ledger": self.ledger,
            "bodies": [[animal, [[n, *left] for n, left in body.items()]] for animal, body in self.bodies.items()],
            "waste": list(self.waste.sums.items()),
            "busy_s": self.busy_s,
        }

    def from_plain(self, plain: dict[str, Any]) -> None:
        """What `to_plain` wrote."""
        self.ledger = {name: list(doses) for name, doses in plain["ledger"].items()}
        self.bodies = {animal: {n: (bq, since_s) for n, bq, since_s in body} for animal, body in plain["bodies"]}
        self.waste.sums = {key: (a, t) for key, (a, t) in plain["waste"]}
        self.busy_s = dict(plain["busy_s"])


def by_source(rules: Dose, word: str) -> list[tuple[str, dict[str, Factors]]]:
    """What each source of a word gives, by nuclide."""
    found: dict[str, dict[str, Factors]] = {}
    for nuclide in rules.decay_per_s:
        for source, factors in rules.factors[word, nuclide]:
            found.setdefault(source, {})[nuclide] = factors
    return list(found.items())


def _seats(session: Session, op: Op) -> list[int]:
    """Places of the animals that a step is for; none without animals."""
    return session.scope(op.who) if session.visits else []
