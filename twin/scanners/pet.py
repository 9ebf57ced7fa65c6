"""PET and PET/CT: the plans of a static, a dynamic and a late scan, in a single bed or a hotel."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import Parallel, Plan
from twin.scanners import blocks, orders, settings
from twin.scanners.settings import Settings, Template

#: Step of a template -> row of the table ``tasks`` that gives its duration.
COMMON_ROWS = settings.ROWS | {"ct": "ct_scan_low_dose"}
STATIC_ROWS = (
    COMMON_ROWS | settings.DRAW | settings.BEFORE | {"pet": "pet_static", "reconstruct": "reconstruct_pet_static"}
)
DYNAMIC_ROWS = (
    COMMON_ROWS | settings.DRAW | settings.ON_BED | {"pet": "pet_dynamic_60", "reconstruct": "reconstruct_pet_dynamic"}
)
LATE_ROWS = COMMON_ROWS | {"pet": "pet_static", "reconstruct": "reconstruct_pet_static"}


def static(s: Settings) -> Plan:
    """Inject outside, wait for the uptake, then scan."""
    return orders.before(s, (blocks.scan(s, "pet"),), "pet")


def dynamic(s: Settings) -> Plan:
    """Catheter and position first; the injection is on the bed, at the start of the scan."""
    return orders.on_bed(s, (Parallel((blocks.scan(s, "pet"), blocks.inject_on_bed(s))),))


def late(s: Settings) -> Plan:
    """Scan animals that were injected at an earlier visit."""
    labelled = replace(s, labelled=True)
    return orders.plain(labelled, (blocks.scan(labelled, "pet"),))


TEMPLATES = {
    "pet_static": Template(static, STATIC_ROWS, ("pet",), ("pet",), "tracer"),
    "pet_dynamic": Template(dynamic, DYNAMIC_ROWS, ("pet",), ("pet",), "tracer"),
    "pet_late": Template(late, LATE_ROWS, ("pet",), ("pet",)),
}
