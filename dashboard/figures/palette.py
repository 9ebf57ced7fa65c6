"""Colours and the few kinds of work that a chart tells apart (Okabe and Ito's eight colours, for every kind of eye)."""

from __future__ import annotations

from dataclasses import dataclass

GRID = "rgba(128,128,128,0.25)"
SHADE = "rgba(128,128,128,0.16)"
PAUSE = "rgba(128,128,128,0.35)"
DOWN = "rgba(213,94,0,0.35)"
EDGE = {"width": 0.5, "color": "rgba(255,255,255,0.8)"}
NO_EDGE = {"width": 0}
#: Shares from nothing to all; clear at nothing, so that it suits a light and a dark page.
SHARES = [[0.0, "rgba(0,114,178,0.05)"], [1.0, "rgba(0,114,178,1)"]]
CLEAR = "rgba(0,0,0,0)"


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of work: its label, its colour, the pattern that says the same without colour, and its tasks."""

    label: str
    colour: str
    tasks: tuple[str, ...]
    pattern: str = ""


#: At most nine, so that a legend stays readable and a figure has few traces.
CATEGORIES: tuple[Category, ...] = (
    Category("Preparation", "#56B4E9", ("preparation", "transport")),
    Category("Hot lab, injection", "#E69F00", ("hot_lab", "injected_products", "package_receipt", "blood_sampling")),
    Category("Uptake", "#F0E442", ("uptake",), "."),
    Category("Set-up", "#CC79A7", ("positioning", "acquisition_programming"), "/"),
    Category("Scan", "#0072B2", ("scan",)),
    Category("Recovery", "#009E73", ("anaesthesia_recovery", "post_awakening", "monitoring"), "\\"),
    Category("Quality control, repair", "#D55E00", ("quality_control", "repair"), "x"),
    Category("Attending", "rgba(128,128,128,0.35)", ("attendance",), "|"),
)
OTHER = Category("Cleaning, data, other", "#7F7F7F", ())

#: States of a scanner in the order in which they are stacked: colour, pattern, label.
STATES: dict[str, Category] = {
    "imaging": Category("Imaging", "#0072B2", ()),
    "set_up": Category("Set-up", "#CC79A7", (), "/"),
    "quality_control": Category("Quality control", "#D55E00", (), "x"),
    "waiting_animal": Category("Waiting for animals", "#56B4E9", (), "."),
    "waiting_person": Category("Waiting for a person", "#E69F00", (), "\\"),
    "waiting_tracer": Category("Waiting for tracer", "#F0E442", (), "|"),
    "waiting_place": Category("Waiting for a place", "#009E73", (), "-"),
    "down": Category("Out of order", "#4D4D4D", ()),
    "idle": Category("Idle", "#D0D0D0", ()),
}

_OF_TASK = {task: category for category in CATEGORIES for task in category.tasks}


def category_of(task: str) -> Category:
    """The kind of work of a task."""
    return _OF_TASK.get(task, OTHER)


def pattern(shape: str) -> dict[str, object]:
    """Strokes on the colour, light on a dark one and dark on a light one; on paper they tell two greys apart."""
    return {"shape": shape, "fillmode": "overlay", "fgopacity": 0.5, "size": 8, "solidity": 0.14}
