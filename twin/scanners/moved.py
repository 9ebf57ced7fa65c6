"""Two machines: the animals stay on their bed, which is moved from the first to the second.

Nobody is taken off the bed in between, so that the images of both lie on each other. The bed is one of the first
machine until it is cleaned; the first machine itself is free as soon as the bed has left it, and the animals may have
to wait beside it, asleep, for the second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from twin.plan import Node, Plan, Sequence, Step, with_steps
from twin.scanners import blocks, ct, mri, orders, pet
from twin.scanners.settings import Settings, Template

#: The way from one machine to the other.
WAY = {"move_bed": "move_bed_to_scanner", "undock_second": "undock"}
_MRI = {"mri": "mri_anatomical", "transfer": "mri_data_transfer", "position": "position_and_shim_prep"}
_PET = {key: row for key, row in pet.STATIC_ROWS.items() if key != "ct"}
PET_MRI_ROWS = pet.STATIC_ROWS | _MRI | WAY | {"dock_second": "mri_machine_preparation"}
MRI_PET_ROWS = _PET | _MRI | WAY | {"dock": "mri_machine_preparation", "dock_second": "dock_and_scout"}
CT_PET_ROWS = _PET | WAY | {"ct": ct.LOW_DOSE_ROWS["ct"], "dock_second": "dock_and_scout"}


def pet_then_mri(s: Settings) -> Plan:
    """PET, with its CT if there is one, then MRI on another machine; the animals stay on their bed."""
    return moved(s, (_first(blocks.scan(s, "pet")),), (mri.by_coils(replace(s, ct=False), "mri"),), "pet")


def mri_then_pet(s: Settings) -> Plan:
    """MRI while the tracer is taken up, then PET on another machine; the animals stay on their bed."""
    own = replace(s, ct=False)
    return moved(own, (_first(mri.by_coils(own, "mri")),), (blocks.scan(own, "pet"),), "pet")


def ct_then_pet(s: Settings) -> Plan:
    """CT while the tracer is taken up, then PET on another machine; the animals stay on their bed."""
    own = replace(s, ct=False)
    return moved(own, (_first(blocks.scan(own, "ct")),), (blocks.scan(own, "pet"),), "pet")


def moved(s: Settings, scans: tuple[Node, ...], second: tuple[Node, ...], first: str) -> Plan:
    """Inject outside; the uptake ends so that step `first` begins on time, at whichever machine that is."""
    induced = blocks.induction(s) if s.awake else None
    dock = replace(blocks.dock(s), holds=(("scanner", "undock"),))
    body = (
        *blocks.arrive(s, blocks.induction(s) if s.awake else "induce"),
        *blocks.inject_all(s),
        blocks.uptake(s, first),
        *orders.onto_bed(s, induced, box=False),
        dock,
        *blocks.own_ct(s),
        *scans,
        blocks.undock(s),
        _move_bed(s),
        *_inside(s, second),
        *blocks.off_bed(s),
    )
    return Plan(s.name, Sequence(body), way_out="undock_second", first_out="undock")


def _first(node: Node) -> Node:
    """What another scan of the session follows; only PET sees the tracer."""
    return with_steps(node, lambda step: replace(step, effect="part_scan", emission=step.name == "pet"))


def _move_bed(s: Settings) -> Step:
    """The animals are carried on their bed, asleep, to the other machine, which is kept for them from then on."""
    return Step(
        "move_bed",
        "transport",
        s.durations["move_bed"],
        people=(("imaging",),),
        scanner=s.second,
        second=True,
        place="scanner",
        holds=(("second", "undock_second"),),
        exposure=blocks.of(s, "bed_of_animals"),
    )


def _inside(s: Settings, scans: tuple[Node, ...]) -> tuple[Node, ...]:
    """In, scanned and out again."""
    dock = replace(blocks.dock(s), name="dock_second", duration=s.durations["dock_second"], holds=())
    out = replace(blocks.undock(s), name="undock_second", duration=s.durations["undock_second"])
    return tuple(with_steps(node, _there(s)) for node in (dock, *scans, out))


def _there(s: Settings) -> Callable[[Step], Step]:
    """A step as it is at the second machine."""
    return lambda step: replace(step, scanner=s.second, second=True, emission=step.name == "pet")


TEMPLATES = {
    "pet_then_mri": Template(pet_then_mri, PET_MRI_ROWS, ("pet",), ("pet",), "tracer", ("mri",)),
    "mri_then_pet": Template(mri_then_pet, MRI_PET_ROWS, ("mri",), ("pet",), "tracer", ("pet",)),
    "ct_then_pet": Template(ct_then_pet, CT_PET_ROWS, ("ct",), ("pet",), "tracer", ("pet",)),
}
