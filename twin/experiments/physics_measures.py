"""What the twin's physics says to published numbers of dose, in SI; a part of `twin.experiments.measures`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from twin.animals import durations
from twin.experiments.imaging_measures import Bracket
from twin.experiments.playing import played
from twin.physics import animal_dose, beta_skin, decay, exposures, shielding, slab
from twin.physics.materials import material
from twin.physics.shielding import Layer
from twin.scenario.loading import load
from twin.sources import default_numbers

#: The mouse of Funk 2004 and Stabin 2006 [kg].
MOUSE_KG = 0.030
INJECTION, DRAWING = "iv_tail_vein_injection_attempt", "draw_and_assay_one_syringe"
#: Seven people, as in Schildt 2025; what they handled was not seen, so that the baseline's week stands in.
SEVEN = ("staff.technologist.count=7", "policies.rotation=least_dose")
#: 1 uCi/cm2 [Bq/m2].
CONTAMINATION_BQ_PER_M2 = 3.7e8
#: 1 kBq/cm2 [Bq/m2], and the nuclides of the table of skin factors.
KILO_PER_CM2 = 1e7
SKIN_FACTORS = (
    "F-18",
    "Na-22",
    "Co-57",
    "Co-60",
    "Cu-64",
    "Cu-67",
    "Ga-67",
    "Ga-68",
    "Sc-47",
    "Y-90",
    "In-111",
    "Tc-99m",
    "Cr-51",
    "Mn-52",
    "P-32",
)


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


def _skin_factor(nuclide: str) -> float:
    """Of the nuclide alone, without progeny [Sv/s]."""
    return beta_skin.contamination_rate(default_numbers(), nuclide, KILO_PER_CM2, progeny=False).total


#: Thicknesses that let a half, a tenth, a hundredth and a thousandth pass [m], Oumano 2025.
WALLS_M = {"lead": (4.75e-3, 15.4e-3, 30.1e-3, 44.5e-3), "concrete": (78.6e-3, 204e-3, 357e-3, 505e-3)}
LAYERS = ("hvl", "tvl", "cvl", "mvl")
SOURCE_M, ANNIHILATION_KEV = 1.0, 511.0
IN_BEAM = 1 << 15


@cache
def _photons(name: str) -> dict[str, float]:
    """What walls of a material let pass of a point source's photons, followed one by one."""
    found = slab.passing(material(default_numbers(), name), ANNIHILATION_KEV, WALLS_M[name], distance_m=SOURCE_M)
    return dict(zip(LAYERS, found.transmission.tolist(), strict=True))


#: What arXiv 2407.12991 says of its beams: source before 20 cm of concrete and radius of what it shines on [m].
BROAD_M, NARROW_M = (3.0, 0.64), (0.05, 0.0106)
#: Between which distances behind the wall was measured, and about the middle of their logarithms [m].
BEHIND_M, MIDDLE_M = (0.05, 3.0), 0.3


@cache
def _in_beam(beam_m: tuple[float, float]) -> Bracket:
    """What 20 cm of concrete let pass of 18F in a measured beam, over the distances behind the wall."""
    concrete = material(default_numbers(), "concrete")
    found = {
        behind_m: float(
            slab.passing(
                concrete, ANNIHILATION_KEV, [0.2], distance_m=beam_m[0], beam_m=beam_m[1], behind_m=behind_m,
                photons=IN_BEAM,
            ).transmission[0]
        )
        for behind_m in (*BEHIND_M, MIDDLE_M)
    }  # fmt: skip
    return Bracket(min(found.values()), max(found.values()), found[MIDDLE_M])


def _walls(name: str, layer: str) -> float:
    return _photons(name)[layer]


@cache
def _staff() -> dict[str, float]:
    """Seven technologists who take turns by dose: four weeks of the baseline, as a year [Sv]."""
    result = played(load("baseline", SEVEN, days=28))
    people = result.tables["dose_people"]
    mean = people[people["role"] == "technologist"].mean(numeric_only=True)
    per_year = 365.0 / 28.0
    return {name: float(mean[f"{name}_sv"]) * per_year for name in ("hp10_total", "hp007_ring")}


def _fingertip(nuclide: str, word: str, task: str) -> float:
    """Of a task, for each activity in the syringe when it begins [Sv/Bq]."""
    numbers = default_numbers()
    seconds = exposures.seconds(decay.decay_constant_per_s(numbers, nuclide), durations.duration(numbers, task).mean)
    return exposures.factors(numbers, word, nuclide)["syringe"].finger * seconds


def _ring(nuclide: str) -> float:
    """A syringe is drawn and injected, for each activity [Sv/Bq]."""
    numbers = default_numbers()
    constant = decay.decay_constant_per_s(numbers, nuclide)
    tasks = (("vial_and_syringe", DRAWING), ("syringe", INJECTION))
    return sum(
        exposures.factors(numbers, word, nuclide)["syringe"].ring
        * exposures.seconds(constant, durations.duration(numbers, task).mean)
        for word, task in tasks
    )


PHYSICS: dict[str, Callable[[], float | Bracket]] = {
    "mouse_f18_s": _mouse_s,
    "mouse_f18_voxel": _mouse_s,
    "mouse_fdg": lambda: _mouse("F-18"),
    "mouse_raclopride": lambda: _mouse("C-11"),
    "concrete_20cm": lambda: _passes("concrete", 0.2, "point_kernel"),
    "concrete_20cm_tg108": lambda: _passes("concrete", 0.2, "tg108"),
    "concrete_broad_beam": lambda: _in_beam(BROAD_M),
    "concrete_narrow_beam": lambda: _in_beam(NARROW_M),
    "lead_33mm": lambda: _passes("lead", 0.033, "tg108"),
    "lead_tvl_f18": lambda: _tenth("lead"),
    "concrete_tvl_f18": lambda: _tenth("concrete"),
    "skin_tc99m": lambda: _skin("Tc-99m"),
    "skin_in111": lambda: _skin("In-111"),
    "skin_tl201": lambda: _skin("Tl-201"),
    **{f"skin_factor_{name.replace('-', '').lower()}": partial(_skin_factor, name) for name in SKIN_FACTORS},
    "slab_lead_f18": lambda: _passes("lead", 0.0445, "point_kernel"),
    "slab_concrete_f18": lambda: _passes("concrete", 0.505, "point_kernel"),
    **{f"photons_{of}_{layer}": partial(_walls, of, layer) for of in WALLS_M for layer in LAYERS},
    "task_administration_f18": lambda: _fingertip("F-18", "syringe", INJECTION),
    "task_preparation_f18": lambda: _fingertip("F-18", "vial_and_syringe", DRAWING),
    "task_administration_tc99m": lambda: _fingertip("Tc-99m", "syringe", INJECTION),
    "task_preparation_tc99m": lambda: _fingertip("Tc-99m", "vial_and_syringe", DRAWING),
    "ring_ga68": lambda: _ring("Ga-68"),
    "staff_hp10": lambda: _staff()["hp10_total"],
    "staff_ring": lambda: _staff()["hp007_ring"],
}
