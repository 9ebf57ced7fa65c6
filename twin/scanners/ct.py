"""Micro-CT, alone: plain, of high resolution, and with an iodinated contrast medium given on the bed."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import Plan
from twin.scanners import blocks, orders, settings
from twin.scanners.settings import Settings, Template

LOW_DOSE_ROWS = settings.ROWS | {"ct": "ct_scan_low_dose", "reconstruct": "reconstruct_ct"}
HIGH_RESOLUTION_ROWS = LOW_DOSE_ROWS | {"ct": "ct_scan_high_resolution"}
CONTRAST_ROWS = LOW_DOSE_ROWS | settings.DRAW_UP | settings.ON_BED


def native(s: Settings) -> Plan:
    """All animals of the bed at once, without contrast medium."""
    own = replace(s, ct=False)
    return orders.plain(own, (blocks.scan(own, "ct"),))


def contrast(s: Settings) -> Plan:
    """Contrast medium on the bed, then the scan at once."""
    own = replace(s, ct=False)
    return orders.on_bed(own, (blocks.inject_on_bed(own), blocks.scan(own, "ct")))


TEMPLATES = {
    "ct": Template(native, LOW_DOSE_ROWS, ("ct",), ("ct",)),
    "ct_high_resolution": Template(native, HIGH_RESOLUTION_ROWS, ("ct",), ("ct",)),
    "ct_contrast": Template(contrast, CONTRAST_ROWS, ("ct",), ("ct",), "agent"),
}
