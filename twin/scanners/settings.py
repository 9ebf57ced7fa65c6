"""What a protocol says of a template of sessions, and the rows of the table ``tasks`` behind their steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from twin.distributions import Distribution
from twin.plan import Agent, Draw, Plan

#: Step of every session with a scanner -> row of the table ``tasks`` that gives its duration.
ROWS = {
    "remove_food": "remove_food",
    "bring": "transport_animals",
    "warming": "warming_before_fdg",
    "prepare": "identify_weigh_check",
    "position": "position_each_animal_in_hotel",
    "dock": "dock_and_scout",
    "undock": "undock",
    "recover": "recovery_to_sternal_isoflurane",
    "post_awakening": "post_awakening_watch",
    "clean": "clean_bed_nosecone",
    "split_and_archive": "archive_and_qc_images",
    "induce": "isoflurane_induction",
}
#: A syringe from a vial of the hot lab.
DRAW = {"draw": "draw_and_assay_one_syringe"}
#: A syringe from a bottle, without a label.
DRAW_UP = {"draw_up": "draw_up_unlabelled_syringe"}
#: Injected before the scan, away from the scanner.
BEFORE = {
    "inject": "iv_tail_vein_injection_attempt",
    "wake": "recovery_to_sternal_isoflurane",
    "induce_again": "isoflurane_induction",
}
#: Injected on the bed.
ON_BED = {"catheter": "iv_catheter_placement_for_dynamic", "inject": "iv_injection_by_catheter"}
#: What a template injects that gives a tracer, and an agent later in the same session.
BOTH = "tracer_and_agent"
#: What an injection takes that goes into no vein.
OTHER_ROUTES = "ip_or_sc_injection"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a protocol says of a template.

    Attributes
    ----------
    name : str
        Name of the protocol.
    scanners : tuple of str
        Scanners any of which serves.
    durations : mapping of step to Distribution
        One entry for each step of the template's rows [s].
    draw : Draw or None
        The syringe of one animal from a vial of the hot lab.
    uptake_s : float
        Injection to start of the scan [s]; not used where the injection is on the bed.
    awake : bool
        Whether the animals are awake during uptake.
    draw_ahead : bool
        Whether all syringes are drawn before the first is injected, also where the animals wake in between.
    fasting : bool
        Whether food is taken away before.
    warming, ct, reconstruction : bool
        Whether the step is part of the plan.
    attempts : int
        Injection attempts at the most.
    injectors : int
        People who inject at once on the bed.
    infusion : Distribution or None
        How long a slow injection goes on once the needle is set; None: a bolus, or on the bed.
    agent : Agent or None
        What is injected from a bottle.
    route : str
        A word of `twin.vocabulary.ROUTES`.
    coils : int
        Receive coils of an MRI: so many animals are scanned at once.
    sides : int
        Views of an optical image; the animals are turned in between.
    simultaneous : bool
        Whether a machine of two modalities scans with both at once.
    labelled : bool
        Whether the animals come with activity in them, from an earlier visit.
    compute : bool
        Whether reconstruction waits for a place of the site's computers.
    second : tuple of str
        Scanners to any of which the bed is moved.
    agent_route : str
        How an agent is given to an animal that has a tracer too.
    """

    name: str
    scanners: tuple[str, ...]
    durations: Mapping[str, Distribution]
    draw: Draw | None = None
    uptake_s: float = 3600.0
    awake: bool = True
    draw_ahead: bool = False
    fasting: bool = False
    warming: bool = False
    ct: bool = True
    reconstruction: bool = True
    attempts: int = 3
    injectors: int = 1
    infusion: Distribution | None = None
    agent: Agent | None = None
    route: str = "iv"
    coils: int = 1
    sides: int = 1
    simultaneous: bool = False
    labelled: bool = False
    compute: bool = False
    second: tuple[str, ...] = ()
    agent_route: str = "iv"

    @property
    def has_both(self) -> bool:
        """Whether an animal gets a tracer, and later an agent without a label."""
        return self.draw is not None and self.agent is not None

    @property
    def exposes(self) -> bool:
        """Whether the animals are radioactive."""
        return self.draw is not None or self.labelled

    @property
    def sleeps_to_be_injected(self) -> bool:
        """Whether the animals are anaesthetised for the injection: into a vein, or because they sleep on."""
        return self.route == "iv" or not self.awake


@dataclass(frozen=True, slots=True)
class Template:
    """How the plan of a kind of session is written, and what a protocol may say of it.

    Attributes
    ----------
    write : callable
        Settings -> plan; the first line of its text says what it is.
    rows : mapping
        Step -> row of the table ``tasks``.
    modalities : tuple of str
        What one scanner must have, all of it; empty: no scanner is needed.
    scans : tuple of str
        The steps whose duration the protocol's ``scan`` sets.
    second : tuple of str
        What another machine must have, to which the bed is moved; empty: it stays at the first.
    injects : str or None
        `BOTH`, ``tracer`` (from the hot lab), ``agent`` (from a bottle), ``maybe_agent``, or None.
    """

    write: Callable[[Settings], Plan]
    rows: Mapping[str, str]
    modalities: tuple[str, ...] = ()
    scans: tuple[str, ...] = ()
    injects: str | None = None
    second: tuple[str, ...] = ()

    @property
    def may_ct(self) -> bool:
        """Whether a CT on the same bed is a matter of choice."""
        return "ct" in self.rows and "ct" not in self.modalities

    @property
    def on_bed(self) -> bool:
        """Whether its tracer, or its only agent, is injected through a catheter on the bed."""
        return "catheter" in self.rows and self.injects != BOTH
