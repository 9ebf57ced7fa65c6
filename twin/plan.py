"""The plan: what happens to an animal, as data.

A plan is a tree of closed node kinds. It never holds a callable and never waits: scanners and protocols write plans,
``facility`` plays them. Everything here is immutable and made of plain values.

Words
-----
session
    What one plan is played for: a group of visits that share a bed (a single bed is a hotel of one), or work without
    animals (quality control, a maintenance visit).
visit
    One animal at one time point of one study.
place
    Where the animals are. Animals keep their place until they get the next one or leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from twin.distributions import Distribution

#: The closed vocabulary of tasks: name -> (what a person reads, number in Dillenseger et al. 2020 or None).
TASKS: dict[str, tuple[str, int | None]] = {
    "preparation": ("animal preparation", 1),
    "positioning": ("positioning", 2),
    "monitoring": ("monitoring during the procedure", 3),
    "acquisition_programming": ("acquisition parameter programming", 4),
    "archiving_processing": ("archiving and data processing", 5),
    "anaesthesia_recovery": ("anaesthesia recovery", 6),
    "post_awakening": ("post-awakening management", 7),
    "quality_control": ("device quality control", 8),
    "cleaning": ("cleaning and disinfection", 9),
    "waste": ("radioactive and biological waste", 10),
    "radiation_safety": ("radiation safety for users", 11),
    "hot_lab": ("hot lab and auxiliary equipment", 12),
    "injected_products": ("injected products and material", 13),
    "uptake": ("uptake", None),
    "scan": ("scan", None),
    "reconstruction": ("reconstruction", None),
    "analysis": ("analysis", None),
    "reading": ("reading", None),
    "transport": ("transport", None),
    "repair": ("repair", None),
    "package_receipt": ("package receipt and survey", None),
    "record_keeping": ("record-keeping", None),
    "animal_care": ("care for animals in their cages", None),
    "blood_sampling": ("blood sampling", None),
    "killing": ("killing", None),
    "dissection": ("dissection", None),
    "gamma_counting": ("gamma counting", None),
    "autoradiography": ("autoradiography", None),
    "training": ("training", None),
    "audit": ("audit", None),
    "other_service": ("other service", None),
}

#: Tasks that are done at a desk, away from the animals.
DESK = frozenset(("archiving_processing", "reconstruction", "analysis", "reading", "record_keeping"))

#: The closed vocabulary of phases of the event log.
PHASES = ("request", "start", "end", "abort", "happening")

#: What a step may do to the world when it ends (``anaesthetise`` acts when it starts).
EFFECTS: dict[str, str] = {
    "fast": "food is taken away: fasting begins",
    "home": "food is given back at the start; at the end the animal leaves its place for its cage",
    "anaesthetise": "the animal is anaesthetised from the start of the step on",
    "wake": "the animal is sternal at the end of the step",
    "draw": "one syringe is drawn from a vial and assayed",
    "inject": "the syringe is injected; the outcome `injection` is set",
    "scan": "the animals are scanned",
    "part_scan": "the animals are scanned, and another scan of the session is still due",
    "give": "an agent without a label goes into an animal that has a tracer; the outcome `agent` is set",
    "exclude": "the animal leaves the session; its visit ends without a scan",
    "calibrate": "the scanner has passed its quality control and may be used",
    "repair": "the scanner works again",
    "revalidate": "the scanner's quality controls are due again",
    "kill": "the animal is killed; its visit can end no other way",
}

#: What a step of the hot lab does when it ends; plans of users cannot: such a step is for one vial.
HOT_LAB_EFFECTS: dict[str, str] = {
    "prepare": "what is made is in its vial",
    "release": "the vial may be used",
    "verify": "the dose calibrator has passed its check",
}

#: What a step of the house's own plans does when it ends; plans of users cannot.
HOUSE_EFFECTS: dict[str, str] = {
    "decontaminate": "the room is clean and open again",
    "wipe": "most of what was spilt is taken off; outcome `wipe` says whether the room may be used",
    "certify": "a certificate of the person is good again",
}

#: Why something waited, was cancelled, excluded, re-booked or repeated.
REASONS: dict[str, str] = {
    # waiting for
    "person": "no person with the skill was free",
    "certificate": "nobody was there whose certificate for it is still good",
    "supervisor": "whoever was there is still learning it, and nobody to supervise them was",
    "scanner": "the scanner was in use or not ready",
    "bed": "no bed was free",
    "place": "no place in the room was free",
    "tracer": "not enough activity in the hot lab",
    "animal": "the animals were not ready",
    "calibrator": "the dose calibrator had not passed its check",
    "supply": "something that is used up was not on the shelf",
    "waste": "a bag of waste, or a carcass, would have found no place",
    "hygiene": "the room was not clean enough for the animals, or closed",
    "spill": "activity was spilt there",
    # waiting for, or not done
    "licence": "the source licence does not allow it",
    "compute": "all places for computing jobs were taken",
    # not done
    "no_slot": "no slot could be found in the window of the time point",
    "day_over": "the day ended before the session began",
    "no_activity": "the tracer did not suffice",
    "late_delivery": "the tracer came too late for it, and the policy is not to wait",
    "volume_limit": "the injection would pass the authorised volume",
    "mass_limit": "the injection would pass the authorised mass",
    "authorisation": "the project authorisation does not allow it",
    "not_injected": "the injection failed at every attempt",
    "paravenous": "the injection was paravenous",
    "breakdown": "the scanner broke down",
    "anaesthesia_limit": "the anaesthesia would have lasted too long",
    "image_unusable": "the image showed a paravenous injection",
    "dose": "nobody could do it within their budgets of dose, or without open activity",
    "too_few_counts": "the scan did not reach its count target",
    "unfinished": "the plan ended without a scan that was due",
    "died": "the animal died under anaesthesia",
    "disease": "the animal died of its disease",
    "endpoint": "the animal reached a humane end point and was killed",
    "weight_loss": "the animal had lost so much weight that it was killed",
    "no_tumour": "what was implanted did not grow",
    "tumour_size": "the tumour was too small or too large at the first visit",
    "lost": "the animal was lost to the study between two visits",
    "killed": "the animal was killed",
    "unlabelled": "an earlier visit was to inject its tracer, and nothing of that is in the animal",
    "radioactive_housing": "no place in the radioactive housing was free",
    "archive": "the archive of data was full",
    "withdrawn": "who had booked it cancelled it in time",
    "no_show": "the animals were not brought",
    "contamination": "the room was closed for a contamination",
    "housing": "there was no place for animals that may not go back into the barrier",
    "shift_end": "the person's shift ended",
    # not made, or not to be used
    "generator": "no generator could be eluted",
    "synthesis": "nothing came of it",
    "release": "the vial did not pass its test",
}

#: Reasons of a visit that was completed with an image that cannot be used.
UNUSABLE = ("image_unusable", "too_few_counts")

#: What happens without lasting: rows of phase ``happening`` carry one of these as ``step``.
HAPPENINGS: dict[str, str] = {
    "visit_requested": "a visit came into being",
    "visit_booked": "the visit got a slot; `moment_s` of its animal is the time of the slot",
    "visit_completed": "the visit ended with everything done",
    "visit_incomplete": "the visit began and ended without its scan",
    "visit_cancelled": "the visit ended before it began",
    "animal_dead": "the animal died",
    "animal_killed": "the animal was killed",
    "scan_unusable": "the scan was done and cannot be used",
    "delivery": "a vial arrived in the hot lab",
    "delivery_refused": "a delivery would have passed the source licence",
    "delivery_failed": "a vial did not come",
    "taken": "activity went from a vial into a preparation",
    "made": "a vial was eluted or synthesised",
    "prepared": "a vial was made of what was taken from another",
    "preparation_failed": "a vial was not made",
    "released": "a vial may be used",
    "supply_ordered": "few were left, and more were ordered",
    "supply_arrived": "what was ordered came",
    "vial_wasted": "what was left of a vial, or of an unused syringe, became waste",
    "drawn": "activity went from a vial into a syringe",
    "injected": "activity went from a syringe into an animal",
    "agent_given": "an agent without a label went into an animal that has a tracer",
    "injection_failed": "an attempt failed and nothing was injected",
    "residual": "activity stayed in the syringe",
    "volume_warning": "an injection passed the good-practice volume",
    "animal_awake": "an animal is awake and lies on its chest again",
    "too_cold": "an animal is too cold to be anaesthetised again; `moment_s` is when it will be warm enough",
    "fasting_start": "food was taken away",
    "fasting_end": "food was given back, or the animal was killed",
    "certificate_expired": "a certificate ended: the person may not do any more what it is needed for",
    "certificate_renewed": "after a course a certificate is good again",
    "signed_off": "a person has learned a skill and needs no supervision for it any more",
    "called": "a person who is on call was called",
    "call_start": "a person who was called came",
    "call_end": "a person who was called went",
    "shift_start": "a person came",
    "shift_end": "a person's shift ended",
    "break_start": "a break began",
    "break_end": "a break ended",
    "breakdown": "a scanner failed",
    "check_failed": "a quality control was not passed",
    "calibration_expired": "from now on a scanner takes no quantitative scans",
    "calibration_valid": "a scanner takes quantitative scans again",
    "room_closed": "a room is closed to be decontaminated, or for a contamination",
    "spilt": "activity of a syringe was spilt; the person has its dose to the skin and from what got inside",
    "dose_in_rooms": "what people got since the row before from what is in rooms where they did steps",
    "dose_attending": "what people got since then from injected animals that they attended",
    "room_open": "a room is clean and open again",
    "contamination": "a room turned out to be contaminated",
    "infected": "an animal caught what a room carries, of which nobody knows yet",
    "room_infected": "an infected animal brought it into a room, of which nobody knows yet",
    "housed": "an animal that may not go back into the barrier has a place outside",
    "housing_left": "an animal gave such a place back",
    "waste_stored": "a bag of radioactive waste, or a carcass, lies in the decay store",
    "waste_unplaced": "it found no place there yet",
    "waste_released": "it has decayed and is gone",
    "waste_fetched": "it was taken away before its time",
    "carcass_stored": "a carcass lies in the freezer",
    "carcasses_fetched": "the freezer was emptied",
    "answer": "the images of a visit have been processed and read, as the policies say",
    "animals_ordered": "animals were asked for; `moment_s` is when they will be delivered, null: not within the run",
    "animals_delivered": "animals came; `moment_s` is when they have settled and may be used",
    "kept_radioactive": "an animal goes into the radioactive housing; `moment_s` is when it may leave",
    "left_radioactive": "an animal leaves the radioactive housing",
    "archive_full": "the archive has no room for what a session would scan, and somebody is asked for more",
    "archive_extended": "the archive has more room",
    "opening": "the facility opened",
    "closing": "the facility closed",
    "stock": "what a vial, syringe or animal held when the run stopped",
}

#: Ways into an animal: into a vein (how well depends on the person), into the belly, under the skin.
ROUTES = ("iv", "ip", "sc")

#: Roles of the things in the table ``involved``.
ROLES = (
    "animal", "person", "attendant", "scanner", "bed", "room", "vial", "syringe", "tracer", "nuclide", "product",
    "supply", "certificate", "skill",
)  # fmt: skip

#: Kinds of rooms whose places are not counted: beds and people bound what goes on there.
UNCOUNTED = frozenset(("scanner", "hot_lab"))

#: Outcomes that effects set: a choice can ask for them without a step having drawn them.
OUTCOMES: dict[str, tuple[str, ...]] = {
    "injection": ("good", "not_injected", "paravenous_seen", "paravenous_hidden"),
    "agent": ("good", "not_injected", "paravenous_seen", "paravenous_hidden"),
    "scan": ("done",),
}
#: What the clock notes of an animal as it notes outcomes, so that no step draws one of this name.
RESERVED_OUTCOMES = (*OUTCOMES, "killed", "late", "refused")


@dataclass(frozen=True, slots=True)
class Until:
    """A duration that ends at a moment: ``offset_s`` after an event, less the planned time up to a later step.

    Attributes
    ----------
    event : {"booked", "injection"}
        The slot of the session, or the mean injection time of its animals.
    offset_s : float
        Time after the event [s].
    lead_to : str
        The step that is to begin at that moment; the mean durations of what lies between are subtracted.
    """

    event: str
    offset_s: float
    lead_to: str


@dataclass(frozen=True, slots=True)
class Draw:
    """A syringe: how much of which tracer [Bq, m3] goes into one animal, and with what else."""

    tracer: str
    activity_bq: float
    flush_m3: float = 0.0
    dead_volume_m3: float = 0.0
    contrast_m3: float = 0.0


@dataclass(frozen=True, slots=True)
class Agent:
    """An injection without a radioactive label (contrast medium, luciferin, dye): volume per body mass [m3/kg].

    It comes from a bottle, not from a vial of the hot lab: nothing decays and no activity is booked.
    """

    name: str
    volume_m3_per_kg: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A named outcome that the step draws when it ends: value -> probability [1]."""

    name: str
    probabilities: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that takes time.

    Attributes
    ----------
    name : str
        Unique within its plan.
    task : str
        A word of `TASKS`.
    duration : Distribution or Until
        Seconds.
    people : tuple of tuple of str
        One entry for each person needed: the skills that this one person must have.
    scanner : tuple of str
        Names of scanners any of which serves; empty: none is needed. The session keeps to the first it gets.
    bed : bool
        Needs a bed (one imaging cell) of that scanner.
    place : str or None
        Kind of room to which the animals are taken; they hold one place each until they move on or leave.
    workplace : str or None
        Kind of room in which people work while the animals stay where they are.
    draw : Draw or None
        What effect ``draw`` takes from a vial for each animal; what effect ``prepare`` takes from another vial.
    uses : tuple of (str, int)
        Supplies that it takes off the shelf, for each animal that it is for.
    holds : tuple of (thing, until)
        ``("scanner", "undock")``: what this step took is kept until the end of the step named.
    exposure : str or None
        A word of `twin.physics.exposures.WORDS`: what is handled, and how.
    effect : str or None
        A word of `EFFECTS`.
    outcome : Outcome or None
        A random outcome that a later `Choice` or `Repeat` may ask for.
    always : bool
        Is done even when no animal is left in the session (cleaning).
    agent : Agent or None
        What effect ``inject`` gives where no syringe was drawn from a vial.
    route : str
        A word of `ROUTES`; it decides how often an injection fails.
    compute : bool
        Needs one of the site's places for computing jobs.
    emission : bool
        Whether a scan sees what a tracer sends out; one of an agent, or of the anatomy, does not.
    second : bool
        Is done at the second machine of a session, to which its bed is moved: ``scanner`` names those that serve, and
        ``holds`` of a ``second`` says until when the session has it. The bed stays that of the first.
    """

    name: str
    task: str
    duration: Distribution | Until
    people: tuple[tuple[str, ...], ...] = ()
    scanner: tuple[str, ...] = ()
    bed: bool = False
    uses_scanner: bool = True
    place: str | None = None
    workplace: str | None = None
    draw: Draw | None = None
    uses: tuple[tuple[str, int], ...] = ()
    holds: tuple[tuple[str, str], ...] = ()
    exposure: str | None = None
    effect: str | None = None
    outcome: Outcome | None = None
    always: bool = False
    agent: Agent | None = None
    route: str = "iv"
    compute: bool = False
    second: bool = False
    emission: bool = True

    @property
    def takes_scanner(self) -> bool:
        """Whether it needs the session's first machine itself, not only its bed."""
        return bool(self.scanner) and self.uses_scanner and not self.second

    @property
    def takes_second(self) -> bool:
        """Whether it needs the session's second machine itself."""
        return bool(self.scanner) and self.uses_scanner and self.second


#: Effects of a scan.
SCANS = ("scan", "part_scan")


def is_away(step: Step) -> bool:
    """Whether a step is done neither at its animals nor at their scanner: at a desk, or in the hot lab."""
    if step.draw is not None:
        return True
    return step.task in DESK and not (step.effect or step.place or step.workplace or step.scanner)


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after another."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Parallel:
    """At the same time; goes on when all are done."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ForEachAnimal:
    """The body for every animal of the session, at most ``at_once`` at a time; goes on when all are done."""

    body: Node
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """The case whose value the outcome has; nothing if no case fits."""

    outcome: str
    cases: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The body, and again while the outcome has the value, at most ``at_most`` times in all."""

    body: Node
    at_most: int
    outcome: str
    value: str


Node: TypeAlias = Step | Sequence | Parallel | ForEachAnimal | Choice | Repeat


@dataclass(frozen=True, slots=True)
class Plan:
    """A tree and what the clock must know of it.

    Attributes
    ----------
    name : str
    body : Node
    way_out : str or None
        The step from which a session that is given up goes on (undocking, recovery); it lies on the outermost sequence.
    quantitative : bool
        Whether its images are measured: then it waits for a scanner whose calibration is valid.
    first_out : str or None
        The same as ``way_out`` for a session that is given up at the first of two machines; it lies before it.
    """

    name: str
    body: Node
    way_out: str | None = None
    quantitative: bool = False
    first_out: str | None = None


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Sequence(nodes):
            return nodes
        case Parallel(branches):
            return branches
        case ForEachAnimal(body=body) | Repeat(body=body):
            return (body,)
        case Choice(cases=cases):
            return tuple(case for _, case in cases)
    return ()


def steps(node: Node) -> Iterator[Step]:
    """All steps of a tree, in the order in which they are written."""
    if isinstance(node, Step):
        yield node
    for child in children(node):
        yield from steps(child)


def with_steps(node: Node, changed: Callable[[Step], Step]) -> Node:
    """The same tree with each of its steps as it is changed."""
    match node:
        case Step():
            return changed(node)
        case Sequence(nodes):
            return Sequence(tuple(with_steps(part, changed) for part in nodes))
        case Parallel(branches):
            return Parallel(tuple(with_steps(branch, changed) for branch in branches))
        case Choice(cases=cases):
            return replace(node, cases=tuple((value, with_steps(case, changed)) for value, case in cases))
        case ForEachAnimal(body=body) | Repeat(body=body):
            return replace(node, body=with_steps(body, changed))
