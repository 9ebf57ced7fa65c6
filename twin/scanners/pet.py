"""PET and PET/CT: the plans of a static and of a dynamic scan, in a single bed or a hotel.

A single bed is a hotel of one. Steps that the animals share are written once; the rest stands in `ForEachAnimal`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from twin.distributions import Constant, Distribution
from twin.plan import Choice, Draw, ForEachAnimal, Node, Parallel, Plan, Repeat, Sequence, Step, Until

MODALITY = "pet"

#: Step of a template -> row of the table ``tasks`` that gives its duration.
COMMON_ROWS = {
    "remove_food": "remove_food",
    "bring": "transport_animals",
    "warming": "warming_before_fdg",
    "prepare": "identify_weigh_check",
    "draw": "draw_and_assay_one_syringe",
    "position": "position_each_animal_in_hotel",
    "dock": "dock_and_scout",
    "ct": "ct_scan_low_dose",
    "undock": "undock",
    "recover": "recovery_to_sternal_isoflurane",
    "post_awakening": "post_awakening_watch",
    "clean": "clean_bed_nosecone",
    "split_and_archive": "archive_and_qc_images",
}
STATIC_ROWS = COMMON_ROWS | {
    "induce": "isoflurane_induction",
    "inject": "iv_tail_vein_injection_attempt",
    "wake": "recovery_to_sternal_isoflurane",
    "induce_again": "isoflurane_induction",
    "pet": "pet_static",
    "reconstruct": "reconstruct_pet_static",
}
DYNAMIC_ROWS = COMMON_ROWS | {
    "induce": "isoflurane_induction",
    "catheter": "iv_catheter_placement_for_dynamic",
    "inject": "iv_injection_by_catheter",
    "pet": "pet_dynamic_60",
    "reconstruct": "reconstruct_pet_dynamic",
}


@dataclass(frozen=True, slots=True)
class PetSettings:
    """What a protocol says of a PET template.

    Attributes
    ----------
    name : str
        Name of the protocol.
    scanners : tuple of str
        Scanners any of which serves.
    durations : mapping of step to Distribution
        One entry for each step of the template's rows [s].
    draw : Draw
        The syringe of one animal.
    uptake_s : float
        Injection to start of the PET scan [s]; not used by a dynamic scan.
    awake : bool
        Whether the animals are awake during uptake.
    fasting : bool
        Whether food is taken away before.
    warming, ct, reconstruction : bool
        Whether the step is part of the plan.
    attempts : int
        Injection attempts at the most.
    injectors : int
        People who inject at once at the start of a dynamic scan.
    """

    name: str
    scanners: tuple[str, ...]
    durations: Mapping[str, Distribution]
    draw: Draw
    uptake_s: float = 3600.0
    awake: bool = True
    fasting: bool = False
    warming: bool = False
    ct: bool = True
    reconstruction: bool = True
    attempts: int = 3
    injectors: int = 1


def static(s: PetSettings) -> Plan:
    """Inject outside, wait for the uptake, then scan."""
    anchor = "induce_again" if s.awake else "induce"
    body = (
        *_arrive(s, anchor),
        *_inject_all(s),
        _uptake(s),
        ForEachAnimal(Sequence((*_induce_again(s), _position(s)))),
        *_dock(s),
        _pet(s),
        *_afterwards(s),
    )
    return Plan(s.name, Sequence(body), way_out="undock")


def _inject_all(s: PetSettings) -> tuple[Node, ...]:
    """One after another; where they sleep on, all syringes are drawn before: nobody leaves sleeping animals for it."""
    if s.awake:
        return (ForEachAnimal(Sequence((*_prepare(s), *_induce_and_inject(s)))),)
    return ForEachAnimal(Sequence(_prepare(s))), ForEachAnimal(Sequence(_induce_and_inject(s)))


def _uptake(s: PetSettings) -> Step:
    """Awake in their places, or asleep on their bed."""
    until = Until("injection", s.uptake_s, "pet")
    return Step("uptake", "uptake", until, place="uptake" if s.awake else None, exposure="injected_animals")


def dynamic(s: PetSettings) -> Plan:
    """Catheter and position first; the injection is on the bed, at the start of the scan."""
    on_bed = ForEachAnimal(Sequence((_induce_on_bed(s, "induce"), _catheter(s), _position(s))))
    lines = ForEachAnimal(_inject(s), at_once=s.injectors)
    body = (
        *_arrive(s, "induce"),
        ForEachAnimal(Sequence(_prepare(s))),
        on_bed,
        *_dock(s),
        Parallel((_pet(s), lines)),
        *_afterwards(s),
    )
    return Plan(s.name, Sequence(body), way_out="undock")


def _arrive(s: PetSettings, anchor: str) -> tuple[Node, ...]:
    """Food is taken away so long before that everything is on time for the slot; then the animals are brought.

    They come together and get their places together: two half-brought sessions would wait for each other's places.
    """
    fasting = (
        Step("remove_food", "preparation", s.durations["remove_food"], people=(("animal_care",),), effect="fast"),
        Step("fasting", "preparation", Until("booked", 0.0, anchor)),
    )
    bring = Step("bring", "transport", s.durations["bring"], people=(("animal_handling",),), place="preparation")
    warming = Step("warming", "preparation", s.durations["warming"], place="preparation")
    return (*(fasting if s.fasting else ()), bring, *((warming,) if s.warming else ()))


def _prepare(s: PetSettings) -> tuple[Node, ...]:
    return (
        Step("prepare", "preparation", s.durations["prepare"], people=(("animal_handling",),), place="preparation"),
        Step(
            "draw",
            "hot_lab",
            s.durations["draw"],
            people=(("hot_lab",),),
            workplace="hot_lab",
            draw=s.draw,
            exposure="vial_and_syringe",
            effect="draw",
        ),
    )


def _induce_and_inject(s: PetSettings) -> tuple[Node, ...]:
    """A failed attempt is tried again; an animal that was not or badly injected wakes and leaves.

    Animals that sleep during uptake lie on their bed from the start: nobody is anaesthetised for a bed not yet free.
    """
    out = Sequence((_wake(s, "wake_excluded"), _leave()))
    awake = _wake(s, "wake") if s.awake else Sequence(())
    ok = (("good", awake), ("paravenous_hidden", awake))
    induce = Step("induce", "preparation", s.durations["induce"], people=(("anaesthesia",),), effect="anaesthetise")
    if not s.awake:
        induce = _induce_on_bed(s, "induce")
    return (
        induce,
        Repeat(_inject(s), s.attempts, "injection", "not_injected"),
        Choice("injection", (*ok, ("not_injected", out), ("paravenous_seen", out))),
    )


def _inject(s: PetSettings) -> Step:
    return Step(
        "inject",
        "injected_products",
        s.durations["inject"],
        people=(("injection",),),
        exposure="syringe",
        effect="inject",
    )


def _wake(s: PetSettings, name: str) -> Step:
    return Step(name, "anaesthesia_recovery", s.durations["recover"], effect="wake", exposure="injected_animals")


def _leave() -> Step:
    return Step("leave", "record_keeping", Constant(0.0), effect="exclude")


def _induce_again(s: PetSettings) -> tuple[Node, ...]:
    return (_induce_on_bed(s, "induce_again"),) if s.awake else ()


def _induce_on_bed(s: PetSettings, name: str) -> Step:
    """Nobody is anaesthetised for a bed that is not free: the bed comes with the induction."""
    return Step(
        name,
        "preparation",
        s.durations[name],
        people=(("anaesthesia",),),
        scanner=s.scanners,
        bed=True,
        uses_scanner=False,
        place="scanner",
        holds=(("bed", "clean"),),
        effect="anaesthetise",
    )


def _catheter(s: PetSettings) -> Step:
    return Step("catheter", "injected_products", s.durations["catheter"], people=(("injection",),))


def _position(s: PetSettings) -> Step:
    return Step(
        "position",
        "positioning",
        s.durations["position"],
        people=(("imaging",),),
        scanner=s.scanners,
        bed=True,
        uses_scanner=False,
        place="scanner",
        holds=(("bed", "clean"),),
        exposure="injected_animals",
    )


def _dock(s: PetSettings) -> tuple[Node, ...]:
    dock = Step(
        "dock",
        "acquisition_programming",
        s.durations["dock"],
        people=(("imaging",),),
        scanner=s.scanners,
        holds=(("scanner", "to_recovery"),),
        exposure="bed_of_animals",
    )
    ct = Step("ct", "scan", s.durations["ct"], scanner=s.scanners, exposure="bed_of_animals")
    return (dock, ct) if s.ct else (dock,)


def _pet(s: PetSettings) -> Step:
    return Step("pet", "scan", s.durations["pet"], scanner=s.scanners, exposure="bed_of_animals", effect="scan")


def _afterwards(s: PetSettings) -> tuple[Node, ...]:
    """The animals leave the scanner for their places in the recovery room, all at once: until then it is blocked."""
    undock = Step(
        "undock",
        "positioning",
        s.durations["undock"],
        people=(("imaging",),),
        scanner=s.scanners,
        exposure="bed_of_animals",
    )
    move = Step("to_recovery", "transport", Constant(0.0), place="recovery", exposure="injected_animals")
    recover = Step(
        "recover",
        "anaesthesia_recovery",
        s.durations["recover"],
        exposure="injected_animals",
        effect="wake",
    )
    watch = Step("post_awakening", "post_awakening", s.durations["post_awakening"], effect="home")
    clean = Step(
        "clean",
        "cleaning",
        s.durations["clean"],
        people=(("cleaning",),),
        workplace="scanner",
        always=True,
        exposure="bed",
    )
    bed = Sequence((ForEachAnimal(recover, at_once=20), Parallel((clean, ForEachAnimal(watch, at_once=20)))))
    return (undock, move, Parallel((bed, *_images(s))))


def _images(s: PetSettings) -> tuple[Node, ...]:
    """Reconstruction, splitting and archiving off the bed, if there was a scan."""
    images = (
        Step("reconstruct", "reconstruction", s.durations["reconstruct"]),
        Step("split_and_archive", "archiving_processing", s.durations["split_and_archive"], people=(("imaging",),)),
    )
    return (Choice("scan", (("done", Sequence(images)),)),) if s.reconstruction else ()


#: Template -> (the function that writes its plan, its rows of the table ``tasks``).
TEMPLATES: dict[str, tuple[Callable[[PetSettings], Plan], dict[str, str]]] = {
    "pet_static": (static, STATIC_ROWS),
    "pet_dynamic": (dynamic, DYNAMIC_ROWS),
}
