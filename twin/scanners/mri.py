"""MRI: anatomical, multiparametric, and with a contrast agent given on the bed.

A receive coil serves one animal. A bed of N with C coils is scanned in turns of C, so that throughput follows the
number of coils (Bock 2005, Magn Reson Med 54:1311).
"""

from __future__ import annotations

from dataclasses import replace

from twin.plan import ForEachAnimal, Node, Plan
from twin.scanners import blocks, orders, settings
from twin.scanners.settings import Settings, Template

COMMON_ROWS = settings.ROWS | {
    "position": "position_and_shim_prep",
    "dock": "mri_machine_preparation",
    "reconstruct": "mri_data_transfer",
}
ANATOMICAL_ROWS = COMMON_ROWS | {"mri": "mri_anatomical"}
MULTIPARAMETRIC_ROWS = COMMON_ROWS | {"mri": "mri_multiparametric"}
CONTRAST_ROWS = (
    COMMON_ROWS | settings.DRAW_UP | settings.ON_BED | {"mri_native": "mri_anatomical", "mri": "mri_after_contrast"}
)


def plain(s: Settings) -> Plan:
    """So many animals at once as there are coils."""
    own = replace(s, ct=False)
    return orders.plain(own, (by_coils(own, "mri"),))


def contrast(s: Settings) -> Plan:
    """A scan without, the contrast agent through a long line, and a scan with it."""
    own = replace(s, ct=False)
    scans = (by_coils(own, "mri_native", last=False), blocks.inject_on_bed(own), by_coils(own, "mri"))
    return orders.on_bed(own, scans)


def by_coils(s: Settings, name: str, *, last: bool = True) -> Node:
    """The animals of the bed in turns of as many as there are coils."""
    return ForEachAnimal(blocks.scan(s, name, last=last), at_once=s.coils)


TEMPLATES = {
    "mri_anatomical": Template(plain, ANATOMICAL_ROWS, ("mri",), ("mri",)),
    "mri_multiparametric": Template(plain, MULTIPARAMETRIC_ROWS, ("mri",), ("mri",)),
    "mri_contrast": Template(contrast, CONTRAST_ROWS, ("mri",), ("mri",), "agent"),
}
