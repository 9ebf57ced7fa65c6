"""What the clock keeps: visits, sessions and animals as plain values that can be written down and read back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from operator import and_
from typing import TYPE_CHECKING, Any

from twin.facility.clock import Running
from twin.facility.program import Program

if TYPE_CHECKING:
    from twin.scenario.site_animals import Physiology


@dataclass(slots=True)
class Visit:
    """One animal at one time point; ``number`` counts the bookings of it, ``due_s`` is what is aimed at."""

    name: str
    animal: str
    study: str
    time_point: str
    protocol: str
    number: int
    requested_s: float
    due_s: float
    earliest_s: float
    latest_s: float | None
    mass_kg: float
    group: str


@dataclass(slots=True)
class AnimalState:
    """What decisions need of an animal: its anaesthesias, whether it lives, in which session it is, its temperature.

    ``temperature_degc`` (None: normal) was that at ``since_s`` and goes to ``balance_degc`` with ``rate_per_s``; asleep
    it was ``shell_k`` above the mean of the body, which goes with ``mixing_per_s``, and as much of what was injected
    had gone as goes in ``cleared_s`` in a warm animal. ``lies`` is the room in which it sleeps. ``excluded`` says
    why it takes part no more, ``enrolled`` whether it ever has; ``implanted_s`` when a visit has implanted its tumour.
    """

    anaesthesias: int = 0
    last_anaesthesia_s: float | None = None
    alive: bool = True
    session: str | None = None
    arrived_s: float = 0.0
    temperature_degc: float | None = None
    since_s: float = 0.0
    balance_degc: float = 0.0
    rate_per_s: float = 0.0
    shell_k: float = 0.0
    mixing_per_s: float = 0.0
    cleared_s: float = 0.0
    lies: str | None = None
    excluded: str | None = None
    enrolled: bool = False
    implanted_s: float | None = None


@dataclass(slots=True)
class Syringe:
    """What is in a syringe at ``time_s`` [Bq, m3, mol]."""

    name: str
    nuclide: str
    activity_bq: float
    volume_m3: float
    amount_mol: float | None
    time_s: float
    expiry_s: float
    vial: str


@dataclass(slots=True)
class Session:
    """A plan that is being played.

    Attributes
    ----------
    name : str
        Named by its first visit, so that nothing else's number moves it.
    visits : list of Visit
        One for each place of the bed; empty for work without animals.
    present : list of bool
        Whether the animal is still in the session.
    asleep : list of bool
        Whether it is anaesthetised.
    room : list of str or None
        In which room it has a place.
    holds : dict of str to str
        ``scanner``, ``bed`` and ``second`` while the session has them, and the step at whose end it gives them back.
    arrived : dict of op to int
        How many branches have come to a join.
    tries : dict of op to int
        How often a repeated body has begun; also counts the draws of its steps.
    running : dict of op to Running
        Steps under way.
    left_s : dict of op to float
        Steps that somebody left: what is still to do [s].
    waiting : dict of op to float
        Since when a step waits for what it needs [s].
    resting : dict of op to float
        Until when a step is put off, because an animal is too cold for it [s].
    """

    name: str
    plan: str
    priority: int
    study: str | None
    visits: list[Visit]
    program: Program
    luck: list[float]
    scanner: str | None = None
    bed: str | None = None
    second: str | None = None
    booked_s: float | None = None
    started_s: float = 0.0
    present: list[bool] = field(default_factory=list)
    asleep: list[bool] = field(default_factory=list)
    room: list[str | None] = field(default_factory=list)
    holds: dict[str, str] = field(default_factory=dict)
    arrived: dict[int, int] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    running: dict[int, Running] = field(default_factory=dict)
    left_s: dict[int, float] = field(default_factory=dict)
    waiting: dict[int, float] = field(default_factory=dict)
    resting: dict[int, float] = field(default_factory=dict)
    outcomes: list[dict[str, str]] = field(default_factory=list)
    shared_outcomes: dict[str, str] = field(default_factory=dict)
    syringes: list[Syringe | None] = field(default_factory=list)
    injected_s: list[float | None] = field(default_factory=list)
    injected_bq: list[float] = field(default_factory=list)
    fasting: list[bool] = field(default_factory=list)
    ended: list[bool] = field(default_factory=list)
    anaesthetised: list[int] = field(default_factory=list)
    attendant: str | None = None
    committed: bool = False
    given_up: str | None = None
    #: Why it ends before it touches an animal, if it has not yet.
    called_off: str | None = None
    asleep_since_s: float | None = None
    #: Who does no exposing step of it for a budget of dose; who does none with open activity.
    barred: list[str] = field(default_factory=list)
    careful: list[str] = field(default_factory=list)
    #: What it was expected to cost each person when it began, if that does not follow from its plan [Sv].
    foreseen: dict[str, list[float]] = field(default_factory=dict)
    #: Whether everybody is still there and nothing was given up; whether the plan has come to its end.
    whole: bool = True
    over: bool = False
    everyone: list[int] = field(default_factory=list)
    #: How long the first attempt of each step takes [s], by `Op.timed`.
    durations: list[float] = field(default_factory=list)
    #: Numbers of the log: each of its visits and, last, the session as a subject; each animal as a part.
    subjects: list[int] = field(default_factory=list)
    animal_parts: list[int] = field(default_factory=list)
    #: What is kept of each of its animals beyond the session.
    animals: list[AnimalState] = field(default_factory=list)
    #: What is known of their kind.
    physiology: Physiology | None = None

    def __post_init__(self) -> None:
        n = len(self.visits)
        self.everyone = list(range(n))
        if not self.present and n:
            self.present, self.asleep, self.fasting, self.ended = [True] * n, [False] * n, [False] * n, [False] * n
            self.room, self.syringes, self.injected_s = [None] * n, [None] * n, [None] * n
            self.injected_bq = [0.0] * n
            self.outcomes = [{} for _ in range(n)]

    @property
    def anyone_asleep(self) -> bool:
        """Whether somebody must attend."""
        return True in self.asleep

    def machine(self, second: bool) -> str | None:
        """The scanner at which a step is done: its own, or the second one, to which its bed was moved."""
        return self.second if second else self.scanner

    def sleeps(self, who: int | None) -> bool:
        """Whether an animal is anaesthetised, or any of those that are still there."""
        if who is not None:
            return self.asleep[who]
        return True in self.asleep if self.whole else any(map(and_, self.asleep, self.present))

    @property
    def empty_handed(self) -> bool:
        """Whether it holds nothing for which another could wait: no scanner, no bed, nobody, no place."""
        return not (self.holds or self.attendant or any(self.room))

    def scope(self, who: int | None) -> list[int]:
        """Places of the animals that a step is for: one, or all that are still there."""
        if who is not None:
            return [who]
        return self.everyone if self.whole else self.there()

    def there(self) -> list[int]:
        """Places of the animals that are still in the session."""
        return [i for i, present in enumerate(self.present) if present]


#: Attributes that are not written down: the world makes them again.
_NOT_STATE = {"program", "durations", "subjects", "animal_parts", "animals", "everyone", "physiology"}


def session_to_plain(session: Session) -> dict[str, Any]:
    """A session as JSON values."""
    plain = {f.name: getattr(session, f.name) for f in fields(session) if f.name not in _NOT_STATE}
    plain["visits"] = [to_plain(v) for v in session.visits]
    plain["running"] = [[op, r.start_s, [w.name for w in r.people], r.room] for op, r in session.running.items()]
    plain["syringes"] = [s and to_plain(s) for s in session.syringes]
    for name in ("arrived", "tries", "left_s", "waiting", "resting"):
        plain[name] = list(getattr(session, name).items())
    plain["animals"] = session.program.key[1]
    return plain


def session_from_plain(plain: dict[str, Any], program: Program) -> Session:
    """The session that `session_to_plain` wrote."""
    data = {key: value for key, value in plain.items() if key != "animals"}
    data["visits"] = [Visit(**v) for v in plain["visits"]]
    data["running"] = {}
    data["syringes"] = [s and Syringe(**s) for s in plain["syringes"]]
    for name in ("arrived", "tries", "left_s", "waiting", "resting"):
        data[name] = {int(op): value for op, value in plain[name]}
    return Session(program=program, **data)


def to_plain(record: Any) -> dict[str, Any]:
    """A flat record as JSON values."""
    return {f.name: getattr(record, f.name) for f in fields(record)}
