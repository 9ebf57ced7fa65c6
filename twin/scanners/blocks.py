"""What imaging sessions are made of: blocks of steps that each modality puts together.

A single bed is a hotel of one. Steps that the animals share are written once; the rest stands in `ForEachAnimal`.
"""

from __future__ import annotations

from twin.distributions import Constant, Distribution
from twin.plan import Choice, ForEachAnimal, Node, Parallel, Repeat, Sequence, Step, Until
from twin.scanners.settings import Settings


def induction(s: Settings) -> str:
    """The name of the induction on the bed: the second one if there is one before the injection."""
    return "induce_again" if s.awake and s.route == "iv" else "induce"


def arrive(s: Settings, anchor: str) -> tuple[Node, ...]:
    """Food is taken away so long before that everything is on time for the slot; then the animals are brought.

    They come together and get their places together: two half-brought sessions would wait for each other's places.
    """
    bring = Step("bring", "transport", s.durations["bring"], people=(("animal_handling",),), place="preparation")
    warming = (Step("warming", "preparation", s.durations["warming"], place="preparation"),) if s.warming else ()
    return (*(_fast(s, anchor) if s.fasting else ()), bring, *warming)


def _fast(s: Settings, anchor: str) -> tuple[Node, ...]:
    return (
        Step("remove_food", "preparation", s.durations["remove_food"], people=(("animal_care",),), effect="fast"),
        Step("fasting", "preparation", Until("booked", 0.0, anchor)),
    )


def prepare(s: Settings) -> tuple[Node, ...]:
    """Look at the animal, weigh it, and fill its syringe: from a vial in the hot lab, or from a bottle at the bench."""
    look = Step("prepare", "preparation", s.durations["prepare"], people=(("animal_handling",),), place="preparation")
    return (look, *syringe(s))


def syringe(s: Settings) -> tuple[Step, ...]:
    """The syringe of one animal; none where nothing is injected."""
    bottle = (_draw_up(s),) if s.agent is not None else ()
    if s.draw is not None:
        return (
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
            *bottle,
        )
    return bottle


def _draw_up(s: Settings) -> Step:
    """From a bottle, without a label."""
    return Step("draw_up", "injected_products", s.durations["draw_up"], people=(("injection",),))


def inject_all(s: Settings) -> tuple[Node, ...]:
    """One after another; where they sleep on, all syringes are drawn before: nobody leaves sleeping animals for it.

    Where the wait is short, as into the belly, or the protocol says so, all are prepared before the first is injected.
    """
    if s.awake and s.route == "iv" and not s.draw_ahead:
        return (ForEachAnimal(Sequence((*prepare(s), *induce_and_inject(s)))),)
    return ForEachAnimal(Sequence(prepare(s))), ForEachAnimal(Sequence(induce_and_inject(s)))


def induce_and_inject(s: Settings) -> tuple[Node, ...]:
    """A failed attempt is tried again; an animal that was not or badly injected wakes and leaves.

    Animals that sleep during uptake lie on their bed from the start: nobody is anaesthetised for a bed not yet free.
    """
    asleep = s.sleeps_to_be_injected
    out = Sequence((*((wake(s, "wake_excluded"),) if asleep else ()), leave()))
    awake = wake(s, "wake") if s.awake and asleep else Sequence(())
    then = awake if s.infusion is None else Sequence((infuse(s, s.infusion), awake))
    ok = (("good", then), ("paravenous_hidden", then))
    induce = Step("induce", "preparation", s.durations["induce"], people=(("anaesthesia",),), effect="anaesthetise")
    if not s.awake:
        induce = induce_on_bed(s, "induce")
    return (
        *((induce,) if asleep else ()),
        Repeat(inject(s), s.attempts, "injection", "not_injected"),
        Choice("injection", (*ok, ("not_injected", out), ("paravenous_seen", out))),
    )


def inject(s: Settings) -> Step:
    """The syringe, or what comes from a bottle."""
    return Step(
        "inject",
        "injected_products",
        s.durations["inject"],
        people=(("injection",),),
        exposure="syringe" if s.draw is not None else None,
        effect="inject",
        agent=None if s.has_both else s.agent,
        route=s.route,
    )


def infuse(s: Settings, lasts: Distribution) -> Step:
    """The needle is set, and somebody stays until a slow injection is in; its activity counts as in the animal."""
    exposure = of(s, "injected_animals")
    return Step("infuse", "injected_products", lasts, people=(("injection",),), exposure=exposure)


def give(s: Settings) -> Node:
    """The agent into all animals of a bed, by so many people at once; one that fails is tried again."""
    step = Step(
        "give",
        "injected_products",
        s.durations["give"],
        people=(("injection",),),
        exposure=of(s, "injected_animals"),
        effect="give",
        agent=s.agent,
        route=s.agent_route,
    )
    return ForEachAnimal(Repeat(step, s.attempts, "agent", "not_injected"), at_once=s.injectors)


def inject_on_bed(s: Settings) -> Node:
    """All animals of a bed, by so many people at once."""
    return ForEachAnimal(inject(s), at_once=s.injectors)


def uptake(s: Settings, first: str) -> Step:
    """Awake in their places (without a label they stay where they are), or asleep on their bed."""
    until = Until("injection", s.uptake_s, first)
    place = "uptake" if s.awake and s.draw is not None else None
    return Step("uptake", "uptake", until, place=place, exposure=of(s, "injected_animals"))


def of(s: Settings, exposure: str) -> str | None:
    """Only what is labelled exposes anybody."""
    return exposure if s.exposes else None


def wake(s: Settings, name: str) -> Step:
    """Until the animal lies on its breast."""
    exposure = of(s, "injected_animals")
    return Step(name, "anaesthesia_recovery", s.durations["recover"], effect="wake", exposure=exposure)


def leave() -> Step:
    """The animal leaves without a scan."""
    return Step("leave", "record_keeping", Constant(0.0), effect="exclude")


def induce_on_bed(s: Settings, name: str) -> Step:
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


def catheter(s: Settings) -> Step:
    """A line into a vein."""
    return Step("catheter", "injected_products", s.durations["catheter"], people=(("injection",),))


def position(s: Settings) -> Step:
    """The animal in its place of the bed, beside the scanner."""
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
        exposure=of(s, "injected_animals"),
    )


def dock(s: Settings) -> Step:
    """The bed into the scanner."""
    return Step(
        "dock",
        "acquisition_programming",
        s.durations["dock"],
        people=(("imaging",),),
        scanner=s.scanners,
        holds=(("scanner", "to_recovery"),),
        exposure=of(s, "bed_of_animals"),
    )


def own_ct(s: Settings) -> tuple[Step, ...]:
    """A CT on the same bed, if there is one."""
    return (scan(s, "ct", last=False),) if s.ct else ()


def scan(s: Settings, name: str, *, last: bool = True, people: tuple[tuple[str, ...], ...] = ()) -> Step:
    """One acquisition of all animals on the bed; the last at a machine says that they are scanned."""
    return Step(
        name,
        "scan",
        s.durations[name],
        people=people,
        scanner=s.scanners,
        exposure=of(s, "bed_of_animals"),
        effect="scan" if last else None,
    )


def afterwards(s: Settings) -> tuple[Node, ...]:
    """The animals leave the scanner for their places in the recovery room, all at once: until then it is blocked."""
    return (undock(s), *off_bed(s))


def undock(s: Settings) -> Step:
    """The bed out of the scanner."""
    return Step(
        "undock",
        "positioning",
        s.durations["undock"],
        people=(("imaging",),),
        scanner=s.scanners,
        exposure=of(s, "bed_of_animals"),
    )


def off_bed(s: Settings) -> tuple[Node, ...]:
    """The animals wake in their places in the recovery room, while the bed is cleaned and the images are made."""
    move = Step("to_recovery", "transport", Constant(0.0), place="recovery", exposure=of(s, "injected_animals"))
    watch = Step("post_awakening", "post_awakening", s.durations["post_awakening"], effect="home")
    clean = Step(
        "clean",
        "cleaning",
        s.durations["clean"],
        people=(("cleaning",),),
        workplace="scanner",
        always=True,
        exposure=of(s, "bed"),
    )
    animals = ForEachAnimal(wake(s, "recover"), at_once=20)
    bed = Sequence((animals, Parallel((clean, ForEachAnimal(watch, at_once=20)))))
    return (move, Parallel((bed, *images(s))))


def images(s: Settings) -> tuple[Node, ...]:
    """Reconstruction, splitting and archiving off the bed, if there was a scan."""
    rebuilt = s.durations.get("reconstruct")
    reconstruct = (Step("reconstruct", "reconstruction", rebuilt, compute=s.compute),) if rebuilt is not None else ()
    moved = s.durations.get("transfer")
    transfer = (Step("transfer", "reconstruction", moved, compute=s.compute),) if moved is not None else ()
    archive = Step(
        "split_and_archive", "archiving_processing", s.durations["split_and_archive"], people=(("imaging",),)
    )
    done = Sequence((*reconstruct, *transfer, archive))
    return (Choice("scan", (("done", done),)),) if s.reconstruction else ()
