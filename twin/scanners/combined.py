"""Combined machines: one bed, several scans in sequence."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import Node, Parallel, Plan
from twin.scanners import blocks, mri, orders, pet, spect
from twin.scanners.settings import Settings, Template

PET_MRI_ROWS = {key: row for key, row in pet.STATIC_ROWS.items() if key != "ct"} | {
    "position": "position_and_shim_prep",
    "mri": "mri_anatomical",
}
TRIMODAL_ROWS = pet.STATIC_ROWS | {"spect": "spect_static"}


def pet_mri(s: Settings) -> Plan:
    """MRI while the tracer is taken up, then PET; or both at once."""
    own = replace(s, ct=False)
    anatomy = mri.by_coils(own, "mri", last=False)
    both: tuple[Node, ...] = (anatomy, blocks.scan(own, "pet"))
    if own.simultaneous:
        return orders.before(own, (Parallel(both),), "pet")
    return orders.before(own, both, "pet")


def trimodal(s: Settings) -> Plan:
    """CT, PET and SPECT of one tracer that both see, on one bed."""
    return orders.before(s, (blocks.scan(s, "pet", last=False), spect.in_turn(s)), "pet")


TEMPLATES = {
    "pet_mri": Template(pet_mri, PET_MRI_ROWS, ("pet", "mri"), ("pet",), "tracer"),
    "pet_spect_ct": Template(trimodal, TRIMODAL_ROWS, ("pet", "spect", "ct"), ("pet",), "tracer"),
}
