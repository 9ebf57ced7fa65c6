"""Radiography in a cabinet: all animals of the tray in one picture."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import Plan
from twin.scanners import blocks, orders, settings
from twin.scanners.settings import Settings, Template

ROWS = settings.ROWS | {
    "position": "position_on_tray",
    "dock": "radiograph_settings",
    "radiograph": "radiograph_exposure",
}


def picture(s: Settings) -> Plan:
    """One exposure of all animals of the tray."""
    own = replace(s, ct=False)
    return orders.plain(own, (blocks.scan(own, "radiograph"),), box=True)


TEMPLATES = {"radiography": Template(picture, ROWS, ("radiography",), ("radiograph",))}
