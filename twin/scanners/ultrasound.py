"""Ultrasound: a person scans one animal after another by hand."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import ForEachAnimal, Plan
from twin.scanners import blocks, orders, settings
from twin.scanners.settings import Settings, Template

ROWS = settings.ROWS | {
    "position": "fix_on_heated_stage",
    "dock": "ultrasound_gel_and_probe",
    "ultrasound": "ultrasound_session",
}
CONTRAST_ROWS = ROWS | settings.DRAW_UP | settings.ON_BED


def by_hand(s: Settings) -> Plan:
    """A person holds the probe for as long as the scan lasts."""
    own = replace(s, ct=False)
    return orders.plain(own, (_scans(own),))


def contrast(s: Settings) -> Plan:
    """Microbubbles through a line, then the scan."""
    own = replace(s, ct=False)
    return orders.on_bed(own, (blocks.inject_on_bed(own), _scans(own)))


def _scans(s: Settings) -> ForEachAnimal:
    return ForEachAnimal(blocks.scan(s, "ultrasound", people=(("imaging",),)))


TEMPLATES = {
    "ultrasound": Template(by_hand, ROWS, ("ultrasound",), ("ultrasound",)),
    "ultrasound_contrast": Template(contrast, CONTRAST_ROWS, ("ultrasound",), ("ultrasound",), "agent"),
}
