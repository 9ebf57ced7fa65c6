"""Photoacoustic imaging: one animal after another in the water bath, with or without a dye."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import ForEachAnimal, Plan
from twin.scanners import blocks
from twin.scanners.blocks import Settings, Template

ROWS = (
    blocks.ROWS
    | blocks.DRAW_UP
    | blocks.BEFORE
    | {"position": "wrap_for_water_bath", "dock": "photoacoustic_settings", "photoacoustic": "photoacoustic_session"}
)


def scan(s: Settings) -> Plan:
    """The machine scans by itself; with a dye, so long after it as the protocol says."""
    own = replace(s, ct=False)
    scans = (ForEachAnimal(blocks.scan(own, "photoacoustic")),)
    return blocks.plain(own, scans) if own.agent is None else blocks.before(own, scans, "photoacoustic")


TEMPLATES = {"photoacoustic": Template(scan, ROWS, ("photoacoustic",), ("photoacoustic",), "maybe_agent")}
