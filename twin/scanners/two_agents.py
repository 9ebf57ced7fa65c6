"""A tracer and an agent without a label in one session: each scan sees its own, and a visit needs both.

The tracer is injected outside and taken up; the contrast agent is given on the bed, through a line that is laid before.
"""

from __future__ import annotations

from dataclasses import replace

from twin.plan import Node, Plan, with_steps
from twin.scanners import blocks, combined, moved, mri, orders, pet, settings
from twin.scanners.settings import BOTH, Settings, Template

_AGENT = settings.DRAW_UP | {"catheter": settings.ON_BED["catheter"], "give": "iv_injection_by_catheter"}
PET_MRI_ROWS = combined.PET_MRI_ROWS | _AGENT | {"mri_native": "mri_anatomical", "mri": "mri_after_contrast"}
MRI_PET_ROWS = moved.MRI_PET_ROWS | _AGENT | {"mri_native": "mri_anatomical", "mri": "mri_after_contrast"}
PET_CT_ROWS = pet.STATIC_ROWS | _AGENT | {"ct_contrast": "ct_scan_low_dose"}


def pet_mri_contrast(s: Settings) -> Plan:
    """While the tracer is taken up: MRI, the contrast agent, MRI again; then PET."""
    own = replace(s, ct=False)
    after = without_emission(mri.by_coils(own, "mri"))
    scans = (mri.by_coils(own, "mri_native", last=False), blocks.give(own), after, blocks.scan(own, "pet"))
    return orders.before(own, scans, "pet")


def pet_ct_contrast(s: Settings) -> Plan:
    """PET with its CT, then the contrast medium, and a CT at once."""
    seen = with_steps(blocks.scan(s, "pet"), lambda step: replace(step, effect="part_scan"))
    last = with_steps(blocks.scan(s, "ct_contrast"), lambda step: replace(step, emission=False))
    return orders.before(s, (seen, blocks.give(s), last), "pet")


def mri_contrast_then_pet(s: Settings) -> Plan:
    """On two machines: MRI, the contrast agent, MRI again during the uptake of the tracer; then PET."""
    own = replace(s, ct=False)
    after = without_emission(mri.by_coils(own, "mri"))
    first = (mri.by_coils(own, "mri_native", last=False), blocks.give(own), after)
    return moved.moved(own, first, (blocks.scan(own, "pet"),), "pet")


def without_emission(node: Node) -> Node:
    """A scan that sees nothing of the tracer, and that another scan follows."""
    return with_steps(node, lambda step: replace(step, effect="part_scan", emission=False))


TEMPLATES = {
    "pet_mri_contrast": Template(pet_mri_contrast, PET_MRI_ROWS, ("pet", "mri"), ("pet",), BOTH),
    "mri_contrast_then_pet": Template(mri_contrast_then_pet, MRI_PET_ROWS, ("mri",), ("pet",), BOTH, ("pet",)),
    "pet_ct_contrast": Template(pet_ct_contrast, PET_CT_ROWS, ("pet", "ct"), ("pet",), BOTH),
}
