"""What the twin's physics says to published numbers of dose, in SI; a part of `twin.experiments.measures`."""

from __future__ import annotations

from collections.abc import Callable

from twin.physics import animal_dose, beta_skin, shielding
from twin.physics.shielding import Layer
from twin.sources import default_numbers

#: The mouse of Funk 2004 and Stabin 2006 [kg].
MOUSE_KG = 0.030
#: 1 uCi/cm2 [Bq/m2].
CONTAMINATION_BQ_PER_M2 = 3.7e8


def _mouse_s() -> float:
    return animal_dose.s_value(default_numbers(), "F-18", MOUSE_KG)


def _mouse(nuclide: str) -> float:
    """Everything stays in the body [Gy/Bq]."""
    return float(animal_dose.whole_body_dose(default_numbers(), nuclide, 1.0, MOUSE_KG))


def _passes(material: str, thickness_m: float, method: str) -> float:
    return shielding.shield(default_numbers(), "F-18", [Layer(material, thickness_m)], method=method).transmission


def _tenth(material: str) -> float:
    return shielding.thickness_m(default_numbers(), "F-18", material, 0.1, "point_kernel")


def _skin(nuclide: str) -> float:
    return beta_skin.contamination_rate(default_numbers(), nuclide, CONTAMINATION_BQ_PER_M2).total


PHYSICS: dict[str, Callable[[], float]] = {
    "mouse_f18_s": _mouse_s,
    "mouse_f18_voxel": _mouse_s,
    "mouse_fdg": lambda: _mouse("F-18"),
    "mouse_raclopride": lambda: _mouse("C-11"),
    "concrete_20cm": lambda: _passes("concrete", 0.2, "point_kernel"),
    "concrete_20cm_tg108": lambda: _passes("concrete", 0.2, "tg108"),
    "lead_33mm": lambda: _passes("lead", 0.033, "tg108"),
    "lead_tvl_f18": lambda: _tenth("lead"),
    "concrete_tvl_f18": lambda: _tenth("concrete"),
    "skin_tc99m": lambda: _skin("Tc-99m"),
    "skin_in111": lambda: _skin("In-111"),
    "skin_tl201": lambda: _skin("Tl-201"),
}
