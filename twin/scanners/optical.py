"""Bioluminescence and fluorescence: several animals in one dark box, one view or two."""

from __future__ import annotations

from dataclasses import replace

from twin.plan import Node, Plan, Step
from twin.scanners import blocks, orders, settings
from twin.scanners.settings import Settings, Template

COMMON_ROWS = (
    settings.ROWS
    | settings.DRAW_UP
    | settings.BEFORE
    | {
        "position": "position_in_optical_box",
        "dock": "optical_focus_and_settings",
        "turn": "turn_animals_in_optical_box",
    }
)
BIOLUMINESCENCE_ROWS = COMMON_ROWS | {"image": "bli_acquisition_per_side", "other_side": "bli_acquisition_per_side"}
FLUORESCENCE_ROWS = COMMON_ROWS | {"image": "fluorescence_2d_per_side", "other_side": "fluorescence_2d_per_side"}
TOMOGRAPHY_ROWS = COMMON_ROWS | {"image": "fmt_acquisition", "other_side": "fmt_acquisition"}


def injected(s: Settings) -> Plan:
    """Substrate or dye, a wait, then the image; the other side after the animals are turned."""
    own = replace(s, ct=False)
    return orders.before(own, _views(own), "image", box=True)


def maybe_injected(s: Settings) -> Plan:
    """The same with a dye, or of animals that shine by themselves or were injected at an earlier visit."""
    own = replace(s, ct=False)
    return orders.plain(own, _views(own), box=True) if own.agent is None else injected(own)


def _views(s: Settings) -> tuple[Node, ...]:
    if s.sides == 1:
        return (blocks.scan(s, "image"),)
    turn = Step("turn", "positioning", s.durations["turn"], people=(("imaging",),), scanner=s.scanners)
    return (blocks.scan(s, "image", last=False), turn, blocks.scan(s, "other_side"))


_SCANS = ("image", "other_side")
TEMPLATES = {
    "bioluminescence": Template(injected, BIOLUMINESCENCE_ROWS, ("optical",), _SCANS, "agent"),
    "fluorescence": Template(maybe_injected, FLUORESCENCE_ROWS, ("optical",), _SCANS, "maybe_agent"),
    "fluorescence_tomography": Template(maybe_injected, TOMOGRAPHY_ROWS, ("optical",), _SCANS, "maybe_agent"),
}
