"""Photoacoustic imaging: one animal after another in the water bath, with or without a dye."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import ForEachAnimal, Plan
from twin.scanners import blocks, orders, settings
from twin.scanners.settings import Settings, Template

ROWS = (
    settings.ROWS
    | settings.DRAW_UP
    | settings.BEFORE
    | {"position": "wrap_for_water_bath", "dock": "photoacoustic_settings", "photoacoustic": "photoacoustic_session"}
)


def scan(s: Settings) -> Plan:
    """The machine scans by itself; with a dye, so long after it as the protocol says."""
    own = replace(s, ct=False)
    scans = (ForEachAnimal(blocks.scan(own, "photoacoustic")),)
    return orders.plain(own, scans) if own.agent is None else orders.before(own, scans, "photoacoustic")


TEMPLATES = {"photoacoustic": Template(scan, ROWS, ("photoacoustic",), ("photoacoustic",), "maybe_agent")}
