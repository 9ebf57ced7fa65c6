"""SPECT and SPECT/CT.

Focusing multi-pinhole collimators look at one animal at a time: for equal counts a bed of N takes N times as long. The
scan step is therefore one for each animal.
"""

from __future__ import annotations

from dataclasses import replace

from twin.plan import ForEachAnimal, Node, Parallel, Plan
from twin.scanners import blocks, orders, settings
from twin.scanners.settings import Settings, Template

COMMON_ROWS = settings.ROWS | {"ct": "ct_scan_low_dose", "reconstruct": "reconstruct_spect"}
STATIC_ROWS = COMMON_ROWS | settings.DRAW | settings.BEFORE | {"spect": "spect_static"}
DYNAMIC_ROWS = COMMON_ROWS | settings.DRAW | settings.ON_BED | {"spect": "spect_dynamic_lu"}
LATE_ROWS = COMMON_ROWS | {"spect": "spect_static"}


def static(s: Settings) -> Plan:
    """Inject outside, wait for the uptake, then scan one animal after another."""
    return orders.before(s, (in_turn(s),), "spect")


def dynamic(s: Settings) -> Plan:
    """The injection is on the bed, at the start of the scan; all places are looked at in turn, again and again."""
    return orders.on_bed(s, (Parallel((blocks.scan(s, "spect"), blocks.inject_on_bed(s))),))


def late(s: Settings) -> Plan:
    """Scan animals that were injected at an earlier visit, one after another."""
    labelled = replace(s, labelled=True)
    return orders.plain(labelled, (in_turn(labelled),))


def in_turn(s: Settings) -> Node:
    """The pinholes are focused on one animal after another."""
    return ForEachAnimal(blocks.scan(s, "spect"))


TEMPLATES = {
    "spect_static": Template(static, STATIC_ROWS, ("spect",), ("spect",), "tracer"),
    "spect_dynamic": Template(dynamic, DYNAMIC_ROWS, ("spect",), ("spect",), "tracer"),
    "spect_late": Template(late, LATE_ROWS, ("spect",), ("spect",)),
    "spect_ct": Template(static, STATIC_ROWS, ("spect", "ct"), ("spect",), "tracer"),
}
